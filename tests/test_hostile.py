"""Input that means harm, or looks like it: bombs, tricks with paths, formulas, odd values, and no way out."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.read import read
from pipeline.reading.formats import READERS
from pipeline.reading.rejection import RejectedInputError
from pipeline.run import run_all
from pipeline.settings import Fields, Settings, resources
from pipeline.tables import read_table
from tests.little import fill, write_kb

BRIDGE = "De brug over de vaart blijft tot het voorjaar dicht, zegt de wethouder van het dorp. " * 4
ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(model="kb", kb=str(write_kb(tmp_path_factory.mktemp("kb"))))


def documents(corpus: Path, **options: object) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    found, rejected = read(corpus, settings=Settings(**options))  # type: ignore[arg-type]
    return found.to_pylist(), rejected.to_pylist()


def peak_of(work: Callable[[], object]) -> int:
    """The most memory that Python held in the meantime, in bytes."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# Bombs.

BOMBS = {
    "a.txt.gz": b" ",
    "a.html.gz": b"<",
    "a.jsonl.gz": b"\n",
    "b.jsonl.gz": b"[",
    "a.csv.gz": b"\n",
    "b.csv.gz": b'"',
    "a.parquet.gz": b"\0",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_gzip_bomb_is_refused_in_little_memory(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(gzip.compress(BOMBS[name] * 60_000_000, compresslevel=1))
    limits = {"max_file_bytes": 50_000_000, "max_article_chars": 100_000}
    found: list[list[dict[str, object]]] = []
    peak = peak_of(lambda: found.extend(documents(tmp_path, **limits)))
    assert found[0] == []
    assert [(row["source"], row["reason"]) for row in found[1]] == [(name, "too_long")]
    assert peak < 25_000_000


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.csv"])
def test_a_file_of_records_is_not_held_in_memory(name: str, tmp_path: Path) -> None:
    line = json.dumps({"text": BRIDGE * 20}) if "json" in name else f'"{BRIDGE * 20}"'
    content = ("text\n" if "csv" in name else "") + f"{line}\n" * 4000
    path = tmp_path / name
    path.write_bytes(gzip.compress(content.encode(), 1) if name.endswith("gz") else content.encode())
    reader = READERS[".csv" if "csv" in name else ".jsonl"]
    seen: list[int] = []
    peak = peak_of(lambda: seen.append(sum(1 for _ in reader(path, Settings()))))
    assert seen == [4000]
    assert peak < len(content) / 2


def test_a_line_that_is_too_long_costs_itself_alone(tmp_path: Path) -> None:
    good = json.dumps({"text": BRIDGE})
    (tmp_path / "a.jsonl").write_text(f"{good}\n{json.dumps({'text': 'x' * 30_000})}\n{good} \n")
    found, rejected = documents(tmp_path, max_article_chars=1000)
    assert [row["source"] for row in found] == ["a.jsonl#line 1", "a.jsonl#line 3"]
    assert [row["detail"] for row in rejected] == ["line 2 has more than 20,000 characters"]


PAGES = {
    "nested": "<div>" * 100_000 + f"<p>{BRIDGE}</p>" + "</div>" * 100_000,
    "never closed": "<article>" + "<b>" * 24_000 + BRIDGE,
    "tables": "<article>" + "<table><tr><td>" * 15_000 + f"<p>{BRIDGE}</p>",
    "lists": "<article>" + "<ul><li>" * 20_000 + f"<p>{BRIDGE}</p>",
    "paragraphs": "<article>" + "<p>x" * 200_000 + f"<p>{BRIDGE}</p>",
    "attributes": "<article><p " + " ".join(f"a{i}=x" for i in range(60_000)) + f">{BRIDGE}</p></article>",
    "a long attribute": f"<article><p title='{'x' * 9_000_000}'>{BRIDGE}</p></article>",
    "entities": "<article><p>" + "&amp;" * 300_000 + f"</p><p>{BRIDGE}</p></article>",
    "a comment": "<!--" + "-" * 3_000_000 + f"--><article><p>{BRIDGE}</p></article>",
    "no end": "<" * 3_000_000,
    "billion laughs": '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><p>&b;' + BRIDGE,
}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_to_choke_on_is_read_or_refused(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><body>{PAGES[name]}</body></html>")
    (tmp_path / "b.txt").write_text(BRIDGE)
    start = time.process_time()
    found, rejected = documents(tmp_path)
    assert time.process_time() - start < 20
    assert "b.txt" in [row["source"] for row in found]
    assert sorted(str(row["source"]) for row in found + rejected) == ["a.html", "b.txt"]


def test_an_attribute_of_fifty_megabytes_is_too_long(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_text(f"<html><body><p title='{'x' * 50_000_000}'>{BRIDGE}</p></body></html>")
    assert [row["reason"] for row in documents(tmp_path)[1]] == ["too_long"]


# Paths and names.

NAMES = (
    "$(touch geraakt).txt", "`touch geraakt`.txt", "; touch geraakt.txt", "-rf.txt", "<script>alert(1)<.txt",
    "[red]rood[bold].txt", "a\nb.txt", "a\tb.txt", "..a.txt".lstrip("."), "'aanhaling\".txt", "%s%n.txt", "a b.txt",
    "=1+1.txt", "#anker#.txt", "\u202egnp.txt", "con.txt", "*.txt", "?.txt", "é.txt",
)  # fmt: skip


def test_names_that_break_shells_or_pages_are_names(settings: Settings, tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "uit"
    corpus.mkdir()
    for name in NAMES:
        (corpus / name).write_text(BRIDGE)
        (corpus / f"leeg {name}").write_text("")
    before = sorted(path.name for path in tmp_path.iterdir())
    arguments = ["run", str(corpus), "--out", str(out), "--model", "kb", "--kb", str(settings.kb)]
    result = CliRunner().invoke(app, arguments, env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    assert sorted(pq.read_table(out / "articles.parquet")["source"].to_pylist()) == sorted(NAMES)
    assert len(pq.read_table(out / "rejected.parquet")) == len(NAMES)
    assert "rejected leeg -rf.txt: the file is empty" in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*before, "uit"])
    assert not list(ROOT.glob("geraakt*"))


def test_ids_that_look_like_paths_are_ids(settings: Settings, tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "diep" / "uit"
    corpus.mkdir()
    ids = ["../../weg", "/etc/passwd", "..", "a/../../b", "C:\\x", "\0nul", "s3://emmer/x", ""]
    lines = [json.dumps({"id": i, "text": f"{BRIDGE} {n}", "outlet": "../x"}) for n, i in enumerate(ids)]
    (corpus / "a.jsonl").write_text("\n".join(lines))
    run_all(corpus, out, settings, workers=1, by_year=True)
    assert {path.name for path in tmp_path.iterdir()} == {"corpus", "diep"}
    assert {path.name for path in out.parent.iterdir()} == {"uit"}
    assert read_table(out, "articles").num_rows == len(ids)


def test_links_out_of_the_corpus_are_not_followed_by_a_run(settings: Settings, tmp_path: Path) -> None:
    secret = fill(tmp_path / "geheim", range(900, 902))
    corpus = fill(tmp_path / "corpus", range(2))
    (corpus / "map").symlink_to(secret, target_is_directory=True)
    (corpus / "los.txt").symlink_to(secret / "009" / "00900.txt")
    (corpus / "rond").symlink_to(corpus, target_is_directory=True)
    run_all(corpus, tmp_path / "uit", settings, workers=1)
    sources = pq.read_table(tmp_path / "uit" / "articles.parquet")["source"].to_pylist()
    assert sources == ["000/00000.txt", "000/00001.txt"]


# Records.


def test_formulas_stay_text(tmp_path: Path) -> None:
    formulas = ["=cmd|'/C calc'!A0", "+1+1", "-2+3", "@SUM(A1)", '=HYPERLINK(""http://x"")']
    lines = [f'"{cell}","{cell} {BRIDGE}"' for cell in formulas]
    (tmp_path / "a.csv").write_text("title,text\n" + "\n".join(lines) + "\n")
    found, rejected = documents(tmp_path)
    assert rejected == []
    assert [row["title"] for row in found] == [cell.replace('""', '"') for cell in formulas]
    assert all(str(row["raw"]).startswith(str(row["title"])) for row in found)


def test_ten_thousand_columns_are_read(tmp_path: Path) -> None:
    names = [f"k{n}" for n in range(9_999)]
    rows = "\n".join(",".join(["x"] * 9_999 + [f'"{BRIDGE}"']) for _ in range(20))
    (tmp_path / "a.csv").write_text(",".join([*names, "text"]) + f"\n{rows}\n")
    start = time.process_time()
    found, rejected = documents(tmp_path)
    assert (len(found), rejected) == (20, [])
    assert time.process_time() - start < 20
    _, (row,) = documents(tmp_path, fields=Fields(text="tekst"))
    assert len(str(row["detail"])) < 400


ODD = (
    '"id": 1e400',
    '"id": -Infinity, "title": NaN',
    f'"id": {"9" * 4000}',
    f'"id": {"9" * 400_000}',
    f'"extra": {"[" * 500}1{"]" * 500}',
    '"extra": ' + "[" * 200_000,
    '"extra": ' + '{"a":' * 200_000,
    '"text": "weg"',
    '"id": true, "url": [], "published": {}',
    '"__class__": "x", "$ref": "#"',
    '"id": "\\udfff", "title": "\\u0000\\ud800"',
)


@pytest.mark.parametrize("odd", ODD, ids=range(len(ODD)))
def test_odd_json_is_read_or_rejected_and_the_rest_is_read(odd: str, tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    line = f'{{{odd}, "text": "{BRIDGE}"}}'
    (corpus / "a.jsonl").write_text(line + "\n" + json.dumps({"text": BRIDGE}) + "\n")
    found, rejected = documents(corpus)
    assert len(found) + len(rejected) == 2
    assert found[-1]["source"] == "a.jsonl#line 2"
    assert all("brug" in str(row["raw"]) for row in found)


def odd_columns() -> Iterator[pa.Array]:
    texts = [BRIDGE, None]
    yield pa.array(texts, pa.large_string())
    yield pa.array(texts, pa.string_view())
    yield pa.array([BRIDGE.encode(), b"\xff\xfe"], pa.binary())
    yield pa.array(texts).dictionary_encode()
    yield pa.array([{"a": BRIDGE}, None])
    yield pa.array([[BRIDGE], []])
    yield pa.array([[("a", BRIDGE)], None], pa.map_(pa.string(), pa.string()))
    yield pa.nulls(2)
    yield pa.array([1, -(2**63)])
    yield pa.array([float("nan"), float("inf")])
    yield pa.array([True, None])
    yield pa.array([2**62, -(2**62)], pa.timestamp("us"))
    yield pa.array([2**31 - 1, -(2**31)], pa.date32())
    yield pa.array([2**40, None], pa.duration("ns"))
    yield pa.array([1, 2], pa.decimal128(38, 5))
    yield pa.array([b"0123456789abcdef"] * 2, pa.binary(16))
    yield pa.array([[[[[BRIDGE]]]], None])


@pytest.mark.parametrize("number", range(len(list(odd_columns()))))
def test_odd_types_of_parquet_are_read_or_rejected(number: int, tmp_path: Path) -> None:
    column = list(odd_columns())[number]
    rows = pa.table({"text": column, "id": column, "title": column, "published": column})
    pq.write_table(rows, tmp_path / "a.parquet")
    (tmp_path / "b.txt").write_text(BRIDGE)
    found, rejected = documents(tmp_path, language=False)
    assert found[-1]["source"] == "b.txt"
    assert len(found) + len(rejected) >= 2


def test_parquet_with_one_name_twice_is_read_or_rejected(tmp_path: Path) -> None:
    pq.write_table(
        pa.table([pa.array([BRIDGE]), pa.array(["x"])], names=["text", "text"]), tmp_path / "a.parquet"
    )
    found, rejected = documents(tmp_path)
    assert len(found) + len(rejected) == 1


# What must never happen.

_DEAF = """
import sys
tried = []
def refuse(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto",
                 "urllib.Request", "http.client.connect", "ftplib.connect"):
        tried.append((event, arguments))
        raise OSError(f"no network: {event} {arguments}")
sys.addaudithook(refuse)
from pipeline.cli import app
try:
    app(sys.argv[1:], standalone_mode=False)
finally:
    print("TRIED", tried)
"""


def test_a_run_asks_nothing_of_the_network(settings: Settings, tmp_path: Path) -> None:
    corpus = fill(tmp_path / "corpus", range(3))
    link = "<a href='http://example.org/'>x</a><img src='http://example.org/x.png'>"
    (corpus / "a.html").write_text(f"<html><body><article><p>{BRIDGE}{link}</p></article></body></html>")
    arguments = [
        "run",
        str(corpus),
        "--out",
        str(tmp_path / "uit"),
        "--kb",
        str(settings.kb),
        "--workers",
        "1",
    ]
    result = subprocess.run(  # noqa: S603 - our own
        [sys.executable, "-c", _DEAF, *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert result.stdout.splitlines()[-1:] == ["TRIED []"], result.stderr
    assert (tmp_path / "uit" / "run.json").is_file()


#: spaCy's own files without an ending are msgpack; key2row too.
ENDINGS = {
    ".onnx",
    ".json",
    ".npz",
    ".parquet",
    ".csv",
    ".txt",
    ".cfg",
    ".md",
    ".py",
    ".jsonl",
    ".tsv",
    ".gz",
}
SPACY = {"tokenizer", "key2row", "vectors", "lookups.bin", "LICENSE"}


def test_models_and_caches_hold_no_pickle(settings: Settings, tmp_path: Path) -> None:
    run_all(fill(tmp_path / "corpus", range(2)), tmp_path / "uit", settings, workers=1)
    files = [p for p in resources().rglob("*") if p.is_file() and "__pycache__" not in p.parts]
    files += [p for p in (tmp_path / "uit").rglob("*") if p.is_file() and p.name != ".lock"]
    assert len(files) > 20
    assert [p for p in files if p.suffix not in ENDINGS and p.name not in SPACY] == []
    # Protocols 2 to 5 begin so, and a zip is what torch saves; neither begins any of these.
    starts = {p: p.read_bytes()[:2] for p in files}
    assert [p for p, start in starts.items() if re.match(rb"\x80[\x02-\x05]", start)] == []
    assert [p for p, start in starts.items() if start == b"PK" and p.suffix != ".npz"] == []
    for path in (p for p in files if p.name == "vectors" or p.suffix == ".npy"):
        assert np.load(path, allow_pickle=False).dtype != object


def test_nothing_in_the_package_unpickles_files() -> None:
    for path in (ROOT / "pipeline").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(r"\b(?:joblib|torch|dill|cloudpickle|shelve|marshal)\b", source), path
        assert "allow_pickle" not in source, path
        # Ray's tasks travel as pickles from one process of ours to another.
        assert "pickle" not in source or path.name == "ray_engine.py", path


def test_a_rejection_is_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1" + bytes(100) + b"PAR1")
    with pytest.raises(RejectedInputError):
        list(READERS[".parquet"](tmp_path / "a.parquet", Settings()))
