from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.recognition.decoding import Decoder, Floats, NameSpan

TAGS = ("O", "B-PERSON", "I-PERSON", "B-ORG", "I-ORG")
DECODER = Decoder(TAGS, scale=1.0, shift=0.0)


def rows(*best: tuple[str, float]) -> Floats:
    """A row a word: the tag named has that probability, the others share the rest."""
    table = []
    for tag, p in best:
        row = np.full(len(TAGS), (1 - p) / (len(TAGS) - 1), dtype=np.float32)
        row[TAGS.index(tag)] = p
        table.append(row)
    return np.array(table)


def spans(found: list[NameSpan]) -> list[tuple[int, int, str]]:
    return [(f.start, f.end, f.label) for f in found]


def test_names_side_by_side_and_apart() -> None:
    best = [("B-PERSON", 0.9), ("I-PERSON", 0.8), ("B-PERSON", 0.9), ("O", 0.9), ("B-ORG", 0.7)]
    assert spans(DECODER.names(rows(*best))) == [(0, 2, "PERSON"), (2, 3, "PERSON"), (4, 5, "ORG")]


def test_the_score_is_that_of_the_least_sure_word() -> None:
    (name,) = DECODER.names(rows(("B-PERSON", 0.9), ("I-PERSON", 0.75)))
    assert name.score == pytest.approx(0.75, abs=1e-5)


def test_calibration_scales_and_shifts_the_logit() -> None:
    (name,) = Decoder(TAGS, scale=2.0, shift=-1.0).names(rows(("B-ORG", 0.8)))
    assert name.score == pytest.approx(1 / (1 + np.exp(-(2 * np.log(4) - 1))), abs=1e-5)


def test_a_name_does_not_begin_inside() -> None:
    # I-ORG is likeliest for the second word, but nothing of an organisation goes before it.
    read = rows(("O", 0.9), ("I-ORG", 0.5))
    read[1, TAGS.index("B-ORG")] = 0.4
    assert spans(DECODER.names(read)) == [(1, 2, "ORG")]
    read[1] = [0.45, 0.0, 0.0, 0.05, 0.5]
    assert DECODER.names(read) == []


def test_nothing_in_nothing_out() -> None:
    assert DECODER.names(np.zeros((0, len(TAGS)), dtype=np.float32)) == []
    assert DECODER.names(rows(("O", 0.9), ("O", 0.6))) == []


@given(
    arrays(np.float32, st.tuples(st.integers(1, 12), st.just(len(TAGS))), elements=st.floats(0, 1, width=32))
)
def test_names_are_in_order_apart_and_inside(read: Floats) -> None:
    found = DECODER.names(read)
    edges = [edge for name in found for edge in (name.start, name.end)]
    assert edges == sorted(edges)
    assert all(0 <= f.start < f.end <= len(read) and 0 <= f.score <= 1 for f in found)
