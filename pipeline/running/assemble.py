"""The tables of a run from its parts: sorted, streamed and checked, never whole in memory.

In: the parts, and which of them has each article. Out: Parquet files in row groups of a fixed number of
rows, so that equal rows are equal bytes whatever parts they came from. duckdb sorts, on disk where memory
is short.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.count import count
from pipeline.running.parts import Parts
from pipeline.running.storage import UNFINISHED, Storage
from pipeline.running.work import REJECTIONS, schema_of
from pipeline.schemas import TABLES
from pipeline.tables import BY_YEAR, dataset_of, publishing, write_batches, write_by_year

#: The tables of articles that are there after each stage, with the stage whose parts hold them.
_TABLES = {
    "nothing": {},
    "read": {"documents": "read"},
    "clean": {"documents": "read", "articles": "clean", "segments": "clean", "repairs": "clean"},
}
_TABLES["recognise"] = _TABLES["clean"] | {"mentions": "recognise"}
_TABLES["link"] = _TABLES["clean"] | {"mentions": "link"}
_TABLES["count"] = _TABLES["link"]
#: Takes the time of a block under a name.
Timed = Callable[[str], AbstractContextManager[None]]
#: From so many articles on, tables are cut by year unless the user says otherwise.
MANY_ARTICLES = 200_000
#: What may be held in memory while sorting; beyond it, duckdb writes to a temporary folder.
_MEMORY = "768MB"
_BATCH_ROWS = 20_000


@dataclass(frozen=True)
class Assembly:
    """Puts the tables of a run together.

    Attributes:
        storage: the output folder.
        parts: where the rows are.
        live: the articles: `article_id`, `story_id`, and in the column named like a stage their part.
        files: the files of the corpus, with the part of each; None if only articles are asked for.
        by_year: whether to cut tables by year; None: when there are many articles.
    """

    storage: Storage
    parts: Parts
    live: pa.Table
    files: pa.Table | None
    by_year: bool | None = None

    def rows_of(self, table: str) -> pa.Table:
        """A small table that cleaning made beside its own: "sketches" or "lines"."""
        schema = schema_of(table)
        with self._database() as connection:
            rows = self._rows(connection, table, "clean", schema.names, schema.names[:1])
            return pa.Table.from_batches((batch.cast(schema) for batch in rows), schema=schema)

    @contextmanager
    def _database(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """A duckdb that sorts on disk what memory does not hold: beside the tables, where there is room.

        Raises:
            OSError: what duckdb says, of a full disk or a part that is damaged.
        """
        beside = self.storage.path if self.storage.is_local else None
        with (
            tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=beside) as scratch,
            duckdb.connect(config={"memory_limit": _MEMORY, "temp_directory": scratch}) as connection,
        ):
            try:
                yield connection
            except duckdb.Error as error:
                raise OSError(f"putting the tables together failed: {error}") from error

    def write(self, last: str, report: Callable[[dict[str, int]], str], timed: Timed) -> dict[str, int]:
        """Write the tables that there are after the stage `last`; how many rows each has.

        Args:
            last: the stage, or "nothing".
            report: run.json by these numbers; written when the last stage is count.
            timed: takes the time of writing and counting.
        """
        cut = self.live.num_rows >= MANY_ARTICLES if self.by_year is None else self.by_year
        with self._database() as connection, publishing(self.storage) as scratch:
            with timed("write"):
                n_rows = {"rejected": write_batches(scratch, "rejected", self._rejected(connection))}
                for name, stage in _TABLES[last].items():
                    write = self._write_by_year if cut else self._write_whole
                    n_rows[name] = write(scratch, connection, name, stage)
            if last == "count":
                with timed("count"):
                    tables = count(dataset_of(scratch, "mentions"), connection=connection)
                    for name, table in zip(("counts", "cooccurrences"), tables, strict=True):
                        n_rows[name] = write_batches(scratch, name, table.to_batches())
                scratch.write_text("run.json", report(dict(sorted(n_rows.items()))))
        return n_rows

    def _write_whole(
        self, scratch: Storage, connection: duckdb.DuckDBPyConnection, name: str, stage: str
    ) -> int:
        spec = TABLES[name]
        return write_batches(
            scratch, name, self._rows(connection, name, stage, spec.schema.names, list(spec.key))
        )

    def _write_by_year(
        self, scratch: Storage, connection: duckdb.DuckDBPyConnection, name: str, stage: str
    ) -> int:
        if name not in BY_YEAR:
            return self._write_whole(scratch, connection, name, stage)
        spec = TABLES[name]
        years = self._years(connection)
        n_rows = 0
        for year in pc.unique(years).to_pylist():
            among = pc.is_null(years) if year is None else pc.fill_null(pc.equal(years, year), False)
            one = Assembly(self.storage, self.parts, self.live.filter(among), None)
            rows = one._rows(connection, name, stage, spec.schema.names, list(spec.key))
            n_rows += write_by_year(scratch, name, year, rows)
        if not n_rows:
            # A table without rows is a table too.
            write_by_year(scratch, name, None, [], even_empty=True)
        return n_rows

    def _years(self, connection: duckdb.DuckDBPyConnection) -> pa.Array:
        """The year of each article of `live`, or null."""
        if "clean" not in self.live.column_names:
            return pa.nulls(self.live.num_rows, pa.int64())
        batches = self._rows(connection, "articles", "clean", ["article_id", "published"], ["article_id"])
        rows = pa.Table.from_batches(batches)
        at = pc.index_in(self.live["article_id"], value_set=rows["article_id"].combine_chunks())
        return pc.year(rows["published"].combine_chunks()).take(at.combine_chunks())

    def _rejected(self, connection: duckdb.DuckDBPyConnection) -> Iterator[pa.RecordBatch]:
        assert self.files is not None  # noqa: S101 - only the articles of a year come without
        if not self.files.num_rows:
            return
        rows = self.parts.dataset("read", "rejections", self.files["read"].to_pylist(), REJECTIONS)
        with _registered(connection, rows=rows, live=self.files):
            yield from connection.sql(
                "SELECT source, reason, detail FROM rows JOIN live ON rows.file = live.file "
                "AND rows.part = live.read ORDER BY ALL"
            ).to_arrow_reader(_BATCH_ROWS)

    def _rows(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: str,
        stage: str,
        columns: list[str],
        key: list[str],
    ) -> Iterator[pa.RecordBatch]:
        """Columns of a table in the order of `key`, for the articles of `live`."""
        rows = self.parts.dataset(stage, table, self.live[stage].to_pylist(), schema_of(table))
        chosen = ", ".join("live.story_id" if c == "story_id" else f'rows."{c}"' for c in columns)
        order = ", ".join(f'rows."{column}"' for column in key)
        with _registered(connection, rows=rows, live=self.live):
            yield from connection.sql(
                f"SELECT {chosen} FROM rows JOIN live ON rows.article_id = live.article_id "  # noqa: S608
                f"AND rows.part = live.{stage} ORDER BY {order}"
            ).to_arrow_reader(_BATCH_ROWS)


@contextmanager
def _registered(connection: duckdb.DuckDBPyConnection, **tables: object) -> Iterator[None]:
    for name, table in tables.items():
        connection.register(name, table)
    try:
        yield
    finally:
        for name in tables:
            connection.unregister(name)
