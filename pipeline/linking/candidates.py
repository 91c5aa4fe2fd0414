"""What a mention may mean: the words around it, and the entities that bear its name.

In: a place in the text of an article with its label. Out: a `Mention`, and its candidates by label. Which of
them it is, `link` decides from the whole article.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import Alias, AliasIndex
from pipeline.linking.context import Mention
from pipeline.linking.neighbours import has_article, in_place, is_former, is_one_of_many, is_thing
from pipeline.linking.offices import OfficeFinder
from pipeline.linking.roles import RoleFinder
from pipeline.schemas import Kind, Label, LinkReason

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


#: Labels of what other romanisations are looked up for.
_RESPELLED = (Label.PERSON, Label.GPE, Label.LOC)
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


def mention_at(start: int, end: int, label: Label, sentence: int, text: str, linker: Linker) -> Mention:
    """The mention at start:end (code points) of the text of its article, with what stands around it."""
    surface = text[start:end]
    mention = Mention(surface, label, start, end, sentence)
    if label is Label.PERSON:
        _with_role(mention, text, linker)
        if has_article(text, start, end):
            # But a model may leave the particle out: "De [Wever]".
            mention.thing = not linker.index.lookup(f"de {surface}")
    else:
        mention.place = in_place(text, start)
    if label is not Label.NORP:
        # "Hengst Prins Filip" is no prince.
        title = len(mention.title) + 1 if mention.title else 0
        mention.thing = mention.thing or is_thing(text, start - title)
        mention.common = is_one_of_many(text, start, end)
    return mention


def _with_role(mention: Mention, text: str, linker: Linker) -> None:
    start, end = mention.start, mention.end
    line_start = text.rfind("\n", 0, start) + 1
    before = text[max(line_start, start - 120) : start]
    mention.role = linker.roles.before(before) or linker.roles.after(text[end : end + 60])
    if mention.role:
        words = before.split()
        mention.title = words[-1].lower() if before.endswith(" ") and words else ""
        mention.former = is_former(text, start)


def candidates(mention: Mention, linker: Linker) -> list[Alias]:
    """The entities a mention may mean, by label: its own first, else near ones, else countries."""
    if mention.thing:
        return []
    options = linker.index.lookup(mention.text)
    if not options and mention.label is Label.PERSON:
        options = linker.index.similar(mention.text)
    if not options and mention.label in _RESPELLED:
        options = linker.index.respelled(mention.text)
    if mention.title:
        # "koning Albert", "paus Leo": with the title it is one man's name.
        titled = linker.index.lookup(f"{mention.title} {mention.text}")
        options = (*(a for a in titled if a.label is Label.PERSON), *options)
    near = [a for a in options if a.label in _NEAR[mention.label] and not _is_misread(a, mention, linker.kb)]
    same = [a for a in near if a.label is mention.label]
    return same or near or [a for a in options if a.strong and _is_unmistakable(a, mention, linker.kb)]


def part_of(mention: Mention, linker: Linker) -> Sequence[Alias]:
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


def sure(mention: Mention, options: Sequence[Alias]) -> Alias | None:
    """The one strong candidate, if there is just one."""
    strong = [alias for alias in options if alias.strong]
    return strong[0] if len(strong) == 1 else None
