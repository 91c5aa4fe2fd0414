from __future__ import annotations

import datetime
from typing import Any

import pyarrow as pa
import pytest

from pipeline.kb import KnowledgeBase
from pipeline.link import Linker, link
from pipeline.rollup import RollupError, rollup
from pipeline.schemas import ROLLUP
from tests.mentions import marked, together

DAY = datetime.date
START, END = DAY(2000, 1, 1), DAY(2026, 12, 31)


@pytest.fixture(scope="module")
def mentions(linker: Linker) -> pa.Table:
    """Sweden before and after it joined NATO on 7 March 2024, Georgia and the CIS, a body by itself."""
    articles = [
        ("a", DAY(2024, 3, 6), ("[Zweden|GPE] en de [NAVO|ORG].", "De [Zweedse|NORP] vloot.")),
        ("b", DAY(2024, 3, 7), ("[Zweden|GPE] en de [NAVO|ORG].", "[Stockholm|GPE] en [Zweden|GPE].")),
        ("c", DAY(2024, 3, 9), ("[Ulf Kristersson|PERSON] en een [Zweed|NORP].", "De [NAVO|ORG].")),
        ("d", DAY(2023, 1, 9), ("[Magdalena Andersson|PERSON] en [Ulf Kristersson|PERSON].",)),
        ("e", DAY(2024, 4, 2), ("[Magdalena Andersson|PERSON] en [Jens Stoltenberg|PERSON].",)),
        ("f", DAY(2009, 8, 1), ("[Georgië|GPE] en [Armenië|GPE].",)),
        ("g", DAY(2009, 9, 1), ("[Georgië|GPE] en [Armenië|GPE].",)),
        ("h", None, ("[Armenië|GPE] en de [NAVO|ORG].",)),
        ("i", DAY(2024, 5, 2), ("De [Zweedse|NORP] premier zweeg.",)),
    ]
    parts = [marked(*text, published=day, article=name) for name, day, text in articles]
    return link(*together(*parts), linker=linker)


def rows_of(table: pa.Table, part: str) -> list[tuple[Any, ...]]:
    counts = ("n_mentions", "n_names", "n_demonyms", "n_capitals", "n_leaders", "n_articles")
    return [
        (row["month"].isoformat()[:7], row["entity_id"], *(row[c] for c in counts))
        for row in table.to_pylist()
        if row["part"] == part
    ]


def test_a_member_counts_from_the_day_it_joined(kb: KnowledgeBase, mentions: pa.Table) -> None:
    table = rollup(mentions, kb, "org/navo", start=START, end=END)
    assert rows_of(table, "member") == [
        ("2024-03", "country/SWE", 5, 2, 1, 1, 1, 2),
        ("2024-05", "country/SWE", 1, 0, 1, 0, 0, 1),
    ]
    assert rows_of(table, "body") == [("2024-03", "org/navo", 3, 3, 0, 0, 0, 3)]


def test_a_member_counts_until_the_day_it_left(kb: KnowledgeBase, mentions: pa.Table) -> None:
    table = rollup(mentions, kb, "org/gos", start=START, end=END)
    assert rows_of(table, "member") == [
        ("2009-08", "country/ARM", 1, 1, 0, 0, 0, 1),
        ("2009-08", "country/GEO", 1, 1, 0, 0, 0, 1),
        ("2009-09", "country/ARM", 1, 1, 0, 0, 0, 1),
    ]
    assert rows_of(table, "members") == [
        ("2009-08", "org/gos", 2, 2, 0, 0, 0, 1),
        ("2009-09", "org/gos", 1, 1, 0, 0, 0, 1),
    ]
    assert rows_of(table, "body") == []


def test_only_the_period_counts(kb: KnowledgeBase, mentions: pa.Table) -> None:
    table = rollup(mentions, kb, "org/navo", start=DAY(2024, 3, 9), end=DAY(2024, 3, 9))
    assert [row["n_mentions"] for row in table.to_pylist()] == [1, 2, 2]


def test_roles_count_if_asked(kb: KnowledgeBase, mentions: pa.Table) -> None:
    table = rollup(mentions, kb, "org/navo", start=DAY(2024, 5, 1), end=END, roles=True)
    assert rows_of(table, "member") == [("2024-05", "country/SWE", 2, 0, 1, 0, 1, 1)]


def test_the_schema_is_there_without_rows(kb: KnowledgeBase, mentions: pa.Table) -> None:
    table = rollup(mentions, kb, "org/navo", start=DAY(1999, 1, 1), end=DAY(1999, 1, 2))
    assert table.schema.equals(ROLLUP.schema)
    assert table.num_rows == 0


@pytest.mark.parametrize(
    ("organisation", "message"),
    [
        ("org/onbekend", "no organisation"),
        ("country/SWE", "no organisation"),
        ("org/kremlin", "no members"),
    ],
)
def test_what_cannot_be_rolled_up(
    kb: KnowledgeBase, mentions: pa.Table, organisation: str, message: str
) -> None:
    with pytest.raises(RollupError, match=message):
        rollup(mentions, kb, organisation, start=START, end=END)


def test_a_period_that_ends_before_it_starts(kb: KnowledgeBase, mentions: pa.Table) -> None:
    with pytest.raises(RollupError, match="before it starts"):
        rollup(mentions, kb, "org/navo", start=END, end=START)
