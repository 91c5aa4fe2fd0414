"""The spaCy component `vermeld_linker`, registered by entry point: links the names of anyone's pipeline.

It needs `doc.ents`, and sentences where there are any; it sets `ent.kb_id_` and leaves the names and their
labels as they are. The date of an article, `doc._.vermeld_published`, decides who holds an office.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.kb import load_kb
from pipeline.link import Linker, link, make_linker
from pipeline.linking.aliases import build_index
from pipeline.recognition.encoder_component import batched
from pipeline.recognition.loading import CONLL, ONTONOTES
from pipeline.schemas import Label, LinkReason, Recogniser, Zone, table_from_rows
from pipeline.settings import resources

Row = dict[str, Any]

#: Key of `Doc.spans` for the roles without a name: "de Russische president".
ROLES = "vermeld_roles"
#: Extension of Doc that a user sets, and of Span that answers why a name was linked.
PUBLISHED, LINK = "vermeld_published", "vermeld_link"


@dataclass(frozen=True, slots=True)
class Link:
    """What a name is linked to, as `mentions` has it."""

    entity_id: str
    name: str
    kind: str
    country: str | None
    wikidata: str | None
    reason: str
    role: str | None


class VermeldLinker:
    """Links `doc.ents` to the knowledge base that ships."""

    def __init__(self, linker: Linker, ids: Literal["entity_id", "wikidata"]) -> None:
        self.linker = linker
        self.ids = ids

    def __call__(self, doc: Doc) -> Doc:
        """Link the names of one document."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Link a stream of documents, a batch at a time."""
        for batch in batched(docs, batch_size):
            names = [(str(k), _linkable(doc)) for k, doc in enumerate(batch)]
            tables = _tables(batch, names)
            linked: dict[str, list[Row]] = {key: [] for key, _ in names}
            for row in link(*tables, linker=self.linker).to_pylist():
                linked[row["article_id"]].append(row)
            for doc, (key, _) in zip(batch, names, strict=True):
                self._set(doc, linked[key])
                yield doc

    def _set(self, doc: Doc, rows: Sequence[Row]) -> None:
        """Write ids on the tokens, as spaCy's own entity linker does, and roles in `doc.spans`."""
        by_place = {(ent.start_char, ent.end_char): ent for ent in doc.ents}
        links: dict[tuple[int, int], Link] = {}
        roles: list[Span] = []
        for row in rows:
            if row["entity_id"] is None:
                continue
            facts = {c: row[c] for c in ("entity_id", "name", "kind", "country", "wikidata", "role")}
            place, kb_id = (row["start"], row["end"]), row[self.ids] or ""
            if row["label"] == Label.ROLE:
                span = _role_span(doc, row, kb_id)
                roles.append(span)
            else:
                span = by_place[place]
                for token in span:
                    token.ent_kb_id_ = kb_id
            links[span.start, span.end] = Link(reason=row["link_reason"], **facts)
        doc.spans[ROLES] = roles
        doc.user_data[LINK] = links


def _role_span(doc: Doc, row: Row, kb_id: str) -> Span:
    """The tokens of a role; where its edge lies inside one, the whole token."""
    found = doc.char_span(row["start"], row["end"], Label.ROLE.value, kb_id, alignment_mode="expand")
    if found is None:
        raise ValueError(f"no tokens from {row['start']} to {row['end']}")
    return found


def _linkable(doc: Doc) -> list[tuple[Span, Label]]:
    """The names whose label is one of ours: of OntoNotes (nl_core_news_*) or CoNLL (PER LOC ORG MISC)."""
    labels = ONTONOTES | CONLL
    return [(ent, labels[ent.label_]) for ent in doc.ents if ent.label_ in labels]


def _tables(docs: Sequence[Doc], names: Sequence[tuple[str, list[tuple[Span, Label]]]]) -> Iterator[Any]:
    """The tables that `link` takes: each document is an article of one segment, its own raw text."""
    articles, segments, mentions = [], [], []
    for doc, (key, ents) in zip(docs, names, strict=True):
        text, published = doc.text, doc._.get(PUBLISHED)
        known = {"article_id": key, "source": key, "story_id": key, "published": published}
        articles.append(known | {"text": text, "n_words": len(doc), "raw_sha256": ""})
        place = {"raw_start": 0, "raw_end": len(text), "start": 0, "end": len(text)}
        segments.append({"article_id": key, "segment": 0, "zone": Zone.BODY.value, "rule": "spacy"} | place)
        starts = [s.start for s in doc.sents] if doc.has_annotation("SENT_START") else [0]
        mentions += [known | _mention(*ent, starts, k) for k, ent in enumerate(ents)]
    yield table_from_rows("articles", articles)
    yield table_from_rows("segments", segments)
    yield table_from_rows("repairs", [])
    yield table_from_rows("mentions", mentions)


def _mention(ent: Span, label: Label, sentence_starts: Sequence[int], number: int) -> Row:
    start, end = ent.start_char, ent.end_char
    return {
        "mention": number,
        "start": start,
        "end": end,
        "raw_start": start,
        "raw_end": end,
        "text": ent.text,
        "label": label.value,
        "zone": Zone.BODY.value,
        "sentence": sum(s <= ent.start for s in sentence_starts) - 1,
        "sentence_text": ent.text,
        "score": 1.0,
        "recogniser": Recogniser.MODEL.value,
        "link_reason": LinkReason.NIL.value,
        "model": "spacy",
    }


@functools.cache
def _shipped_linker() -> Linker:
    kb = load_kb(resources() / "kb")
    return make_linker(kb, build_index(kb))


def _published(doc: Doc) -> datetime.date | None:
    value = doc.user_data.get(PUBLISHED)
    return value.date() if isinstance(value, datetime.datetime) else value


def _set_published(doc: Doc, value: datetime.date | None) -> None:
    doc.user_data[PUBLISHED] = value


def _link_of(span: Span) -> Link | None:
    links: dict[tuple[int, int], Link] = span.doc.user_data.get(LINK, {})
    return links.get((span.start, span.end))


@Language.factory(
    "vermeld_linker", default_config={"ids": "entity_id"}, requires=["doc.ents"], assigns=["token.ent_kb_id"]
)
def create_vermeld_linker(nlp: Language, name: str, ids: Literal["entity_id", "wikidata"]) -> VermeldLinker:
    """Make the component.

    Args:
        nlp: the pipeline it goes into.
        name: its name there.
        ids: what `kb_id_` holds: our readable key (leader/vladimir-poetin), or the Wikidata id.

    Raises:
        ValueError: `ids` is neither.
    """
    if ids not in {"entity_id", "wikidata"}:
        raise ValueError(f"vermeld_linker: ids is entity_id or wikidata, not {ids!r}")
    Doc.set_extension(PUBLISHED, getter=_published, setter=_set_published, force=True)
    Span.set_extension(LINK, getter=_link_of, force=True)
    return VermeldLinker(_shipped_linker(), ids)
