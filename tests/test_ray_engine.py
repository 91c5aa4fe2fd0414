from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipeline.recognition.loading import ModelError
from pipeline.run import Report, run_all
from pipeline.running import plan
from pipeline.running.ray_engine import RayEngine
from pipeline.running.storage import Storage
from pipeline.running.work import ArticleTask, Input
from pipeline.settings import Settings
from pipeline.tools import Tools
from tests.clusters import digests, two_nodes
from tests.gate import SAMPLE

pytest.importorskip("ray", reason="needs Ray: pip install 'vermeld[ray]'")

KB = Settings(model="kb")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    with two_nodes() as cluster:
        yield cluster


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The tables that the local engine makes."""
    out = tmp_path_factory.mktemp("local")
    run_all(SAMPLE, out, KB, workers=1)
    return digests(out)


@pytest.fixture
def many_tasks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tasks so small that the sample corpus makes some ten a stage."""
    monkeypatch.setattr(plan, "_MAX_ARTICLES", 4)


def run_with_ray(out: Path, progress: Callable[[str, int, int], None] | None = None) -> Report:
    return run_all(SAMPLE, out, KB, engine=RayEngine, progress=progress or (lambda *_: None))


def test_two_nodes_make_the_same_tables(cluster: Any, expected: dict[str, str], tmp_path: Path) -> None:
    report = run_with_ray(tmp_path)
    assert digests(tmp_path) == expected
    assert report.made["recognise"] == report.rows["articles"] > 0
    again = run_with_ray(tmp_path)
    assert set(again.made.values()) == {0}


def test_the_workers_are_the_cores_of_the_cluster(cluster: Any, tmp_path: Path) -> None:
    storage = Storage(str(tmp_path))
    assert RayEngine(Tools(KB), storage).workers == 2
    assert RayEngine(Tools(KB), storage, 1).workers == 1


def test_an_error_on_a_node_is_the_one_of_this_machine(cluster: Any, tmp_path: Path) -> None:
    engine = RayEngine(Tools(Settings(model="no-such-model")), Storage(str(tmp_path)))
    nothing = ArticleTask("recognise", (), (), (Input("clean", (), ()),))
    with pytest.raises(ModelError, match="no-such-model"):
        list(engine.run([nothing]))


@pytest.mark.usefixtures("many_tasks")
def test_a_killed_worker_costs_nothing(cluster: Any, expected: dict[str, str], tmp_path: Path) -> None:
    killed: list[int] = []

    def kill(stage: str, done: int, _total: int) -> None:
        if stage == "recognise" and done and not killed:
            killed.append(actors()[0].pid)
            actors()[0].kill()

    run_all(SAMPLE, tmp_path, KB, last="clean", workers=1)
    run_with_ray(tmp_path, kill)
    assert killed
    assert digests(tmp_path) == expected


@pytest.mark.usefixtures("many_tasks")
def test_a_lost_node_costs_nothing(expected: dict[str, str], tmp_path: Path) -> None:
    with two_nodes() as cluster:
        lost: list[Any] = []

        def lose(stage: str, done: int, _total: int) -> None:
            if stage == "recognise" and done and not lost:
                lost.append(cluster.worker_nodes.copy().pop())
                cluster.remove_node(lost[0], allow_graceful=False)

        run_all(SAMPLE, tmp_path, KB, last="clean", workers=1)
        run_with_ray(tmp_path, lose)
        assert lost
        assert digests(tmp_path) == expected


def actors() -> list[psutil.Process]:
    """The processes of this test's own cluster that are workers of ours."""
    children = psutil.Process().children(recursive=True)
    return [process for process in children if "MapWorker" in " ".join(process.cmdline())]
