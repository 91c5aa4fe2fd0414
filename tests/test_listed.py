from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.recognition.encoder import LISTED_FILE
from pipeline.recognition.listed import LISTED_FIRST, LISTED_FURTHER, ListedNames
from pipeline.settings import DEFAULT_MODEL, resources

F, N = LISTED_FIRST, LISTED_FURTHER
LISTED = ListedNames(
    ["Zonnevaart", "Zonnevaart Reizen", "Bakker & Zonen", "Universiteit van Amsterdam", "", "Delta"]
)


@pytest.mark.parametrize(
    ("words", "ids", "expected"),
    [
        ("bij Zonnevaart Reizen nu", [0, 0, 0, 0], [0, F, N, 0]),
        ("bij Zonnevaart nu", [0, 14, 0], [0, F, 0]),
        ("van Bakker & Zonen", [0, 14, 0, 0], [0, F, N, N]),
        ("de Universiteit van Amsterdam", [0, 0, 0, 5], [0, F, N, N]),
        ("in Delta", [0, 5], [0, 5]),
        ("een zonnevaart", [0, 0], [0, 0]),
        ("de Universiteit van Gent", [0, 0, 0, 5], [0, 0, 0, 5]),
    ],
    ids=["longest", "over weak", "sign", "round strong", "strong alone", "case", "part of a name"],
)
def test_ids(words: str, ids: list[int], expected: list[int]) -> None:
    assert LISTED.add(words.split(), ids) == expected


@given(st.lists(st.sampled_from(["Zonnevaart", "Reizen", "Bakker", "&", "van", "Delta"]), max_size=12))
def test_one_id_a_word_and_none_taken_away(words: list[str]) -> None:
    ids = [i % 15 for i in range(len(words))]
    added = LISTED.add(words, ids)
    assert len(added) == len(words)
    assert all(new == old or new in (F, N) for new, old in zip(added, ids, strict=True))


def test_a_missing_list_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ListedNames.read(tmp_path / LISTED_FILE)


def test_an_empty_list_is_an_error(tmp_path: Path) -> None:
    (tmp_path / LISTED_FILE).touch()
    with pytest.raises(ValueError, match=LISTED_FILE):
        ListedNames.read(tmp_path / LISTED_FILE)


def test_the_list_that_ships_is_one_name_a_line() -> None:
    names = (
        (resources() / DEFAULT_MODEL / "vermeld_ner" / LISTED_FILE).read_text(encoding="utf-8").splitlines()
    )
    assert names == sorted(set(names))
    assert all(name == " ".join(name.split()) and 2 <= len(name) <= 60 for name in names)
    assert {"Universiteit Twente", "Radio 2"} <= set(names)
