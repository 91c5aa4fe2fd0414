"""Corpora whose truth is known, to see how often the intervals of `estimate` hold it.

The truth is drawn first, by rules of its own: how often an entity is mentioned, which mentions are missed, what is
found that is none, and scores that say how sure a recogniser is, more sure of itself than it should be. The gold
sample, from which the rates are measured, is drawn anew for every corpus.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LABELS = 5
ENTITIES = 60
#: A right mention scores this much higher than a wrong one, in logits of the same spread.
_APART = 2.5


@dataclass(frozen=True)
class Corpus:
    """Truth by entity; what `moments` takes: of the corpus by entity and label, of gold by label."""

    true: Ints
    found: Floats
    gold: Floats


def draw(rng: np.random.Generator) -> Corpus:
    """A corpus and a gold sample of the same make."""
    recall, precision = rng.uniform(0.75, 0.99, LABELS), rng.uniform(0.8, 0.99, LABELS)
    # From one mention to some hundreds, most entities few; an entity has one or two labels (Rusland, Russische).
    sizes = np.exp(rng.uniform(0, np.log(400), ENTITIES))
    shares = np.zeros((ENTITIES, LABELS))
    shares[np.arange(ENTITIES), rng.integers(LABELS, size=ENTITIES)] = 1
    second = rng.integers(LABELS, size=ENTITIES)
    mixed = rng.random(ENTITIES) < 0.4
    shares[mixed] *= 0.6
    shares[mixed, second[mixed]] += 0.4
    true = np.round(sizes[:, None] * shares).astype(np.int64)
    right = rng.binomial(true, recall)
    false = rng.poisson(true * recall * (1 - precision) / precision)
    scores = Scores(rng, precision, rng.uniform(0.8, 1.3), rng.uniform(-0.5, 0.5))
    doubt, squares = scores.doubts(right, false)
    gold_true = rng.integers(60, 500, LABELS)
    recalled = rng.binomial(gold_true, recall)
    wrong = rng.poisson(gold_true * recall * (1 - precision) / precision)
    gold_doubt, gold_squares = scores.doubts(recalled[None], wrong[None])
    gold = [
        np.asarray(x, dtype=np.float64) for x in (wrong, gold_doubt[0], gold_squares[0], gold_true, recalled)
    ]
    found = np.stack([(right + false).astype(np.float64), doubt, squares])
    return Corpus(true.sum(axis=1), found, np.stack(gold))


@dataclass(frozen=True)
class Scores:
    """A recogniser's scores: right by the evidence and the precision, but for a bend and a shift."""

    rng: np.random.Generator
    precision: Floats
    bend: float
    shift: float

    def doubts(self, right: Ints, false: Ints) -> tuple[Floats, Floats]:
        """The sums of 1 - score, and of its square, over the mentions of each cell."""
        cells = np.concatenate([np.repeat(np.arange(n.size), n.ravel()) for n in (right, false)])
        side = np.repeat([_APART / 2, -_APART / 2], [right.sum(), false.sum()])
        evidence = self.rng.normal(side, 1) * _APART
        prior = np.log(self.precision / (1 - self.precision))[cells % right.shape[1]]
        doubt = 1 / (1 + np.exp(self.bend * (evidence + prior) + self.shift))
        return self._sums(cells, doubt, right.shape), self._sums(cells, doubt**2, right.shape)

    @staticmethod
    def _sums(cells: Ints, weights: Floats, shape: tuple[int, ...]) -> Floats:
        sums: Floats = np.bincount(cells, weights=weights, minlength=int(np.prod(shape))).astype(np.float64)
        return sums.reshape(shape)
