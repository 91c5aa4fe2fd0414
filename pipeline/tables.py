"""The only Parquet I/O of results: tables are checked, sorted, written under a temporary name and renamed.

A reader never sees half a file, and a run that fails leaves the old tables as they were. A table is a file,
`mentions.parquet`, or of a big run a folder, `mentions/year=2022/0000.parquet`, which pandas, duckdb,
polars and Spark read as one table with a column `year` more.
"""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import filelock
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline import schemas
from pipeline.running.storage import UNFINISHED, Storage

#: Rows of a row group; fixed, since it shows in the bytes of a file. Rows with whole texts are long.
_GROUP_ROWS = {"documents": 5_000, "articles": 5_000}
_DEFAULT_GROUP_ROWS = 50_000
_FILE_GROUPS = 20
#: Tables that a big run cuts by the year of the article.
BY_YEAR = ("documents", "articles", "segments", "repairs", "mentions")
#: The year of articles without a date. Hive's own name for a missing value is more than pandas can read.
_NO_YEAR = 0
_LOCK = ".lock"


class FolderInUseError(RuntimeError):
    """Another run is writing into the output folder."""


@contextmanager
def locked(storage: Storage) -> Iterator[None]:
    """Hold an output folder; an object store has no lock.

    Raises:
        FolderInUseError: another process holds it.
        OSError: the folder cannot be made.
    """
    if not storage.is_local:
        yield
        return
    storage.path.mkdir(parents=True, exist_ok=True)
    lock = filelock.FileLock(storage.path / _LOCK, timeout=0)
    try:
        lock.acquire()
    except filelock.Timeout as error:
        raise FolderInUseError(f"another run is writing into {storage.path}; wait for it to end") from error
    try:
        # What a run that was killed has left; nobody else is at work here.
        for left in storage.path.glob(f"{UNFINISHED}*"):
            shutil.rmtree(left)
        yield
    finally:
        lock.release()


def path_of(folder: Path, name: str) -> Path:
    """Where the table called `name` lies in an output folder here: a file, or the folder of a big run's."""
    cut = folder / name
    return cut if cut.is_dir() else folder / f"{name}.parquet"


def write_batches(
    storage: Storage, name: str, batches: Iterable[pa.RecordBatch], *, ending: str = ".parquet"
) -> int:
    """Write the rows of a table, which come in the order of its key, as one file; the number of rows.

    Raises:
        ValueError: the rows do not have the table's schema.
        OSError: it cannot be written.
    """
    schema = schemas.TABLES[name].schema
    n_rows = 0
    with (
        storage.writing(f"{name}{ending}") as stream,
        pq.ParquetWriter(stream, schema, compression="zstd") as writer,
    ):
        for group in _groups(name, batches):
            writer.write_table(group, row_group_size=group.num_rows)
            n_rows += group.num_rows
    return n_rows


def write_by_year(
    storage: Storage,
    name: str,
    year: int | None,
    batches: Iterable[pa.RecordBatch],
    *,
    even_empty: bool = False,
) -> int:
    """Write the rows of one year, in the order of the table's key, as files of a bounded size; how many rows.

    Of no rows there is no file, unless `even_empty`.
    """
    folder = f"{name}/year={_NO_YEAR if year is None else year}"
    n_rows = 0
    groups = _groups(name, batches)
    empty = schemas.TABLES[name].schema.empty_table()
    for number, first in enumerate(itertools.chain([empty] if even_empty else [], groups)):
        with (
            storage.writing(f"{folder}/{number:04}.parquet") as stream,
            pq.ParquetWriter(stream, first.schema, compression="zstd") as writer,
        ):
            for group in itertools.chain([first], itertools.islice(groups, _FILE_GROUPS - 1)):
                writer.write_table(group, row_group_size=group.num_rows or None)
                n_rows += group.num_rows
    return n_rows


