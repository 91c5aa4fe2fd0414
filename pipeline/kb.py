"""The knowledge base: loads the CSV files of `models/kb`, checks them, and answers by id.

Nothing linguistic happens here (see `aliases`). In: a folder. Out: one immutable `KnowledgeBase`.
Loading fails on a duplicate id, a dangling reference, or a strong alias that two entities own.
"""

from __future__ import annotations

import csv
import datetime
import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from pipeline.schemas import Kind, Label

_T = TypeVar("_T")
_DATES = frozenset({"start", "end", "born", "died"})
_FILES = ("countries", "places", "organisations", "leaders", "offices", "roles", "memberships")


class KnowledgeBaseError(ValueError):
    """The knowledge base is not sound; the message lists every fault found."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Anything that a mention can be linked to.

    Attributes:
        entity_id: our own readable key, `country/RUS`.
        name: canonical Dutch name.
        label: the label of a mention that is one of its names.
        country: ISO 3166-1 alpha-3; of a country itself, else the one it belongs to.
        type: finer than kind: city, river, alliance, party; "" where there is none.
        aliases, weak_aliases: names that link alone, and names that need support.
        adjectives, inhabitants: uninflected adjectives, and nouns for the people.
        start, end: when it existed; None for open.
    """

    entity_id: str
    name: str
    kind: Kind
    label: Label
    country: str | None
    type: str
    aliases: tuple[str, ...]
    weak_aliases: tuple[str, ...]
    adjectives: tuple[str, ...]
    inhabitants: tuple[str, ...]
    start: datetime.date | None
    end: datetime.date | None
    wikidata: str | None
    wikidata_source: str | None
    capital: str | None = None
    seat: str | None = None

    @property
    def short_name(self) -> str:
        """The name without what tells namesakes apart in the files: Groen, of "Groen (partij)"."""
        return self.name.partition(" (")[0]


@dataclass(frozen=True, slots=True)
class Office:
    """Who held a role of a country, place or organisation, from `start` up to and including `end`."""

    role: str
    of: str
    ranks: tuple[str, ...]
    holder: str
    start: datetime.date | None
    end: datetime.date | None
    source: str

    def held_on(self, day: datetime.date) -> bool:
        """Whether the office was held on that day."""
        return (self.start is None or self.start <= day) and (self.end is None or day <= self.end)


@dataclass(frozen=True, slots=True)
class Role:
    """A role and the Dutch words for it in mid-sentence."""

    role: str
    titles: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class Membership:
    """A country's membership of an organisation."""

    organisation: str
    member: str
    start: datetime.date | None
    end: datetime.date | None


