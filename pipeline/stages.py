"""One stage on the tables that lie in an output folder, so that a user can stop, look, and go on.

In: the tables that the stage needs. Out: its own, written beside them. The tables are held in memory; `run`
takes a corpus of any size through all stages.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa

from pipeline.clean import clean_corpus
from pipeline.count import count
from pipeline.link import link
from pipeline.recognise import recognise
from pipeline.running.storage import Storage
from pipeline.tables import locked, read_table, write_tables
from pipeline.tools import Tools

#: Called with the stage's name, what is done of it, and how much there is.
Progress = Callable[[str, int, int], None]


def clean_tables(out: Path, _tools: Tools, _progress: Progress) -> dict[str, pa.Table]:
    """Documents to articles, segments and repairs."""
    cleaned = clean_corpus(read_table(out, "documents"))
    return {"articles": cleaned.articles, "segments": cleaned.segments, "repairs": cleaned.repairs}


def recognise_tables(out: Path, tools: Tools, progress: Progress) -> dict[str, pa.Table]:
    """Articles to mentions, not linked."""
    mentions = recognise(
        *(read_table(out, name) for name in ("articles", "segments", "repairs")),
        recogniser=tools.recogniser,
        batch_size=tools.settings.batch_size,
        progress=lambda done, total: progress("recognise", done, total),
    )
    return {"mentions": mentions}


def link_tables(out: Path, tools: Tools, _progress: Progress) -> dict[str, pa.Table]:
    """Mentions to linked mentions."""
    names = ("articles", "segments", "repairs", "mentions")
    return {"mentions": link(*(read_table(out, name) for name in names), linker=tools.linker)}


def count_tables(out: Path, _tools: Tools, _progress: Progress) -> dict[str, pa.Table]:
    """Linked mentions to counts and cooccurrences."""
    counts, cooccurrences = count(read_table(out, "mentions"))
    return {"counts": counts, "cooccurrences": cooccurrences}


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage behind read: what makes its tables from an output folder, and their names."""

    tables_of: Callable[[Path, Tools, Progress], dict[str, pa.Table]]
    names: tuple[str, ...]


#: In their order.
STAGES = {
    "clean": Stage(clean_tables, ("articles", "segments", "repairs")),
    "recognise": Stage(recognise_tables, ("mentions",)),
    "link": Stage(link_tables, ("mentions",)),
    "count": Stage(count_tables, ("counts", "cooccurrences")),
}


def run_stage(name: str, out: Path, tools: Tools, progress: Progress) -> None:
    """Run one stage on the tables in `out`.

    Raises:
        FileNotFoundError: a table that it needs is not there.
        ModelError: the model is not there.
        FolderInUseError: a run writes into `out`.
    """
    with locked(Storage(str(out))) if out.is_dir() else nullcontext():
        write_tables(out, STAGES[name].tables_of(out, tools, progress))
