from __future__ import annotations

import datetime

import pyarrow as pa

from pipeline.count import count
from pipeline.link import Linker, link
from tests.mentions import marked, together

DAY = datetime.date(2024, 5, 17)


def tables(linker: Linker) -> tuple[pa.Table, pa.Table]:
    parts = [
        marked(
            "[Poetin|PERSON] belde [Xi Jinping|PERSON].",
            "[Putin|PERSON] zweeg, [Jan Peeters|PERSON] ook.",
            published=DAY,
        ),
        marked("[Poetin|PERSON] belde [Xi Jinping|PERSON].", published=DAY, article="b"),
        marked("[Poetin|PERSON] sliep.", article="c", story="t"),
    ]
    return count(link(*together(*parts), linker=linker))


def test_counts_by_entity_and_month(linker: Linker) -> None:
    counts, _ = tables(linker)
    rows = {(r["entity_id"], r["month"]): r for r in counts.to_pylist()}
    month = datetime.date(2024, 5, 1)
    assert set(rows) == {
        ("leader/vladimir-poetin", month),
        ("leader/xi-jinping", month),
        ("leader/vladimir-poetin", None),
    }
    poetin = rows["leader/vladimir-poetin", month]
    # Two copies of one story: three mentions, two articles, one story.
    assert (poetin["n_mentions"], poetin["n_articles"], poetin["n_stories"]) == (3, 2, 1)
    assert (poetin["name"], poetin["kind"], poetin["country"]) == ("Vladimir Poetin", "leader", "RUS")


def test_cooccurrences_are_pairs_in_one_sentence(linker: Linker) -> None:
    _, pairs = tables(linker)
    assert pairs.to_pylist() == [
        {
            "entity_id_a": "leader/vladimir-poetin",
            "name_a": "Vladimir Poetin",
            "entity_id_b": "leader/xi-jinping",
            "name_b": "Xi Jinping",
            "n_sentences": 2,
            "n_articles": 2,
            "n_stories": 1,
        }
    ]


def test_nothing_counts_nothing(linker: Linker) -> None:
    counts, pairs = count(link(*marked("[Jan Peeters|PERSON] sliep."), linker=linker))
    assert (counts.num_rows, pairs.num_rows) == (0, 0)


def test_estimates_stand_beside_the_counts_of_a_measured_model(linker: Linker) -> None:
    mentions = link(*marked("[Poetin|PERSON] belde [Xi Jinping|PERSON].", published=DAY), linker=linker)
    at = mentions.schema.get_field_index("model")
    named = mentions.set_column(at, mentions.schema.field("model"), pa.array(["kb"] * mentions.num_rows))
    for row in count(named)[0].to_pylist():
        assert 0 < row["n_low"] < row["n_estimated"] < row["n_high"] < 3
    # "test" is a model whose errors nobody measured.
    assert {row["n_estimated"] for row in count(mentions)[0].to_pylist()} == {None}
