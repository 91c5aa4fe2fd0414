"""What an article has named so far, and what a surname means in it.

In: mentions as linking proceeds. Out: a `Context` that later mentions are read in: entities, countries by
sentence, and who is named in full.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.kb import Entity, KnowledgeBase
from pipeline.linking.aliases import Alias, is_surname, singulars
from pipeline.linking.folding import fold
from pipeline.schemas import Kind, Label


@dataclass(slots=True)
class Mention:
    """A mention on its way to an entity."""

    text: str
    label: Label
    start: int
    end: int
    sentence: int
    #: The role beside the name, and the word right before it.
    role: str | None = None
    title: str = ""
    #: Of a role that was held: "oud-premier Rutte".
    former: bool = False
    #: A film, ship or animal of that name.
    thing: bool = False
    #: After a preposition of place: "in Chelsea".
    place: bool = False
    #: With "een", as a common noun: "een Manhattan".
    common: bool = False
    alias: Alias | None = None


@dataclass
class Context:
    """What is known of one article: who and what it has named."""

    published: datetime.date | None
    text: str
    entities: Counter[str] = field(default_factory=Counter)
    countries: Counter[str] = field(default_factory=Counter)
    in_sentence: defaultdict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    #: The same for countries that a sentence names by their own name, adjective or people.
    named: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: The same for the country that all whom an ambiguous surname may mean have in common.
    hinted: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    #: Surname (folded) to those whom the article names in full: an entity id, or "" for strangers.
    in_full: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def note(mention: Mention, context: Context, kb: KnowledgeBase) -> None:
    """Remember what a mention says about its article."""
    entity = kb.entities[mention.alias.entity_id] if mention.alias else None
    if entity:
        context.entities[entity.entity_id] += 1
        if entity.country:
            context.countries[entity.country] += 1
            context.in_sentence[mention.sentence][entity.country] += 1
            if entity.kind is Kind.COUNTRY:
                context.named[mention.sentence].add(entity.country)
    if mention.label is not Label.PERSON or mention.thing or " " not in mention.text:
        return
    if entity is None or not is_surname(mention.text, entity.name):
        for surname in _surnames(mention.text, entity):
            context.in_full[surname].append(entity.entity_id if entity else "")


def forget(mention: Mention, context: Context, kb: KnowledgeBase) -> None:
    """Take back what the entity of a mention, not a person, said about its article."""
    entity = kb.entities[mention.alias.entity_id] if mention.alias else None
    if entity:
        context.entities[entity.entity_id] -= 1
        if entity.country:
            context.countries[entity.country] -= 1
            context.in_sentence[mention.sentence][entity.country] -= 1
            if not context.in_sentence[mention.sentence][entity.country]:
                context.named[mention.sentence].discard(entity.country)


def hint(mention: Mention, options: Sequence[Alias], context: Context, kb: KnowledgeBase) -> None:
    """Remember the country that all whom an ambiguous name may mean have in common.

    Félix or Étienne, a president Tshisekedi is of Congo-Kinshasa; so his Congolese government is.
    """
    if mention.alias is None:
        countries = {kb.entities[alias.entity_id].country for alias in options}
        country = countries.pop() if len(countries) == 1 else None
        if country:
            context.hinted[mention.sentence].add(country)


def _surnames(full_name: str, entity: Entity | None) -> set[str]:
    """What a person may be called after the full name: Jan Peeters → Peeters; Xi Jinping → Xi."""
    words = fold(full_name).split()
    names = {words[-1]} | {" ".join(words[i:]) for i in range(1, len(words))}
    if entity:
        known = (*entity.aliases, *entity.weak_aliases)
        names |= {fold(name) for name in known if is_surname(name, entity.name)}
    return names


def _forms(text: str) -> tuple[str, ...]:
    folded = fold(text)
    return (folded, *singulars(folded))


def named_in_full(mention: Mention, context: Context) -> str | None:
    """The entity whom the article names in full with this surname, if it is one and known."""
    for form in _forms(mention.text):
        ids = set(context.in_full.get(form, ()))
        if len(ids) == 1 and "" not in ids:
            return ids.pop()
    return None


def is_stranger(mention: Mention, context: Context) -> bool:
    """Whether the article names in full somebody of this surname whom we do not know."""
    ids = [i for form in _forms(mention.text) for i in context.in_full.get(form, ())]
    return bool(ids) and set(ids) == {""}


def correct_to_person(mention: Mention, context: Context) -> None:
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
