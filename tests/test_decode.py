from __future__ import annotations

import gzip
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from pipeline.reading.decode import Decoded, decode, encoding_of, lines_of, read_bytes
from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason

QUOTED = "„Dat kost € 5 miljoen”, zei de wethouder – “en geen cent meer”."
ACCENTS = "In België zijn één coördinator en twee provinciën vóór het voorstel."
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb004300") + bytes(range(256)) * 20
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64)
PDF = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\nstream\n\x00\x01\x02"


def rejection(data: bytes) -> tuple[Reason, str]:
    with pytest.raises(RejectedInputError) as caught:
        decode(data)
    return caught.value.reason, caught.value.detail


def file_rejection(path: Path, limit: int) -> tuple[Reason, str]:
    with pytest.raises(RejectedInputError) as caught:
        read_bytes(path, limit=limit)
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize("text", [QUOTED, ACCENTS, "Зеленський in Kyjiv.", "kop\r\n\r\n\ttekst\f\n"])
def test_utf8_is_read_as_it_stands(text: str) -> None:
    assert decode(text.encode()) == Decoded(text, "utf-8")


@pytest.mark.parametrize("text", [QUOTED, ACCENTS, "Зеленський in Kyjiv."])
@pytest.mark.parametrize(
    ("mark", "codec", "encoding"),
    [
        (b"\xef\xbb\xbf", "utf-8", "utf-8-sig"),
        (b"\xff\xfe", "utf-16-le", "utf-16"),
        (b"\xfe\xff", "utf-16-be", "utf-16"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(
    text: str, mark: bytes, codec: str, encoding: str
) -> None:
    assert decode(mark + text.encode(codec)) == Decoded(text, encoding)


@pytest.mark.parametrize("text", [QUOTED, ACCENTS + " “Ja”", "De prijs is € 12.", "’s Avonds in Coevorden"])
def test_quotation_marks_and_euro_of_old_windows_sites_are_cp1252(text: str) -> None:
    assert decode(text.encode("cp1252")) == Decoded(text, "cp1252")


@pytest.mark.parametrize("text", [ACCENTS, "Curaçao stemt", "Oekraïne", "«ja» ± 5 °C"])
def test_latin1_gives_the_right_text(text: str) -> None:
    decoded = decode(text.encode("latin-1"))
    assert decoded.text == text
    assert decoded.encoding in {"cp1252", "latin-1"}  # the same characters from A0 up


_PLAIN = st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n\r\t\f")


@settings(deadline=None)
@given(st.text(_PLAIN, min_size=1))
def test_any_utf8_text_round_trips(text: str) -> None:
    assume(text.encode().strip() and not text.startswith("\ufeff"))
    assert decode(text.encode()) == Decoded(text, "utf-8")


@settings(deadline=None)
@given(st.text(_PLAIN), st.sampled_from(["utf-8-sig", "utf-16"]))
def test_any_text_with_a_byte_order_mark_round_trips(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == Decoded(text, encoding)


@settings(deadline=None)
@given(st.text(st.characters(codec="cp1252", exclude_categories=["Cc"]), min_size=1))
def test_any_cp1252_text_that_is_not_utf8_round_trips(text: str) -> None:
    data = text.encode("cp1252")
    assume(not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        assert decode(data).text == text


@pytest.mark.parametrize("data", [b"", b" ", b"\n\r\n\t  \n"])
def test_nothing_and_white_space_are_empty(data: bytes) -> None:
    assert rejection(data) == (Reason.EMPTY, "the file is empty")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (JPEG, "image/jpeg"),
        (PNG, "image/png"),
        (PDF, "application/pdf"),
        (gzip.compress(b"tekst " * 100), "application/x-gzip"),
        (QUOTED.encode("utf-16-le"), "binary data"),
    ],
    ids=["jpeg", "png", "pdf", "gzip", "utf-16 without mark"],
)
def test_a_binary_file_is_named_for_what_it_is(data: bytes, kind: str) -> None:
    assert rejection(data) == (Reason.BINARY, f"not a text file: it looks like {kind}")


@pytest.mark.parametrize("control", ["\x0b", "\x1f", "\x02", "\x7f"])
def test_a_stray_control_character_does_not_make_a_text_binary(control: str) -> None:
    text = f"{ACCENTS}{control} {QUOTED}"
    assert decode(text.encode()) == Decoded(text, "utf-8")


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (QUOTED.encode("utf-16")[:-1], f"bytes that are not utf-16 at position {2 * len(QUOTED)}"),
        (b"\xef\xbb\xbfDe \xe9n", "bytes that are not utf-8-sig at position 3"),
        (b"De \x9d is in geen van beide", "bytes that are not cp1252 at position 3"),
    ],
)
def test_bytes_that_break_their_encoding_are_unreadable(data: bytes, detail: str) -> None:
    assert rejection(data) == (Reason.UNREADABLE, detail)


def test_a_file_is_read_whole_up_to_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"0123456789")
    assert read_bytes(path, limit=10) == b"0123456789"
    assert file_rejection(path, 9) == (Reason.TOO_LONG, "longer than 9 bytes")


