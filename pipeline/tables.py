"""The only Parquet I/O: tables are checked, sorted, written under a temporary name and renamed.

A reader never sees half a file, and a run that fails leaves the old tables as they were.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import schemas


def path_of(folder: Path, name: str) -> Path:
    """Where the table called `name` lies in an output folder."""
    return folder / f"{name}.parquet"


def write_tables(
    folder: Path, tables: Mapping[str, pa.Table], *, files: Mapping[str, str] | None = None
) -> None:
    """Write all `tables`, and the text `files`, into `folder`: all of them, or none.

    Everything is first written into a temporary folder beside the final names; only when all of it
    is complete are the files renamed into place.

    Raises:
        ValueError: a table does not have its schema.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ready = {name: schemas.sort_rows(name, table) for name, table in tables.items()}
    for name, table in ready.items():
        schemas.check(name, table)
    scratch = Path(tempfile.mkdtemp(prefix=".unfinished-", dir=folder))
    try:
        for name, table in ready.items():
            pq.write_table(table.combine_chunks(), path_of(scratch, name), compression="zstd")
        for name, text in (files or {}).items():
            (scratch / name).write_text(text, encoding="utf-8")
        written = sorted(scratch.iterdir())
        for path in written:
            if (folder / path.name).is_dir():
                raise IsADirectoryError(f"a folder is in the way: {folder / path.name}")
        for path in written:
            path.replace(folder / path.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def read_table(folder: Path, name: str) -> pa.Table:
    """The table called `name` of an output folder.

    Raises:
        FileNotFoundError: it is not there; the message says which stage makes it.
        ValueError: it has another schema (made by another version, say).
    """
    path = path_of(folder, name)
    if not path.is_file():
        raise FileNotFoundError(f"no table {path.name} in {folder}: run the stage that makes it first")
    try:
        table = pq.ParquetFile(path).read()
    except pa.ArrowException as error:
        raise ValueError(f"{path} is not a readable Parquet file: {error}") from error
    schemas.check(name, table)
    return table
