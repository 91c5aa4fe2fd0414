from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from pipeline import engines
from pipeline.engines import LocalEngine, WorkerLostError, cores
from pipeline.run import run_all
from pipeline.running.storage import Storage
from pipeline.running.work import ReadTask, Receipt
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.tools import Tools
from tests.little import fill, tables, write_kb


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(model="kb", kb=str(write_kb(tmp_path_factory.mktemp("kb"))))


def tasks(n: int) -> list[ReadTask]:
    return [ReadTask((), str(number)) for number in range(n)]


class Slow:
    """A pool whose tasks are done when they are looked at; it knows the most that waited at a time."""

    def __init__(self) -> None:
        self.waiting = self.most = 0

    def submit(self, do: Callable[..., Receipt], task: ReadTask) -> Future[Receipt]:
        self.waiting += 1
        self.most = max(self.most, self.waiting)
        future: Future[Receipt] = Future()
        future.set_result(Receipt(task.fingerprint, 1))
        return future


def test_all_receipts_come_and_few_tasks_wait() -> None:
    pool: Any = Slow()
    seen = []
    for receipt in engines._bounded(pool, tasks(20), ahead=3):
        pool.waiting -= 1
        seen.append(receipt.stage)
    assert sorted(seen, key=int) == [str(n) for n in range(20)]
    assert pool.most <= 3


def test_no_tasks_start_no_process(settings: Settings, tmp_path: Path) -> None:
    engine = LocalEngine(Tools(settings), Storage(str(tmp_path)), 4)
    assert list(engine.run([])) == []
    engine.close()
    assert multiprocessing.active_children() == []


def test_cores_are_at_least_one() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)


def test_ctrl_c_reaches_the_first_process_alone() -> None:
    command = [sys.executable, "-c", "import signal; print(signal.pthread_sigmask(signal.SIG_BLOCK, []))"]
    with engines._deaf_children():
        inside = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    after = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    assert "SIGINT" in inside.stdout
    assert "SIGINT" not in after.stdout


def test_the_number_of_workers_does_not_show_in_the_tables(settings: Settings, tmp_path: Path) -> None:
    corpus = fill(tmp_path / "corpus", range(130))
    made = {}
    for workers in (1, 2, 3):
        report = run_all(corpus, tmp_path / f"uit-{workers}", settings, workers=workers)
        made[workers] = report.made
    assert made[1] == made[2] == made[3]
    assert tables(tmp_path / "uit-1") == tables(tmp_path / "uit-2") == tables(tmp_path / "uit-3")
    assert multiprocessing.active_children() == []


def test_nor_does_it_with_the_embedded_model(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Else so few articles would be done in one process.
    monkeypatch.setattr(engines, "_MIN_ARTICLES", 4)
    corpus = fill(tmp_path / "corpus", range(12))
    chosen = Settings(model=DEFAULT_MODEL, kb=settings.kb)
    for workers in (1, 2):
        run_all(corpus, tmp_path / f"uit-{workers}", chosen, workers=workers)
    one, two = tables(tmp_path / "uit-1"), tables(tmp_path / "uit-2")
    assert one["mentions.parquet"] == two["mentions.parquet"]
    assert one == two


def test_a_worker_that_dies_is_told_as_such(settings: Settings, tmp_path: Path) -> None:
    engine = LocalEngine(Tools(settings), Storage(str(tmp_path)), 2)
    steps = engine._in_pool(tasks(50))
    next(steps)
    for child in multiprocessing.active_children():
        child.kill()
    with pytest.raises(WorkerLostError, match="what was done is kept"):
        list(steps)
    engine.close()
    assert multiprocessing.active_children() == []