@pytest.mark.parametrize("name", ["a.txt.gz", "A.TXT.GZ"])
def test_a_gzip_is_unpacked_and_the_limit_is_on_what_comes_out(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(gzip.compress(b"0" * 5000))
    assert read_bytes(path, limit=5000) == b"0" * 5000
    assert file_rejection(path, 4999) == (Reason.TOO_LONG, "longer than 4,999 bytes")


def test_a_gzip_is_never_unpacked_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "bom.txt.gz"
    path.write_bytes(gzip.compress(bytes(50_000_000), compresslevel=1))
    tracemalloc.start()
    try:
        assert file_rejection(path, 1000) == (Reason.TOO_LONG, "longer than 1,000 bytes")
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


PACKED = gzip.compress(bytes(range(256)) * 40)


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (PACKED[:-20], "broken gzip file: Compressed file ended before the end-of-stream marker"),
        (PACKED[:5], "broken gzip file: Compressed file ended before the end-of-stream marker"),
        (PACKED[:-8] + bytes(8), "broken gzip file: CRC check failed"),
        (PACKED[:10] + b"\xff" * 50, "broken gzip file: Error -3 while decompressing data"),
        (b"De brug is dicht.", "broken gzip file: Not a gzipped file (b'De')"),
    ],
    ids=["truncated", "header", "checksum", "corrupt", "no gzip"],
)
def test_a_broken_gzip_is_unreadable(data: bytes, detail: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt.gz"
    path.write_bytes(data)
    reason, message = file_rejection(path, 1_000_000)
    assert reason is Reason.UNREADABLE
    assert message.startswith(detail)


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    why = "cannot be opened: "
    assert file_rejection(tmp_path / "weg.txt", 9) == (Reason.UNREADABLE, why + "No such file or directory")
    assert file_rejection(tmp_path, 9) == (Reason.UNREADABLE, why + "Is a directory")


def bits_at(monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    """Read so many bytes at a time, so that characters are cut."""
    monkeypatch.setattr("pipeline.reading.decode._BIT_BYTES", size)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=30)
    | st.text(max_size=30).map(str.encode)
    | st.text("aé€“\x80\x99 \n", max_size=30).map(lambda t: t.encode("cp1252", "replace"))
    | st.text(max_size=20).map(lambda t: t.encode("utf-16", "replace")),
    st.integers(1, 7),
)
def test_bit_by_bit_it_is_the_text_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, size: int
) -> None:
    bits_at(monkeypatch, size)
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    try:
        wanted = decode(data)
    except RejectedInputError as error:
        with pytest.raises(RejectedInputError) as caught:
            encoding_of(path, limit=1000)
        assert caught.value.reason == error.reason
        return
    encoding = encoding_of(path, limit=1000)
    assert "".join(line or "" for line in lines_of(path, encoding, longest=1000)) == wanted.text
    if wanted.encoding.startswith(("utf", "cp1252")) or data.isascii():
        assert encoding == wanted.encoding


def test_lines_end_at_newlines_alone_unless_told_otherwise(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("a\r\nb\u2028c\rd\n\ne".encode())
    assert list(lines_of(path, "utf-8", longest=99)) == ["a\r\n", "b\u2028c\rd\n", "\n", "e"]
    assert list(lines_of(path, "utf-8", longest=99, newline="")) == ["a\r\n", "b\u2028c\r", "d\n", "\n", "e"]


def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("12345\n123456\n1234\n" + "x" * 100)
    assert list(lines_of(path, "utf-8", longest=6)) == ["12345\n", None, "1234\n", None]


def test_a_file_that_changes_between_looking_and_reading_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"caf\xe9")
    with pytest.raises(RejectedInputError) as caught:
        list(lines_of(path, "utf-8", longest=99))
    assert (caught.value.reason, caught.value.detail) == (Reason.UNREADABLE, "bytes that are not utf-8")
    with pytest.raises(RejectedInputError, match="No such file"):
        list(lines_of(tmp_path / "weg.txt", "utf-8", longest=99))
