"""The tagger in torch: the encoder with a linear layer that scores BIO tags for every piece.

BERT with post-layer-norm, as multilingual-e5-small is; weights come from `pretrained`.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from pretrained import Bytes, Floats, Sizes, unpack

#: As pipeline.recognition.listed has them; repeated so that training needs nothing but torch and numpy.
N_FEATURES = 17


class Dropout(nn.Module):
    """Dropout out of a pool of random bits, read from a new place each time.

    Drawing a bit for each value anew takes half the time of a training step on a CPU.
    """

    _POOL = 1 << 25

    def __init__(self, rate: float) -> None:
        super().__init__()
        self.rate = rate
        self._pools: dict[torch.dtype, Tensor] = {}

    def forward(self, x: Tensor) -> Tensor:
        """The same shape, with a share `rate` of the values at nothing, while training."""
        if not self.training or self.rate == 0.0:
            return x
        if x.dtype not in self._pools:
            kept = torch.rand(self._POOL, device=x.device) >= self.rate
            self._pools[x.dtype] = kept.to(x.dtype) / (1 - self.rate)
        start = int(torch.randint(self._POOL - x.numel(), (1,)))
        return x * self._pools[x.dtype][start : start + x.numel()].view(x.shape)


class Layer(nn.Module):
    """One block of the encoder."""

    def __init__(self, sizes: Sizes, dropout: Dropout) -> None:
        super().__init__()
        hidden, ff = sizes.hidden, sizes.feed_forward
        self.heads = sizes.heads
        self.q, self.k, self.v, self.ao = (nn.Linear(hidden, hidden) for _ in range(4))
        self.fi, self.fo = nn.Linear(hidden, ff), nn.Linear(ff, hidden)
        self.aln = nn.LayerNorm(hidden, sizes.epsilon)
        self.oln = nn.LayerNorm(hidden, sizes.epsilon)
        self.dropout = dropout

    def forward(self, x: Tensor, bias: Tensor) -> Tensor:
        """(batch, pieces, hidden) → the same."""
        n, length, hidden = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(n, length, self.heads, hidden // self.heads).transpose(1, 2)

        q, k, v = split(self.q(x)), split(self.k(x)), split(self.v(x))
        scores = q @ k.transpose(-1, -2) / (hidden // self.heads) ** 0.5 + bias
        context = (self.dropout(scores.softmax(-1)) @ v).transpose(1, 2).reshape(n, length, hidden)
        x = self.aln(x + self.dropout(self.ao(context)))
        return self.oln(x + self.dropout(self.fo(functional.gelu(self.fi(x)))))


class Tagger(nn.Module):
    """Piece ids and mask to tag scores."""

    def __init__(self, sizes: Sizes, n_tags: int, *, layers: int, dropout: float = 0.1) -> None:
        super().__init__()
        self.word = nn.Embedding(sizes.vocabulary, sizes.hidden)
        self.position = nn.Embedding(sizes.positions, sizes.hidden)
        self.feature = nn.Embedding(N_FEATURES, sizes.hidden)
        nn.init.normal_(self.feature.weight, std=0.01)
        self.segment = nn.Parameter(torch.zeros(sizes.hidden))
        self.ln = nn.LayerNorm(sizes.hidden, sizes.epsilon)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(sizes, self.dropout) for _ in range(layers))
        self.head = nn.Linear(sizes.hidden, n_tags)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, features: Tensor) -> Tensor:
        """(batch, pieces) three times → (batch, pieces, tags)."""
        positions = torch.arange(input_ids.shape[1], device=input_ids.device)
        x = self.word(input_ids) + self.position(positions) + self.segment + self.feature(features)
        x = self.dropout(self.ln(x))
        bias = (1.0 - attention_mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return self.head(self.dropout(x))


def load_pretrained(tagger: Tagger, tensors: dict[str, Bytes | Floats], which: list[int]) -> None:
    """Fill a tagger with the pretrained weights; its layers with those numbered `which`."""
    state: dict[str, Tensor] = {}

    def put(ours: str, theirs: str) -> None:
        value = tensors[theirs]
        array = unpack(value) if value.dtype.name == "uint8" else value
        state[ours] = torch.from_numpy(array.copy())

    put("word.weight", "emb.word")
    put("segment", "emb.type")
    put("ln.weight", "emb.ln.w")
    put("ln.bias", "emb.ln.b")
    state["segment"] = state["segment"][: tagger.segment.shape[0]]
    positions = torch.from_numpy(tensors["emb.pos"].copy())
    state["position.weight"] = positions.view(-1, tagger.segment.shape[0])
    for ours, theirs in enumerate(which):
        for part in ("q", "k", "v", "ao", "fi", "fo", "aln", "oln"):
            put(f"layers.{ours}.{part}.weight", f"l{theirs}.{part}.w")
            put(f"layers.{ours}.{part}.bias", f"l{theirs}.{part}.b")
    missing, unexpected = tagger.load_state_dict(state, strict=False)
    if unexpected or {name.split(".")[0] for name in missing} - {"head", "feature"}:
        raise ValueError(f"weights do not fit: {missing} {unexpected}")
