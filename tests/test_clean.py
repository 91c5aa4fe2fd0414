from __future__ import annotations

import datetime
import hashlib

import pytest

from pipeline.clean import clean
from tests.documents import cleaned_page, documents

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
        "machine_translated": 0.0,
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
