from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.running.parts import INDEX, Parts
from pipeline.running.storage import Storage

SCHEMA = pa.schema([("article_id", pa.string()), ("n", pa.int64())])


def table(**rows: int) -> pa.Table:
    return pa.table({"article_id": list(rows), "n": list(rows.values())}, schema=SCHEMA)


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(Storage(str(tmp_path)))


def add(parts: Parts, part: str, stage: str = "clean", **rows: int) -> None:
    """A finished part with these rows."""
    n_bytes = parts.write(stage, part, {"articles": table(**rows), "others": table(**rows)})
    note: dict[str, Any] = {"part": part, "bytes": n_bytes}
    parts.write_index(stage, part, [note | {"article_id": a, "key": f"k-{a}"} for a in rows])


def articles(parts: Parts) -> list[str]:
    return sorted(parts.index("clean")["article_id"].to_pylist())


def test_nothing_is_there_at_first(parts: Parts) -> None:
    assert parts.index("clean").num_rows == 0
    assert parts.index("clean").schema.equals(INDEX)


def test_a_part_counts_once_its_index_is_written(parts: Parts) -> None:
    parts.write("clean", "p", {"articles": table(a=1)})
    assert articles(parts) == []
    add(parts, "q", b=2)
    assert articles(parts) == ["b"]
    assert parts.index("link").num_rows == 0


def test_rows_come_back_for_the_articles_asked_for(parts: Parts) -> None:
    add(parts, "p", a=1, b=2)
    add(parts, "q", b=3, c=4)
    wanted = pa.table({"article_id": ["b", "a", "c"], "part": ["q", "p", "q"]})
    assert parts.rows("clean", "articles", wanted, SCHEMA).to_pylist() == [
        {"article_id": "b", "n": 3},
        {"article_id": "c", "n": 4},
        {"article_id": "a", "n": 1},
    ]


def test_a_dataset_reads_the_parts_asked_for_with_their_names(parts: Parts) -> None:
    add(parts, "p", a=1)
    add(parts, "q", b=2)
    found = parts.dataset("clean", "articles", ["q", "q"], SCHEMA).to_table().to_pylist()
    assert found == [{"article_id": "b", "n": 2, "part": "q"}]


@pytest.mark.parametrize("keep", [0, 1, 50, -1])
def test_a_part_that_was_cut_off_is_missing(keep: int, parts: Parts, tmp_path: Path) -> None:
    add(parts, "p", a=1)
    add(parts, "q", b=2)
    path = tmp_path / "clean" / "p.others.parquet"
    path.write_bytes(path.read_bytes()[:keep])
    assert articles(parts) == ["b"]


def test_a_part_without_one_of_its_files_is_missing(parts: Parts, tmp_path: Path) -> None:
    add(parts, "p", a=1)
    (tmp_path / "clean" / "p.articles.parquet").unlink()
    assert articles(parts) == []


@pytest.mark.parametrize("content", [b"", b"PAR1", b"no parquet at all, but long enough for a footer"])
def test_a_broken_index_is_passed_over(content: bytes, parts: Parts, tmp_path: Path) -> None:
    add(parts, "p", a=1)
    add(parts, "q", b=2)
    (tmp_path / "clean" / "p.index.parquet").write_bytes(content)
    assert articles(parts) == ["b"]


def test_an_index_of_another_version_is_passed_over(parts: Parts, tmp_path: Path) -> None:
    add(parts, "p", a=1)
    path = tmp_path / "clean" / "p.index.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["bytes"]), path)
    assert articles(parts) == []


def test_an_index_that_may_not_be_read_is_an_error_not_a_loss(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(parts, "p", a=1)

    def read_table(_storage: Storage, _name: str) -> pa.Table:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Storage, "read_table", read_table)
    with pytest.raises(PermissionError):
        parts.index("clean")


def test_keep_only_deletes_what_is_not_named(parts: Parts, tmp_path: Path) -> None:
    add(parts, "p", a=1)
    add(parts, "q", b=2)
    (tmp_path / "clean" / ".unfinished-1-r.articles.parquet").write_bytes(b"half")
    index = parts.index("clean")
    parts.keep_only("clean", index.filter(pa.compute.equal(index["part"], "q")))
    assert articles(parts) == ["b"]
    assert sorted(p.name for p in (tmp_path / "clean").iterdir()) == [
        "all.index.parquet",
        "q.articles.parquet",
        "q.others.parquet",
    ]
    parts.keep_only("clean", INDEX.empty_table())
    assert [p.name for p in (tmp_path / "clean").iterdir()] == ["all.index.parquet"]


def test_flipped_bytes_are_found_and_the_file_deleted(parts: Parts, tmp_path: Path) -> None:
    add(parts, "p", a=1)
    add(parts, "q", b=2)
    path = tmp_path / "clean" / "p.articles.parquet"
    content = bytearray(path.read_bytes())
    content[30] ^= 0xFF
    path.write_bytes(content)
    assert articles(parts) == ["a", "b"]
    assert parts.delete_broken() == ["clean/p.articles.parquet"]
    assert articles(parts) == ["b"]
    assert parts.delete_broken() == []


def test_clear_forgets_all(parts: Parts, tmp_path: Path) -> None:
    parts.clear()
    add(parts, "p", a=1)
    parts.clear()
    assert parts.index("clean").num_rows == 0
    assert not list(tmp_path.rglob("*.parquet"))
