"""What linking found, as rows of `mentions`.

In: the table that was linked, and an `Outcome` for each row to come. Out: the table. Columns that linking
leaves alone are taken as they are; an added role takes them from the row it lies in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipeline.kb import Entity
from pipeline.offsets import Alignment
from pipeline.schemas import TABLES, Label, LinkReason, Recogniser, check


@dataclass(slots=True)
class Outcome:
    """A row to come: from row `row` of the old table, at start:end (code points) of the article's text."""

    row: int
    article: str
    start: int
    end: int
    label: Label
    reason: LinkReason
    entity: Entity | None = None
    role: str | None = None
    cluster: str | None = None
    mention: int = 0


def table_of(
    mentions: pa.Table,
    outcomes: Sequence[Outcome],
    texts: Mapping[str, str],
    alignments: Mapping[str, Alignment],
) -> pa.Table:
    """The table `mentions` with a row for each outcome, in their order.

    Args:
        mentions: the table that was linked.
        outcomes: what became of its rows, and the roles that were found.
        texts: of the articles, by id.
        alignments: of the articles, by id.
    """
    taken = mentions.take(pa.array([o.row for o in outcomes], pa.int64()))
    columns = _linking(outcomes) | _places(taken, outcomes, texts, alignments)
    schema = TABLES["mentions"].schema
    arrays = [
        pa.array(columns[field.name], field.type) if field.name in columns else taken.column(field.name)
        for field in schema
    ]
    table = pa.Table.from_arrays(arrays, schema=schema)
    check("mentions", table)
    return table


def _linking(outcomes: Sequence[Outcome]) -> dict[str, list[object]]:
    """The columns that say what is linked to what."""
    entities = [o.entity for o in outcomes]
    return {
        "mention": [o.mention for o in outcomes],
        "label": [o.label.value for o in outcomes],
        "link_reason": [o.reason.value for o in outcomes],
        "role": [o.role for o in outcomes],
        "cluster": [o.cluster for o in outcomes],
        "entity_id": [e.entity_id if e else None for e in entities],
        "name": [e.short_name if e else None for e in entities],
        "kind": [e.kind.value if e else None for e in entities],
        "country": [e.country if e else None for e in entities],
        "wikidata": [e.wikidata if e else None for e in entities],
    }


def _places(
    taken: pa.Table,
    outcomes: Sequence[Outcome],
    texts: Mapping[str, str],
    alignments: Mapping[str, Alignment],
) -> dict[str, list[object]]:
    """The columns that say where a mention stands, with those of the roles in place."""
    names = ("start", "end", "raw_start", "raw_end", "text", "recogniser")
    columns: dict[str, list[object]] = {name: taken.column(name).to_pylist() for name in names}
    for i, o in enumerate(outcomes):
        if o.label is Label.ROLE:
            raw = alignments[o.article].to_source(o.start, o.end)
            text = texts[o.article][o.start : o.end]
            for name, value in zip(names, (o.start, o.end, *raw, text, Recogniser.KB.value), strict=True):
                columns[name][i] = value
    return columns
