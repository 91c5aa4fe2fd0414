"""Tables made from texts, for the tests of the stages behind read."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from pipeline.clean import clean
from pipeline.offsets import Alignment, alignments_of
from pipeline.schemas import table_from_rows

Row = dict[str, Any]


def documents(
    *raws: str,
    title: str | None = None,
    published: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    source: str = "",
) -> pa.Table:
    """The table `documents` of these raw texts; their ids are a0000, a0001, …"""
    rows: list[dict[str, object]] = [
        {
            "article_id": f"a{number:04}",
            "source": source or f"a{number:04}.txt",
            "raw": raw,
            "encoding": "utf-8",
            "format": "txt",
            "title": title,
            "published": published,
            "url": url,
            "outlet": outlet,
            "markup": None,
            "raw_sha256": hashlib.sha256(raw.encode()).hexdigest(),
        }
        for number, raw in enumerate(raws)
    ]
    return table_from_rows("documents", rows)


@dataclass(frozen=True, slots=True)
class Page:
    """One cleaned text: its raw form and its rows of the three tables."""

    raw: str
    article: Row
    segments: list[Row]
    repairs: list[Row]

    @property
    def text(self) -> str:
        """The clean text."""
        return str(self.article["text"])

    @property
    def kept(self) -> list[Row]:
        """The segments that the text is made of."""
        return [segment for segment in self.segments if segment["start"] is not None]

    def alignment(self) -> Alignment:
        """The way from offsets in the text to offsets in raw, as recognise finds it."""
        segments = table_from_rows("segments", self.segments)
        repairs = table_from_rows("repairs", self.repairs)
        return alignments_of(segments, repairs).get(self.article["article_id"], Alignment([]))

    def zones(self) -> list[tuple[str, str]]:
        """Each segment's zone and raw text."""
        return [(s["zone"], self.raw[s["raw_start"] : s["raw_end"]]) for s in self.segments]


def cleaned_page(
    raw: str,
    *,
    title: str | None = None,
    published: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    source: str = "",
) -> Page:
    """The raw text of one document, cleaned."""
    table = documents(raw, title=title, published=published, url=url, outlet=outlet, source=source)
    cleaned = clean(table)
    (article,) = cleaned.articles.to_pylist()
    return Page(raw, article, cleaned.segments.to_pylist(), cleaned.repairs.to_pylist())
