from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.clean import clean
from pipeline.read import read
from pipeline.reading.html_text import Page, read_page
from pipeline.settings import Settings
from tests.test_stories import FLOOD, RAIL


def page(body: str, head: str = "<title>Dorpen onder water | De Lantaarn</title>") -> Page:
    found = read_page(f'<html lang="nl"><head>{head}</head><body>{body}</body></html>')
    assert found is not None
    return found


def lines(body: str, head: str = "<title>Dorpen onder water | De Lantaarn</title>") -> list[tuple[str, str]]:
    found = page(body, head)
    return list(zip(found.markup, found.text.split("\n"), strict=True))


def article(inside: str = "") -> str:
    return f"<article><h1>Dorpen onder water</h1><p>{FLOOD}</p>{inside}<p>{RAIL}</p></article>"


def test_every_visible_line_is_there_and_nothing_unseen() -> None:
    found = lines(
        '<nav><a href="/">Voorpagina</a><a href="/s">Sport</a></nav><script>var x = "geheim";</script>'
        f"<noscript>Zet aan</noscript><!-- opmerking -->{article()}<p hidden>Verborgen</p>"
        "<footer>© 2024 De Lantaarn</footer>"
    )
    assert found == [
        ("f", "Voorpagina Sport"),
        ("t", "Dorpen onder water"),
        ("p", FLOOD),
        ("p", RAIL),
        ("f", "© 2024 De Lantaarn"),
    ]


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<h2>Dijken</h2>", ("h", "Dijken")),
        ("<p><strong>Dijken</strong></p>", ("-", "Dijken")),
        ("<figure><img alt='x'><figcaption>De dijk. <span>Foto: ANP</span></figcaption></figure>", ("c", "De dijk. Foto: ANP")),
        ('<div class="related-list"><ul><li><a href="/x">Drie vragen</a></li></ul></div>', ("f", "Drie vragen")),
        ('<ul><li><a href="/x">Drie vragen over water</a></li></ul>', ("f", "Drie vragen over water")),
        ("<ul><li>twee pompen</li></ul>", ("p", "twee pompen")),
        ("<table><tr><td>Cahul</td><td>40</td></tr></table>", ("p", "Cahul 40")),
        ('<time datetime="2024-03-05">5 maart 2024</time>', ("m", "5 maart 2024")),
        ("<aside><p>Meest gelezen</p></aside>", ("f", "Meest gelezen")),
        ("<p>Volgens <a href='/b'>Belga</a> zakt het water.</p>", ("p", "Volgens Belga zakt het water.")),
        ("<p>regel een<br>regel twee</p>", ("p", "regel een")),
    ],
)  # fmt: skip
def test_what_the_markup_says_of_a_line(markup: str, expected: tuple[str, str]) -> None:
    assert expected in lines(article(markup))


def test_a_class_on_the_frame_of_the_page_is_not_about_its_article() -> None:
    found = lines(f'<div class="has-sidebar related">{article()}</div>')
    assert ("p", FLOOD) in found


def test_the_headline_that_the_tab_shows_wins_from_the_site_s_own_h1() -> None:
    body = f"<header><h1>De Lantaarn</h1></header><main><h2>Dorpen onder water</h2><p>{FLOOD}</p><p>{RAIL}</p></main>"
    found = page(body)
    assert found.title == "Dorpen onder water"
    assert ("t", "Dorpen onder water") in lines(body)
    assert ("t", "De Lantaarn") not in lines(body)


def test_paragraphs_below_the_article_are_furniture() -> None:
    comment = "Ik woon daar zelf en ik kan u zeggen dat de dijk al jaren lekt, maar niemand doet er iets aan."
    found = lines(f'{article()}<section id="reacties"><h3>2 reacties</h3><p>{comment}</p></section>')
    assert ("f", comment) in found


@pytest.mark.parametrize("markup", ["", "<html></html>", "<html><body></body></html>"])
def test_no_article_is_no_page(markup: str) -> None:
    assert read_page(markup) is None


def test_a_page_goes_into_the_same_zones(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(
        "<html lang='nl'><head><title>Dorpen onder water</title></head><body><nav>Menu</nav>"
        + article("<p>Lees ook: Drie vragen over de dijk</p><h2>Pompen</h2>")
        + "</body></html>",
        encoding="utf-8",
    )
    documents, _ = read(path, settings=Settings())
    cleaned = clean(documents)
    (row,) = cleaned.articles.to_pylist()
    assert row["text"] == f"Dorpen onder water\n\n{FLOOD}\n\nPompen\n\n{RAIL}"
    assert [s["zone"] for s in cleaned.segments.to_pylist()] == [
        "furniture", "title", "body", "furniture", "heading", "body",
    ]  # fmt: skip
