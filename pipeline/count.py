"""Stage count: `mentions` to `counts` and `cooccurrences`.

Only linked mentions count; a role without a name (ROLE) does not. `month` is the first day of the
month, null for articles without a date. The mentions may be more than memory holds.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.schemas import TABLES, Label, check

_LINKED = f"FROM mentions WHERE entity_id IS NOT NULL AND label <> '{Label.ROLE.value}'"
_COUNTS = f"""
SELECT entity_id, min(name) AS name, min(kind) AS kind, min(country) AS country,
       CAST(date_trunc('month', published) AS DATE) AS month,
       count(*) AS n_mentions, count(DISTINCT article_id) AS n_articles, count(DISTINCT story_id) AS n_stories
{_LINKED} GROUP BY entity_id, month ORDER BY entity_id, month NULLS LAST
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
        return _table("counts", database, _COUNTS), _table("cooccurrences", database, _COOCCURRENCES)
    finally:
        database.unregister("mentions")


def _table(name: str, database: duckdb.DuckDBPyConnection, query: str) -> pa.Table:
    table = database.sql(query).to_arrow_table().cast(TABLES[name].schema)
    check(name, table)
    return table
