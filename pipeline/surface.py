"""What a notebook needs of the tables: open them, show an article, draw a timeline and a network.

In: the folder that `make run` wrote. Out: data frames, charts and markup. Libraries that only drawing needs
are imported when asked for (`pip install vermeld[report]`).
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Literal, overload

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.schemas import ENUMS
from pipeline.tables import read_table

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd
    import polars as pl

    from pipeline.reporting.marks import Html

Measure = Literal["n_mentions", "n_articles", "n_stories", "n_estimated"]
_OUTPUTS = Path("outputs")
_LEADERS_SHOWN = 5


@overload
def open_table(name: str, folder: Path | str = ..., *, form: Literal["pandas"] = ...) -> pd.DataFrame: ...
@overload
def open_table(name: str, folder: Path | str = ..., *, form: Literal["polars"]) -> pl.DataFrame: ...
@overload
def open_table(name: str, folder: Path | str = ..., *, form: Literal["arrow"]) -> pa.Table: ...
def open_table(
    name: str, folder: Path | str = _OUTPUTS, *, form: Literal["pandas", "polars", "arrow"] = "pandas"
) -> pd.DataFrame | pl.DataFrame | pa.Table:
    """A table, with its enumerations (zone, label, kind, link_reason …) as categories, all in their order.

    Args:
        name: documents, articles, segments, repairs, mentions, rejected, counts or cooccurrences.
        folder: where `make run` wrote.
        form: pandas (dates as datetime64), polars (categories as Enum) or arrow (as dictionaries).

    Raises:
        FileNotFoundError: the table is not there.
        ValueError: another version made it, or there is no such form.
        ImportError: polars was asked for and is not installed.
    """
    table = read_table(Path(folder), name)
    if form == "polars":
        import polars as pl

        enums = {c: pl.Enum(list(map(str, e))) for c, e in ENUMS.items() if c in table.column_names}
        return pl.DataFrame(pl.from_arrow(table)).cast(dict(enums))  # type: ignore[arg-type]
    table = _with_categories(table)
    if form == "arrow":
        return table
    if form != "pandas":
        raise ValueError(f"form is pandas, polars or arrow, not {form!r}")
    frame: pd.DataFrame = table.to_pandas(date_as_object=False)
    return frame


def _with_categories(table: pa.Table) -> pa.Table:
    for number, field in enumerate(table.schema):
        if field.name in ENUMS:
            values = pa.array([str(value) for value in ENUMS[field.name]])
            codes = pc.index_in(table.column(number).combine_chunks(), values)
            column = pa.DictionaryArray.from_arrays(codes.cast(pa.int8()), values)
            table = table.set_column(number, pa.field(field.name, column.type, field.nullable), column)
    return table


def highlight(article_id: str, folder: Path | str = _OUTPUTS) -> Html:
    """An article with its zones and its mentions marked; the tooltip of each says why it was linked.

    Raises:
        KeyError: there is no such article.
        FileNotFoundError: the tables are not there.
    """
    from pipeline.reporting.marks import STYLE, Html, article_markup

    rows = {
        name: _of_article(name, article_id, folder)
        for name in ("documents", "articles", "segments", "mentions")
    }
    if not rows["articles"]:
        raise KeyError(f"no article {article_id!r} in {folder}")
    (article,), (document,) = rows["articles"], rows["documents"]
    body = article_markup(str(article["text"]), str(document["raw"]), rows["segments"], rows["mentions"])
    return Html(STYLE + Html('<article class="vermeld-article" lang="nl">{}</article>').format(body))


def _of_article(name: str, article_id: str, folder: Path | str) -> list[dict[str, object]]:
    table = read_table(Path(folder), name)
    rows: list[dict[str, object]] = table.filter(pc.equal(table.column("article_id"), article_id)).to_pylist()
    return rows


def timeline(
    *entities: str, folder: Path | str = _OUTPUTS, measure: Measure = "n_mentions"
) -> alt.LayerChart:
    """A line per entity over the months; its frame is `chart.data`.

    Args:
        entities: ids, Dutch names, the last word of one, or any name that the knowledge base that ships
            has for one of `counts` ("Vladimir Putin", "NATO"); without any, the leaders most mentioned.
        folder: where `make run` wrote.
        measure: what to count; n_estimated has a 95 % band, where `counts` has that column.

    Warns:
        UserWarning: some of what is counted has no date, and so no place on the line.

    Raises:
        KeyError: an entity that `counts` does not have; the message names those that look like it.
        ValueError: a measure that `counts` does not have.
    """
    from pipeline.reporting.charts import filled, timeline_chart

    counts = read_table(Path(folder), "counts")
    if measure not in counts.column_names:
        raise ValueError(f"counts has no column {measure!r}")
    rows = counts.to_pylist()
    wanted = _resolve(entities, rows) if entities else _top_leaders(rows)
    dates = [row["month"] for row in rows if row["month"]]
    band = measure == "n_estimated"
    columns = [measure, "n_low", "n_high"] if band else [measure]
    _warn_of_undated([row for row in rows if row["entity_id"] in wanted], measure)
    shown = [row for row in rows if row["entity_id"] in wanted]
    months = filled(shown, columns, (min(dates), max(dates))) if dates else []
    rename = {measure: "n", "n_low": "low", "n_high": "high"}
    data = [{rename.get(key, key): value for key, value in row.items()} for row in months]
    return timeline_chart(data, y_title=measure, names=list(wanted.values()), band=band)


def _warn_of_undated(rows: list[dict[str, object]], measure: Measure) -> None:
    undated = sum(float(str(row[measure] or 0)) for row in rows if not row["month"])
    if undated:
        warnings.warn(
            f"not drawn: {undated:,.0f} in {measure} of articles without a date of publication",
            UserWarning,
            stacklevel=3,
        )


def _resolve(entities: tuple[str, ...], rows: list[dict[str, object]]) -> Mapping[str, str]:
    """Entity ids with their names; "Poetin" will do where only one entity of `counts` ends so."""
    names = {str(row["entity_id"]): str(row["name"]) for row in rows}
    known: defaultdict[str, set[str]] = defaultdict(set)
    for entity_id, name in names.items():
        known[entity_id].add(entity_id)
        known[name.casefold()].add(entity_id)
    for entity_id, name in names.items():
        known[name.split()[-1].casefold()].add(entity_id)
    found = {}
    for entity in entities:
        full = [i for i, name in names.items() if name.casefold() == entity.casefold()]
        ids = full or sorted(known.get(entity, known.get(entity.casefold(), ())))
        ids = ids or sorted(_owners(entity) & names.keys())
        if len(ids) != 1:
            near = ids or [i for key in get_close_matches(entity.casefold(), known) for i in known[key]]
            raise KeyError(f"{entity!r} is no one entity in counts; like it: {', '.join(near) or 'nothing'}")
        found[ids[0]] = names[ids[0]]
    return found


def _owners(alias: str) -> set[str]:
    """The entities of the knowledge base that ships for which a name may stand."""
    from pipeline.settings import Settings
    from pipeline.tools import Tools

    return {found.entity_id for found in Tools(Settings()).index.lookup(alias)}


def _top_leaders(rows: list[dict[str, object]]) -> Mapping[str, str]:
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        if row["kind"] == "leader":
            entity = (str(row["entity_id"]), str(row["name"]))
            totals[entity] = totals.get(entity, 0) + int(str(row["n_mentions"]))
    return dict(sorted(totals, key=lambda entity: (-totals[entity], entity))[:_LEADERS_SHOWN])


def network(
    folder: Path | str = _OUTPUTS,
    *,
    n_entities: int = 40,
    measure: Literal["n_sentences", "n_articles", "n_stories"] = "n_stories",
) -> Html:
    """The entities that share most sentences with others, drawn with their strongest ties.

    Args:
        folder: where `make run` wrote.
        n_entities: how many, at most.
        measure: what the size of a mark and the width of a line stand for.
    """
    from pipeline.reporting.graph import draw
    from pipeline.reporting.graph_svg import STYLE, svg
    from pipeline.reporting.marks import Html

    tables = (read_table(Path(folder), name) for name in ("cooccurrences", "counts"))
    drawing = draw(*tables, n_entities=n_entities, measure=measure)
    return Html(STYLE + svg(drawing, label="cooccurrence network"))
