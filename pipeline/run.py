"""The order of the stages: a corpus in, the tables and run.json out; what is still true is not made again.

Each stage looks up, under the hash of all that its rows depend on, what earlier runs made (`parts`), has
the rest done as tasks (`engines`), and in the end the tables are put together from the parts (`assemble`).
That is also how a run goes on after a crash. Nothing in the output folder changes before all tables are
complete.
"""

from __future__ import annotations

import hashlib
import json
import platform
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.cleaning.outlet_lines import shared_lines
from pipeline.cleaning.stories import stories_of
from pipeline.engines import Engine, LocalEngine, cores
from pipeline.reading.corpus import check_corpus, list_corpus
from pipeline.running.assemble import Assembly
from pipeline.running.parts import FOLDER, Parts
from pipeline.running.plan import (
    Fingerprints,
    Lookup,
    documents_of,
    fingerprints,
    keys_of,
    look_up,
    missing_files,
    recognised,
    split_by_lines,
    tasks_for,
    unchanged,
)
from pipeline.running.storage import Storage, is_broken
from pipeline.running.work import Task
from pipeline.settings import Settings
from pipeline.tables import locked
from pipeline.tools import Tools

#: Called with the stage's name, what is done of it, and how much there is.
Progress = Callable[[str, int, int], None]
#: Makes the engine of a run: of its tools, where the parts lie, and the workers asked for, if any.
MakeEngine = Callable[[Tools, Storage, int | None], Engine]
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
STAGES = ("read", "clean", "recognise", "link", "count")


