from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning.repairs import find_edits
from pipeline.offsets import Edit, apply_edits


def repaired(raw: str) -> str:
    return apply_edits(raw, find_edits(raw)).text


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("OekraÃ¯ne", "Oekraïne"),
        ("CuraÃ§ao", "Curaçao"),
        ("SÃ£o Paulo", "São Paulo"),
        ("Ã©Ã©n", "één"),
        ("Ã\u00a0 la carte", "à la carte"),
        ("â€œZelenskyâ€\x9d", "“Zelensky”"),
        ("â€žWij", "„Wij"),
        ("â€™s ochtends", "’s ochtends"),
        ("prijs: â‚¬ 5", "prijs: € 5"),
        ("ÐšÐ¸Ñ—Ð²", "Київ"),
    ],
)
def test_text_read_in_the_wrong_encoding_is_restored(raw: str, text: str) -> None:
    assert repaired(raw) == text


def test_a_misread_word_is_changed_where_it_is_wrong_only() -> None:
    assert find_edits("in OekraÃ¯ne, zei hij") == [Edit(8, 10, "ï", "mojibake")]


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("Handel &amp; Visserij", "Handel & Visserij"),
        ("Armeni&euml;", "Armenië"),
        ("zo&#8217;n", "zo’n"),
        ("zo&#x2019;n", "zo’n"),
        ("10&nbsp;procent", "10 procent"),
        ("samen&shy;werking", "samenwerking"),
        ("&#128512;", "😀"),
    ],
)
def test_html_entities_become_their_characters(raw: str, text: str) -> None:
    assert repaired(raw) == text


@pytest.mark.parametrize(
    "raw", ["Handel & Visserij", "AT&T; en meer", "Q&A;", "&onzin;", "&#999999999;", "a&b", "&;"]
)
def test_what_only_resembles_an_entity_is_kept(raw: str) -> None:
    assert find_edits(raw) == []


@pytest.mark.parametrize(
    ("raw", "text", "rule"),
    [
        ("samen\u00adwerking", "samenwerking", "invisible"),
        ("\ufeffDe top", "De top", "invisible"),
        ("Min\u200bsk", "Minsk", "invisible"),
        ("\u202aMinsk\u202c", "Minsk", "invisible"),
        ("Minsk\x00\x07", "Minsk", "invisible"),
        ("10\u00a0procent", "10 procent", "space"),
        ("10\u202f000", "10 000", "space"),
        ("naam\tland", "naam land", "space"),
        ("e\u0301e\u0301n", "één", "composed"),
        ("A\u030angstro\u0308m", "Ångström", "composed"),
        ("\ufb01nancieel", "financieel", "ligature"),
        ("e\ufb00ect", "effect", "ligature"),
    ],
)
def test_characters_that_nobody_sees_or_types(raw: str, text: str, rule: str) -> None:
    assert repaired(raw) == text
    assert {edit.rule for edit in find_edits(raw)} == {rule}


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("De brug ligt er.Vlak daarna kwam de storm", "De brug ligt er.Vlak daarna kwam de storm"),
        ("Zij telden de stemmen.Vlak daarna was het stil", "Zij telden de stemmen. Vlak daarna was het stil"),
        ("Wie won?Niemand, zei zij", "Wie won? Niemand, zei zij"),
        ("Stop daarmee!Anders volgt straf", "Stop daarmee! Anders volgt straf"),
        ("13 minuten geledenRIGA (ANP) - Letland", "13 minuten geleden RIGA (ANP) - Letland"),
        ("2 uur geledenDEN HAAG (ANP/AFP) - Het", "2 uur geleden DEN HAAG (ANP/AFP) - Het"),
    ],
)
def test_glued_sentences_and_datelines_are_parted(raw: str, text: str) -> None:
    assert repaired(raw) == text


@pytest.mark.parametrize(
    "raw",
    [
        "McDonald sprak met LinkedIn over de iPhone van eBay",
        "Schrijf naar jan.Jansen@krant.example of naar info@krant.Nieuws vandaag",
        "Zie https://krant.example/Archief.Nieuws voor meer",
        "Zie www.krant.example/Archief.Nieuws voor meer",
        "De F-16’s en F-35's vlogen over",
        "Minsk, Brest e.a. en o.a. Gomel, d.w.z. het hele land",
        "3.5 procent, 1.000 mensen, 10.30 uur, versie 2.0.1",
        "Wacht... Dan komt het. En toen… Niets.",
        "Wacht...Dan maar niet",
        "👩‍👩‍👧 en ❤️ en 🇳🇱",
        "می‌خواهم",
        "São Paulo, SÃO PAULO, Ångström, ÅNGSTRÖM, Curaçao, CURAÇAO",
        "château, CHÂTEAU, Âge d’or, Ñuñoa, Đà Nẵng, Łódź, Škoda, Ærø, MALMÖ, Ðakovo",
        "„Ja”, zei hij, “nee” en ‘misschien’, «non»",
        "iOS (Apple), macOS (Apple) en mRNA (Messenger-RNA)",
        "de VN (Verenigde Naties) en de EU",
        "BBC.Nieuws, U.S. Army, J.P. Morgan, Dr. No",
        "regel een\r\nregel twee\n\nregel drie",
        "Ã, Â, Ñ en Ð zijn letters",
        "",
    ],
)
def test_what_must_not_be_changed(raw: str) -> None:
    assert find_edits(raw) == []


def test_an_earlier_rule_wins_over_a_later_one() -> None:
    # "Ã\u00a0" is a misread à; the space rule must not take its second half.
    assert [edit.rule for edit in find_edits("voilÃ\u00a0 dan\u00a0toch")] == ["mojibake", "space"]


def test_edits_come_in_the_order_of_their_places() -> None:
    raw = "\ufeffArmeni&euml; telt stemmen.Vlak daarna\u00a0sluit OekraÃ¯ne"
    edits = find_edits(raw)
    assert [edit.start for edit in edits] == sorted(edit.start for edit in edits)
    assert repaired(raw) == "Armenië telt stemmen. Vlak daarna sluit Oekraïne"


@pytest.mark.parametrize("inside", ["\u00a0", "\u00ad", "\u200b", "\u0085", "\u2028"])
def test_a_restored_word_brings_in_no_invisible_character_or_line_break(inside: str) -> None:
    for encoding in ("cp1252", "latin-1"):
        text = repaired(f"één{inside}jaar".encode().decode(encoding, "ignore"))
        assert inside not in text
        assert len(text.splitlines()) == 1


_pieces = st.one_of(
    st.sampled_from("&;ÃÂâ€™œï\u00a0\u00ad\u200be\u0301\ufb01. Aa()-@"), st.sampled_from(["&amp;", "&#8203;"])
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.one_of(st.text(), st.lists(_pieces).map("".join)))
def test_edits_of_any_text_do_not_overlap_and_each_changes_something(raw: str) -> None:
    at = 0
    for edit in find_edits(raw):
        assert at <= edit.start <= edit.end <= len(raw)
        assert raw[edit.start : edit.end] != edit.replacement
        at = edit.end
    assert set("\u00ad\u200b\u00a0\ufeff") & set(repaired(raw)) == set()
