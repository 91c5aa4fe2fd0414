from __future__ import annotations

import pytest

from pipeline.cleaning.particulars import BYLINE, about_article, is_names, says_when, says_which_day


@pytest.mark.parametrize(
    "line",
    [
        "19 december 2022",
        "maandag 19 december 2022, 10:30",
        "ma 19 dec. 2022 om 10.30 uur",
        "Gepubliceerd op 3 mei 2024 om 10:00",
        "Laatste update: 04-05-2024 11:12",
        "november 23, 2024",
        "Monday, January 2, 2023",
        "dec. 2022",
        "2022-12-19",
        "2022-12-19T10:30:00Z",
        "19.12.2022",
        "14/10/2025, 16u42",
        "10:30",
        "22.10 uur",
        "Ma 13 okt 2025 • 21:08 • 2' leestijd",
        "3 min read",
        "7 months ago Sacha Visser",
        "ZP-0417 4 BUI 03-07-2024 14:22",
        "Onder embargo tot maandag 6 maart 2023, 12.00 uur",
        "Door onze politieke redactie. Bijgewerkt: 3 juni 2025, 18.04 uur",
        "Vandaag, 10:32",
    ],
)
def test_a_line_that_says_when(line: str) -> None:
    assert says_when(line)
    assert about_article(line) is not None


@pytest.mark.parametrize(
    "line",
    [
        "Op 19 december 2022 viel het besluit",
        "19 december 2022 was een koude dag",
        "De top van 2022",
        "woensdag",
        "2022",
        "12 doden",
        "Update: 12 doden na aardbeving",
        "Aangepast klimaatplan kost 12 miljard euro",
        "1. Els de Wit (Ned) 6u21:20",
        "10.00 Ecofin-ministers, Europagebouw",
        "26 juli",
        "Litouwen 8 - 3",
        "",
    ],
)
def test_a_line_that_says_more_or_less_than_when(line: str) -> None:
    assert not says_when(line)
    assert about_article(line) is None


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("(ANP)", "source"),
        ("ANP/AFP", "source"),
        ("Bron: Belga, eigen berichtgeving", "source"),
        ("EYW/COR/", "source"),
        ("Auteur: Els de Wit", "field"),
        ("© ANP 2023", None),
        ("Bij het ANP werken tweehonderd mensen", None),
        ("Belga meldt een ongeluk", None),
    ],
)
def test_what_else_is_about_the_article(line: str, rule: str | None) -> None:
    assert about_article(line) == rule


@pytest.mark.parametrize(
    ("line", "expected"),
    [("26 juli", True), ("6 augustus, middernacht", True), ("Oct 21", True), ("Vrijdag 3 mei", True),
     ("26 doden", False), ("In juli 26 doden", False), ("26 juli was de dag waarop alles anders werd", False)],
)  # fmt: skip
def test_the_day_of_a_timeline(line: str, expected: bool) -> None:
    assert says_which_day(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Els de Wit", True),
        ("ELS DE WIT", True),
        ("Lies Verbrugge, Tom Ysenbaert en Jan van der Meer", True),
        ("Els", False),
        ("Ruzie over geld", False),
        ("WAT U MOET WETEN", False),
        ("De stilte van Tbilisi", False),
        ("Els de Wit zwijgt", False),
    ],
)
def test_names_alone_on_a_line(line: str, expected: bool) -> None:
    assert is_names(line) is expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Door Els de Wit", True),
        ("Van onze correspondent Joost Verbruggen", True),
        ("Door Loes de Boer – beeld Csaba Kiss", True),
        ("Door Els de Wit, met hulp van Aoife Brennan", True),
        ("Door de sneeuw", False),
        ("Van de brug gevallen", False),
    ],
)
def test_a_byline(line: str, expected: bool) -> None:
    assert (BYLINE.fullmatch(line) is not None) is expected
