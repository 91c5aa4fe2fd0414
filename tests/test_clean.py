from __future__ import annotations

import datetime
import gc
import hashlib
import html
import time
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.clean import clean
from pipeline.offsets import alignments_of
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
    alignment = page.alignment()
    for segment in page.kept:
        start = data.draw(st.integers(segment["start"], segment["end"] - 1))
        end = data.draw(st.integers(start + 1, segment["end"]))
        raw_start, raw_end = alignment.to_source(start, end)
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


# --- Time ------------------------------------------------------------------------------------------


def _seconds(call: Callable[[], object], at_most: float = 0.0) -> float:
    """The best of three timings, or the first that is good enough, in seconds of this process."""
    best = float("inf")
    gc.disable()
    for _ in range(3):
        start = time.process_time()
        call()
        best = min(best, time.process_time() - start)
        if best <= at_most:
            break
    gc.enable()
    return best


def _assert_linear(call: Callable[[int], Callable[[], object]], size: int) -> None:
    """Ten times the input takes at most fifteen times as long."""
    limit = 15 * max(_seconds(call(size)), 0.0002)
    assert _seconds(call(10 * size), limit) <= limit


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

    _assert_linear(cleaning, 3000)


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

    _assert_linear(aligning, 200)


# --- Examples --------------------------------------------------------------------------------------

_BODY = "De premier van Armenië sprak dinsdag met de minister van Handel over de nieuwe douanerechten."


def test_a_whole_page() -> None:
    raw = (
        "Top in\u00a0Minsk\r\n"
        "19 december 2022\r\n"
        "MINSK (ANP) - De president sprak over de oorlog in OekraÃ¯ne en de samen\u00adwerking.Niemand "
        "tekende, zei hij.\r\n"
        "Lees ook: Top in Astana\r\n"
    )
    page = cleaned_page(raw)
    body = (
        "MINSK (ANP) - De president sprak over de oorlog in Oekraïne en de samenwerking. Niemand tekende, "
        "zei hij."
    )
    assert page.text == f"Top in Minsk\n\n{body}"
    assert page.article == {
        "article_id": "a0000",
        "source": "a0000.txt",
        "outlet": None,
        "title": "Top in Minsk",
        "published": datetime.date(2022, 12, 19),
        "published_precision": "day",
        "agency": "ANP",
        "dateline": "MINSK",
        "story_id": "a0000",
        "text": page.text,
        "n_words": 21,
        "raw_sha256": hashlib.sha256(raw.encode()).hexdigest(),
    }
    assert page.zones() == [
        ("title", "Top in\u00a0Minsk"),
        ("metadata", "19 december 2022"),
        ("body", raw[raw.index("MINSK (") : raw.index("\r\nLees")]),
        ("furniture", "Lees ook: Top in Astana"),
    ]
    places = [(raw[r["raw_start"] : r["raw_end"]], r["start"], r["end"], r["rule"]) for r in page.repairs]
    assert places == [
        ("\u00a0", 6, 7, "space"),
        ("Ã¯", 70, 71, "mojibake"),
        ("\u00ad", 85, 85, "invisible"),
        ("", 93, 94, "glued"),
    ]


@pytest.mark.parametrize(
    "raw",
    [
        f"\ufeff\n\n{_BODY}",
        f"\u200b \n{_BODY}\n \u200b\n\u00ad\n",
        f"{_BODY} \u200b \n\u00ad \n&nbsp;\n{_BODY}",
        f"\t\u200b{_BODY}\u200b\t",
    ],
)
def test_invisible_characters_around_the_lines(raw: str) -> None:
    page = cleaned_page(raw)
    assert page.text == "\n\n".join([_BODY] * raw.count(_BODY))
    alignment = page.alignment()
    for segment in page.kept:
        low, high = alignment.to_source(segment["start"], segment["end"])
        assert raw[low:high] == _BODY


@pytest.mark.parametrize("raw", ["", "  \n", "\u200b", "\ufeff\n\u00ad"])
def test_a_page_without_visible_text(raw: str) -> None:
    page = cleaned_page(raw)
    assert page.text == ""
    assert page.article["title"] is None
    assert page.article["n_words"] == 0


def test_a_title_field_is_kept_where_the_page_is_blank() -> None:
    page = cleaned_page("\u200b", title="Top in Minsk")
    assert page.text == "Top in Minsk"
    assert [(s["zone"], s["start"], s["end"]) for s in page.segments] == [
        ("title", 0, 12),
        ("furniture", None, None),
    ]


