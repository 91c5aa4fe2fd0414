from __future__ import annotations

import pytest

from pipeline.link import Linker, link
from tests.mentions import marked


def entity_of(linker: Linker, text: str, *sentences: str) -> list[str | None]:
    rows = link(*marked(*sentences), linker=linker).to_pylist()
    return [row["entity_id"] for row in rows if row["text"] == text]


@pytest.mark.parametrize(
    ("sentence", "entity"),
    [
        ("Het [Venezolaanse|NORP] [Valencia|GPE] brandde.", "place/valencia-ven"),
        ("In [Venezuela|GPE] viel in [Valencia|GPE] het licht uit.", "place/valencia-ven"),
        ("In [Valencia|GPE] viel het licht uit.", "place/valencia"),
        ("De [Venezolaanse|NORP] ploeg won in [Valencia|GPE].", "place/valencia"),
        ("[Spanje|GPE] hielp [Venezuela|GPE], zei men in [Valencia|GPE].", "place/valencia"),
        ("De [Griekse|NORP] industriestad [Valencia|GPE] zweeg.", "place/valencia"),
    ],
)
def test_a_town_abroad(linker: Linker, sentence: str, entity: str) -> None:
    assert entity_of(linker, "Valencia", sentence) == [entity]


@pytest.mark.parametrize(
    ("sentence", "text", "entity"),
    [
        ("Naar [Tripoli|GPE], in het noorden van [Libanon|GPE].", "Tripoli", "place/tripoli-lbn"),
        ("De provincie [Luxemburg|GPE] zweeg.", "Luxemburg", "place/luxemburg"),
        ("[België|GPE] en [Luxemburg|GPE] zwegen.", "Luxemburg", "country/LUX"),
        ("De stad [Groningen|GPE] zweeg.", "Groningen", "place/groningen"),
        ("De provincie [Groningen|GPE] zweeg.", "Groningen", "place/groningen-nld"),
        ("De staat [Washington|GPE] zweeg.", "Washington", "place/washington-staat"),
        ("In [Brazzaville|GPE] zweeg de leider van [Congo|GPE].", "Congo", "country/COG"),
        ("In [Parijs|GPE] zwegen de [Republikeinen|ORG].", "Republikeinen", "org/les-republicains"),
        ("De [Republikeinen|ORG] zwegen.", "Republikeinen", "org/republikeinse-partij-usa"),
        ("[Ajax|ORG] won van [Barcelona|GPE].", "Barcelona", "org/fc-barcelona"),
        ("[Ajax|ORG] won in [Barcelona|GPE].", "Barcelona", "place/barcelona"),
        ("De trein reed van [Barcelona|GPE] naar huis.", "Barcelona", "place/barcelona"),
    ],
)
def test_the_usual_meaning_and_its_rivals(linker: Linker, sentence: str, text: str, entity: str) -> None:
    assert entity_of(linker, text, sentence) == [entity]


def test_what_is_found_once_holds_for_the_article(linker: Linker) -> None:
    found = entity_of(
        linker, "Tripoli", "[Tripoli|GPE] ligt in [Libanon|GPE].", "In [Tripoli|GPE] was het stil."
    )
    assert found == ["place/tripoli-lbn"] * 2


def test_a_club_has_its_label(linker: Linker) -> None:
    rows = link(*marked("[Ajax|ORG] won van [Barcelona|GPE]."), linker=linker).to_pylist()
    assert [row["label"] for row in rows] == ["ORG", "ORG"]
