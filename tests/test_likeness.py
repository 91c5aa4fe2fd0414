from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.linking.likeness import Likenesses, Sounds, skeleton
from pipeline.linking.spelling import english_spellings, is_transliterated, key

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


@pytest.fixture(scope="module")
def likenesses() -> Likenesses:
    return Likenesses(
        [
            ("Pokrovsk", "pokrovsk", "UKR"),
            ("Sharaa", "sharaa", "SYR"),
            ("Mirzijojev", "mirzijojev", "UZB"),
            ("Sarkissian", "armen", "ARM"),
            ("Sargsjan", "vigen", "ARM"),
            ("Den Helder", "den helder", "NLD"),
            ("Ali", "ali", "EGY"),
        ]
    )


@pytest.mark.parametrize(
    ("spelling", "owners"),
    [
        ("Pokrowsk", ["pokrovsk"]),
        ("Sjaraa", ["sharaa"]),
        ("Mirziyoyev", ["mirzijojev"]),
        ("Sargsyan", ["armen", "vigen"]),
        ("Den Hilder", []),
        ("Alie", []),
        ("Pokrovski", []),
        ("", []),
    ],
)
def test_whom_a_single_name_sounds_like(likenesses: Likenesses, spelling: str, owners: list[str]) -> None:
    assert likenesses.owners(spelling) == owners


def test_most_spellings_of_the_spelling_rules_are_heard(kb: KnowledgeBase, index: AliasIndex) -> None:
    heard = total = 0
    for entity_id in {office.holder for office in kb.offices if "head_of_government" in office.ranks}:
        person = kb.entities[entity_id]
        surname = person.name.split()[-1]
        spellings = english_spellings(surname, country=person.country)
        if is_transliterated(person.country) and len(surname) > 5:
            for spelling in spellings:
                found = index.lookup(spelling) or index.respelled(spelling)
                heard += any(alias.entity_id == entity_id for alias in found)
                total += 1
    assert total > 300
    assert heard / total > 0.9
