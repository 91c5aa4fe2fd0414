"""The examples in docs/ and README.md run, and the pages that are made are as made.

In a page, ```python blocks run in order in one namespace; in ```console blocks each line "$ command" runs in a shell
and what stands under it is what it prints ("..." for anything). Every page has a copy of the checkout of its own, so
that it may change the knowledge base.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline import dictionary
from pipeline.run import run_all
from pipeline.schemas import ENUMS, TABLES
from pipeline.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
_BLOCK = re.compile(r"^```(?P<language>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
_FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
#: Its examples have a corpus and outputs of their own: test_scale_docs.
_ELSEWHERE = "scale.md"
PAGES = [
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "README.md", *sorted(DOCS.glob("*.md")))
    if path.name != _ELSEWHERE
]


def blocks(page: str) -> list[tuple[str, str]]:
    """Language and text of each fenced block."""
    return [(m["language"], m["text"]) for m in _BLOCK.finditer((ROOT / page).read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("outputs")
    run_all(ROOT / "corpus" / "sample", out, Settings())
    return out


@pytest.fixture
def checkout(tmp_path: Path, outputs: Path) -> Path:
    """The checkout: code and knowledge base copied, the rest linked."""
    shutil.copytree(ROOT / "pipeline", tmp_path / "pipeline", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "models").mkdir()
    for path in (ROOT / "models").iterdir():
        if path.name == "kb":
            shutil.copytree(path, tmp_path / "models" / "kb")
        else:
            (tmp_path / "models" / path.name).symlink_to(path)
    (tmp_path / "corpus").symlink_to(ROOT / "corpus")
    (tmp_path / "outputs").symlink_to(outputs)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "vermeld").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m pipeline "$@"\n')
    (tmp_path / "bin" / "vermeld").chmod(0o755)
    return tmp_path


@pytest.fixture
def here(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(checkout)
    yield checkout


@pytest.mark.parametrize(
    "page", [page for page in PAGES if {"python", "console"} & {b[0] for b in blocks(page)}]
)
def test_examples_run(page: str, here: Path) -> None:
    names: dict[str, Any] = {}
    for language, text in blocks(page):
        if language == "python":
            exec(compile(text, page, "exec"), names)  # noqa: S102 - our own pages
        elif language == "console":
            for match in _COMMAND.finditer(text):
                run(match["command"], match["output"], here)


def run(command: str, wanted: str, folder: Path) -> None:
    """Run a command, and compare what it prints if something is wanted."""
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    settings = os.environ | {"PATH": path, "PYTHONPATH": str(folder), "COLUMNS": "120"}
    done = subprocess.run(  # noqa: S602 - our own pages
        command, shell=True, cwd=folder, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"$ {command}\n{done.stdout}{done.stderr}"
    if wanted.strip():
        message = f"$ {command}\nwanted:\n{wanted}\ngot:\n{done.stdout}"
        assert doctest.OutputChecker().check_output(wanted, done.stdout, _FLAGS), message


def test_the_data_dictionary_is_as_made() -> None:
    # If this fails: vermeld tables > docs/data-dictionary.md
    assert (DOCS / "data-dictionary.md").read_text(encoding="utf-8") == dictionary.page()


def test_every_column_is_described_and_every_enumeration_is_of_a_column() -> None:
    for spec in TABLES.values():
        assert list(spec.columns) == spec.schema.names
        assert all(len(what.split()) > 1 and not what.endswith(".") for what in spec.columns.values())
    assert set(ENUMS) <= {column for spec in TABLES.values() for column in spec.columns}


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    targets = [t for t in re.findall(r"\]\(([^)#]+)", text) if "://" not in t]
    assert [t for t in targets if not ((ROOT / page).parent / t).exists()] == []
