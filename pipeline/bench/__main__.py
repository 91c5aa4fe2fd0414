"""`make bench`: all benchmarks; tables on the terminal, figures in outputs/bench.json."""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from pipeline.bench.cleaning import distinct_documents, measure_cleaning, text_kept
from pipeline.bench.linking import measure_linking
from pipeline.bench.recognising import measure_recognising, sentences, table_of
from pipeline.bench.scale import PLANS, Bench, Plan, ratios, table_of_runs
from pipeline.bench.stories import measure_stories
from pipeline.bench.synthetic import material
from pipeline.engines import cores
from pipeline.settings import DEFAULT_MODEL

_SAMPLE = Path("corpus") / "sample"
_PARTS = ("recognising", "linking", "cleaning", "scale", "change", "beside")
_CLEAN_BYTES, _STORY_ARTICLES = 5_000_000, 10_000


def main() -> None:
    """Measure what was asked for, and keep the figures of the rest as they are."""
    parser = argparse.ArgumentParser(description="Benchmarks of Vermeld.")
    parser.add_argument("plan", choices=sorted(PLANS), nargs="?", default="quick")
    parser.add_argument("--only", choices=_PARTS, action="append", help="Repeat to choose several.")
    parser.add_argument("--out", type=Path, default=Path("outputs") / "bench.json")
    parser.add_argument("--scratch", type=Path, help="Folder for the corpora; they are kept there.")
    given = parser.parse_args()
    plan, parts = PLANS[given.plan], given.only or list(_PARTS)
    given.out.parent.mkdir(exist_ok=True)
    figures: dict[str, Any] = json.loads(given.out.read_text()) if given.only and given.out.exists() else {}
    if given.scratch:
        figures |= _measure(plan, parts, given.scratch)
    else:
        with tempfile.TemporaryDirectory(prefix="vermeld-bench-") as folder:
            figures |= _measure(plan, parts, Path(folder))
    given.out.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")


def _measure(plan: Plan, parts: Sequence[str], folder: Path) -> dict[str, Any]:
    screen = Console()
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    figures: dict[str, Any] = {
        "machine": {"cores": cores(), "python": platform.python_version(), "load_before": load}
    }
    if "recognising" in parts:
        figures["recognising"] = measure_recognising()
        screen.print(table_of(figures["recognising"]))
    if "linking" in parts:
        figures["linking"] = [measure_linking(_SAMPLE)]
        _print("Linking, one core", figures["linking"], screen)
    if "cleaning" in parts:
        for name, rows in _cleaning().items():
            figures[name] = rows
            _print(name, rows, screen)
    if set(parts) & {"scale", "change", "beside"}:
        bench = Bench(folder, material(_SAMPLE))
        if "scale" in parts:
            figures |= _scale(plan, bench, screen)
        if "change" in parts:
            figures["change"] = bench.small_change(*plan.small_change)
            _print_change(figures["change"], screen)
        if "beside" in parts:
            figures["beside"] = bench.beside(plan.plain, plan.frog)
            _print_beside(figures["beside"], screen)
    return figures


def _cleaning() -> dict[str, list[dict[str, Any]]]:
    """Speed of cleaning, text kept of HTML pages, and stories among 10,000 articles."""
    return {
        "cleaning": measure_cleaning(distinct_documents(_SAMPLE, _CLEAN_BYTES)),
        "html": text_kept(Path("tests") / "pages"),
        "stories": [measure_stories(_STORY_ARTICLES, sentences(20 * _STORY_ARTICLES))],
    }


def _print(title: str, rows: list[dict[str, Any]], screen: Console) -> None:
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*map(str, row.values()))
    screen.print(table)


def _scale(plan: Plan, bench: Bench, screen: Console) -> dict[str, Any]:
    runs = [bench.whole(*run) for run in plan.runs]
    screen.print(table_of_runs(runs))
    of_model = [run for run in runs if run["model"] == DEFAULT_MODEL and run["workers"] == 1]
    repeats = [bench.repeats(DEFAULT_MODEL, run["articles"], run) for run in of_model]
    found = ratios(runs) | {f"{r['model']}: gain from wire copies, 3 in 10": r["gain"] for r in repeats}
    for what, ratio in found.items():
        screen.print(f"{what}: {ratio}", highlight=False)
    return {"scale": runs, "ratios": found, "repeats": repeats}


def _print_change(change: dict[str, Any], screen: Console) -> None:
    title = f"{change['model']}, {change['articles']:,} articles ({change['fresh_s']} s from nothing)"
    table = Table("changed", "seconds", "share", title=title)
    for name in ("nothing", "article", "alias"):
        table.add_row(name, str(change[name]["seconds"]), f"{change[name]['share']:.1%}")
    screen.print(table)


def _print_beside(rates: dict[str, int], screen: Console) -> None:
    title = "End to end on distinct text, one process, loading apart"
    table = Table("what", "words a second", "ratio of the first to it", title=title)
    first = next(iter(rates.values()))
    for name, rate in rates.items():
        table.add_row(name, f"{rate:,}", str(round(first / rate, 2)))
    screen.print(table)


if __name__ == "__main__":
    main()