class NothingReadError(RuntimeError):
    """No article of the corpus could be read; `rejected` says why."""


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


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes:
        rows: of each table written.
        made: articles (files, for read) that each stage had to do; the others were there.
        seconds: that each stage took.
    """

    rows: dict[str, int]
    made: dict[str, int]
    seconds: dict[str, float]


def _silent(_stage: str, _done: int, _total: int) -> None:
    """No progress."""


def run_all(
    corpus: Path | str,
    out: Path | str,
    settings: Settings,
    *,
    last: str = "count",
    workers: int | None = None,
    engine: MakeEngine = LocalEngine,
    fresh: bool = False,
    by_year: bool | None = None,
    progress: Progress = _silent,
) -> Report:
    """All stages up to and including `last`, and their tables in `out`, with run.json when it is all.

    Args:
        corpus: a folder or a file, or the address of one in an object store.
        out: a folder, or the address of one in an object store.
        settings: see there.
        last: a name of STAGES.
        workers: cores to use, or actors; all of them if None.
        engine: makes what does the tasks.
        fresh: whether to forget what earlier runs made.
        by_year: whether tables are folders cut by year; None: when there are many articles.
        progress: told how far each stage is.

    Raises:
        NothingReadError: there is no article; only `rejected` is written then.
        ModelError, KnowledgeBaseError: the model or knowledge base is not there or broken.
        FolderInUseError: another run writes into `out`.
        WorkerLostError: a worker process was killed; what was done is kept.
        OSError: the corpus cannot be listed, or `out` cannot be written.
    """
    storage, clock = Storage(str(out)), Clock()
    check_corpus(corpus)
    with clock.time("load"):
        tools = Tools(settings, threads=workers or cores())
        prints = fingerprints(tools)
    with locked(storage):
        this = _Run(corpus, storage, tools, prints, workers, clock, progress)
        return this.do(engine, last=last, fresh=fresh, by_year=by_year)


@dataclass
class _Run:
    """One run over a corpus."""

    corpus: Path | str
    storage: Storage
    tools: Tools
    prints: Fingerprints
    workers: int | None
    clock: Clock
    progress: Progress
    made: dict[str, int] = field(default_factory=dict)
    #: Keys and parts of what was cleaned before the lines of the outlets were known.
    first_cleaned: pa.Table = None

    def do(self, make: MakeEngine, *, last: str, fresh: bool, by_year: bool | None) -> Report:
        parts = Parts(self.storage.below(FOLDER))
        if fresh:
            parts.clear()
        try:
            return self._do_all(parts, make, last=last, by_year=by_year)
        except (OSError, pa.ArrowException) as error:
            if not is_broken(error) or not parts.delete_broken():
                raise
        # Some file of the parts was damaged. Now that it is gone, its rows are made again.
        return self._do_all(parts, make, last=last, by_year=by_year)

    def _do_all(self, parts: Parts, make: MakeEngine, *, last: str, by_year: bool | None) -> Report:
        with closing(make(self.tools, parts.storage, self.workers)) as engine:
            with self.clock.time("read"):
                live, files = self._read(parts, engine)
            indices: dict[str, pa.Table] = {}
            if live.num_rows:
                live, indices = self._through_stages(live, parts, engine, last)
        assembly = Assembly(self.storage, parts, live, files, by_year=by_year)
        rows = assembly.write(
            last if live.num_rows else "nothing",
            lambda rows: self._report(live, rows),
            self.clock.time,
        )
        self._forget(parts, live, files, indices)
        if not live.num_rows:
            corpus = Storage(str(self.corpus)).shown
            raise NothingReadError(f"no article could be read from {corpus}: {rows['rejected']} rejected")
        return Report(rows, self.made, self.clock.seconds)

    def _read(self, parts: Parts, engine: Engine) -> tuple[pa.Table, pa.Table]:
        files = list(list_corpus(self.corpus, skip=self.storage))
        index = parts.index("read")
        stable = unchanged(index)
        if stable.num_rows < index.num_rows:
            # A run that was killed had seen a file change: its rows must not pass for the file's.
            parts.keep_only("read", stable)
        tasks = missing_files(files, stable, self.prints.read)
        self._do("read", tasks, engine, of=len(files))
        return documents_of(files, parts.index("read") if tasks else stable, self.prints.read)

    def _through_stages(
        self, live: pa.Table, parts: Parts, engine: Engine, last: str
    ) -> tuple[pa.Table, dict[str, pa.Table]]:
        """`live` with the parts of each stage, and the indices as they are now."""
        indices: dict[str, pa.Table] = {}
        if last == "read":
            return live, indices
        with self.clock.time("clean"):
            keys = keys_of("clean", self.prints.clean, live["content"])
            live, indices["clean"] = self._stage("clean", live, keys, parts, engine)
            self.first_cleaned = live.select(["clean_key", "clean"])
        with self.clock.time("stories"):
            live = self._with_stories(live, parts)
        with self.clock.time("clean"):
            live, indices["clean"] = self._without_outlet_lines(live, indices["clean"], parts, engine)
        if last == "clean":
            return live, indices
        with self.clock.time("recognise"):
            keys = keys_of("recognise", self.prints.recognise, live["clean_key"])
            live, indices["recognise"] = self._recognise(live, keys, parts, engine)
        if last == "recognise":
            return live, indices
        with self.clock.time("link"):
            keys = keys_of("link", self.prints.link, live["recognise_key"])
            live, indices["link"] = self._stage("link", live, keys, parts, engine)
        return live, indices

    def _stage(
        self, stage: str, live: pa.Table, keys: pa.Array, parts: Parts, engine: Engine
    ) -> tuple[pa.Table, pa.Table]:
        index = parts.index(stage)
        found = look_up(keys, index)
        tasks = tasks_for(stage, live, found, workers=engine.workers)
        self._do(stage, tasks, engine, of=live.num_rows)
        if tasks:
            index = parts.index(stage)
            found = look_up(keys, index)
        return _with_stage(live, stage, found), index

    def _with_stories(self, live: pa.Table, parts: Parts) -> pa.Table:
        """`live` with `story_id`, by the texts as they are cleaned now."""
        stories = stories_of(Assembly(self.storage, parts, live, None).rows_of("sketches"))
        at = pc.index_in(live["article_id"], value_set=stories["article_id"].combine_chunks())
        others = [name for name in live.column_names if name != "story_id"]
        return live.select(others).append_column("story_id", stories["story_id"].take(at))

    def _without_outlet_lines(
        self, live: pa.Table, index: pa.Table, parts: Parts, engine: Engine
    ) -> tuple[pa.Table, pa.Table]:
        """Clean the articles again that hold lines which many stories of their outlet share."""
        lines = Assembly(self.storage, parts, live, None).rows_of("lines")
        shared = shared_lines(lines, live.select(["article_id", "story_id"]))
        if not shared.num_rows:
            return live, index
        touched, others = split_by_lines(live, shared)
        keys = keys_of("clean", self.prints.clean, touched["cleaned_from"])
        again, index = self._stage("clean", touched.drop_columns(["clean", "clean_key"]), keys, parts, engine)
        live = pa.concat_tables([others, again.select(others.column_names)])
        return self._with_stories(live, parts), index

    def _recognise(
        self, live: pa.Table, keys: pa.Array, parts: Parts, engine: Engine
    ) -> tuple[pa.Table, pa.Table]:
        found, index = recognised(live, keys, parts.index("recognise"), parts, self.tools)
        tasks = tasks_for("recognise", live, found, workers=engine.workers)
        self._do("recognise", tasks, engine, of=live.num_rows)
        if tasks:
            found, index = recognised(
                live, keys, pa.concat_tables([index, parts.index("recognise")]), parts, self.tools
            )
        return _with_stage(live, "recognise", found), index

    def _do(self, stage: str, tasks: Sequence[Task], engine: Engine, *, of: int) -> None:
        """Have tasks done; `of` is how much there is in all, with what is there already."""
        waiting = sum(task.size for task in tasks)
        self.made[stage] = self.made.get(stage, 0) + waiting
        done = of - waiting
        self.progress(stage, done, of)
        for receipt in engine.run(tasks):
            done += receipt.done
            self.progress(stage, done, of)

    def _report(self, live: pa.Table, rows: dict[str, int]) -> str:
        """What stands in run.json."""
        inputs = "".join(sorted(live["content"].to_pylist()))
        report = {
            "versions": {"python": platform.python_version()} | {p: version(p) for p in _VERSIONS},
            "model": self.tools.recogniser.name,
            "settings_sha256": self.tools.settings.fingerprint(),
            "kb_sha256": self.tools.kb.fingerprint,
            "model_sha256": self.tools.recogniser.fingerprint,
            "inputs": {
                "corpus": Storage(str(self.corpus)).shown,
                "sha256": hashlib.sha256(inputs.encode()).hexdigest(),
            },
            "rows": rows,
            "made": self.made,
            "seconds": self.clock.seconds,
        }
        return json.dumps(report, indent=2) + "\n"

    def _forget(self, parts: Parts, live: pa.Table, files: pa.Table, indices: dict[str, pa.Table]) -> None:
        """Keep of the parts what this run used, and nothing else."""
        # Without those that changed under our hands: the next run must read them again.
        read = parts.index("read")
        alive = pc.and_(
            pc.is_in(read["part"], value_set=files["read"].combine_chunks()),
            pc.is_in(read["file"], value_set=files["file"].combine_chunks()),
        )
        parts.keep_only("read", unchanged(read.filter(alive)))
        for stage, index in indices.items():
            used = live.select([f"{stage}_key", stage])
            if stage == "clean":
                used = pa.concat_tables([used, self.first_cleaned])
            mine = used.rename_columns(["key", "part"])
            parts.keep_only(stage, index.join(mine, ["key", "part"], join_type="left semi"))


def _with_stage(live: pa.Table, stage: str, found: Lookup) -> pa.Table:
    """`live` with the keys and parts of a stage, all of which must be there now."""
    if found.parts.null_count:
        raise RuntimeError(f"{found.parts.null_count} articles did not get through {stage}: run again")
    return live.append_column(f"{stage}_key", found.keys).append_column(stage, found.parts)
