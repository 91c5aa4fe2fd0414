from __future__ import annotations

import pytest

from pipeline.linking.neighbours import (
    has_article,
    in_place,
    is_former,
    is_one_of_many,
    is_thing,
    type_before,
)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("de Belgische provincie ", "province"),
        ("in de provincies Namen en ", "province"),
        ("de deelstaat ", "state"),
        ("langs de rivier de ", "river"),
        ("de havenstad ", "city"),
        ("op het vliegveld van ", "airport"),
        ("de minister van ", None),
        ("de provinciale ", None),
        ("de stad en ", None),
        ("", None),
    ],
)
def test_the_noun_before_a_name_says_its_type(before: str, expected: str | None) -> None:
    assert type_before(before + "Luxemburg", len(before)) == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [("zij woont in ", True), ("Door ", True), ("won van ", False), ("begin ", False), ("", False)],
)
def test_a_preposition_of_place(before: str, expected: bool) -> None:
    assert in_place(before + "Chelsea", len(before)) is expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("in de film ", True),
        ("de speelfilm „", True),
        ("een zeiljacht met de naam ", True),
        ("het vliegdekschip ", True),
        ("volgens Roman ", False),
        ("een bezoek aan ", False),
        ("het bezoek ", False),
        ("de jacht op ", False),
        ("in een hotel in ", False),
        ("het boek over ", False),
        ("", False),
    ],
)
def test_a_thing_that_bears_a_name(before: str, expected: bool) -> None:
    assert is_thing(before + "Chicago", len(before)) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stuurde de | naar", True),
        ("Een | is genoeg", True),
        ("Een |, die", False),
        ("Een | die luistert", False),
        ("de jonge | leerde", False),
        ("made | leerde", False),
        ("| leerde", False),
    ],
)
def test_an_article_before_a_person(text: str, expected: bool) -> None:
    start = text.index("|")
    assert has_article(text.replace("|", "Trump"), start, start + 5) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mengt een | zonder ijs", False),
        ("mengt een | met ijs", True),
        ("in een | dat niemand kent", False),
        ("geen | meer", False),
        ("de | van nu", False),
    ],
)
def test_a_name_as_a_common_noun(text: str, expected: bool) -> None:
    start = text.index("|")
    assert is_one_of_many(text.replace("|", "Parijs"), start, start + 6) is expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("Oud-president ", True),
        ("volgens ex-premier ", True),
        ("de voormalige Amerikaanse president ", True),
        ("toenmalig premier ", True),
        ("de oude president ", False),
        ("president ", False),
        ("In goud: premier ", False),
    ],
)
def test_a_role_that_was_held(before: str, expected: bool) -> None:
    assert is_former(before + "Clinton", len(before)) is expected
