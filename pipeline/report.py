"""The report: the tables of one run as one HTML file that needs no network.

In: an output folder. Out: the page as a string. Every text of an article is escaped by the template or by
`tojson`; a content security policy with the hashes of our own scripts is the second lock on that door.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from markupsafe import Markup

from pipeline.reporting.graph import draw
from pipeline.reporting.graph_svg import svg
from pipeline.reporting.marks import article_markup
from pipeline.reporting.page_template import page_file, page_strings, page_template, policy, vega_bundle
from pipeline.reporting.report_data import ESTIMATES, MEASURES, RANKED, Figures
from pipeline.tables import read_table

Row = dict[str, Any]

#: What the report is called in its output folder.
NAME = "report.html"
_TABLES = ("documents", "articles", "segments", "mentions", "rejected", "counts", "cooccurrences")
_RANKINGS = (("leaders", "leader"), ("countries", "country"), ("organisations", "organisation"))
_SPARK = (96, 24)  # width and height of a sparkline


def report(folder: Path) -> str:
    """The page of an output folder.

    Raises:
        FileNotFoundError: a table or run.json is not there.
        ValueError: another version made them.
        ImportError: what draws is not installed (`pip install vermeld[report]`).
    """
    tables = {name: read_table(folder, name) for name in _TABLES}
    path = folder / "run.json"
    if not path.is_file():
        raise FileNotFoundError(f"no run.json in {folder}: `vermeld run` makes it")
    return page(tables, json.loads(path.read_text(encoding="utf-8")))


def write_report(folder: Path) -> Path:
    """Write the report of an output folder into it, as report.html; the path."""
    target, unfinished = folder / NAME, folder / f".unfinished-{NAME}"
    unfinished.write_text(report(folder), encoding="utf-8")
    return unfinished.replace(target)


def page(tables: Mapping[str, pa.Table], run: Mapping[str, Any]) -> str:
    """The page of these tables; `run` is what run.json holds."""
    strings = page_strings()
    figures = Figures(tables)
    span = figures.span()
    series = figures.series(span)
    doubtful, unlinked = figures.doubtful(), figures.unlinked()
    sample = figures.sample([row["article_id"] for row in (*doubtful, *unlinked)])
    scripts = {"vega": vega_bundle(), "own": page_file("script.js")}
    return page_template(strings).render(
        style=page_file("style.css"),
        scripts=scripts,
        policy=policy(scripts.values()),
        strings=strings,
        run=run,
        summary=figures.summary(),
        rankings=_rankings(series, len(span)),
        outlets=figures.outlets(),
        networks=_networks(tables),
        doubtful=doubtful,
        unlinked=unlinked,
        sample=sample,
        texts=_texts(tables, [row["article_id"] for row in sample]),
        data=_data(figures, series, span),
        has_estimates=_has_estimates(series),
    )  # fmt: skip


def _rankings(series: list[Row], length: int) -> list[tuple[str, list[Row]]]:
    """The first of each kind, with their months as a line."""
    found = []
    for key, kind in _RANKINGS:
        rows = [row for row in series if row["kind"] == kind][:RANKED]
        found.append((key, [row | {"spark": _spark(row, length)} for row in rows]))
    return found


def _spark(row: Row, length: int) -> str:
    """The points of a polyline: mentions a month."""
    values = [0] * length
    for at, n in zip(row["at"], row["n_mentions"], strict=True):
        values[at] = n
    top, step = max(values, default=0) or 1, _SPARK[0] / max(1, length - 1)
    return " ".join(
        f"{k * step:.1f},{_SPARK[1] - 2 - (_SPARK[1] - 4) * v / top:.1f}" for k, v in enumerate(values)
    )


def _networks(tables: Mapping[str, pa.Table]) -> dict[str, Markup]:
    """The network for a wide page and, with fewer entities, for a narrow one."""
    pair = tables["cooccurrences"], tables["counts"]
    drawn = {"wide": draw(*pair), "narrow": draw(*pair, n_entities=16, width=380, height=460)}
    return {key: svg(drawing, label="cooccurrences") for key, drawing in drawn.items() if drawing.nodes}


def _texts(tables: Mapping[str, pa.Table], ids: list[str]) -> dict[str, Markup]:
    """The articles of the sample, marked."""
    wanted = pa.array(ids, pa.string())
    rows: dict[str, dict[str, list[Row]]] = {}
    for name in ("documents", "articles", "segments", "mentions"):
        table = tables[name]
        rows[name] = {i: [] for i in ids}
        for row in table.filter(pc.is_in(table.column("article_id"), wanted)).to_pylist():
            rows[name][row["article_id"]].append(row)
    return {
        i: article_markup(
            rows["articles"][i][0]["text"],
            rows["documents"][i][0]["raw"],
            rows["segments"][i],
            rows["mentions"][i],
        )
        for i in ids
    }


def _has_estimates(series: list[Row]) -> bool:
    return bool(series) and ESTIMATES[0] in series[0]


def _data(figures: Figures, series: list[Row], span: list[str]) -> Row:
    """What the script needs: the chart without data, the months, and the entities to choose from."""
    import altair as alt
    from vl_convert import get_format_locale, get_time_format_locale

    from pipeline.reporting.charts import COLOURS, timeline_chart

    chart = timeline_chart(alt.NamedData(name="rows"), y_title="", band=_has_estimates(series))
    chart = chart.properties(width="container", height=260)
    columns = ("id", "name", "kind", "group", "at", *MEASURES, *(ESTIMATES if _has_estimates(series) else ()))
    return {
        "chart": chart.to_dict(),
        "locales": {
            "nl": {"number": get_format_locale("nl-NL"), "time": get_time_format_locale("nl-NL")},
            "en": {"number": get_format_locale("en-GB"), "time": get_time_format_locale("en-GB")},
        },
        "colours": COLOURS,
        "months": span,
        "articles": figures.articles_per_month(span),
        "entities": [{column: row[column] for column in columns} for row in series],
    }
