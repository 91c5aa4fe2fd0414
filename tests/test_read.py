from __future__ import annotations

import gzip
import hashlib
import json
import os
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.read import article_id, corpus_files, read
from pipeline.schemas import check
from pipeline.settings import Fields, Settings

BRIDGE = "De brug over de vaart blijft tot het voorjaar dicht, zegt de wethouder van het dorp."
ICE = "Op de plassen bij het dorp ligt voor het eerst in jaren weer ijs, meldt de ijsclub."
GERMAN = (
    "Die Brücke bleibt nach Angaben der Stadt bis zum Frühjahr gesperrt, und die Anwohner müssen bis dahin "
    "einen langen Umweg fahren."
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb004300") + bytes(range(256)) * 20
KINDS = ".txt .html .htm .jsonl .csv .parquet (each also .gz)"


def fill(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder


def rows(corpus: Path, **changes: Any) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    documents, rejected = read(corpus, settings=Settings(**changes))
    check("documents", documents)
    check("rejected", rejected)
    return documents.to_pylist(), rejected.to_pylist()


def sources(corpus: Path, **changes: Any) -> list[str]:
    return [row["source"] for row in rows(corpus, **changes)[0]]


def rejections(corpus: Path, **changes: Any) -> list[tuple[str, str, str]]:
    return [(row["source"], row["reason"], row["detail"]) for row in rows(corpus, **changes)[1]]


def test_a_text_file_becomes_one_document(tmp_path: Path) -> None:
    fill(tmp_path, {"delta/2024/brug.txt": BRIDGE})
    documents, rejected = rows(tmp_path)
    assert rejected == []
    assert documents == [
        {
            "article_id": hashlib.sha256(f"delta/2024/brug.txt\0{BRIDGE}".encode()).hexdigest()[:16],
            "source": "delta/2024/brug.txt",
            "raw": BRIDGE,
            "encoding": "utf-8",
            "format": "txt",
            "title": None,
            "published": None,
            "url": None,
            "outlet": None,
            "markup": None,
            "raw_sha256": hashlib.sha256(BRIDGE.encode()).hexdigest(),
        }
    ]


def test_records_are_named_by_file_and_id(tmp_path: Path) -> None:
    lines = [json.dumps({"id": "n-1", "text": BRIDGE}), "{", json.dumps({"text": ICE}), '{"id": 4}']
    fill(tmp_path, {"a.jsonl": "\n".join(lines)})
    assert sources(tmp_path) == ["a.jsonl#n-1", "a.jsonl#line 3"]
    assert [r[:2] for r in rejections(tmp_path)] == [
        ("a.jsonl#line 2", "malformed"),
        ("a.jsonl#4", "no_text"),
    ]


def test_the_same_record_twice_is_read_once(tmp_path: Path) -> None:
    line = json.dumps({"id": "n-1", "text": BRIDGE})
    other = json.dumps({"id": "n-1", "text": ICE})
    fill(tmp_path, {"a.jsonl": "\n".join([line, line, other])})
    assert [row["raw"] for row in rows(tmp_path)[0]] == [BRIDGE, ICE]


@hypothesis_settings(deadline=None)
@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_article_id_is_that_of_path_and_content(one: tuple[str, str], other: tuple[str, str]) -> None:
    assert article_id(*one) == article_id(*one)
    assert len(article_id(*one)) == 16
    if "\0" not in one[0] + other[0]:  # as in every path
        assert (article_id(*one) == article_id(*other)) == (one == other)


def test_article_id_stays_what_it_was() -> None:
    assert article_id("krant/a.txt", "Oekraïne") == "da478644ee1dd9f8"


def page(text: str) -> str:
    return f"<html><body><article><h1>Nieuws uit het dorp</h1><p>{text}</p></article></body></html>"


def parquet(tmp_path: Path) -> bytes:
    path = tmp_path.parent / f"{tmp_path.name}.parquet"
    pq.write_table(pa.table({"text": [BRIDGE]}), path)
    return path.read_bytes()


@pytest.mark.parametrize("extension", ["txt", "html", "htm", "jsonl", "csv", "parquet"])
def test_every_format_is_read_packed_as_well(extension: str, tmp_path: Path) -> None:
    content = {
        "txt": BRIDGE.encode(),
        "html": page(BRIDGE).encode(),
        "htm": page(BRIDGE).encode(),
        "jsonl": json.dumps({"text": BRIDGE}).encode(),
        "csv": f'text\n"{BRIDGE}"\n'.encode(),
        "parquet": parquet(tmp_path),
    }[extension]
    fill(tmp_path, {f"a.{extension}": content, f"b.{extension}.gz": gzip.compress(content)})
    (plain, packed), rejected = rows(tmp_path)
    assert rejected == []
    assert BRIDGE in plain["raw"]
    assert packed["raw"] == plain["raw"]
    assert [plain["format"], packed["format"]] == ["html" if extension == "htm" else extension] * 2
    assert packed["source"].startswith(f"b.{extension}.gz")


def test_files_come_in_the_order_of_their_paths_from_every_depth(tmp_path: Path) -> None:
    names = ["b.txt", "a/z.txt", "a/b/c.txt", "a.txt", "é.txt", "Z.txt"]
    fill(tmp_path, dict.fromkeys(names, BRIDGE))
    assert sources(tmp_path) == ["Z.txt", "a.txt", "a/b/c.txt", "a/z.txt", "b.txt", "é.txt"]


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, {".a.txt": BRIDGE, ".git/b.txt": BRIDGE, "c/.d/e.txt": BRIDGE, "c/f.txt": BRIDGE})
    assert sources(tmp_path) == ["c/f.txt"]
    assert rejections(tmp_path) == []


def test_a_corpus_below_a_hidden_folder_is_read(tmp_path: Path) -> None:
    corpus = fill(tmp_path / ".cache" / "corpus", {"a.txt": BRIDGE})
    assert sources(corpus) == ["a.txt"]


def test_links_out_of_the_corpus_are_passed_over(tmp_path: Path) -> None:
    fill(tmp_path, {"buiten/geheim.txt": ICE, "corpus/a.txt": BRIDGE})
    corpus = tmp_path / "corpus"
    (corpus / "geheim.txt").symlink_to(tmp_path / "buiten" / "geheim.txt")
    (corpus / "map").symlink_to(tmp_path / "buiten", target_is_directory=True)
    (corpus / "nergens.txt").symlink_to(tmp_path / "weg.txt")
    (corpus / "lus.txt").symlink_to(corpus / "lus.txt")
    assert sources(corpus) == ["a.txt"]
    assert rejections(corpus) == []


def test_a_corpus_that_is_a_link_is_read(tmp_path: Path) -> None:
    fill(tmp_path, {"echt/a.txt": BRIDGE})
    (tmp_path / "corpus").symlink_to(tmp_path / "echt", target_is_directory=True)
    assert sources(tmp_path / "corpus") == ["a.txt"]


def test_a_single_file_is_a_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, {"a.txt": BRIDGE, "b.txt": ICE})
    assert sources(tmp_path / "a.txt") == ["a.txt"]
    monkeypatch.chdir(tmp_path)
    assert sources(Path("b.txt")) == ["b.txt"]


