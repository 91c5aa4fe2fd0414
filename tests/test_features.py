from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.recognition.features import GIVEN_NAME, N_KB_FEATURES, WEAK_PLACE, WEAK_SURNAME, NameFeatures
from pipeline.recognition.gazetteer import Gazetteer


@pytest.fixture(scope="module")
def features(kb: KnowledgeBase, index: AliasIndex) -> NameFeatures:
    return NameFeatures(kb, index, Gazetteer(index, kb.titles))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("De Russische president Vladimir Poetin in Minsk", [0, 3, 0, 1, 2, 0, 5]),
        ("De Europese Unie en de Zwarte Zee", [0, 9, 10, 0, 0, 7, 8]),
        ("Angela spreekt niemand", [GIVEN_NAME, 0, 0]),
        ("Scholz kwam", [WEAK_SURNAME, 0]),
        ("In Best", [0, WEAK_PLACE]),
        ("een rustige dag", [0, 0, 0]),
    ],
)
def test_ids_of_words(features: NameFeatures, sentence: str, expected: list[int]) -> None:
    assert features.of(sentence.split()) == expected


@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=20))
def test_one_id_a_word(features: NameFeatures, words: list[str]) -> None:
    ids = features.of(words)
    assert len(ids) == len(words)
    assert all(0 <= i < N_KB_FEATURES for i in ids)


def test_no_words(features: NameFeatures) -> None:
    assert features.of([]) == []
