"""The files of a corpus, each with what tells whether it has changed.

In: a folder or a file, here or in an object store. Out: what there is to read, in the order of the names.
Of an object only size and time of its last change are known before it is read; one that is written anew
with the same content is read again, and then found to be the same.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from pyarrow import fs

from pipeline.read import corpus_files, source_of
from pipeline.reading.formats import format_of
from pipeline.running.fingerprints import digest, file_digest
from pipeline.running.storage import Storage


class FetchError(OSError):
    """An object cannot be fetched: it is gone, or the store does not give it."""


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus.

    Attributes:
        source: its path below the corpus root.
        path: where it lies; of an object, only its name.
        digest: of its content when the run began, of an object of its size and time; or why it could not
            be read.
        store: the corpus root in an object store; None on this machine.
    """

    source: str
    path: Path
    digest: str
    store: Storage | None = None

    @contextmanager
    def opened(self) -> Iterator[Path]:
        """A file of this machine with its content: itself, or a copy for as long as the block lasts.

        Raises:
            FetchError: the object cannot be fetched.
        """
        extension = format_of(self.path)
        if self.store is None or extension is None:
            yield self.path
            return
        with tempfile.TemporaryDirectory(prefix="vermeld-") as folder:
            packed = ".gz" if self.path.suffix.lower() == ".gz" else ""
            copy = Path(folder) / f"object{extension}{packed}"
            try:
                self.store.fetch(self.source, copy)
            except OSError as error:
                raise FetchError(f"cannot be fetched: {error}") from error
            yield copy

    def has_changed(self) -> bool:
        """Whether its content is no longer what it was."""
        if self.store is None:
            return digest_of(self.path) != self.digest
        info = self.store.filesystem.get_file_info(self.store.full(self.source))
        return info.type != fs.FileType.File or _state(info) != self.digest


def check_corpus(corpus: Path | str) -> None:
    """Raise FileNotFoundError unless there is something at the path or address of a corpus."""
    store = Storage(str(corpus))
    try:
        if store.exists(""):
            return
    except OSError as error:
        raise FileNotFoundError(f"cannot look at the corpus {store.shown}: {error}") from error
    raise FileNotFoundError(f"no such corpus: {store.shown}")


def list_corpus(corpus: Path | str, *, skip: Storage | None = None) -> Iterator[CorpusFile]:
    """The files of a corpus.

    Args:
        corpus: a folder or a single file, or the address of one.
        skip: a folder that is no part of the corpus: the output folder may lie inside.

    Raises:
        FileNotFoundError: there is no such corpus.
    """
    store = Storage(str(corpus))
    check_corpus(corpus)
    if not store.is_local:
        yield from _list_objects(store, skip)
        return
    root = store.path if store.path.is_dir() else store.path.parent
    for path in corpus_files(store.path, skip=skip.path if skip and skip.is_local else None):
        yield CorpusFile(source_of(path, root), path, digest_of(path))


def _list_objects(store: Storage, skip: Storage | None) -> Iterator[CorpusFile]:
    if store.filesystem.get_file_info(store.full("")).type == fs.FileType.File:
        folder, name = store.above()
        infos = [folder.filesystem.get_file_info(folder.full(name))]
    else:
        folder = store
        infos = store.filesystem.get_file_info(fs.FileSelector(store.full(""), recursive=True))
    skipped = f"{skip.full('')}/" if skip and not skip.is_local else None
    start = len(folder.full("")) + 1
    for info in sorted(infos, key=lambda info: str(info.path)):
        name = info.path[start:]
        hidden = any(part.startswith(".") for part in PurePosixPath(name).parts)
        if info.type != fs.FileType.File or hidden or (skipped and info.path.startswith(skipped)):
            continue
        yield CorpusFile(name, Path(name), _state(info), folder)


def _state(info: fs.FileInfo) -> str:
    return digest(str(info.size), str(info.mtime_ns))


def digest_of(path: Path) -> str:
    """The digest of a file's content; what it says of an error if it cannot be read, which may pass."""
    try:
        return file_digest(path)
    except OSError as error:
        return f"unreadable: {error.strerror}"
