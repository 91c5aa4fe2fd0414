from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.likeness import Sounds, skeleton
from pipeline.spelling import key

NAMES = [
    ("Ramzan Kadyrov", "kadyrov", "RUS"),
    ("Jevgeni Prigozjin", "prigozjin", "RUS"),
    ("Aleksandr Loekasjenko", "loekasjenko", "BLR"),
    ("Abdul Fattah al-Sisi", "sisi", "EGY"),
    ("Aleksandr Novak", "novak", "RUS"),
    ("Gerard Peters", "peters", "NLD"),
    ("Kim Yong-chol", "chol", "PRK"),
    ("Sergej Ivanov", "the one", "RUS"),
    ("Sergei Ivanov", "the other", "RUS"),
]


@pytest.fixture(scope="module")
def sounds() -> Sounds:
    return Sounds(NAMES)


@pytest.mark.parametrize(
    ("spelling", "owner"),
    [
        ("Ramsan Kadyrow", "kadyrov"),
        ("Jewgeni Prigoschin", "prigozjin"),
        ("Aljaksandar Loekasjenka", "loekasjenko"),
        ("Abdelfattah as-Sisi", "sisi"),
        ("Aleksandra Novak", None),
        ("Alexander Novik", "novak"),
        ("Gerrit Pieters", None),
        ("Kim Jong-chil", None),
        ("Sergey Ivanov", None),
        ("Kadyrow", None),
        ("", None),
    ],
)
def test_who_a_full_name_sounds_like(sounds: Sounds, spelling: str, owner: str | None) -> None:
    assert sounds.owner(spelling) == owner


@given(st.sampled_from(NAMES[:5]), st.sampled_from(["upper", "title", "lower"]))
def test_capitals_do_not_matter(name: tuple[str, str, str], style: str) -> None:
    assert Sounds([name]).owner(getattr(name[0], style)()) == name[1]


@given(st.text(alphabet="abdeijklmnosvz -", min_size=1, max_size=25))
def test_a_skeleton_has_as_many_words_as_its_key(name: str) -> None:
    assert len(skeleton(key(name)).split(" ")) == len(key(name).split(" "))
