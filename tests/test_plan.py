from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.reading.corpus import CorpusFile
from pipeline.running import plan
from pipeline.running.parts import INDEX
from pipeline.running.plan import (
    documents_of,
    fingerprints,
    keys_of,
    look_up,
    missing_files,
    tasks_for,
    unchanged,
)
from pipeline.running.work import CHANGED, read_key
from pipeline.settings import Settings
from pipeline.tools import Tools
from tests.little import kb_rows, write_kb


def files(*names: str) -> list[CorpusFile]:
    return [CorpusFile(name, Path(name), f"digest of {name}") for name in names]


def index(*rows: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(rows), schema=INDEX)


def read_rows(file: CorpusFile, part: str, *articles: str, changed: bool = False) -> list[dict[str, object]]:
    """The index of a file that was read: its own row, and one for each article."""
    note: dict[str, object] = {"key": read_key("f", file), "part": part, "file": file.source}
    rows = [note | {"article_id": a, "content": f"c-{a}", "n_chars": 10} for a in ("", *articles)]
    rows[0]["content"] = None
    return [*rows, note | {"article_id": "", "content": CHANGED}] if changed else rows


def live(n: int, chars: int = 10) -> pa.Table:
    ids = [f"a{number:04}" for number in range(n)]
    return pa.table({"article_id": ids, "n_chars": [chars] * n, "read": [f"p{i % 3}" for i in range(n)]})


def nothing_found(table: pa.Table) -> plan.Lookup:
    return look_up(keys_of("clean", "f", table["article_id"]), INDEX.empty_table())


def test_only_files_that_are_not_there_are_read() -> None:
    a, b, c = files("a", "b", "c")
    (task,) = missing_files([a, b, c], index(*read_rows(b, "p", "x")), "f")
    assert [file.source for file in task.files] == ["a", "c"]
    (task,) = missing_files([a, b], index(*read_rows(b, "p", "x")), "other settings")
    assert task.size == 2
    assert missing_files([b], index(*read_rows(b, "p", "x")), "f") == []


def test_a_file_with_other_content_is_not_there() -> None:
    (a,) = files("a")
    known = index(*read_rows(a, "p", "x"))
    assert missing_files([CorpusFile("a", Path("a"), "anders")], known, "f") != []
    assert missing_files([CorpusFile("b", Path("a"), a.digest)], known, "f") != []


def test_many_files_are_many_tasks() -> None:
    tasks = missing_files(files(*(str(n) for n in range(450))), INDEX.empty_table(), "f")
    assert [task.size for task in tasks] == [200, 200, 50]


def test_live_articles_are_those_of_the_files_that_are_there_now() -> None:
    a, b, c = files("a", "b", "c")
    rows = [*read_rows(a, "p", "x", "y"), *read_rows(b, "q", "z"), *read_rows(c, "q")]
    found, of_files = documents_of([a, c], index(*rows), "f")
    assert sorted(found["article_id"].to_pylist()) == ["x", "y"]
    assert sorted(of_files["file"].to_pylist()) == ["a", "c"]


def test_an_article_that_was_read_twice_is_there_once() -> None:
    (a,) = files("a")
    found, _ = documents_of([a], index(*read_rows(a, "p", "x"), *read_rows(a, "q", "x")), "f")
    assert found["article_id"].to_pylist() == ["x"]


def test_of_a_file_that_changed_only_the_file_is_live_and_it_is_not_kept() -> None:
    a, b = files("a", "b")
    rows = index(*read_rows(a, "p", "x", changed=True), *read_rows(b, "p", "y"))
    found, of_files = documents_of([a, b], rows, "f")
    assert found["article_id"].to_pylist() == ["y"]
    assert sorted(of_files["file"].to_pylist()) == ["a", "b"]
    assert set(unchanged(rows)["file"].to_pylist()) == {"b"}


def test_a_key_is_that_of_the_stage_what_it_depends_on_and_the_code() -> None:
    depends = pa.chunked_array([["x"], ["y"]])
    keys = keys_of("clean", "f", depends).to_pylist()
    assert len(set(keys)) == 2
    assert keys_of("clean", "f", pa.chunked_array([["y", "x"]])).to_pylist() == keys[::-1]
    others = keys_of("link", "f", depends).to_pylist() + keys_of("clean", "g", depends).to_pylist()
    assert not set(keys) & set(others)


def test_look_up_gives_the_part_or_null() -> None:
    found = look_up(pa.array(["k1", "k2"]), index({"key": "k2", "part": "p"}, {"key": "k3", "part": "q"}))
    assert found.parts.to_pylist() == [None, "p"]


@given(st.integers(0, 400), st.integers(1, 4), st.integers(1, 9_000))
def test_tasks_hold_every_missing_article_once_within_their_limits(n: int, workers: int, chars: int) -> None:
    table = live(n, chars)
    tasks = tasks_for("clean", table, nothing_found(table), workers=workers)
    articles = [article for task in tasks for article in task.articles]
    assert sorted(articles) == table["article_id"].to_pylist()
    assert all(task.size <= 128 for task in tasks)
    assert all(task.size * chars <= 400_000 for task in tasks)
    assert len(tasks) >= min(workers, n) or n < workers * 2
    for task in tasks:
        assert task.inputs[0].articles == task.articles
        assert list(task.inputs[0].parts) == sorted(task.inputs[0].parts)


def test_an_article_longer_than_a_task_is_a_task() -> None:
    table = live(3, 500_000)
    assert [task.size for task in tasks_for("clean", table, nothing_found(table), workers=1)] == [1, 1, 1]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(model="kb", kb=str(write_kb(tmp_path / "kb")))


def changed_fields(one: plan.Fingerprints, other: plan.Fingerprints) -> set[str]:
    return {name for name in one.__slots__ if getattr(one, name) != getattr(other, name)}


def test_each_stage_depends_on_its_own(settings: Settings, tmp_path: Path) -> None:
    before = fingerprints(Tools(settings))
    assert changed_fields(before, fingerprints(Tools(settings))) == set()
    outlet = Settings(model="kb", kb=settings.kb, outlet="De Bode")
    assert changed_fields(before, fingerprints(Tools(outlet))) == {"read"}
    batch = Settings(model="kb", kb=settings.kb, batch_size=7)
    assert changed_fields(before, fingerprints(Tools(batch))) == {"recognise"}
    rows = kb_rows()
    rows["leaders"][0]["aliases"] = "Tsaar"
    write_kb(tmp_path / "kb", rows)
    assert changed_fields(before, fingerprints(Tools(settings))) == {"link", "kb"}
