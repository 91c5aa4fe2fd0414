from __future__ import annotations

import gzip
import json
import os
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.main import get_command
from typer.testing import CliRunner, Result

from pipeline import __version__
from pipeline.cli import app
from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.schemas import TABLES

SUMMIT = """2024-03-05
Poetin en Macron spreken elkaar in Moskou

De Russische president Vladimir Poetin heeft dinsdag in Moskou de Franse president Macron ontvangen. Zij
spraken volgens het Kremlin ruim twee uur over de oorlog in Oekraïne en over de plaats van de NAVO daarin.

Macron vloog na afloop door naar Kiev. Poetin belde ’s avonds met zijn collega Loekasjenko van Belarus.
"""
UNION = (
    "De Europese Unie en de Verenigde Naties sturen samen voedsel naar Armenië, zo heeft de premier van "
    "België woensdag in Brussel gezegd. De CSTO heeft nog niet gereageerd."
)
GERMAN = (
    "Der Bundeskanzler hat am Mittwoch in Berlin erklärt, dass die Regierung die Hilfe im nächsten Jahr "
    "deutlich erhöhen will. Die Opposition hält den Plan für zu teuer."
)
JPEG = bytes.fromhex("ffd8ffe000104a46494600010101004800480000ffdb004300") + bytes(range(256)) * 20

STAGES = ["read", "clean", "recognise", "link", "count"]
READING = [
    "--text-field",
    "--id-field",
    "--title-field",
    "--published-field",
    "--url-field",
    "--outlet-field",
    "--outlet",
    "--max-chars",
    "--any-language",
]
OPTIONS = {
    "run": [
        "--out",
        "-o",
        "--model",
        "-m",
        "--workers",
        "--engine",
        "--fresh",
        "--by-year",
        "--whole",
        "--kb",
        *READING,
    ],
    "read": ["--out", "-o", *READING],
    "clean": ["--out", "-o"],
    "recognise": ["--out", "-o", "--model", "-m"],
    "link": ["--out", "-o", "--model", "-m"],
    "count": ["--out", "-o", "--model", "-m"],
}


def vermeld(*arguments: str | Path) -> Result:
    """The command with these arguments; it never ends in a traceback."""
    result = CliRunner().invoke(app, [str(a) for a in arguments], env={"COLUMNS": "200"})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert "Traceback" not in result.output
    return result


def shown(text: str) -> str:
    """What a terminal shows: without colours, on one line."""
    return " ".join(re.sub(r"\x1b\[[0-9;]*m", "", text).split())


