"""When a name is not what it means as a rule: Tripoli in Lebanon, the province of Luxemburg, FC Barcelona.

In: a mention linked to what its name means by itself, the others whom it may mean, the article's context.
Out: the other one that the article speaks for. Without such evidence the usual meaning stays.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.kb import Entity, KnowledgeBase
from pipeline.linking.aliases import Alias
from pipeline.linking.context import Context, Mention
from pipeline.linking.neighbours import beside, country_of, in_place, type_before
from pipeline.schemas import Kind, Label

_PLACES = (Label.GPE, Label.LOC)


def rivals_of(default: Alias, options: Sequence[Alias]) -> tuple[Alias, ...]:
    """The other places and bodies that a name of a place or body may mean."""
    if default.label is Label.NORP or default.label is Label.PERSON:
        return ()
    return tuple(
        a
        for a in options
        if a.entity_id != default.entity_id and a.label in (*_PLACES, Label.ORG) and not a.strong
    )


def overruling(
    i: int, mentions: Sequence[Mention], rivals: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> Alias | None:
    """The rival that is meant instead of what mention i is linked to, or None."""
    mention = mentions[i]
    if mention.alias is None:
        return None
    default = kb.entities[mention.alias.entity_id]
    family = _PLACES if mention.alias.label in _PLACES else (mention.alias.label,)
    places = [(a, kb.entities[a.entity_id]) for a in rivals if a.label in family]
    type_ = type_before(context.text, mention.start)
    if type_:
        # "De provincie Antwerpen", "de staat Washington"; but "de stad Groningen" is what it always is.
        places = [(a, e) for a, e in places if e.type == type_]
        near = [a for a, e in places if e.country and beside(i, mentions, e.country, context, kb)]
        if default.type != type_ and (len(places) == 1 or len(near) == 1):
            return near[0] if near else places[0][0]
        return None
    abroad = [(a, e) for a, e in places if e.country and e.country != default.country]
    for alias, entity in abroad:
        if entity.country and beside(i, mentions, entity.country, context, kb):
            return alias
    if default.kind is not Kind.COUNTRY or all(e.kind is Kind.COUNTRY for _, e in abroad):
        inside = [a for a, e in abroad if _speaks_for(e, mention, mentions, context, kb)]
        if len(inside) == 1 and not _is_around(default, mention, mentions, kb):
            return inside[0]
    return _club(mention, mentions, rivals, context, kb) if family is _PLACES else None


def _speaks_for(
    rival: Entity, mention: Mention, mentions: Sequence[Mention], context: Context, kb: KnowledgeBase
) -> bool:
    """Whether the sentence names the rival's country: "In Venezuela vielen ook in Valencia de lichten uit".

    An adjective is not enough ("Amerikaanse studenten in Cambridge"). For a country or a body a town is:
    "In Brazzaville werd de president van Congo beëdigd".
    """
    if rival.kind is not Kind.PLACE:
        return context.in_sentence[mention.sentence][rival.country or ""] > 0
    return any(
        m.sentence == mention.sentence
        and m.alias
        and m.alias.label is Label.GPE
        and kb.entities[m.alias.entity_id].kind is Kind.COUNTRY
        and country_of(m, kb) == rival.country
        for m in mentions
    )


def _is_around(default: Entity, mention: Mention, mentions: Sequence[Mention], kb: KnowledgeBase) -> bool:
    """Whether another name of the article is of the country of the usual meaning."""
    return any(country_of(m, kb) == default.country for m in mentions if m.text != mention.text)


def _club(
    mention: Mention,
    mentions: Sequence[Mention],
    rivals: Sequence[Alias],
    context: Context,
    kb: KnowledgeBase,
) -> Alias | None:
    """The club called after its town, where the sentence names another club: "won met 4-0 van Barcelona"."""
    clubs = [a for a in rivals if kb.entities[a.entity_id].type == "club"]
    if len(clubs) != 1 or in_place(context.text, mention.start):
        return None
    others = (
        kb.entities[m.alias.entity_id].type == "club"
        for m in mentions
        if m.alias and m.sentence == mention.sentence and m.text != mention.text
    )
    return clubs[0] if any(others) else None
