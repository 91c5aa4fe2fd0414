"""Mentions as the gate counts and compares them, and what changed between two lists of them.

In: rows of mentions. Out: `Tally` by entity and month, and a `Change` for each mention that came, went or got
another label or entity. A mention is known again by its place in the raw text, which cleaning does not move.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.schemas import Label

Row = dict[str, Any]
Month = datetime.date | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How often an entity is mentioned: as in `counts`, and by roles without a name beside it."""

    mentions: int = 0
    articles: int = 0
    stories: int = 0
    roles: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.mentions + other.mentions,
            self.articles + other.articles,
            self.stories + other.stories,
            self.roles + other.roles,
        )

    def __sub__(self, other: Tally) -> Tally:
        return self + Tally(-other.mentions, -other.articles, -other.stories, -other.roles)

    def __bool__(self) -> bool:
        return any((self.mentions, self.articles, self.stories, self.roles))


@dataclass(frozen=True, slots=True)
class Place:
    """A mention: where it stands, and what it was taken for."""

    article: str
    start: int
    end: int
    raw: tuple[int, int]
    text: str
    label: str
    entity: str | None
    reason: str
    published: datetime.date | None
    story: str


@dataclass(frozen=True, slots=True)
class Change:
    """A mention before and after; None where it is not there."""

    before: Place | None
    after: Place | None

    @property
    def place(self) -> Place:
        """Where to look: in the new text, or in the old one if the mention is gone."""
        place = self.after or self.before
        if place is None:
            raise ValueError("a change of nothing")
        return place

    @property
    def entities(self) -> set[str]:
        """The entities it gives to, takes from, or stays with."""
        return {p.entity for p in (self.before, self.after) if p and p.entity}


def place_of(row: Row, story: str, published: datetime.date | None) -> Place:
    """The mention in a row of `mentions`."""
    return Place(
        row["article_id"], row["start"], row["end"], (row["raw_start"], row["raw_end"]), row["text"],
        row["label"], row["entity_id"], row["link_reason"], published, story,
    )  # fmt: skip


def tallies(places: Iterable[Place]) -> dict[tuple[str, Month], Tally]:
    """A tally by entity and month."""
    groups: defaultdict[tuple[str, Month], list[Place]] = defaultdict(list)
    for place in places:
        if place.entity is not None:
            month = place.published.replace(day=1) if place.published else None
            groups[place.entity, month].append(place)
    return {key: _tally(group) for key, group in groups.items()}


def _tally(places: list[Place]) -> Tally:
    named = [p for p in places if p.label != Label.ROLE]
    articles, stories = {p.article for p in named}, {p.story for p in named}
    return Tally(len(named), len(articles), len(stories), len(places) - len(named))


def steps(before: Mapping[tuple[str, Month], Tally], after: Mapping[tuple[str, Month], Tally]) -> dict[
    tuple[str, Month], Tally
]:  # fmt: skip
    """What was added by entity and month; only what is not zero."""
    found = {key: after.get(key, Tally()) - before.get(key, Tally()) for key in {*before, *after}}
    return {key: tally for key, tally in found.items() if tally}


def changes(before: Iterable[Place], after: Iterable[Place]) -> list[Change]:
    """The mentions that are not as they were, in their order."""
    old, new = _by_place(before), _by_place(after)
    found = [
        Change(old.get(key), new.get(key))
        for key in {**old, **new}
        if _said(old.get(key)) != _said(new.get(key))
    ]
    return sorted(found, key=lambda c: (c.place.article, c.place.start, c.place.end))


def _by_place(places: Iterable[Place]) -> dict[tuple[object, ...], Place]:
    """Mentions by their place in raw, and by number where they have none: in a title from a field."""
    seen: Counter[tuple[object, ...]] = Counter()
    found: dict[tuple[object, ...], Place] = {}
    for place in places:
        key = (place.article, place.raw, place.text, place.label == Label.ROLE)
        found[*key, seen[key]] = place
        seen[key] += 1
    return found


def _said(place: Place | None) -> tuple[object, ...]:
    return (place.label, place.entity, place.reason, place.published) if place else ()
