"""All stages over thousands of synthetic articles: rates, memory, and what a small change costs.

In: the sizes of a plan. Out: figures for bench.json and tables for the terminal. The rates are of the machine
that they were taken on; the ratios are what to quote.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from pipeline.bench.synthetic import Material, write_corpus
from pipeline.bench.watched import Watched, watched
from pipeline.recognition.loading import KB_ONLY
from pipeline.settings import DEFAULT_MODEL, resources

Figures = dict[str, Any]
STAGES = ("read", "clean", "stories", "recognise", "link", "write", "count")
#: What the model does not do.
_AROUND = ("clean", "stories", "link", "write", "count")
_FRESH_SEED = 2
#: Its rarest word stands in some of the articles, which may hold the name and are recognised again.
_ALIAS = "Vladimir de Grote"


@dataclass(frozen=True, slots=True)
class Plan:
    """How big the corpora are, in articles.

    Attributes:
        runs: model, articles and workers of each run over all stages.
        small_change: model and articles of the corpus to which an article and an alias are added.
        plain: articles for the plain way, which has no batches to make the most of.
        frog: articles for Frog.
    """

    runs: tuple[tuple[str, int, int], ...]
    small_change: tuple[str, int]
    plain: int
    frog: int


PLANS = {
    "quick": Plan(
        runs=((KB_ONLY, 1000, 1), (KB_ONLY, 1000, 2), (DEFAULT_MODEL, 500, 1), (DEFAULT_MODEL, 500, 2)),
        small_change=(KB_ONLY, 1000),
        plain=200,
        frog=40,
    ),
    "full": Plan(
        runs=(
            *((KB_ONLY, n, workers) for n in (1000, 10_000) for workers in (1, 2)),
            (KB_ONLY, 100_000, 2),
            *((DEFAULT_MODEL, 1000, workers) for workers in (1, 2)),
            (DEFAULT_MODEL, 10_000, 2),
        ),
        small_change=(DEFAULT_MODEL, 10_000),
        plain=1000,
        frog=100,
    ),
}


@dataclass(frozen=True)
class Bench:
    """The benchmarks in a scratch folder; a corpus is made when first asked for."""

    folder: Path
    made_of: Material

    def corpus(self, n: int, *, copies: float = 0.3) -> Path:
        """A folder of `n` articles."""
        folder = self.folder / f"corpus-{n}-{copies}"
        if not folder.exists():
            write_corpus(folder, n, self.made_of, copies=copies)
        return folder

    def whole(self, model: str, n: int, workers: int, *, copies: float = 0.3) -> Figures:
        """A run from nothing over `n` articles."""
        corpus, out = self.corpus(n, copies=copies), self.folder / "out"
        done = watched("run", corpus=corpus, out=out, model=model, workers=workers, fresh=True)
        words = sum(len(path.read_text(encoding="utf-8").split()) for path in corpus.rglob("*.txt"))
        shutil.rmtree(out)
        return {"model": model, "articles": n, "workers": workers, "copies": copies} | _figures(done, words)

    def small_change(self, model: str, n: int, workers: int = 2) -> Figures:
        """What one article more, and then one alias more, cost of the time of a run from nothing."""
        corpus, out = self.corpus(n), self.folder / "out"
        arguments = {"corpus": corpus, "out": out, "model": model, "workers": workers}
        fresh = watched("run", **arguments)
        again = watched("run", **arguments)
        new = corpus / "nieuw"
        write_corpus(new, 1, self.made_of, seed=_FRESH_SEED)
        article = watched("run", **arguments)
        kb = _with_an_alias(self.folder / "kb")
        alias = watched("run", **arguments, kb=kb)
        shutil.rmtree(new)
        shutil.rmtree(out)
        return {"model": model, "articles": n, "fresh_s": round(fresh.seconds, 1)} | {
            name: {
                "seconds": round(done.seconds, 2),
                "share": round(done.seconds / fresh.seconds, 4),
                "stages": done.result["seconds"],
                "made": done.result["made"],
            }
            for name, done in (("nothing", again), ("article", article), ("alias", alias))
        }

    def beside(self, n_plain: int, n_frog: int) -> Figures:
        """Words a second on distinct text from end to end: ourselves, the plain way, Frog; loading apart."""
        figures: Figures = {}
        for model in (DEFAULT_MODEL, KB_ONLY):
            run = self.whole(model, n_plain, 1, copies=0.0)
            figures[f"vermeld {model}"] = run["words_per_second_loaded"]
        plain = watched("plain", corpus=self.corpus(n_plain, copies=0.0), out=self.folder / "plain.parquet")
        figures["plain way, nl_core_news_lg's make"] = _rate(plain)
        if shutil.which("frog"):
            figures["frog"] = _rate(watched("frog", corpus=self.corpus(n_frog, copies=0.0)))
        return figures

    def repeats(self, model: str, n: int, with_copies: Figures) -> Figures:
        """Recognising with wire copies and without."""
        distinct = self.whole(model, n, with_copies["workers"], copies=0.0)
        rates = [run["words_per_second"]["recognise"] for run in (distinct, with_copies)]
        gain = round(rates[1] / rates[0], 2)
        return {"model": model, "distinct": rates[0], "with_copies": rates[1], "gain": gain}


def _with_an_alias(folder: Path) -> Path:
    """The knowledge base with one name more for one leader."""
    if not folder.exists():
        shutil.copytree(resources() / "kb", folder)
        file = folder / "leaders.csv"
        lines = file.read_text(encoding="utf-8").split("\n")
        column = lines[0].split(",").index("aliases")
        at = next(i for i, line in enumerate(lines) if line.startswith("leader/vladimir-poetin,"))
        cells = lines[at].split(",")
        cells[column] = "|".join(filter(None, [cells[column], _ALIAS]))
        lines[at] = ",".join(cells)
        file.write_text("\n".join(lines), encoding="utf-8")
    return folder


def _figures(done: Watched, words: int) -> Figures:
    seconds = {stage: done.result["seconds"].get(stage, 0.0) for stage in STAGES}
    around = sum(seconds[stage] for stage in _AROUND)
    return {
        "words": words,
        "seconds": round(done.seconds, 1),
        "stage_seconds": seconds,
        "words_per_second": {stage: round(words / max(s, 1e-3)) for stage, s in seconds.items()}
        | {"all": round(words / done.seconds)},
        "words_per_second_loaded": round(words / sum(seconds.values())),
        "ms_per_article": round(1000 * done.seconds / done.result["rows"]["documents"], 2),
        "share_around": round(around / sum(seconds.values()), 3),
        "peak_mb": done.peak_mb,
        "peaks_mb": done.peaks,
    }


def _rate(done: Watched) -> int:
    return round(int(done.result["words"]) / float(done.result["seconds"]))


def table_of_runs(runs: list[Figures]) -> Table:
    """Words a second by stage, and peaks."""
    table = Table(title="All stages: words a second, and peak memory of all processes together")
    for column in ("model", "articles", "workers", *STAGES, "all", "ms/article", "peak MB", "around model"):
        table.add_column(column, justify="left" if column == "model" else "right")
    for run in runs:
        rates = [f"{run['words_per_second'][stage]:,}" for stage in (*STAGES, "all")]
        table.add_row(
            run["model"], f"{run['articles']:,}", str(run["workers"]), *rates,
            str(run["ms_per_article"]), f"{run['peak_mb']:,}", f"{run['share_around']:.0%}",
        )  # fmt: skip
    return table


def ratios(runs: list[Figures]) -> dict[str, float]:
    """Two workers against one, and the cost of an article against that in a corpus ten times smaller."""
    by = {(run["model"], run["articles"], run["workers"]): run for run in runs}
    found: dict[str, float] = {}
    for (model, n, workers), run in by.items():
        one, small = by.get((model, n, 1)), by.get((model, n // 10, workers))
        if workers == 2 and one:
            ratio = one["stage_seconds"]["recognise"] / run["stage_seconds"]["recognise"]
            found[f"{model}, {n:,} articles: recognising with two workers by one"] = round(ratio, 2)
        if small:
            ratio = run["ms_per_article"] / small["ms_per_article"]
            found[f"{model}, {workers} workers: an article of {n:,} by one of {n // 10:,}"] = round(ratio, 2)
    return found
