from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schemas import TABLES, table_from_rows
from pipeline.tables import path_of, read_table, write_tables

Row = dict[str, object]


def rejected(*sources: str) -> pa.Table:
    return table_from_rows(
        "rejected", [{"source": s, "reason": "empty", "detail": "the file is empty"} for s in sources]
    )


def document(source: str, raw: str, title: str | None) -> Row:
    return {
        "article_id": "0" * 16,
        "source": source,
        "raw": raw,
        "encoding": "utf-8",
        "format": "txt",
        "title": title,
        "published": None,
        "url": None,
        "outlet": None,
        "raw_sha256": "0" * 64,
    }


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below the folder, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_table_lies_under_its_name(tmp_path: Path) -> None:
    assert path_of(tmp_path, "mentions") == tmp_path / "mentions.parquet"


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_comes_back_with_its_schema(name: str, tmp_path: Path) -> None:
    write_tables(tmp_path, {name: table_from_rows(name, [])})
    table = read_table(tmp_path, name)
    assert table.num_rows == 0
    assert table.schema.equals(TABLES[name].schema)


@settings(deadline=None, max_examples=40)
@given(st.dictionaries(st.text(), st.tuples(st.text(), st.none() | st.text()), max_size=6))
def test_rows_come_back_as_they_were_and_sorted(documents: dict[str, tuple[str, str | None]]) -> None:
    rows = [document(source, *rest) for source, rest in documents.items()]
    with tempfile.TemporaryDirectory() as folder:
        write_tables(Path(folder), {"documents": table_from_rows("documents", rows)})
        read = read_table(Path(folder), "documents").to_pylist()
    assert read == sorted(rows, key=lambda row: str(row["source"]))


@settings(deadline=None, max_examples=40)
@given(st.permutations(["a.txt", "b/a.txt", "b.txt", "é.txt", "Z.txt"]), st.integers(0, 5))
def test_equal_rows_in_any_order_and_chunking_give_equal_bytes(sources: list[str], cut: int) -> None:
    chunked = pa.concat_tables([rejected(*sources[:cut]), rejected(*sources[cut:])])
    with tempfile.TemporaryDirectory() as folder:
        one, other = Path(folder, "een"), Path(folder, "twee")
        write_tables(one, {"rejected": rejected(*sorted(sources))})
        write_tables(other, {"rejected": chunked})
        assert contents(one) == contents(other)


def test_tables_and_files_are_written_and_nothing_else(tmp_path: Path) -> None:
    out = tmp_path / "nieuw" / "map"
    tables = {"rejected": rejected("a.txt"), "counts": table_from_rows("counts", [])}
    write_tables(out, tables, files={"run.json": "{}\n"})
    assert sorted(contents(out)) == ["counts.parquet", "rejected.parquet", "run.json"]
    assert sorted(p.name for p in out.iterdir()) == ["counts.parquet", "rejected.parquet", "run.json"]
    assert (out / "run.json").read_bytes() == b"{}\n"


def test_a_second_write_replaces_its_own_tables_and_leaves_the_others(tmp_path: Path) -> None:
    write_tables(tmp_path, {"rejected": rejected("a.txt"), "counts": table_from_rows("counts", [])})
    before = contents(tmp_path)
    write_tables(tmp_path, {"rejected": rejected("b.txt")})
    assert read_table(tmp_path, "rejected").column("source").to_pylist() == ["b.txt"]
    assert contents(tmp_path)["counts.parquet"] == before["counts.parquet"]


@pytest.mark.parametrize(
    "wrong",
    [
        pa.table({"source": ["b.txt"], "reason": ["empty"], "detail": [None]}),
        pa.table({"source": ["b.txt"]}),
        pa.table({"source": ["b.txt"], "reason": ["empty"], "detail": ["x"], "more": ["y"]}),
    ],
    ids=["null", "missing", "extra"],
)
def test_a_wrong_table_is_refused_and_the_old_ones_stay(wrong: pa.Table, tmp_path: Path) -> None:
    write_tables(tmp_path, {"rejected": rejected("a.txt")})
    before = contents(tmp_path)
    with pytest.raises(ValueError, match=r"table rejected|reason"):
        write_tables(tmp_path, {"counts": table_from_rows("counts", []), "rejected": wrong})
    assert contents(tmp_path) == before


