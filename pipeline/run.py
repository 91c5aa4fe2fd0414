"""The order of the stages: a corpus folder in, the tables and run.json out.

Each `run_*` function reads the tables a stage needs from the output folder, calls the stage, and
writes what it gives; `run_all` does the whole in memory and writes once, all or nothing.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa

from pipeline.aliases import AliasIndex, build_index
from pipeline.clean import clean_corpus
from pipeline.count import count
from pipeline.features import NameFeatures
from pipeline.gazetteer import Gazetteer
from pipeline.kb import KnowledgeBase, load_kb
from pipeline.link import Linker, link, make_linker
from pipeline.read import read
from pipeline.recognise import Recognition, load_recogniser, recognise
from pipeline.settings import Settings, resources
from pipeline.tables import read_table, write_tables

#: Called with the stage's name, what is done of it, and how much there is.
Progress = Callable[[str, int, int], None]
#: Packages whose version can change results.
_VERSIONS = (
    "vermeld",
    "spacy",
    "onnxruntime",
    "tokenizers",
    "pyarrow",
    "ftfy",
    "trafilatura",
    "datasketch",
)


class NothingReadError(RuntimeError):
    """No article of the corpus could be read; `rejected` says why."""


@dataclass
class Tools:
    """What the stages need besides tables, loaded when first asked for."""

    settings: Settings

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge base."""
        return load_kb(resources() / "kb")

    @cached_property
    def index(self) -> AliasIndex:
        """The names of the knowledge base."""
        return build_index(self.kb)

    @cached_property
    def recogniser(self) -> Recognition:
        """The model."""
        gazetteer = Gazetteer(self.index, self.kb.titles)
        features = NameFeatures(self.kb, self.index, gazetteer)
        return load_recogniser(self.settings.model, gazetteer, features=features.of)

    @cached_property
    def linker(self) -> Linker:
        """The linker."""
        return make_linker(self.kb, self.index)


@dataclass
class Clock:
    """Seconds per stage."""

    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def time(self, stage: str) -> Iterator[None]:
        """Add the time of the block to the stage."""
        start = time.perf_counter()
        yield
        self.seconds[stage] = round(self.seconds.get(stage, 0) + time.perf_counter() - start, 3)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """No progress."""


def run_read(corpus: Path, out: Path, settings: Settings, progress: Progress = _silent) -> None:
    """Corpus to documents and rejected.

    Raises:
        NothingReadError: there is no article; the rejections are written all the same.
    """
    documents, rejected = _read(corpus, out, settings, progress)
    write_tables(out, {"documents": documents, "rejected": rejected})
    _require(documents, rejected, corpus)


def _read(corpus: Path, out: Path, settings: Settings, progress: Progress) -> tuple[pa.Table, pa.Table]:
    return read(corpus, settings=settings, skip=out, progress=lambda d, t: progress("read", d, t))


def _require(documents: pa.Table, rejected: pa.Table, corpus: Path) -> None:
    if not documents.num_rows:
        raise NothingReadError(f"no article could be read from {corpus}: {rejected.num_rows} rejected")


def run_clean(out: Path, _tools: Tools, _progress: Progress = _silent) -> None:
    """Documents to articles, segments and repairs."""
    write_tables(out, _cleaned(read_table(out, "documents")))


def _cleaned(documents: pa.Table) -> dict[str, pa.Table]:
    cleaned = clean_corpus(documents)
    return {
        "articles": cleaned.articles,
        "segments": cleaned.segments,
        "repairs": cleaned.repairs,
    }


def run_recognise(out: Path, tools: Tools, progress: Progress = _silent) -> None:
    """Articles to mentions, not linked."""
    tables = {name: read_table(out, name) for name in ("articles", "segments", "repairs")}
    write_tables(out, {"mentions": _recognised(tables, tools, progress)})


