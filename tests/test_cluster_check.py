from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from pipeline.cli import app
from pipeline.running.cluster_check import Equipment, Node, problems
from tests.clusters import two_nodes

OURS = Equipment("0.1.0", "3.11.7", "c0de", "nl_vermeld_news-0.1.0 abc", "kb12")


def other(**changes: str) -> Equipment:
    return dataclasses.replace(OURS, **changes)


def test_nodes_that_have_what_we_have_are_no_problem() -> None:
    assert problems([Node("a", 4, OURS), Node("b", 4, OURS)], OURS) == []


@pytest.mark.parametrize("name", ["vermeld", "python", "code", "model", "kb"])
def test_what_differs_is_named_with_its_node(name: str) -> None:
    nodes = [Node("a", 4, OURS), Node("b", 4, other(**{name: "x"}))]
    assert problems(nodes, OURS) == [f"b: {name} is x, here {getattr(OURS, name)}"]


def test_a_node_that_cannot_work_or_sees_another_folder_is_named() -> None:
    nodes = [Node("a", 4, None, "cannot work: no model"), Node("b", 4, OURS, "does not share /data/out")]
    assert problems(nodes, OURS) == ["a: cannot work: no model", "b: does not share /data/out"]


def test_a_cluster_without_nodes_is_one() -> None:
    assert problems([], OURS) == ["the cluster has no node that is alive"]


def test_a_cluster_of_two_nodes(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray: pip install 'vermeld[ray]'")
    a_file = tmp_path / "file"
    a_file.write_text("")
    with two_nodes():
        ready = check("--out", str(tmp_path / "out"), "--model", "kb")
        in_the_way = check("--out", str(a_file), "--model", "kb")
    assert (ready.exit_code, ready.stderr.strip()) == (0, "")
    assert "2 nodes with 2 cores are ready." in ready.stdout
    assert list((tmp_path / "out").iterdir()) == []
    assert in_the_way.exit_code == 1
    assert "the cluster is not ready" in in_the_way.stderr


def test_no_cluster_at_the_address(tmp_path: Path) -> None:
    pytest.importorskip("ray", reason="needs Ray: pip install 'vermeld[ray]'")
    result = check("--out", str(tmp_path), "--model", "kb", "--address", "127.0.0.1:1")
    assert result.exit_code == 1
    assert "no Ray cluster can be reached at 127.0.0.1:1" in result.stderr


def test_no_ray(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    result = check("--out", str(tmp_path), "--model", "kb")
    assert result.exit_code == 1
    assert "pip install 'vermeld[ray]'" in result.stderr


def check(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["cluster-check", *arguments])
