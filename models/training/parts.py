"""The arrays that dataset.py writes, and windows of consecutive sentences made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

#: Longest window in pieces (export.py puts it into settings.json), and the shortest that training cuts to.
MAX_PIECES, FEW_PIECES = 160, 24


@dataclass
class Part:
    """Sentences or windows as arrays; `scores` are a teacher's log probabilities, or None for gold."""

    #: The number of each one's document; those of one document follow one another.
    documents: list[int]
    ids: list[np.ndarray]
    tags: list[np.ndarray]
    features: list[np.ndarray]
    #: How often a sentence is shown without its features.
    forget: list[float]
    scores: list[np.ndarray | None]

    def __add__(self, other: Part) -> Part:
        after = max(self.documents, default=0) + 1
        return Part(
            self.documents + [document + after for document in other.documents],
            self.ids + other.ids,
            self.tags + other.tags,
            self.features + other.features,
            self.forget + other.forget,
            self.scores + other.scores,
        )


def load(path: Path, *, forget: float = 0.0) -> Part:
    """A part written by dataset.py."""
    raw = np.load(path)
    ends = np.cumsum(raw["lengths"])[:-1]
    n = len(raw["lengths"])
    ids, tags, features = (np.split(raw[k].astype(np.int64), ends) for k in ("ids", "tags", "features"))
    return Part(raw["documents"].tolist(), ids, tags, features, [forget] * n, [None] * n)


def windows(part: Part, rng: np.random.Generator | None = None) -> Part:
    """Consecutive sentences of a document joined, up to `MAX_PIECES`.

    With a generator half of the documents get shorter windows, of a length drawn for each: the model
    must read headlines by themselves too.
    """
    groups: list[list[int]] = []
    document, limit, length = -1, 0, 0
    for i, ids in enumerate(part.ids):
        if part.documents[i] != document:
            document, length = part.documents[i], 0
            full = rng is None or rng.random() < 0.5
            limit = MAX_PIECES if full else int(rng.integers(FEW_PIECES, MAX_PIECES))
        if length and length + len(ids) - 1 <= limit:
            groups[-1].append(i)
            length += len(ids) - 1
        else:
            groups.append([i])
            length = len(ids)

    def joined(rows: Sequence[np.ndarray], group: Sequence[int]) -> np.ndarray:
        # <s> a </s> b </s>: the mark that begins a sentence stands only at the head of the window.
        return np.concatenate([rows[i] if n == 0 else rows[i][1:] for n, i in enumerate(group)])

    scores = [None if part.scores[g[0]] is None else joined(part.scores, g) for g in groups]
    return Part(
        [part.documents[g[0]] for g in groups],
        [joined(part.ids, g) for g in groups],
        [joined(part.tags, g) for g in groups],
        [joined(part.features, g) for g in groups],
        [part.forget[g[0]] for g in groups],
        scores,
    )


def batches(part: Part, pieces: int, rng: np.random.Generator | None) -> Iterator[np.ndarray]:
    """Indices of sentences of like length, about `pieces` a batch; shuffled if there is a generator."""
    lengths = np.array([len(ids) for ids in part.ids])
    noise = rng.random(len(lengths)) * 6 if rng else 0
    order = np.argsort(lengths + noise, kind="stable")
    groups, start = [], 0
    while start < len(order):
        end = start + 1
        while end < len(order) and lengths[order[start : end + 1]].max() * (end + 1 - start) <= pieces:
            end += 1
        groups.append(order[start:end])
        start = end
    if rng:
        rng.shuffle(groups)
    yield from groups
