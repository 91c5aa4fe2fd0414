"""Stage count: `mentions` to `counts` and `cooccurrences`.

Only linked mentions count; a role without a name (ROLE) does not. `month` is the first day of the
month, null for articles without a date. Beside what was found stands what there likely is, with an
interval (see `estimate`); null for a model whose errors were not measured.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from itertools import combinations
from typing import Any

import pyarrow as pa

from pipeline.estimate import Estimate, estimator_of
from pipeline.schemas import Label, table_from_rows


def count(mentions: pa.Table) -> tuple[pa.Table, pa.Table]:
    """The tables `counts` and `cooccurrences`."""
    rows = [
        row for row in mentions.to_pylist() if row["entity_id"] is not None and row["label"] != Label.ROLE
    ]
    return _counts(rows), _cooccurrences(rows)


def _counts(rows: list[dict[str, Any]]) -> pa.Table:
    groups: defaultdict[tuple[object, object], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[row["entity_id"], _month(row["published"])].append(row)
    estimates = _estimates(list(groups.values()))
    return table_from_rows(
        "counts",
        [
            {
                "entity_id": entity,
                "name": group[0]["name"],
                "kind": group[0]["kind"],
                "country": group[0]["country"],
                "month": month,
                "n_mentions": len(group),
                "n_articles": len({row["article_id"] for row in group}),
                "n_stories": len({row["story_id"] for row in group}),
                "n_estimated": estimate.n if estimate else None,
                "n_low": estimate.low if estimate else None,
                "n_high": estimate.high if estimate else None,
            }
            for ((entity, month), group), estimate in zip(groups.items(), estimates, strict=True)
        ],
    )


def _estimates(groups: list[list[dict[str, Any]]]) -> list[Estimate | None]:
    """One for each group of mentions; all of one run, so of one model."""
    estimator = estimator_of(groups[0][0]["model"]) if groups else None
    if estimator is None:
        return [None] * len(groups)
    cells = [[((row["label"], row["kind"]), row["score"]) for row in group] for group in groups]
    return list(estimator.estimate(cells))


def _month(published: object) -> datetime.date | None:
    return published.replace(day=1) if isinstance(published, datetime.date) else None


def _cooccurrences(rows: list[dict[str, object]]) -> pa.Table:
    """Pairs of entities in one sentence; articles and stories are those with such a sentence."""
    sentences: defaultdict[tuple[object, object], set[str]] = defaultdict(set)
    story_of: dict[object, object] = {}
    names: dict[str, object] = {}
    for row in rows:
        sentences[row["article_id"], row["sentence"]].add(str(row["entity_id"]))
        story_of[row["article_id"]] = row["story_id"]
        names[str(row["entity_id"])] = row["name"]
    places: defaultdict[tuple[str, str], list[object]] = defaultdict(list)
    for (article, _), entities in sentences.items():
        for pair in combinations(sorted(entities), 2):
            places[pair].append(article)
    return table_from_rows(
        "cooccurrences",
        [
            {
                "entity_id_a": a,
                "name_a": names[a],
                "entity_id_b": b,
                "name_b": names[b],
                "n_sentences": len(articles),
                "n_articles": len(set(articles)),
                "n_stories": len({story_of[article] for article in articles}),
            }
            for (a, b), articles in places.items()
        ],
    )