def _groups(name: str, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """The rows in tables of the fixed size; the last may be shorter."""
    size = _GROUP_ROWS.get(name, _DEFAULT_GROUP_ROWS)
    schema = schemas.TABLES[name].schema
    waiting = schema.empty_table()
    for batch in batches:
        table = pa.Table.from_batches([batch]).cast(schema)
        schemas.check(name, table)
        waiting = pa.concat_tables([waiting, table])
        while waiting.num_rows >= size:
            yield waiting.slice(0, size).combine_chunks()
            waiting = waiting.slice(size)
    if waiting.num_rows:
        yield waiting.combine_chunks()


def write_tables(
    folder: Path, tables: Mapping[str, pa.Table], *, files: Mapping[str, str] | None = None
) -> None:
    """Write all `tables`, and the text `files`, into `folder`: all of them, or none.

    Raises:
        ValueError: a table does not have its schema.
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    ready = {name: schemas.sort_rows(name, table) for name, table in tables.items()}
    for name, table in ready.items():
        schemas.check(name, table)
    with publishing(Storage(str(folder))) as scratch:
        for name, table in ready.items():
            write_batches(scratch, name, table.to_batches())
        for name, text in (files or {}).items():
            scratch.write_text(name, text)


@contextmanager
def publishing(storage: Storage) -> Iterator[Storage]:
    """A folder to write tables and files into, which are put in place together when the block ends well.

    Raises:
        OSError: the folder cannot be written; what stood there is as it was.
    """
    if not storage.is_local:
        yield from _publishing_objects(storage)
        return
    folder = Path(tempfile.mkdtemp(prefix=UNFINISHED, dir=storage.path))
    try:
        yield Storage(str(folder))
        # run.json last: who reads it finds the tables that it describes.
        written = sorted(folder.iterdir(), key=lambda path: (path.suffix == ".json", path.name))
        for path in written:
            target = storage.path / path.name
            if target.exists() and target.is_dir() != path.is_dir():
                raise IsADirectoryError(f"something else is in the way: {target}")
        for path in written:
            _put_in_place(path, storage.path)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _publishing_objects(storage: Storage) -> Iterator[Storage]:
    """The same in an object store, where a folder has no name to change: object by object."""
    scratch = storage.below(f"{UNFINISHED}run")
    scratch.delete("")
    yield scratch
    written = scratch.names()
    # run.json last: who reads it finds the tables that it describes.
    reports = [name for name in written if name.endswith(".json")]
    for name in sorted(set(written) - set(reports)):
        scratch.filesystem.move(scratch.full(name), storage.full(name))
    _delete_other_forms(storage, written)
    for name in reports:
        scratch.filesystem.move(scratch.full(name), storage.full(name))
    scratch.delete("")


def _delete_other_forms(storage: Storage, written: Sequence[str]) -> None:
    """Delete the single files of tables that are cut by year now, and the folders and years of old."""
    for table in BY_YEAR:
        if f"{table}.parquet" in written:
            storage.delete(table)
        elif any(name.startswith(f"{table}/") for name in written):
            storage.delete(f"{table}.parquet")
            for name in sorted(set(storage.names(table)) - set(written)):
                storage.delete(name)


def _put_in_place(path: Path, folder: Path) -> None:
    """Rename a complete file or folder to its final name, and take away the table's other form."""
    target = folder / path.name
    if target.is_dir():
        target.rename(path.with_name(f"old-{path.name}"))
    path.replace(target)
    name = path.name.removesuffix(".parquet")
    if name in BY_YEAR and target.is_dir():
        (folder / f"{name}.parquet").unlink(missing_ok=True)
    elif name in BY_YEAR and (folder / name).is_dir():
        shutil.rmtree(folder / name)


def dataset_of(storage: Storage, name: str) -> ds.Dataset:
    """The rows of a table, a file or a folder, to be read bit by bit."""
    schema = schemas.TABLES[name].schema
    path = storage.full(_name_of(storage, name))
    return ds.dataset(path, schema=schema, filesystem=storage.filesystem, format="parquet")


def _name_of(storage: Storage, name: str) -> str:
    """The folder or the file of a table."""
    return name if storage.exists(name) else f"{name}.parquet"


def read_table(folder: Path | str, name: str) -> pa.Table:
    """The table called `name` of an output folder, or of the address of one, whole.

    Raises:
        FileNotFoundError: it is not there; the message says which stage makes it.
        ValueError: it has another schema (made by another version, say).
    """
    storage = Storage(str(folder))
    path = _name_of(storage, name)
    if not storage.exists(path):
        raise FileNotFoundError(f"no table {path} in {storage.shown}: run the stage that makes it first")
    try:
        if path == name:
            # The schema is that of the files: who wrote another one is to hear of it.
            files = ds.dataset(
                storage.full(path), filesystem=storage.filesystem, format="parquet",
                partitioning=None, exclude_invalid_files=storage.is_local,
            )  # fmt: skip
            table = schemas.sort_rows(name, files.to_table())
        else:
            table = storage.read_table(path)
    except pa.ArrowException as error:
        raise ValueError(f"{path} in {storage.shown} is not a readable Parquet file: {error}") from error
    schemas.check(name, table)
    return table
