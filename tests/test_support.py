from __future__ import annotations

import datetime

import pytest

from pipeline.link import Linker, link
from tests.mentions import marked

DAY = datetime.date


@pytest.mark.parametrize(
    ("sentence", "published", "entity"),
    [
        # An office of that day, by role.
        ("Premier [Michel|PERSON] sprak.", DAY(2016, 4, 1), "leader/charles-michel"),
        ("Minister [Michel|PERSON] sprak.", DAY(2003, 1, 20), "leader/louis-michel"),
        ("EU-president [Michel|PERSON] sprak.", DAY(2021, 4, 7), "leader/charles-michel"),
        ("Premier [Michel|PERSON] sprak.", DAY(2010, 4, 1), None),
        # The ruler and not his premier of that name.
        ("De [Noord-Koreaanse|NORP] leider [Kim|PERSON] sprak.", DAY(2009, 4, 1), "leader/kim-jong-il"),
        ("De [Noord-Koreaanse|NORP] leider [Kim|PERSON] sprak.", DAY(2024, 4, 1), "leader/kim-jong-un"),
        # Who held the office, even if another of that name is in one.
        ("Oud-president [Clinton|PERSON] sprak.", DAY(2009, 8, 5), "leader/bill-clinton"),
        ("Oud-president [Bush|PERSON] sprak.", DAY(2016, 8, 5), "leader/george-w-bush"),
        # Who died lately.
        ("De [Poolse|NORP] president [Kaczynski|PERSON] rust.", DAY(2010, 4, 15), "leader/lech-kaczynski"),
        # A stranger has no office.
        ("Bakker [Michel|PERSON] sprak.", DAY(2016, 4, 1), None),
    ],
)
def test_a_surname_by_role_and_date(
    linker: Linker, sentence: str, published: datetime.date, entity: str | None
) -> None:
    rows = link(*marked(sentence, published=published), linker=linker).to_pylist()
    assert [row["entity_id"] for row in rows if row["label"] == "PERSON"] == [entity]


@pytest.mark.parametrize(
    ("sentences", "text", "entity"),
    [
        (("In [Genk|GPE] en elders in [Limburg|GPE].",), "Limburg", "place/limburg-bel"),
        (("In [Maastricht|GPE] en in [Limburg|GPE].",), "Limburg", "place/limburg-nld"),
        (("In [Limburg|GPE] is het stil.",), "Limburg", None),
        (("De [Congolese|NORP] president [Tshisekedi|PERSON].",), "Congolese", "country/COD"),
        (("De [Congolese|NORP] president zweeg.",), "Congolese", None),
        (
            ("De [Belgen|NORP] in [Beiroet|GPE] belden [Buitenlandse Zaken|ORG].",),
            "Buitenlandse Zaken",
            "org/bel-ministerie-van-buitenlandse-zaken",
        ),
        (("[Buitenlandse Zaken|ORG] zweeg.",), "Buitenlandse Zaken", None),
    ],
)
def test_an_ambiguous_name_by_what_is_around_it(
    linker: Linker, sentences: tuple[str, ...], text: str, entity: str | None
) -> None:
    rows = link(*marked(*sentences), linker=linker).to_pylist()
    assert [row["entity_id"] for row in rows if row["text"] == text] == [entity]
