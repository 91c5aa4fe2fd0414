"""What holds for any text at all: offsets both ways, cover, repairs, time."""

from __future__ import annotations

import gc
import html
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.offsets import alignments_of
from pipeline.reading.language import check_dutch
from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import check
from tests.documents import Page, Row, cleaned_page, documents

# Derandomised, so that a run of CI depends on the commit alone.
many = settings(
    max_examples=200, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)


# --- What a scraped page can hold -----------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        "De", "het", "een", "en", "van", "Rusland", "Oekraïne", "premier", "minister", "zei", "gisteren",
        "troepen.", "aangekomen.", "Minsk,", "NAVO", "CSTO", "F-16’s", "o.a.", "3.5", "„Wij", "door”",
        "(ANP)", "-", "2019", "São", "Ångström", "McDonald", "iPhone", "...", "…", "info@krant.example",
        "https://krant.example/a?b=1&c=2", "👩\u200d👩\u200d👧", "x", "|", ">", ":", ";",
    ]
)  # fmt: skip
_FURNITURE = st.sampled_from(
    [
        "LEES OOK", "Lees ook:", "Meer uit Buitenland", "Hoofdpunten", "Bekijk ook", "Reacties",
        "3 reacties", "Deel dit artikel", "Tags: oorlog, vrede", "© Krant 2024", "Advertentie",
        "13 minuten geleden", "2 uur geleden", "Home › Nieuws", "Foto: ANP", "KIJK. Een tank rijdt weg",
        "Door Els de Wit", "Leestijd: 3 minuten", "Krant | Politiek | 14/10/2025, 16u42", "Lees meer",
        "13 minuten geledenWENEN (ANP) - Er is een akkoord.", "DOHA (ANP/AFP) - Er is brand.",
    ]
)  # fmt: skip
_DATES = st.sampled_from(
    [" date 2022-12 ", "date 2022-12-19 ", "november 23, 2024", "19 december 2022", "2022-12-19"]
)
_GLUED = st.sampled_from(["troepen.Vlak voor het bezoek", "brug.De weg is dicht", "eten!Dat zei hij"])
_INVISIBLE = st.sampled_from("\u00ad\u200b\u200e\u2060\ufeff\u202a\u2066\x00\x1c\x7f")
_BLANK = st.sampled_from(" \t\u00a0\u2009\u202f\u3000\n\r\v\f\x85\u2028\u2029")
_ENTITY = st.sampled_from(
    ["&amp;", "&nbsp;", "&shy;", "&#8203;", "&euml;", "&#10;", "&#x1F600;", "&NewLine;", "&lt;b&gt;", "&x;"]
)
_ODD = st.sampled_from(
    [
        "e\u0301",
        "A\u030a",
        "o\u0308\u0323",
        "\ufb01nanciën",
        "\ufb00",
        "\u0301",
        "İ",
        "ß",
        "👨\u200d👩\u200d👧",
    ]
)


def _misread(text: str) -> str:
    """UTF-8 bytes read as cp1252."""
    return text.encode().decode("cp1252", "ignore")


_MOJIBAKE = st.one_of(
    st.sampled_from(
        ["Oekraïne", "“Zelensky”", "één", "a\u00a0b", "a\u00adb", "a\u200bb", "a\u0085b", "a\u2028b"]
    ),
    st.text(max_size=5),
).map(_misread)
_LATIN1 = st.sampled_from(["a\u00a0b", "a\u00adb", "a\u200bb", "a\u0085b", "a\u2028b", "één\ufeff"]).map(
    lambda text: text.encode().decode("latin-1")
)
_RIGHT_TO_LEFT = st.sampled_from(
    ["\u202bقال الرئيس\u202c", "שלום \u2067עולם\u2069", "\u200fمينسك", "\u061c", "א\u05b8"]
)
_EMOJI = st.sampled_from(["👩🏽\u200d🚀", "🇳🇱", "❤\ufe0f", "1\ufe0f\u20e3", "🏴\U000e0067\U000e007f", "👋🏿"])
_CONTROL = st.characters(categories=["Cc", "Cf"])
_PIECE = st.one_of(
    _RIGHT_TO_LEFT, _EMOJI, _CONTROL,
    _WORDS, _WORDS, _WORDS, _FURNITURE, _DATES, _GLUED, _INVISIBLE, _BLANK, _ENTITY, _ODD, _MOJIBAKE, _LATIN1
)  # fmt: skip
_JOINT = st.sampled_from(["", " ", " ", "\n", "\r\n", "\n\n"])
_structured = st.lists(st.tuples(_PIECE, _JOINT), max_size=25).map(
    lambda pairs: "".join(piece + joint for piece, joint in pairs)
)
_lines = st.lists(
    st.one_of(_FURNITURE, st.lists(_WORDS, min_size=1, max_size=18).map(" ".join)), max_size=12
).map("\n".join)
_only_furniture = st.lists(_FURNITURE, min_size=1, max_size=8).map("\n".join)
_only_blank = st.lists(st.one_of(_BLANK, _INVISIBLE), max_size=8).map("".join)
_long_lines = st.tuples(_structured, st.integers(2, 40)).map(lambda pair: pair[0] * pair[1])
raws = st.one_of(st.text(), _long_lines, _structured, _structured, _lines, _only_furniture, _only_blank)
titles = st.one_of(
    st.none(), st.none(), st.text(max_size=20), _only_blank, st.lists(_PIECE, max_size=6).map(" ".join)
)
pages = st.builds(lambda raw, title: cleaned_page(raw, title=title), raws, titles)


