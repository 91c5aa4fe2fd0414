"""The tagger as an ONNX graph of few, fused operators, with 8-bit products.

The input of each linear layer is quantised with one scale that calibration has fixed, so that a sentence's
scores do not depend on what else is in its batch: runs of any batching or number of workers agree to the last
bit, which a scale by batch (DynamicQuantizeLinear) would not give. Products of whole numbers are exact on
every processor. Before the feed-forward layers, whose inputs have a few channels ten times the rest, each
channel has a factor that moves the spread into the weights (Xiao et al. 2023, "SmoothQuant").
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

Array = npt.NDArray[np.generic]
Floats = npt.NDArray[np.float32]
INPUTS = ("input_ids", "attention_mask", "features")
_CONTRIB = "com.microsoft"
#: Largest weight: processors without VNNI add two products in 16 bits, 2 * 255 * 63 and no more.
_LARGEST = 63
#: Share of a channel's spread that goes into the weights.
_SMOOTHING = 0.8


@dataclass(frozen=True)
class Range:
    """Least and greatest value of each channel of a linear layer's input, as calibration saw them."""

    low: Floats
    high: Floats

    def __or__(self, other: Range) -> Range:
        return Range(np.minimum(self.low, other.low), np.maximum(self.high, other.high))


@dataclass
class Graph:
    """Nodes and constants under construction."""

    #: For each linear layer of the encoder in order, the range of its input; None leaves floats.
    ranges: Sequence[Range] | None
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
    #: The inputs of the linear layers so far.
    inputs: list[str] = field(default_factory=list)
    count: int = 0

    def constant(self, array: Array) -> str:
        """The name of a new constant."""
        self.count += 1
        name = f"c{self.count}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def op(self, kind: str, *inputs: str, domain: str = "", outputs: int = 1, **attributes: object) -> str:
        """Add a node; the name of its (first) output."""
        self.count += 1
        names = [f"t{self.count}"] + [f"t{self.count}_{i}" for i in range(1, outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **attributes))
        return names[0]

    def linear(self, x: str, weight: Array, *, smooth: bool = False) -> str:
        """X @ weight.T in 8 bits, or in floats without ranges; weight is (out, in)."""
        self.inputs.append(x)
        if self.ranges is None:
            return self.matmul(x, weight)
        seen = self.ranges[len(self.inputs) - 1]
        weight = weight.astype(np.float32)
        if smooth:
            factors = _smoothing(seen, weight)
            x = self.op("Mul", x, self.constant(1 / factors))
            seen, weight = Range(seen.low / factors, seen.high / factors), weight * factors
        low, high = min(float(seen.low.min()), 0.0), max(float(seen.high.max()), 0.0)
        scale, zero = np.float32((high - low) / 255), np.uint8(round(-low / (high - low) * 255))
        scales = np.maximum(np.abs(weight).max(1) / _LARGEST, 1e-8).astype(np.float32)
        rows = np.round(weight / scales[:, None]).astype(np.int8)
        of_x = self.constant(scale), self.constant(zero)
        return self.op(
            "MatMulIntegerToFloat", self.op("QuantizeLinear", x, *of_x), self.constant(rows.T),
            of_x[0], self.constant(scales), of_x[1], domain=_CONTRIB,
        )  # fmt: skip

    def matmul(self, x: str, weight: Array) -> str:
        """X @ weight.T in floats; weight is (out, in)."""
        return self.op("MatMul", x, self.constant(weight.T.astype(np.float32)))


def _smoothing(seen: Range, weight: Floats) -> Floats:
    """A factor for each channel of the input, one on average."""
    of_x = np.maximum(np.maximum(seen.high, -seen.low), 1e-4)
    of_weight = np.maximum(np.abs(weight).max(0), 1e-6)
    logs = _SMOOTHING * np.log(of_x) - (1 - _SMOOTHING) * np.log(of_weight)
    factors: Floats = np.exp(logs - logs.mean()).astype(np.float32)
    return factors


