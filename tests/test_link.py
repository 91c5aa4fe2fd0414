from __future__ import annotations

import datetime
from typing import Any

import pytest

from pipeline.link import Linker, link
from tests.mentions import marked, together

Row = dict[str, Any]


def linked(linker: Linker, *sentences: str, published: datetime.date | None = None) -> list[Row]:
    rows: list[Row] = link(*marked(*sentences, published=published), linker=linker).to_pylist()
    return rows


def ids(rows: list[Row]) -> list[str | None]:
    return [row["entity_id"] for row in rows]


@pytest.mark.parametrize(
    ("sentence", "entity", "reason"),
    [
        ("[Vladimir Poetin|PERSON] sprak.", "leader/vladimir-poetin", "exact"),
        ("[Vladimir Putin|PERSON] sprak.", "leader/vladimir-poetin", "variant"),
        ("[Poetins|PERSON] plan.", "leader/vladimir-poetin", "surname"),
        ("De [Wit-Russische|NORP] regering.", "country/BLR", "demonym"),
        ("De [Chinezen|NORP] kwamen.", "country/CHN", "demonym"),
        ("In [Belarus|GPE] is het stil.", "country/BLR", "variant"),
        ("De [CSTO|ORG] vergadert.", "org/csto", "exact"),
        ("De [OVKB|ORG] vergadert.", "org/csto", "abbreviation"),
        ("In [PYONGYANG|GPE] klonk muziek.", "place/pyongyang", "exact"),
    ],
)
def test_what_a_name_means_by_itself(linker: Linker, sentence: str, entity: str, reason: str) -> None:
    (row,) = linked(linker, sentence)
    assert (row["entity_id"], row["link_reason"]) == (entity, reason)


def test_a_linked_row_has_the_facts_of_its_entity(linker: Linker) -> None:
    (row,) = linked(linker, "In [Belarus|GPE] is het stil.")
    facts = {k: row[k] for k in ("name", "kind", "country", "wikidata", "label")}
    assert facts == {
        "name": "Wit-Rusland",
        "kind": "country",
        "country": "BLR",
        "wikidata": "Q184",
        "label": "GPE",
    }


def test_what_cannot_be_linked_stays(linker: Linker) -> None:
    (row,) = linked(linker, "[Jan Peeters|PERSON] sprak.")
    assert (row["entity_id"], row["name"], row["link_reason"]) == (None, None, "nil")


def test_a_weak_surname_means_the_person_named_in_full(linker: Linker) -> None:
    rows = linked(linker, "[Kim Jong-un|PERSON] kwam.", "[Kim|PERSON] bleef kort.")
    assert ids(rows) == ["leader/kim-jong-un"] * 2
    assert rows[1]["link_reason"] == "surname"


def test_a_weak_surname_without_support_stays_nil(linker: Linker) -> None:
    assert ids(linked(linker, "[Kim|PERSON] bleef kort.")) == [None]


def test_a_stranger_of_a_famous_name_keeps_it_for_the_article(linker: Linker) -> None:
    rows = linked(linker, "Bakker [Karel Rutte|PERSON] bakt.", "[Rutte|PERSON] begint om vier uur.")
    assert ids(rows) == [None, None]


def test_a_surname_that_the_model_took_for_a_place_is_the_person_named_in_full(linker: Linker) -> None:
    rows = linked(
        linker, "[Xi Jinping|PERSON] en [Els de Wit|PERSON] kwamen.", "[Xi|GPE] en [De Wit|ORG], [Wit|ORG]."
    )
    assert [(r["label"], r["entity_id"]) for r in rows[2:]] == [
        ("PERSON", "leader/xi-jinping"),
        ("ORG", None),
        ("PERSON", None),
    ]


def test_a_ministry_is_of_the_country_beside_it(linker: Linker) -> None:
    rows = linked(linker, "Het [Russische|NORP] [ministerie van Defensie|ORG] en [Oekraïne|GPE].")
    assert ids(rows) == ["country/RUS", "org/rus-ministerie-van-defensie", "country/UKR"]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("[VS|GPE]: minister [Wopke Hoekstra|PERSON] van [Buitenlandse Zaken|ORG] kwam.",
         "org/nld-ministerie-van-buitenlandse-zaken"),
        ("Minister van [Buitenlandse Zaken|ORG] [Maxime Prévot|PERSON] sprak met [Russen|NORP].",
         "org/bel-ministerie-van-buitenlandse-zaken"),
        ("Minister van [Buitenlandse Zaken|ORG] [Jan Peeters|PERSON] sprak met [Russen|NORP].", None),
    ],
)  # fmt: skip
def test_a_portfolio_is_of_the_minister_beside_it(
    linker: Linker, sentence: str, expected: str | None
) -> None:
    rows = linked(linker, sentence)
    assert [row["entity_id"] for row in rows if row["label"] == "ORG"] == [expected]


