"""The input formats: each takes a file's bytes or path and gives records of raw text.

In: one file. Out: a generator of `Record`, or of `RejectedInputError` for a record that is no good,
so that one broken line does not cost the rest.
"""

from __future__ import annotations

import csv
import json
import math
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.reading.decode import bits_of, decode, encoding_of, lines_of, read_bytes
from pipeline.reading.html_text import read_page
from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason
from pipeline.settings import Settings


@dataclass(frozen=True, slots=True)
class Record:
    """One article as its input holds it; `record` is "" for a file that is one article."""

    record: str
    raw: str
    encoding: str
    title: str | None = None
    published: str | None = None
    url: str | None = None
    outlet: str | None = None
    markup: str | None = None


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read, and why."""

    record: str
    error: RejectedInputError


Records = Iterator[Record | BadRecord]
#: Tags of a page (both ends), and attributes or words of one tag.
_MAX_TAGS, _MAX_IN_TAG = 50_000, 10_000


def read_txt(path: Path, settings: Settings) -> Records:
    """One article a file."""
    decoded = decode(read_bytes(path, limit=4 * settings.max_article_chars))
    yield Record("", decoded.text, decoded.encoding)


def read_html(path: Path, settings: Settings) -> Records:
    """One page a file: all its visible text, with what its markup says of each line (see `html_text`)."""
    decoded = decode(read_bytes(path, limit=20 * settings.max_article_chars))
    _check_markup(decoded.text)
    page = read_page(decoded.text)
    if page is None:
        raise RejectedInputError(Reason.NO_TEXT, "no article found in the HTML page")
    yield Record(
        "", page.text, decoded.encoding, page.title, page.published, page.url, page.site, page.markup
    )  # fmt: skip


def _check_markup(page: str) -> None:
    """Refuse pages that are all markup, as parsing them takes the square of it; news pages have hundreds."""
    if page.count("<") > _MAX_TAGS:
        raise RejectedInputError(Reason.TOO_LONG, f"an HTML page with more than {_MAX_TAGS:,} tags")
    if any(max(tag.count("="), tag.count(" ")) > _MAX_IN_TAG for tag in page.split("<")):
        raise RejectedInputError(Reason.TOO_LONG, f"an HTML tag with more than {_MAX_IN_TAG:,} attributes")


def read_jsonl(path: Path, settings: Settings) -> Records:
    """One JSON object a line."""
    encoding = encoding_of(path, limit=settings.max_file_bytes)
    longest = _longest_line(settings)
    for number, line in enumerate(lines_of(path, encoding, longest=longest), start=1):
        name = f"line {number}"
        if line is None:
            detail = f"{name} has more than {longest:,} characters"
            yield BadRecord(name, RejectedInputError(Reason.TOO_LONG, detail))
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(line.removesuffix("\n"))
        except (ValueError, RecursionError) as error:
            yield BadRecord(name, RejectedInputError(Reason.MALFORMED, f"{name} is not JSON: {error}"))
            continue
        if not isinstance(row, dict):
            detail = f"{name} is not a JSON object"
            yield BadRecord(name, RejectedInputError(Reason.MALFORMED, detail))
            continue
        yield _record(row, name, encoding, settings)


def _longest_line(settings: Settings) -> int:
    """What a line may have beside an article: its escapes, and other fields."""
    return 20 * settings.max_article_chars


def read_csv(path: Path, settings: Settings) -> Records:
    """A header and one article a row; the separator (comma, semicolon, tab) is detected."""
    encoding = encoding_of(path, limit=settings.max_file_bytes)
    header = re.sub('"[^"]*"', "", next(_csv_lines(path, encoding, settings, newline="\n"), ""))
    separator = max(",;\t", key=header.count)
    csv.field_size_limit(max(csv.field_size_limit(), 8 * settings.max_article_chars))
    lines = _csv_lines(path, encoding, settings, newline="")
    reader = csv.DictReader(lines, delimiter=separator, strict=True)
    try:
        names = reader.fieldnames or []
    except csv.Error as error:
        raise RejectedInputError(Reason.MALFORMED, f"broken header: {error}") from error
    if settings.fields.text not in names:
        raise RejectedInputError(Reason.MALFORMED, _no_column(settings, names))
    number = 0
    try:
        for number, row in enumerate(reader, start=1):
            name = f"row {number}"
            if any(row.get(None) or []):  # None is DictReader's key for the rest
                detail = f"{name} has more cells than the header: is a text with {separator!r} not quoted?"
                yield BadRecord(name, RejectedInputError(Reason.MALFORMED, detail))
                continue
            yield _record(row, name, encoding, settings)
    except csv.Error as error:
        name = f"row {number + 1}"
        yield BadRecord(name, RejectedInputError(Reason.MALFORMED, f"{name} and on: {error}"))


def _csv_lines(path: Path, encoding: str, settings: Settings, *, newline: str) -> Iterator[str]:
    longest = _longest_line(settings)
    for line in lines_of(path, encoding, longest=longest, newline=newline):
        if line is None:
            raise RejectedInputError(Reason.TOO_LONG, f"a line of more than {longest:,} characters")
        yield line


def read_parquet(path: Path, settings: Settings) -> Records:
    """One article a row, in batches."""
    try:
        file = pq.ParquetFile(_parquet_source(path, settings))
        wanted = [
            name for name in _columns(settings).values() if name in file.schema_arrow.names
        ]  # fmt: skip
        if settings.fields.text not in wanted:
            names = list(file.schema_arrow.names)
            raise RejectedInputError(Reason.MALFORMED, _no_column(settings, names))
        number = 0
        for batch in file.iter_batches(batch_size=1000, columns=wanted):
            for row in batch.to_pylist():
                number += 1
                yield _record(row, f"row {number}", "utf-8", settings)
    # ValueError: text that is not UTF-8; OverflowError: a date after the year 9999.
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise RejectedInputError(Reason.UNREADABLE, f"not a readable Parquet file: {error}") from error


def _parquet_source(path: Path, settings: Settings) -> Path | IO[bytes]:
    """The file, unpacked on disk where it is packed."""
    if path.suffix.lower() != ".gz":
        return path
    unpacked = tempfile.TemporaryFile()  # noqa: SIM115 - closed when its reader is
    for bit in bits_of(path, limit=settings.max_file_bytes):
        unpacked.write(bit)
    unpacked.seek(0)
    return unpacked


def _columns(settings: Settings) -> dict[str, str]:
    """What each of our fields is called in the input."""
    f = settings.fields
    return {
        "text": f.text, "id": f.id, "title": f.title,
        "published": f.published, "url": f.url, "outlet": f.outlet,
    }  # fmt: skip


def _no_column(settings: Settings, names: Sequence[str]) -> str:
    shown = ", ".join(list(names)[:20])
    return f"no column {settings.fields.text!r} for the text; the columns are: {shown}"


def _record(row: Mapping[str, object], name: str, encoding: str, settings: Settings) -> Record | BadRecord:
    """A record from a row of any record format; values become text, blank ones null."""
    values = {ours: _text(row.get(theirs)) for ours, theirs in _columns(settings).items()}
    record_id = values["id"] or name
    raw = values["text"]
    if raw is None:
        detail = f"{name} has no text in {settings.fields.text!r}"
        return BadRecord(record_id, RejectedInputError(Reason.NO_TEXT, detail))
    return Record(
        record_id, raw, encoding,
        values["title"], values["published"], values["url"], values["outlet"],
    )  # fmt: skip


def _text(value: object) -> str | None:
    """A cell as text: dates in ISO form, lone surrogates (JSON allows them) replaced; a list is none."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if value is None or isinstance(value, (list, dict)) or (isinstance(value, float) and math.isnan(value)):
        return None
    text = value if isinstance(value, str) else str(value)
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if text.strip() else None


READERS: dict[str, Callable[[Path, Settings], Records]] = {
    ".txt": read_txt,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_jsonl,
    ".csv": read_csv,
    ".parquet": read_parquet,
}


def format_of(path: Path) -> str | None:
    """The extension that decides how `path` is read, without a final .gz; None if unknown."""
    suffixes = [s.lower() for s in path.suffixes]
    if suffixes and suffixes[-1] == ".gz":
        suffixes.pop()
    return suffixes[-1] if suffixes and suffixes[-1] in READERS else None
