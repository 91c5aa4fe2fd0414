r"""Rows as text that reads well in a diff: one line a row, tab-separated, in blocks by article.

In and out: rows (dicts) and a file. A block opens with "# article"; a null is an empty cell; a tab, a new
line and a backslash inside a cell are `\t`, `\n`, `\\`. Caveat: an empty text and a null are one.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

Row = dict[str, Any]
#: What turns a cell into a value, by column.
Columns = Mapping[str, type]

_ESCAPES = {"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}
_BACK = {escape: plain for plain, escape in _ESCAPES.items()}
_ESCAPED = re.compile(r"\\[\\tnr]")


def write_rows(path: Path, rows: Iterable[Row], columns: Columns, *, block: str | None = None) -> None:
    """Write `rows` in the order given; with `block`, those of one value of that column under its line."""
    lines = ["\t".join(columns)]
    for value, group in groupby(rows, key=lambda row: row[block] if block else None):
        if block:
            lines.append(f"# {_cell(value)}")
        lines += ("\t".join(_cell(row[name]) for name in columns) for row in group)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def read_rows(path: Path, columns: Columns, *, block: str | None = None) -> list[Row]:
    """The rows of a file that `write_rows` wrote.

    Raises:
        FileNotFoundError: it is not there.
        ValueError: it has other columns, or a line does not fit them.
    """
    header, *lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
    if header != "\t".join(columns):
        raise ValueError(f"{path}: its columns are of another version; pin anew")
    rows: list[Row] = []
    above: Row = {}
    for number, line in enumerate(lines, start=2):
        if block and line.startswith("# "):
            above = {block: _plain(line[2:])}
            continue
        cells = line.split("\t")
        if len(cells) != len(columns):
            raise ValueError(f"{path}, line {number}: {len(cells)} cells and not {len(columns)}")
        row = {name: _value(cell, kind) for (name, kind), cell in zip(columns.items(), cells, strict=True)}
        rows.append(above | row)
    return rows


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.2f}"
    return re.sub(r"[\\\t\n\r]", lambda match: _ESCAPES[match[0]], str(value))


def _plain(cell: str) -> str:
    return _ESCAPED.sub(lambda match: _BACK[match[0]], cell)


def _value(cell: str, kind: type) -> Any:
    if not cell:
        return None
    return datetime.date.fromisoformat(cell) if kind is datetime.date else kind(_plain(cell))
