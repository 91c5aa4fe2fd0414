"""What cleaning did otherwise since a pin, whether or not a mention moved: zones, texts, facts of articles.

In: two snapshots. Out: `CleaningChange`s in order of articles. Caveat: only articles of the same raw text are
compared.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pipeline.gating.snapshot import Snapshot

Row = dict[str, Any]

#: Of an article, what may change while its raw text does not.
_FACTS = ("title", "published", "published_precision", "agency", "dateline", "outlet", "story_id")


@dataclass(frozen=True, slots=True)
class CleaningChange:
    """A line (`what` is "zone" or "text") or a fact of an article, as pinned and now; "-" for nothing."""

    article: str
    what: str
    before: str
    after: str
    text: str


def cleaning_changes(old: Snapshot, now: Snapshot) -> list[CleaningChange]:
    """The changes in articles that are in both."""
    before, after = (_by_article(snapshot, "articles") for snapshot in (old, now))
    lines = [_by_article(snapshot, "segments") for snapshot in (old, now)]
    changes: list[CleaningChange] = []
    for article in sorted(before.keys() & after.keys()):
        (was,), (is_now,) = before[article], after[article]
        if was["raw_sha256"] == is_now["raw_sha256"]:
            changes += _facts(article, was, is_now)
            changes += _lines(article, *(side.get(article, []) for side in lines))
    return changes


def _by_article(snapshot: Snapshot, name: str) -> dict[str, list[Row]]:
    rows: dict[str, list[Row]] = {}
    for row in snapshot.rows[name]:
        rows.setdefault(row["article_id"], []).append(row)
    return rows


def _facts(article: str, was: Row, is_now: Row) -> Iterator[CleaningChange]:
    for fact in _FACTS:
        if was[fact] != is_now[fact]:
            yield CleaningChange(article, fact, _said(was[fact]), _said(is_now[fact]), "")


def _said(value: object) -> str:
    return "-" if value is None else str(value)


def _lines(article: str, was: list[Row], is_now: list[Row]) -> Iterator[CleaningChange]:
    """Lines by their place in raw, where one line is cut otherwise than before as gone and new."""
    old, new = ({(r["raw_start"], r["raw_end"]): r for r in rows} for rows in (was, is_now))
    for place in sorted(old.keys() | new.keys()):
        before, after = old.get(place), new.get(place)
        zone_was, zone_is = (row["zone"] if row else "-" for row in (before, after))
        text = next((row["text"] for row in (after, before) if row and row["text"]), "")
        if zone_was != zone_is:
            yield CleaningChange(article, "zone", zone_was, zone_is, text)
        elif before and after and before["text"] != after["text"]:
            yield CleaningChange(article, "text", str(before["text"]), str(after["text"]), text)
