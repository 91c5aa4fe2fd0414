from __future__ import annotations

import pyarrow as pa
import pytest

from pipeline.running import plan
from pipeline.running.plan import Lookup, tasks_for


def live(**columns: list[object]) -> pa.Table:
    n = len(columns["article_id"])
    return pa.table({"read": ["r1"] * n, "n_chars": [10] * n} | columns)


def test_the_articles_of_a_story_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_MAX_ARTICLES", 2)
    table = live(
        article_id=["a", "b", "c", "d", "e"],
        story_id=["a", "b", "a", "d", "b"],
        clean=["p1", "p1", "p2", "p2", "p3"],
    )
    nothing = Lookup(pa.array(list("vwxyz")), pa.nulls(5, pa.string()))
    tasks = tasks_for("recognise", table, nothing, workers=1)
    assert [task.articles for task in tasks] == [("a", "c"), ("b", "e"), ("d",)]
    assert [task.keys for task in tasks] == [("v", "x"), ("w", "z"), ("y",)]
    assert tasks[0].inputs[0].parts == ("p1", "p2")


def test_what_is_there_is_no_task_and_the_rest_is_shared_out() -> None:
    table = live(article_id=["a", "b", "c"])
    found = Lookup(pa.array(["x", "y", "z"]), pa.array([None, "part", None], pa.string()))
    tasks = tasks_for("clean", table, found, workers=2)
    assert [task.articles for task in tasks] == [("a",), ("c",)]


def test_a_long_article_has_a_task_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "_MAX_CHARS", 25)
    table = live(article_id=["a", "b", "c", "d"], n_chars=[10, 10, 99, 10])
    found = Lookup(pa.array(list("wxyz")), pa.nulls(4, pa.string()))
    tasks = tasks_for("clean", table, found, workers=1)
    assert [task.articles for task in tasks] == [("a", "b"), ("c",), ("d",)]
