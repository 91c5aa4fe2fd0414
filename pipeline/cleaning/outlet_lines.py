"""Furniture learned per outlet: a line that articles of many stories of one outlet share is none of theirs.

In: what `clean` gave, as one small row per kept line, and the stories of the corpus. Out: for each article
the lines to take as furniture, with which `clean` goes over those articles again. A line is known by a hash
of its words, so that the rows can be kept between runs. Wire copy is no evidence: it counts once a story.
"""

from __future__ import annotations

import hashlib
import re

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds

from pipeline.schemas import Zone

#: One row a kept line: whose it is, and how to know it again.
LINES = pa.schema(
    [("article_id", pa.string()), ("outlet", pa.string()), ("line", pa.int64()), ("n_words", pa.int32())]
)
#: A line that is furniture in an article.
SHARED = pa.schema([("article_id", pa.string()), ("line", pa.int64())])

_LONG_WORDS = 8
#: (stories, share of the outlet's articles): a sentence twice is copied, "Oorlog" may head many articles.
_LONG_NEEDS, _SHORT_NEEDS = (3, 0.02), (4, 0.1)
#: A title of more words is a headline, however often a live blog prints it.
_TITLE_MAX_WORDS = 3
_DIGITS = re.compile(r"\d+")


_SHARED = f"""
WITH known AS (
       SELECT lines.outlet, lines.line, lines.n_words, article_id, articles.story_id
       FROM lines JOIN articles USING (article_id)
     ),
     sizes AS (SELECT outlet, count(DISTINCT article_id) AS n FROM known GROUP BY outlet),
     lengths AS (SELECT line, max(n_words) >= {_LONG_WORDS} AS long FROM known GROUP BY line),
     counted AS (
       SELECT outlet, line, count(DISTINCT story_id) AS stories, count(DISTINCT article_id) AS articles
       FROM known GROUP BY outlet, line
     ),
     kept AS (
       SELECT outlet, line FROM counted JOIN sizes USING (outlet) JOIN lengths USING (line)
       WHERE (long AND stories >= {_LONG_NEEDS[0]} AND articles >= {_LONG_NEEDS[1]} * n)
          OR (NOT long AND stories >= {_SHORT_NEEDS[0]} AND articles >= {_SHORT_NEEDS[1]} * n)
     )
SELECT DISTINCT article_id, line FROM known JOIN kept USING (outlet, line) ORDER BY article_id, line
"""  # noqa: S608 - no text of a user's


def line_hash(text: str) -> int:
    """The same for lines that differ in case, space and figures only ("12 reacties", "7 reacties")."""
    plain = _DIGITS.sub("0", " ".join(text.casefold().split()))
    return int.from_bytes(hashlib.blake2b(plain.encode(), digest_size=8).digest(), "big", signed=True)


def outlet_lines(articles: pa.Table, segments: pa.Table) -> pa.Table:
    """The table LINES of cleaned articles; the outlet is the folder where none is known."""
    names = ("article_id", "source", "outlet", "text")
    known = {row["article_id"]: row for row in articles.select(names).to_pylist()}
    columns = [segments.column(c).to_pylist() for c in ("article_id", "zone", "start", "end", "rule")]
    rows: list[dict[str, object]] = []
    for article, zone, start, end, rule in zip(*columns, strict=True):
        if start is None or rule == "title-field":
            continue
        text = known[article]["text"][start:end]
        n_words = len(text.split())
        if zone != Zone.TITLE or n_words <= _TITLE_MAX_WORDS:
            row = known[article]
            rows.append(
                {
                    "article_id": article,
                    "outlet": row["outlet"] or _folder(row["source"]),
                    "line": line_hash(text),
                    "n_words": n_words,
                }
            )
    return pa.Table.from_pylist(rows, schema=LINES)


def _folder(source: str) -> str:
    """The folder of a file, or the file of a record ("krant/archief.csv#12")."""
    file, _, record = source.partition("#")
    return file if record else file.rpartition("/")[0]


def shared_lines(
    lines: pa.Table | ds.Dataset, articles: pa.Table, *, connection: duckdb.DuckDBPyConnection | None = None
) -> pa.Table:
    """The table SHARED: the lines that enough stories of an outlet have.

    Args:
        lines: the table LINES of the whole corpus, in any order, or files of it that are read bit by bit.
        articles: with `article_id` and `story_id`.
        connection: a duckdb with limits of its own; else one in memory.
    """
    database = connection or duckdb.connect()
    database.register("lines", lines)
    database.register("articles", articles)
    try:
        return database.sql(_SHARED).to_arrow_table().cast(SHARED)
    finally:
        database.unregister("lines")
        database.unregister("articles")