@st.composite
def titled_pages(draw: st.DrawFn) -> Page:
    """A page whose title field also stands on one of its first lines, as it is or repaired."""
    raw = draw(st.one_of(_structured, _lines))
    lines = [line for line in raw.splitlines()[:8] if line.strip()]
    return cleaned_page(raw, title=draw(st.sampled_from(lines)) if lines else None)


any_page = st.one_of(pages, pages, titled_pages())


# --- The invariants, from the tables alone ---------------------------------------------------------


def _replayed(page: Page, raw_span: tuple[int, int], span: tuple[int, int]) -> str:
    """The raw span with the declared repairs, whose new text is read at the place they declare."""
    pieces: list[str] = []
    at = raw_span[0]
    for repair in sorted(page.repairs, key=lambda r: (r["raw_start"], r["raw_end"])):
        if repair["start"] is None or not span[0] <= repair["start"] <= repair["end"] <= span[1]:
            continue
        if raw_span[0] <= repair["raw_start"] and repair["raw_end"] <= raw_span[1]:
            pieces += (page.raw[at : repair["raw_start"]], page.text[repair["start"] : repair["end"]])
            at = repair["raw_end"]
    return "".join([*pieces, page.raw[at : raw_span[1]]])


def _raw_span(row: Row) -> tuple[int, int]:
    return row["raw_start"], row["raw_end"]


def _span(row: Row) -> tuple[int, int]:
    return row["start"], row["end"]


def segments_are_numbered_in_order_and_do_not_overlap(page: Page) -> None:
    assert [s["segment"] for s in page.segments] == list(range(len(page.segments)))
    edges = [edge for s in page.segments for edge in _raw_span(s)]
    assert edges == sorted(edges)
    assert edges == [] or (edges[0] >= 0 and edges[-1] <= len(page.raw))


def segments_cover_every_non_blank_character_exactly_once(page: Page) -> None:
    covered = bytearray(len(page.raw))
    for segment in page.segments:
        for at in range(*_raw_span(segment)):
            covered[at] += 1
    assert all(n <= 1 for n in covered)
    assert [c for c, n in zip(page.raw, covered, strict=True) if not n and not c.isspace()] == []


def text_is_the_kept_segments_joined(page: Page) -> None:
    assert page.text == "\n\n".join(page.text[s["start"] : s["end"]] for s in page.kept)
    at = 0
    for segment in page.kept:
        assert segment["start"] == at
        assert segment["end"] > at
        at = segment["end"] + 2
    assert page.text == "" or at == len(page.text) + 2


def only_furniture_and_metadata_lie_outside_the_text(page: Page) -> None:
    for segment in page.segments:
        outside = segment["zone"] in {"furniture", "metadata"}
        assert (segment["start"] is None) == outside
        assert (segment["end"] is None) == outside


def repairs_replayed_on_the_raw_span_give_the_text(page: Page) -> None:
    for segment in page.kept:
        text = page.text[segment["start"] : segment["end"]]
        assert _replayed(page, _raw_span(segment), _span(segment)) == text


def a_repair_with_a_place_lies_inside_one_kept_segment(page: Page) -> None:
    for repair in page.repairs:
        if repair["start"] is None:
            assert repair["end"] is None
            continue
        homes = [
            s
            for s in page.kept
            if s["start"] <= repair["start"] <= repair["end"] <= s["end"]
            and s["raw_start"] <= repair["raw_start"] <= repair["raw_end"] <= s["raw_end"]
        ]
        assert len(homes) == 1


def repairs_do_not_overlap(page: Page) -> None:
    spans = sorted(_raw_span(repair) for repair in page.repairs)
    edges = [edge for span in spans for edge in span]
    assert edges == sorted(edges)


def _visible(text: str) -> str:
    """Every blank as a space, and no invisible characters."""
    seen = "".join(" " if c.isspace() else c for c in text)
    return "".join(c for c in seen if unicodedata.category(c) not in {"Cf", "Cc"})


