"""A small output folder for what reads the tables: two plain articles and a hostile one, by `count` itself."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

from pipeline.count import count
from pipeline.schemas import TABLES, table_from_rows
from pipeline.tables import write_tables

Row = dict[str, Any]

HOSTILE = "</script><img src=x onerror=\"document.title='pwned'\">{{7*7}} & 'q'"
_FURNITURE = "LEES OOK: iets anders"
_ENTITIES = {
    "Poetin": ("leader/vladimir-poetin", "Vladimir Poetin", "leader", "RUS", "surname", "PERSON"),
    "Vladimir Poetin": ("leader/vladimir-poetin", "Vladimir Poetin", "leader", "RUS", "exact", "PERSON"),
    "Rusland": ("country/RUS", "Rusland", "country", "RUS", "exact", "GPE"),
    "Bakkerstra": (None, None, None, None, "nil", "PERSON"),
}


def write_output(folder: Path) -> Path:
    """Write all tables and run.json of three articles."""
    tables: dict[str, list[Row]] = {name: [] for name in ("documents", "articles", "segments", "mentions")}
    day = datetime.date(2024, 1, 5)
    _add(
        tables,
        "a0",
        "Poetin spreekt",
        "Vladimir Poetin sprak over Rusland. Bakkerstra zweeg.",
        day,
        outlet="De Proef",
    )
    _add(tables, "a1", "Nieuws", "Poetin zweeg.", datetime.date(2024, 3, 9), outlet="De Proef")
    _add(tables, "hostile", HOSTILE, f"{HOSTILE} zei Bakkerstra.", None, outlet=HOSTILE)
    ready = {name: table_from_rows(name, rows) for name, rows in tables.items()}
    ready["counts"], ready["cooccurrences"] = count(ready["mentions"])
    rejected: list[Row] = [{"source": HOSTILE, "reason": "empty", "detail": HOSTILE}]
    ready["rejected"] = table_from_rows("rejected", rejected)
    ready["repairs"] = table_from_rows("repairs", [])
    assert ready.keys() == TABLES.keys()
    report = {"model": "test", "inputs": {"corpus": HOSTILE}, "versions": {"vermeld": "0"}, "kb_sha256": "0"}
    write_tables(folder, ready, files={"run.json": json.dumps(report)})
    return folder


def _add(
    tables: dict[str, list[Row]], key: str, title: str, body: str, day: datetime.date | None, *, outlet: str
) -> None:
    """An article of a title, a body of sentences that end in ". ", and a line of furniture."""
    text, raw = f"{title}\n{body}", f"{title}\n{body}\n{_FURNITURE}"
    known: Row = {"article_id": key, "source": f"{key}.txt"}
    tables["documents"].append(
        known | {"raw": raw, "encoding": "utf-8", "format": "txt", "outlet": outlet, "raw_sha256": key}
    )
    dated = {"published": day, "story_id": key}
    tables["articles"].append(
        known
        | dated
        | {"outlet": outlet, "title": title, "text": text, "n_words": len(text.split()), "raw_sha256": key}
    )
    at = 0
    for number, (zone, line) in enumerate((("title", title), ("body", body), ("furniture", _FURNITURE))):
        kept: Row = {"start": at, "end": at + len(line)} if zone != "furniture" else {}
        place = {"raw_start": at, "raw_end": at + len(line), "rule": "test", "segment": number, "zone": zone}
        tables["segments"].append({"article_id": key} | place | kept)
        if kept:
            tables["mentions"] += [
                known | dated | row for row in _mentions(line, at, zone, len(tables["mentions"]))
            ]
        at += len(line) + 1


def _mentions(line: str, shift: int, zone: str, first: int) -> list[Row]:
    rows: list[Row] = []
    at = 0
    while at < len(line):
        name = next((n for n in sorted(_ENTITIES, key=len, reverse=True) if line.startswith(n, at)), None)
        if name:
            entity_id, entity, kind, country, reason, label = _ENTITIES[name]
            start = shift + at
            end = start + len(name)
            place = {
                "start": start,
                "end": end,
                "raw_start": start,
                "raw_end": end,
                "text": name,
                "zone": zone,
            }
            facts = {"entity_id": entity_id, "name": entity, "kind": kind, "country": country}
            seen = {
                "label": label,
                "score": 0.9 if entity_id else 0.3,
                "recogniser": "model",
                "model": "test",
            }
            sentence = {"sentence": start, "sentence_text": line} if ". " not in line else _sentence(line, at)
            rows.append(
                place | facts | seen | sentence | {"link_reason": reason, "mention": first + len(rows)}
            )
        at += len(name or " ")
    return rows


def _sentence(line: str, at: int) -> Row:
    before = line[:at].count(". ")
    return {"sentence": 1 + before, "sentence_text": line.split(". ")[before]}
