"""A folder for tables, on this machine or in an object store, through pyarrow's file systems.

In: a path, or an address such as `s3://bucket/folder`. A file appears under its name whole or not at all.
"""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import IO, cast

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs

#: Begins the name of what is not complete; readers of folders of Parquet pass over such names.
UNFINISHED = ".unfinished-"
#: Stores of objects by name, which have no folders to make.
_OBJECT_STORES = {"s3", "gcs", "abfs"}
_FETCH_BYTES = 1 << 20


def is_broken(error: BaseException) -> bool:
    """Whether a reader's error says that a file is cut off or damaged; errors of the disk have a number."""
    return isinstance(error, pa.ArrowException) or (isinstance(error, OSError) and error.errno is None)


@dataclass(frozen=True)
class Storage:
    """A folder; it travels between processes as its address alone."""

    address: str

    @property
    def is_local(self) -> bool:
        """Whether it lies on a file system of this machine."""
        return "://" not in self.address or self.address.startswith("file://")

    @cached_property
    def path(self) -> Path:
        """The local folder."""
        return Path(self.address.removeprefix("file://"))

    @cached_property
    def _place(self) -> tuple[fs.FileSystem, str]:
        """The file system and the folder in it."""
        if self.is_local:
            return fs.LocalFileSystem(), self.path.absolute().as_posix()
        system, folder = fs.FileSystem.from_uri(self.address)
        return system, folder.rstrip("/")

    @property
    def shown(self) -> str:
        """The address without the keys and options that may stand in it, for messages and run.json."""
        if "://" not in self.address:
            return self.address
        scheme, _, rest = self.address.partition("?")[0].partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"

    def __getstate__(self) -> dict[str, str]:
        return {"address": self.address}

    def __setstate__(self, state: dict[str, str]) -> None:
        self.__dict__.update(state)

    @property
    def filesystem(self) -> fs.FileSystem:
        """Its file system, for readers of pyarrow."""
        return self._place[0]

    def full(self, name: str) -> str:
        """The path of a file in `filesystem`."""
        return f"{self._place[1]}/{name}" if name else self._place[1]

    def below(self, name: str) -> Storage:
        """The folder called `name` in it."""
        base, mark, options = self.address.partition("?")
        return Storage(f"{base.rstrip('/')}/{name}{mark}{options}")

    def above(self) -> tuple[Storage, str]:
        """The folder that it lies in, and its name there."""
        base, mark, options = self.address.partition("?")
        folder, _, name = base.rstrip("/").rpartition("/")
        return Storage(f"{folder}{mark}{options}"), name

    @property
    def _is_object_store(self) -> bool:
        return self.filesystem.type_name in _OBJECT_STORES

    def _make_folder_of(self, name: str) -> None:
        if not self._is_object_store:
            self.filesystem.create_dir(self.full(name).rpartition("/")[0])

    def sizes(self, folder: str = "") -> dict[str, int]:
        """The files in a folder and all below it, as paths from here, sorted, with their bytes."""
        selector = fs.FileSelector(self.full(folder), recursive=True, allow_not_found=True)
        start = len(self.full("")) + 1
        found = [info for info in self.filesystem.get_file_info(selector) if info.type == fs.FileType.File]
        return {info.path[start:]: info.size for info in sorted(found, key=lambda info: info.path)}

    def names(self, folder: str = "") -> list[str]:
        """The files in a folder and all below it, as paths from here, sorted; none if it is not there."""
        return list(self.sizes(folder))

    def exists(self, name: str) -> bool:
        """Whether there is such a file or folder."""
        return bool(self.filesystem.get_file_info(self.full(name)).type != fs.FileType.NotFound)

    @contextmanager
    def writing(self, name: str) -> Iterator[pa.NativeFile]:
        """A stream to the file `name`, which stands there when the block ends well, and else not.

        Raises:
            OSError: it cannot be written; what stood there is as it was.
        """
        place = PurePosixPath(name)
        self._make_folder_of(name)
        scratch = self.full(str(place.with_name(f"{UNFINISHED}{uuid.uuid4().hex[:8]}-{place.name}")))
        try:
            with self.filesystem.open_output_stream(scratch, compression=None) as stream:
                yield stream
            self.filesystem.move(scratch, self.full(name))
        except BaseException:
            if self.filesystem.get_file_info(scratch).type == fs.FileType.File:
                self.filesystem.delete_file(scratch)
            raise

    def write_table(self, name: str, table: pa.Table) -> int:
        """A table as one Parquet file, with checksums; it must fit into memory. How many bytes it takes."""
        content = pa.BufferOutputStream()
        pq.write_table(table.combine_chunks(), content, compression="zstd", write_page_checksum=True)
        size = int(content.tell())
        self._write(name, content.getvalue())
        return size

    def read_table(self, name: str) -> pa.Table:
        """The table in a Parquet file of ours.

        Raises:
            OSError: it is not there, or the disk fails (`is_broken` tells which).
            pa.ArrowException, OSError: it is broken.
        """
        with self.filesystem.open_input_file(self.full(name)) as stream:
            return pq.ParquetFile(stream, page_checksum_verification=True).read()

    def write_text(self, name: str, text: str) -> None:
        """A text file in UTF-8."""
        self._write(name, pa.py_buffer(text.encode()))

    def _write(self, name: str, content: pa.Buffer) -> None:
        if self._is_object_store:
            # An object appears whole with its last byte; all bytes at hand, that cannot be half of them.
            with self.filesystem.open_output_stream(self.full(name), compression=None) as stream:
                stream.write(content)
            return
        with self.writing(name) as stream:
            stream.write(content)

    def read_text(self, name: str) -> str:
        """The content of a text file."""
        with self.filesystem.open_input_stream(self.full(name)) as stream:
            return cast("IO[bytes]", stream).read().decode()

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file to this machine, bit by bit.

        Raises:
            OSError: it cannot be read, or the copy not written.
        """
        # compression=None: pyarrow would unpack .gz by its name.
        with (
            self.filesystem.open_input_stream(self.full(name), compression=None) as source,
            to.open("wb") as copy,
        ):
            shutil.copyfileobj(source, copy, _FETCH_BYTES)

    def delete(self, name: str) -> None:
        """Delete a file, or a folder and all in it; nothing if it is not there."""
        kind = self.filesystem.get_file_info(self.full(name)).type
        if kind == fs.FileType.File:
            self.filesystem.delete_file(self.full(name))
        elif kind == fs.FileType.Directory:
            self.filesystem.delete_dir(self.full(name))
