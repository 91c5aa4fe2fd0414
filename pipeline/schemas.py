"""Every table of Vermeld as a pyarrow schema, with the enumerations that its columns use.

Nothing else defines a column. Offsets count Unicode code points; `start`/`end` point into
`articles.text`, `raw_start`/`raw_end` into `documents.raw`; ends are exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import pyarrow as pa


class Zone(StrEnum):
    """What a stretch of a scraped page is."""

    TITLE = "title"
    BODY = "body"
    HEADING = "heading"
    CAPTION = "caption"
    FURNITURE = "furniture"
    METADATA = "metadata"


#: The zones that `articles.text` is made of.
TEXT_ZONES = frozenset({Zone.TITLE, Zone.BODY, Zone.HEADING, Zone.CAPTION})


class Label(StrEnum):
    """What a mention names; ROLE is a role without a name ("de Russische president")."""

    PERSON = "PERSON"
    NORP = "NORP"
    GPE = "GPE"
    LOC = "LOC"
    ORG = "ORG"
    MISC = "MISC"
    ROLE = "ROLE"


class Kind(StrEnum):
    """What sort of entity a mention is linked to."""

    LEADER = "leader"
    PERSON = "person"
    COUNTRY = "country"
    PLACE = "place"
    ORGANISATION = "organisation"
    OTHER = "other"


class LinkReason(StrEnum):
    """Why a mention got its entity; NIL says that it has none."""

    EXACT = "exact"
    VARIANT = "variant"
    ABBREVIATION = "abbreviation"
    SURNAME = "surname"
    DEMONYM = "demonym"
    ROLE = "role"
    NIL = "nil"


class Recogniser(StrEnum):
    """Who found a mention: the model, the names of the knowledge base, or both."""

    MODEL = "model"
    KB = "kb"
    BOTH = "both"


class Precision(StrEnum):
    """How exact `articles.published` is; a month stands as its first day."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"


class Reason(StrEnum):
    """Why an input is in `rejected`."""

    EMPTY = "empty"
    BINARY = "binary"
    UNREADABLE = "unreadable"
    TOO_LONG = "too_long"
    NOT_DUTCH = "not_dutch"
    MALFORMED = "malformed"
    NO_TEXT = "no_text"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table's schema and the columns that identify and sort its rows."""

    schema: pa.Schema
    key: tuple[str, ...]


def _fields(*columns: tuple[str, pa.DataType] | tuple[str, pa.DataType, str]) -> pa.Schema:
    """A schema; a third element "?" marks a column that may be null."""
    return pa.schema([pa.field(c[0], c[1], nullable=len(c) == 3) for c in columns])


_STR, _INT, _DATE = pa.string(), pa.int32(), pa.date32()

