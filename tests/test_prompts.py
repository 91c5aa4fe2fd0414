"""Buttons and prompts by form: what a page asks of its reader, and sentences and headings that only look so."""

from __future__ import annotations

import pytest

from pipeline.cleaning.prompts import is_plug, is_prompt, opens_list


@pytest.mark.parametrize(
    "text",
    [
        "⏵ Afspelen 2:10",
        "▶ Bekijk de hele reeks",
        "Bestel nu",
        "Kies een regio",
        "Bewaar voor later",
        "Reacties tonen",
        "Dit verhaal bewaren",
        "1.204 stemmen",
        "12 SHARES 40 VIEWS",
        "Previous Post",
        "Fout gezien? Laat het ons weten",
        "Nieuws uit je buurt volgen? Stel hier je gemeente in.",
        "Wat vond je van dit artikel?",
        "Deze tekst werd gegenereerd met behulp van AI",
        "Nooit meer iets missen?",
    ],
)
def test_what_a_page_asks_is_a_prompt(text: str) -> None:
    assert is_prompt(text)


@pytest.mark.parametrize(
    "text",
    [
        "Stem van het volk",
        "Steun voor Kiev",
        "Kijk naar Finland",
        "Wie betaalt de rekening?",
        "Frankrijk wil grens sluiten",
        "“Kies je kamp”",
        "Laat me nu eindelijk met rust!",
        "Bang voor de oorlog? De Finse premier is het niet.",
        "De post van de ambassadeur",
        "Hij vroeg zijn kiezers om hem nu niet in de steek te laten.",
    ],
)
def test_headings_and_sentences_are_no_prompts(text: str) -> None:
    assert not is_prompt(text)


@pytest.mark.parametrize(
    "text", ["Populair bij onze lezers", "Net gemist?", "Meer over Sfax", "Hoort bij dit verhaal:"]
)
def test_openers_of_lists(text: str) -> None:
    assert opens_list(text)


@pytest.mark.parametrize(
    "text", ["Steun in Brussel", "Nieuwe regering", "Stand groep G", "2. Polen 8 - 17", "Meer geweld"]
)
def test_headings_open_no_lists(text: str) -> None:
    assert not opens_list(text)


def test_a_plug_has_an_opener_and_a_headline() -> None:
    assert is_plug("Lees ook › Wie is de nieuwe premier van Letland?")
    assert is_plug("Van dezelfde auteur: ‘Wat Riga niet wist’")
    assert not is_plug("Letland: premier treedt af")
    assert not is_plug("Lees ook: dat zei hij.")
