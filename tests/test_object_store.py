"""Runs from and to an object store: an S3 server of this machine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.reading.corpus import FetchError, list_corpus
from pipeline.run import run_all
from pipeline.running.parts import FOLDER, Parts
from pipeline.running.storage import Storage
from pipeline.running.work import CHANGED, ReadTask, Worker
from pipeline.settings import Settings
from pipeline.tables import read_table
from pipeline.tools import Tools
from tests.clusters import copied, digests, s3_address, s3_server, two_nodes
from tests.gate import SAMPLE

pytest.importorskip("moto.server", reason="needs moto: pip install 'moto[server]'")

KB = Settings(model="kb")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with s3_server() as server:
        yield server


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A corpus with files of several formats, one packed, one broken."""
    corpus = tmp_path_factory.mktemp("corpus")
    shutil.copytree(SAMPLE / "dagblad-delta", corpus / "dagblad-delta")
    shutil.copytree(SAMPLE / "kapot", corpus / "kapot")
    for name in ("wereldkroniek.jsonl", "scheldekoerier/2023-05-21_g7-hiroshima.txt.gz"):
        shutil.copy(SAMPLE / name, corpus)
    return corpus


@pytest.fixture(scope="module")
def bucket_corpus(server: str, here: Path) -> str:
    """The same corpus in the store."""
    return put(here, Storage(s3_address(server, "corpus")))


