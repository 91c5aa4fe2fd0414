"""What goes wrong from outside: each time a clear message, old tables intact, and a run that goes on from there."""

from __future__ import annotations

import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.read import rows_of_file as read_rows
from pipeline.run import run_all
from pipeline.running.storage import Storage
from pipeline.settings import DEFAULT_MODEL, Settings, resources
from pipeline.tables import locked
from tests.killing import Watcher, start
from tests.little import article, fill, tables, write_kb

N_ARTICLES = 150


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("corpus"), range(N_ARTICLES))


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(model="kb", kb=str(write_kb(tmp_path_factory.mktemp("kb"))))


@pytest.fixture(scope="module")
def wanted(corpus: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tables of a run that nothing happens to."""
    out = tmp_path_factory.mktemp("heel")
    run_all(corpus, out, settings, workers=1)
    return tables(out)


@pytest.fixture
def old(tmp_path: Path, settings: Settings) -> Path:
    """An output folder with the tables of an earlier run over another corpus."""
    run_all(fill(tmp_path / "eerder", range(500, 504)), tmp_path / "uit", settings, workers=1)
    return tmp_path / "uit"


def vermeld(corpus: Path, out: Path, settings: Settings, *options: str) -> Result:
    arguments = ["run", corpus, "--out", out, "--model", settings.model, "--kb", settings.kb, *options]
    result = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "300"})
    assert result.exception is None or isinstance(result.exception, SystemExit), repr(result.exception)
    assert "Traceback" not in result.output
    return result


def contents(out: Path) -> dict[str, bytes]:
    """What a reader of the folder sees; without what is hidden."""
    return {p.name: p.read_bytes() for p in out.iterdir() if p.is_file() and not p.name.startswith(".")}


def hidden(out: Path) -> set[str]:
    return {p.name for p in out.iterdir() if p.name.startswith(".")}


def eventually(holds: Callable[[], bool], seconds: float = 300) -> bool:
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def has_parts(out: Path, stage: str) -> bool:
    """Whether a run has finished something of a stage; the index that an earlier run left is all.index."""
    return any(
        path.name != "all.index.parquet" for path in (out / ".parts" / stage).glob("[!.]*.index.parquet")
    )


def reaches(out: Path, stage: str, process: subprocess.Popen[bytes]) -> bool:
    """Wait until a run has made something of a stage, or ended."""
    return eventually(lambda: has_parts(out, stage) or process.poll() is not None)


def is_gone(group: int) -> bool:
    """Whether no process of the group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


def test_ctrl_c_leaves_the_old_tables_and_the_next_run_goes_on(
    corpus: Path, settings: Settings, old: Path, wanted: dict[str, str]
) -> None:
    before = contents(old)
    process = start(corpus, old, settings, workers=2, stderr=subprocess.PIPE)
    assert eventually(lambda: has_parts(old, "clean"))
    os.killpg(process.pid, signal.SIGINT)
    _, message = process.communicate(timeout=300)
    assert process.returncode == 130
    assert b"interrupted. The tables are as they were; run the same command again to go on." in message
    assert b"Traceback" not in message
    assert eventually(lambda: is_gone(process.pid), 30)
    assert contents(old) == before
    report = run_all(corpus, old, settings, workers=1)
    assert sum(report.made.values()) < 4 * N_ARTICLES
    assert report.made["read"] < N_ARTICLES
    assert tables(old) == wanted


def test_workers_end_with_the_process_that_started_them(
    corpus: Path, settings: Settings, tmp_path: Path
) -> None:
    process = start(corpus, tmp_path, settings, workers=2)
    assert eventually(lambda: has_parts(tmp_path, "read"))
    process.kill()
    process.wait()
    assert eventually(lambda: is_gone(process.pid), 30)


def test_kills_at_random_moments_cost_nothing_that_was_done(
    corpus: Path, settings: Settings, old: Path, wanted: dict[str, str]
) -> None:
    rng = random.Random(1)
    with Watcher(old) as watcher:
        for stage in ("read", "clean", "link"):
            process = start(corpus, old, settings, workers=1)
            assert reaches(old, stage, process)
            time.sleep(rng.uniform(0, 0.3))
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        report = run_all(corpus, old, settings, workers=1)
    assert watcher.broken == []
    assert watcher.n_read > 0
    assert report.made["read"] == 0
    assert tables(old) == wanted
    assert hidden(old) == {".lock", ".parts"}
    assert list((old / ".parts").rglob(".*")) == []


def test_a_killed_worker_is_one_clear_message_and_the_next_run_goes_on(
    corpus: Path, settings: Settings, old: Path, wanted: dict[str, str]
) -> None:
    before = contents(old)

    def kill() -> None:
        eventually(lambda: has_parts(old, "read") and bool(multiprocessing.active_children()))
        for child in multiprocessing.active_children()[:1]:
            child.kill()

    killer = threading.Thread(target=kill)
    killer.start()
    result = vermeld(corpus, old, settings, "--workers", "2")
    killer.join()
    assert result.exit_code == 3
    assert "a worker process was killed" in result.stderr
    assert contents(old) == before
    assert multiprocessing.active_children() == []
    run_all(corpus, old, settings, workers=1)
    assert tables(old) == wanted


def test_a_full_disk_is_one_clear_message_and_leaves_the_old_tables(
    corpus: Path, settings: Settings, old: Path, wanted: dict[str, str]
) -> None:
    before = contents(old)
    # No file may grow beyond this: enough for the parts, too little for the tables.
    limit = max(p.stat().st_size for p in old.glob("*.parquet")) + 1000
    process = start(corpus, old, settings, workers=1, stderr=subprocess.PIPE, max_file_bytes=limit)
    _, message = process.communicate(timeout=300)
    assert process.returncode == 2
    assert b"error: cannot write the tables: " in message
    assert b"Traceback" not in message
    assert contents(old) == before
    assert hidden(old) == {".lock", ".parts"}
    run_all(corpus, old, settings, workers=1)
    assert tables(old) == wanted


def test_outputs_that_may_only_be_read_are_one_clear_message(
    corpus: Path, settings: Settings, old: Path
) -> None:
    as_a_user: tuple[str, ...] = ()
    if os.geteuid() == 0:
        if not shutil.which("setpriv"):
            pytest.skip("root may write everywhere, and setpriv is not there to forbid it")
        as_a_user = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override")
    before = contents(old)
    old.chmod(0o555)
    try:
        process = start(corpus, old, settings, workers=1, stderr=subprocess.PIPE, before=as_a_user)
        _, message = process.communicate(timeout=300)
    finally:
        old.chmod(0o755)
    if process.returncode == 0:
        pytest.skip("this user may write everywhere")
    assert process.returncode == 2
    assert b"error: cannot write the tables: " in message
    assert contents(old) == before


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return fill(tmp_path / "klein", range(5))


@pytest.mark.parametrize("name", ["00002.txt", "archief.jsonl"])
@pytest.mark.parametrize("vanishes", [True, False])
def test_a_file_that_changes_while_it_is_read_is_rejected_and_read_again_next_time(
    name: str,
    vanishes: bool,
    small: Path,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (small / "000" / "archief.jsonl").write_text(
        "\n".join(f'{{"id": "{n}", "text": "{" ".join(article(n).split())}"}}' for n in range(3))
    )

    def rows_of_file(path: Path, source: str, chosen: Settings) -> Iterator[dict[str, object]]:
        for row in read_rows(path, source, chosen):
            yield row
            if path.name == name and vanishes:
                path.unlink(missing_ok=True)
            elif path.name == name:
                path.write_bytes(path.read_bytes().replace(b"nummer", b"getal "))

    monkeypatch.setattr("pipeline.running.work.rows_of_file", rows_of_file)
    monkeypatch.setattr("pipeline.running.work.MAX_PART_DOCUMENTS", 2)
    run_all(small, tmp_path / "uit", settings, workers=1)
    rejected = pq.read_table(tmp_path / "uit" / "rejected.parquet").to_pylist()
    assert [(row["source"], row["reason"], row["detail"]) for row in rejected] == [
        (f"000/{name}", "unreadable", "the file changed while it was read; run again")
    ]
    sources = pq.read_table(tmp_path / "uit" / "articles.parquet")["source"].to_pylist()
    assert not any(source.startswith(f"000/{name}") for source in sources)
    monkeypatch.undo()
    report = run_all(small, tmp_path / "uit", settings, workers=1)
    assert report.made["read"] == (0 if vanishes else 1)
    run_all(small, tmp_path / "vers", settings, workers=1)
    assert tables(tmp_path / "uit") == tables(tmp_path / "vers")


def test_a_file_that_was_seen_to_change_by_a_run_that_was_killed_is_read_again(
    small: Path, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    victim = small / "000" / "00002.txt"
    content = victim.read_bytes()

    def rows_of_file(path: Path, source: str, chosen: Settings) -> Iterator[dict[str, object]]:
        if path == victim:
            path.write_text(article(77))
        yield from read_rows(path, source, chosen)

    monkeypatch.setattr("pipeline.running.work.rows_of_file", rows_of_file)
    monkeypatch.setattr("pipeline.run._Run._through_stages", lambda *_: os.strerror(0)[1000])
    with pytest.raises(IndexError):
        run_all(small, tmp_path / "uit", settings, workers=1)
    monkeypatch.undo()
    victim.write_bytes(content)
    assert run_all(small, tmp_path / "uit", settings, workers=1).made["read"] == 1
    run_all(small, tmp_path / "vers", settings, workers=1)
    assert tables(tmp_path / "uit") == tables(tmp_path / "vers")


MODEL_FILES = [
    "config.cfg",
    "tokenizer",
    *sorted(f"vermeld_ner/{path.name}" for path in (resources() / DEFAULT_MODEL / "vermeld_ner").iterdir()),
]


@pytest.mark.parametrize("damage", ["gone", "empty"])
@pytest.mark.parametrize("name", MODEL_FILES)
def test_a_model_with_a_broken_file_is_one_clear_message(
    name: str, damage: str, small: Path, settings: Settings, tmp_path: Path
) -> None:
    whole, model = resources() / DEFAULT_MODEL, tmp_path / "model"
    for path in (p for p in whole.rglob("*") if p.is_file()):
        copy = model / path.relative_to(whole)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.symlink_to(path)
    (model / name).unlink()
    if damage == "empty":
        (model / name).write_bytes(b"")
    result = vermeld(small, tmp_path / "uit", Settings(model=str(model), kb=settings.kb))
    assert result.exit_code == 2
    assert "error: " in result.stderr
    assert "model" in result.stderr
    assert not (tmp_path / "uit").exists()


def test_a_disk_too_full_to_sort_on_is_one_clear_message(
    small: Path, settings: Settings, old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contents(old)

    def full(*_: object, **__: object) -> None:
        raise duckdb.IOException("No space left on device")

    monkeypatch.setattr("pipeline.running.assemble._registered", full)
    result = vermeld(small, old, settings)
    assert result.exit_code == 2
    assert (
        "cannot write the tables: putting the tables together failed: No space left on device"
        in result.stderr
    )
    assert contents(old) == before
    assert hidden(old) == {".lock", ".parts"}


def test_two_runs_on_one_folder_are_one_clear_message(small: Path, settings: Settings, old: Path) -> None:
    before = contents(old)
    with locked(Storage(str(old))):
        result = vermeld(small, old, settings)
        assert result.exit_code == 3
        assert f"another run is writing into {old}; wait for it to end" in result.stderr
        stage = CliRunner().invoke(app, ["count", "--out", str(old)])
        assert stage.exit_code == 3
        assert contents(old) == before
    assert vermeld(small, old, settings).exit_code == 0


def test_what_killed_runs_left_is_cleared_away(small: Path, settings: Settings, old: Path) -> None:
    (old / ".unfinished-abc" / "mentions").mkdir(parents=True)
    (old / ".unfinished-abc" / "mentions" / "x.parquet").write_bytes(b"half")
    (old / ".parts" / "clean" / ".unfinished-12-part.articles.parquet").write_bytes(b"half")
    (old / ".parts" / "clean" / "geen-index.articles.parquet").write_bytes(b"half")
    run_all(small, old, settings, workers=1)
    assert hidden(old) == {".lock", ".parts"}
    left = {p.name for p in (old / ".parts" / "clean").iterdir()}
    assert not any(name.startswith((".", "geen-index")) for name in left)


def test_a_broken_knowledge_base_is_one_clear_message(
    small: Path, settings: Settings, old: Path, tmp_path: Path
) -> None:
    before = contents(old)
    for number, content in enumerate([b"", b"entity_id\ncountry/RUS\n", b"\xff\xfe\x00", b'a,b\n"open']):
        kb = write_kb(tmp_path / f"kb{number}")
        (kb / "countries.csv").write_bytes(content)
        result = vermeld(small, old, Settings(model="kb", kb=str(kb)))
        assert result.exit_code == 2, content
        assert "error: " in result.stderr
    (kb / "countries.csv").unlink()
    assert vermeld(small, old, Settings(model="kb", kb=str(kb))).exit_code == 2
    assert contents(old) == before


def test_the_watcher_sees_a_half_written_file(tmp_path: Path, wanted: dict[str, str]) -> None:
    assert wanted
    with Watcher(tmp_path) as watcher:
        (tmp_path / "mentions.parquet").write_bytes(b"PAR1 half")
        assert eventually(lambda: bool(watcher.broken), 10)
