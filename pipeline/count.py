"""Stage count: `mentions` to `counts` and `cooccurrences`.

Only linked mentions count; a role without a name (ROLE) does not. `month` is the first day of the
month, null for articles without a date. Beside what was found stands what there likely is, with an
interval (see `estimate`); null for a model whose errors were not measured. The mentions may be more than
memory holds.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.estimate import Estimate, Sums, estimator_of
from pipeline.schemas import TABLES, Label, check

_LINKED = f"FROM mentions WHERE entity_id IS NOT NULL AND label <> '{Label.ROLE.value}'"
_COUNTS = f"""
SELECT entity_id, min(name) AS name, min(kind) AS kind, min(country) AS country,
       CAST(date_trunc('month', published) AS DATE) AS month,
       count(*) AS n_mentions, count(DISTINCT article_id) AS n_articles, count(DISTINCT story_id) AS n_stories
{_LINKED} GROUP BY entity_id, month ORDER BY entity_id, month NULLS LAST
"""
#: What the estimates are made of; whole numbers, since a sum of fractions depends on their order.
_SUMS = f"""
SELECT entity_id, CAST(date_trunc('month', published) AS DATE) AS month, label, kind, count(*),
       sum(CAST(round((1 - score) * 1e9) AS HUGEINT)),
       sum(CAST(round((1 - score) * (1 - score) * 1e9) AS HUGEINT))
{_LINKED} GROUP BY entity_id, month, label, kind ORDER BY ALL
"""
#: Pairs of entities in one sentence; articles and stories are those with such a sentence.
_COOCCURRENCES = f"""
WITH named AS (SELECT DISTINCT article_id, story_id, sentence, entity_id, name {_LINKED})
SELECT a.entity_id AS entity_id_a, min(a.name) AS name_a, b.entity_id AS entity_id_b, min(b.name) AS name_b,
       count(*) AS n_sentences, count(DISTINCT a.article_id) AS n_articles,
       count(DISTINCT a.story_id) AS n_stories
FROM named a JOIN named b
  ON a.article_id = b.article_id AND a.sentence = b.sentence AND a.entity_id < b.entity_id
GROUP BY a.entity_id, b.entity_id ORDER BY a.entity_id, b.entity_id
"""  # noqa: S608 - no text of a user's


def count(
    mentions: pa.Table | ds.Dataset, *, connection: duckdb.DuckDBPyConnection | None = None
) -> tuple[pa.Table, pa.Table]:
    """The tables `counts` and `cooccurrences`.

    Args:
        mentions: the rows, or files of them that are read bit by bit.
        connection: a duckdb with limits of its own; else one in memory.
    """
    database = connection or duckdb.connect()
    database.register("mentions", mentions)
    try:
        return _counts(database), _table("cooccurrences", database.sql(_COOCCURRENCES).to_arrow_table())
    finally:
        database.unregister("mentions")


def _counts(database: duckdb.DuckDBPyConnection) -> pa.Table:
    counts = database.sql(_COUNTS).to_arrow_table()
    groups = list(zip(counts["entity_id"].to_pylist(), counts["month"].to_pylist(), strict=True))
    estimates = _estimates(database, groups)
    for column, field in (("n_estimated", "n"), ("n_low", "low"), ("n_high", "high")):
        values = [None if e is None else getattr(e, field) for e in estimates]
        counts = counts.append_column(column, pa.array(values, pa.float32()))
    return _table("counts", counts)


def _estimates(
    database: duckdb.DuckDBPyConnection, groups: list[tuple[object, object]]
) -> list[Estimate | None]:
    """One for each entity and month; all mentions are of one run, so of one model."""
    model = database.sql("SELECT min(model) FROM mentions").fetchall()[0][0]
    estimator = estimator_of(model) if model else None
    if estimator is None:
        return [None] * len(groups)
    row_of = {group: row for row, group in enumerate(groups)}
    sums = [
        Sums(row_of[entity, month], (label, kind), n, doubt / 1e9, squares / 1e9)
        for entity, month, label, kind, n, doubt, squares in database.sql(_SUMS).fetchall()
    ]
    return list(estimator.estimate(sums, len(groups)))


def _table(name: str, rows: pa.Table) -> pa.Table:
    table = rows.cast(TABLES[name].schema)
    check(name, table)
    return table