def rows(out: Path, name: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = pq.read_table(out / f"{name}.parquet").to_pylist()
    return found


def tables(out: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in out.glob("*.parquet")}


@pytest.fixture(autouse=True)
def _loaded_once(kb: KnowledgeBase, index: AliasIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    """The knowledge base takes most of the time of a small run."""
    monkeypatch.setattr("pipeline.tools.load_kb", lambda _folder: kb)
    monkeypatch.setattr("pipeline.tools.build_index", lambda _kb: index)


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Articles in several formats, one of them twice, and two files that are none."""
    folder = tmp_path / "corpus"
    (folder / "delta").mkdir(parents=True)
    (folder / "delta" / "top.txt").write_text(SUMMIT)
    (folder / "archief.csv").write_text(f'id;title;published;text\n1;Hulp;5 maart 2024;"{UNION}"\n2;;;\n')
    lines = [{"id": "z", "text": UNION, "outlet": "De Bode"}, {"id": "a", "text": SUMMIT}]
    packed = gzip.compress("\n".join(map(json.dumps, lines)).encode(), mtime=0)
    (folder / "kroniek.jsonl.gz").write_bytes(packed)
    (folder / "leeg.txt").write_bytes(b"")
    return folder


def test_run_writes_every_table_and_says_what_it_found(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit"
    result = vermeld("run", corpus, "--out", out, "--model", "kb")
    assert result.exit_code == 0
    names = [*(f"{t}.parquet" for t in TABLES), "run.json", ".lock", ".parts"]
    assert sorted(p.name for p in out.iterdir()) == sorted(names)
    assert [row["source"] for row in rows(out, "documents")] == [
        "archief.csv#1",
        "delta/top.txt",
        "kroniek.jsonl.gz#a",
        "kroniek.jsonl.gz#z",
    ]
    assert [(row["source"], row["reason"]) for row in rows(out, "rejected")] == [
        ("archief.csv#2", "no_text"),
        ("leeg.txt", "empty"),
    ]
    linked = {row["entity_id"] for row in rows(out, "mentions") if row["source"] == "delta/top.txt"}
    assert {"leader/vladimir-poetin", "leader/emmanuel-macron", "country/UKR", "org/navo"} <= linked
    text = shown(result.stdout)
    assert "4 articles read, 2 inputs rejected;" in text
    assert "rejected leeg.txt: the file is empty" in text
    assert "Vladimir Poetin" in text


def test_run_json_counts_the_rows_and_names_the_model(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit"
    vermeld("run", corpus, "--out", out, "--model", "kb")
    report = json.loads((out / "run.json").read_text())
    assert report["model"] == "kb"
    assert report["versions"]["vermeld"] == __version__
    assert report["rows"] == {name: len(rows(out, name)) for name in TABLES}
    assert {row["model"] for row in rows(out, "mentions")} == {"kb"}


def test_stages_one_by_one_give_the_bytes_of_run(corpus: Path, tmp_path: Path) -> None:
    whole, steps = tmp_path / "heel", tmp_path / "stappen"
    assert vermeld("run", corpus, "--out", whole, "--model", "kb").exit_code == 0
    for stage in STAGES:
        arguments: list[str | Path] = [stage, "--out", steps]
        if stage == "read":
            arguments.append(corpus)
        if stage == "recognise":
            arguments += ["--model", "kb"]
        result = vermeld(*arguments)
        assert result.exit_code == 0, result.output
    assert tables(steps) == tables(whole)
    assert sorted(tables(steps)) == sorted(TABLES)


def test_a_second_run_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit"
    vermeld("run", corpus, "--out", out, "--model", "kb")
    first = tables(out)
    vermeld("run", corpus, "--out", out, "--model", "kb")
    assert tables(out) == first


def test_an_output_folder_inside_the_corpus_is_not_read_back(corpus: Path) -> None:
    vermeld("run", corpus, "--out", corpus / "uit", "--model", "kb")
    first = tables(corpus / "uit")
    vermeld("run", corpus, "--out", corpus / "uit", "--model", "kb")
    assert tables(corpus / "uit") == first


@pytest.mark.parametrize("place", ["..", "."])
def test_a_corpus_inside_the_output_folder_is_read(place: str, corpus: Path) -> None:
    result = vermeld("read", corpus, "--out", corpus / place)
    assert result.exit_code == 0
    assert len(rows(corpus / place, "documents")) == 4


def test_every_kind_of_bad_file_is_a_row_and_the_good_one_is_read(tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "uit"
    corpus.mkdir()
    (corpus / "leeg.txt").write_bytes(b"")
    (corpus / "foto.txt").write_bytes(JPEG)
    (corpus / "duits.txt").write_text(GERMAN)
    sentence = b"De brug over de vaart blijft dicht. "
    (corpus / "lang.txt").write_bytes(sentence * (50_000_000 // len(sentence) + 1))
    (corpus / "afgebroken.txt.gz").write_bytes(gzip.compress(os.urandom(3000))[:1500])
    (corpus / "goed.txt").write_text(SUMMIT)
    result = vermeld("run", corpus, "--out", out, "--model", "kb")
    assert result.exit_code == 0
    assert [(row["source"], row["reason"]) for row in rows(out, "rejected")] == [
        ("afgebroken.txt.gz", "unreadable"),
        ("duits.txt", "not_dutch"),
        ("foto.txt", "binary"),
        ("lang.txt", "too_long"),
        ("leeg.txt", "empty"),
    ]
    assert [row["source"] for row in rows(out, "articles")] == ["goed.txt"]
    text = shown(result.stdout)
    assert "1 articles read, 5 inputs rejected;" in text
    for row in rows(out, "rejected"):
        assert f"rejected {row['source']}: {row['detail']}" in text


@pytest.mark.parametrize("command", ["run", "read"])
def test_a_missing_corpus_is_wrong_usage(command: str, tmp_path: Path) -> None:
    model = ["--model", "kb"] if command == "run" else []
    result = vermeld(command, tmp_path / "weg", "--out", tmp_path / "uit", *model)
    assert result.exit_code == 2
    assert shown(result.stderr) == f"error: no such corpus: {tmp_path / 'weg'}"
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("command", ["run", "read"])
def test_a_corpus_of_which_nothing_can_be_read_fails_and_says_why(command: str, tmp_path: Path) -> None:
    corpus, out = tmp_path / "corpus", tmp_path / "uit"
    corpus.mkdir()
    (corpus / "leeg.txt").write_bytes(b"")
    (corpus / "foto.txt").write_bytes(JPEG)
    model = ["--model", "kb"] if command == "run" else []
    result = vermeld(command, corpus, "--out", out, *model)
    assert result.exit_code == 1
    assert shown(result.stderr) == f"error: no article could be read from {corpus}: 2 rejected"
    assert [row["source"] for row in rows(out, "rejected")] == ["foto.txt", "leeg.txt"]


def test_an_empty_folder_is_nothing_read(tmp_path: Path) -> None:
    (tmp_path / "corpus").mkdir()
    result = vermeld("read", tmp_path / "corpus", "--out", tmp_path / "uit")
    assert result.exit_code == 1
    assert shown(result.stderr).endswith(": 0 rejected")


def test_read_shows_how_many_rows_it_wrote(corpus: Path, tmp_path: Path) -> None:
    result = vermeld("read", corpus, "--out", tmp_path / "uit")
    assert result.exit_code == 0
    assert "4 rows" in shown(result.stdout).split("documents")[0]
    assert sorted(tables(tmp_path / "uit")) == ["documents", "rejected"]


def test_options_of_read_reach_the_reader(tmp_path: Path) -> None:
    corpus, out = tmp_path / "a.csv", tmp_path / "uit"
    corpus.write_text(
        f'nr,kop,tekst,datum,adres,krant\n7,Hulp,"{UNION}",2024-03-05,https://a.example/7,De Bode\n'
        f'8,Hilfe,"{GERMAN}",,,\n9,Lang,"{UNION * 3}",,,\n'
    )
    result = vermeld(
        "read", corpus, "-o", out, "--text-field", "tekst", "--id-field", "nr", "--title-field", "kop",
        "--published-field", "datum", "--url-field", "adres", "--outlet-field", "krant",
        "--outlet", "De Lantaarn", "--max-chars", "300", "--any-language",
    )  # fmt: skip
    assert result.exit_code == 0
    columns = ("source", "title", "published", "url", "outlet")
    assert [tuple(row[c] for c in columns) for row in rows(out, "documents")] == [
        ("a.csv#7", "Hulp", "2024-03-05", "https://a.example/7", "De Bode"),
        ("a.csv#8", "Hilfe", None, None, "De Lantaarn"),
    ]
    assert [(row["source"], row["reason"]) for row in rows(out, "rejected")] == [("a.csv#9", "too_long")]


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["run"],
        ["read"],
        ["tel"],
        ["run", "corpus", "--modl", "kb"],
        ["run", "corpus", "--max-chars", "0"],
        ["run", "corpus", "--max-chars", "veel"],
        ["run", "corpus", "nog-een"],
        ["clean", "corpus", "nog-een"],
        ["clean", "--model", "kb"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_two(arguments: list[str]) -> None:
    result = vermeld(*arguments)
    assert result.exit_code == 2
    assert "Usage: vermeld" in shown(result.output)


@pytest.mark.parametrize("stage", ["clean", "recognise", "link", "count"])
def test_a_stage_without_its_tables_says_which_is_missing(stage: str, tmp_path: Path) -> None:
    arguments = ["--model", "kb"] if stage == "recognise" else []
    result = vermeld(stage, "--out", tmp_path / "uit", *arguments)
    missing = {"clean": "documents", "recognise": "articles", "link": "articles", "count": "mentions"}[stage]
    assert result.exit_code == 2
    assert shown(result.stderr) == (
        f"error: no table {missing}.parquet in {tmp_path / 'uit'}: run the stage that makes it first"
    )


def test_a_table_that_is_no_parquet_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "documents.parquet").write_bytes(b"kapot")
    result = vermeld("clean", "--out", tmp_path)
    assert result.exit_code == 2
    assert "documents.parquet" in shown(result.stderr)


def test_a_table_of_another_version_is_one_clear_message(tmp_path: Path) -> None:
    pq.write_table(pa.table({"source": ["a.txt"], "raw": ["tekst"]}), tmp_path / "documents.parquet")
    result = vermeld("clean", "--out", tmp_path)
    assert result.exit_code == 2
    assert shown(result.stderr).startswith("error: table documents: schema is")


@pytest.mark.parametrize("name", ["[oud]", "[red]", "[/oud]", "a[b]c"])
def test_brackets_in_a_path_are_shown_as_they_are(name: str, tmp_path: Path) -> None:
    result = vermeld("read", f"{tmp_path}/{name}", "--out", tmp_path / "uit")
    assert result.exit_code == 2
    assert shown(result.stderr) == f"error: no such corpus: {tmp_path}/{name}"


def test_brackets_in_the_output_folder_are_shown_as_they_are(corpus: Path, tmp_path: Path) -> None:
    out = tmp_path / "uit [oud]"
    result = vermeld("read", corpus, "--out", out)
    assert result.exit_code == 0
    assert f"{out}/documents.parquet" in shown(result.stdout)


def test_an_output_folder_that_is_a_file_is_one_clear_message(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "uit").write_text("geen map")
    result = vermeld("read", corpus, "--out", tmp_path / "uit")
    assert result.exit_code == 2
    assert shown(result.stderr).startswith("error: cannot write the tables: ")


@pytest.mark.parametrize("model", ["bestaat-niet", "json", "./mijn-model", "modellen/nl.v2", "nl.v2", ""])
def test_a_model_that_is_not_there_is_one_clear_message(model: str, corpus: Path, tmp_path: Path) -> None:
    result = vermeld("run", corpus, "--out", tmp_path / "uit", "--model", model)
    assert result.exit_code == 2
    assert shown(result.stderr).startswith("error: ")
    assert "model" in shown(result.stderr)
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("command", OPTIONS)
def test_a_stage_has_these_options_and_its_help_names_them(command: str) -> None:
    result = vermeld(command, "--help")
    assert result.exit_code == 0
    words = shown(result.stdout).split()
    assert [option for option in OPTIONS[command] if option not in words] == []
    assert [word for word in words if word.startswith("--") and word not in OPTIONS[command]] == ["--help"]


@pytest.mark.parametrize("command", [command.name for command in app.registered_commands])
def test_help_of_every_command_says_what_it_does_and_names_its_options(command: str) -> None:
    parameters = get_command(app).commands[command].params  # type: ignore[attr-defined]
    text = shown(vermeld(command, "--help").stdout)
    assert re.search(rf"Usage: vermeld {command} .*? [A-Z][a-z]+ .*\.", text)
    for parameter in parameters:
        assert parameter.help, parameter.name
        for option in parameter.opts:
            assert option in text.split()


def test_help_lists_the_stages_in_their_order() -> None:
    listed = re.findall(r"│ ([a-z]+) ", shown(vermeld("--help").stdout))
    assert [command for command in listed if command in OPTIONS] == list(OPTIONS)


def test_version_prints_the_version() -> None:
    result = vermeld("version")
    assert (result.exit_code, result.stdout) == (0, f"{__version__}\n")


def test_a_stage_with_a_corpus_runs_what_comes_before_it(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "a.txt").write_text(
        "De Franse president Emmanuel Macron sprak maandag in Parijs met premier Donald Tusk van Polen.",
        encoding="utf-8",
    )
    for stage, table in (("clean", "segments"), ("link", "mentions"), ("count", "cooccurrences")):
        out = tmp_path / stage
        model = [] if stage == "clean" else ["--model", "kb"]
        result = CliRunner().invoke(app, [stage, str(corpus), "--out", str(out), *model])
        assert result.exit_code == 0, result.output
        assert (out / f"{table}.parquet").is_file()
    whole = tmp_path / "run"
    assert CliRunner().invoke(app, ["run", str(corpus), "--out", str(whole), "--model", "kb"]).exit_code == 0
    for table in ("mentions", "counts", "cooccurrences"):
        assert (tmp_path / "count" / f"{table}.parquet").read_bytes() == (
            whole / f"{table}.parquet"
        ).read_bytes()


def test_a_stage_with_a_corpus_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["link", str(tmp_path / "weg"), "--out", str(tmp_path / "out")])
    assert result.exit_code == 2
