"""Linking cases: sentences with a surface and the entity that a reader would link it to, or nil.

    python -m tests.linking_cases           show which cases miss, and the share that is right
    python -m tests.linking_cases --write   the same, and list the misses as known

A case is right when a mention that overlaps the surface (its last place in the sentence) has the entity; a
nil case, when none that overlaps has any. In roles.csv only roles without a name count.
"""

from __future__ import annotations

import argparse
import csv
import datetime
import sys
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.link import link
from pipeline.recognise import recognise
from pipeline.tools import Tools
from tests.mentions import marked, together

FOLDER = Path(__file__).parent / "cases"
KNOWN_MISSES = FOLDER / "known_misses.txt"
NIL = "nil"


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a file; `name` says where it stands."""

    name: str
    sentence: str
    surface: str
    expected: str
    published: datetime.date | None
    roles: bool


def read_cases() -> list[Case]:
    """All cases of the folder."""
    cases = []
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for number, row in enumerate(csv.DictReader(stream), start=1):
                day = datetime.date.fromisoformat(row["published"]) if row["published"] else None
                name = f"{path.stem} {number}: {row['surface']} → {row['expected']}"
                case = (name, row["sentence"], row["surface"], row["expected"], day, path.stem == "roles")
                cases.append(Case(*case))
    return cases


def misses(cases: list[Case], tools: Tools) -> list[str]:
    """The names of the cases that go wrong."""
    parts = [
        marked(case.sentence, published=case.published, article=f"{number:05}")
        for number, case in enumerate(cases)
    ]
    articles, segments, repairs, _ = together(*parts)
    found = recognise(articles, segments, repairs, recogniser=tools.recogniser)
    linked = link(articles, segments, repairs, found, linker=tools.linker)
    rows: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    for row in linked.to_pylist():
        rows[int(row["article_id"])].append(row)
    return [case.name for number, case in enumerate(cases) if not is_right(case, rows[number])]


def is_right(case: Case, rows: list[dict[str, Any]]) -> bool:
    """Whether the mentions of the case's sentence say what is expected."""
    start = case.sentence.rindex(case.surface)
    end = start + len(case.surface)
    ids = {
        row["entity_id"]
        for row in rows
        if row["start"] < end and start < row["end"] and (row["label"] == "ROLE") == case.roles
    }
    return ids <= {None} if case.expected == NIL else case.expected in ids


def main() -> int:
    """Show, and list as known if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--model", default=None)
    args = parser.parse_args()
    from pipeline.settings import Settings

    cases = read_cases()
    missed = misses(cases, Tools(Settings(model=args.model) if args.model else Settings()))
    sys.stdout.write("\n".join(missed) + f"\n{len(cases) - len(missed)} of {len(cases)} right\n")
    if args.write:
        KNOWN_MISSES.write_text("\n".join(missed) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
