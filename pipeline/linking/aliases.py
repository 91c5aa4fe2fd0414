"""Names as they stand in Dutch text, and the entities they can mean.

In: a knowledge base. Out: an `AliasIndex` that answers which entities a surface may mean. Here are the
Dutch rules for names: the -e of adjectives, possessives, diacritics, capitals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.kb import Entity, KnowledgeBase
from pipeline.linking.folding import fold
from pipeline.linking.likeness import Likenesses, Sounds
from pipeline.schemas import Kind, Label, LinkReason

#: Words that belong to the surname after them.
PARTICLES = frozenset(("von", "van", "de", "der", "den", "ten", "ter", "el", "al", "bin", "ibn", "le", "la"))


#: How many answers an index keeps at once.
_REMEMBERED = 1 << 16


@dataclass(frozen=True, slots=True)
class Alias:
    """One name of one entity; a weak one links only with support."""

    surface: str
    entity_id: str
    strong: bool
    reason: LinkReason
    label: Label


def inflected(adjective: str) -> tuple[str, ...]:
    """An adjective with its -e form: Russisch, Russische; Chinees, Chinese; Indiaas, Indiase."""
    for long, short in (("ees", "es"), ("aas", "as"), ("oos", "os")):
        if adjective.endswith(long):
            return adjective, adjective[: -len(long)] + short + "e"
    return (adjective, adjective) if adjective.endswith("e") else (adjective, adjective + "e")


def singulars(surface: str) -> Iterator[str]:
    """`surface` without a possessive ending: Zelensky's, Poetins, Moskous, Trumps', Kallas'."""
    for ending in ("'s", "s'", "'", "s"):
        least = 1 if "'" in ending else 2
        if surface.endswith(ending) and len(surface) > len(ending) + least:
            yield surface[: -len(ending)]
    if surface.endswith("s'"):
        yield surface[:-1]


class AliasIndex:
    """Which entities a surface may mean."""

    def __init__(self, aliases: list[Alias], countries: Mapping[str, str | None] | None = None) -> None:
        """Make the index.

        Args:
            aliases: all names of all entities.
            countries: ISO code of the country of each entity.
        """
        self._exact: defaultdict[str, dict[str, Alias]] = defaultdict(dict)
        self._caseless: defaultdict[str, dict[str, Alias]] = defaultdict(dict)
        for alias in aliases:
            folded = fold(alias.surface)
            for table, form in ((self._exact, folded), (self._caseless, folded.casefold())):
                known = table[form].get(alias.entity_id)
                if known is None or (alias.strong and not known.strong):
                    table[form][alias.entity_id] = alias
        self._weaken_shared()
        #: News repeats its names.
        self._looked_up: dict[str, tuple[Alias, ...]] = {}
        self._heard: dict[str, tuple[Alias, ...]] = {}
        self._respelled: dict[str, tuple[Alias, ...]] = {}
        full = {(a.surface, a.entity_id) for a in aliases if a.label is Label.PERSON and " " in a.surface}
        self._countries = countries or {}
        self._sounds = Sounds((name, owner, self._countries.get(owner)) for name, owner in full)
        self._label_of = {a.entity_id: a.label for a in aliases if a.reason is not LinkReason.DEMONYM}
        self._likenesses = Likenesses(
            (a.surface, a.entity_id, self._countries.get(a.entity_id))
            for a in aliases
            if _may_be_respelled(a)
        )

    def _weaken_shared(self) -> None:
        """An alias of two entities proves neither: Congolees, Koreaanse. But a name beats a demonym."""
        for table in (self._exact, self._caseless):
            for owners in table.values():
                strong = [alias for alias in owners.values() if alias.strong]
                names = [alias for alias in strong if alias.reason is not LinkReason.DEMONYM]
                winner = names[0].entity_id if len(names) == 1 else None
                if len(strong) > 1:
                    losers = {a.entity_id: replace(a, strong=False) for a in strong}
                    owners.update({k: a for k, a in losers.items() if k != winner})

    def lookup(self, surface: str) -> tuple[Alias, ...]:
        """All entities that `surface` may mean; its own form first, then without a possessive.

        Words in capitals only (POETIN, of a headline or dateline) and names of several words
        (Ministerie van Defensie) match in any case.
        """
        return _remembered(surface, self._looked_up, self._look_up)

    def _look_up(self, surface: str) -> tuple[Alias, ...]:
        folded = " ".join(fold(surface).split())
        for form in (folded, *singulars(folded)):
            if form in self._exact:
                return tuple(self._exact[form].values())
        if (folded.isupper() and len(folded) > 3) or " " in folded:
            for form in (folded.casefold(), *singulars(folded.casefold())):
                if form in self._caseless:
                    return tuple(self._caseless[form].values())
        return ()

    def similar(self, surface: str) -> tuple[Alias, ...]:
        """The person whose full name sounds like `surface`, spelled as no list has it: Wladimir Poutine.

        Nobody where two are called so, and never by a surname alone.
        """
        return _remembered(surface, self._heard, self._hear)

    def _hear(self, surface: str) -> tuple[Alias, ...]:
        for form in (surface, *singulars(fold(surface))):
            owner = self._sounds.owner(form)
            if owner:
                return (Alias(surface, owner, True, LinkReason.VARIANT, Label.PERSON),)
        return ()

    def surfaces(self) -> Iterator[tuple[str, tuple[Alias, ...]]]:
        """Each folded surface with all that it may mean; then each in lower case likewise."""
        for table in (self._exact, self._caseless):
            for surface, owners in table.items():
                yield surface, tuple(owners.values())

    def respelled(self, surface: str) -> tuple[Alias, ...]:
        """People and places whose surname or name sounds like `surface`; weak, so that they need support."""
        return _remembered(surface, self._respelled, self._respell)

    def _respell(self, surface: str) -> tuple[Alias, ...]:
        for form in (fold(surface), *singulars(fold(surface))):
            owners = self._likenesses.owners(form)
            if owners:
                labels = self._label_of
                return tuple(Alias(surface, o, False, LinkReason.VARIANT, labels[o]) for o in owners)
        return ()

    def country(self, alias: Alias) -> str | None:
        """ISO code of the country of what an alias names."""
        return self._countries.get(alias.entity_id)

    def strong(self) -> Iterator[tuple[str, Alias]]:
        """Each folded surface that means one entity by itself, with its alias."""
        for surface, owners in self._exact.items():
            strong = [alias for alias in owners.values() if alias.strong]
            if len(strong) == 1:
                yield surface, strong[0]


