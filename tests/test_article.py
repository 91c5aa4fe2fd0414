from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognition.article import share_within

#: Probabilities of "no name" and "organisation" will do.
SURE, UNSURE, NOT = [0.05, 0.95], [0.6, 0.4], [1.0, 0.0]


def shared(
    sentences: list[list[str]], rows: list[list[list[float]]], share: float = 0.6
) -> list[list[list[float]]]:
    mixed = share_within(sentences, [np.array(r, dtype=np.float32) for r in rows], share, (False, False))
    return [m.tolist() for m in mixed]


def test_what_was_sure_in_one_place_tells_in_another() -> None:
    sentences = [["De", "partij", "Spirit", "won"], ["Toen", "verloor", "Spirit"]]
    first, second = shared(sentences, [[NOT, NOT, SURE, NOT], [NOT, NOT, UNSURE]])
    weights = 0.95**2 + 0.05, 0.6**2 + 0.05
    mean = (0.95 * weights[0] + 0.4 * weights[1]) / sum(weights)
    assert second[2][1] == pytest.approx(0.4 * 0.4 + 0.6 * mean, abs=1e-5)
    assert first[2][1] == pytest.approx(0.4 * 0.95 + 0.6 * mean, abs=1e-5)
    assert second[2][1] > 0.5


def test_the_head_of_a_sentence_counts_less() -> None:
    at_head = shared([["Spirit", "won"], ["dan", "Spirit"]], [[SURE, NOT], [NOT, UNSURE]])[1][1][1]
    inside = shared([["want", "Spirit"], ["dan", "Spirit"]], [[NOT, SURE], [NOT, UNSURE]])[1][1][1]
    assert 0.4 < at_head < inside


@pytest.mark.parametrize(
    "sentences",
    [
        [["in", "Gent"], ["in", "Brugge"]],
        [["een", "bank"], ["de", "bank"]],
        [["dan", "Europese", "Bank"], ["de", "Bank"]],
        [["naar", "A"], ["van", "A"]],
    ],
    ids=["other words", "lower case", "other neighbours", "one letter"],
)
def test_these_are_not_the_same_word(sentences: list[list[str]]) -> None:
    rows = [[NOT, SURE, SURE][: len(sentences[0])], [NOT, UNSURE]]
    assert shared(sentences, rows) == [np.array(r, dtype=np.float32).tolist() for r in rows]


def test_the_word_at_the_head_is_no_neighbour() -> None:
    # "Premier Rutte" at the head of a sentence and "Rutte" are one: the capital of "Premier" says nothing.
    mixed = shared([["Premier", "Rutte"], ["zegt", "Rutte"]], [[NOT, SURE], [NOT, UNSURE]])
    assert mixed[1][1][1] > 0.6


def test_a_word_inside_a_name_takes_nothing_from_where_it_is_a_name() -> None:
    # Tags: none, B-, I-. "Dox" is the second word of "Lena Dox", and eight times a name by itself.
    begins, goes_on, none = [0.1, 0.85, 0.05], [0.1, 0.3, 0.6], [1.0, 0.0, 0.0]
    sentences = [["Lena", "Dox", "komt"], *[["dan", "komt", "Dox"]] * 8]
    rows = [[begins, goes_on, none], *[[none, none, begins]] * 8]
    mixed = share_within(sentences, [np.array(r, dtype=np.float32) for r in rows], 0.6, (False, False, True))
    assert mixed[0].tolist() == np.array(rows[0], dtype=np.float32).tolist()


WORDS = st.lists(st.sampled_from(["Gent", "Spirit", "de", "Bank", "A"]), min_size=1, max_size=6)


@given(st.lists(WORDS, min_size=1, max_size=5), st.floats(0, 1), st.integers(0, 2**32 - 1))
def test_rows_stay_probabilities_and_the_input_stays(
    sentences: list[list[str]], share: float, seed: int
) -> None:
    random = np.random.default_rng(seed)
    rows = []
    for words in sentences:
        names = random.random(len(words), dtype=np.float32)
        rows.append(np.stack([1 - names, names], axis=1))
    before = [row.copy() for row in rows]
    mixed = share_within(sentences, rows, share, (False, False))
    assert [m.shape for m in mixed] == [r.shape for r in rows]
    assert all(np.allclose(m.sum(axis=1), 1, atol=1e-5) for m in mixed)
    assert all(np.array_equal(r, b) for r, b in zip(rows, before, strict=True))
    none = share_within(sentences, rows, 0.0, (False, False))
    assert all(np.allclose(n, r, atol=1e-6) for n, r in zip(none, rows, strict=True))
