from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.reading.corpus import list_corpus
from pipeline.running import work
from pipeline.running.fingerprints import digest
from pipeline.running.parts import Parts
from pipeline.running.storage import Storage
from pipeline.running.work import REJECTIONS, ArticleTask, Input, ReadTask, Receipt, Worker, schema_of
from pipeline.settings import Settings
from pipeline.tools import Tools
from tests.little import article, fill, write_kb


@pytest.fixture
def worker(tmp_path: Path) -> Worker:
    settings = Settings(model="kb", kb=str(write_kb(tmp_path / "kb")))
    return Worker(Tools(settings), Storage(str(tmp_path / "parts")))


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    return Parts(Storage(str(tmp_path / "parts")))


def read_all(worker: Worker, corpus: Path) -> Receipt:
    return worker.do(ReadTask(tuple(list_corpus(corpus)), "f"))


def as_task(stage: str, index: pa.Table, source: str) -> ArticleTask:
    """All articles of an index through a stage."""
    rows = [row for row in index.to_pylist() if row["article_id"]]
    ids = tuple(row["article_id"] for row in rows)
    inputs = (Input(source, ids, tuple(row["part"] for row in rows)),)
    return ArticleTask(stage, ids, tuple(digest(stage, i) for i in ids), inputs)


def test_reading_notes_files_and_articles(worker: Worker, parts: Parts, tmp_path: Path) -> None:
    corpus = fill(tmp_path / "corpus", range(2))
    (corpus / "leeg.txt").write_text("")
    assert read_all(worker, corpus) == Receipt("read", 3)
    rows = parts.index("read").to_pylist()
    assert sorted(row["file"] for row in rows if not row["article_id"]) == [
        "000/00000.txt",
        "000/00001.txt",
        "leeg.txt",
    ]
    assert [row["n_chars"] for row in rows if row["article_id"]] == [len(article(0)), len(article(1))]
    files = pa.table({"article_id": ["leeg.txt"], "part": [rows[0]["part"]]})
    assert files.num_rows == 1
    rejections = parts.dataset("read", "rejections", [rows[0]["part"]], REJECTIONS).to_table().to_pylist()
    assert [(row["file"], row["reason"]) for row in rejections] == [("leeg.txt", "empty")]


def test_a_file_of_many_records_is_cut_into_parts(
    worker: Worker, parts: Parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "MAX_PART_DOCUMENTS", 2)
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    lines = [json.dumps({"id": str(n % 5), "text": article(n % 5)}) for n in range(7)]
    (corpus / "a.jsonl").write_text("\n".join(lines))
    read_all(worker, corpus)
    rows = parts.index("read").to_pylist()
    by_part: dict[str, int] = {}
    for row in rows:
        by_part[row["part"]] = by_part.get(row["part"], 0) + bool(row["article_id"])
    assert sorted(by_part.values()) == [1, 2, 2]


def test_a_task_done_twice_is_the_same_part(worker: Worker, parts: Parts, tmp_path: Path) -> None:
    read_all(worker, fill(tmp_path / "corpus", range(3)))
    task = as_task("clean", parts.index("read"), "read")
    assert worker.do(task) == Receipt("clean", 3)
    before = {
        name: parts.storage.filesystem.open_input_file(parts.storage.full(name)).read()
        for name in parts.storage.names()
    }
    worker.do(task)
    after = {
        name: parts.storage.filesystem.open_input_file(parts.storage.full(name)).read()
        for name in parts.storage.names()
    }
    assert after == before


def test_a_part_holds_the_rows_of_its_articles_alone(worker: Worker, parts: Parts, tmp_path: Path) -> None:
    read_all(worker, fill(tmp_path / "corpus", range(3)))
    whole = as_task("clean", parts.index("read"), "read")
    one = ArticleTask(
        "clean",
        whole.articles[:1],
        whole.keys[:1],
        (Input("read", whole.articles[:1], whole.inputs[0].parts[:1]),),
    )
    worker.do(one)
    (row,) = parts.index("clean").to_pylist()
    wanted = pa.table({"article_id": [row["article_id"]], "part": [row["part"]]})
    for name in ("articles", "segments", "repairs", "sketches"):
        rows = parts.rows("clean", name, wanted, schema_of(name))
        assert rows.schema.equals(schema_of(name))
        assert set(rows["article_id"].to_pylist()) <= {whole.articles[0]}


def test_recognising_notes_the_knowledge_base_and_the_names(
    worker: Worker, parts: Parts, tmp_path: Path
) -> None:
    read_all(worker, fill(tmp_path / "corpus", range(2)))
    worker.do(as_task("clean", parts.index("read"), "read"))
    worker.do(as_task("recognise", parts.index("clean"), "clean"))
    rows = parts.index("recognise").to_pylist()
    assert {row["kb"] for row in rows} == {worker.tools.kb.fingerprint}
    assert all(len(row["names"]) == 32 for row in rows)


def test_a_part_of_another_knowledge_base_has_another_name(
    worker: Worker, parts: Parts, tmp_path: Path
) -> None:
    read_all(worker, fill(tmp_path / "corpus", range(1)))
    worker.do(as_task("clean", parts.index("read"), "read"))
    task = as_task("recognise", parts.index("clean"), "clean")
    worker.do(task)
    path = tmp_path / "kb" / "leaders.csv"
    path.write_text(path.read_text().replace("Poetin", "Putin"))
    Worker(Tools(worker.tools.settings), parts.storage).do(task)
    assert len(set(parts.index("recognise")["part"].to_pylist())) == 2
