"""Edits to a text, and the way between the offsets before and after them.

In: a source text and non-overlapping edits, each with its place. Out: the edited text and an
`Alignment` that maps spans of it to the source, and back. Offsets count code points. An offset inside a
replaced stretch has no exact counterpart: it maps to the edge of the whole stretch.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyarrow as pa


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace source[start:end] by `replacement`; `rule` names why.

    Raises:
        ValueError: the span is negative, or the edit changes nothing.
    """

    start: int
    end: int
    replacement: str
    rule: str

    def __post_init__(self) -> None:
        if not 0 <= self.start <= self.end:
            raise ValueError(f"not a span: {self.start}:{self.end}")
        if self.start == self.end and not self.replacement:
            raise ValueError(f"an edit at {self.start} that changes nothing")


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the edited text and the stretch of the source that it stands for."""

    start: int
    end: int
    source_start: int
    source_end: int
    edited: bool


class Alignment:
    """Maps spans of an edited text to spans of its source, and back."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        # Blocks without length in the edited text (deletions) can hold no offset of it.
        self._blocks = [b for b in blocks if b.end > b.start]
        self._starts = [b.start for b in self._blocks]
        self._source_starts = [b.source_start for b in self._blocks]
        self._source_ends = [b.source_end for b in self._blocks]

    def _block(self, offset: int) -> Block:
        i = bisect_right(self._starts, offset) - 1
        if i < 0 or offset >= self._blocks[i].end:
            raise ValueError(f"offset {offset} lies in no aligned stretch")
        return self._blocks[i]

    def to_source(self, start: int, end: int) -> tuple[int, int]:
        """The source span of the non-empty span start:end.

        Raises:
            ValueError: the span is empty or its ends lie outside the aligned stretches.
        """
        if start >= end:
            raise ValueError(f"empty span {start}:{end}")
        first, last = self._block(start), self._block(end - 1)
        left = first.source_start if first.edited else first.source_start + start - first.start
        right = last.source_end if last.edited else last.source_start + end - last.start
        return left, right

    def to_edited(self, start: int, end: int) -> tuple[int, int] | None:
        """The edited span of the source span start:end; None where nothing of it was kept."""
        first = bisect_right(self._source_ends, start)
        last = bisect_left(self._source_starts, end) - 1
        if start >= end or first > last:
            return None
        a, b = self._blocks[first], self._blocks[last]
        left = a.start if a.edited else a.start + max(start - a.source_start, 0)
        right = b.end if b.edited else b.end - max(b.source_end - end, 0)
        return left, right


def blocks_between(
    edits: Sequence[tuple[int, int, int, int]], source: tuple[int, int], target: tuple[int, int]
) -> list[Block]:
    """The blocks of one stretch, from its edits as (source start, source end, start, end).

    Raises:
        ValueError: the edits overlap, or what lies between two of them has not the same length
            on both sides.
    """
    blocks: list[Block] = []
    at_source, at = source[0], target[0]
    for edit in [*sorted(edits), (source[1], source[1], target[1], target[1])]:
        if edit[0] - at_source != edit[2] - at or edit[0] < at_source:
            raise ValueError(f"edit {edit} does not follow from {at_source}, {at}")
        blocks.append(Block(at, edit[2], at_source, edit[0], edited=False))
        blocks.append(Block(edit[2], edit[3], edit[0], edit[1], edited=True))
        at_source, at = edit[1], edit[3]
    return blocks


def _text_start(place: tuple[int, int, int, int]) -> int:
    return place[2]


def alignments_of(segments: pa.Table, repairs: pa.Table) -> dict[str, Alignment]:
    """For each article, the way from offsets in its text to offsets in raw, from the tables."""
    edits: defaultdict[str, list[tuple[int, int, int, int]]] = defaultdict(list)
    for repair in repairs.to_pylist():
        if repair["start"] is not None:
            place = (repair["raw_start"], repair["raw_end"], repair["start"], repair["end"])
            edits[repair["article_id"]].append(place)
    blocks: defaultdict[str, list[Block]] = defaultdict(list)
    for places in edits.values():
        places.sort(key=_text_start)
    for s in segments.to_pylist():
        if s["start"] is not None:
            places = edits[s["article_id"]]
            first = bisect_left(places, s["start"], key=_text_start)
            inside = places[first : bisect_right(places, s["end"], key=_text_start)]
            raw, text = (s["raw_start"], s["raw_end"]), (s["start"], s["end"])
            blocks[s["article_id"]] += blocks_between(inside, raw, text)
    return {article: Alignment(b) for article, b in blocks.items()}


@dataclass(frozen=True, slots=True)
class Edited:
    """An edited text with the places of its edits: (source start, source end, start, end, rule)."""

    text: str
    places: tuple[tuple[int, int, int, int, str], ...]
    alignment: Alignment


def apply_edits(source: str, edits: Iterable[Edit]) -> Edited:
    """Apply `edits` to `source`.

    Raises:
        ValueError: two edits overlap, or one lies outside the source.
    """
    pieces: list[str] = []
    places: list[tuple[int, int, int, int, str]] = []
    at_source = at = 0
    for edit in sorted(edits):
        if edit.start < at_source or edit.end > len(source):
            raise ValueError(f"overlapping or outside: {edit}")
        pieces += (source[at_source : edit.start], edit.replacement)
        start = at + edit.start - at_source
        at = start + len(edit.replacement)
        places.append((edit.start, edit.end, start, at, edit.rule))
        at_source = edit.end
    pieces.append(source[at_source:])
    text = "".join(pieces)
    blocks = blocks_between([p[:4] for p in places], (0, len(source)), (0, len(text)))
    return Edited(text, tuple(places), Alignment(blocks))