@pytest.mark.parametrize(
    ("field", "title"),
    [
        ("  Top\n in  Minsk ", "Top in Minsk"),
        ("Top in\u00a0Oekra\u00adïne\u200b", "Top in Oekraïne"),
        ("Top in Oekra&iuml;ne", "Top in Oekraïne"),
        ("Top in OekraÃ¯ne", "Top in Oekraïne"),
    ],
)
def test_a_title_field_is_repaired(field: str, title: str) -> None:
    page = cleaned_page(_BODY, title=field)
    assert page.article["title"] == title
    assert page.text == f"{title}\n\n{_BODY}"


@pytest.mark.parametrize("field", [None, "", " \n", "\u00a0", "\u200b", "\u00ad \ufeff"])
def test_a_blank_title_field_is_none(field: str | None) -> None:
    page = cleaned_page(_BODY, title=field)
    assert page.article["title"] is None
    assert page.text == _BODY


@pytest.mark.parametrize(
    ("raw", "published", "url", "source", "expected"),
    [
        (
            f"Top\n18-12-2022\n{_BODY}",
            "19 december 2022",
            "https://x.example/2022/12/17/t",
            "",
            (19, "day"),
        ),
        (f"Top\n18-12-2022\n{_BODY}", "woensdag", "https://x.example/2022/12/17/t", "", (18, "day")),
        (f"Top\n{_BODY}", None, "https://x.example/2022/12/17/t", "2022-12-16.txt", (17, "day")),
        (f"Top\n{_BODY}", None, "https://x.example/top", "2022-12-16.txt", (16, "day")),
        (f" date 2022-12 {_BODY}", None, None, "", (1, "month")),
    ],
    ids=["field", "page", "address", "path", "prefix"],
)
def test_where_the_date_comes_from(
    raw: str, published: str | None, url: str | None, source: str, expected: tuple[int, str]
) -> None:
    article = cleaned_page(raw, published=published, url=url, source=source).article
    day, precision = expected
    assert article["published"] == datetime.date(2022, 12, day)
    assert article["published_precision"] == precision


@pytest.mark.parametrize(
    "raw", [_BODY, f"Top\nwoensdag\n{_BODY}", f"Top\n30-02-2022\n{_BODY}", f"3 mei 2099\n{_BODY}"]
)
def test_an_article_without_a_date(raw: str) -> None:
    article = cleaned_page(raw).article
    assert (article["published"], article["published_precision"]) == (None, None)


@pytest.mark.parametrize(
    ("raw", "agency", "dateline"),
    [
        (f"Top\nMINSK (ANP) - {_BODY}", "ANP", "MINSK"),
        (f"Top\nDEN HAAG (ANP/AFP) – {_BODY}", "ANP/AFP", "DEN HAAG"),
        (f"Top\nST.-PETERSBURG (TASS) - {_BODY}", "TASS", "ST.-PETERSBURG"),
        (f"Top\n{_BODY}\n(Belga)", "Belga", None),
        (f"Top\n{_BODY}\nBron: Reuters", "Reuters", None),
        (f"Top\n{_BODY} (AFP)", "AFP", None),
        (f"Top\n{_BODY}", None, None),
        (f"Top\n{_BODY} De NAVO (Noord-Atlantische Verdragsorganisatie) zweeg.", None, None),
        (f"Top bij het ANP\n{_BODY}", None, None),
    ],
)
def test_agency_and_dateline(raw: str, agency: str | None, dateline: str | None) -> None:
    article = cleaned_page(raw).article
    assert (article["agency"], article["dateline"]) == (agency, dateline)


@pytest.mark.parametrize(
    ("outlet", "url", "expected"),
    [
        ("Zuidpost", "https://www.krant.example/top", "Zuidpost"),
        (None, "https://www.krant.example/top", "krant.example"),
        (None, "http://Nieuws.Krant.example:8080?x=1", "nieuws.krant.example"),
        (None, "krant.example/top", None),
        (None, None, None),
    ],
)
def test_the_outlet_is_the_input_s_own_or_the_site_s_host(
    outlet: str | None, url: str | None, expected: str | None
) -> None:
    assert cleaned_page(_BODY, outlet=outlet, url=url).article["outlet"] == expected


def test_no_documents_give_empty_tables() -> None:
    cleaned = clean(documents())
    assert (cleaned.articles.num_rows, cleaned.segments.num_rows, cleaned.repairs.num_rows) == (0, 0, 0)
