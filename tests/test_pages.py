"""Sixty gold pages of our own, in the manner of many kinds of site: zones, text kept, and particulars.

`pages/NAME.tsv` holds the gold of NAME.txt as code points and that of NAME.html as fragments in page order.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipeline.clean import clean
from pipeline.read import read
from pipeline.settings import Settings

FOLDER = Path(__file__).parent / "pages"
UNSEEN = FOLDER / "unseen"
NAMES = sorted(path.stem for path in FOLDER.glob("*.tsv"))
TEXT = {"title", "body", "heading", "caption"}
#: One page is a whole site on a single line, where there are no lines to label.
HARDEST = {"app_oneline": 0.75}
LEAST = 0.93
PARTICULARS = {"title": 59, "published": 58, "agency": 59, "dateline": 58, "outlet": 52}
#: Pages taken for machine translation, or not, against the gold.
MISJUDGED = 1
_UNSEEN = "\u00ad\u200b\u200c\ufeff"


@dataclass(frozen=True, slots=True)
class Scored:
    """Counts of visible characters, and what the page says against what was found."""

    right: int
    total: int
    kept: Counter[str]
    gold: dict[str, str]
    article: dict[str, Any]


def _visible(text: str) -> str:
    return "".join(c for c in text if not c.isspace() and c not in _UNSEEN)


def _gold(name: str, folder: Path) -> tuple[dict[str, str], list[list[str]]]:
    lines = (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    header = dict(line[2:].split("=", 1) for line in lines if line.startswith("# "))
    return header, [line.split("\t", 2) for line in lines if not line.startswith("# ")]


def _zones_of_text(raw: str, zones: list[str | None], rows: list[list[str]]) -> list[tuple[str, str | None]]:
    return [
        (zone, zones[at])
        for start, end, zone in rows
        for at in range(int(start), int(end))
        if _visible(raw[at])
    ]


def _zones_of_html(raw: str, zones: list[str | None], rows: list[list[str]]) -> list[tuple[str, str | None]]:
    """Gold and found zone of each character, fragment after fragment; None where it is not on the page."""
    stream = [(c, zone) for c, zone in zip(raw, zones, strict=True) if _visible(c)]
    text = "".join(c for c, _ in stream)
    pairs: list[tuple[str, str | None]] = []
    at = 0
    for zone, fragment in rows:
        wanted = _visible(fragment)
        found = text.find(wanted, at)
        if found >= 0:
            at = found + len(wanted)
        pairs += [(zone, stream[found + i][1] if found >= 0 else None) for i in range(len(wanted))]
    return pairs


def _score(name: str, folder: Path = FOLDER) -> Scored:
    (path,) = (p for p in folder.glob(f"{name}.*") if p.suffix != ".tsv")
    documents, rejected = read(path, settings=Settings())
    assert rejected.num_rows == 0
    (document,) = documents.to_pylist()
    cleaned = clean(documents)
    zones: list[str | None] = [None] * len(document["raw"])
    for s in cleaned.segments.to_pylist():
        zones[s["raw_start"] : s["raw_end"]] = [s["zone"]] * (s["raw_end"] - s["raw_start"])
    header, rows = _gold(name, folder)
    score = _zones_of_html if path.suffix == ".html" else _zones_of_text
    pairs = score(document["raw"], zones, rows)
    kept = Counter(
        {
            "gold": sum(gold in TEXT for gold, _ in pairs),
            "found": sum(found in TEXT for _, found in pairs),
            "both": sum(gold in TEXT and found in TEXT for gold, found in pairs),
        }
    )
    right = sum(found == gold or (found is None and gold not in TEXT) for gold, found in pairs)
    (article,) = cleaned.articles.to_pylist()
    return Scored(right, len(pairs), kept, header, article)


@pytest.fixture(scope="module")
def scores() -> dict[str, Scored]:
    return {name: _score(name) for name in NAMES}


def test_there_are_pages_of_many_kinds(scores: dict[str, Scored]) -> None:
    assert len(NAMES) == 60
    assert len({scored.gold["sitetype"] for scored in scores.values()}) >= 12


@pytest.mark.parametrize("name", NAMES)
def test_zones_of_a_page(name: str, scores: dict[str, Scored]) -> None:
    scored = scores[name]
    assert scored.total > 1000
    assert scored.right / scored.total >= HARDEST.get(name, LEAST)


def test_zones_of_all_pages(scores: dict[str, Scored]) -> None:
    right, total = (sum(getattr(s, field) for s in scores.values()) for field in ("right", "total"))
    assert right / total >= 0.985


def test_text_is_kept_and_nothing_else(scores: dict[str, Scored]) -> None:
    kept = sum((scored.kept for scored in scores.values()), Counter[str]())
    assert kept["both"] / kept["found"] >= 0.985
    assert kept["both"] / kept["gold"] >= 0.995


@pytest.mark.parametrize("column", PARTICULARS)
def test_what_the_pages_say_of_themselves(column: str, scores: dict[str, Scored]) -> None:
    found = {name: _printed(scored.article[column]) for name, scored in scores.items()}
    gold = {name: scored.gold[column] for name, scored in scores.items()}
    right = [name for name in NAMES if found[name] == gold[name]]
    assert len(right) >= PARTICULARS[column], sorted(set(NAMES) - set(right))


def _printed(value: object) -> str:
    return "" if value is None else str(value)


def test_machine_translation_is_told_apart(scores: dict[str, Scored]) -> None:
    wrong = [
        name
        for name, scored in scores.items()
        if (scored.article["machine_translated"] >= 0.5) is not (scored.gold["machine_translated"] == "yes")
    ]
    assert len(wrong) <= MISJUDGED, wrong


def test_pages_that_no_rule_was_made_for() -> None:
    # Written by another hand after the rules were frozen, and measured once: zones .959, text kept .973 and .996.
    scores = [_score(path.stem, UNSEEN) for path in sorted(UNSEEN.glob("*.tsv"))]
    assert len(scores) == 20
    assert sum(s.right for s in scores) / sum(s.total for s in scores) >= 0.95
    kept = sum((s.kept for s in scores), Counter[str]())
    assert kept["both"] / kept["found"] >= 0.97
    assert kept["both"] / kept["gold"] >= 0.99
