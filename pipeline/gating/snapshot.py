"""What a run gave, in the form that the gate pins and runs again: text, zones, names found, links, counts.

In: the tables of a run, with the mentions before linking. Out: a `Snapshot`, to and from text files. Articles
go by `source`, so that the files read well; sentences by their place in the text, which is kept once, in the
segments.
"""

from __future__ import annotations

import datetime
import itertools
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.gating.tsv import Columns, Row, read_rows, write_rows
from pipeline.schemas import TABLES, Label, LinkReason, table_from_rows

#: Stands in `articles.text` between two segments.
_SEPARATOR = "\n\n"
#: The files of a snapshot and their columns; with True, rows stand in blocks by article.
_FILES: dict[str, tuple[Columns, bool]] = {
    "articles": (
        {
            "article_id": str, "raw_sha256": str, "outlet": str, "published": datetime.date,
            "published_precision": str, "agency": str, "dateline": str, "story_id": str, "title": str,
        },
        False,
    ),
    "segments": (
        {"zone": str, "raw_start": int, "raw_end": int, "start": int, "end": int, "text": str},
        True,
    ),
    "repairs": ({"raw_start": int, "raw_end": int, "start": int, "end": int}, True),
    "mentions": (
        {
            "start": int, "end": int, "raw_start": int, "raw_end": int, "text": str,
            "found": str, "score": float, "recogniser": str, "sentence": int, "from": int, "to": int,
            "label": str, "entity_id": str, "link_reason": str, "role": str,
        },
        True,
    ),
    "counts": (
        {
            "entity_id": str, "name": str, "kind": str, "country": str, "month": datetime.date,
            "n_mentions": int, "n_articles": int, "n_stories": int,
        },
        False,
    ),
}  # fmt: skip
#: What a recogniser says of a mention (`found` is its label), and what linking says.
_FOUND = ("found", "score", "recogniser", "sentence", "from", "to")
_LINKED = ("label", "entity_id", "link_reason", "role")
#: What is no result of itself: the way to it, and scores, whose last digits depend on the processor.
_ASIDE = {"score", "recogniser", "found", "sentence", "from", "to"}


