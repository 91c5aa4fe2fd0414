"""The gate of this project: what the sample corpus and the linking cases must give, per model.

    python -m tests.gate                             what differs from what is pinned, and why (`make gate`)
    python -m tests.gate --write                     the same, and pin it (`make repin`)
    python -m tests.gate --write --allow-regression  also where a score falls

A changed figure is a reviewed change: the difference in tests/golden is a part of the commit that made it.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow as pa
from rich.console import Console

from pipeline.gate import Comparison, compare, make_pin
from pipeline.gating.gate_report import show
from pipeline.gating.pins import load_pin
from pipeline.gating.tsv import read_rows, write_rows
from pipeline.kb import KnowledgeBase, KnowledgeBaseError, load_kb
from pipeline.run import run_all
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.tables import read_table
from pipeline.tools import Tools
from tests import linking_cases

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpus" / "sample"
FOLDER = Path(__file__).parent / "golden"
MODELS = (DEFAULT_MODEL, "kb")
#: The tables of a run that are pinned.
TABLES = ("articles", "segments", "repairs", "mentions", "counts")
_SCORES = {"cases": str, "right": int, "of": int}
Scores = dict[str, tuple[int, int]]


def run_sample(model: str, out: Path) -> dict[str, pa.Table]:
    """The tables of a run over the sample corpus, as written."""
    run_all(SAMPLE, out, Settings(model=model))
    return {path.stem: read_table(out, path.stem) for path in sorted(out.glob("*.parquet"))}


def compare_sample(model: str, tables: dict[str, pa.Table]) -> Comparison:
    """What differs from what is pinned."""
    pin, tools = load_pin(FOLDER / model), Tools(Settings(model=model))
    mark = pin.fingerprints["knowledge base"]
    kb = committed_kb(mark) if mark != tools.kb.fingerprint else None
    return compare(pin, tables, tools, kb=kb)


def committed_kb(fingerprint: str, *, commits: int = 50) -> KnowledgeBase | None:
    """The knowledge base of that fingerprint out of the last commits to it; None if it is not there.

    The pins of this project keep no copy of it: git has one.
    """
    git = shutil.which("git")
    log = _git(git, "log", f"-{commits}", "--format=%H", "--", "models/kb") if git else None
    for commit in (log or b"").decode().split():
        with tempfile.TemporaryDirectory() as folder:
            names = (_git(git, "ls-tree", "--name-only", commit, "models/kb/") or b"").decode().split()
            for name in names:
                data = _git(git, "show", f"{commit}:{name}")
                (Path(folder) / Path(name).name).write_bytes(data or b"")
            try:
                kb = load_kb(Path(folder))
            except (KnowledgeBaseError, FileNotFoundError, KeyError, ValueError):
                continue
        if kb.fingerprint == fingerprint:
            return kb
    return None


def _git(git: str | None, *arguments: str) -> bytes | None:
    """What git prints; None where it fails (an unpacked archive has no history)."""
    done = subprocess.run([git or "git", "-C", str(ROOT), *arguments], capture_output=True, check=False)  # noqa: S603
    return done.stdout if done.returncode == 0 else None


def gold_fingerprint() -> str:
    """SHA-256 over the linking cases."""
    digest = hashlib.sha256()
    for path in sorted(linking_cases.FOLDER.glob("*.csv")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def scores_of(missed: list[str], cases: list[linking_cases.Case]) -> Scores:
    """Right cases, and all, by file of cases, from the names of those that miss."""
    of = Counter(case.name.split()[0] for case in cases)
    wrong = Counter(name.split()[0] for name in missed)
    return {file: (n - wrong[file], n) for file, n in sorted(of.items())}


def pinned_scores(model: str) -> Scores:
    """The scores in a pin; none if it has none yet."""
    path = FOLDER / model / "scores.tsv"
    return {r["cases"]: (r["right"], r["of"]) for r in read_rows(path, _SCORES)} if path.is_file() else {}


def fallen(pinned: Scores, now: Scores) -> list[str]:
    """The files of cases whose share of right ones is lower than pinned, or that are gone."""
    return [
        file
        for file, (right, of) in pinned.items()
        if file not in now or now[file][0] / now[file][1] < right / of
    ]


def check_model(model: str, console: Console, *, write: bool, allow_regression: bool) -> bool:
    """Show what differs for a model, and pin it if asked and allowed; whether nothing is left to do."""
    with tempfile.TemporaryDirectory() as out:
        tables = run_sample(model, Path(out))
    tools, cases = Tools(Settings(model=model)), linking_cases.read_cases()
    equal = False
    if (FOLDER / model / "pin.json").is_file():
        comparison = compare_sample(model, tables)
        show(comparison, console, title=model)
        equal = comparison.equal
    missed = linking_cases.misses(cases, tools)
    scores, before = scores_of(missed, cases), pinned_scores(model)
    for file, (right, of) in scores.items():
        was = before.get(file)
        if was != (right, of):
            console.print(f"{model}: cases of {file}: {right} of {of} right; pinned {was}", markup=False)
    low = fallen(before, scores)
    if model == DEFAULT_MODEL:
        known = linking_cases.KNOWN_MISSES.read_text(encoding="utf-8").splitlines()
        for name in sorted(set(missed) ^ set(known)):
            state = "now right" if name in known else "now wrong"
            console.print(f"{model}: {state}: {name}", markup=False, highlight=False)
    if low:
        console.print(f"[red]{model}: the score of {', '.join(low)} fell[/]")
    if write and (allow_regression or not low):
        make_pin(tables, tools, gold=gold_fingerprint()).save(FOLDER / model)
        rows = [{"cases": file, "right": right, "of": of} for file, (right, of) in scores.items()]
        write_rows(FOLDER / model / "scores.tsv", rows, _SCORES)
        return True
    if write:
        console.print(f"[red]{model}: not pinned: a score fell; --allow-regression pins it all the same[/]")
    return equal and scores == before and not write


def main() -> int:
    """Show, and pin if asked; 0 if nothing differs or all is pinned."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--allow-regression", action="store_true")
    args = parser.parse_args()
    console = Console()
    done = [
        check_model(model, console, write=args.write, allow_regression=args.allow_regression)
        for model in MODELS
    ]
    return 0 if all(done) else 1


if __name__ == "__main__":
    raise SystemExit(main())
