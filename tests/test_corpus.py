from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.corpus import digest_of, list_corpus
from pipeline.running.storage import Storage
from tests.test_read import BRIDGE, ICE, fill


def test_files_come_with_their_digests_in_order(tmp_path: Path) -> None:
    fill(tmp_path, {"b.txt": BRIDGE, "a/c.txt": ICE, "a.txt": BRIDGE})
    files = list(list_corpus(tmp_path))
    assert [file.source for file in files] == ["a.txt", "a/c.txt", "b.txt"]
    assert files[0].digest == files[2].digest != files[1].digest
    assert not any(file.has_changed() for file in files)


def test_a_single_file_is_named_by_itself(tmp_path: Path) -> None:
    fill(tmp_path, {"map/a.txt": BRIDGE})
    assert [file.source for file in list_corpus(tmp_path / "map" / "a.txt")] == ["a.txt"]


def test_the_output_folder_and_links_out_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, {"c/a.txt": BRIDGE, "c/uit/b.txt": ICE, "buiten.txt": ICE})
    (tmp_path / "c" / "link.txt").symlink_to(tmp_path / "buiten.txt")
    found = list_corpus(tmp_path / "c", skip=Storage(str(tmp_path / "c" / "uit")))
    assert [file.source for file in found] == ["a.txt"]


@pytest.mark.parametrize("change", ["other", "longer", "gone"])
def test_a_change_of_a_file_is_seen(change: str, tmp_path: Path) -> None:
    fill(tmp_path, {"a.txt": BRIDGE})
    (file,) = list_corpus(tmp_path)
    if change == "gone":
        file.path.unlink()
    else:
        file.path.write_text(BRIDGE.replace("brug", "sluis") if change == "other" else BRIDGE + "!")
    assert file.has_changed()


def test_what_cannot_be_read_has_the_reason_for_a_digest(tmp_path: Path) -> None:
    assert digest_of(tmp_path / "weg.txt") == "unreadable: No such file or directory"
    assert digest_of(tmp_path) == "unreadable: Is a directory"


def test_a_missing_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no such corpus"):
        list(list_corpus(tmp_path / "weg"))
