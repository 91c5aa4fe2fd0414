"""Stage read: the files of a corpus to `documents`, and to `rejected` what cannot be read.

In: a folder (walked recursively) or a file. Out: two tables. Every file ends in one of them;
hidden files and links that lead out of the corpus are passed over.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

from pipeline.reading.formats import READERS, BadRecord, Record, format_of
from pipeline.reading.language import check_dutch
from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason, table_from_rows
from pipeline.settings import Settings

Row = dict[str, object]


def read(
    corpus: Path,
    *,
    settings: Settings,
    progress: Callable[[int, int], None] | None = None,
    skip: Path | None = None,
) -> tuple[pa.Table, pa.Table]:
    """The tables `documents` and `rejected` of a corpus.

    Args:
        corpus: a folder or a single file.
        settings: field names, limits, language check.
        progress: called with (files done, files in all).
        skip: a folder that is no part of the corpus: the output folder may lie inside.

    Raises:
        FileNotFoundError: there is no such corpus.
    """
    files = list(corpus_files(corpus, skip=skip))
    root = corpus if corpus.is_dir() else corpus.parent
    documents: list[Row] = []
    rejected: list[Row] = []
    for done, path in enumerate(files, start=1):
        for row in rows_of_file(path, source_of(path, root), settings):
            (rejected if "reason" in row else documents).append(row)
        if progress:
            progress(done, len(files))
    unique = {str(row["article_id"]): row for row in documents}
    return (
        table_from_rows("documents", list(unique.values())),
        table_from_rows("rejected", rejected),
    )


def corpus_files(corpus: Path, *, skip: Path | None = None) -> Iterator[Path]:
    """The files of a corpus in the order of their names, without those in `skip`.

    Raises:
        FileNotFoundError: there is no such corpus.
    """
    if not corpus.exists():
        raise FileNotFoundError(f"no such corpus: {corpus}")
    if corpus.is_file():
        yield corpus
        return
    skipped = None if skip is None else os.path.realpath(skip)
    found: list[str] = []
    # Not Path.rglob: a walk over years of news is a second instead of ten.
    for folder, folders, files in os.walk(corpus):
        folders[:] = [
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(os.path.join(folder, name)) != skipped  # noqa: PTH118
        ]
        found += [os.path.join(folder, name) for name in files if not name.startswith(".")]  # noqa: PTH118
    root = os.path.realpath(corpus)
    for name in sorted(found):
        if _is_inside(name, root):
            yield Path(name)


def _is_inside(name: str, root: str) -> bool:
    """Whether it is a file, and none that a link takes from elsewhere."""
    if os.path.islink(name) and not os.path.realpath(name).startswith(os.path.join(root, "")):  # noqa: PTH114, PTH118
        return False
    return os.path.isfile(name)  # noqa: PTH113


def source_of(path: Path, root: Path) -> str:
    """The path below the corpus root; a name that is not UTF-8 with its odd bytes as escapes."""
    return os.fsencode(path.relative_to(root).as_posix()).decode("utf-8", "backslashreplace")


def article_id(source: str, raw: str) -> str:
    """The id of an article: the same path and content give the same one."""
    return hashlib.sha256(f"{source}\0{raw}".encode()).hexdigest()[:16]


def rows_of_file(path: Path, source: str, settings: Settings) -> Iterator[Row]:
    """Rows for documents, and rows with a `reason` for rejected."""
    extension = format_of(path)
    if extension is None:
        kinds = " ".join(READERS)
        detail = f"{path.suffix or 'no'} extension: Vermeld reads {kinds} (each also .gz)"
        yield _rejected_row(source, RejectedInputError(Reason.UNSUPPORTED, detail))
        return
    n_records = 0
    try:
        for record in READERS[extension](path, settings):
            n_records += 1
            yield _row(record, source, extension, settings)
        if not n_records:
            raise RejectedInputError(Reason.EMPTY, "the file holds no record")
    except RejectedInputError as error:
        yield _rejected_row(source, error)


def _row(record: Record | BadRecord, source: str, extension: str, settings: Settings) -> Row:
    where = f"{source}#{record.record}" if record.record else source
    if isinstance(record, BadRecord):
        return _rejected_row(where, record.error)
    try:
        _check_text(record.raw, settings)
    except RejectedInputError as error:
        return _rejected_row(where, error)
    return {
        "article_id": article_id(where, record.raw),
        "source": where,
        "raw": record.raw,
        "encoding": record.encoding,
        "format": "html" if extension == ".htm" else extension[1:],
        "title": record.title,
        "published": record.published,
        "url": record.url,
        "outlet": record.outlet or settings.outlet,
        "markup": record.markup,
        "raw_sha256": hashlib.sha256(record.raw.encode()).hexdigest(),
    }


def _check_text(raw: str, settings: Settings) -> None:
    if not raw.strip():
        raise RejectedInputError(Reason.EMPTY, "there is only white space in it")
    if len(raw) > settings.max_article_chars:
        limit = f"{settings.max_article_chars:,}"
        raise RejectedInputError(Reason.TOO_LONG, f"{len(raw):,} characters; the limit is {limit}")
    if settings.language:
        check_dutch(raw)


def _rejected_row(source: str, error: RejectedInputError) -> Row:
    return {"source": source, "reason": error.reason.value, "detail": error.detail}