TABLES: dict[str, TableSpec] = {
    "documents": TableSpec(
        _fields(
            ("article_id", _STR),
            ("source", _STR),
            ("raw", _STR),
            ("encoding", _STR),
            ("format", _STR),
            ("title", _STR, "?"),
            ("published", _STR, "?"),
            ("url", _STR, "?"),
            ("outlet", _STR, "?"),
            # HTML only: what the markup says of each line of raw, a letter each (t h c f m: title, heading,
            # caption, furniture, metadata; p a paragraph or item; - unknown).
            ("markup", _STR, "?"),
            ("raw_sha256", _STR),
        ),
        key=("source", "article_id"),
    ),
    "articles": TableSpec(
        _fields(
            ("article_id", _STR),
            ("source", _STR),
            ("outlet", _STR, "?"),
            ("title", _STR, "?"),
            ("published", _DATE, "?"),
            ("published_precision", _STR, "?"),
            ("agency", _STR, "?"),
            ("dateline", _STR, "?"),
            ("story_id", _STR),
            ("text", _STR),
            ("n_words", _INT),
            # 0 to 1: how much it reads as machine-translated (see `translationese`), no reason to drop it;
            # null for a text too short to say.
            ("machine_translated", pa.float32(), "?"),
            ("raw_sha256", _STR),
        ),
        key=("source", "article_id"),
    ),
    "segments": TableSpec(
        _fields(
            ("article_id", _STR),
            ("segment", _INT),
            ("zone", _STR),
            ("raw_start", _INT),
            ("raw_end", _INT),
            ("start", _INT, "?"),
            ("end", _INT, "?"),
            ("rule", _STR),
        ),
        key=("article_id", "segment"),
    ),
    # Each edit between raw and text, so that every offset has a way back.
    "repairs": TableSpec(
        _fields(
            ("article_id", _STR),
            ("raw_start", _INT),
            ("raw_end", _INT),
            ("start", _INT, "?"),
            ("end", _INT, "?"),
            ("rule", _STR),
        ),
        key=("article_id", "raw_start", "raw_end", "rule"),
    ),
    "mentions": TableSpec(
        _fields(
            ("article_id", _STR),
            ("source", _STR),
            ("mention", _INT),
            ("start", _INT),
            ("end", _INT),
            ("raw_start", _INT),
            ("raw_end", _INT),
            ("text", _STR),
            ("label", _STR),
            ("zone", _STR),
            ("sentence", _INT),
            ("sentence_text", _STR),
            ("score", pa.float32()),
            ("recogniser", _STR),
            ("entity_id", _STR, "?"),
            ("name", _STR, "?"),
            ("kind", _STR, "?"),
            ("country", _STR, "?"),
            ("wikidata", _STR, "?"),
            ("link_reason", _STR),
            ("role", _STR, "?"),
            ("published", _DATE, "?"),
            ("story_id", _STR),
            ("model", _STR),
        ),
        key=("source", "article_id", "mention"),
    ),
    "rejected": TableSpec(
        _fields(("source", _STR), ("reason", _STR), ("detail", _STR)),
        key=("source", "reason", "detail"),
    ),
    "counts": TableSpec(
        _fields(
            ("entity_id", _STR),
            ("name", _STR),
            ("kind", _STR),
            ("country", _STR, "?"),
            ("month", _DATE, "?"),
            ("n_mentions", _INT),
            ("n_articles", _INT),
            ("n_stories", _INT),
        ),
        key=("entity_id", "month"),
    ),
    "cooccurrences": TableSpec(
        _fields(
            ("entity_id_a", _STR),
            ("name_a", _STR),
            ("entity_id_b", _STR),
            ("name_b", _STR),
            ("n_sentences", _INT),
            ("n_articles", _INT),
            ("n_stories", _INT),
        ),
        key=("entity_id_a", "entity_id_b"),
    ),
}


def table_from_rows(name: str, rows: list[dict[str, object]]) -> pa.Table:
    """Rows of the table called `name`, in the order given.

    Raises:
        pyarrow.ArrowInvalid, pyarrow.ArrowTypeError: a value does not fit its column.
        ValueError: a column that may not be null has a null, or a row has an unknown column.
    """
    schema = TABLES[name].schema
    unknown = {column for row in rows for column in row} - set(schema.names)
    if unknown:
        raise ValueError(f"table {name}: unknown columns {sorted(unknown)}")
    table = pa.Table.from_pylist(rows, schema=schema)
    check(name, table)
    return table


def check(name: str, table: pa.Table) -> None:
    """Raise ValueError unless `table` has the schema called `name` and no null where none may be."""
    schema = TABLES[name].schema
    if not table.schema.equals(schema):
        raise ValueError(f"table {name}: schema is\n{table.schema}\nand should be\n{schema}")
    for field in schema:
        if not field.nullable and table.column(field.name).null_count:
            raise ValueError(f"table {name}: null in column {field.name}")


def sort_rows(name: str, table: pa.Table) -> pa.Table:
    """The rows in the order of the table's key, so that equal tables are equal files."""
    return table.sort_by([(column, "ascending") for column in TABLES[name].key])
