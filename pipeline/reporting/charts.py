"""Timelines as Vega-Lite charts, through altair.

In: rows of `counts`. Out: rows with every month filled, and charts. Colours and fonts are left to the
page that shows them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import altair as alt

Row = dict[str, Any]

#: Distinct for readers who see colours otherwise, on white and on dark; the first is the page's accent.
COLOURS = ("#2a7f82", "#d1722e", "#7a64b5", "#8a8f98", "#b5487a")


def months(first: datetime.date, last: datetime.date) -> Iterator[datetime.date]:
    """The first days of the months from `first` up to and including `last`."""
    at = first.replace(day=1)
    while at <= last:
        yield at
        at = datetime.date(at.year + at.month // 12, at.month % 12 + 1, 1)


def filled(
    rows: Iterable[Row], measures: Sequence[str], span: tuple[datetime.date, datetime.date]
) -> list[Row]:
    """For each entity a row a month of the span, 0 where it has none; rows without a month are left out."""
    by_entity: dict[str, dict[datetime.date, Row]] = {}
    for row in rows:
        if row["month"] is not None:
            by_entity.setdefault(row["name"], {})[row["month"]] = row
    return [
        {"name": name, "month": month.isoformat()} | {m: (known.get(month) or {}).get(m, 0) for m in measures}
        for name, known in by_entity.items()
        for month in months(*span)
    ]


def timeline_chart(
    data: alt.InlineData | alt.NamedData | Sequence[Row],
    *,
    y_title: str,
    names: Sequence[str] = (),
    band: bool = False,
) -> alt.LayerChart:
    """A line with points per entity, over the columns name, month, n and, with `band`, low and high.

    Args:
        data: the rows, or the name under which a page supplies them.
        y_title: what is counted.
        names: the entities in the order of their colours; empty where a page gives the column `colour`.
        band: whether to shade from low to high.
    """
    import altair as alt

    named = isinstance(data, alt.InlineData | alt.NamedData)
    source: Any = data if named else alt.InlineData(values=list(data))
    if names:
        scale = alt.Scale(domain=list(names), range=[COLOURS[k % len(COLOURS)] for k in range(len(names))])
        colour = alt.Color("name:N", title=None, scale=scale, legend=alt.Legend(orient="top"))
    else:
        colour = alt.Color("colour:N", scale=None)
    x = alt.X("month:T", title=None, axis=alt.Axis(format="%m-%Y", labelOverlap=True, grid=False))
    tooltip = [alt.Tooltip("name:N"), alt.Tooltip("month:T", format="%m-%Y"), alt.Tooltip("n:Q")]
    base = alt.Chart(source)
    line = base.mark_line(strokeWidth=2, strokeJoin="round").encode(
        x=x, y=alt.Y("n:Q", title=y_title), color=colour, detail="name:N"
    )
    points = (
        base.transform_filter("datum.n > 0")
        .mark_point(filled=True, size=36, opacity=1)
        .encode(x=x, y="n:Q", color=colour, tooltip=tooltip)
    )
    layers: list[Any] = [line, points]
    if band:
        area = base.mark_area(opacity=0.18, line=False).encode(
            x=x, y=alt.Y("low:Q", title=y_title), y2="high:Q", color=colour, detail="name:N"
        )
        layers.insert(0, area)
    chart: alt.LayerChart = alt.LayerChart(layer=layers)
    return chart.properties(width=640, height=260)
