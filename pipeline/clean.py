"""Stage clean: `documents` to `articles`, `segments` and `repairs`.

Raw text is repaired (each repair an edit with its place), its lines get zones, and title, body,
headings and captions make up the clean text. Nothing is thrown away: furniture and metadata stay in
`segments`, and every offset of the text has its raw one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.cleaning.dates import Published, date_in_path, parse_date
from pipeline.cleaning.outlet_lines import line_hash, outlet_lines, shared_lines
from pipeline.cleaning.repairs import find_edits
from pipeline.cleaning.sources import agency_and_dateline, outlet_of_page
from pipeline.cleaning.stories import assign_stories, sketches_of
from pipeline.cleaning.translationese import machine_translated
from pipeline.cleaning.zones import Part, zone_parts
from pipeline.offsets import Edited, apply_edits
from pipeline.schemas import TEXT_ZONES, Precision, Zone, table_from_rows

Row = dict[str, object]

#: Stands between two segments of the text: a sentence never runs from one into the next.
SEPARATOR = "\n\n"
#: Rules of segments that are no part of the page's lines.
TITLE_FIELD, INVISIBLE = "title-field", "invisible"


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The tables of the stage."""

    articles: pa.Table
    segments: pa.Table
    repairs: pa.Table


@dataclass(frozen=True, slots=True)
class Segment:
    """A part with its place in raw and, when it is kept, in the text."""

    zone: Zone
    rule: str
    raw: tuple[int, int]
    text: tuple[int, int] | None


def clean(documents: pa.Table, *, shared: pa.Table | None = None) -> Cleaned:
    """The tables `articles` (with `story_id` = `article_id`, see `stories`), `segments`, `repairs`.

    Args:
        documents: the table of that name, or any part of it.
        shared: lines that are furniture in an article, learned over the corpus (see `outlet_lines`).
    """
    furniture: defaultdict[str, set[int]] = defaultdict(set)
    for row in shared.to_pylist() if shared is not None else []:
        furniture[row["article_id"]].add(row["line"])
    articles: list[Row] = []
    segments: list[Row] = []
    repairs: list[Row] = []
    for document in documents.to_pylist():
        known = furniture.get(document["article_id"])
        _clean_document(document, known, articles, segments, repairs)
    return Cleaned(
        table_from_rows("articles", articles),
        table_from_rows("segments", segments),
        table_from_rows("repairs", repairs),
    )


def clean_corpus(documents: pa.Table) -> Cleaned:
    """`clean` with what only the whole corpus tells: stories, and each outlet's own furniture.

    Articles with a line that many stories of their outlet share are cleaned again without it.
    """
    first = clean(documents)
    sketches = sketches_of(first.articles)
    articles = assign_stories(first.articles, sketches)
    shared = shared_lines(outlet_lines(articles, first.segments), articles)
    if not shared.num_rows:
        return Cleaned(articles, first.segments, first.repairs)
    touched = pc.unique(shared.column("article_id"))
    again = clean(documents.filter(pc.is_in(documents.column("article_id"), touched)), shared=shared)
    tables = {
        name: pa.concat_tables([_without(getattr(first, name), touched), getattr(again, name)])
        for name in ("articles", "segments", "repairs")
    }
    sketches = pa.concat_tables([_without(sketches, touched), sketches_of(again.articles)])
    return Cleaned(assign_stories(tables["articles"], sketches), tables["segments"], tables["repairs"])


def _without(table: pa.Table, touched: pa.Array) -> pa.Table:
    return table.filter(pc.invert(pc.is_in(table.column("article_id"), touched)))


def _clean_document(
    document: dict[str, str],
    furniture: set[int] | None,
    articles: list[Row],
    segments: list[Row],
    repairs: list[Row],
) -> None:
    article = document["article_id"]
    raw, given_title = document["raw"], _one_line(document["title"])
    markup = document["markup"]
    repaired = apply_edits(raw, find_edits(raw, unwrap=not markup))
    hints = _hints(repaired.text, markup) if markup else None
    shared = (lambda line: line_hash(line) in furniture) if furniture else None
    parts = zone_parts(repaired.text, title=given_title, hints=hints, shared=shared)
    lead = given_title if given_title and not _has_title(parts) else ""
    rows = _lay_out(raw, repaired, parts, lead)
    text = _text(repaired, parts, lead)
    edits = _placed_edits(repaired, parts, rows, lead)
    for number, row in enumerate(rows):
        segments.append(
            {
                "article_id": article,
                "segment": number,
                "zone": row.zone.value,
                "raw_start": row.raw[0],
                "raw_end": row.raw[1],
                "start": row.text[0] if row.text else None,
                "end": row.text[1] if row.text else None,
                "rule": row.rule,
            }
        )
    repairs.extend({"article_id": article, **edit} for edit in edits)
    title = lead or next((_of(repaired, p) for p in parts if p.zone is Zone.TITLE), None)
    articles.append(_article_row(document, repaired, parts, text, title))


def _hints(text: str, markup: str) -> dict[int, str]:
    """The letters of the markup by the offset of the first visible character of their line."""
    hints: dict[int, str] = {}
    at = 0
    for line, letter in zip(text.split("\n"), markup, strict=False):
        hints[at + len(line) - len(line.lstrip())] = letter
        at += len(line) + 1
    return hints


