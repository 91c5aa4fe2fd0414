from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.estimate import (
    Cell,
    Estimate,
    Estimator,
    Rate,
    Sums,
    estimator_of,
    interval,
    load_rates,
    moments,
)
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.tools import Tools
from tests.simulation import Corpus, draw

CORPORA = 1000
#: Sizes (true mentions) from which the interval must hold by itself; a single mention has few values to miss by.
BINS = ((2, 5), (6, 20), (21, 100), (101, 1000))


def rate(found: int, right: int, true: int, label: str = "GPE", kind: str = "country") -> Rate:
    return Rate("m", "0", label, kind, found, right, true, right, 0.1 * found, 0.02 * found)


def held(corpus: Corpus) -> tuple[np.ndarray, np.ndarray]:
    """For each entity that was found, whether its interval holds the truth, and the truth."""
    means, variances = moments(corpus.found, corpus.gold)
    low, high = interval(means.sum(axis=1), variances.sum(axis=1))
    seen = corpus.found[0].sum(axis=1) > 0
    return ((low <= corpus.true) & (corpus.true <= high))[seen], corpus.true[seen]


def test_the_intervals_hold_the_truth_of_simulated_corpora_as_often_as_they_say() -> None:
    rng = np.random.default_rng(20)
    parts = [held(draw(rng)) for _ in range(CORPORA)]
    hits, truths = (np.concatenate(part) for part in zip(*parts, strict=True))
    assert 0.93 <= hits.mean() <= 0.97
    for low, high in BINS:
        assert 0.93 <= hits[(low <= truths) & (truths <= high)].mean() <= 0.97


def test_an_interval_that_forgets_the_gold_sample_holds_too_little() -> None:
    # A check of the check: with rates taken for certain, large entities fall out.
    rng = np.random.default_rng(21)
    hits = []
    for _ in range(100):
        corpus = draw(rng)
        hit, truth = held(Corpus(corpus.true, corpus.found, corpus.gold * 1000))
        hits.append(hit[truth > 100])
    assert np.concatenate(hits).mean() < 0.9


def estimates(rates: list[Rate], *groups: list[tuple[Cell, float]]) -> list[Estimate]:
    """Of groups of mentions, given as cells and scores."""
    sums = [
        Sums(row, cell, 1, 1 - score, (1 - score) ** 2)
        for row, group in enumerate(groups)
        for cell, score in group
    ]
    return Estimator(rates).estimate(sums, len(groups))


def test_more_missed_is_more_estimated() -> None:
    group = [(("GPE", "country"), 0.9)] * 20
    (good,) = estimates([rate(200, 198, 200)], group)
    (poor,) = estimates([rate(150, 148, 200)], group)
    assert good.n == pytest.approx(20, abs=0.5)
    assert poor.n == pytest.approx(20 * 200 / 148, rel=0.02)
    assert poor.high - poor.low > good.high - good.low


def test_doubtful_mentions_count_less() -> None:
    cell = ("GPE", "country")
    sure, unsure = estimates([rate(200, 180, 200)], [(cell, 0.99)] * 10, [(cell, 0.5)] * 10)
    assert unsure.n < sure.n - 3


def test_a_cell_with_little_gold_borrows_from_its_label_then_from_all() -> None:
    country, few, other = (
        rate(200, 190, 200),
        rate(3, 1, 3, kind="place"),
        rate(90, 60, 100, "ORG", "organisation"),
    )
    estimator = Estimator([country, few, other])
    assert estimator.rate(("GPE", "country")) == country
    assert estimator.rate(("GPE", "place")).found == 203
    assert estimator.rate(("LOC", "place")).true == 303


@given(scores=st.lists(st.floats(0, 1), min_size=1, max_size=40))
@settings(max_examples=100, deadline=None)
def test_bounds_are_in_order_and_not_negative(scores: list[float]) -> None:
    cells = [("GPE", "country"), ("NORP", "country")]
    group = [(cells[i % 2], score) for i, score in enumerate(scores)]
    estimate, empty = estimates([rate(60, 50, 70)], group, [])
    assert 0 <= estimate.low <= estimate.n <= estimate.high
    assert (empty.n, empty.low) == (0, 0)


def test_the_shipped_model_was_measured_as_it_is() -> None:
    recogniser = Tools(Settings(model=DEFAULT_MODEL)).recogniser
    rates = [r for r in load_rates() if r.model == recogniser.name]
    # If this fails, the model was changed: run models/training/rates.py.
    assert {r.model_sha256 for r in rates} == {recogniser.fingerprint[:12]}
    assert sum(r.true for r in rates) > 1000
    assert all(r.right <= r.found and r.recalled <= r.true for r in rates)


def test_a_model_that_was_not_measured_has_no_estimator() -> None:
    assert estimator_of("nl_core_news_lg-3.8.0") is None
    assert estimator_of("kb") is not None
