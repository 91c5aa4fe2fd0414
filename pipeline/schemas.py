"""Every table of Vermeld as a pyarrow schema, with the enumerations that its columns use.

Nothing else defines a column. Offsets count Unicode code points; `start`/`end` point into
`articles.text`, `raw_start`/`raw_end` into `documents.raw`; ends are exclusive.
"""

from __future__ import annotations

from collections.abc import Mapping
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


class Part(StrEnum):
    """What a row of a roll-up counts: the body itself, all its members together, or one of them."""

    BODY = "body"
    MEMBERS = "members"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class TableSpec:
    """A table: what a row is, its schema, what each column says, and what identifies and sorts rows."""

    row: str
    schema: pa.Schema
    columns: Mapping[str, str]
    key: tuple[str, ...]


def _table(row: str, *columns: tuple[str, pa.DataType, str], key: tuple[str, ...]) -> TableSpec:
    """A table from its columns: name, type, meaning; a "?" behind the name marks one that may be null."""
    fields = [pa.field(name.rstrip("?"), kind, nullable=name.endswith("?")) for name, kind, _ in columns]
    return TableSpec(row, pa.schema(fields), {name.rstrip("?"): what for name, _, what in columns}, key)


_STR, _INT, _FLOAT, _DATE = pa.string(), pa.int32(), pa.float32(), pa.date32()

