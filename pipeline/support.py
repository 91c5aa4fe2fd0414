"""How much an article speaks for an ambiguous name: by neighbours, countries, roles, offices and date.

In: a mention, its candidates and the article's context. Out: the candidate with most support, if enough.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

from pipeline.aliases import Alias
from pipeline.context import Context, Mention, is_stranger, named_in_full
from pipeline.kb import Entity, KnowledgeBase
from pipeline.schemas import Label, LinkReason

#: A weak alias links when its support reaches this.
_ENOUGH = 2
#: A surname needs more: many people are called Smith.
_ENOUGH_FOR_PERSONS = 3
#: Between a country and its man: "Noord-Koreaanse dictator Kim", "Deense premier Rasmussen".
_TITLE_BETWEEN = re.compile(r" (?:[a-zà-ÿ][\w-]*(?: van [\w ]+)? ){0,2}")
#: Between a body and its country: "ministerie van Defensie in Kiev", "Doema van Rusland".
_NEAR_CHARS = 60
_SPACE = re.compile(" ")
_OF = re.compile(r" (?:van|in|uit|te) (?:de |het )?")


def supported(
    i: int, mentions: Sequence[Mention], options: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> Alias | None:
    """The candidate with most support, if it has enough and no other has as much.

    A surname first means the person whom the article names in full. A weak name of a place or body is
    enough where the label agrees and nothing else is called so: the label already says that it is no
    surname and no common word.
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
    elif len(options) == 1 and options[0].label is mention.label is not Label.NORP:
        return options[0]
    enough = _ENOUGH_FOR_PERSONS if mention.label is Label.PERSON else _ENOUGH
    scored = [(_support(i, mentions, alias, context, kb), alias) for alias in options]
    best = max((score for score, _ in scored), default=0)
    winners = {alias.entity_id: alias for score, alias in scored if score == best}
    return next(iter(winners.values())) if best >= enough and len(winners) == 1 else None


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
        near = mention.start - other.end <= _NEAR_CHARS
        if (
            near
            and country_of(other, kb) == country
            and between.fullmatch(context.text, other.end, mention.start)
        ):
            return True
    for other in mentions[i + 1 : i + 2]:
        if country_of(other, kb) == country and _OF.fullmatch(context.text, mention.end, other.start):
            return True
    return False


def country_of(mention: Mention, kb: KnowledgeBase) -> str | None:
    """ISO code of the country of what a mention is linked to."""
    return kb.entities[mention.alias.entity_id].country if mention.alias else None
