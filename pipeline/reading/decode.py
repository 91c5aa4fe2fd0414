"""Bytes of a file to text: unpacking with a limit, and the encoding.

In: a path. Out: the text and the encoding it was read in. UTF-8 comes first; only bytes that are
not UTF-8 are guessed, between the two encodings that Dutch sites used before it.
"""

from __future__ import annotations

import codecs
import gzip
import io
import itertools
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import puremagic
from charset_normalizer import from_bytes

from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: Control characters that text files hardly have: all below the space but tab, newlines and form feed.
_CONTROL = bytes(sorted({*range(32), 127} - {9, 10, 12, 13}))
#: More of them than this share is no text; a stray one ("\x0b" from a word processor) is repaired later.
_MAX_CONTROL = 0.02
#: cp1252 puts quotation marks and dashes here; in Latin-1 they are control characters.
_CP1252_ONLY = frozenset(range(0x80, 0xA0))
#: What is looked at to tell text from binary data.
_START_BYTES = 65536
#: Read at a time.
_BIT_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file and the name of its encoding."""

    text: str
    encoding: str


def read_bytes(path: Path, *, limit: int) -> bytes:
    """The content of a file, unpacked where its name ends in .gz, of at most `limit` bytes.

    Raises:
        RejectedInputError: longer than the limit (a gzip is never unpacked beyond it), unreadable,
            or a broken gzip.
    """
    return b"".join(bits_of(path, limit=limit))


def bits_of(path: Path, *, limit: int) -> Iterator[bytes]:
    """The content of a file likewise, bit by bit; it may be more than memory holds.

    Raises:
        RejectedInputError: as `read_bytes`, when that bit is reached.
    """
    n_bytes = 0
    with _readable(), _opened(path) as stream:
        while bit := stream.read(min(_BIT_BYTES, limit + 1 - n_bytes)):
            n_bytes += len(bit)
            if n_bytes > limit:
                raise RejectedInputError(Reason.TOO_LONG, f"longer than {limit:,} bytes")
            yield bit


def _opened(path: Path) -> gzip.GzipFile | io.BufferedReader:
    return gzip.open(path, "rb") if path.suffix.lower() == ".gz" else path.open("rb")


@contextmanager
def _readable() -> Iterator[None]:
    """Errors of reading as rejections."""
    try:
        yield
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RejectedInputError(Reason.UNREADABLE, f"broken gzip file: {error}") from error
    except OSError as error:
        raise RejectedInputError(Reason.UNREADABLE, f"cannot be opened: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RejectedInputError(Reason.UNREADABLE, f"bytes that are not {error.encoding}") from error


def lines_of(path: Path, encoding: str, *, longest: int, newline: str = "\n") -> Iterator[str | None]:
    """The lines of a text file with their ends as they stand; None for one of more than `longest` letters.

    Args:
        path: the file.
        encoding: as `encoding_of` gives it.
        longest: more than this is never held in memory.
        newline: as in `open`.
    """
    with _readable(), _opened(path) as stream, io.TextIOWrapper(stream, encoding, newline=newline) as text:
        while line := text.readline(longest + 1):
            if len(line) <= longest:
                yield line
                continue
            while line and not line.endswith(("\n", "\r")):
                line = text.readline(longest + 1)
            yield None


def encoding_of(path: Path, *, limit: int) -> str:
    """The encoding in which the whole of a text file can be read; it is read bit by bit.

    Raises:
        RejectedInputError: as `read_bytes` and `decode`.
    """
    start = b""
    for bit in bits_of(path, limit=limit):
        start += bit
        if len(start) >= _START_BYTES:
            break
    if not start.strip() and not any(bit.strip() for bit in bits_of(path, limit=limit)):
        raise RejectedInputError(Reason.EMPTY, "the file is empty")
    marked = next((encoding for mark, encoding in _BOMS if start.startswith(mark)), None)
    if marked is None and _is_binary(start[:_START_BYTES]):
        raise RejectedInputError(Reason.BINARY, f"not a text file: it looks like {_kind(start)}")
    wrong = _first_wrong(path, marked or "utf-8", limit)
    if wrong is None:
        return marked or "utf-8"
    encoding = marked
    if encoding is None:
        encoding = _legacy_encoding_of(bits_of(path, limit=limit))
        wrong = _first_wrong(path, encoding, limit)
    if wrong is not None:
        raise RejectedInputError(Reason.UNREADABLE, f"bytes that are not {encoding} at position {wrong}")
    return encoding


def _first_wrong(path: Path, encoding: str, limit: int) -> int | None:
    """Where the first byte stands that is not of the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    at = 0
    for bit in itertools.chain(bits_of(path, limit=limit), [b""]):
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(bit, final=not bit)
        except UnicodeDecodeError as error:
            return at - waiting + error.start
        at += len(bit)
    return None


def decode(data: bytes) -> Decoded:
    """The text in `data`.

    Raises:
        RejectedInputError: there is nothing in it, or it is no text.
    """
    if not data.strip():
        raise RejectedInputError(Reason.EMPTY, "the file is empty")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return Decoded(_decode_as(data, encoding), encoding)
    if _is_binary(data[:_START_BYTES]):
        raise RejectedInputError(Reason.BINARY, f"not a text file: it looks like {_kind(data)}")
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        encoding = _legacy_encoding(data)
        return Decoded(_decode_as(data, encoding), encoding)


def _is_binary(start: bytes) -> bool:
    n_control = len(start) - len(start.translate(None, _CONTROL))
    return b"\0" in start or n_control > _MAX_CONTROL * len(start)


def _decode_as(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        detail = f"bytes that are not {encoding} at position {error.start}"
        raise RejectedInputError(Reason.UNREADABLE, detail) from error


def _legacy_encoding(data: bytes) -> str:
    """cp1252 or latin-1 for bytes that are not UTF-8."""
    if _CP1252_ONLY.intersection(data):
        return "cp1252"
    guess = from_bytes(data, cp_isolation=["cp1252", "latin_1"]).best()
    return "cp1252" if guess is None else guess.encoding.replace("latin_1", "latin-1")


def _legacy_encoding_of(bits: Iterable[bytes]) -> str:
    """The same of a file in bits: of what differs between the two, or the first bit that is not ASCII."""
    guess = None
    for bit in bits:
        if _CP1252_ONLY.intersection(bit):
            return "cp1252"
        if guess is None and not bit.isascii():
            guess = _legacy_encoding(bit)
    return guess or "latin-1"


def _kind(data: bytes) -> str:
    """What a binary file seems to be, in words."""
    try:
        return puremagic.from_string(data[:4096], mime=True) or "binary data"
    except (puremagic.PureError, ValueError):
        return "binary data"
