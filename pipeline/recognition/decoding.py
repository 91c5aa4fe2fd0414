"""Probabilities of tags to names: the best valid sequence of BIO tags, with a calibrated score a name.

In: for a sentence the probability of every tag for every word, (words, tags). Out: its names.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_IMPOSSIBLE = -1e4
#: Keeps the logarithm of a probability of nothing finite.
_LEAST = np.float32(1e-12)


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Words start:end of a sentence name something; `score` is a calibrated probability."""

    start: int
    end: int
    label: str
    score: float


class Decoder:
    """Reads names off probabilities."""

    def __init__(self, tags: Sequence[str], *, scale: float, shift: float) -> None:
        """Make a decoder.

        Args:
            tags: "O", "B-PERSON", "I-PERSON", … in the order of the probabilities.
            scale: of the logit of a name's raw probability, fitted on dev.
            shift: likewise.
        """
        self._tags = tuple(tags)
        #: For each tag, whether it goes on with a name.
        self.inside = tuple(tag.startswith("I-") for tag in self._tags)
        self._scale, self._shift = scale, shift
        self._allowed = _allowed_steps(self._tags)

    def names(self, probabilities: Floats) -> list[NameSpan]:
        """The spans of the best valid tag sequence, each with the probability that it is right."""
        path = probabilities.argmax(axis=1)
        if not path.any():
            return []
        logs = np.log(probabilities + _LEAST)
        if not self._is_valid(path):
            path = _viterbi(logs, self._allowed)
        spans: list[NameSpan] = []
        start = 0
        while start < len(path):
            tag = self._tags[path[start]]
            end = start + 1
            if tag != "O":
                while end < len(path) and self._tags[path[end]] == "I-" + tag[2:]:
                    end += 1
                weakest = float(logs[np.arange(start, end), path[start:end]].min())
                spans.append(NameSpan(start, end, tag[2:], self._calibrated(weakest)))
            start = end
        return spans

    def _is_valid(self, path: npt.NDArray[np.int64]) -> bool:
        """Whether the best tag of every word may follow that of the word before: most often so."""
        steps = self._allowed
        return steps[-1, path[0]] == 0 and not steps[path[:-1], path[1:]].any()

    def _calibrated(self, log_probability: float) -> float:
        """The probability that a name is right, from that of its least sure word."""
        log_probability = min(log_probability, 0.0)
        odds = log_probability - math.log(max(-math.expm1(log_probability), 1e-7))
        return 1 / (1 + math.exp(-(self._scale * odds + self._shift)))


def _allowed_steps(tags: Sequence[str]) -> Floats:
    """(from, to) → 0 or, for I-X not after B-X or I-X, a large negative number; the last row is the start."""
    steps = np.zeros((len(tags) + 1, len(tags)), dtype=np.float32)
    for column, tag in enumerate(tags):
        if tag.startswith("I-"):
            before = [i for i, t in enumerate(tags) if t[1:] == tag[1:] and t != "O"]
            steps[:, column] = _IMPOSSIBLE
            steps[before, column] = 0.0
    return steps


def _viterbi(logs: Floats, steps: Floats) -> npt.NDArray[np.int64]:
    """The tag sequence of the highest sum of log probabilities that takes only allowed steps."""
    n_words, n_tags = logs.shape
    best = logs[0] + steps[-1]
    back = np.zeros((n_words, n_tags), dtype=np.int64)
    for i in range(1, n_words):
        ways = best[:, None] + steps[:-1]
        back[i] = ways.argmax(axis=0)
        best = ways.max(axis=0) + logs[i]
    path = np.zeros(n_words, dtype=np.int64)
    path[-1] = int(best.argmax())
    for i in range(n_words - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path
