"""The figures of the report, by SQL over the tables.

In: the tables of one run. Out: plain rows, small whatever the size of the corpus: rankings, months of the
entities most mentioned, outlets, mentions worth a look, and which articles the reader gets.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.reporting.charts import months
from pipeline.reporting.marks import group_of

Row = dict[str, Any]

#: How much of each thing is shown.
RANKED, CHOOSABLE, OUTLETS, DOUBTFUL, SAMPLE = 10, 150, 25, 12, 40
#: A linked mention below this score is worth a look.
LOW_SCORE = 0.6
#: Longer articles are left out of the reader, in code points.
_LONGEST = 20_000
_CONTEXT = 110  # code points of a sentence on each side of a mention
MEASURES = ("n_mentions", "n_articles", "n_stories")
ESTIMATES = ("n_estimated", "n_low", "n_high")
# Files of one outlet lie in one folder, or in one file of records: "wereldkroniek.jsonl#12".
_OUTLET = """coalesce(outlet, case when contains(source, '/') then split_part(source, '/', 1)
    when contains(source, '#') then split_part(source, '#', 1) end)"""


class Figures:
    """Queries over the tables of one run."""

    def __init__(self, tables: Mapping[str, pa.Table]) -> None:
        self._db = duckdb.connect()
        for name, table in tables.items():
            self._db.register(name, table)
        self._db.execute(
            f"""create temp table a as select article_id, {_OUTLET} as outlet, agency, published, story_id,
                n_words, title, source, length(text) as chars, count(*) over (partition by story_id) as copies
            from articles"""  # noqa: S608 - no value of a user
        )
        self._has_estimates = set(ESTIMATES) <= set(tables["counts"].column_names)

    def _rows(self, query: str, *values: object) -> list[Row]:
        found = self._db.execute(query, list(values))
        names = [column[0] for column in found.description]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def summary(self) -> Row:
        """One row: what was read and found."""
        (articles,) = self._rows(
            """select count(*) as articles, count(distinct story_id) as stories,
                count(distinct outlet) as outlets,
                coalesce(sum(n_words), 0)::bigint as words, min(published) as first, max(published) as last,
                count(*) filter (published is null) as undated,
                coalesce(avg((copies > 1)::int), 0) as copied from a"""
        )
        (mentions,) = self._rows(
            """select count(*) as mentions, count(entity_id) as linked,
                count(distinct entity_id) as entities from mentions"""
        )
        (rejected,) = self._rows("select count(*) as rejected from rejected")
        return articles | mentions | rejected

    def span(self) -> list[str]:
        """The first days of the months from the first article to the last."""
        (row,) = self._rows("select min(published) as first, max(published) as last from a")
        return [m.isoformat() for m in months(row["first"], row["last"])] if row["first"] else []

    def articles_per_month(self, span: Sequence[str]) -> list[int]:
        """The number of articles of each month of the span."""
        rows = self._rows(
            "select date_trunc('month', published)::date as month, count(*) as n from a "
            "where published is not null group by 1"
        )
        known = {row["month"].isoformat(): row["n"] for row in rows}
        return [known.get(month, 0) for month in span]

    def series(self, span: Sequence[str]) -> list[Row]:
        """The entities most mentioned, each with its months (as places in `span`) and their counts."""
        measures = MEASURES + (ESTIMATES if self._has_estimates else ())
        lists = ", ".join(f"list({m} order by month) filter (month is not null) as {m}" for m in measures)
        totals = ", ".join(f"sum({m})::bigint as total_{m}" for m in MEASURES)
        rows = self._rows(
            f"""select entity_id as id, any_value(name) as name, any_value(kind) as kind,
                any_value(country) as country, list(month order by month) filter (month is not null) as at,
                {lists}, {totals} from counts group by entity_id"""  # noqa: S608
        )
        rows.sort(key=lambda row: (-row["total_n_mentions"], row["id"]))
        ranks: dict[str, int] = {}
        place = {month: k for k, month in enumerate(span)}
        chosen = []
        for number, row in enumerate(rows):
            ranks[row["kind"]] = ranks.get(row["kind"], 0) + 1
            if number < CHOOSABLE or ranks[row["kind"]] <= RANKED:
                at = [place[month.isoformat()] for month in row["at"] or ()]
                counts = {m: row[m] or [] for m in measures}
                chosen.append(row | counts | {"at": at, "group": group_of(row["kind"])})
        return chosen

    def outlets(self) -> list[Row]:
        """A row an outlet: articles, shares of copies and agency, and characters of raw text by zone."""
        rows = self._rows(
            """select outlet, count(*) as articles, avg((copies > 1)::int) as copied,
                avg((agency is not null)::int) as agency from a
            group by outlet order by articles desc, outlet nulls last limit ?""",
            OUTLETS,
        )
        zones = self._rows(
            """select outlet, zone, sum(raw_end - raw_start)::bigint as chars
            from segments join a using (article_id) group by all"""
        )
        for row in rows:
            own = {z["zone"]: z["chars"] for z in zones if z["outlet"] == row["outlet"]}
            row["zones"] = {zone: chars / (sum(own.values()) or 1) for zone, chars in own.items()}
        return rows

    def doubtful(self) -> list[Row]:
        """Linked mentions of low score, each pair of text and entity once, lowest first."""
        rows = self._rows(
            """select * from (
                select article_id, text, sentence_text, label, name, kind, link_reason, score, recogniser,
                    row_number() over (partition by text, entity_id order by score, article_id, mention)
                        as nth
                from mentions where entity_id is not null and score < ?)
            where nth = 1 order by score, article_id, text limit ?""",
            LOW_SCORE,
            DOUBTFUL,
        )
        return [row | {"context": in_context(row["sentence_text"], row["text"])} for row in rows]

    def unlinked(self) -> list[Row]:
        """Names without an entity that most articles have, with an example."""
        rows = self._rows(
            """select text, label, count(*) as n_mentions, count(distinct article_id) as n_articles,
                arg_min(article_id, (article_id, mention)) as article_id,
                arg_min(sentence_text, (article_id, mention)) as sentence_text
            from mentions where entity_id is null and label != 'MISC' group by text, label
            order by n_articles desc, n_mentions desc, text limit ?""",
            DOUBTFUL,
        )
        return [row | {"context": in_context(row["sentence_text"], row["text"])} for row in rows]

    def sample(self, first: Sequence[str]) -> list[Row]:
        """Articles for the reader: `first`, then those that mention most, from all outlets in turn."""
        rows = self._rows(
            """select article_id, a.title, a.outlet, a.published, a.source, chars,
                count(distinct entity_id) as n_entities
            from a left join mentions using (article_id) group by all"""
        )
        rows.sort(key=lambda row: (-row["n_entities"], row["article_id"]))
        asked = [row for row in rows if row["article_id"] in set(first)]
        turns: dict[object, int] = {}
        others: list[tuple[int, Row]] = []
        for row in rows:
            if row["chars"] <= _LONGEST and row["article_id"] not in set(first):
                turns[row["outlet"]] = turns.get(row["outlet"], 0) + 1
                others.append((turns[row["outlet"]], row))
        others.sort(key=lambda item: item[0])
        chosen = [*asked, *(row for _, row in others)][:SAMPLE]
        for row in chosen:
            row["title"] = row["title"] or PurePath(row["source"]).name
        return sorted(chosen, key=lambda row: (str(row["published"] or ""), row["article_id"]), reverse=True)


def in_context(sentence: str, text: str) -> tuple[str, str, str]:
    """What stands before a mention in its sentence, the mention, and what stands after, cut to size."""
    before, _, after = sentence.partition(text)
    if len(before) > _CONTEXT:
        before = "… " + before[-_CONTEXT:].partition(" ")[2]
    if len(after) > _CONTEXT:
        after = after[:_CONTEXT].rpartition(" ")[0] + " …"
    return before, text, after
