"""What the gate says: a table and example sentences for a person, one JSON value for a program."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from pipeline.gate import Comparison
from pipeline.gating.cleaning_changes import CleaningChange
from pipeline.gating.examples import Example
from pipeline.gating.moves import Aside, Move, Share
from pipeline.gating.tally import Tally

#: Entities and other changes that are shown in full; the JSON has all.
_SHOWN = 40
#: Lines of one sort that cleaning treats otherwise, and how much of each is shown, in code points.
_LINES, _LINE_CHARS = 5, 160
#: What the table's shorthand says.
_LEGEND = (
    'pinned, now: mentions by name + mentions by role alone ("de Russische president"). '
    "(… ×3): in what way, and for how many mentions."
)
_PARTS = {"mentions": "", "roles": " by role", "articles": " articles", "stories": " stories"}


def show(comparison: Comparison, console: Console, *, title: str) -> None:
    """Print what moved, for which entities, why, with sentences."""
    if comparison.fingerprints:
        console.print(f"{title}: changed since the pin: {', '.join(comparison.fingerprints)}", markup=False)
    if comparison.equal:
        console.print(f"{title}: all results are as pinned", markup=False, highlight=False)
        return
    rows = ", ".join(f"{n:,} in {name}" for name, n in comparison.differing.items())
    console.print(f"{title}: rows that differ from the pin: {rows}", markup=False, highlight=False)
    if comparison.moves:
        console.print(_table(comparison.moves[:_SHOWN]))
        console.print(_LEGEND, markup=False, highlight=False)
    for move in comparison.moves[:_SHOWN]:
        _show_examples(move, console)
    more = len(comparison.moves) - _SHOWN
    if more > 0:
        console.print(f"… and {more:,} entities more; --json has all", markup=False, highlight=False)
    for entity, (before, after) in comparison.facts.items():
        console.print(f"knowledge base: {entity} was {before}; is {after}", markup=False, highlight=False)
    _show_cleaning(comparison.cleaning, console)
    for aside in comparison.asides:
        console.print(f"[bold]no figure moved[/], {_aside(aside)}", highlight=False)
        _show_sentences(aside.examples, console)


def _show_cleaning(changes: list[CleaningChange], console: Console) -> None:
    """Lines in other zones and facts of articles: how many of each sort, and some of them."""
    sorts: dict[str, list[CleaningChange]] = {}
    for change in changes:
        zones = f"zone {change.before} → {change.after}"
        sorts.setdefault(zones if change.what == "zone" else change.what, []).append(change)
    for sort, of in sorts.items():
        console.print(f"[bold]cleaner[/], {escape(sort)}: {len(of):,}", highlight=False)
        for c in of[:_LINES]:
            said = c.text if c.what == "zone" else f"{c.before} → {c.after}"
            line = f"  {c.article}: {said[:_LINE_CHARS]}"
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _table(moves: list[Move]) -> Table:
    table = Table(title="Entities whose figures moved", title_justify="left")
    table.add_column("entity", no_wrap=True)
    for column in ("pinned", "now"):
        table.add_column(column, justify="right")
    table.add_column("why", overflow="fold")
    for move in moves:
        why = "\n".join(map(_why, move.shares))
        table.add_row(*map(escape, (move.entity_id, _figures(move.pinned), _figures(move.now), why)))
    return table


def _figures(tally: Tally) -> str:
    return f"{tally.mentions}" + (f" + {tally.roles} by role" if tally.roles else "")


def _why(share: Share) -> str:
    """`cleaner: -3 mentions (zone body → furniture ×3)`, or what moved between months."""
    parts = asdict(share.moved)
    signed = [f"{parts[name]:+d}{words}" for name, words in _PARTS.items() if parts[name]]
    # Articles and stories go with mentions; they are worth a word only where mentions stand still.
    if share.moved.mentions or share.moved.roles:
        signed = [s for s in signed if not s.endswith(("articles", "stories"))]
    if not signed:
        signed = [f"{month} {n:+d}" for month, n in share.months.items() if n]
    details = ", ".join(f"{detail} ×{n}" for detail, n in sorted(share.details.items()))
    return f"{share.cause}: {', '.join(signed)}" + (f" ({details})" if details else "")


def _show_examples(move: Move, console: Console) -> None:
    for share in move.shares:
        if share.examples:
            console.print(f"[bold]{escape(move.entity_id)}[/], {share.cause}", highlight=False)
            _show_sentences(share.examples, console)


def _aside(aside: Aside) -> str:
    return f"{aside.cause}, {escape(aside.detail)}: {aside.n:,} mentions"


def _show_sentences(examples: list[Example], console: Console) -> None:
    for e in examples:
        line = f"  {e.article}: {e.before} → {e.after}: {e.sentence}"
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def as_json(comparison: Comparison) -> dict[str, Any]:
    """The comparison in plain values."""
    return {
        "equal": comparison.equal,
        "fingerprints": {name: {"pinned": a, "now": b} for name, (a, b) in comparison.fingerprints.items()},
        "differing": dict(comparison.differing),
        "entities": [_move(move) for move in comparison.moves],
        "facts": {e: {"pinned": a, "now": b} for e, (a, b) in comparison.facts.items()},
        "cleaning": [asdict(change) for change in comparison.cleaning],
        "asides": [asdict(aside) for aside in comparison.asides],
    }


def _move(move: Move) -> Mapping[str, Any]:
    return {
        "entity_id": move.entity_id,
        "name": move.name,
        "pinned": asdict(move.pinned),
        "now": asdict(move.now),
        "causes": [asdict(share) for share in move.shares],
    }
