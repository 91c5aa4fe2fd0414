"""Bytes of a file to text: unpacking with a limit, and the encoding.

In: a path. Out: the text and the encoding it was read in. UTF-8 comes first; only bytes that are
not UTF-8 are guessed, between the two encodings that Dutch sites used before it.
"""

from __future__ import annotations

import gzip
import zlib
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
    try:
        if path.suffix.lower() == ".gz":
            with gzip.open(path, "rb") as stream:
                data = stream.read(limit + 1)
        else:
            with path.open("rb") as stream:
                data = stream.read(limit + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise RejectedInputError(Reason.UNREADABLE, f"broken gzip file: {error}") from error
    except OSError as error:
        raise RejectedInputError(Reason.UNREADABLE, f"cannot be opened: {error.strerror}") from error
    if len(data) > limit:
        raise RejectedInputError(Reason.TOO_LONG, f"longer than {limit:,} bytes")
    return data


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
    if _is_binary(data[:65536]):
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


def _kind(data: bytes) -> str:
    """What a binary file seems to be, in words."""
    try:
        return puremagic.from_string(data[:4096], mime=True) or "binary data"
    except (puremagic.PureError, ValueError):
        return "binary data"
