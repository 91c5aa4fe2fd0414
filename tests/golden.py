"""Golden rows and counts of the sample corpus: what a run must give, per model.

    python -m tests.golden            show what differs from what is pinned
    python -m tests.golden --write    the same, and pin it (`make repin`)

A changed figure is a reviewed change: the difference is a part of the commit that made it.
"""

from __future__ import annotations

import argparse
import difflib
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pyarrow as pa

from pipeline.run import run_all
from pipeline.schemas import TABLES
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.tables import read_table

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "corpus" / "sample"
FOLDER = Path(__file__).parent / "golden"
MODELS = (DEFAULT_MODEL, "kb")


def lines_of(tables: dict[str, pa.Table]) -> dict[str, list[str]]:
    """The golden files of a run, as lines: zones, mentions, counts."""
    sources = {r["article_id"]: r["source"] for r in tables["articles"].to_pylist()}
    zones = Counter((sources[r["article_id"]], r["zone"]) for r in tables["segments"].to_pylist())
    mentions = tables["mentions"].sort_by([("source", "ascending"), ("mention", "ascending")]).to_pylist()
    counts: Counter[tuple[str, str]] = Counter()
    for row in tables["counts"].to_pylist():
        counts[row["entity_id"], row["name"]] += row["n_mentions"]
    return {
        "zones": [f"{source}\t{zone}\t{n}" for (source, zone), n in sorted(zones.items())],
        "mentions": [
            "\t".join(str(row[c]) for c in ("source", "raw_start", "raw_end", "text", "label", "entity_id"))
            + f"\t{row['link_reason']}"
            for row in mentions
        ],
        "counts": [f"{entity}\t{name}\t{n}" for (entity, name), n in sorted(counts.items())],
    }


def pinned(model: str, name: str) -> list[str]:
    """The lines of a golden file; none if it is not there yet."""
    path = FOLDER / model / f"{name}.tsv"
    return path.read_text(encoding="utf-8").splitlines() if path.is_file() else []


def difference(model: str, name: str, actual: list[str]) -> str:
    """What was pinned and is gone (-), and what is new (+); "" when equal."""
    lines = difflib.unified_diff(pinned(model, name), actual, "pinned", "now", lineterm="", n=0)
    return "\n".join(line for line in lines if not line.startswith("@@"))


def run_sample(model: str, out: Path) -> dict[str, pa.Table]:
    """The tables of a run over the sample corpus."""
    run_all(SAMPLE, out, Settings(model=model))
    return {name: read_table(out, name) for name in TABLES}


def main() -> int:
    """Show, and pin if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    changed = False
    for model in MODELS:
        with tempfile.TemporaryDirectory() as out:
            files = lines_of(run_sample(model, Path(out)))
        for name, lines in files.items():
            text = difference(model, name, lines)
            if text:
                changed = True
                sys.stdout.write(f"== {model}, {name}\n{text}\n")
            if args.write:
                path = FOLDER / model / f"{name}.tsv"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    if not changed:
        sys.stdout.write("nothing differs from what is pinned\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
