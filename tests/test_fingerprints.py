from __future__ import annotations

import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.running import fingerprints
from pipeline.running.fingerprints import code_fingerprint, digest, file_digest

PARTS = st.lists(st.text(max_size=4), max_size=4)


@given(PARTS, PARTS)
def test_a_digest_is_that_of_its_parts(one: list[str], other: list[str]) -> None:
    assert (digest(*one) == digest(*other)) == (one == other)


def test_a_digest_stays_what_it_was() -> None:
    assert digest("Oekraïne", "") == "6e91ea4e22866267e8d4da565d752f1d"


def test_the_digest_of_a_file_is_that_of_its_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    assert file_digest(tmp_path / "a") == "ba7816bf8f01cfea414140de5dae2223"
    with pytest.raises(FileNotFoundError):
        file_digest(tmp_path / "b")


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package in the place of ours: a imports b, which imports numpy; c stands alone."""
    folder = tmp_path / "huis"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "a.py").write_text("from huis import b\nimport json\n")
    (folder / "b.py").write_text("from huis.d import x\nimport numpy as np\n")
    (folder / "c.py").write_text("X = 1\n")
    (folder / "d.py").write_text("x = 1\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(fingerprints, "_PACKAGE", "huis")
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "huis"]:
        del sys.modules[name]


def prints() -> dict[str, str]:
    code_fingerprint.cache_clear()
    return {name: code_fingerprint(f"huis.{name}") for name in "abcd"}


@pytest.mark.parametrize(("changed", "touched"), [("a", "a"), ("b", "ab"), ("c", "c"), ("d", "abd")])
def test_a_change_of_code_touches_those_that_import_it(changed: str, touched: str, package: Path) -> None:
    before = prints()
    assert prints() == before
    with (package / f"{changed}.py").open("a") as stream:
        stream.write("Y = 2\n")
    after = prints()
    assert "".join(name for name in "abcd" if before[name] != after[name]) == touched


def test_another_version_of_a_library_touches_those_that_import_it(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = prints()
    monkeypatch.setattr(
        "pipeline.running.fingerprints.version", lambda name: "0" if name == "numpy" else version(name)
    )
    after = prints()
    assert "".join(name for name in "abcd" if before[name] != after[name]) == "ab"


def test_a_module_that_is_not_there_is_an_error(package: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"huis\.weg"):
        code_fingerprint("huis.weg")


def test_linking_does_not_depend_on_the_recogniser_nor_the_other_way_round() -> None:
    for stage, other in (
        ("link", "recognise"),
        ("recognise", "link"),
        ("clean", "recognise"),
        ("read", "clean"),
    ):
        sources, _ = fingerprints._closure([f"pipeline.{stage}"])
        assert f"pipeline.{stage}" in sources
        assert f"pipeline.{other}" not in sources
