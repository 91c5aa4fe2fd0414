from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.settings import resources


@pytest.fixture(scope="module")
def parts() -> ModuleType:
    """models/training/parts.py, which is a script's module and in no package."""
    path = resources() / "training" / "parts.py"
    if not path.is_file():
        pytest.skip("the training scripts are not in the wheel")
    spec = importlib.util.spec_from_file_location("parts", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["parts"] = module
    spec.loader.exec_module(module)
    return module


def part_of(parts: ModuleType, *documents: list[int]) -> object:
    """Documents as the numbers of words of their sentences: a piece a word, numbered from 100."""
    rows = [(number, words) for number, document in enumerate(documents) for words in document]
    ids = [np.array([0, *range(100, 100 + words), 2]) for _, words in rows]
    tags = [np.array([-1, *[1] * words, -1]) for _, words in rows]
    features = [np.array([0, *[7] * words, 0]) for _, words in rows]
    n = len(rows)
    return parts.Part([number for number, _ in rows], ids, tags, features, [0.0] * n, [None] * n)


def test_sentences_of_a_document_are_joined_and_others_not(parts: ModuleType) -> None:
    joined = parts.windows(part_of(parts, [2, 3], [1]))
    assert [row.tolist() for row in joined.ids] == [[0, 100, 101, 2, 100, 101, 102, 2], [0, 100, 2]]
    assert [row.tolist() for row in joined.tags] == [[-1, 1, 1, -1, 1, 1, 1, -1], [-1, 1, -1]]
    assert [row.tolist() for row in joined.features] == [[0, 7, 7, 0, 7, 7, 7, 0], [0, 7, 0]]


def test_a_window_is_full_when_the_next_sentence_does_not_fit(parts: ModuleType) -> None:
    most = parts.MAX_PIECES
    # <s> and two ends of sentence: most pieces in all, then one too many.
    assert len(parts.windows(part_of(parts, [most - 13, 10])).ids) == 1
    assert len(parts.windows(part_of(parts, [most - 13, 11])).ids) == 2


@given(
    st.lists(st.lists(st.integers(1, 150), min_size=1, max_size=8), min_size=1, max_size=6),
    st.integers(0, 99),
)
def test_no_sentence_is_lost_or_cut(parts: ModuleType, documents: list[list[int]], seed: int) -> None:
    part = part_of(parts, *documents)
    for rng in (None, np.random.default_rng(seed)):
        joined = parts.windows(part, rng)
        ends = [int((row == 2).sum()) for row in joined.ids]
        assert sum(ends) == sum(map(len, documents))
        assert sum(int((row == 1).sum()) for row in joined.tags) == sum(map(sum, documents))
        assert all(len(row) <= parts.MAX_PIECES for row in joined.ids)
        assert all(row[0] == 0 and row[-1] == 2 for row in joined.ids)
        assert joined.documents == sorted(joined.documents)
