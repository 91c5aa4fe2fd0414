"""Steps to what a person reads: per entity what moved and why, with sentences.

In: the `Step`s from a pin to now, both snapshots, names. Out: `Move`s, largest first, and `Aside`s: changes
that move no entity's figures. Caveat: examples are a few of many, the first by article and place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.gating.attribution import Cause, Step
from pipeline.gating.examples import Describer, Example
from pipeline.gating.tally import Change, Month, Tally

#: Examples of a cause for one entity.
_EXAMPLES = 3


@dataclass
class Share:
    """What one cause did to an entity: sums, sums by month, how, and examples."""

    cause: Cause
    moved: Tally = field(default_factory=Tally)
    months: dict[str, int] = field(default_factory=dict)
    details: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)


@dataclass
class Move:
    """An entity whose figures moved, with its shares in the order of their causes."""

    entity_id: str
    name: str
    pinned: Tally
    now: Tally
    shares: list[Share]


def moves_of(
    steps: Sequence[Step],
    pinned: Mapping[tuple[str, Month], Tally],
    now: Mapping[tuple[str, Month], Tally],
    names: Mapping[str, str],
    describer: Describer,
) -> list[Move]:
    """The entities whose tallies moved in any month, those that moved most first."""
    shares: defaultdict[str, dict[Cause, Share]] = defaultdict(dict)
    for step in steps:
        for (entity, month), tally in sorted(step.moved.items(), key=lambda item: str(item[0])):
            share = shares[entity].setdefault(step.cause, Share(step.cause))
            share.moved += tally
            key = month.isoformat()[:7] if month else "no date"
            share.months[key] = share.months.get(key, 0) + tally.mentions + tally.roles
        for change in step.changes:
            for entity in change.entities:
                if step.cause in shares[entity]:
                    _note(shares[entity][step.cause], change, describer)
    before, after = _by_entity(pinned), _by_entity(now)
    moves = [
        Move(e, names.get(e, e), before.get(e, Tally()), after.get(e, Tally()), list(by_cause.values()))
        for e, by_cause in shares.items()
        if by_cause
    ]
    return sorted(moves, key=lambda m: (-_size(m), m.entity_id))


def _note(share: Share, change: Change, describer: Describer) -> None:
    detail = describer.detail(change, share.cause)
    share.details[detail] = share.details.get(detail, 0) + 1
    if len(share.examples) < _EXAMPLES:
        share.examples.append(describer.example(change, share.cause))


def _size(move: Move) -> int:
    return sum(abs(share.moved.mentions) + abs(share.moved.roles) for share in move.shares)


@dataclass
class Aside:
    """Changes of one cause and manner that move no figure: unlinked names, a shorter span, another reason."""

    cause: Cause
    detail: str
    n: int = 0
    examples: list[Example] = field(default_factory=list)


def asides_of(steps: Sequence[Step], describer: Describer) -> list[Aside]:
    """The changes to mentions of no entity that the step moved, by cause and manner."""
    found: dict[tuple[Cause, str], Aside] = {}
    for step in steps:
        moved = {entity for entity, _ in step.moved}
        for change in step.changes:
            if not change.entities & moved:
                detail = describer.detail(change, step.cause)
                aside = found.setdefault((step.cause, detail), Aside(step.cause, detail))
                aside.n += 1
                if len(aside.examples) < _EXAMPLES:
                    aside.examples.append(describer.example(change, step.cause))
    return list(found.values())


def _by_entity(tallies: Mapping[tuple[str, Month], Tally]) -> dict[str, Tally]:
    sums: defaultdict[str, Tally] = defaultdict(Tally)
    for (entity, _), tally in tallies.items():
        sums[entity] += tally
    return sums
