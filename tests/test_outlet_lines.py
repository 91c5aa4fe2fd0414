from __future__ import annotations

from typing import Any

import pyarrow as pa

from pipeline.bench.recognising import sentences
from pipeline.clean import clean, clean_corpus
from pipeline.cleaning.outlet_lines import line_hash, outlet_lines, shared_lines
from pipeline.schemas import check
from tests.documents import documents
from tests.test_stories import FLOOD, RAIL

PLACES = ["Minsk", "Astana", "Tbilisi", "Jerevan", "Bakoe", "Chisinau", "Riga", "Vilnius", "Tallinn", "Kiev"]
#: Says nothing by its words that a rule would know it by.
MOTTO = "Zo helder als het water tussen de dijken, elke dag van de week weer opnieuw voor iedereen."


_SENTENCES = sentences(3_000)


def _article(place: str, number: int) -> str:
    """An article like no other: a headline and two paragraphs of five sentences."""
    own = _SENTENCES[10 * number : 10 * number + 10]
    return f"Minister bezoekt {place} en praat over graan\n{' '.join(own[:5])}\n{' '.join(own[5:])}\n"


def _pages(*, with_motto: int = 10, heading: int = 0) -> list[str]:
    pages = []
    for number, place in enumerate(PLACES):
        lines = _article(place, number).splitlines()
        if number < heading:
            lines.insert(2, "Oorlog")
        if number < with_motto:
            lines.insert(2, MOTTO)
        pages.append("\n".join(lines))
    return pages


def _zones_of(table: pa.Table, raws: list[str], text: str) -> list[Any]:
    """The zone of the line `text` in each page that has it."""
    return [
        s["zone"]
        for s in table.to_pylist()
        if raws[int(s["article_id"][1:])][s["raw_start"] : s["raw_end"]] == text
    ]


def test_a_line_that_an_outlet_s_articles_share_is_furniture() -> None:
    raws = _pages()
    cleaned = clean_corpus(documents(*raws, outlet="Waterbode"))
    assert _zones_of(clean(documents(*raws)).segments, raws, MOTTO) == ["body"] * 10
    assert _zones_of(cleaned.segments, raws, MOTTO) == ["furniture"] * 10
    assert all(MOTTO not in text for text in cleaned.articles.column("text").to_pylist())
    for name in ("articles", "segments", "repairs"):
        check(name, getattr(cleaned, name))


def test_two_stories_are_too_few() -> None:
    raws = _pages(with_motto=2)
    assert _zones_of(clean_corpus(documents(*raws, outlet="Waterbode")).segments, raws, MOTTO) == ["body"] * 2


def test_a_short_line_must_be_shared_by_more() -> None:
    for heading, zone in ((3, "heading"), (4, "furniture")):
        raws = _pages(with_motto=0, heading=heading)
        found = _zones_of(clean_corpus(documents(*raws, outlet="Waterbode")).segments, raws, "Oorlog")
        assert found == [zone] * heading


def test_wire_copy_is_one_story_however_many_articles_have_it() -> None:
    raws = [f"Kop nummer {n}\n{FLOOD}" for n in "abcdefgh"]
    cleaned = clean_corpus(documents(*raws, outlet="Waterbode"))
    assert _zones_of(cleaned.segments, raws, FLOOD) == ["body"] * 8
    assert set(cleaned.articles.column("story_id").to_pylist()) == {"a0000"}


def test_outlets_do_not_learn_from_each_other() -> None:
    raws = _pages(with_motto=2)
    tables = [documents(*raws, outlet=name, source=f"{name}.txt") for name in ("A", "B")]
    renamed = tables[1].set_column(0, "article_id", pa.array([f"b{n:04}" for n in range(10)]))
    both = pa.concat_tables([tables[0], renamed.cast(tables[0].schema)])
    first = clean(both)
    lines = outlet_lines(first.articles, first.segments)
    assert shared_lines(lines, first.articles).num_rows == 0


def test_the_order_of_the_corpus_does_not_matter() -> None:
    table = documents(*_pages(heading=5), FLOOD, RAIL, outlet="Waterbode")
    forth, back = clean_corpus(table), clean_corpus(table.take(list(reversed(range(table.num_rows)))))
    for name, key in (("articles", "article_id"), ("segments", "segment"), ("repairs", "raw_start")):
        order = [("article_id", "ascending"), (key, "ascending")]
        assert getattr(forth, name).sort_by(order) == getattr(back, name).sort_by(order)


def test_a_line_is_known_again_by_its_words() -> None:
    assert line_hash("12 Reacties") == line_hash("7  reacties")
    assert line_hash("reacties") != line_hash("reactie")


def test_the_folder_stands_for_an_unknown_outlet() -> None:
    cleaned = clean(documents(FLOOD, source="delta/2024/a.txt"))
    assert outlet_lines(cleaned.articles, cleaned.segments).column("outlet").to_pylist() == ["delta/2024"]
    cleaned = clean(documents(FLOOD, source="delta/archief.csv#12"))
    assert outlet_lines(cleaned.articles, cleaned.segments).column("outlet").to_pylist() == [
        "delta/archief.csv"
    ]
