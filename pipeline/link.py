"""Stage link: `mentions` to `mentions` with entities, article by article.

First what a name means by itself (a full name, a country, a strong alias); then, with what the article
has named so far, surnames and weak aliases. What cannot be told stays, with `link_reason` nil.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa

from pipeline.aliases import Alias, AliasIndex
from pipeline.clusters import clusters_of
from pipeline.context import Context, Mention, Row, correct_to_person, forget, hint, is_stranger, note
from pipeline.kb import Entity, KnowledgeBase
from pipeline.neighbours import has_article, in_place, is_former, is_one_of_many, is_thing
from pipeline.offices import OfficeFinder, Place
from pipeline.offsets import Alignment, alignments_of
from pipeline.rivals import overruling, rivals_of
from pipeline.roles import RoleFinder
from pipeline.schemas import Kind, Label, LinkReason, Recogniser, table_from_rows
from pipeline.support import supported

#: Labels that a model may confuse, or that shade into one another. What is not here stays apart:
#: a club or coalition (ORG) is not the town or state it is called after, Engels the language (MISC)
#: is no people, and a surname (PERSON) is no place.
_NEAR = {
    Label.GPE: {Label.GPE, Label.LOC, Label.ORG, Label.NORP},
    Label.LOC: {Label.LOC, Label.GPE, Label.ORG},
    Label.ORG: {Label.ORG},
    Label.NORP: {Label.NORP, Label.GPE, Label.LOC},
    Label.PERSON: {Label.PERSON},
    Label.MISC: {Label.ORG, Label.GPE, Label.LOC},
}


_COMPASS = re.compile("(?:Noord|Zuid|Oost|West|Midden|Centraal|Noordoost|Noordwest|Zuidoost|Zuidwest)-")
#: Organisations whose name "een" makes a product: "een Boeing".
_MAKERS = frozenset({"company", "media"})


@dataclass(frozen=True)
class Linker:
    """The knowledge base in the forms that linking needs."""

    kb: KnowledgeBase
    index: AliasIndex
    roles: RoleFinder
    offices: OfficeFinder


def make_linker(kb: KnowledgeBase, index: AliasIndex) -> Linker:
    """The linker of a knowledge base."""
    return Linker(kb, index, RoleFinder(kb.roles.values()), OfficeFinder(kb, index))


def link(
    articles: pa.Table, segments: pa.Table, repairs: pa.Table, mentions: pa.Table, *, linker: Linker
) -> pa.Table:
    """`mentions` with entity, link reason, role and, where the knowledge base is sure, label.

    Roles without a name that could be resolved are added, or kept; the others are left out.
    """
    alignments = alignments_of(segments, repairs)
    texts = dict(zip(*(articles.column(c).to_pylist() for c in ("article_id", "text")), strict=True))
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in mentions.to_pylist():
        groups[row["article_id"]].append(row)
    rows = [
        row
        for article, group in groups.items()
        for row in _link_article(group, texts[article], alignments[article], linker)
    ]
    return table_from_rows("mentions", rows)


def _link_article(rows: list[Row], text: str, alignment: Alignment, linker: Linker) -> list[Row]:
    """The rows of one article, linked, in the order of their places."""
    names = [row for row in rows if row["label"] != Label.ROLE]
    mentions = [_mention(row, text, linker) for row in names]
    candidates = [_candidates(mention, linker) for mention in mentions]
    context = Context(rows[0]["published"], text)
    for mention, options in zip(mentions, candidates, strict=True):
        mention.alias = _sure(mention, options)
        note(mention, context, linker.kb)
    for mention, options in zip(mentions, candidates, strict=True):
        correct_to_person(mention, context)
        titled = mention.label is Label.PERSON and mention.role
        hint(mention, options if titled else _part_of(mention, linker), context, linker.kb)
    _overrule(mentions, context, linker)
    # Twice, since what the first round links supports the second: Congolese by Tshisekedi.
    for _ in range(2):
        for i, options in enumerate(candidates):
            _link_with_support(i, mentions, options, context, linker.kb)
    linked = [_linked_row(mention, linker.kb) for mention in mentions]
    _cluster(linked)
    linked += _role_rows(rows, mentions, context, alignment, linker)
    linked.sort(key=lambda row: (row["start"], row["end"]))
    return [row | {"mention": number} for number, row in enumerate(linked)]


def _cluster(rows: Sequence[Row]) -> None:
    """Give the rows without an entity the id of their cluster."""
    nil = [row for row in rows if row["link_reason"] == LinkReason.NIL]
    if nil:
        names = [(row["text"], Label(row["label"])) for row in nil]
        for row, cluster in zip(nil, clusters_of(nil[0]["article_id"], names), strict=True):
            row["cluster"] = cluster


def _role_rows(
    rows: Sequence[Row], mentions: Sequence[Mention], context: Context, alignment: Alignment, linker: Linker
) -> list[Row]:
    """Rows for the roles without a name; each takes its sentence from a row that lies in it."""
    places = [Place(m.start, m.end, m.label, m.alias.entity_id if m.alias else None) for m in mentions]
    found = []
    for role in linker.offices.find(context.text, places, context.published):
        inside = [row for row in rows if row["start"] < role.end and role.start < row["end"]]
        if inside:
            raw_start, raw_end = alignment.to_source(role.start, role.end)
            place = {"start": role.start, "end": role.end, "raw_start": raw_start, "raw_end": raw_end}
            text = {"text": context.text[role.start : role.end], "label": Label.ROLE.value}
            facts = {"role": role.role, "recogniser": Recogniser.KB.value}
            entity = linker.kb.entities[role.holder]
            found.append(inside[0] | place | text | facts | _facts(entity, LinkReason.ROLE))
    return found


def _facts(entity: Entity, reason: LinkReason) -> Row:
    """The columns that say what a mention is linked to."""
    return {
        "entity_id": entity.entity_id,
        "cluster": None,
        "name": entity.name,
        "kind": entity.kind.value,
        "country": entity.country,
        "wikidata": entity.wikidata,
        "link_reason": reason.value,
    }


def _mention(row: Row, text: str, linker: Linker) -> Mention:
    start, end = row["start"], row["end"]
    label = Label(row["label"])
    role = None
    if label is Label.PERSON:
        line_start = text.rfind("\n", 0, start) + 1
        role = linker.roles.before(text[line_start:start]) or linker.roles.after(text[end : end + 60])
    before = text[max(0, start - 30) : start]
    title = before.split()[-1].lower() if role and before.endswith(" ") and before.split() else ""
    former = role is not None and is_former(text, start)
    # "Hengst Prins Filip" is no prince.
    thing = label is not Label.NORP and is_thing(text, start - (len(title) + 1 if title else 0))
    if label is Label.PERSON and has_article(text, start, end):
        # But a model may leave the particle out: "De [Wever]".
        thing = not linker.index.lookup(f"de {text[start:end]}")
    common = is_one_of_many(text, start, end)
    place = label in (Label.GPE, Label.LOC) and in_place(text, start)
    return Mention(
        row, text[start:end], label, start, end, row["sentence"], role, title, former, thing, place, common
    )


def _candidates(mention: Mention, linker: Linker) -> list[Alias]:
    """The entities a mention may mean, by label: its own first, else near ones, else countries."""
    if mention.thing:
        return []
    options = linker.index.lookup(mention.text)
    if not options and mention.label is Label.PERSON:
        options = linker.index.similar(mention.text)
    if mention.title:
        # "koning Albert", "paus Leo": with the title it is one man's name.
        titled = linker.index.lookup(f"{mention.title} {mention.text}")
        options = (*(a for a in titled if a.label is Label.PERSON), *options)
    near = [a for a in options if a.label in _NEAR[mention.label] and not _is_misread(a, mention, linker.kb)]
    same = [a for a in near if a.label is mention.label]
    return same or near or [a for a in options if a.strong and _is_unmistakable(a, mention, linker.kb)]


def _part_of(mention: Mention, linker: Linker) -> Sequence[Alias]:
    """The country that a name is a part of: "Zuid-Spanje"."""
    match = _COMPASS.match(mention.text)
    options = linker.index.lookup(mention.text[match.end() :]) if match else ()
    return [a for a in options if a.strong and linker.kb.entities[a.entity_id].kind is Kind.COUNTRY]


def _is_misread(alias: Alias, mention: Mention, kb: KnowledgeBase) -> bool:
    """Whether the words around forbid an entity.

    "Wandelend door Chelsea" is not in the club, and "een Apache", "een Manhattan" fly and are drunk.
    """
    entity = kb.entities[alias.entity_id]
    if mention.place and entity.type == "club":
        return True
    common = entity.type in _MAKERS or entity.kind is Kind.PLACE
    return mention.common and common and alias.label is not Label.NORP


def _is_unmistakable(alias: Alias, mention: Mention, kb: KnowledgeBase) -> bool:
    """Whether a name is right even against the model's label: a country, a capital, a famous person."""
    if alias.label is Label.PERSON:
        return mention.label is not Label.MISC
    if alias.entity_id in kb.capitals:
        return mention.label is Label.PERSON and not mention.role
    return kb.entities[alias.entity_id].kind is Kind.COUNTRY and alias.reason is not LinkReason.DEMONYM


