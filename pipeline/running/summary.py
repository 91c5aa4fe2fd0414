"""The most mentioned entities and some totals of a run, for the end of `vermeld run`.

In: the output folder. Out: a few numbers and rows; the tables are read bit by bit.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb

from pipeline.running.storage import Storage
from pipeline.tables import dataset_of

_TOP = """
SELECT min(name), min(kind), min(country), count(*) AS n, count(DISTINCT article_id)
FROM mentions WHERE entity_id IS NOT NULL AND label <> 'ROLE' GROUP BY entity_id
ORDER BY n DESC, entity_id LIMIT 15
"""
_TOTALS = "SELECT count(entity_id), count(DISTINCT entity_id) FROM mentions"
_REJECTED = "SELECT source || ': ' || detail FROM rejected ORDER BY source, reason, detail LIMIT 10"


@dataclass(frozen=True, slots=True)
class Mentioned:
    """An entity with its numbers; as in `counts`, roles without a name are left out."""

    name: str
    kind: str
    country: str | None
    n_mentions: int
    n_articles: int


@dataclass(frozen=True, slots=True)
class Summary:
    """What `vermeld run` shows in the end; `rejected` are the first ten."""

    top: list[Mentioned]
    n_linked: int
    n_entities: int
    rejected: list[str]


def summarise(out: Storage) -> Summary:
    """The summary of the tables in an output folder."""
    with duckdb.connect() as connection:
        for name in ("mentions", "rejected"):
            connection.register(name, dataset_of(out, name))
        top = [Mentioned(*row) for row in connection.sql(_TOP).fetchall()]
        n_linked, n_entities = connection.sql(_TOTALS).fetchall()[0]
        rejected = [line for (line,) in connection.sql(_REJECTED).fetchall()]
    return Summary(top, n_linked, n_entities, rejected)