@pytest.fixture(scope="module")
def expected(here: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on this machine."""
    out = tmp_path_factory.mktemp("here")
    run_all(here, out, KB, workers=1)
    return out


def put(folder: Path, store: Storage) -> str:
    for path in folder.rglob("*"):
        if path.is_file():
            with store.filesystem.open_output_stream(
                store.full(path.relative_to(folder).as_posix()), compression=None
            ) as stream:
                stream.write(path.read_bytes())
    return store.address


def test_from_the_store_to_the_store_gives_the_same_tables(
    server: str, bucket_corpus: str, expected: Path, tmp_path: Path
) -> None:
    out = Storage(s3_address(server, "out"))
    report = run_all(bucket_corpus, out.address, KB, workers=1)
    assert digests(copied(out, tmp_path)) == digests(expected)
    assert report.rows["articles"] > 0
    # Nothing half-written stays, and the next run takes up what is there.
    assert [name for name in out.names() if "unfinished" in name] == []
    assert set(run_all(bucket_corpus, out.address, KB, workers=1).made.values()) == {0}
    described = json.loads(out.read_text("run.json"))
    assert described["inputs"]["corpus"] == "s3://pers/corpus"
    assert "secret" not in out.read_text("run.json")
    assert read_table(out.address, "mentions").equals(read_table(expected, "mentions"))


def test_a_changed_a_new_and_a_deleted_object(server: str, tmp_path: Path) -> None:
    mine, corpus = tmp_path / "corpus", Storage(s3_address(server, "dagblad"))
    shutil.copytree(SAMPLE / "dagblad-delta", mine)
    put(mine, corpus)
    out = Storage(s3_address(server, "dagblad-out"))
    run_all(corpus.address, out.address, KB, workers=1)
    gone, changed, *_ = sorted(mine.iterdir())
    gone.unlink()
    changed.write_text("De Russische president Vladimir Poetin sprak in Minsk met de pers over de NAVO.\n")
    (mine / "nieuw.txt").write_text("Premier Bart De Wever van België was gisteren in Den Haag te gast.\n")
    corpus.delete(gone.name)
    put(mine, corpus)
    run_all(corpus.address, out.address, KB, workers=1)
    run_all(mine, tmp_path / "fresh", KB, workers=1)
    assert digests(copied(out, tmp_path / "copy")) == digests(tmp_path / "fresh")


def test_whole_tables_and_years_take_each_others_place(
    server: str, here: Path, bucket_corpus: str, expected: Path, tmp_path: Path
) -> None:
    out = Storage(s3_address(server, "forms"))
    run_all(bucket_corpus, out.address, KB, workers=1, by_year=True)
    assert not out.exists("mentions.parquet")
    assert any(name.startswith("mentions/year=2025/") for name in out.names())
    assert read_table(out.address, "mentions").equals(read_table(expected, "mentions"))
    # A year without articles any more leaves no file behind.
    one = Storage(bucket_corpus).below("wereldkroniek.jsonl").address
    run_all(one, out.address, KB, workers=1, by_year=True)
    run_all(here / "wereldkroniek.jsonl", tmp_path / "one", KB, workers=1, by_year=True)
    assert digests(copied(out, tmp_path / "copy")) == digests(tmp_path / "one")
    run_all(one, out.address, KB, workers=1, by_year=False)
    assert [name for name in out.names() if name.startswith("mentions")] == ["mentions.parquet"]


def test_ray_and_the_store(server: str, bucket_corpus: str, expected: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray: pip install 'vermeld[ray]'")
    from pipeline.running.ray_engine import RayEngine

    out = Storage(s3_address(server, "ray"))
    # What this machine has begun, the cluster goes on with.
    run_all(bucket_corpus, out.address, KB, workers=1, last="recognise")
    with two_nodes():
        report = run_all(bucket_corpus, out.address, KB, engine=RayEngine)
    assert report.made["recognise"] == 0
    assert report.made["link"] == report.rows["articles"]
    assert digests(copied(out, tmp_path)) == digests(expected)


def test_an_object_is_fetched_for_reading_alone(here: Path, bucket_corpus: str) -> None:
    files = {file.source: file for file in list_corpus(bucket_corpus)}
    assert list(files) == sorted(p.relative_to(here).as_posix() for p in here.rglob("*") if p.is_file())
    packed = files["2023-05-21_g7-hiroshima.txt.gz"]
    with packed.opened() as path:
        assert path.read_bytes() == (here / packed.source).read_bytes()
        assert path.suffixes == [".txt", ".gz"]
    assert not path.exists()
    assert not packed.has_changed()


def test_an_object_that_is_gone_is_rejected_and_not_kept(server: str, tmp_path: Path) -> None:
    corpus = Storage(s3_address(server, "gone"))
    put(SAMPLE / "dagblad-delta", corpus)
    first, second, *_ = list_corpus(corpus.address)
    corpus.delete(first.source)
    assert first.has_changed()
    with pytest.raises(FetchError), first.opened():
        pass
    parts = Parts(Storage(str(tmp_path)))
    Worker(Tools(KB), parts.storage).do(ReadTask((first, second), "f"))
    index = {row["file"]: row["content"] for row in parts.index("read").to_pylist() if row["content"]}
    assert index[first.source] == CHANGED
    assert len(index[second.source]) == 32


def test_the_output_folder_is_no_part_of_the_corpus(server: str) -> None:
    corpus = Storage(s3_address(server, "inside"))
    put(SAMPLE / "dagblad-delta", corpus)
    out = corpus.below("out")
    run_all(corpus.address, out.address, KB, last="clean", workers=1)
    assert out.exists(FOLDER)
    assert {f.source for f in list_corpus(corpus.address, skip=out)} == {
        p.name for p in (SAMPLE / "dagblad-delta").iterdir()
    }


@pytest.mark.parametrize("folder", ["nowhere", "corpus/nowhere.jsonl"])
def test_no_corpus_at_the_address(server: str, folder: str, tmp_path: Path) -> None:
    command = ["run", s3_address(server, folder), "--out", str(tmp_path), "--model", "kb"]
    result = CliRunner().invoke(app, command)
    assert result.exit_code == 2
    assert f"no such corpus: s3://pers/{folder}" in result.stderr
    assert "secret" not in result.output


def test_the_command_takes_addresses(server: str, bucket_corpus: str) -> None:
    out = s3_address(server, "command")
    result = CliRunner().invoke(app, ["run", bucket_corpus, "--out", out, "--model", "kb", "--workers", "1"])
    assert result.exit_code == 0
    assert "Parquet tables and run.json in s3://pers/command" in result.stdout
    assert "secret" not in result.output
