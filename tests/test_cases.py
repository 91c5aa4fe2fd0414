from __future__ import annotations

import pytest

from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.tools import Tools
from tests import gate
from tests.linking_cases import KNOWN_MISSES, NIL, Case, is_right, misses, read_cases

LEAST_RIGHT = 0.98


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return read_cases()


def test_there_are_enough_cases_and_negatives(cases: list[Case]) -> None:
    assert len(cases) >= 800
    assert sum(case.expected == NIL for case in cases) >= 250
    assert len({case.sentence for case in cases}) == len(cases)


def test_every_case_is_sound(cases: list[Case]) -> None:
    entities = Tools(Settings()).kb.entities
    assert [c.name for c in cases if c.surface not in c.sentence] == []
    assert [c.name for c in cases if c.expected != NIL and c.expected not in entities] == []


def test_the_misses_are_the_known_ones(cases: list[Case]) -> None:
    missed = misses(cases, Tools(Settings()))
    known = KNOWN_MISSES.read_text(encoding="utf-8").splitlines()
    assert missed == known
    assert 1 - len(missed) / len(cases) >= LEAST_RIGHT
    assert gate.fallen(gate.pinned_scores(DEFAULT_MODEL), gate.scores_of(missed, cases)) == []


def test_an_empty_prediction_is_not_right() -> None:
    case = Case("c", "Poetin sprak.", "Poetin", "leader/vladimir-poetin", None, roles=False)
    row = {"start": 0, "end": 6, "label": "PERSON", "entity_id": "leader/vladimir-poetin"}
    assert not is_right(case, [])
    assert not is_right(case, [row | {"entity_id": None}])
    assert is_right(case, [row])
    nil = Case("n", "Poetin sprak.", "Poetin", NIL, None, roles=False)
    assert is_right(nil, [])
    assert not is_right(nil, [row])
