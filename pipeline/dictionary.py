"""The data dictionary: every table and column as a Markdown page, from `schemas`.

In: nothing. Out: the page; `vermeld tables` prints it and docs/data-dictionary.md holds it; a test compares.
"""

from __future__ import annotations

import pyarrow as pa

from pipeline.schemas import ENUMS, TABLES, TableSpec

_HEAD = """\
# Data dictionary

Made from `pipeline/schemas.py` by `vermeld tables > docs/data-dictionary.md`; a test compares them.

Each table is a Parquet file in the output folder; beside them `run.json` says which versions, model,
knowledge base and inputs made them. Offsets count Unicode code points from 0, ends are exclusive. Rows are
sorted by their key. A column marked `?` may be null.
"""
_TYPES = {pa.string(): "string", pa.int32(): "int32", pa.float32(): "float32", pa.date32(): "date32"}


def page() -> str:
    """The whole page."""
    parts = [_HEAD, *(_table(name, spec) for name, spec in TABLES.items()), _enumerations()]
    return "\n".join(parts)


def _table(name: str, spec: TableSpec) -> str:
    lines = [
        f"## {name}",
        f"A row is {spec.row}. Key: {', '.join(f'`{column}`' for column in spec.key)}.",
        "",
    ]
    lines += ["| column | type | what it says |", "|---|---|---|"]
    for field in spec.schema:
        mark = "?" if field.nullable else ""
        lines.append(f"| `{field.name}`{mark} | {_TYPES[field.type]} | {spec.columns[field.name]} |")
    return "\n".join(lines) + "\n"


def _enumerations() -> str:
    """The columns that hold one of a few values, with what these are about."""
    lines = ["## Values", "| column | values | about |", "|---|---|---|"]
    for column, values in ENUMS.items():
        about = (values.__doc__ or "").splitlines()[0]
        lines.append(f"| `{column}` | {', '.join(values)} | {about} |")
    return "\n".join(lines) + "\n"
