"""What `vermeld kb check` and `vermeld kb audit` print: counts, Wikidata coverage, colliding names."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.aliases import aliases_of
from pipeline.folding import fold
from pipeline.kb import KnowledgeBase


@dataclass(frozen=True, slots=True)
class KindCount:
    """Entities of a kind, how many have a Wikidata id, and from which sources."""

    kind: str
    entities: int
    with_wikidata: int
    sources: str


def counts(kb: KnowledgeBase) -> list[KindCount]:
    """One row a kind, in the order of the name."""
    rows = []
    for kind in sorted({e.kind for e in kb.entities.values()}):
        entities = [e for e in kb.entities.values() if e.kind is kind]
        sources = Counter(e.wikidata_source for e in entities if e.wikidata)
        named = ", ".join(f"{source} {n}" for source, n in sources.most_common())
        rows.append(KindCount(kind.value, len(entities), sum(bool(e.wikidata) for e in entities), named))
    return rows


def collisions(kb: KnowledgeBase) -> Iterator[tuple[str, list[str]]]:
    """Each name that several entities share, with their ids: it links only with support."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entity in kb.entities.values():
        for alias in aliases_of(entity):
            owners[fold(alias.surface)].add(entity.entity_id)
    for surface in sorted(owners):
        if len(owners[surface]) > 1:
            yield surface, sorted(owners[surface])
