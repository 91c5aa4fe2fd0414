from __future__ import annotations

import html
import unicodedata
from collections.abc import Callable

from tests.documents import Page, Row, cleaned_page, documents
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.recognise import _alignments
from pipeline.schemas import check

many = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])


# --- What a scraped page can hold -----------------------------------------------------------------

_WORDS = st.sampled_from(
    [
        "De",
        "het",
        "een",
        "en",
        "van",
        "Rusland",
        "Oekraïne",
        "premier",
        "minister",
        "zei",
        "gisteren",
        "troepen.",
        "aangekomen.",
        "Minsk,",
        "NAVO",
        "CSTO",
        "F-16’s",
        "o.a.",
        "3.5",
        "„Wij",
        "gaan",
        "door”",
        "(ANP)",
        "-",
        "2019",
        "São",
        "Ångström",
        "McDonald",
        "iPhone",
        "...",
        "…",
        "info@krant.example",
        "https://krant.example/a?b=1&c=2",
        "👩\u200d👩\u200d👧",
        "x",
        "-",
        "|",
        ">",
        ":",
        ";",
    ]
)
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
_INVISIBLE = st.sampled_from(
    ["\xad", "\u200b", "\u200e", "\u2060", "\ufeff", "\u202a", "\u2066", "\x00", "\x1c", "\x7f"]
)
_BLANK = st.sampled_from(
    [
        " ",
        "\t",
        "\xa0",
        "\u2009",
        "\u202f",
        "\u3000",
        "\n",
        "\r\n",
        "\r",
        "\x0b",
        "\x0c",
        "\x85",
        "\u2028",
        "\u2029",
    ]
)
_ENTITY = st.sampled_from(
    ["&amp;", "&nbsp;", "&shy;", "&#8203;", "&euml;", "&#10;", "&#x1F600;", "&NewLine;", "&lt;b&gt;", "&x;"]
)
_ODD = st.sampled_from(
    ["e\u0301", "A\u030a", "o\u0308\u0323", "\ufb01nanciën", "ﬀ", "\u0301", "İ", "ß", "👨‍👩‍👧"]
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
_PIECE = st.one_of(
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
raws = st.one_of(st.text(), _structured, _structured, _lines, _only_furniture, _only_blank)
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


@many
@given(any_page)
def test_segments_are_numbered_in_order_and_do_not_overlap(page: Page) -> None:
    assert [s["segment"] for s in page.segments] == list(range(len(page.segments)))
    edges = [edge for s in page.segments for edge in _raw_span(s)]
    assert edges == sorted(edges)
    assert edges == [] or (edges[0] >= 0 and edges[-1] <= len(page.raw))


@many
@given(any_page)
def test_segments_cover_every_non_blank_character_exactly_once(page: Page) -> None:
    covered = bytearray(len(page.raw))
    for segment in page.segments:
        for at in range(*_raw_span(segment)):
            covered[at] += 1
    assert all(n <= 1 for n in covered)
    assert [c for c, n in zip(page.raw, covered, strict=True) if not n and not c.isspace()] == []


@many
@given(any_page)
def test_text_is_the_kept_segments_joined(page: Page) -> None:
    assert page.text == "\n\n".join(page.text[s["start"] : s["end"]] for s in page.kept)
    at = 0
    for segment in page.kept:
        assert segment["start"] == at
        assert segment["end"] > at
        at = segment["end"] + 2
    assert page.text == "" or at == len(page.text) + 2


@many
@given(any_page)
def test_only_furniture_and_metadata_lie_outside_the_text(page: Page) -> None:
    for segment in page.segments:
        outside = segment["zone"] in {"furniture", "metadata"}
        assert (segment["start"] is None) == outside
        assert (segment["end"] is None) == outside


@many
@given(any_page)
def test_repairs_replayed_on_the_raw_span_give_the_text(page: Page) -> None:
    for segment in page.kept:
        text = page.text[segment["start"] : segment["end"]]
        assert _replayed(page, _raw_span(segment), _span(segment)) == text


@many
@given(any_page)
def test_a_repair_with_a_place_lies_inside_one_kept_segment(page: Page) -> None:
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


@many
@given(any_page)
def test_repairs_do_not_overlap(page: Page) -> None:
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
    "ligature": lambda s: unicodedata.normalize("NFKC", s),
    "html-entity": lambda s: _visible(html.unescape(s)),
}


@many
@given(any_page)
def test_a_repair_does_what_its_rule_says(page: Page) -> None:
    assert {r["rule"] for r in page.repairs} <= {*_NEW_TEXT, "mojibake", "title-field"}
    for repair in page.repairs:
        if repair["rule"] in _NEW_TEXT and repair["start"] is not None:
            old = page.raw[repair["raw_start"] : repair["raw_end"]]
            assert page.text[repair["start"] : repair["end"]] == _NEW_TEXT[repair["rule"]](old)


@many
@given(any_page, st.data())
def test_every_span_of_the_text_has_its_raw_span(page: Page, data: st.DataObject) -> None:
    alignments = _alignments(page.kept, page.repairs)
    for segment in page.kept:
        start = data.draw(st.integers(segment["start"], segment["end"] - 1))
        end = data.draw(st.integers(start + 1, segment["end"]))
        raw_start, raw_end = alignments["a0000"].to_source(start, end)
        assert segment["raw_start"] <= raw_start <= raw_end <= segment["raw_end"]
        # An offset inside a repair stands for the whole of it.
        for repair in page.repairs:
            if repair["start"] is not None and repair["start"] < repair["end"]:
                if repair["start"] < start < repair["end"]:
                    start = repair["start"]
                if repair["start"] < end < repair["end"]:
                    end = repair["end"]
        assert _replayed(page, (raw_start, raw_end), (start, end)) == page.text[start:end]


@many
@given(any_page)
def test_the_text_has_no_invisible_characters_or_odd_spaces(page: Page) -> None:
    assert set("\u00ad\u200b\u00a0") & set(page.text) == set()


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