def build(
    weights: Mapping[str, Array],
    *,
    layers: int,
    heads: int,
    epsilon: float,
    ranges: Sequence[Range] | None = None,
) -> ModelProto:
    """The graph: ids, mask and features (batch, pieces) → scores (batch, pieces, tags).

    Without `ranges` all is in floats, and the inputs of the linear layers are outputs too, after the scores,
    for calibration.
    """
    g = Graph(ranges)
    x = _embeddings(g, weights, epsilon)
    mask = g.op("Cast", "attention_mask", to=TensorProto.INT32)
    for i in range(layers):
        x = _layer(
            g, x, mask, {k.removeprefix(f"layers.{i}."): v for k, v in weights.items()}, heads, epsilon
        )
    head = g.matmul(x, weights["head.weight"])
    scores = g.op("Add", head, g.constant(weights["head.bias"].astype(np.float32)))
    g.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    batch = ["batch", "pieces"]
    outputs = [
        helper.make_tensor_value_info("scores", TensorProto.FLOAT, [*batch, len(weights["head.bias"])])
    ]
    if ranges is None:
        width = [*batch, None]
        outputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, width) for name in g.inputs]
    graph = helper.make_graph(
        g.nodes,
        "tagger",
        [helper.make_tensor_value_info(n, TensorProto.INT64, batch) for n in INPUTS],
        outputs,
        g.constants,
    )
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
    model = helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="vermeld")
    checker.check_model(model)
    return model


def _embeddings(g: Graph, weights: Mapping[str, Array], epsilon: float) -> str:
    """Word embeddings in 8 bits with a scale a row, plus positions, normalised."""
    table = weights["word.weight"].astype(np.float32)
    scales = np.maximum(np.abs(table).max(1, keepdims=True) / 127, 1e-8).astype(np.float32)
    rows = g.op("Gather", g.constant(np.round(table / scales).astype(np.int8)), "input_ids")
    words = g.op(
        "Mul",
        g.op("Cast", rows, to=TensorProto.FLOAT),
        g.op("Gather", g.constant(scales), "input_ids"),
    )
    positions = (weights["position.weight"] + weights["segment"]).astype(np.float32)[:256]
    length = g.op("Gather", g.op("Shape", "input_ids"), g.constant(np.array([1])))
    known = g.op("Gather", g.constant(weights["feature.weight"].astype(np.float32)), "features")
    words = g.op("Add", words, known)
    here = g.op("Slice", g.constant(positions), g.constant(np.array([0])), length, g.constant(np.array([0])))
    gamma, beta = (g.constant(weights[f"ln.{n}"].astype(np.float32)) for n in ("weight", "bias"))
    return g.op("LayerNormalization", g.op("Add", words, here), gamma, beta, axis=-1, epsilon=epsilon)


def _layer(g: Graph, x: str, mask: str, w: Mapping[str, Array], heads: int, epsilon: float) -> str:
    """One block: attention, then feed-forward, each with its residual and norm."""
    qkv_weight = np.concatenate([w[f"{p}.weight"] for p in "qkv"])
    qkv_bias = np.concatenate([w[f"{p}.bias"] for p in "qkv"])
    hidden = len(qkv_bias) // 3
    qkv = g.linear(x, qkv_weight)
    sizes = g.constant(np.array([hidden] * 3))
    q = g.op("Split", qkv, sizes, outputs=3, axis=-1)
    bias = g.constant(qkv_bias.astype(np.float32))
    context = g.op(
        "MultiHeadAttention", q, f"{q}_1", f"{q}_2", bias, mask, domain=_CONTRIB, num_heads=heads
    )  # fmt: skip
    x = _norm(g, x, g.linear(context, w["ao.weight"]), w, "ao", "aln", epsilon)
    inner = g.op(
        "BiasGelu",
        g.linear(x, w["fi.weight"], smooth=True),
        g.constant(w["fi.bias"].astype(np.float32)),
        domain=_CONTRIB,
    )
    return _norm(g, x, g.linear(inner, w["fo.weight"], smooth=True), w, "fo", "oln", epsilon)


def _norm(g: Graph, x: str, y: str, w: Mapping[str, Array], part: str, norm: str, epsilon: float) -> str:
    """Norm of x + y + bias, in one operator."""
    constants = (w[f"{norm}.weight"], w[f"{norm}.bias"], w[f"{part}.bias"])
    names = [g.constant(c.astype(np.float32)) for c in constants]
    return g.op("SkipLayerNormalization", x, y, *names, domain=_CONTRIB, epsilon=epsilon)
