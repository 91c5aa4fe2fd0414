"""A changed mention in words: how it came about, and its sentence.

In: a `Change` and its cause. Out: an `Example`. Caveat: of a cleaned article the sentence is that of now, or
the pinned one where the mention is gone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.gating.attribution import Cause
from pipeline.gating.snapshot import Snapshot
from pipeline.gating.tally import Change, Place
from pipeline.schemas import Label

#: Code points of a sentence that are shown on either side of a mention.
_AROUND = 90


@dataclass(frozen=True, slots=True)
class Example:
    """A mention that changed: what it was taken for, and is now ("-" for nothing), in its sentence."""

    article: str
    text: str
    before: str
    after: str
    detail: str
    sentence: str


class Describer:
    """Says of a change how it came about, and shows its sentence."""

    def __init__(self, old: Snapshot, now: Snapshot) -> None:
        self._texts = (old.texts(), now.texts())
        self._zones = (_zones(old), _zones(now))

    def example(self, change: Change, cause: Cause) -> Example:
        """The change in words."""
        place, detail = change.place, self.detail(change, cause)
        # Up to the cleaner's step all texts are the pinned ones; a corpus's new article has only a new one.
        now_text = (cause is Cause.CLEANER or cause is Cause.CORPUS) and change.after is not None
        text = self._texts[now_text].get(place.article, "")
        sentence = _sentence(text, place.start, place.end)
        return Example(place.article, place.text, _said(change.before), _said(change.after), detail, sentence)

    def detail(self, change: Change, cause: Cause) -> str:
        """Entity, label, span or role; for cleaning zone, text, date or story; for a corpus its article."""
        before, after = change.before, change.after
        if cause is Cause.CORPUS:
            return "article new or changed" if after else "article gone or changed"
        if cause is Cause.CLEANER:
            return self._cleaning(change)
        if before is None or after is None:
            return "role" if change.place.label == Label.ROLE else "span"
        if cause is Cause.MODEL and before.label != after.label:
            return "label"
        if before.entity != after.entity:
            return "entity, by what the article names" if cause is Cause.MODEL else "entity"
        return "label" if before.label != after.label else f"reason {before.reason} → {after.reason}"

    def _cleaning(self, change: Change) -> str:
        article, raw = change.place.article, change.place.raw[0]
        old, new = (_zone(zones.get(article, []), raw) for zones in self._zones)
        if old != new:
            return f"zone {old} → {new}"
        if change.before and change.after and change.before.published != change.after.published:
            return "date"
        texts = (texts.get(article) for texts in self._texts)
        return "text" if len(set(texts)) > 1 else "date or story"


def _zones(snapshot: Snapshot) -> dict[str, list[tuple[int, int, str]]]:
    zones: defaultdict[str, list[tuple[int, int, str]]] = defaultdict(list)
    for row in snapshot.rows["segments"]:
        zones[row["article_id"]].append((row["raw_start"], row["raw_end"], row["zone"]))
    return zones


def _zone(zones: Iterable[tuple[int, int, str]], raw: int) -> str:
    """The zone at a place in raw; "title" before the first, where a title from a field stands."""
    return next((zone for start, end, zone in zones if start <= raw < end or raw == start == end), "none")


def _said(place: Place | None) -> str:
    return f"{place.label} {place.entity or 'nil'}" if place else "-"


def _sentence(text: str, start: int, end: int) -> str:
    """What stands around a mention on its line, with the mention in brackets."""
    low, high = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    high = len(text) if high < 0 else high
    left, right = text[low:start], text[end:high]
    if len(left) > _AROUND:
        left = "… " + left[-_AROUND:].partition(" ")[2]
    if len(right) > _AROUND:
        right = right[:_AROUND].rpartition(" ")[0] + " …"
    return f"{left}[{text[start:end]}]{right}"
