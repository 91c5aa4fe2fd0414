"""Stage link: `mentions` to `mentions` with entities, article by article.

First what a name means by itself (a full name, a country, a strong alias); then, with what the article
has named so far, surnames and weak aliases. What cannot be told stays, with `link_reason` nil.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from pipeline.aliases import Alias, AliasIndex, is_surname, singulars
from pipeline.folding import fold
from pipeline.kb import Entity, KnowledgeBase
from pipeline.offices import OfficeFinder, Place
from pipeline.offsets import Alignment, alignments_of
from pipeline.roles import RoleFinder
from pipeline.schemas import Kind, Label, LinkReason, Recogniser, table_from_rows

#: A weak alias links when its support reaches this.
_ENOUGH = 2
#: A surname needs more: many people are called Smith.
_ENOUGH_FOR_PERSONS = 3
#: Between a country and its man: "Noord-Koreaanse dictator Kim", "Deense premier Rasmussen".
_TITLE_BETWEEN = re.compile(r" (?:[a-zà-ÿ][\w-]*(?: van [\w ]+)? ){0,2}")
#: Between a body and its country: "ministerie van Defensie in Kiev", "Doema van Rusland".
_SPACE = re.compile(" ")
_OF = re.compile(r" (?:van|in|uit|te) (?:de |het )?")
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


Row = dict[str, Any]


@dataclass(slots=True)
class Mention:
    """A mention on its way to an entity."""

    row: Row
    text: str
    label: Label
    start: int
    end: int
    sentence: int
    role: str | None
    title: str = ""
    alias: Alias | None = None


@dataclass
class Context:
    """What is known of one article: who and what it has named."""

    published: datetime.date | None
    text: str
    entities: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    in_sentence: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Surname (folded) to those whom the article names in full: an entity id, or "" for strangers.
    in_full: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


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
    mentions = [_mention(row, text, linker.roles) for row in names]
    candidates = [_candidates(mention, linker) for mention in mentions]
    context = Context(rows[0]["published"], text)
    for mention, options in zip(mentions, candidates, strict=True):
        mention.alias = _sure(mention, options)
        _note(mention, context, linker.kb)
    for mention in mentions:
        _correct_to_person(mention, context)
    # Twice, since what the first round links supports the second: Congolese by Tshisekedi.
    for _ in range(2):
        for i, options in enumerate(candidates):
            _link_with_support(i, mentions, options, context, linker.kb)
    linked = [_linked_row(mention, linker.kb) for mention in mentions]
    linked += _role_rows(rows, mentions, context, alignment, linker)
    linked.sort(key=lambda row: (row["start"], row["end"]))
    return [row | {"mention": number} for number, row in enumerate(linked)]


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
        "name": entity.name,
        "kind": entity.kind.value,
        "country": entity.country,
        "wikidata": entity.wikidata,
        "link_reason": reason.value,
    }


def _mention(row: Row, text: str, roles: RoleFinder) -> Mention:
    start, end = row["start"], row["end"]
    label = Label(row["label"])
    role = None
    if label is Label.PERSON:
        line_start = text.rfind("\n", 0, start) + 1
        role = roles.before(text[line_start:start]) or roles.after(text[end : end + 60])
    before = text[max(0, start - 30) : start]
    title = before.split()[-1].lower() if role and before.endswith(" ") and before.split() else ""
    return Mention(row, text[start:end], label, start, end, row["sentence"], role, title)


def _candidates(mention: Mention, linker: Linker) -> list[Alias]:
    """The entities a mention may mean, by label: its own first, else near ones, else countries."""
    options = linker.index.lookup(mention.text)
    if not options and mention.label is Label.PERSON:
        options = linker.index.similar(mention.text)
    if mention.title:
        # "koning Albert", "paus Leo": with the title it is one man's name.
        titled = linker.index.lookup(f"{mention.title} {mention.text}")
        options = (*(a for a in titled if a.label is Label.PERSON), *options)
    near = [a for a in options if a.label in _NEAR[mention.label]]
    same = [a for a in near if a.label is mention.label]
    return same or near or [a for a in options if a.strong and _is_unmistakable(a, mention, linker.kb)]


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


def _note(mention: Mention, context: Context, kb: KnowledgeBase) -> None:
    """Remember what a mention says about its article."""
    entity = kb.entities[mention.alias.entity_id] if mention.alias else None
    if entity:
        context.entities[entity.entity_id] += 1
        if entity.country:
            context.countries[entity.country] += 1
            context.in_sentence[mention.sentence].add(entity.country)
    if mention.label is not Label.PERSON or len(mention.text.split()) < 2:
        return
    if entity is None or not is_surname(mention.text, entity.name):
        for surname in _surnames(mention.text, entity):
            context.in_full[surname].append(entity.entity_id if entity else "")


def _surnames(full_name: str, entity: Entity | None) -> set[str]:
    """What a person may be called after the full name: Jan Peeters → Peeters; Xi Jinping → Xi."""
    words = fold(full_name).split()
    names = {words[-1]} | {" ".join(words[i:]) for i in range(1, len(words))}
    if entity:
        known = (*entity.aliases, *entity.weak_aliases)
        names |= {fold(name) for name in known if is_surname(name, entity.name)}
    return names


def _correct_to_person(mention: Mention, context: Context) -> None:
    """Read a single word as a person where the article names in full one who is called so.

    A model that takes "Xi" for a town says PERSON of "Xi Jinping".
    """
    single = mention.alias is None and " " not in mention.text
    if (
        single
        and mention.label is not Label.MISC
        and any(form in context.in_full for form in _forms(mention.text))
    ):
        mention.label = Label.PERSON


def _link_with_support(
    i: int, mentions: Sequence[Mention], options: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> None:
    """Link mention i by what the article says, if it is not linked, or linked by a surname alone."""
    mention = mentions[i]
    if mention.alias and mention.alias.reason is not LinkReason.SURNAME:
        return
    found = _supported(i, mentions, options, context, kb)
    if found and mention.alias is None:
        mention.alias = found
        _note(mention, context, kb)
    elif found:
        mention.alias = found
    elif mention.alias and _stranger(mention, context):
        mention.alias = None


def _supported(
    i: int, mentions: Sequence[Mention], options: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> Alias | None:
    """The candidate with most support, if it has enough and no other has as much.

    A surname first means the person whom the article names in full. A weak name of a place or body is
    enough where the label agrees and nothing else is called so: the label already says that it is no
    surname and no common word.
    """
    mention = mentions[i]
    if mention.label is Label.PERSON:
        named = _named_in_full(mention, context)
        if named:
            return next(
                (a for a in options if a.entity_id == named),
                Alias(mention.text, named, False, LinkReason.SURNAME, Label.PERSON),
            )
        if _stranger(mention, context):
            return None
    elif len(options) == 1 and options[0].label is mention.label is not Label.NORP:
        return options[0]
    enough = _ENOUGH_FOR_PERSONS if mention.label is Label.PERSON else _ENOUGH
    scored = [(_support(i, mentions, alias, context, kb), alias) for alias in options]
    best = max((score for score, _ in scored), default=0)
    winners = {alias.entity_id: alias for score, alias in scored if score == best}
    return next(iter(winners.values())) if best >= enough and len(winners) == 1 else None


def _forms(text: str) -> tuple[str, ...]:
    folded = fold(text)
    return (folded, *singulars(folded))


def _named_in_full(mention: Mention, context: Context) -> str | None:
    """The entity whom the article names in full with this surname, if it is one and known."""
    for form in _forms(mention.text):
        ids = set(context.in_full.get(form, ()))
        if len(ids) == 1 and "" not in ids:
            return ids.pop()
    return None


def _stranger(mention: Mention, context: Context) -> bool:
    """Whether the article names in full somebody of this surname whom we do not know."""
    ids = [i for form in _forms(mention.text) for i in context.in_full.get(form, ())]
    return bool(ids) and set(ids) == {""}


def _support(i: int, mentions: Sequence[Mention], alias: Alias, context: Context, kb: KnowledgeBase) -> int:
    """How much the article speaks for a candidate, in points (see `_ENOUGH`)."""
    mention, entity = mentions[i], kb.entities[alias.entity_id]
    points = 3 if context.entities[entity.entity_id] else 0
    country = entity.country
    if country:
        points += 3 * _beside(i, mentions, country, context, kb)
        points += country in context.in_sentence[mention.sentence]
        points += country in context.countries
    if mention.label is Label.PERSON:
        points += _by_office(mention, entity, context.published, kb)
    if mention.title and alias.surface.startswith(mention.title):
        points += 2
    return points + (1 if alias.strong else 0)


def _by_office(mention: Mention, entity: Entity, day: datetime.date | None, kb: KnowledgeBase) -> int:
    """Points for what a person was on the day of the article, and for the role beside the name."""
    offices = kb.offices_of_holder.get(entity.entity_id, ())
    fitting = [o for o in offices if mention.role and o.role.startswith(mention.role)]
    if day is None:
        return 1 if fitting else 0
    points = 2 if any(o.held_on(day) for o in fitting) else 0
    points += any(o.held_on(day) for o in offices)
    return points - (2 if entity.end and entity.end < day else 0)


def _beside(i: int, mentions: Sequence[Mention], country: str, context: Context, kb: KnowledgeBase) -> bool:
    """Whether a neighbour names the country: "Russische ministerie van Defensie", "Defensie van Iran"."""
    mention = mentions[i]
    for other in mentions[max(0, i - 1) : i]:
        between = _TITLE_BETWEEN if mention.label is Label.PERSON else _SPACE
        if _country_of(other, kb) == country and between.fullmatch(context.text, other.end, mention.start):
            return True
    for other in mentions[i + 1 : i + 2]:
        if _country_of(other, kb) == country and _OF.fullmatch(context.text, mention.end, other.start):
            return True
    return False


def _country_of(mention: Mention, kb: KnowledgeBase) -> str | None:
    return kb.entities[mention.alias.entity_id].country if mention.alias else None


def _linked_row(mention: Mention, kb: KnowledgeBase) -> Row:
    alias = mention.alias
    row = mention.row | {"role": mention.role}
    if alias is None:
        return row | {"label": mention.label.value, "link_reason": LinkReason.NIL.value}
    entity = kb.entities[alias.entity_id]
    label = mention.label
    if alias.strong or mention.label is Label.MISC:
        label = alias.label
    if label is not Label.PERSON:
        row["role"] = None
    return row | {"label": label.value} | _facts(entity, alias.reason)
