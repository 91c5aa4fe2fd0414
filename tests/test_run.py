from __future__ import annotations

import hashlib
import io
import json
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console

from pipeline.gating.gate_report import show
from pipeline.run import run_all
from pipeline.schemas import TABLES, Kind, Label, LinkReason, Zone
from pipeline.settings import DEFAULT_MODEL, Settings
from tests import gate

Row = dict[str, Any]
Tables = dict[str, pa.Table]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("outputs")


@pytest.fixture(scope="module")
def tables(out: Path) -> Tables:
    return gate.run_sample(DEFAULT_MODEL, out)


@pytest.fixture(scope="module")
def mentions(tables: Tables) -> list[Row]:
    rows: list[Row] = tables["mentions"].to_pylist()
    return rows


def test_the_sample_gives_the_pinned_results(tables: Tables) -> None:
    assert explained(DEFAULT_MODEL, tables) == ""


def test_the_knowledge_base_alone_gives_the_pinned_results(tmp_path: Path) -> None:
    assert explained("kb", gate.run_sample("kb", tmp_path)) == ""


def explained(model: str, tables: Tables) -> str:
    """What the gate says of a difference, so that the test's message says why; "" if there is none."""
    comparison = gate.compare_sample(model, tables)
    console = Console(file=io.StringIO(), width=120)
    show(comparison, console, title=model)
    return "" if comparison.equal else str(console.file.getvalue())  # type: ignore[attr-defined]


def test_every_table_is_written_with_its_schema(out: Path, tables: Tables) -> None:
    assert {p.stem for p in out.glob("*.parquet")} == set(TABLES)
    for name, spec in TABLES.items():
        assert pq.read_schema(out / f"{name}.parquet").equals(spec.schema)
    assert {p.name for p in out.iterdir() if p.name.startswith(".")} == {".lock", ".parts"}


def test_a_mention_is_the_text_at_its_place(tables: Tables, mentions: list[Row]) -> None:
    texts = {r["article_id"]: r["text"] for r in tables["articles"].to_pylist()}
    wrong = [m for m in mentions if texts[m["article_id"]][m["start"] : m["end"]] != m["text"]]
    assert wrong == []


def test_the_raw_place_gives_the_same_text_but_for_declared_repairs(
    tables: Tables, mentions: list[Row]
) -> None:
    raws = {r["article_id"]: r["raw"] for r in tables["documents"].to_pylist()}
    repaired = {(r["article_id"], i) for r in tables["repairs"].to_pylist() if r["start"] is not None
                for i in range(r["start"], max(r["end"], r["start"] + 1))}  # fmt: skip
    other = [m for m in mentions if raws[m["article_id"]][m["raw_start"] : m["raw_end"]] != m["text"]]
    undeclared = [
        m for m in other if not any((m["article_id"], i) in repaired for i in range(m["start"], m["end"]))
    ]
    assert undeclared == []


def test_segments_cover_every_character_that_is_not_blank(tables: Tables) -> None:
    raws = {r["article_id"]: r["raw"] for r in tables["documents"].to_pylist()}
    seen: dict[str, Counter[int]] = {article: Counter() for article in raws}
    for row in tables["segments"].to_pylist():
        seen[row["article_id"]].update(range(row["raw_start"], row["raw_end"]))
    for article, raw in raws.items():
        blank = {i for i, c in enumerate(raw) if c.isspace()}
        assert set(seen[article]) | blank == set(range(len(raw)))
        assert set(seen[article].values()) <= {1}


def test_mentions_do_not_overlap_and_are_numbered_in_order(mentions: list[Row]) -> None:
    for a, b in pairwise(mentions):
        if a["article_id"] == b["article_id"]:
            assert b["mention"] == a["mention"] + 1
    # A role may overlap the adjective in it: "Russische president".
    for a, b in pairwise(m for m in mentions if m["label"] != "ROLE"):
        assert a["article_id"] != b["article_id"] or a["end"] <= b["start"]


def test_columns_hold_only_their_enumerations(tables: Tables, mentions: list[Row]) -> None:
    assert {m["label"] for m in mentions} <= set(Label)
    assert {m["link_reason"] for m in mentions} <= set(LinkReason)
    assert {m["kind"] for m in mentions} <= {*Kind, None}
    assert set(tables["segments"].column("zone").to_pylist()) <= set(Zone)
    assert all(0 <= m["score"] <= 1 for m in mentions)


