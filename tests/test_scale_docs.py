"""The examples of docs/scale.md, run in the order of the page."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.run import run_all
from pipeline.settings import Settings
from pipeline.tables import read_table
from tests.conftest import ROOT
from tests.gate import SAMPLE

_BLOCK = re.compile(r"^```(\w[\w ]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CLUSTER = "# on the cluster"


def blocks() -> list[tuple[str, str]]:
    """The kind and the code of each example."""
    return _BLOCK.findall((ROOT / "docs" / "scale.md").read_text(encoding="utf-8"))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a small corpus."""
    shutil.copytree(SAMPLE / "dagblad-delta", tmp_path / "corpus" / "dagblad-delta")
    shutil.copy(SAMPLE / "wereldkroniek.jsonl", tmp_path / "corpus")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_every_example_is_run_or_for_a_cluster() -> None:
    kinds = [kind if _CLUSTER not in code else "cluster" for kind, code in blocks()]
    assert kinds == ["sh", "sh", "sh", "python", "cluster", "cluster", "cluster", "python", "python spark"]


def test_the_examples_for_one_machine(folder: Path) -> None:
    names: dict[str, Any] = {}
    for kind, code in blocks():
        if kind == "sh" and _CLUSTER not in code:
            for line in code.splitlines():
                command, *arguments = shlex.split(line)
                assert command == "vermeld"
                assert CliRunner().invoke(app, arguments).exit_code == 0
        elif kind == "python":
            exec(code, names)  # noqa: S102 - our own page
    mentions = names["mentions"].to_pandas()
    in_2025 = mentions[mentions["published"].map(lambda day: day is not None and day.year == 2025)]
    assert len(names["recent"]) == len(in_2025) > 0
    assert set(names["recent"]["year"].astype(int)) == {2025}
    assert names["by_year"]["mentions"].sum() == (mentions["entity_id"] == "country/RUS").sum() > 0
    assert names["most"]["len"].sum() == len(in_2025)


@pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="needs pyspark: pip install pyspark")
@pytest.mark.skipif(shutil.which("java") is None, reason="needs a Java virtual machine")
def test_spark_finds_the_same_mentions(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_all(folder / "corpus", folder / "tables", Settings(model="kb"), workers=1)
    # Its workers must find this checkout, as those of a real cluster find the installed package.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    monkeypatch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
    monkeypatch.setenv("PYSPARK_SUBMIT_ARGS", "--master local[1] --conf spark.ui.enabled=false pyspark-shell")
    (code,) = [code for kind, code in blocks() if kind == "python spark"]
    names: dict[str, Any] = {}
    try:
        exec(code, names)  # noqa: S102 - our own page
    finally:
        if "spark" in names:
            names["spark"].stop()
    expected = read_table(folder / "tables", "mentions").drop_columns("story_id")
    import pyarrow.dataset as ds

    found = ds.dataset(folder / "by-spark" / "mentions", format="parquet").to_table()
    assert found["story_id"].to_pylist() == found["article_id"].to_pylist()
    keys = [(name, "ascending") for name in ("source", "article_id", "mention")]
    rows = found.drop_columns("story_id").sort_by(keys).to_pylist()
    assert rows == expected.to_pylist()
