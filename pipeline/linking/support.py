"""How much an article speaks for an ambiguous name: by neighbours, countries, roles, offices and date.

In: a mention, its candidates and the article's context. Out: the candidate with most support, if enough.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from pipeline.kb import Entity, KnowledgeBase, Office
from pipeline.linking.aliases import Alias
from pipeline.linking.context import Context, Mention, is_stranger, named_in_full
from pipeline.linking.neighbours import beside, country_of, minister_of, type_before
from pipeline.schemas import Label, LinkReason

#: A weak alias links when its support reaches this.
_ENOUGH = 2
#: A surname needs more: many people are called Smith.
_ENOUGH_FOR_PERSONS = 3
_LATELY = datetime.timedelta(days=30)
#: "De leider", "de dictator": whoever rules, by the rank of the office.
_RULERS = frozenset({"leider", "dictator", "staatshoofd", "regeringsleider"})
#: The head of a body, however called: "EU-president Michel", "IMF-baas Georgieva".
_HEADS = frozenset(
    {
        "president",
        "voorzitter",
        "secretaris-generaal",
        "directeur",
        "directeur-generaal",
        "leider",
        "centrale-bankpresident",
    }
)


def supported(
    i: int, mentions: Sequence[Mention], options: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> Alias | None:
    """The candidate with most support, if it has enough and no other has as much.

    A surname first means the person whom the article names in full, a portfolio that of the minister beside
    it. A weak name of a place or body is enough where the label agrees and nothing else is called so: the
    label already says that it is no surname and no common word.
    """
    mention = mentions[i]
    if mention.label is Label.PERSON:
        named = named_in_full(mention, context)
        if named:
            return next(
                (a for a in options if a.entity_id == named),
                Alias(mention.text, named, False, LinkReason.SURNAME, Label.PERSON),
            )
        if is_stranger(mention, context):
            return None
        return _best(i, mentions, options, context, kb, enough=_ENOUGH_FOR_PERSONS)
    if options and all(kb.entities[alias.entity_id].type == "ministry" for alias in options):
        minister = minister_of(i, mentions, context)
        if minister:
            # Of a stranger, or of a country whose ministry we do not have, none.
            country = country_of(minister, kb)
            return next((a for a in options if country and kb.entities[a.entity_id].country == country), None)
    if len(options) == 1 and _agrees(options[0], mention):
        return options[0]
    return _best(i, mentions, options, context, kb, enough=_ENOUGH)


def _agrees(alias: Alias, mention: Mention) -> bool:
    """Whether the label says what the alias says; models shade places into one another."""
    places = (Label.GPE, Label.LOC)
    if alias.label is Label.NORP:
        return False
    return alias.label is mention.label or (alias.label in places and mention.label in places)


def _best(
    i: int,
    mentions: Sequence[Mention],
    options: Sequence[Alias],
    context: Context,
    kb: KnowledgeBase,
    *,
    enough: int,
) -> Alias | None:
    """The candidate with most points, if they are enough and it can be told from the others."""
    scored = [(_support(i, mentions, alias, context, kb), alias) for alias in options]
    best = max((score for score, _ in scored), default=0)
    if best < enough:
        return None
    return _only([alias for score, alias in scored if score == best], mentions[i], context, kb)


def _only(aliases: Sequence[Alias], mention: Mention, context: Context, kb: KnowledgeBase) -> Alias | None:
    """The one of equally supported candidates that is meant, if it can be told.

    A country that the sentence names outweighs one of which it only names a town ("de Belgische gezinnen
    in Beiroet"); of places of one country the one with a people goes first (Limburgers are of the
    province), then the town (Namen).
    """
    winners = {alias.entity_id: alias for alias in aliases}
    entities = [kb.entities[entity_id] for entity_id in winners]
    named = context.named[mention.sentence]
    if len(winners) > 1 and mention.label is not Label.PERSON:
        entities = [e for e in entities if e.country in named] or entities
    if len(entities) > 1 and mention.label in (Label.GPE, Label.LOC):
        entities = _foremost(entities)
    if len(entities) > 1 and mention.former:
        # "Oud-president Bush" is the last of that name.
        last = max(_last_day(e, mention, kb) for e in entities)
        entities = [e for e in entities if _last_day(e, mention, kb) == last]
    return winners[entities[0].entity_id] if len(entities) == 1 else None


def _foremost(places: list[Entity]) -> list[Entity]:
    """Of namesakes in one country those with a people, and of these the towns."""
    if len({place.country for place in places}) > 1:
        return places
    places = [place for place in places if place.adjectives or place.inhabitants] or places
    return [place for place in places if place.type == "city"] or places


def _last_day(entity: Entity, mention: Mention, kb: KnowledgeBase) -> datetime.date:
    """When somebody last held an office that the role beside the name may be."""
    offices = kb.offices_of_holder.get(entity.entity_id, ())
    ends = (o.end for o in offices if o.end and mention.role and _fits(o, mention.role))
    return max(ends, default=datetime.date.min)


def _support(i: int, mentions: Sequence[Mention], alias: Alias, context: Context, kb: KnowledgeBase) -> int:
    """How much the article speaks for a candidate, in points (see `_ENOUGH`)."""
    mention, entity = mentions[i], kb.entities[alias.entity_id]
    points = 3 if context.entities[entity.entity_id] else 0
    country = entity.country
    if country:
        points += 3 * beside(i, mentions, country, context, kb)
        points += context.in_sentence[mention.sentence][country] > 0
        points += context.countries[country] > 0
    if mention.label is Label.PERSON:
        points += _by_office(mention, entity, context.published, kb)
    else:
        points += 2 * (country in context.hinted[mention.sentence])
        points += 3 * (entity.type == type_before(context.text, mention.start))
    if mention.title and alias.surface.startswith(mention.title):
        points += 2
    return points + (1 if alias.strong else 0)


def _by_office(mention: Mention, entity: Entity, day: datetime.date | None, kb: KnowledgeBase) -> int:
    """Points for what a person was on the day of the article, and for the role beside the name."""
    offices = kb.offices_of_holder.get(entity.entity_id, ())
    fitting = [o for o in offices if mention.role and _fits(o, mention.role)]
    if day is None:
        return 1 if fitting else 0
    if mention.former:
        # "Oud-president Clinton" is Bill, though Hillary is in office.
        return 3 if any(o.ranks and o.end and o.end < day for o in fitting) else 0
    # "De kist van president Kaczynski": who died or left just now is still called so.
    lately = day - _LATELY
    now = [o for o in fitting if o.held_on(day) or (o.end and lately <= o.end < day)]
    points = 2 if now else 0
    points += any(o.held_on(day) for o in offices)
    if mention.role in _RULERS:
        # Of "leider Kim" the supreme leader, not his premier Kim.
        points += any("head_of_state" in o.ranks for o in now)
    return points - (2 if entity.end and entity.end < lately else 0)


def _fits(office: Office, role: str) -> bool:
    """Whether an office may be called so: by its role, its portfolio, its rank or as head of its body."""
    if office.role == role or office.role.startswith(role + "-"):
        return True
    if role in _RULERS:
        return bool(office.ranks)
    return role in _HEADS and office.role in _HEADS and office.of.startswith("org/")
