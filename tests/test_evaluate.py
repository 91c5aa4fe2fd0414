from __future__ import annotations

import pytest

from pipeline.evaluate import FIVE, Score, _frog_names, as_conll, interval, score
from pipeline.standoff import Name

GOLD = [[Name(0, 2, "PERSON"), Name(4, 5, "GPE")], [Name(1, 2, "NORP")], []]


def test_a_perfect_and_an_empty_prediction() -> None:
    assert score(GOLD, GOLD, FIVE)["all"] == Score(3, 0, 0)
    empty = score(GOLD, [[], [], []], FIVE)["all"]
    assert (empty.precision, empty.recall, empty.f1) == (0.0, 0.0, 0.0)


def test_span_and_label_must_both_be_right() -> None:
    found = [[Name(0, 1, "PERSON"), Name(4, 5, "LOC")], [Name(1, 2, "NORP")], [Name(0, 1, "ORG")]]
    scores = score(GOLD, found, FIVE)
    assert scores["PERSON"] == Score(0, 1, 1)
    assert scores["GPE"] == Score(0, 0, 1)
    assert scores["LOC"] == Score(0, 1, 0)
    assert scores["ORG"] == Score(0, 1, 0)
    assert scores["all"] == Score(1, 3, 2)
    assert scores["all"].f1 == pytest.approx(2 / 7)


def test_conll_folds_places_and_leaves_nationalities_aside() -> None:
    found = [[Name(0, 2, "PERSON"), Name(4, 5, "LOC")], [Name(1, 2, "ORG")], []]
    gold, given = as_conll(GOLD, found)
    assert score(gold, given, ("PER", "LOC", "ORG"))["all"] == Score(2, 0, 0)


def test_the_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    gold = GOLD * 30
    found = [[Name(0, 2, "PERSON")], [Name(1, 2, "NORP")], []] * 30
    low, high = interval(gold, found, FIVE)
    figure = score(gold, found, FIVE)["all"].f1
    assert low < figure < high
    assert (low, high) == interval(gold, found, FIVE)


def test_frogs_columns() -> None:
    rows = ["1\tKofi\tKofi\t\tSPEC\t1.0\tB-PER", "2\tAnnan\tAnnan\t\tSPEC\t1.0\tI-PER", "3\tin\tin\t\tVZ\t1.0\tO",
            "4\tGent\tGent\t\tSPEC\t1.0\tB-LOC"]  # fmt: skip
    assert _frog_names("\n".join(rows)) == [Name(0, 2, "PERSON"), Name(3, 4, "GPE")]
