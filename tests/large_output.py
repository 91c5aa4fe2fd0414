"""An output folder of 100,000 mentions, made up: 2,000 articles of ten sentences over ten years."""

from __future__ import annotations

import datetime
import json
import random
from pathlib import Path
from typing import Any

from pipeline.count import count
from pipeline.schemas import table_from_rows
from pipeline.tables import write_tables

Row = dict[str, Any]

N_ARTICLES, N_SENTENCES, N_NAMES = 2_000, 10, 5
_KINDS = (("leader", "PERSON"), ("country", "GPE"), ("place", "LOC"), ("organisation", "ORG"))


def write_large_output(folder: Path) -> Path:
    """Write all tables and run.json; every seventh name is unlinked, scores go from 0.2 to 1."""
    random.seed(1)
    entities = [(f"{_KINDS[k % 4][0]}/e{k}", f"Naam{k}", *_KINDS[k % 4]) for k in range(600)]
    weights = [1 / (k + 3) for k in range(600)]
    rows: dict[str, list[Row]] = {name: [] for name in ("documents", "articles", "segments", "mentions")}
    for number in range(N_ARTICLES):
        _add(rows, f"a{number:04}", random.choices(entities, weights, k=N_SENTENCES * N_NAMES))
    tables = {name: table_from_rows(name, found) for name, found in rows.items()}
    tables["counts"], tables["cooccurrences"] = count(tables["mentions"])
    tables |= {name: table_from_rows(name, []) for name in ("rejected", "repairs")}
    assert tables["mentions"].num_rows == 100_000
    write_tables(folder, tables, files={"run.json": json.dumps({"model": "test"})})
    return folder


def _add(rows: dict[str, list[Row]], key: str, entities: list[tuple[str, str, str, str]]) -> None:
    day = datetime.date(2015, 1, 1) + datetime.timedelta(days=random.randrange(3650))
    known: Row = {"article_id": key, "source": f"bron{key[-1]}/{key}.txt"}
    dated = {"published": day, "story_id": key}
    text = ""
    for number in range(N_SENTENCES):
        inside = entities[number * N_NAMES : (number + 1) * N_NAMES]
        sentence = " en ".join(name for _, name, _, _ in inside) + " spraken over het weer van morgen. "
        for k, (entity, name, kind, label) in enumerate(inside):
            start = len(text) + sum(len(n) + 4 for _, n, _, _ in inside[:k])
            nil = (number * N_NAMES + k) % 7 == 0
            link: Row = (
                {"link_reason": "nil"}
                if nil
                else {"entity_id": entity, "name": name, "kind": kind, "link_reason": "exact"}
            )
            place = {
                "start": start,
                "end": start + len(name),
                "raw_start": start,
                "raw_end": start + len(name),
            }
            seen = {"text": name, "label": label, "score": 0.2 + 0.8 * random.random(), "recogniser": "model"}
            where = {"sentence": number, "sentence_text": sentence.strip(), "zone": "body", "model": "test"}
            rows["mentions"].append(
                known | dated | link | place | seen | where | {"mention": number * N_NAMES + k}
            )
        text += sentence
    size = len(text)
    rows["documents"].append(known | {"raw": text, "encoding": "utf-8", "format": "txt", "raw_sha256": key})
    rows["articles"].append(known | dated | {"text": text, "n_words": len(text.split()), "raw_sha256": key})
    place = {"raw_start": 0, "raw_end": size, "start": 0, "end": size}
    rows["segments"].append({"article_id": key, "segment": 0, "zone": "body", "rule": "test"} | place)
