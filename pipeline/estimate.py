"""How many mentions there truly are of an entity, with a 95 % interval, from how many were found.

In: for each row of `counts`, the labels, kinds and scores of its mentions; and `Rate`s measured on frozen
gold sentences (models/rates.tsv). Out: an estimate with its bounds. Caveat: the gold is Wikipedia and
newspaper text, and the linker's own errors are not in the rates; docs/counts-with-intervals.md states what is
assumed.

Of n mentions found, F are wrong: the sum of their doubts (1 - score), scaled by what doubts of that label
were worth on gold. Of the true ones a share r (recall) was found, so that N = (n - F) / r. The variance of N
adds up: which mentions are wrong, which were missed, and that both rates come from a sample.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.gating.tsv import read_rows, write_rows
from pipeline.settings import resources

#: Label and kind of a mention.
Cell = tuple[str, str]
Floats = npt.NDArray[np.float64]

#: Where the measured rates lie; models/training/rates.py writes them.
RATES = resources() / "rates.tsv"
#: A cell with fewer gold mentions than this borrows the figures of its label.
_ENOUGH = 30
#: Half an observation: the prior of Jeffreys, and what keeps a rate of a perfect sample below certainty.
_HALF = 0.5
_Z = 1.959964
#: Variance of what is lost by rounding: a number of mentions is whole, the normal distribution is not.
_ROUNDING = 1 / 12


@dataclass(frozen=True, slots=True)
class Rate:
    """What gold says of the linked mentions of a label and kind.

    Attributes:
        model: as in `mentions.model`.
        model_sha256: the first digits of the fingerprint of the model that was measured.
        found, right: linked mentions found, and those of them that are right.
        true, recalled: linked mentions there are, and those of them that were found.
        doubt, doubt_squares: the sums of 1 - score, and of its square, over what was found.
    """

    model: str
    model_sha256: str
    label: str
    kind: str
    found: int
    right: int
    true: int
    recalled: int
    doubt: float
    doubt_squares: float

    def __add__(self, other: Rate) -> Rate:
        sums = (getattr(self, name) + getattr(other, name) for name in _SUMS)
        return Rate(self.model, self.model_sha256, self.label, "", *sums)


@dataclass(frozen=True, slots=True)
class Sums:
    """Mentions of one cell in one row: their number, their doubts (1 - score), and the squares of these."""

    row: int
    cell: Cell
    n: int
    doubt: float
    doubt_squares: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """The likely number of true mentions, and the bounds of its 95 % interval."""

    n: float
    low: float
    high: float


_SUMS = ("found", "right", "true", "recalled", "doubt", "doubt_squares")
_COLUMNS = {field.name: {"int": int, "float": float}.get(str(field.type), str) for field in fields(Rate)}


@functools.cache
def load_rates(path: Path = RATES) -> tuple[Rate, ...]:
    """The measured rates of all models.

    Raises:
        FileNotFoundError: they are not there.
    """
    return tuple(Rate(**row) for row in read_rows(path, _COLUMNS))


def save_rates(rates: Iterable[Rate], path: Path = RATES) -> None:
    """Write the rates."""
    write_rows(path, map(asdict, rates), _COLUMNS)


class Estimator:
    """Estimates with the rates of one model."""

    def __init__(self, rates: Iterable[Rate]) -> None:
        rates = list(rates)
        by_label: defaultdict[str, list[Rate]] = defaultdict(list)
        for rate in rates:
            by_label[rate.label].append(rate)
        self._all = _sum(rates)
        self._labels = {label: _sum(of) for label, of in by_label.items()}
        self._cells = {(rate.label, rate.kind): rate for rate in rates if _is_enough(rate)}

    def rate(self, cell: Cell) -> Rate:
        """The rate of a cell; of its label, or of all, where there is too little gold for it."""
        label = self._labels.get(cell[0])
        return self._cells.get(cell) or (label if label and _is_enough(label) else self._all)

    def estimate(self, sums: Sequence[Sums], n_rows: int) -> list[Estimate]:
        """An estimate for each of the rows 0 to `n_rows`."""
        mean, variance = np.zeros(n_rows), np.zeros(n_rows)
        if sums:
            found = np.array([(s.n, s.doubt, s.doubt_squares) for s in sums])
            means, variances = moments(found.T, _gold([self.rate(s.cell) for s in sums]))
            rows = np.array([s.row for s in sums])
            np.add.at(mean, rows, means)
            np.add.at(variance, rows, variances)
        low, high = interval(mean, variance)
        return [Estimate(*map(float, row)) for row in zip(mean, low, high, strict=True)]


def _is_enough(rate: Rate) -> bool:
    return min(rate.found, rate.true) >= _ENOUGH


def _sum(rates: Sequence[Rate]) -> Rate:
    return functools.reduce(Rate.__add__, rates)


def _gold(rates: Sequence[Rate]) -> Floats:
    """Wrong, doubt, squares of doubt, true and recalled: a row each."""
    facts = [(r.found - r.right, r.doubt, r.doubt_squares, r.true, r.recalled) for r in rates]
    return np.array(facts, dtype=np.float64).T


def moments(found: Floats, gold: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the number of true mentions, column by column.

    Args:
        found: rows: mentions found, and the sums of 1 - score and of its square over them.
        gold: rows: found there and wrong, the two sums over all found there, true, and recalled of those.
    """
    n, doubt, squares = found
    wrong, gold_doubt, gold_squares, true, recalled = gold
    # A mention is wrong with probability scale * doubt, so that sums of q(1 - q) are what varies by chance.
    scale = (wrong + _HALF) / np.maximum(gold_doubt, _HALF)
    false = np.minimum(doubt * scale, n)
    by_chance = np.maximum(false - scale**2 * squares, 0)
    on_gold = np.maximum(wrong + _HALF - scale**2 * gold_squares, 0) / (wrong + _HALF) ** 2
    false_variance = by_chance + false**2 * on_gold
    # Moments of 1/r for r ~ Beta(a, b).
    a, b = recalled + _HALF, true - recalled + _HALF
    inverse = (a + b - 1) / (a - 1)
    square = inverse * (a + b - 2) / (a - 2)
    kept = n - false
    variance = kept * (square - inverse) + kept**2 * (square - inverse**2) + false_variance * square
    return kept * inverse, variance


def interval(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """The bounds of the 95 % interval; none is negative."""
    half = _Z * np.sqrt(variance + _ROUNDING)
    return np.maximum(mean - half, 0.0), mean + half


def estimator_of(model: str, rates: Iterable[Rate] | None = None) -> Estimator | None:
    """The estimator of a model; None if it was not measured."""
    of_model = [rate for rate in (load_rates() if rates is None else rates) if rate.model == model]
    return Estimator(of_model) if of_model else None