def test_a_row_is_linked_or_nil(mentions: list[Row]) -> None:
    for m in mentions:
        facts = (m["entity_id"], m["name"], m["kind"])
        assert all(f is None for f in facts) == (m["link_reason"] == "nil")


def test_every_file_ends_in_articles_or_rejected(tables: Tables) -> None:
    files = {p.relative_to(gate.SAMPLE).as_posix() for p in gate.SAMPLE.rglob("*") if p.is_file()}
    sources = [
        *tables["articles"].column("source").to_pylist(),
        *tables["rejected"].column("source").to_pylist(),
    ]
    assert {s.partition("#")[0] for s in sources} == files
    assert {r["source"]: r["reason"] for r in tables["rejected"].to_pylist()} == {
        "kapot/afgebroken.txt.gz": "unreadable",
        "kapot/foto.txt": "binary",
        "kapot/leeg.txt": "empty",
    }


def test_counts_add_up_from_mentions(tables: Tables, mentions: list[Row]) -> None:
    expected = Counter(m["entity_id"] for m in mentions if m["entity_id"] and m["label"] != "ROLE")
    given: Counter[str] = Counter()
    for row in tables["counts"].to_pylist():
        given[row["entity_id"]] += row["n_mentions"]
        assert row["n_stories"] <= row["n_articles"] <= row["n_mentions"]
    assert given == expected


def test_copies_of_one_story_share_it(tables: Tables) -> None:
    stories: dict[str, set[str]] = {}
    for row in tables["articles"].to_pylist():
        stories.setdefault(row["story_id"], set()).add(row["source"])
    assert sorted(sorted(s) for s in stories.values() if len(s) > 1) == [
        [
            "dagblad-delta/2025-02-25-veiligheidsraad.txt",
            "noordzeebode/2025-02-25-vn-resolutie.txt",
            "vlaams-avondnieuws/2025-02-25-trump-en-rusland-stemmen-samen.txt",
        ],
        [
            "scheldekoerier/2025-10-14_sandu-ontvangen-in-brussel.txt",
            "vlaams-avondnieuws/2025-10-14_belga-sandu-brussel.txt",
        ],
    ]


def test_two_runs_give_the_same_bytes(out: Path, tables: Tables, tmp_path: Path) -> None:
    gate.run_sample(DEFAULT_MODEL, tmp_path)

    def digests(folder: Path) -> dict[str, str]:
        return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.glob("*.parquet"))}

    assert digests(tmp_path) == digests(out)


def test_run_json_says_what_ran(out: Path, tables: Tables) -> None:
    report = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert report["model"] == "nl_vermeld_news-" + report["versions"]["vermeld"]
    assert report["rows"] == {name: table.num_rows for name, table in tables.items()}
    assert set(report["seconds"]) == {
        "load",
        "read",
        "clean",
        "stories",
        "recognise",
        "link",
        "write",
        "count",
    }
    assert all(len(report[k]) == 64 for k in ("settings_sha256", "kb_sha256", "model_sha256"))


def test_pandas_pyarrow_and_duckdb_read_the_same(out: Path, mentions: list[Row]) -> None:
    path = out / "mentions.parquet"
    frame = pd.read_parquet(path)
    top = frame.groupby("name").size().nlargest(3)
    (query,) = duckdb.execute(f"select count(*), count(entity_id) from '{path}'").fetchall()  # noqa: S608
    assert len(frame) == len(mentions) == query[0] == pq.read_table(path).num_rows
    assert frame["entity_id"].notna().sum() == query[1]
    assert list(top.index) == ["Rusland", "Oekraïne", "Verenigde Staten"]


def test_seeds_reach_the_promised_scores(shared: Path, tmp_path: Path) -> None:
    run_all(shared / "seeds", tmp_path, Settings())
    import subprocess

    command = [sys.executable, str(shared / "tools/score.py"), str(tmp_path), str(shared / "gold/seeds")]
    result = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    lines = {line.split()[0]: line for line in result.stdout.splitlines()}
    assert float(lines["span"].split()[6]) >= 0.90
    assert float(lines["entity"].split()[6]) >= 0.90
    assert float(lines["zone"].split()[2]) >= 0.90
