"""A run after others gives the tables of a fresh one, byte for byte, and makes only what is missing."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import spacy
from hypothesis import HealthCheck, Phase, example, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.run import Report, run_all
from pipeline.settings import Settings
from tests.little import article, fill, kb_rows, tables, write_kb

STAGES = ("read", "clean", "recognise", "link")


@pytest.fixture(autouse=True, scope="module")
def _one_tokenizer() -> Iterator[None]:
    """spaCy's tokenizer takes most of the time of a run over ten articles."""
    real = spacy.blank
    kept: list[Any] = []

    def blank(language: str) -> Any:
        if not kept:
            kept.append(real(language))
        if kept[0].has_pipe("sentencizer"):
            kept[0].remove_pipe("sentencizer")
        return kept[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spacy, "blank", blank)
        yield


class World:
    """A corpus, a knowledge base and settings that are edited, with an output folder that is kept."""

    def __init__(self, folder: Path, n_articles: int = 8) -> None:
        self.folder = folder
        self.corpus = fill(folder / "corpus", range(n_articles))
        self.out = folder / "uit"
        self.kb = kb_rows()
        self.outlet: str | None = None
        self.records: dict[str, str] = {"r1": article(901), "r2": article(902)}
        self.fresh = False
        self._n_fresh = 0
        self.write_records()

    def files(self) -> list[Path]:
        return sorted(self.corpus.rglob("*.txt"))

    def write_records(self) -> None:
        lines = [json.dumps({"id": name, "text": text}) for name, text in self.records.items()]
        (self.corpus / "archief.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")

    def run(self, **options: Any) -> Report:
        settings = Settings(model="kb", kb=str(write_kb(self.folder / "kb", self.kb)), outlet=self.outlet)
        options = {"workers": 1, "fresh": self.fresh} | options
        return run_all(self.corpus, options.pop("out", self.out), settings, **options)

    def fresh_tables(self) -> dict[str, str]:
        self._n_fresh += 1
        out = self.folder / f"vers-{self._n_fresh}"
        self.run(out=out)
        return tables(out)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def made(report: Report) -> tuple[int, ...]:
    return tuple(report.made[stage] for stage in STAGES)


def edit(world: World, what: str, n: int) -> None:
    """Change something of a world; `n` says which one, and how."""
    if what in ("change", "delete", "rename", "break"):
        edit_file(world.files()[n % len(world.files())], what, n)
    elif what in ("record", "unrecord"):
        if what == "record":
            world.records[f"r{n % 4}"] = article(910 + n)
        else:
            world.records.pop(next(iter(world.records), ""), None)
        world.write_records()
    elif what in NAMES:
        file, column, row, values = NAMES[what]
        value, rows = values[n % len(values)], world.kb[file]
        # A strong alias is one person's: whoever had it loses it.
        for other in rows:
            if what == "alias" and other.get(column) == value:
                other[column] = ""
        rows[row if row is not None else n % 3][column] = value
    elif what == "order":
        world.kb["leaders"].reverse()
    elif what == "add":
        fill(world.corpus, range(20 + n, 21 + n))
    elif what == "outlet":
        world.outlet = ("De Bode", None, "De Lantaarn")[n % 3]
    else:
        world.fresh = True


def edit_file(file: Path, what: str, n: int) -> None:
    if what == "delete":
        file.unlink()
    elif what == "rename":
        file.rename(file.with_name(f"nieuw-{n}.txt"))
    else:
        file.write_text(article(1000 + n) if what == "change" else "", encoding="utf-8")


#: Edits of the knowledge base: file, column, row (or any of three), and the values to choose from.
NAMES: dict[str, tuple[str, str, int | None, tuple[str, ...]]] = {
    "alias": ("leaders", "aliases", None, ("Poetin", "Donald", "de premier", "Vladimir|Wladimir")),
    "weak": ("organisations", "weak_aliases", 0, ("akkoord", "Bondgenootschap", "Kremlin")),
    "title": ("roles", "titles", 2, ("chef", "krant|chef", "museum")),
}
EDITS = [
    "add",
    "change",
    "delete",
    "rename",
    "break",
    "record",
    "unrecord",
    "alias",
    "weak",
    "title",
    "order",
    "outlet",
    "fresh",
]