def _recognised(tables: dict[str, pa.Table], tools: Tools, progress: Progress) -> pa.Table:
    return recognise(
        tables["articles"],
        tables["segments"],
        tables["repairs"],
        recogniser=tools.recogniser,
        batch_size=tools.settings.batch_size,
        progress=lambda d, t: progress("recognise", d, t),
    )


def run_link(out: Path, tools: Tools, _progress: Progress = _silent) -> None:
    """Mentions to linked mentions."""
    tables = {name: read_table(out, name) for name in ("articles", "segments", "repairs", "mentions")}
    write_tables(out, {"mentions": _linked(tables, tools)})


def _linked(tables: dict[str, pa.Table], tools: Tools) -> pa.Table:
    names = ("articles", "segments", "repairs", "mentions")
    return link(*(tables[name] for name in names), linker=tools.linker)


def run_count(out: Path, _tools: Tools, _progress: Progress = _silent) -> None:
    """Linked mentions to counts and cooccurrences."""
    counts, cooccurrences = count(read_table(out, "mentions"))
    write_tables(out, {"counts": counts, "cooccurrences": cooccurrences})


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage behind read: what runs it on an output folder, and the tables it writes."""

    run: Callable[[Path, Tools, Progress], None]
    tables: tuple[str, ...]


#: In their order.
STAGES = {
    "clean": Stage(run_clean, ("articles", "segments", "repairs")),
    "recognise": Stage(run_recognise, ("mentions",)),
    "link": Stage(run_link, ("mentions",)),
    "count": Stage(run_count, ("counts", "cooccurrences")),
}


def run_through(last: str, corpus: Path, out: Path, settings: Settings, progress: Progress = _silent) -> None:
    """Read the corpus and run the stages up to and including `last`, writing each one's tables.

    Raises:
        NothingReadError: there is no article.
        ModelError: the model is not there.
    """
    run_read(corpus, out, settings, progress)
    tools = Tools(settings)
    for name, stage in STAGES.items():
        stage.run(out, tools, progress)
        if name == last:
            return


def run_all(corpus: Path, out: Path, settings: Settings, progress: Progress = _silent) -> dict[str, pa.Table]:
    """All stages; the tables, which are also written to `out` with run.json.

    Raises:
        NothingReadError: there is no article; only `rejected` is written then.
        ModelError: the model is not there.
    """
    tools, clock = Tools(settings), Clock()
    with clock.time("load"):
        tools.recogniser, tools.linker  # noqa: B018 - fail on a missing model before reading starts
    with clock.time("read"):
        documents, rejected = _read(corpus, out, settings, progress)
    if not documents.num_rows:
        write_tables(out, {"rejected": rejected})
    _require(documents, rejected, corpus)
    tables = {"documents": documents, "rejected": rejected}
    with clock.time("clean"):
        tables |= _cleaned(documents)
    with clock.time("recognise"):
        tables["mentions"] = _recognised(tables, tools, progress)
    with clock.time("link"):
        tables["mentions"] = _linked(tables, tools)
    with clock.time("count"):
        tables["counts"], tables["cooccurrences"] = count(tables["mentions"])
    report = _run_report(corpus, tables, tools, clock)
    write_tables(out, tables, files={"run.json": json.dumps(report, indent=2) + "\n"})
    return tables


def _run_report(corpus: Path, tables: dict[str, pa.Table], tools: Tools, clock: Clock) -> dict[str, object]:
    """What stands in run.json."""
    inputs = "".join(sorted(tables["documents"].column("raw_sha256").to_pylist()))
    return {
        "versions": {"python": platform.python_version()} | {p: version(p) for p in _VERSIONS},
        "model": tools.recogniser.name,
        "settings_sha256": tools.settings.fingerprint(),
        "kb_sha256": tools.kb.fingerprint,
        "model_sha256": tools.recogniser.fingerprint,
        "inputs": {
            "corpus": str(corpus),
            "sha256": hashlib.sha256(inputs.encode()).hexdigest(),
        },
        "rows": {name: table.num_rows for name, table in sorted(tables.items())},
        "seconds": clock.seconds,
    }
