from __future__ import annotations

import pickle
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.running.storage import Storage, is_broken

TABLE = pa.table({"a": [1, 2]})


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(str(tmp_path / "uit"))


def test_an_address_or_a_path(tmp_path: Path) -> None:
    assert Storage("uit").is_local
    assert Storage(f"file://{tmp_path}").path == tmp_path
    assert not Storage("s3://emmer/map").is_local


def test_below_keeps_the_options_of_an_address() -> None:
    assert Storage("uit/").below("x").address == "uit/x"
    address = "s3://emmer/map?endpoint_override=localhost"
    assert Storage(address).below("x").address == "s3://emmer/map/x?endpoint_override=localhost"


def test_it_travels_as_its_address(storage: Storage) -> None:
    storage.write_text("a.txt", "x")
    assert storage.exists("a.txt")
    copy = pickle.loads(pickle.dumps(storage))  # noqa: S301 - our own
    assert copy == storage
    assert copy.read_text("a.txt") == "x"


def test_files_come_back_with_their_sizes(storage: Storage) -> None:
    assert storage.names() == []
    assert not storage.exists("a.txt")
    n_bytes = storage.write_table("b/a.parquet", TABLE)
    storage.write_text("a.txt", "Oekraïne")
    assert storage.sizes() == {"a.txt": 9, "b/a.parquet": n_bytes}
    assert storage.names("b") == ["b/a.parquet"]
    assert storage.read_table("b/a.parquet").equals(TABLE)
    assert (storage.path / "b" / "a.parquet").stat().st_size == n_bytes


def test_what_fails_leaves_what_stood_there(storage: Storage) -> None:
    storage.write_text("a.txt", "oud")
    with pytest.raises(ZeroDivisionError), storage.writing("a.txt") as stream:
        stream.write(b"half")
        raise ZeroDivisionError
    assert storage.read_text("a.txt") == "oud"
    assert storage.names() == ["a.txt"]


def test_a_file_is_not_there_before_it_is_whole(storage: Storage) -> None:
    with storage.writing("map/a.txt") as stream:
        stream.write(b"nieuw")
        assert not storage.exists("map/a.txt")
        assert all(name.startswith("map/.unfinished-") for name in storage.names())
    assert storage.names() == ["map/a.txt"]


def test_a_file_or_a_folder_is_deleted_and_what_is_not_there_too(storage: Storage) -> None:
    storage.write_text("a.txt", "a")
    storage.write_text("b/b.txt", "b")
    storage.delete("a.txt")
    assert storage.names() == ["b/b.txt"]
    storage.delete("weg.txt")
    storage.delete("b")
    assert storage.names() == []


def test_damage_is_told_from_errors_of_the_disk(storage: Storage) -> None:
    storage.write_text("a.parquet", "geen Parquet, maar wel lang genoeg voor een voet")
    with pytest.raises((OSError, pa.ArrowException)) as caught:
        storage.read_table("a.parquet")
    assert is_broken(caught.value)
    with pytest.raises(FileNotFoundError) as missing:
        storage.read_table("weg.parquet")
    assert not is_broken(missing.value)
    assert not is_broken(OSError(28, "No space left on device"))
    assert not is_broken(ValueError("iets anders"))
