from __future__ import annotations

import pytest

from pipeline.cleaning.sources import agency_and_dateline, outlet_of_page
from pipeline.schemas import Zone

TITLE = (Zone.TITLE, "Top in Minsk")


def body(text: str) -> list[tuple[Zone, str]]:
    return [TITLE, (Zone.BODY, text)]


@pytest.mark.parametrize(
    ("text", "agency", "dateline"),
    [
        ("MINSK (ANP/AFP) - De president sprak.", "ANP/AFP", "MINSK"),
        ("Brussel (Belga) - De president sprak.", "Belga", "Brussel"),
        ("KINSHASA/BRUSSEL 27/06 (BELGA) = De president sprak.", "BELGA", "KINSHASA/BRUSSEL"),
        ("TERNEUZEN - De vlag hangt slap.", None, "TERNEUZEN"),
        ("GEEL – Dat een brood kan reizen, wist zij niet.", None, "GEEL"),
        ("AALTER Een konvooi reed voorbij.", None, "AALTER"),
        ("DEN HAAG Vanochtend stapten zij binnen.", None, "DEN HAAG"),
        ("Willemstad – De marine vaart uit.", None, "Willemstad"),
        ("Den Haag, 6 maart 2023 – Een rechtbank sprak recht.", None, "Den Haag"),
        ("De president sprak. (ANP)", "ANP", None),
        ("NAVO De president sprak.", None, None),
        ("LIVE - De president sprak.", None, None),
        ("De NAVO – een bondgenootschap – vergadert.", None, None),
        ("UNICEF Nederland meldt een tekort.", None, None),
        ("Noord-Korea (Pyongyang) vergadert.", None, None),
    ],
)
def test_agency_and_dateline_of_a_text(text: str, agency: str | None, dateline: str | None) -> None:
    assert agency_and_dateline(body(text)) == (agency, dateline)


@pytest.mark.parametrize(
    ("zone", "note", "agency"),
    [
        (Zone.METADATA, "Bron: Belga, eigen berichtgeving", "Belga"),
        (Zone.METADATA, "(ANP/AFP)", "ANP/AFP"),
        (Zone.FURNITURE, "© ANP 2023", "ANP"),
        (Zone.CAPTION, "AFP", None),
        (Zone.METADATA, "Bron: ministerie van Defensie", None),
    ],
)
def test_the_agency_of_a_line_of_its_own(zone: Zone, note: str, agency: str | None) -> None:
    assert agency_and_dateline([*body("De president sprak."), (zone, note)])[0] == agency


@pytest.mark.parametrize(
    ("above", "below", "outlet"),
    [
        (["De Dijkbode", "Elke dag nieuws"], ["De Dijkbode is een uitgave van Waterpers"], "De Dijkbode"),
        (["Buitenland"], ["© 2024 Zuidpost"], "Zuidpost"),
        (["Buitenland"], ["Copyright 2024 Zuidpost B.V."], "Zuidpost"),
        (["DE DIJKBODE"], ["Lees De Dijkbode een week gratis"], "De Dijkbode"),
        (["Dijkbode LIVE"], ["Meer van Dijkbode"], "Dijkbode"),
        ([], ["| De Dijkbode"], "De Dijkbode"),
        (["Buitenland", "Menu"], ["Meest gelezen"], None),
        (["Ga naar de inhoud"], ["Alle rechten voorbehouden"], None),
        ([], ["© ANP 2023"], None),
        ([], [], None),
    ],
)
def test_the_outlet_that_a_page_names(above: list[str], below: list[str], outlet: str | None) -> None:
    parts = [(Zone.FURNITURE, text) for text in above] + [TITLE] + [(Zone.FURNITURE, text) for text in below]
    assert outlet_of_page(parts) == outlet