def _one_line(title: str | None) -> str | None:
    """A title given beside the text, repaired and on one line; None if blank."""
    return " ".join(apply_edits(title, find_edits(title)).text.split()) or None if title else None


def _has_title(parts: Iterable[Part]) -> bool:
    return any(part.zone is Zone.TITLE and part.rule == "title-given" for part in parts)


def _of(repaired: Edited, part: Part) -> str:
    return repaired.text[part.start : part.end]


def _text(repaired: Edited, parts: Iterable[Part], lead: str) -> str:
    kept = [_of(repaired, part) for part in parts if part.zone in TEXT_ZONES]
    return SEPARATOR.join([lead, *kept] if lead else kept)


def _lay_out(raw: str, repaired: Edited, parts: list[Part], lead: str) -> list[Segment]:
    """The segments in order; what repairs took out between two parts is a segment of its own."""
    segments: list[Segment] = []
    at = at_raw = 0
    if lead:
        segments.append(Segment(Zone.TITLE, TITLE_FIELD, (0, 0), (0, len(lead))))
        at = len(lead) + len(SEPARATOR)
    for part in parts:
        span = repaired.alignment.to_source(part.start, part.end)
        place = None
        if part.zone in TEXT_ZONES:
            place = (at, at + part.end - part.start)
            at = place[1] + len(SEPARATOR)
        segments += _invisible(raw, at_raw, span[0])
        segments.append(Segment(part.zone, part.rule, span, place))
        at_raw = span[1]
    return segments + _invisible(raw, at_raw, len(raw))


def _invisible(raw: str, start: int, end: int) -> list[Segment]:
    """What stands in raw between two parts, unless it is blank: "\ufeffDe Russische president"."""
    piece = raw[start:end]
    if not piece.strip():
        return []
    span = (start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip()))
    return [Segment(Zone.FURNITURE, INVISIBLE, span, None)]


def _placed_edits(repaired: Edited, parts: list[Part], rows: list[Segment], lead: str) -> list[Row]:
    """The repairs with their place in the text; null where it lies outside the text."""
    edits: list[Row] = []
    if lead:
        edits.append(_edit_row((0, 0), (0, len(lead)), TITLE_FIELD))
    own = [row for row in rows if row.rule not in {TITLE_FIELD, INVISIBLE}]
    placed = list(zip(parts, own, strict=True))
    at = 0
    for raw_start, raw_end, start, end, rule in repaired.places:
        while at < len(placed) and placed[at][1].raw[1] < raw_end:
            at += 1
        place = None
        if at < len(placed) and placed[at][1].raw[0] <= raw_start:
            part, row = placed[at]
            if row.text:
                shift = row.text[0] - part.start
                low, high = row.text
                place = (min(max(start + shift, low), high), min(max(end + shift, low), high))
        edits.append(_edit_row((raw_start, raw_end), place, rule))
    return edits


def _edit_row(raw: tuple[int, int], place: tuple[int, int] | None, rule: str) -> Row:
    return {
        "raw_start": raw[0],
        "raw_end": raw[1],
        "start": place[0] if place else None,
        "end": place[1] if place else None,
        "rule": rule,
    }


def _article_row(
    document: dict[str, str], repaired: Edited, parts: list[Part], text: str, title: str | None
) -> Row:
    published = _published(document, repaired, parts)
    labelled = [(part.zone, _of(repaired, part)) for part in parts]
    agency, dateline = agency_and_dateline(labelled)
    return {
        "article_id": document["article_id"],
        "source": document["source"],
        "outlet": document["outlet"] or _host(document["url"]) or outlet_of_page(labelled),
        "title": title,
        "published": published.date if published else None,
        "published_precision": published.precision.value if published else None,
        "agency": agency,
        "dateline": dateline,
        "story_id": document["article_id"],
        "text": text,
        "n_words": len(text.split()),
        "machine_translated": machine_translated(
            text, (line for zone, line in labelled if zone not in TEXT_ZONES)
        ),
        "raw_sha256": document["raw_sha256"],
    }


def _host(url: str | None) -> str | None:
    """The site's host, where the input gave an address."""
    match = re.match(r"https?://(?:www\.)?([^/:?#]+)", url or "")
    return match[1].lower() if match else None


def _published(document: dict[str, str], repaired: Edited, parts: list[Part]) -> Published | None:
    """The date by the input's own field, else by the page's date lines, else by path and address."""
    if document["published"]:
        found = parse_date(document["published"])
        if found:
            return found
    dates = [parse_date(_of(repaired, part)) for part in parts if part.zone is Zone.METADATA]
    known = [date for date in dates if date]
    if known:
        # "date 2023-06" in front, "Zaterdag 17 juni 2023" below the title
        return next((date for date in known if _refines(date, known[0])), known[0])
    return date_in_path(document["url"] or "") or date_in_path(document["source"])


def _refines(date: Published, other: Published) -> bool:
    """Whether a date is a day of the month or year that the other says."""
    if date.precision is not Precision.DAY or date.date.year != other.date.year:
        return False
    return other.precision is Precision.YEAR or date.date.month == other.date.month
