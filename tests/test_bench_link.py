from __future__ import annotations

from pipeline.bench_link import repeated
from pipeline.link import Linker, link
from tests.mentions import marked

NAMES = ("articles", "segments", "repairs", "mentions")


def test_the_same_articles_under_other_ids_are_linked_alike(linker: Linker) -> None:
    tables = dict(zip(NAMES, marked("[Kim Jong-un|PERSON] kwam.", "[Kim|PERSON] bleef."), strict=True))
    many = repeated(tables, 3)
    rows = link(*(many[name] for name in NAMES), linker=linker).to_pylist()
    assert [row["article_id"] for row in rows] == ["a-0", "a-0", "a-1", "a-1", "a-2", "a-2"]
    assert {row["entity_id"] for row in rows} == {"leader/kim-jong-un"}
