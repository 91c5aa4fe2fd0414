"""The gate: pins what a run of a corpus gave, and says later what moved, for which entities, and why.

In: the tables of a run and the tools that made them. Out: a `Pin`, or a `Comparison` with one. Caveat: what
is compared is text, zones, places, labels, entities and counts; scores are not, since their last digits
depend on the processor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyarrow as pa

from pipeline.gating.attribution import causes_of, explain, places
from pipeline.gating.cleaning_changes import CleaningChange, cleaning_changes
from pipeline.gating.examples import Describer
from pipeline.gating.moves import Aside, Move, asides_of, moves_of
from pipeline.gating.pins import Pin, corpus_fingerprint, modules_fingerprint
from pipeline.gating.snapshot import Snapshot, snapshot_of
from pipeline.gating.tally import tallies
from pipeline.kb import KnowledgeBase
from pipeline.recognise import recognise
from pipeline.tools import Tools


@dataclass
class PinnedTools(Tools):
    """The tools of now with the knowledge base of a pin."""

    pinned: KnowledgeBase | None = None

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge base of the pin."""
        if self.pinned is None:
            raise ValueError("the pin kept no knowledge base")
        return self.pinned


@dataclass(frozen=True)
class Comparison:
    """What differs between a pin and now.

    Attributes:
        fingerprints: those that changed: pinned and now.
        differing: the number of rows that are not as pinned, by file of the pin; empty if all are.
        moves: entities whose figures moved.
        asides: changes of mentions that move no figure.
        cleaning: lines in other zones and facts of articles that changed.
        facts: name, kind or country of entities that changed: as pinned, and now.
    """

    fingerprints: Mapping[str, tuple[str, str]]
    differing: Mapping[str, int]
    moves: list[Move] = field(default_factory=list)
    asides: list[Aside] = field(default_factory=list)
    cleaning: list[CleaningChange] = field(default_factory=list)
    facts: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def equal(self) -> bool:
        """Whether all results are as pinned, whatever made them."""
        return not self.differing


def make_pin(tables: Mapping[str, pa.Table], tools: Tools, **fingerprints: str) -> Pin:
    """A pin of what a run gave; recognises once more, since links are not all that is kept.

    Args:
        tables: of the run.
        tools: that made them.
        fingerprints: of more that is pinned, by name.
    """
    found = recognise(
        tables["articles"],
        tables["segments"],
        tables["repairs"],
        recogniser=tools.recogniser,
        batch_size=tools.settings.batch_size,
    )
    snapshot = snapshot_of(tables, found)
    parts = _fingerprints(snapshot, tools) | fingerprints
    return Pin(snapshot, parts, tools.settings, tools.recogniser.name)


def _fingerprints(snapshot: Snapshot, tools: Tools) -> dict[str, str]:
    return {
        "corpus": corpus_fingerprint(snapshot),
        "knowledge base": tools.kb.fingerprint,
        "model": tools.recogniser.fingerprint,
        "code": modules_fingerprint(),
    }


def compare(
    pin: Pin, tables: Mapping[str, pa.Table], tools: Tools, *, kb: KnowledgeBase | None = None
) -> Comparison:
    """What differs from a pin, and why.

    Args:
        pin: what was pinned.
        tables: what a run gives now.
        tools: that made them.
        kb: the knowledge base of then, where the pin did not keep it but the caller has it.
    """
    old, now = pin.snapshot, snapshot_of(tables, tables["mentions"].slice(0, 0))
    current = _fingerprints(now, tools)
    changed = {
        name: (pin.fingerprints.get(name, ""), mark)
        for name, mark in current.items()
        if pin.fingerprints.get(name) != mark
    }
    differing = _differing(old, now)
    if not differing:
        return Comparison(changed, {})
    then = pin.kb or kb
    old_tools = None
    if then and then.fingerprint == pin.fingerprints["knowledge base"] and "knowledge base" in changed:
        old_tools = PinnedTools(tools.settings, pinned=then)
    steps = explain(old, now, causes_of(changed), tools=tools, old_tools=old_tools)
    describer = Describer(old, now)
    pinned, current_tallies = (
        tallies(places(s, {row["article_id"] for row in s.rows["articles"]})) for s in (old, now)
    )
    names = _names(old) | {e.entity_id: e.name for e in tools.kb.entities.values()}
    moves = moves_of(steps, pinned, current_tallies, names, describer)
    asides, cleaning = asides_of(steps, describer), cleaning_changes(old, now)
    return Comparison(changed, differing, moves, asides, cleaning, _facts(old, now))


def _differing(old: Snapshot, now: Snapshot) -> dict[str, int]:
    """By file, the rows that are only in one."""
    numbers = {}
    for name in ("articles", "segments", "mentions", "counts"):
        before, after = (
            Counter((of, row) for of, rows in s.results(name).items() for row in rows) for s in (old, now)
        )
        numbers[name] = (before - after).total() + (after - before).total()
    return {name: n for name, n in numbers.items() if n}


def _names(snapshot: Snapshot) -> dict[str, str]:
    return {row["entity_id"]: row["name"] for row in snapshot.rows["counts"]}


def _facts(old: Snapshot, now: Snapshot) -> dict[str, tuple[str, str]]:
    """Entities of both that are called or filed otherwise: Kiev, place → Kyiv, place."""
    before, after = (
        {r["entity_id"]: f"{r['name']}, {r['kind']}, {r['country'] or '-'}" for r in s.rows["counts"]}
        for s in (old, now)
    )
    return {e: (before[e], after[e]) for e in before if e in after and before[e] != after[e]}