def _sure(mention: Mention, options: Sequence[Alias]) -> Alias | None:
    """The one strong candidate, if there is just one."""
    strong = [alias for alias in options if alias.strong]
    return strong[0] if len(strong) == 1 else None


def _overrule(mentions: Sequence[Mention], context: Context, linker: Linker) -> None:
    """Link names to another than their usual meaning where the article says so, and all that are alike."""
    meant: dict[str, Alias] = {}
    for i, mention in enumerate(mentions):
        rivals = rivals_of(mention.alias, linker.index.lookup(mention.text)) if mention.alias else ()
        found = overruling(i, mentions, rivals, context, linker.kb) if rivals else None
        if found:
            meant.setdefault(mention.text, found)
    for mention in mentions:
        if mention.text in meant and mention.alias and mention.alias.label is not Label.PERSON:
            forget(mention, context, linker.kb)
            mention.alias = meant[mention.text]
            note(mention, context, linker.kb)


def _link_with_support(
    i: int, mentions: Sequence[Mention], options: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> None:
    """Link mention i by what the article says, if it is not linked, or linked by a surname alone."""
    mention = mentions[i]
    if mention.alias and mention.alias.reason is not LinkReason.SURNAME:
        return
    found = supported(i, mentions, options, context, kb)
    if found and mention.alias is None:
        mention.alias = found
        note(mention, context, kb)
    elif found:
        mention.alias = found
    elif mention.alias and is_stranger(mention, context):
        mention.alias = None


def _linked_row(mention: Mention, kb: KnowledgeBase) -> Row:
    alias = mention.alias
    row = mention.row | {"role": mention.role}
    if alias is None:
        return row | {"label": mention.label.value, "link_reason": LinkReason.NIL.value}
    entity = kb.entities[alias.entity_id]
    label = mention.label
    if alias.strong or mention.label is Label.MISC or alias.label is Label.ORG:
        label = alias.label
    if label is not Label.PERSON:
        row["role"] = None
    return row | {"label": label.value} | _facts(entity, alias.reason)
