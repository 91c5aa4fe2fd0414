from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest

from pipeline import tables as tables_module
from pipeline.run import run_all
from pipeline.running.storage import Storage
from pipeline.running.summary import summarise
from pipeline.schemas import TABLES
from pipeline.settings import Settings
from pipeline.tables import BY_YEAR, read_table
from tests.little import fill, tables, write_kb

SINGLE = sorted(set(TABLES) - set(BY_YEAR))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(model="kb", kb=str(write_kb(tmp_path_factory.mktemp("kb"))))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = fill(tmp_path_factory.mktemp("corpus"), range(9))
    (folder / "zonder datum.txt").write_text(
        "Poetin is in Moskou, zegt het Kremlin. Dat melden de kranten daar."
    )
    return folder


@pytest.fixture(scope="module")
def whole(corpus: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("heel")
    run_all(corpus, out, settings, workers=1)
    return out


@pytest.fixture(scope="module")
def cut(corpus: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("jaren")
    run_all(corpus, out, settings, workers=1, by_year=True)
    return out


def test_a_big_run_is_cut_by_year_and_a_small_one_is_whole(
    whole: Path, cut: Path, corpus: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert sorted(p.name for p in whole.glob("[!.]*")) == sorted(
        [*(f"{t}.parquet" for t in TABLES), "run.json"]
    )
    folders = [*BY_YEAR, *(f"{name}.parquet" for name in SINGLE), "run.json"]
    assert sorted(p.name for p in cut.glob("[!.]*")) == sorted(folders)
    years = [f"year={y}" for y in (0, 2021, 2022, 2023)]
    assert sorted(p.name for p in (cut / "mentions").iterdir()) == sorted(years)
    monkeypatch.setattr("pipeline.running.assemble.MANY_ARTICLES", 10)
    run_all(corpus, tmp_path, settings, workers=1)
    assert tables(tmp_path) == tables(cut)


@pytest.mark.parametrize("name", TABLES)
def test_both_forms_hold_the_same_rows(name: str, whole: Path, cut: Path) -> None:
    assert read_table(whole, name).num_rows > 0 or name in ("rejected", "repairs")
    assert read_table(cut, name).equals(read_table(whole, name))


def test_each_row_lies_in_the_year_of_its_article(cut: Path) -> None:
    for path in (cut / "articles").rglob("*.parquet"):
        (year,) = {p and str(p.year) for p in pq.ParquetFile(path).read()["published"].to_pylist()}
        assert path.parent.name == f"year={year or 0}"


@pytest.mark.parametrize("name", ["mentions", "articles"])
def test_pandas_duckdb_polars_and_pyarrow_read_the_folders(name: str, whole: Path, cut: Path) -> None:
    n_rows = read_table(whole, name).num_rows
    years = {0, 2021, 2022, 2023}
    frame = pd.read_parquet(cut / name)
    assert len(frame) == n_rows
    assert set(frame["year"].astype(int)) == years
    pattern = f"{cut / name}/*/*.parquet"
    query = f"SELECT count(*), count(DISTINCT year) FROM read_parquet('{pattern}', hive_partitioning=true)"  # noqa: S608
    (found,) = duckdb.execute(query).fetchall()
    assert found == (n_rows, 4)
    assert len(pl.read_parquet(cut / name)) == n_rows
    hive = ds.dataset(cut / name, partitioning="hive").to_table()
    assert hive.num_rows == n_rows
    assert set(hive["year"].to_pylist()) == years


def test_no_stale_form_is_left_when_the_form_changes(
    corpus: Path, settings: Settings, tmp_path: Path
) -> None:
    shown: dict[bool, dict[str, str]] = {}
    for by_year in (False, True, True, False):
        run_all(corpus, tmp_path, settings, workers=1, by_year=by_year)
        shown.setdefault(by_year, tables(tmp_path))
        assert tables(tmp_path) == shown[by_year]
        assert all((tmp_path / name).is_dir() == by_year for name in BY_YEAR)
        assert all((tmp_path / f"{name}.parquet").exists() != by_year for name in BY_YEAR)


def test_a_year_that_is_gone_leaves_the_folders(settings: Settings, tmp_path: Path) -> None:
    corpus = fill(tmp_path / "corpus", range(3))
    run_all(corpus, tmp_path / "uit", settings, workers=1, by_year=True)
    assert (tmp_path / "uit" / "articles" / "year=2022").is_dir()
    (corpus / "000" / "00001.txt").unlink()
    run_all(corpus, tmp_path / "uit", settings, workers=1, by_year=True)
    for name in ("documents", "articles", "mentions"):
        assert not (tmp_path / "uit" / name / "year=2022").exists()


def test_a_table_without_rows_is_there_by_year_too(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("De brug over de vaart blijft tot het voorjaar dicht, zegt de wethouder.")
    run_all(tmp_path / "a.txt", tmp_path / "uit", settings, workers=1, by_year=True)
    assert read_table(tmp_path / "uit", "mentions").num_rows == 0
    assert read_table(tmp_path / "uit", "mentions").schema.equals(TABLES["mentions"].schema)
    assert summarise(Storage(str(tmp_path / "uit"))).n_linked == 0


def test_row_groups_have_a_fixed_size_whatever_the_parts(
    corpus: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables_module, "_DEFAULT_GROUP_ROWS", 3)
    monkeypatch.setattr(tables_module, "_FILE_GROUPS", 2)
    monkeypatch.setattr("pipeline.running.assemble._BATCH_ROWS", 3)
    run_all(corpus, tmp_path, settings, workers=1)
    file = pq.ParquetFile(tmp_path / "segments.parquet")
    sizes = [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert set(sizes[:-1]) == {3}
    assert 0 < sizes[-1] <= 3
    run_all(corpus, tmp_path, settings, workers=1, by_year=True)
    files = sorted((tmp_path / "segments" / "year=2021").iterdir())
    assert len(files) > 1
    assert [pq.ParquetFile(path).num_row_groups for path in files[:-1]] == [2] * (len(files) - 1)


def test_rows_are_in_the_order_of_their_key(whole: Path) -> None:
    for name in ("documents", "articles", "segments", "mentions", "rejected"):
        rows = pq.read_table(whole / f"{name}.parquet")
        assert rows.equals(rows.sort_by([(column, "ascending") for column in TABLES[name].key]))