def test_a_missing_corpus_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError) as caught:
        read(tmp_path / "weg", settings=Settings())
    assert str(caught.value) == f"no such corpus: {tmp_path / 'weg'}"
    with pytest.raises(FileNotFoundError):
        list(corpus_files(tmp_path / "weg.txt"))


def test_an_empty_folder_gives_two_empty_tables(tmp_path: Path) -> None:
    assert rows(tmp_path) == ([], [])


def test_progress_counts_the_files(tmp_path: Path) -> None:
    fill(tmp_path, {"a.txt": BRIDGE, "b.doc": "x", "c.txt": ""})
    seen: list[tuple[int, int]] = []
    read(tmp_path, settings=Settings(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize(
    ("name", "content", "reason", "detail"),
    [
        ("a.txt", b"", "empty", "the file is empty"),
        ("a.txt", b" \n\t\r\n", "empty", "the file is empty"),
        ("a.txt", "\u00a0\n\u2003".encode(), "empty", "there is only white space in it"),
        ("a.txt", b"\xef\xbb\xbf", "empty", "there is only white space in it"),
        ("a.txt", " \n".encode("utf-16"), "empty", "there is only white space in it"),
        ("a.txt.gz", b"", "empty", "the file is empty"),
        ("a.txt.gz", gzip.compress(b"\n"), "empty", "the file is empty"),
        ("a.csv", b"id,text\n", "empty", "the file holds no record"),
        ("a.jsonl", b"\xef\xbb\xbf\n", "empty", "the file holds no record"),
        ("a.txt", JPEG, "binary", "not a text file: it looks like image/jpeg"),
        ("a.jsonl", JPEG, "binary", "not a text file: it looks like image/jpeg"),
        ("a.html.gz", gzip.compress(JPEG), "binary", "not a text file: it looks like image/jpeg"),
        ("a.txt", GERMAN.encode(), "not_dutch", "not Dutch: the text is German"),
        ("a.html", b"<p></p>", "no_text", "no article found in the HTML page"),
        ("a.docx", b"PK", "unsupported", f".docx extension: Vermeld reads {KINDS}"),
        ("a.json", b"{}", "unsupported", f".json extension: Vermeld reads {KINDS}"),
        ("a.gz", b"", "unsupported", f".gz extension: Vermeld reads {KINDS}"),
        ("LEESMIJ", b"ja", "unsupported", f"no extension: Vermeld reads {KINDS}"),
    ],
)
def test_what_is_no_article_is_rejected_with_its_reason(
    name: str, content: bytes, reason: str, detail: str, tmp_path: Path
) -> None:
    fill(tmp_path, {name: content, "goed.txt": BRIDGE})
    assert rejections(tmp_path) == [(name, reason, detail)]
    assert sources(tmp_path) == ["goed.txt"]


def test_a_truncated_gzip_is_rejected(tmp_path: Path) -> None:
    fill(tmp_path, {"a.txt.gz": gzip.compress(BRIDGE.encode())[:40], "b.txt": ICE})
    ((source, reason, detail),) = rejections(tmp_path)
    assert (source, reason) == ("a.txt.gz", "unreadable")
    assert detail.startswith("broken gzip file: Compressed file ended before")
    assert sources(tmp_path) == ["b.txt"]


def test_an_article_may_have_as_many_characters_as_the_limit(tmp_path: Path) -> None:
    fill(tmp_path, {"a.txt": "é" * 20, "b.txt": "é" * 21, "c.txt": "x" * 81})
    assert sources(tmp_path, max_article_chars=20) == ["a.txt"]
    assert rejections(tmp_path, max_article_chars=20) == [
        ("b.txt", "too_long", "21 characters; the limit is 20"),
        ("c.txt", "too_long", "longer than 80 bytes"),
    ]


def test_a_long_record_does_not_cost_the_others(tmp_path: Path) -> None:
    lines = [json.dumps({"text": text}) for text in (BRIDGE, "x" * 1001, ICE)]
    fill(tmp_path, {"a.jsonl": "\n".join(lines)})
    assert sources(tmp_path, max_article_chars=1000) == ["a.jsonl#line 1", "a.jsonl#line 3"]
    assert rejections(tmp_path, max_article_chars=1000) == [
        ("a.jsonl#line 2", "too_long", "1,001 characters; the limit is 1,000"),
    ]


def test_a_file_of_records_is_limited_in_bytes(tmp_path: Path) -> None:
    fill(tmp_path, {"a.jsonl.gz": gzip.compress((json.dumps({"text": BRIDGE}) + "\n").encode() * 100)})
    assert rejections(tmp_path, max_file_bytes=5000) == [
        ("a.jsonl.gz", "too_long", "longer than 5,000 bytes"),
    ]


def test_the_language_of_each_record_is_looked_at_unless_told_otherwise(tmp_path: Path) -> None:
    fill(tmp_path, {"a.jsonl": "\n".join(json.dumps({"text": t}) for t in (BRIDGE, GERMAN))})
    assert rejections(tmp_path) == [("a.jsonl#line 2", "not_dutch", "not Dutch: the text is German")]
    assert sources(tmp_path, language=False) == ["a.jsonl#line 1", "a.jsonl#line 2"]


def test_the_outlet_of_the_settings_fills_only_gaps(tmp_path: Path) -> None:
    fill(tmp_path, {"a.csv": f'uitgever,text\nDe Bode,"{BRIDGE}"\n,"{ICE}"\n'})
    documents, _ = rows(tmp_path, outlet="De Lantaarn", fields=Fields(outlet="uitgever"))
    assert [row["outlet"] for row in documents] == ["De Bode", "De Lantaarn"]


def test_rows_before_a_break_are_kept(tmp_path: Path) -> None:
    fill(tmp_path, {"a.csv": f'id,text\n1,"{BRIDGE}"\n2,"nooit gesloten\n'})
    assert sources(tmp_path) == ["a.csv#1"]
    assert rejections(tmp_path) == [
        ("a.csv#row 2", "malformed", "row 2 and on: unexpected end of data"),
    ]


@pytest.mark.parametrize("extension", ["txt", "doc"])
def test_a_file_name_that_is_not_utf8_does_not_stop_the_run(extension: str, tmp_path: Path) -> None:
    # Archives packed on old Windows machines hold names such as "Oekra\xefne.txt".
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/Oekra\xefne." + extension.encode()))
    try:
        path.write_text(BRIDGE)
    except OSError:
        pytest.skip("this file system has no such names")
    documents, rejected = rows(tmp_path)
    assert [row["source"] for row in documents + rejected] == [f"Oekra\\xefne.{extension}"]
