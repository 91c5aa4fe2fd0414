from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.run import run_all
from pipeline.running.storage import Storage
from pipeline.running.summary import summarise
from pipeline.settings import Settings
from pipeline.stages import STAGES, run_stage
from pipeline.tables import FolderInUseError, locked, read_table
from pipeline.tools import Tools
from tests.little import fill, tables, write_kb


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(model="kb", kb=str(write_kb(tmp_path_factory.mktemp("kb"))))


@pytest.fixture(scope="module")
def out(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("werk")
    corpus = fill(folder / "corpus", range(6))
    (corpus / "leeg.txt").write_text("")
    run_all(corpus, folder / "uit", settings, workers=1)
    return folder / "uit"


def quiet(_stage: str, _done: int, _of: int) -> None:
    """No progress."""


def test_each_stage_again_gives_the_same_bytes(out: Path, settings: Settings) -> None:
    before, tools = tables(out), Tools(settings)
    for stage in STAGES:
        run_stage(stage, out, tools, quiet)
        if stage in ("link", "count"):
            assert tables(out) == before


def test_recognising_tells_how_far_it_is(out: Path, settings: Settings) -> None:
    seen: list[tuple[str, int, int]] = []
    run_stage("recognise", out, Tools(settings), lambda *step: seen.append(step))
    run_stage("link", out, Tools(settings), quiet)
    assert {stage for stage, *_ in seen} == {"recognise"}
    assert seen[-1][1] == seen[-1][2] == len(seen)


def test_a_stage_without_its_tables_makes_no_folder(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="run the stage that makes it first"):
        run_stage("link", tmp_path / "weg", Tools(settings), quiet)
    assert not (tmp_path / "weg").exists()


def test_a_stage_does_not_write_into_a_folder_in_use(out: Path, settings: Settings) -> None:
    before = tables(out)
    with locked(Storage(str(out))), pytest.raises(FolderInUseError):
        run_stage("count", out, Tools(settings), quiet)
    assert tables(out) == before


def test_the_summary_adds_up(out: Path) -> None:
    summary = summarise(Storage(str(out)))
    linked = [row for row in read_table(out, "mentions").to_pylist() if row["entity_id"]]
    assert summary.n_linked == len(linked) > 0
    assert summary.n_entities == len({row["entity_id"] for row in linked})
    assert sum(row.n_mentions for row in summary.top) == summary.n_linked
    assert [row.n_mentions for row in summary.top] == sorted(
        (r.n_mentions for r in summary.top), reverse=True
    )
    poetin = next(row for row in summary.top if row.name == "Vladimir Poetin")
    mine = [row for row in linked if row["name"] == "Vladimir Poetin"]
    assert (poetin.kind, poetin.country) == ("leader", "RUS")
    assert (poetin.n_mentions, poetin.n_articles) == (len(mine), len({row["article_id"] for row in mine}))
    assert summary.rejected == ["leeg.txt: the file is empty"]


def test_the_summary_of_nothing_linked_is_empty(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("De brug over de vaart blijft tot het voorjaar dicht, zegt de wethouder.")
    run_all(tmp_path / "a.txt", tmp_path / "uit", settings, workers=1)
    summary = summarise(Storage(str(tmp_path / "uit")))
    assert (summary.top, summary.n_linked, summary.n_entities, summary.rejected) == ([], 0, 0, [])
