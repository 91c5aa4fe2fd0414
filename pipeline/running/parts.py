"""The rows of each stage as they were made, kept in parts, so that a run makes only what is missing.

A part holds the rows of some articles, one Parquet file a table. The index of a stage says for each article
which part has its rows, under the key of all that they depend on. A part's index is written last: what has
no index was never finished. What is cut off, damaged or of another version counts as missing. Lies in
`.parts/` of the output folder.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from pipeline.running.storage import Storage, is_broken

FOLDER = ".parts"
#: The columns of every index: whose rows, under which key, in which part, and what else a stage notes.
INDEX = pa.schema(
    [
        ("article_id", pa.string()),
        ("key", pa.string()),
        ("part", pa.string()),
        # Of all files of the part: one that was cut off has fewer.
        ("bytes", pa.int64()),
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
_CHECKED = ds.ParquetFileFormat(
    default_fragment_scan_options=ds.ParquetFragmentScanOptions(page_checksum_verification=True)
)


@dataclass(frozen=True)
class Parts:
    """The parts below an output folder."""

    storage: Storage

    def write(self, stage: str, part: str, tables: Mapping[str, pa.Table]) -> int:
        """The tables of a part; they count once the index says so, with the number of bytes given back."""
        n_bytes = 0
        for name, table in tables.items():
            marked = table.append_column("part", pa.repeat(pa.scalar(part), table.num_rows))
            n_bytes += self.storage.write_table(f"{stage}/{part}.{name}.parquet", marked)
        return n_bytes

    def write_index(self, stage: str, name: str, rows: Sequence[Mapping[str, object]]) -> None:
        """What a finished task made."""
        table = pa.Table.from_pylist(list(rows), schema=INDEX)
        self.storage.write_table(f"{stage}/{name}{_INDEX_ENDING}", table)

    def index(self, stage: str) -> pa.Table:
        """All that is there of a stage, and whole."""
        sizes = self.storage.sizes(stage)
        found = [table for name in sizes if _is_index(name) and (table := self._index_in(name)) is not None]
        rows = pa.concat_tables([INDEX.empty_table(), *found])
        weights: Counter[str] = Counter()
        for name, size in sizes.items():
            if not _is_index(name):
                weights[_part_of(name)] += size
        at = pc.index_in(rows["part"], value_set=pa.array(weights.keys(), pa.string()))
        weight = pa.array(weights.values(), pa.int64()).take(at.combine_chunks())
        return rows.filter(pc.fill_null(pc.equal(rows["bytes"].combine_chunks(), weight), False))

    def _index_in(self, name: str) -> pa.Table | None:
        """The rows of a file of an index; None if it is broken or another version's."""
        try:
            table = self.storage.read_table(name)
        except (OSError, pa.ArrowException) as error:
            if not is_broken(error):
                raise
            return None
        return table if table.schema.equals(INDEX) else None

    def dataset(self, stage: str, table: str, parts: Iterable[str], schema: pa.Schema) -> ds.Dataset:
        """The rows of a table in some parts, to be read bit by bit; with the column `part`."""
        names = [self.storage.full(f"{stage}/{part}.{table}.parquet") for part in sorted(set(parts))]
        full = schema.append(pa.field("part", pa.string()))
        return ds.dataset(names, schema=full, filesystem=self.storage.filesystem, format=_CHECKED)

    def rows(self, stage: str, table: str, wanted: pa.Table, schema: pa.Schema) -> pa.Table:
        """The rows of the articles in `wanted` (columns article_id and part), in the order of the parts."""
        tables = [schema.empty_table()]
        for part in pc.unique(wanted["part"]).to_pylist():
            rows = self.storage.read_table(f"{stage}/{part}.{table}.parquet").drop_columns("part")
            ids = wanted.filter(pc.equal(wanted["part"], part))["article_id"]
            tables.append(rows.filter(pc.is_in(rows["article_id"], value_set=ids.combine_chunks())))
        return pa.concat_tables(tables)

    def keep_only(self, stage: str, index: pa.Table) -> None:
        """Make `index`, each row once, all there is of a stage, and delete the parts that it does not name.

        A run that recognises reads the rows of earlier runs twice; kept so, they would double with every run.
        """
        index = index.group_by(index.column_names, use_threads=False).aggregate([])
        old = [name for name in self.storage.names(stage) if _is_index(name)]
        kept = f"{stage}/all{_INDEX_ENDING}"
        self.storage.write_table(kept, index)
        alive = set(index["part"].to_pylist())
        for name in old:
            if name != kept:
                self.storage.delete(name)
        for name in self.storage.names(stage):
            if not _is_index(name) and _part_of(name) not in alive:
                self.storage.delete(name)

    def delete_broken(self) -> list[str]:
        """Look at every byte, and delete the files that cannot be read; their names."""
        broken = [name for name in self.storage.names() if self._is_damaged(name)]
        for name in broken:
            self.storage.delete(name)
        return broken

    def _is_damaged(self, name: str) -> bool:
        try:
            self.storage.read_table(name)
        except (OSError, pa.ArrowException) as error:
            return is_broken(error)
        return False

    def clear(self) -> None:
        """Forget all."""
        self.storage.delete("")


def _part_of(name: str) -> str:
    """The part that a file belongs to; "" for an unfinished file."""
    return name.rpartition("/")[2].partition(".")[0]


def _is_index(name: str) -> bool:
    return name.endswith(_INDEX_ENDING) and "/." not in name
