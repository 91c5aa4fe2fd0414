"""The rows of each stage as they were made, kept in parts, so that a run makes only what is missing.

A part holds the rows of some articles, one Parquet file a table. The index of a stage says for each article
which part has its rows, under the key of all that they depend on. A part's index is written last: what has
no index was never finished. Lies in `.parts/` of the output folder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipeline.storage import Storage

FOLDER = ".parts"
#: The columns of every index: whose rows, under which key, in which part, and what else a stage notes.
INDEX = pa.schema(
    [
        ("article_id", pa.string()),
        ("key", pa.string()),
        ("part", pa.string()),
        # read: the file that an article is from; of a file without articles article_id is "".
        ("file", pa.string()),
        ("content", pa.string()),
        ("n_chars", pa.int32()),
        # recognise: the knowledge base, and what of it could be seen in the text.
        ("kb", pa.string()),
        ("names", pa.string()),
    ]
)
_INDEX_ENDING = ".index.parquet"


@dataclass(frozen=True)
class Parts:
    """The parts below an output folder."""

    storage: Storage

    def write(self, stage: str, part: str, tables: Mapping[str, pa.Table]) -> None:
        """The tables of a part; they count once the index says so."""
        for name, table in tables.items():
            column = pa.repeat(pa.scalar(part), table.num_rows)
            self.storage.write_table(f"{stage}/{part}.{name}.parquet", table.append_column("part", column))

    def write_index(self, stage: str, name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """What a finished task made."""
        table = pa.Table.from_pylist(list(rows), schema=INDEX)
        self.storage.write_table(f"{stage}/{name}{_INDEX_ENDING}", table)

    def index(self, stage: str) -> pa.Table:
        """All that is there of a stage."""
        names = [name for name in self.storage.names(stage) if _is_index(name)]
        return pa.concat_tables([INDEX.empty_table(), *(self.storage.read_table(name) for name in names)])

    def dataset(self, stage: str, table: str, parts: Iterable[str], schema: pa.Schema) -> ds.Dataset:
        """The rows of a table in some parts, to be read bit by bit; with the column `part`."""
        names = [self.storage.full(f"{stage}/{part}.{table}.parquet") for part in sorted(set(parts))]
        full = schema.append(pa.field("part", pa.string()))
        return ds.dataset(names, schema=full, filesystem=self.storage.filesystem, format="parquet")

    def rows(self, stage: str, table: str, wanted: pa.Table, schema: pa.Schema) -> pa.Table:
        """The rows of the articles in `wanted` (columns article_id and part), in the order of the parts."""
        tables = [schema.empty_table()]
        for part in pc.unique(wanted["part"]).to_pylist():
            rows = self.storage.read_table(f"{stage}/{part}.{table}.parquet").drop_columns("part")
            ids = wanted.filter(pc.equal(wanted["part"], part))["article_id"]
            tables.append(rows.filter(pc.is_in(rows["article_id"], value_set=ids.combine_chunks())))
        return pa.concat_tables(tables)

    def keep_only(self, stage: str, index: pa.Table) -> None:
        """Make `index` the whole index of a stage, and delete the parts that it does not name."""
        old = [name for name in self.storage.names(stage) if _is_index(name)]
        kept = f"{stage}/all{_INDEX_ENDING}"
        self.storage.write_table(kept, index)
        alive = set(index["part"].to_pylist())
        for name in old:
            if name != kept:
                self.storage.delete(name)
        for name in self.storage.names(stage):
            part = name.removeprefix(f"{stage}/").partition(".")[0]
            if not _is_index(name) and part not in alive:
                self.storage.delete(name)

    def clear(self) -> None:
        """Forget all."""
        self.storage.delete("")


def _is_index(name: str) -> bool:
    return name.endswith(_INDEX_ENDING) and "/." not in name
