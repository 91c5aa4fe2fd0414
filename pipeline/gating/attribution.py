"""Why results moved since a pin: each stage runs again with the old and the new part, one part at a time.

In: a pin, what a run gives now, and the tools of now. Out: `Step`s, whose differences add up to the whole,
exactly. Each cause is measured with those before it in place: linking rules, knowledge base, model, cleaner,
corpus. Where the old knowledge base is not at hand, a change of it and one of the code cannot always be told
apart, and the cause says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import pyarrow as pa

from pipeline.gating.snapshot import Snapshot
from pipeline.gating.tally import Change, Month, Place, Row, Tally, changes, place_of, steps, tallies
from pipeline.link import Linker, link
from pipeline.recognise import recognise
from pipeline.recognition.loading import Recognition


class Cause(StrEnum):
    """What moved a result."""

    LINKING = "linking"
    KB = "knowledge base"
    MODEL = "model"
    CLEANER = "cleaner"
    CORPUS = "corpus"
    KB_OR_LINKING = "knowledge base or linking"
    KB_OR_MODEL = "knowledge base or model"


class Tools(Protocol):
    """What the stages need besides tables; see `run.Tools`."""

    @property
    def recogniser(self) -> Recognition:
        """The model."""

    @property
    def linker(self) -> Linker:
        """The knowledge base as linking needs it."""


@dataclass(frozen=True)
class Step:
    """What one cause did.

    Attributes:
        moved: what it added to the tally of an entity in a month.
        changes: the mentions that it changed.
    """

    cause: Cause
    moved: Mapping[tuple[str, Month], Tally]
    changes: list[Change]


@dataclass(frozen=True)
class Articles:
    """The articles of a comparison: unchanged in raw but with other results, the same in all, gone, new."""

    differing: frozenset[str]
    same: frozenset[str]
    gone: frozenset[str]
    new: frozenset[str]


def articles_of(old: Snapshot, now: Snapshot) -> Articles:
    """Which articles differ; one with another raw text is gone and new."""
    hashes_old = {row["article_id"]: row["raw_sha256"] for row in old.rows["articles"]}
    hashes_now = {row["article_id"]: row["raw_sha256"] for row in now.rows["articles"]}
    shared = {a for a, raw in hashes_old.items() if hashes_now.get(a) == raw}
    results = [(old.results(name), now.results(name)) for name in ("articles", "segments", "mentions")]
    same = {a for a in shared if all(before.get(a) == after.get(a) for before, after in results)}
    return Articles(
        frozenset(shared - same), frozenset(same), frozenset(hashes_old.keys() - shared),
        frozenset(hashes_now.keys() - shared),
    )  # fmt: skip


def places(snapshot: Snapshot, articles: Collection[str]) -> list[Place]:
    """The linked mentions of these articles."""
    of = {row["article_id"]: row for row in snapshot.rows["articles"]}
    return [
        place_of(row, of[row["article_id"]]["story_id"], of[row["article_id"]]["published"])
        for row in snapshot.rows["mentions"]
        if row["label"] is not None and row["article_id"] in articles
    ]


def explain(
    old: Snapshot, now: Snapshot, causes: Causes, *, tools: Tools, old_tools: Tools | None
) -> list[Step]:
    """The steps from the pinned results to those of now, in the order of their causes.

    Args:
        old: what was pinned.
        now: what a run gives.
        causes: what the two stages' differences are called without an old knowledge base.
        tools: those of now.
        old_tools: the same with the knowledge base of the pin, if it is at hand and another one.
    """
    articles = articles_of(old, now)
    pinned = old.tables(articles.differing)
    states = [places(old, articles.differing)]
    labels: list[Cause] = []

    def state(cause: Cause, linked: list[Place]) -> None:
        labels.append(cause)
        states.append(linked)

    found = pinned["mentions"]
    if articles.differing:
        if old_tools:
            state(Cause.LINKING, _linked(pinned, found, old_tools))
        state(Cause.KB if old_tools else causes.linking, _linked(pinned, found, tools))
        if old_tools:
            state(Cause.MODEL, _linked(pinned, _found(pinned, old_tools), tools))
        state(Cause.KB if old_tools else causes.recognising, _linked(pinned, _found(pinned, tools), tools))
    state(Cause.CLEANER, places(now, articles.differing))
    constant_old, constant = places(old, articles.same | articles.gone), places(now, articles.same)
    wholes = [[*constant_old, *s] for s in states[:-1]]
    # With the cleaner's step come the stories of now; the corpus comes last.
    wholes.append([*constant, *places(old, articles.gone), *states[-1]])
    wholes.append([*constant, *states[-1], *places(now, articles.new)])
    labels.append(Cause.CORPUS)
    pairs = zip(labels, wholes, wholes[1:], strict=False)
    return [_step(cause, before, after) for cause, before, after in pairs]


@dataclass(frozen=True)
class Causes:
    """What differences in linking and recognising are put down to where no old knowledge base is at hand."""

    linking: Cause
    recognising: Cause


def causes_of(changed: Collection[str]) -> Causes:
    """By which fingerprints changed: of "knowledge base", "model" and "code"."""
    kb, code, model = ("knowledge base" in changed, "code" in changed, "model" in changed)
    linking = (Cause.KB_OR_LINKING if code else Cause.KB) if kb else Cause.LINKING
    recognising = (Cause.KB_OR_MODEL if code or model else Cause.KB) if kb else Cause.MODEL
    return Causes(linking, recognising)


def _step(cause: Cause, before: list[Place], after: list[Place]) -> Step:
    return Step(cause, steps(tallies(before), tallies(after)), changes(before, after))


def _found(tables: Mapping[str, pa.Table], tools: Tools) -> pa.Table:
    return recognise(tables["articles"], tables["segments"], tables["repairs"], recogniser=tools.recogniser)


def _linked(tables: Mapping[str, pa.Table], found: pa.Table, tools: Tools) -> list[Place]:
    linked = link(tables["articles"], tables["segments"], tables["repairs"], found, linker=tools.linker)
    rows: Iterable[Row] = linked.to_pylist()
    return [place_of(row, row["story_id"], row["published"]) for row in rows]