def _may_be_respelled(alias: Alias) -> bool:
    """Whether other romanisations of a name may stand alone: surnames and places."""
    if alias.label is Label.PERSON:
        return alias.reason is LinkReason.SURNAME
    return alias.label in (Label.GPE, Label.LOC) and alias.reason is not LinkReason.DEMONYM


def _remembered(
    surface: str, known: dict[str, tuple[Alias, ...]], find: Callable[[str], tuple[Alias, ...]]
) -> tuple[Alias, ...]:
    """What `find` says of a surface, which is kept in `known`."""
    found = known.get(surface)
    if found is None:
        if len(known) >= _REMEMBERED:
            known.clear()
        found = known[surface] = find(surface)
    return found


def build_index(kb: KnowledgeBase) -> AliasIndex:
    """The index of all names, adjectives and inhabitants of a knowledge base."""
    countries = {e.entity_id: e.country for e in kb.entities.values()}
    return AliasIndex([a for entity in kb.entities.values() for a in aliases_of(entity)], countries)


def aliases_of(entity: Entity) -> Iterator[Alias]:
    """Every name of an entity, with why it would link."""
    yield Alias(entity.name, entity.entity_id, True, LinkReason.EXACT, entity.label)
    for strong, names in ((True, entity.aliases), (False, entity.weak_aliases)):
        for name in names:
            yield Alias(name, entity.entity_id, strong, _reason(name, entity), entity.label)
    for form in dict.fromkeys(_demonyms(entity)):
        yield Alias(form, entity.entity_id, True, LinkReason.DEMONYM, Label.NORP)


def _demonyms(entity: Entity) -> Iterator[str]:
    """Adjectives in both forms, and people; by rule for a town without adjective: Minskse, Hamburgse."""
    for adjective in entity.adjectives:
        yield from inflected(adjective)
    if entity.type == "city" and not entity.adjectives and entity.name.isalpha():
        yield entity.name + ("e" if entity.name.endswith("s") else "se")
    for noun in entity.inhabitants:
        yield noun
        # Antwerpenaar has two plurals.
        if noun.endswith("aar"):
            yield from (noun + "s", noun[:-3] + "aren")


def _reason(name: str, entity: Entity) -> LinkReason:
    letters = name.replace(".", "").replace("-", "")
    if entity.kind in (Kind.LEADER, Kind.PERSON):
        return LinkReason.SURNAME if is_surname(name, entity.name) else LinkReason.VARIANT
    if letters.isupper() and len(letters) <= 8 and " " not in letters:
        return LinkReason.ABBREVIATION
    return LinkReason.VARIANT


def is_surname(name: str, full_name: str) -> bool:
    """Whether `name` is shorter than a full name: Poetin, Von der Leyen, Kim."""
    words = fold(name).split()
    heavy = [word for word in words if word.casefold() not in PARTICLES]
    return len(heavy) == 1 and len(full_name.split()) > len(heavy)