TABLES: dict[str, TableSpec] = {
    "documents": _table(
        "an input as it was read: a file, a page or a record",
        ("article_id", _STR, "key of the article; the same source and content give the same one"),
        ("source", _STR, "path below the corpus folder, with `#id` behind it for a record of a file"),
        ("raw", _STR, "the decoded text of the file, the text taken from HTML, or the record's own text"),
        ("encoding", _STR, "encoding the file was read in"),
        ("format", _STR, "txt, html, jsonl, csv or parquet"),
        ("title?", _STR, "title that the input gives beside its text"),
        ("published?", _STR, "date that the input gives, as it stands there"),
        ("url?", _STR, "address that the input gives"),
        ("outlet?", _STR, "outlet that the input or the user gives"),
        (
            "markup?",
            _STR,
            "HTML only: what the markup says of each line of `raw`, a letter each: t h c f m for title, "
            "heading, caption, furniture, metadata; p a paragraph or item; - unknown",
        ),
        ("raw_sha256", _STR, "SHA-256 of `raw`"),
        key=("source", "article_id"),
    ),
    "articles": _table(
        "an article, cleaned",
        ("article_id", _STR, "key of the article"),
        ("source", _STR, "path below the corpus folder, with `#id` behind it for a record of a file"),
        ("outlet?", _STR, "outlet: as given, else the host of the address"),
        ("title?", _STR, "title: as given, else as the page shows it"),
        ("published?", _DATE, "date of publication; the first day of what is known"),
        ("published_precision?", _STR, "how exact `published` is"),
        ("agency?", _STR, "news agency of a dateline or a note: ANP, Belga"),
        ("dateline?", _STR, "place of the dateline, as it stands there"),
        ("story_id", _STR, "`article_id` of one article of the story; copies of wire text share it"),
        ("text", _STR, "clean text: title, body, headings and captions, with an empty line between"),
        ("n_words", _INT, "words of `text`, by white space"),
        ("machine_translated?", _FLOAT, "0 to 1: how far it reads as machine-translated; null if too short"),
        ("raw_sha256", _STR, "SHA-256 of the raw text"),
        key=("source", "article_id"),
    ),
    "segments": _table(
        "a stretch of raw text with its zone; all of a document's, furniture too",
        ("article_id", _STR, "key of the article"),
        ("segment", _INT, "number within the article, from 0"),
        ("zone", _STR, "what the stretch is"),
        ("raw_start", _INT, "where it starts in `documents.raw`"),
        ("raw_end", _INT, "where it ends there"),
        ("start?", _INT, "where it starts in `articles.text`; null if it is no part of it"),
        ("end?", _INT, "where it ends there"),
        ("rule", _STR, "name of the rule that gave the zone"),
        key=("article_id", "segment"),
    ),
    "repairs": _table(
        "an edit between raw and clean text, so that every offset has a way back",
        ("article_id", _STR, "key of the article"),
        ("raw_start", _INT, "where what was replaced starts in `documents.raw`"),
        ("raw_end", _INT, "where it ends there"),
        ("start?", _INT, "where the replacement starts in `articles.text`; null outside the text"),
        ("end?", _INT, "where it ends there"),
        ("rule", _STR, "name of the repair"),
        key=("article_id", "raw_start", "raw_end", "rule"),
    ),
    "mentions": _table(
        "a name in an article, or a role that stands without a name",
        ("article_id", _STR, "key of the article"),
        ("source", _STR, "source of the article"),
        ("mention", _INT, "number within the article, from 0"),
        ("start", _INT, "where it starts in `articles.text`"),
        ("end", _INT, "where it ends there"),
        ("raw_start", _INT, "where it starts in `documents.raw`"),
        ("raw_end", _INT, "where it ends there"),
        ("text", _STR, "the mention as it stands in `articles.text`"),
        ("label", _STR, "what it names; ROLE is a role without a name (de Russische president)"),
        ("zone", _STR, "zone of the segment it stands in"),
        ("sentence", _INT, "number of its sentence within the article, from 0"),
        ("sentence_text", _STR, "text of its sentence"),
        ("score", _FLOAT, "calibrated probability that span and label are right, 0 to 1"),
        ("recogniser", _STR, "who found it"),
        ("entity_id?", _STR, "entity it is linked to, a key of the knowledge base; null if unlinked"),
        ("cluster?", _STR, "of a mention that is not linked: an id that the same name shares in the article"),
        ("name?", _STR, "canonical Dutch name of the entity"),
        ("kind?", _STR, "sort of entity"),
        ("country?", _STR, "ISO 3166-1 alpha-3: the country itself, a person's, a body's seat or owner"),
        ("wikidata?", _STR, "Wikidata id of the entity, where a source gives one"),
        ("link_reason", _STR, "why it is linked, or nil"),
        ("role?", _STR, "role that the text gives beside the name, or that the mention is: president"),
        ("published?", _DATE, "date of the article"),
        ("story_id", _STR, "story of the article"),
        ("model", _STR, "name and version of the model that ran"),
        key=("source", "article_id", "mention"),
    ),
    "rejected": _table(
        "an input that could not be read as a Dutch article",
        ("source", _STR, "path below the corpus folder, with the record's id or line"),
        ("reason", _STR, "why, in a word"),
        ("detail", _STR, "why, in a sentence"),
        key=("source", "reason", "detail"),
    ),
    "counts": _table(
        "an entity in a month; roles without a name are left out",
        ("entity_id", _STR, "key of the entity"),
        ("name", _STR, "canonical Dutch name"),
        ("kind", _STR, "sort of entity"),
        ("country?", _STR, "ISO 3166-1 alpha-3 country of the entity"),
        ("month?", _DATE, "first day of the month; null for articles without a date"),
        ("n_mentions", _INT, "mentions found"),
        ("n_articles", _INT, "articles with a mention"),
        ("n_stories", _INT, "stories with a mention"),
        ("n_estimated?", _FLOAT, "likely number of true mentions; null for a model that was not measured"),
        ("n_low?", _FLOAT, "lower bound of its 95 % interval"),
        ("n_high?", _FLOAT, "upper bound of its 95 % interval"),
        key=("entity_id", "month"),
    ),
    "cooccurrences": _table(
        "two entities that are named in one sentence",
        ("entity_id_a", _STR, "key of one entity, the first by alphabet"),
        ("name_a", _STR, "its name"),
        ("entity_id_b", _STR, "key of the other"),
        ("name_b", _STR, "its name"),
        ("n_sentences", _INT, "sentences that name both"),
        ("n_articles", _INT, "articles with such a sentence"),
        ("n_stories", _INT, "stories with such a sentence"),
        key=("entity_id_a", "entity_id_b"),
    ),
}


#: The columns whose values are an enumeration, in every table that has them.
ENUMS: dict[str, type[StrEnum]] = {
    "zone": Zone,
    "label": Label,
    "kind": Kind,
    "link_reason": LinkReason,
    "recogniser": Recogniser,
    "published_precision": Precision,
    "reason": Reason,
}


#: What `rollup` gives; no run writes it. `n_names` … `n_leaders` add up to `n_mentions`.
ROLLUP = _table(
    "a month and the body, its members together (`entity_id` of the body), or one member",
    ("month", _DATE, "first day of the month"),
    ("part", _STR, "body, members or member"),
    ("entity_id", _STR, "the body, or the member"),
    ("name", _STR, "its name"),
    ("n_mentions", _INT, "mentions of it"),
    ("n_names", _INT, "of these, by name"),
    ("n_demonyms", _INT, "by adjective or inhabitants"),
    ("n_capitals", _INT, "by capital or institution"),
    ("n_leaders", _INT, "by a leader"),
    ("n_articles", _INT, "articles with such a mention; those of members do not add up"),
    key=("month", "part", "entity_id"),
)


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