def test_a_required_column_with_nulls_is_refused(tmp_path: Path) -> None:
    columns = {"source": ["b.txt"], "reason": ["empty"], "detail": pa.nulls(1, pa.string())}
    table = pa.table(columns, schema=TABLES["rejected"].schema)
    with pytest.raises(ValueError, match="table rejected: null in column detail"):
        write_tables(tmp_path, {"rejected": table})


@pytest.mark.parametrize("good_writes", [0, 1, 2])
def test_a_disk_that_fills_up_leaves_the_old_tables_and_no_temporary_files(
    good_writes: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("documents", "rejected", "counts")
    old = {name: table_from_rows(name, []) for name in names} | {"rejected": rejected("a.txt")}
    write_tables(tmp_path, old, files={"run.json": "oud"})
    before = contents(tmp_path)
    real, done = pq.ParquetWriter.close, 0

    def close(writer: pq.ParquetWriter) -> None:
        nonlocal done
        if done == good_writes:
            raise OSError(28, "No space left on device")
        done += 1
        real(writer)

    monkeypatch.setattr(pq.ParquetWriter, "close", close)
    with pytest.raises(OSError, match="No space left"):
        write_tables(tmp_path, old | {"rejected": rejected("b.txt")}, files={"run.json": "nieuw"})
    assert contents(tmp_path) == before
    assert len(list(tmp_path.iterdir())) == 4


def test_a_text_file_that_cannot_be_written_leaves_the_old_tables(tmp_path: Path) -> None:
    write_tables(tmp_path, {"rejected": rejected("a.txt")})
    before = contents(tmp_path)
    with pytest.raises(OSError, match="Cannot create directory"):
        write_tables(tmp_path, {"rejected": rejected("b.txt")}, files={"rejected.parquet/map.json": "{}"})
    assert contents(tmp_path) == before
    assert [p.name for p in tmp_path.iterdir()] == ["rejected.parquet"]


def test_a_folder_in_the_place_of_the_last_file_leaves_the_old_tables(tmp_path: Path) -> None:
    write_tables(tmp_path, {"rejected": rejected("a.txt")})
    before = contents(tmp_path)
    (tmp_path / "run.json").mkdir()
    with pytest.raises(OSError, match=r"run\.json"):
        write_tables(tmp_path, {"rejected": rejected("b.txt")}, files={"run.json": "{}"})
    assert contents(tmp_path) == before
    assert sorted(p.name for p in tmp_path.iterdir()) == ["rejected.parquet", "run.json"]


def test_a_file_in_the_place_of_the_folder_is_an_os_error(tmp_path: Path) -> None:
    (tmp_path / "uit").write_text("geen map")
    with pytest.raises(OSError, match="uit"):
        write_tables(tmp_path / "uit", {"rejected": rejected("a.txt")})
    assert (tmp_path / "uit").read_text() == "geen map"


def test_a_missing_table_says_which_and_what_to_do(tmp_path: Path) -> None:
    message = f"no table articles.parquet in {tmp_path}: run the stage that makes it first"
    with pytest.raises(FileNotFoundError) as caught:
        read_table(tmp_path, "articles")
    assert str(caught.value) == message


def test_a_table_of_another_version_is_refused(tmp_path: Path) -> None:
    pq.write_table(pa.table({"source": ["a.txt"], "why": ["empty"]}), tmp_path / "rejected.parquet")
    with pytest.raises(ValueError, match="table rejected: schema is"):
        read_table(tmp_path, "rejected")


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rejected.parquet").write_bytes(b"kapot")
    with pytest.raises(ValueError, match="Parquet"):
        read_table(tmp_path, "rejected")
