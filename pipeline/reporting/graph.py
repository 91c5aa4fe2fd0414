"""The network of cooccurrence, laid out: what stands in one sentence lies close together.

In: the tables `cooccurrences` and `counts`. Out: a `Drawing` (see `graph_svg`). The places are found by
forces (networkx) from a fixed seed, so that one table gives one drawing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from pipeline.reporting.marks import group_of

#: Ties drawn per entity, its strongest; more make a ball of wool.
_TIES_EACH = 3
_MARGIN = 34


@dataclass(frozen=True, slots=True)
class Node:
    """An entity in the drawing; x, y and radius in drawing units."""

    entity_id: str
    name: str
    group: str
    n: int
    x: float
    y: float
    radius: float


@dataclass(frozen=True, slots=True)
class Tie:
    """A pair of entities, by number of node, that share `n` stories (or articles, or sentences)."""

    a: int
    b: int
    n: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """Nodes and ties in a box."""

    nodes: tuple[Node, ...]
    ties: tuple[Tie, ...]
    width: int
    height: int


def draw(
    cooccurrences: pa.Table,
    counts: pa.Table,
    *,
    n_entities: int = 40,
    measure: str = "n_stories",
    width: int = 960,
    height: int = 600,
) -> Drawing:
    """The entities that share most with others, and their strongest ties.

    Args:
        cooccurrences: the table of that name.
        counts: likewise; it says of what kind an entity is.
        n_entities: how many, at most.
        measure: n_sentences, n_articles or n_stories.
        width: of the box, in drawing units.
        height: likewise.

    Raises:
        KeyError: no such measure.
    """
    kinds = dict(zip(*(counts.column(c).to_pylist() for c in ("entity_id", "kind")), strict=True))
    columns = ("entity_id_a", "entity_id_b", "name_a", "name_b", measure)
    pairs = list(zip(*(cooccurrences.column(c).to_pylist() for c in columns), strict=True))
    names = {i: name for a, b, name_a, name_b, _ in pairs for i, name in ((a, name_a), (b, name_b))}
    shared: Counter[str] = Counter()
    for a, b, _, _, n in pairs:
        shared.update({a: n, b: n})
    wanted = sorted(shared, key=lambda i: (-shared[i], i))[:n_entities]
    ties = _strongest({(a, b): n for a, b, _, _, n in pairs}, set(wanted))
    drawn = [i for i in wanted if any(i in pair for pair in ties)]
    places = _places(drawn, ties, width, height)
    most = max(shared.values(), default=1)
    number = {i: k for k, i in enumerate(drawn)}
    nodes = [
        Node(i, names[i], group_of(kinds.get(i)), shared[i], *places[i], 4 + 13 * (shared[i] / most) ** 0.5)
        for i in drawn
    ]
    lines = (Tie(number[a], number[b], n) for (a, b), n in sorted(ties.items()))
    return Drawing(tuple(nodes), tuple(lines), width, height)


def _strongest(pairs: dict[tuple[str, str], int], wanted: set[str]) -> dict[tuple[str, str], int]:
    """For each entity its strongest ties to others that are drawn."""
    kept: dict[tuple[str, str], int] = {}
    ranking = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    for entity in sorted(wanted):
        own = (p for p in ranking if entity in p[0] and wanted.issuperset(p[0]))
        kept.update(islice(own, _TIES_EACH))
    return kept


def _places(
    nodes: list[str], ties: dict[tuple[str, str], int], width: int, height: int
) -> dict[str, tuple[float, float]]:
    """Where each node lies, spread over the box."""
    import networkx as nx  # not needed to run the stages

    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_weighted_edges_from((a, b, n**0.5) for (a, b), n in sorted(ties.items()))
    if not nodes:
        return {}
    found = nx.spring_layout(graph, seed=1, k=2.2 / len(nodes) ** 0.5, iterations=300)
    # By rank along each axis, half way: forces alone leave the middle full and the corners empty.
    spread = {}
    for axis, size in ((0, width), (1, height)):
        order = sorted(nodes, key=lambda i: float(found[i][axis]))
        low, high = float(found[order[0]][axis]), float(found[order[-1]][axis])
        for rank, i in enumerate(order):
            by_force = (float(found[i][axis]) - low) / ((high - low) or 1)
            by_rank = rank / ((len(order) - 1) or 1)
            spread[i, axis] = _MARGIN + (by_force + by_rank) / 2 * (size - 2 * _MARGIN)
    return {i: (round(spread[i, 0], 1), round(spread[i, 1], 1)) for i in nodes}