@dataclass(frozen=True)
class Snapshot:
    """Rows by file: articles, segments, repairs, mentions (found and linked), counts."""

    rows: Mapping[str, list[Row]]

    def save(self, folder: Path) -> None:
        """Write the files into `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, (columns, blocks) in _FILES.items():
            write_rows(
                folder / f"{name}.tsv", self.rows[name], columns, block="article_id" if blocks else None
            )

    def results(self, name: str) -> dict[str, list[tuple[object, ...]]]:
        """The results in a file, by article (counts: by entity), in a form to compare."""
        columns = [column for column in _FILES[name][0] if column not in _ASIDE]
        by: defaultdict[str, list[tuple[object, ...]]] = defaultdict(list)
        for row in self.rows[name]:
            if name != "mentions" or row["label"] is not None:
                by[row["entity_id" if name == "counts" else "article_id"]].append(
                    tuple(row[c] for c in columns)
                )
        return by

    def tables(self, articles: Collection[str]) -> dict[str, pa.Table]:
        """The tables that recognise and link take, for these articles: mentions are not linked."""
        rows = {
            name: [row for row in rows if row.get("article_id") in articles]
            for name, rows in self.rows.items()
        }
        texts = self.texts()
        whole = {r["article_id"]: r | {"text": texts[r["article_id"]]} for r in rows["articles"]}
        within: defaultdict[str, list[Row]] = defaultdict(list)
        for segment in rows["segments"]:
            within[segment["article_id"]].append(segment)
        found = [
            _found_row(row, whole[row["article_id"]], within[row["article_id"]])
            for row in rows["mentions"]
            if row["found"] is not None
        ]
        return {
            "articles": _table("articles", whole.values()),
            "segments": _table("segments", _with_numbers(rows["segments"], "segment")),
            "repairs": _table("repairs", rows["repairs"]),
            "mentions": _table("mentions", _with_numbers(found, "mention")),
        }

    def texts(self) -> dict[str, str]:
        """The clean text of each article."""
        pieces: defaultdict[str, list[str]] = defaultdict(list)
        for row in self.rows["segments"]:
            if row["start"] is not None:
                pieces[row["article_id"]].append(row["text"])
        return {
            row["article_id"]: _SEPARATOR.join(pieces[row["article_id"]]) for row in self.rows["articles"]
        }


def load_snapshot(folder: Path) -> Snapshot:
    """The snapshot in `folder`.

    Raises:
        FileNotFoundError: a file is missing.
        ValueError: a file is of another version.
    """
    return Snapshot(
        {
            name: read_rows(folder / f"{name}.tsv", columns, block="article_id" if blocks else None)
            for name, (columns, blocks) in _FILES.items()
        }
    )


def snapshot_of(tables: Mapping[str, pa.Table], found: pa.Table) -> Snapshot:
    """The snapshot of a run.

    Args:
        tables: articles, segments, repairs, mentions and counts of the run.
        found: the mentions before linking.
    """
    names = _names(tables["articles"])
    rows = {name: _renamed(tables[name], names) for name in ("articles", "segments", "repairs", "mentions")}
    texts = {row["article_id"]: row["text"] for row in rows["articles"]}
    for row in rows["segments"]:
        row["text"] = (
            texts[row["article_id"]][row["start"] : row["end"]] if row["start"] is not None else None
        )
    mentions = _merged(_renamed(found, names), rows["mentions"], texts)
    counts = tables["counts"].to_pylist()
    counts.sort(key=lambda row: (row["entity_id"], row["month"] or datetime.date.max))
    return Snapshot(rows | {"mentions": mentions, "counts": counts})


def _names(articles: pa.Table) -> dict[str, str]:
    """Article id to source; where several articles have one source, with the id behind it."""
    pairs = list(zip(*(articles.column(c).to_pylist() for c in ("article_id", "source")), strict=True))
    often = Counter(source for _, source in pairs)
    return {article: source if often[source] == 1 else f"{source} {article}" for article, source in pairs}


def _renamed(table: pa.Table, names: Mapping[str, str]) -> list[Row]:
    rows = [
        row | {column: names[row[column]] for column in ("article_id", "story_id") if column in row}
        for row in table.to_pylist()
    ]
    rows.sort(key=lambda row: row["article_id"])
    return rows


def _merged(found: list[Row], linked: list[Row], texts: Mapping[str, str]) -> list[Row]:
    """One row a mention: what was found there and how it was linked; either may be missing."""
    rows: dict[tuple[object, ...], Row] = {}
    for row in found:
        rows[_place(row)] = _base(row) | _sentence(row, texts) | dict.fromkeys(_LINKED)
    for row in linked:
        base = rows.setdefault(_place(row), _base(row) | dict.fromkeys(_FOUND))
        base.update({column: row[column] for column in _LINKED})
    return sorted(rows.values(), key=lambda r: (r["article_id"], r["start"], r["end"], r["label"] or ""))


def _place(row: Row) -> tuple[object, ...]:
    return row["article_id"], row["start"], row["end"], row["label"] == Label.ROLE


def _base(row: Row) -> Row:
    return {c: row[c] for c in ("article_id", "start", "end", "raw_start", "raw_end", "text")}


def _sentence(row: Row, texts: Mapping[str, str]) -> Row:
    """What the recogniser said, with the place of the sentence in the article's text."""
    at = texts[row["article_id"]].rfind(row["sentence_text"], 0, row["start"] + len(row["sentence_text"]))
    return {
        "found": row["label"], "score": row["score"], "recogniser": row["recogniser"],
        "sentence": row["sentence"], "from": at, "to": at + len(row["sentence_text"]),
    }  # fmt: skip


def _found_row(row: Row, article: Row, segments: Iterable[Row]) -> Row:
    """A row of `mentions` as recognise gives it."""
    same = ("article_id", "start", "end", "raw_start", "raw_end", "text", "sentence", "score", "recogniser")
    return {column: row[column] for column in same} | {
        "label": row["found"],
        "zone": next(s["zone"] for s in segments if _holds(s, row)),
        "sentence_text": article["text"][row["from"] : row["to"]],
        "link_reason": LinkReason.NIL.value,
        "published": article["published"],
        "story_id": article["story_id"],
    }


def _holds(segment: Row, mention: Row) -> bool:
    return segment["start"] is not None and segment["start"] <= mention["start"] < segment["end"]


def _table(name: str, rows: Iterable[Row]) -> pa.Table:
    """The table of that name; what was not pinned, and may not be null, is empty or 0."""
    fields = list(TABLES[name].schema)
    blank = {f.name: None if f.nullable else "" if f.type == pa.string() else 0 for f in fields}
    return table_from_rows(name, [{f: row.get(f, blank[f]) for f in blank} for row in rows])


def _with_numbers(rows: list[Row], column: str) -> list[Row]:
    numbers: defaultdict[str, itertools.count[int]] = defaultdict(itertools.count)
    return [row | {column: next(numbers[row["article_id"]])} for row in rows]
