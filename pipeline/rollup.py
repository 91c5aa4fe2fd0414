"""An organisation in the news, by itself and by its members, month by month.

In: `mentions`, the knowledge base, an organisation, a period. Out: a table with the schema `ROLLUP`. Who is a
member is asked for the date of each article: Sweden's mentions count for NATO from 7 March 2024 on. A capital
counts as its country, since "Moskou ontkent" is Russia; who wants towns left out subtracts `n_capitals`.
"""

from __future__ import annotations

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.kb import KnowledgeBase, Membership
from pipeline.schemas import ROLLUP, Kind, Label, LinkReason, Part

#: Kinds of roles that speak for a country; a leader of its opposition does not.
_OFFICIAL = frozenset({"state", "government", "minister", "royal", "military"})


class RollupError(ValueError):
    """There is nothing to roll up; the message says why."""


@dataclass(slots=True)
class _Tally:
    """Mentions by how they name the country, and the articles they are in."""

    ways: Counter[str] = field(default_factory=Counter)
    articles: set[str] = field(default_factory=set)

    def add(self, way: str, article: str) -> None:
        self.ways[way] += 1
        self.articles.add(article)


def rollup(
    mentions: pa.Table,
    kb: KnowledgeBase,
    organisation: str,
    *,
    start: datetime.date,
    end: datetime.date,
    roles: bool = False,
) -> pa.Table:
    """Mentions of a body and of its members by month, with the schema `ROLLUP`; none for months without any.

    Of a member count its names, its demonyms, its capital and seat of government, and those people who
    on the article's date hold an office of that country, not of its opposition.

    Args:
        mentions: linked.
        kb: the knowledge base they were linked to.
        organisation: its entity id, `org/navo`.
        start: first day of the period.
        end: last day of the period. Articles without a date are left out; one dated to a month or year counts
            as of its first day.
        roles: whether roles without a name ("de Zweedse premier") count as leaders.

    Raises:
        RollupError: the organisation is unknown or has no members in the knowledge base, or the period
            ends before it starts.
    """
    members = _Members(kb, organisation)
    if end < start:
        raise RollupError(f"the period ends on {end}, before it starts on {start}")
    columns = ("entity_id", "label", "link_reason", "article_id", "published")
    tallies: defaultdict[tuple[datetime.date, Part, str], _Tally] = defaultdict(_Tally)
    for entity, label, reason, article, day in zip(
        *(mentions.column(c).to_pylist() for c in columns), strict=True
    ):
        if entity is None or day is None or not start <= day <= end or (label == Label.ROLE and not roles):
            continue
        month = day.replace(day=1)
        if entity == organisation:
            tallies[month, Part.BODY, entity].add("names", article)
        named = members.named_by(entity, reason, day)
        if named:
            way, member = named
            tallies[month, Part.MEMBER, member].add(way, article)
            tallies[month, Part.MEMBERS, organisation].add(way, article)
    return _table(tallies, kb)


def _table(tallies: dict[tuple[datetime.date, Part, str], _Tally], kb: KnowledgeBase) -> pa.Table:
    rows = [
        {
            "month": month,
            "part": part.value,
            "entity_id": entity,
            "name": kb.entities[entity].name,
            "n_mentions": tally.ways.total(),
            "n_names": tally.ways["names"],
            "n_demonyms": tally.ways["demonyms"],
            "n_capitals": tally.ways["capitals"],
            "n_leaders": tally.ways["leaders"],
            "n_articles": len(tally.articles),
        }
        for (month, part, entity), tally in tallies.items()
    ]
    table = pa.Table.from_pylist(rows, schema=ROLLUP.schema)
    return table.sort_by([(column, "ascending") for column in ROLLUP.key])


class _Members:
    """Who was a member of an organisation when, and by what a mention names one."""

    def __init__(self, kb: KnowledgeBase, organisation: str) -> None:
        entity = kb.entities.get(organisation)
        if entity is None or entity.kind is not Kind.ORGANISATION:
            raise RollupError(f"no organisation {organisation!r} in the knowledge base")
        self._kb = kb
        self._terms: defaultdict[str, list[Membership]] = defaultdict(list)
        for term in kb.memberships:
            if term.organisation == organisation:
                self._terms[term.member].append(term)
        if not self._terms:
            raise RollupError(f"{organisation} has no members in the knowledge base")
        self._capital_of: dict[str, str] = {}
        for member in self._terms:
            country = kb.entities[member]
            self._capital_of |= {place: member for place in (country.capital, country.seat) if place}

    def named_by(self, entity: str, reason: str, day: datetime.date) -> tuple[str, str] | None:
        """How a mention names a member of that day, and which; None if it names none."""
        if entity in self._terms:
            way, member = "demonyms" if reason == LinkReason.DEMONYM else "names", entity
        elif entity in self._capital_of:
            way, member = "capitals", self._capital_of[entity]
        else:
            way, member = "leaders", next(self._led_by(entity, day), "")
        return (way, member) if _is_member(self._terms.get(member, ()), day) else None

    def _led_by(self, person: str, day: datetime.date) -> Iterator[str]:
        """The members for which somebody speaks by an office held on that day."""
        for office in self._kb.offices_of_holder.get(person, ()):
            official = self._kb.roles[office.role].kind in _OFFICIAL
            if official and office.of in self._terms and office.held_on(day):
                yield office.of


def _is_member(terms: Sequence[Membership], day: datetime.date) -> bool:
    return any((t.start is None or t.start <= day) and (t.end is None or day <= t.end) for t in terms)