@pytest.mark.parametrize(
    ("sentence", "label", "entity"),
    [
        ("De [Kremlin|LOC] zwijgt.", "ORG", "org/kremlin"),
        ("[Rusland|ORG] zwijgt.", "GPE", "country/RUS"),
        ("De [Russen|GPE] zwijgen.", "NORP", "country/RUS"),
        ("Ook [Berlijn|PERSON] zwijgt.", "GPE", "place/berlijn"),
        ("Ook [Poetin|GPE] zwijgt.", "PERSON", "leader/vladimir-poetin"),
    ],
)
def test_the_label_is_corrected_where_the_knowledge_base_is_sure(
    linker: Linker, sentence: str, label: str, entity: str
) -> None:
    (row,) = linked(linker, sentence)
    assert (row["label"], row["entity_id"]) == (label, entity)


@pytest.mark.parametrize(
    "sentence",
    [
        "Regeringspartijen van [Arizona|ORG] vergaderen.",
        "Zij spreekt [Engels|MISC].",
        "Bakker [Haarlem|PERSON] bakt.",
    ],
)
def test_labels_that_forbid_a_link(linker: Linker, sentence: str) -> None:
    assert ids(linked(linker, sentence)) == [None]


def test_the_role_beside_a_name(linker: Linker) -> None:
    rows = linked(
        linker,
        "De [Armeense|NORP] premier [Nikol Pasjinian|PERSON] en [Sergej Lavrov|PERSON] (Buitenlandse Zaken).",
    )
    assert [row["role"] for row in rows] == [None, "premier", "minister-buitenlandse-zaken"]


def test_linking_does_not_depend_on_the_order_of_articles(linker: Linker) -> None:
    first = marked("[Kim Jong-un|PERSON] kwam.", article="a")
    second = marked("[Kim|PERSON] bleef.", article="b")
    one = link(*together(first, second), linker=linker).sort_by("article_id")
    other = link(*together(second, first), linker=linker).sort_by("article_id")
    assert one.equals(other)
    assert ids(one.to_pylist()) == ["leader/kim-jong-un", None]


DAY = datetime.date


@pytest.mark.parametrize(
    ("sentence", "published", "text", "holder"),
    [
        ("De [Russische|NORP] president zweeg.", DAY(2009, 3, 1), "Russische president", "leader/dmitri-medvedev"),
        ("De [Russische|NORP] president zweeg.", DAY(2022, 3, 1), "Russische president", "leader/vladimir-poetin"),
        ("Het [Wit-Russische|NORP] staatshoofd zweeg.", DAY(2020, 1, 1), "Wit-Russische staatshoofd",
         "leader/aleksandr-loekasjenko"),
        ("De premier van [Armenië|GPE] zweeg.", DAY(2022, 1, 1), "premier van Armenië", "leader/nikol-pasjinian"),
        ("De secretaris-generaal van de [NAVO|ORG] zweeg.", DAY(2025, 1, 1),
         "secretaris-generaal van de NAVO", "leader/mark-rutte"),
        ("De [Kremlinleider|NORP] zweeg.", DAY(2009, 1, 1), "Kremlinleider", "leader/dmitri-medvedev"),
        ("De [Franse|NORP] minister van Defensie zweeg.", DAY(2023, 1, 1), "Franse minister van Defensie",
         "leader/sebastien-lecornu"),
    ],
)  # fmt: skip
def test_a_role_without_a_name_is_its_holder(
    linker: Linker, sentence: str, published: datetime.date, text: str, holder: str
) -> None:
    rows = [r for r in linked(linker, sentence, published=published) if r["label"] == "ROLE"]
    assert [(r["text"], r["entity_id"], r["link_reason"]) for r in rows] == [(text, holder, "role")]


@pytest.mark.parametrize(
    "sentence",
    [
        "De [Russische|NORP] president [Vladimir Poetin|PERSON] sprak.",
        "De premier van [Armenië|GPE], [Nikol Pasjinian|PERSON], sprak.",
        "De voormalige [Franse|NORP] president sprak.",
        "Een [Amerikaanse|NORP] president mag dat.",
        "De [Russische|NORP] presidenten spraken.",
        "De [Russische|NORP] presidentskandidaat sprak.",
        "De [Zweedse|NORP] president sprak.",
    ],
)
def test_roles_that_are_not_resolved(linker: Linker, sentence: str) -> None:
    rows = linked(linker, sentence, published=DAY(2022, 3, 1))
    assert [r["text"] for r in rows if r["label"] == "ROLE"] == []


def test_without_a_date_no_role_is_resolved(linker: Linker) -> None:
    rows = linked(linker, "De [Russische|NORP] president zweeg.")
    assert [r["text"] for r in rows] == ["Russische"]
