from __future__ import annotations

import datetime
from enum import StrEnum
from random import Random

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.schemas import (
    TABLES,
    TEXT_ZONES,
    Kind,
    Label,
    LinkReason,
    Precision,
    Reason,
    Recogniser,
    Zone,
    check,
    sort_rows,
    table_from_rows,
)

# The contract with the people who load the tables; "?" marks a column that may be null.
COLUMNS = {
    "documents": "article_id source raw encoding format title? published? url? outlet? markup? raw_sha256",
    "articles": "article_id source outlet? title? published? published_precision? agency? dateline? "
    "story_id text n_words machine_translated? raw_sha256",
    "segments": "article_id segment zone raw_start raw_end start? end? rule",
    "repairs": "article_id raw_start raw_end start? end? rule",
    "mentions": "article_id source mention start end raw_start raw_end text label zone sentence "
    "sentence_text score recogniser entity_id? cluster? name? kind? country? wikidata? link_reason role? "
    "published? story_id model",
    "rejected": "source reason detail",
    "counts": "entity_id name kind country? month? n_mentions n_articles n_stories "
    "n_estimated? n_low? n_high?",
    "cooccurrences": "entity_id_a name_a entity_id_b name_b n_sentences n_articles n_stories",
}
REJECTED: dict[str, object] = {"source": "krant/leeg.txt", "reason": "empty", "detail": "the file is empty"}


def count_row(entity: str, month: datetime.date | None) -> dict[str, object]:
    n = {"n_mentions": 1, "n_articles": 1, "n_stories": 1}
    return {"entity_id": entity, "name": "Rusland", "kind": "country", "month": month, **n}


def test_there_are_no_other_tables() -> None:
    assert sorted(TABLES) == sorted(COLUMNS)


@pytest.mark.parametrize("name", COLUMNS)
def test_table_has_the_columns_of_the_contract(name: str) -> None:
    fields = [field.name + "?" * field.nullable for field in TABLES[name].schema]
    assert fields == COLUMNS[name].split()


@pytest.mark.parametrize("name", COLUMNS)
def test_offsets_numbers_and_dates_have_one_type_everywhere(name: str) -> None:
    floats = dict.fromkeys(("score", "n_estimated", "n_low", "n_high", "machine_translated"), pa.float32())
    types = {"published": pa.date32(), "month": pa.date32()} | floats
    numbers = {"start", "end", "raw_start", "raw_end", "segment", "mention", "sentence"}
    for field in TABLES[name].schema:
        if field.name in numbers or (field.name.startswith("n_") and field.name not in floats):
            assert field.type == pa.int32()
        elif not (name == "documents" and field.name == "published"):
            assert field.type == types.get(field.name, pa.string())


@pytest.mark.parametrize("name", COLUMNS)
def test_key_is_made_of_columns_of_the_table(name: str) -> None:
    assert set(TABLES[name].key) <= set(TABLES[name].schema.names)
    assert TABLES[name].key


@pytest.mark.parametrize(
    ("enum", "values"),
    [
        (Zone, "title body heading caption furniture metadata"),
        (Label, "PERSON NORP GPE LOC ORG MISC ROLE"),
        (Kind, "leader person country place organisation other"),
        (LinkReason, "exact variant abbreviation surname demonym role nil"),
        (Recogniser, "model kb both"),
        (Precision, "day month year"),
        (Reason, "empty binary unreadable too_long not_dutch malformed no_text unsupported"),
    ],
)
def test_enumerations_have_the_values_of_the_contract(enum: type[StrEnum], values: str) -> None:
    assert [member.value for member in enum] == values.split()


def test_text_is_made_of_title_body_heading_and_caption() -> None:
    assert sorted(TEXT_ZONES) == ["body", "caption", "heading", "title"]


@pytest.mark.parametrize("name", COLUMNS)
def test_no_rows_still_give_the_schema(name: str) -> None:
    table = table_from_rows(name, [])
    assert table.num_rows == 0
    assert table.schema.equals(TABLES[name].schema)


def test_rows_keep_their_order_and_missing_optional_values_are_null() -> None:
    rows = [count_row("country/RUS", None), count_row("country/BEL", datetime.date(2024, 3, 1))]
    table = table_from_rows("counts", rows)
    missing = dict.fromkeys(("country", "n_estimated", "n_low", "n_high"))
    assert table.to_pylist() == [
        {**count_row("country/RUS", None), **missing},
        {**count_row("country/BEL", datetime.date(2024, 3, 1)), **missing},
    ]


def test_a_missing_required_value_is_refused_with_its_column() -> None:
    with pytest.raises(ValueError, match="table rejected: null in column detail"):
        table_from_rows("rejected", [REJECTED, {"source": "a.txt", "reason": "empty"}])


def test_an_unknown_column_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"table rejected: unknown columns \['metadata'\]"):
        table_from_rows("rejected", [REJECTED | {"metadata": "x"}])


@pytest.mark.parametrize("value", ["een", 2**31])
def test_a_value_that_does_not_fit_its_column_is_refused(value: object) -> None:
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        table_from_rows("counts", [count_row("country/RUS", None) | {"n_mentions": value}])


def test_an_unknown_table_is_refused() -> None:
    with pytest.raises(KeyError):
        table_from_rows("bijlagen", [])


@pytest.mark.parametrize(
    "columns",
    [
        {"source": ["a"], "reason": ["empty"]},
        {"source": ["a"], "reason": ["empty"], "detail": ["x"], "more": ["y"]},
        {"reason": ["empty"], "source": ["a"], "detail": ["x"]},
        {"source": ["a"], "reason": ["empty"], "detail": [1]},
    ],
    ids=["missing", "extra", "order", "type"],
)
def test_check_refuses_another_schema(columns: dict[str, list[object]]) -> None:
    with pytest.raises(ValueError, match="table rejected: schema is"):
        check("rejected", pa.table(columns))


def test_check_accepts_what_table_from_rows_makes() -> None:
    check("rejected", table_from_rows("rejected", [REJECTED]))


def test_rows_are_sorted_by_the_key_with_no_month_last() -> None:
    march, april = datetime.date(2024, 3, 1), datetime.date(2024, 4, 1)
    keys = [("place/kiev", march), ("country/RUS", None), ("country/RUS", april), ("country/RUS", march)]
    table = sort_rows("counts", table_from_rows("counts", [count_row(*key) for key in keys]))
    assert [(row["entity_id"], row["month"]) for row in table.to_pylist()] == [
        ("country/RUS", march),
        ("country/RUS", april),
        ("country/RUS", None),
        ("place/kiev", march),
    ]


@settings(deadline=None)
@given(st.lists(st.tuples(st.text(), st.text(), st.text()), max_size=8), st.randoms())
def test_the_order_of_the_rows_never_matters(
    rejected: list[tuple[str, str, str]],
    random: Random,
) -> None:
    rows: list[dict[str, object]] = [
        dict(zip(("source", "reason", "detail"), r, strict=True)) for r in rejected
    ]
    first = sort_rows("rejected", table_from_rows("rejected", rows))
    random.shuffle(rows)
    assert sort_rows("rejected", table_from_rows("rejected", rows)).equals(first)
    assert [tuple(row.values()) for row in first.to_pylist()] == sorted(rejected)
