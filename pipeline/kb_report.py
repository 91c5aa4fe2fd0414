"""What `vermeld kb check` and `vermeld kb audit` print: counts, Wikidata coverage, colliding names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.kb import Entity, KnowledgeBase
from pipeline.linking.aliases import aliases_of
from pipeline.linking.folding import fold
from pipeline.schemas import Kind

#: The row that takes leaders and persons together.
PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class KindCount:
    """Entities of a kind, how many have a Wikidata id, and from which sources."""

    kind: str
    entities: int
    with_wikidata: int
    sources: str


def counts(kb: KnowledgeBase) -> list[KindCount]:
    """One row a kind, in the order of the name, and last the leaders and persons together."""
    kinds: defaultdict[Kind, list[Entity]] = defaultdict(list)
    for entity in kb.entities.values():
        kinds[entity.kind].append(entity)
    rows = [_count(kind.value, kinds[kind]) for kind in sorted(kinds)]
    return [*rows, _count(PEOPLE, kinds[Kind.LEADER] + kinds[Kind.PERSON])]


def _count(name: str, entities: list[Entity]) -> KindCount:
    sources = Counter(e.wikidata_source for e in entities if e.wikidata)
    named = ", ".join(f"{source} {n}" for source, n in sources.most_common())
    return KindCount(name, len(entities), sources.total(), named)


def collisions(kb: KnowledgeBase) -> Iterator[tuple[str, list[str]]]:
    """Each name that several entities share, with their ids: it links only with support."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entity in kb.entities.values():
        for alias in aliases_of(entity):
            owners[fold(alias.surface)].add(entity.entity_id)
    for surface in sorted(owners):
        if len(owners[surface]) > 1:
            yield surface, sorted(owners[surface])
