"""The files of a corpus with the digests of their contents.

In: a folder or a file, here or in an object store. Out: what there is to read, in the order of the names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.fingerprints import file_digest
from pipeline.read import corpus_files, source_of


@dataclass(frozen=True, slots=True)
class CorpusFile:
    """A file of the corpus.

    Attributes:
        source: its path below the corpus root.
        path: where it lies.
        digest: of its content when the run began, or why it could not be read.
    """

    source: str
    path: Path
    digest: str

    def has_changed(self) -> bool:
        """Whether its content is no longer what it was."""
        return digest_of(self.path) != self.digest


def list_corpus(corpus: Path, *, skip: Path | None = None) -> Iterator[CorpusFile]:
    """The files of a corpus.

    Args:
        corpus: a folder or a single file.
        skip: a folder that is no part of the corpus: the output folder may lie inside.

    Raises:
        FileNotFoundError: there is no such corpus.
    """
    root = corpus if corpus.is_dir() else corpus.parent
    for path in corpus_files(corpus, skip=skip):
        yield CorpusFile(source_of(path, root), path, digest_of(path))


def digest_of(path: Path) -> str:
    """The digest of a file's content; what it says of an error if it cannot be read, which may pass."""
    try:
        return file_digest(path)
    except OSError as error:
        return f"unreadable: {error.strerror}"
