"""The tagger as an ONNX graph of few, fused operators, with 8-bit weights.

Weights are quantised in blocks with a scale each (MatMulNBits), and activations by row and block at
run time, so that a sentence's scores do not depend on what else is in its batch: runs of any batching or
number of workers agree to the last bit, which one scale a batch (DynamicQuantizeLinear) would not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from onnx import ModelProto, NodeProto, TensorProto, checker, helper, numpy_helper

Array = npt.NDArray[np.generic]
INPUTS = ("input_ids", "attention_mask", "features")
_CONTRIB = "com.microsoft"


@dataclass
class Graph:
    """Nodes and constants under construction."""

    bits: int
    block: int
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)
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

    def linear(self, x: str, weight: Array, bias: Array | None) -> str:
        """X @ weight.T + bias; weight is (out, in)."""
        n, k = weight.shape
        if self.bits == 32:
            y = self.op("MatMul", x, self.constant(weight.T.astype(np.float32)))
        else:
            packed, scales = quantised(weight.astype(np.float32), self.bits, self.block)
            y = self.op(
                "MatMulNBits", x, self.constant(packed), self.constant(scales), domain=_CONTRIB,
                K=k, N=n, bits=self.bits, block_size=self.block, accuracy_level=4,
            )  # fmt: skip
        return y if bias is None else self.op("Add", y, self.constant(bias.astype(np.float32)))


def quantised(weight: Array, bits: int, block: int) -> tuple[Array, Array]:
    """Symmetric blocks along the inputs: (out, blocks, bytes) of uint8 and (out * blocks) scales."""
    n, k = weight.shape
    half = 1 << (bits - 1)
    blocks = weight.reshape(n, k // block, block)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)
    scales = np.where(extreme == 0, 1, extreme / -half).astype(np.float32)
    values = np.clip(np.round(blocks / scales) + half, 0, 2 * half - 1).astype(np.uint8)
    if bits == 4:
        values = values[..., 0::2] | (values[..., 1::2] << 4)
    return values, scales.reshape(-1)


def build(
    weights: Mapping[str, Array], *, layers: int, heads: int, epsilon: float, bits: int = 8, block: int = 32
) -> ModelProto:
    """The graph: ids, mask and features (batch, pieces) → scores (batch, pieces, tags)."""
    g = Graph(bits, block)
    x = _embeddings(g, weights, epsilon)
    mask = g.op("Cast", "attention_mask", to=TensorProto.INT32)
    for i in range(layers):
        x = _layer(
            g, x, mask, {k.removeprefix(f"layers.{i}."): v for k, v in weights.items()}, heads, epsilon
        )
    head = Graph(32, block, g.nodes, g.constants, g.count)
    scores = head.linear(x, weights["head.weight"], weights["head.bias"])
    g.nodes.append(helper.make_node("Identity", [scores], ["scores"]))
    batch = ["batch", "pieces"]
    graph = helper.make_graph(
        g.nodes,
        "tagger",
        [helper.make_tensor_value_info(n, TensorProto.INT64, batch) for n in INPUTS],
        [helper.make_tensor_value_info("scores", TensorProto.FLOAT, [*batch, len(weights["head.bias"])])],
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
    qkv = g.linear(x, qkv_weight, None)
    sizes = g.constant(np.array([hidden] * 3))
    q = g.op("Split", qkv, sizes, outputs=3, axis=-1)
    bias = g.constant(qkv_bias.astype(np.float32))
    context = g.op(
        "MultiHeadAttention", q, f"{q}_1", f"{q}_2", bias, mask, domain=_CONTRIB, num_heads=heads
    )  # fmt: skip
    x = _norm(g, x, g.linear(context, w["ao.weight"], None), w, "ao", "aln", epsilon)
    inner = g.op(
        "BiasGelu",
        g.linear(x, w["fi.weight"], None),
        g.constant(w["fi.bias"].astype(np.float32)),
        domain=_CONTRIB,
    )
    return _norm(g, x, g.linear(inner, w["fo.weight"], None), w, "fo", "oln", epsilon)


def _norm(g: Graph, x: str, y: str, w: Mapping[str, Array], part: str, norm: str, epsilon: float) -> str:
    """Norm of x + y + bias, in one operator."""
    constants = (w[f"{norm}.weight"], w[f"{norm}.bias"], w[f"{part}.bias"])
    names = [g.constant(c.astype(np.float32)) for c in constants]
    return g.op("SkipLayerNormalization", x, y, *names, domain=_CONTRIB, epsilon=epsilon)