#: What each rule makes of a stretch of raw text; mojibake and a title from its field are not listed.
_NEW_TEXT: dict[str, Callable[[str], str]] = {
    "invisible": lambda _: "",
    "space": lambda _: " ",
    "glued": lambda _: " ",
    "composed": lambda s: unicodedata.normalize("NFC", s),
    "wrapped": lambda _: " ",
    "hyphen": lambda _: "",
    "ligature": lambda s: unicodedata.normalize("NFKC", s),
    "html-entity": lambda s: _visible(html.unescape(s)),
}


def a_repair_does_what_its_rule_says(page: Page) -> None:
    assert {r["rule"] for r in page.repairs} <= {*_NEW_TEXT, "mojibake", "title-field"}
    for repair in page.repairs:
        if repair["rule"] in _NEW_TEXT and repair["start"] is not None:
            old = page.raw[repair["raw_start"] : repair["raw_end"]]
            assert page.text[repair["start"] : repair["end"]] == _NEW_TEXT[repair["rule"]](old)


def every_span_of_the_text_has_its_raw_span_and_back(page: Page) -> None:
    alignment = page.alignment()
    for segment in page.kept:
        low, high = _span(segment)
        # Every character of a short segment, some of a long one, and spans of growing length.
        for start in range(low, high, max((high - low) // 50, 1)):
            end = min(high, start + 1 + (start * 7) % 40)
            raw_start, raw_end = alignment.to_source(start, end)
            assert segment["raw_start"] <= raw_start <= raw_end <= segment["raw_end"]
            start, end = _whole_repairs(page, start, end)
            assert _replayed(page, (raw_start, raw_end), (start, end)) == page.text[start:end]
            if raw_start < raw_end:
                back = alignment.to_edited(raw_start, raw_end)
                assert back is not None
                assert _trimmed(page, back) == _trimmed(page, (start, end))


def _whole_repairs(page: Page, start: int, end: int) -> tuple[int, int]:
    """The span, widened to whole repairs: an offset inside one stands for all of it."""
    for repair in page.repairs:
        if repair["start"] is not None and repair["start"] < repair["end"]:
            if repair["start"] < start < repair["end"]:
                start = repair["start"]
            if repair["start"] < end < repair["end"]:
                end = repair["end"]
    return start, end


def _trimmed(page: Page, span: tuple[int, int]) -> tuple[int, int]:
    """The span without text at its ends that stands for no raw character (the space of a glued sentence)."""
    start, end = span
    inserted = {(r["start"], r["end"]) for r in page.repairs if r["raw_start"] == r["raw_end"]}
    for low, high in sorted((low, high) for low, high in inserted if low is not None):
        start = high if low <= start < high else start
        end = low if low < end <= high else end
    return start, end


def what_is_not_kept_has_no_place_in_the_text(page: Page) -> None:
    alignment = page.alignment()
    for segment in page.segments:
        if segment["start"] is None:
            assert alignment.to_edited(*_raw_span(segment)) is None
        elif segment["raw_start"] < segment["raw_end"]:
            assert alignment.to_edited(*_raw_span(segment)) == _span(segment)


def the_text_has_no_invisible_characters_or_odd_spaces(page: Page) -> None:
    assert set("\u00ad\u200b\u00a0") & set(page.text) == set()


_CHECKS = (
    segments_are_numbered_in_order_and_do_not_overlap,
    segments_cover_every_non_blank_character_exactly_once,
    text_is_the_kept_segments_joined,
    only_furniture_and_metadata_lie_outside_the_text,
    repairs_replayed_on_the_raw_span_give_the_text,
    a_repair_with_a_place_lies_inside_one_kept_segment,
    repairs_do_not_overlap,
    a_repair_does_what_its_rule_says,
    every_span_of_the_text_has_its_raw_span_and_back,
    what_is_not_kept_has_no_place_in_the_text,
    the_text_has_no_invisible_characters_or_odd_spaces,
)


@settings(many, max_examples=2000)
@given(any_page)
def test_every_invariant_holds_for_any_page(page: Page) -> None:
    for holds in _CHECKS:
        holds(page)


_LARGE = {
    "one line of words": "De premier sprak dinsdag in Minsk met de president over F-16’s en graan. ",
    "one line without a space": "abcdeé",
    "one line of right-to-left text": "قال الرئيس \u202bيوم\u202c الأربعاء في القاهرة. ",
    "one line of emoji": "👩🏽\u200d🚀🇳🇱❤️ ",
    "one line of control characters": "a\x00\x1b\x7f\u200b",
    "one line of mojibake": "Oekra&iuml;ne Ã©Ã©n â€žwoordâ€ ",
    "only furniture": "LEES OOK\nTop in Astana eindigt zonder akkoord\nDeel dit artikel\n3 reacties\n",
}


@pytest.mark.parametrize("name", _LARGE)
def test_a_megabyte_is_cleaned_with_nothing_lost(name: str) -> None:
    stretch = _LARGE[name]
    page = cleaned_page(stretch * (1_000_000 // len(stretch.encode()) + 1))
    segments_are_numbered_in_order_and_do_not_overlap(page)
    segments_cover_every_non_blank_character_exactly_once(page)
    text_is_the_kept_segments_joined(page)
    what_is_not_kept_has_no_place_in_the_text(page)
    try:
        check_dutch(page.raw)
    except RejectedInputError as error:
        assert error.detail.startswith("not Dutch")


@many
@given(raws, titles)
def test_the_same_input_gives_the_same_tables(raw: str, title: str | None) -> None:
    table = documents(raw, title=title)
    first, second = clean(table), clean(table)
    assert first == second
    for name in ("articles", "segments", "repairs"):
        check(name, getattr(first, name))


@many
@given(st.lists(st.one_of(_structured, _lines), min_size=2, max_size=4))
def test_a_document_does_not_depend_on_its_batch(raws: list[str]) -> None:
    table = documents(*raws)
    whole = clean(table)
    alone = [clean(table.slice(at, 1)) for at in range(table.num_rows)]
    for name in ("articles", "segments", "repairs"):
        rows = [row for batch in alone for row in getattr(batch, name).to_pylist()]
        assert getattr(whole, name).to_pylist() == rows


# --- Time ------------------------------------------------------------------------------------------


def _seconds(call: Callable[[], object]) -> float:
    """Seconds of this process, without the collector's."""
    gc.disable()
    start = time.process_time()
    call()
    seconds = time.process_time() - start
    gc.enable()
    return seconds


def _assert_linear(call: Callable[[int], Callable[[], object]], size: int, most: float = 12) -> None:
    """Ten times the input takes at most twelve times as long.

    Ten runs of the small one are timed against one of the large, right after each other: on a busy machine
    a pair of timings is fair at least once in ten, and superlinear work fails every time.
    """
    small, large = call(size), call(10 * size)
    ratios: list[float] = []
    for _ in range(10):
        ten_small = _seconds(lambda: [small() for _ in range(10)])
        ratios.append(10 * _seconds(large) / ten_small)
        if ratios[-1] <= most:
            return
    raise AssertionError(f"{min(ratios):.1f} times as long")


_STRETCHES = [
    "a", "A", "1", "-", "&", "Ã", ".", "'", "[", "„", "|", "@", "é", "…", "\n", " ", "\u00a0",
    "\u0301", "\u200b", "A ", "Ã ", " > ", ". '", "1 ", "AB-", "A (", "a.B", "a@", "a@b.", "o.",
    "&#1", "&amp;", "Ã©", "e\u0301 ", "e\u0301\u0323\u0301", "\u0301\u0323", "\ufb01", "(ANP) - ",
    "KIJK. ", "date 2022-12 ", "19-12-2022", "Door A", "Van Els ", "Foto: ", "cookie ", "aan.Bij, ",
    "https://x", "13 minuten geleden", "13 minuten geleden\n", "LEES OOK\n", "3 reacties\n",
    "Een kop zonder punt\n", "Ja.\n\n", "MINSK (ANP) - De president sprak.\n",
    "De president sprak dinsdag in Minsk met de premier van Armenië over de nieuwe douanerechten.\n",
]  # fmt: skip


@pytest.mark.parametrize("stretch", _STRETCHES)
def test_cleaning_takes_linear_time(stretch: str) -> None:
    def cleaning(size: int) -> Callable[[], object]:
        table = documents(f"e{stretch * (size // len(stretch))}")
        return lambda: clean(table)

    _assert_linear(cleaning, 4000)


def test_a_line_of_300_kilobytes_takes_linear_time() -> None:
    sentence = "De premier sprak dinsdag met de president (61) over F-16’s, 3.5 procent en Kyïv. "

    def cleaning(size: int) -> Callable[[], object]:
        table = documents(sentence * (size // len(sentence)))
        return lambda: clean(table)

    _assert_linear(cleaning, 30_000)


def test_aligning_takes_linear_time() -> None:
    line = "De\u00a0premier van Armenië sprak dinsdag in Minsk over de douanerechten.\n"

    def aligning(size: int) -> Callable[[], object]:
        cleaned = clean(documents(line * size))
        return lambda: alignments_of(cleaned.segments, cleaned.repairs)

    # Next to no work but the caches': square work would be a hundred times as long.
    _assert_linear(aligning, 2000, most=20)