@dataclass(frozen=True)
class KnowledgeBase:
    """All entities by id, with offices, roles and memberships.

    Attributes:
        fingerprint: SHA-256 over the files, as hexadecimal digits.
    """

    entities: Mapping[str, Entity]
    offices: tuple[Office, ...]
    roles: Mapping[str, Role]
    memberships: tuple[Membership, ...]
    fingerprint: str = field(default="")

    @cached_property
    def offices_of_holder(self) -> Mapping[str, tuple[Office, ...]]:
        """The offices each person held, by entity id."""
        return _grouped(self.offices, lambda office: office.holder)

    @cached_property
    def capitals(self) -> frozenset[str]:
        """Entity ids of capitals and seats of government."""
        return frozenset(p for e in self.entities.values() for p in (e.capital, e.seat) if p)

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The words for all roles."""
        return tuple(title for role in self.roles.values() for title in role.titles)


def _grouped(items: Iterable[_T], key: Callable[[_T], str]) -> dict[str, tuple[_T, ...]]:
    groups: defaultdict[str, list[_T]] = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return {k: tuple(v) for k, v in groups.items()}


def load_kb(folder: Path) -> KnowledgeBase:
    """The knowledge base in `folder`.

    Raises:
        FileNotFoundError: a file is missing.
        KnowledgeBaseError: the files contradict themselves.
    """
    digest = hashlib.sha256()
    rows: dict[str, list[dict[str, str]]] = {}
    for name in _FILES:
        path = folder / f"{name}.csv"
        if not path.is_file():
            raise FileNotFoundError(f"the knowledge base has no {path}")
        data = path.read_bytes()
        digest.update(name.encode() + b"\0" + data)
        rows[name] = list(csv.DictReader(data.decode("utf-8").splitlines()))
    misshapen = [fault for name, table in rows.items() for fault in _misshapen(name, table)]
    if misshapen:
        raise KnowledgeBaseError("the knowledge base is not sound:\n" + "\n".join(misshapen))
    entities = [
        *map(_country, rows["countries"]),
        *map(_place, rows["places"]),
        *map(_organisation, rows["organisations"]),
        *map(_person, rows["leaders"]),
    ]
    kb = KnowledgeBase(
        entities={e.entity_id: e for e in entities},
        offices=tuple(map(_office, rows["offices"])),
        roles={r["role"]: Role(r["role"], _list(r["titles"]), r["kind"]) for r in rows["roles"]},
        memberships=tuple(
            Membership(r["organisation"], r["member"], _date(r["start"]), _date(r["end"], last=True))
            for r in rows["memberships"]
        ),
        fingerprint=digest.hexdigest(),
    )
    faults = [*_duplicate_ids(entities), *_dangling(kb), *_owned_twice(entities)]
    if faults:
        raise KnowledgeBaseError("the knowledge base is not sound:\n" + "\n".join(faults))
    return kb


def _duplicate_ids(entities: list[Entity]) -> list[str]:
    seen: set[str] = set()
    faults = []
    for entity in entities:
        if entity.entity_id in seen:
            faults.append(f"id twice: {entity.entity_id}")
        seen.add(entity.entity_id)
    return faults


def _dangling(kb: KnowledgeBase) -> list[str]:
    references = [(e.entity_id, ref) for e in kb.entities.values() for ref in (e.capital, e.seat)]
    references += [(f"office {o.role} of {o.of}", o.holder) for o in kb.offices]
    references += [(f"office held by {o.holder}", o.of) for o in kb.offices]
    references += [(f"members of {m.organisation}", m.member) for m in kb.memberships]
    references += [(f"membership of {m.member}", m.organisation) for m in kb.memberships]
    faults = [f"{where}: no entity {ref}" for where, ref in references if ref and ref not in kb.entities]
    faults += [f"office of {o.of}: no role {o.role}" for o in kb.offices if o.role not in kb.roles]
    faults += [
        f"office {o.role} of {o.of}, {o.holder}: ends before it starts"
        for o in kb.offices
        if o.start and o.end and o.end < o.start
    ]
    codes = {e.country for e in kb.entities.values() if e.kind is Kind.COUNTRY}
    faults += [
        f"{e.entity_id}: no country {e.country}"
        for e in kb.entities.values()
        if e.country and e.country not in codes
    ]
    return faults


def _owned_twice(entities: list[Entity]) -> list[str]:
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for entity in entities:
        for alias in (entity.name, *entity.aliases):
            owners[alias].add(entity.entity_id)
    return [
        f"strong alias owned twice: {alias!r} by {', '.join(sorted(ids))}"
        for alias, ids in sorted(owners.items())
        if len(ids) > 1
    ]


def _misshapen(name: str, rows: Iterable[dict[str, str]]) -> Iterator[str]:
    """Lines with too many or too few cells, with a date that is none, or with an id from nowhere."""
    for line, row in enumerate(rows, start=2):
        at = f"{name}.csv line {line}"
        if None in row or None in row.values():
            yield f"{at}: not as many cells as the header has"
            continue
        for column in _DATES & row.keys():
            if not _is_date(row[column]):
                yield f"{at}, {column}: {row[column]!r} is not a date such as 2012, 2012-05 or 2012-05-07"
        if row.get("wikidata") and not row.get("wikidata_source"):
            yield f"{at}: a Wikidata id without its source"


def _is_date(cell: str) -> bool:
    try:
        _date(cell)
    except (ValueError, TypeError):
        return False
    return not cell or len(cell.split("-")[0]) == 4


def _list(cell: str | None) -> tuple[str, ...]:
    return tuple(item.strip() for item in (cell or "").split("|") if item.strip())


def _date(cell: str | None, *, last: bool = False) -> datetime.date | None:
    """A date of a cell: 2012, 2012-05 or 2012-05-07; the first day it covers, or the last."""
    if not cell:
        return None
    parts = [int(part) for part in cell.split("-")]
    if len(parts) == 3:
        return datetime.date(*parts)
    if not last:
        return datetime.date(parts[0], parts[1] if len(parts) == 2 else 1, 1)
    year, month = parts[0], parts[1] if len(parts) == 2 else 12
    after = datetime.date(year + month // 12, month % 12 + 1, 1)
    return after - datetime.timedelta(days=1)


def _entity(row: dict[str, str], kind: Kind, label: Label, country: str | None, type_: str = "") -> Entity:
    get = row.get
    return Entity(
        entity_id=row["entity_id"],
        name=row["name"],
        kind=kind,
        label=label,
        country=country or None,
        type=type_,
        aliases=_list(get("aliases")),
        weak_aliases=_list(get("weak_aliases")),
        adjectives=_list(get("adjectives")),
        inhabitants=_list(get("inhabitants")),
        start=_date(get("start") or get("born")),
        end=_date(get("end") or get("died"), last=True),
        wikidata=get("wikidata") or None,
        wikidata_source=get("wikidata_source") or None,
        capital=get("capital") or None,
        seat=get("seat") or None,
    )


def _country(row: dict[str, str]) -> Entity:
    return _entity(row, Kind.COUNTRY, Label.GPE, row["iso3"], "country")


def _place(row: dict[str, str]) -> Entity:
    return _entity(row, Kind.PLACE, Label(row["label"]), row["country"], row["type"])


def _organisation(row: dict[str, str]) -> Entity:
    return _entity(row, Kind.ORGANISATION, Label.ORG, row["country"], row["type"])


def _person(row: dict[str, str]) -> Entity:
    return _entity(row, Kind(row["kind"]), Label.PERSON, row["country"])


def _office(row: dict[str, str]) -> Office:
    return Office(
        row["role"],
        row["of"],
        _list(row["rank"]),
        row["holder"],
        _date(row["start"]),
        _date(row["end"], last=True),
        row["source"],
    )