# Shrinking runs the pipeline hundreds of times: the steps of a failure are short enough to read.
@hypothesis_settings(
    deadline=None,
    max_examples=8,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(
    st.lists(
        st.lists(st.tuples(st.sampled_from(EDITS), st.integers(0, 11)), max_size=3), min_size=1, max_size=4
    )
)
@example([[("alias", 8)]])
def test_any_edits_give_the_tables_of_a_fresh_run(steps: list[list[tuple[str, int]]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), n_articles=14)
        world.run()
        for edits in steps:
            world.fresh = False
            for what, n in edits:
                edit(world, what, n)
            world.run()
            assert tables(world.out) == world.fresh_tables()
        world.fresh = False
        assert made(world.run()) == (0, 0, 0, 0)


def test_a_second_run_makes_nothing_and_gives_the_same_bytes(world: World) -> None:
    assert made(world.run()) == (9, 10, 10, 10)
    before = tables(world.out)
    assert made(world.run()) == (0, 0, 0, 0)
    assert tables(world.out) == before
    assert json.loads((world.out / "run.json").read_text())["made"] == dict.fromkeys(STAGES, 0)


def test_one_new_article_costs_one_article(world: World) -> None:
    world.run()
    fill(world.corpus, range(50, 51))
    assert made(world.run()) == (1, 1, 1, 1)
    assert tables(world.out) == world.fresh_tables()


def test_one_new_record_costs_the_reading_of_its_file_and_one_article(world: World) -> None:
    world.run()
    world.records["r3"] = article(903)
    world.write_records()
    assert made(world.run()) == (1, 1, 1, 1)


def test_a_renamed_file_is_another_article(world: World) -> None:
    world.run()
    world.files()[0].rename(world.corpus / "anders.txt")
    assert made(world.run()) == (1, 1, 1, 1)
    assert "anders.txt" in pq.read_table(world.out / "articles.parquet")["source"].to_pylist()


def test_a_deleted_file_leaves_the_tables_and_the_parts(world: World) -> None:
    world.run()
    gone = world.files()[0]
    gone.unlink()
    assert made(world.run()) == (0, 0, 0, 0)
    for name in ("documents", "articles", "mentions"):
        sources = set(pq.read_table(world.out / f"{name}.parquet")["source"].to_pylist())
        assert gone.relative_to(world.corpus).as_posix() not in sources
        assert sources
    for stage in STAGES:
        assert pq.read_table(world.out / ".parts" / stage / "all.index.parquet").num_rows > 0
    gone.write_text(article(0), encoding="utf-8")
    assert made(world.run()) == (1, 1, 1, 1)


def test_a_changed_alias_links_all_and_recognises_those_that_hold_it(world: World) -> None:
    world.run()
    texts = pq.read_table(world.out / "articles.parquet")["text"].to_pylist()
    holding = sum("museum" in text.casefold() for text in texts)
    assert 0 < holding < len(texts)
    world.kb["organisations"].append({"entity_id": "org/museum", "name": "Museum", "type": "body"})
    assert made(world.run()) == (0, 0, holding, len(texts))
    assert tables(world.out) == world.fresh_tables()
    assert made(world.run()) == (0, 0, 0, 0)


def test_an_office_links_all_and_recognises_nothing(world: World) -> None:
    world.run()
    world.kb["offices"][1]["start"] = "2022-01-01"
    assert made(world.run()) == (0, 0, 0, 10)
    assert tables(world.out) == world.fresh_tables()


def test_a_knowledge_base_that_comes_back_after_a_crash_is_not_taken_for_the_other(world: World) -> None:
    world.run()
    wanted = tables(world.out)
    index = {path: path.read_bytes() for path in world.out.rglob("all.index.parquet")}
    world.kb["leaders"][0]["aliases"] = "Tsaar"
    world.run()
    # As if it had been killed before the indices were swept.
    for path, content in index.items():
        path.write_bytes(content)
    world.kb = kb_rows()
    world.run()
    assert tables(world.out) == wanted


def test_a_new_model_recognises_again_and_does_not_clean(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.run()
    monkeypatch.setattr("pipeline.recognition.loading.KB_ONLY", "geen")
    settings = Settings(model="geen", kb=str(world.folder / "kb"))
    report = run_all(world.corpus, world.out, settings, workers=1)
    assert made(report) == (0, 0, 10, 10)
    assert set(pq.read_table(world.out / "mentions.parquet")["model"].to_pylist()) == {"geen"}


def test_the_outlet_reads_and_cleans_again(world: World) -> None:
    world.run()
    world.outlet = "De Bode"
    assert made(world.run()) == (9, 10, 10, 10)
    assert set(pq.read_table(world.out / "articles.parquet")["outlet"].to_pylist()) == {"De Bode"}


def test_fresh_makes_all_again(world: World) -> None:
    world.run()
    assert made(world.run(fresh=True)) == (9, 10, 10, 10)


def test_stages_up_to_one_serve_the_next_run(world: World) -> None:
    assert world.run(last="clean").made == {"read": 9, "clean": 10}
    assert made(world.run()) == (0, 0, 10, 10)
    assert tables(world.out) == world.fresh_tables()


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("damage", ["cut off", "empty", "gone", "flipped", "index"])
def test_a_broken_part_is_made_again(stage: str, damage: str, world: World) -> None:
    world.run()
    wanted = tables(world.out)
    folder = world.out / ".parts" / stage
    victims = sorted(path for path in folder.iterdir() if ("index" in path.name) == (damage == "index"))
    victim = max(victims, key=lambda path: path.stat().st_size)
    content = victim.read_bytes()
    match damage:
        case "cut off" | "index":
            victim.write_bytes(content[: len(content) // 2])
        case "empty":
            victim.write_bytes(b"")
        case "gone":
            victim.unlink()
        case "flipped":
            middle = 60
            victim.write_bytes(
                content[:middle]
                + bytes(b ^ 0x55 for b in content[middle : middle + 40])
                + content[middle + 40 :]
            )
    # What reads the part must be asked for it.
    if stage != "link":
        world.kb["leaders"][0]["aliases"] = "Poetin|Tsaar"
        wanted = world.fresh_tables()
    report = world.run()
    assert tables(world.out) == wanted
    assert report.made[stage] > 0 or damage == "flipped"


def test_parts_of_an_older_version_are_made_again(world: World) -> None:
    world.run()
    wanted = tables(world.out)
    for path in (world.out / ".parts").rglob("*.index.parquet"):
        pq.write_table(pq.read_table(path).drop_columns(["bytes"]), path)
    assert made(world.run()) == (9, 10, 10, 10)
    assert tables(world.out) == wanted
    assert made(world.run()) == (0, 0, 0, 0)


def test_a_folder_of_parts_with_other_files_does_no_harm(world: World) -> None:
    (world.out / ".parts" / "read").mkdir(parents=True)
    (world.out / ".parts" / "read" / "notities.txt").write_text("van iemand")
    pq.write_table(pa.table({"a": [1]}), world.out / ".parts" / "read" / "x.index.parquet")
    assert made(world.run()) == (9, 10, 10, 10)
    assert made(world.run()) == (0, 0, 0, 0)


def test_progress_grows_to_the_whole(world: World) -> None:
    seen: dict[str, list[tuple[int, int]]] = {}
    world.run(progress=lambda stage, done, of: seen.setdefault(stage, []).append((done, of)))
    assert list(seen) == list(STAGES)
    for stage, steps in seen.items():
        whole = 9 if stage == "read" else 10
        assert [of for _, of in steps] == [whole] * len(steps)
        done = [d for d, _ in steps]
        assert done == sorted(done)
        assert (done[0], done[-1]) == (0, whole)
    seen.clear()
    fill(world.corpus, range(50, 51))
    world.run(progress=lambda stage, done, of: seen.setdefault(stage, []).append((done, of)))
    assert seen["clean"] == [(10, 11), (11, 11)]
