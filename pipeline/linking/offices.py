"""Roles without a name: "de Russische president", "de premier van Armenië", "de NAVO-chef".

In: the text of an article, its linked mentions and its date. Out: where such roles stand and who held
them on that day, by the offices of the knowledge base. Nobody is named where the article has no date, where
two people could be meant, or where the text says that it is somebody else: a former, a future, any president.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.kb import KnowledgeBase, Office
from pipeline.linking.aliases import AliasIndex
from pipeline.recognition.gazetteer import ALONE, SOLID
from pipeline.schemas import Label

#: Roles that a country may give to several people at a time.
_SHARED = frozenset({"vicepremier", "viceminister", "staatssecretaris", "staatsminister", "minister"})
#: What these words say of an office is its rank, whatever it is called in that country.
_RANKS = {"staatshoofd": "head_of_state", "regeringsleider": "head_of_government"}
#: The head of a body, however called: "NAVO-chef", "de baas van het IMF".
_HEADS = (
    "secretaris-generaal",
    "voorzitter",
    "president",
    "directeur-generaal",
    "directeur",
    "leider",
    "partijleider",
)
_HEAD_WORDS = (
    "chef",
    "baas",
    "topman",
    "topvrouw",
    "leider",
    "voorzitter",
    "secretaris-generaal",
    "president",
)
#: The head of these is who works there: "Kremlinleider", "Pentagonchef".
_SEATS = {
    "org/kremlin": ("country/RUS", "president"),
    "org/pentagon": ("country/USA", "defensieminister"),
}
#: Where nobody holds the first, the second stands in.
_STAND_INS = {"president": ("interim-president", "waarnemend-president"), "premier": ("interim-premier",)}
#: A country has many of these at once, so that none is "the" one.
_MANY = frozenset({"ambassadeur", "gezant", "woordvoerder", "adviseur", "ambtenaar", "europarlementariër"})
_LEADERS = ("opperste-leider", "leider", "president", "koning", "premier")
#: Another than who is in office: "de voormalige Franse president", "een Amerikaanse president".
_NOT_NOW = re.compile(
    r"(?:\b(?:voormalig|vroeger|gewezen|toekomstig|aanstaand|beoogd|eerst|vorig|volgend|laatst|afgetreden|nieuw"
    r"|verkozen|overleden|wijlen|ander|mogelijk|potentieel|potentiël|ooit|zesd|vijfd|vierd|derd|tweed)e?"
    r"|\b(?:een|geen|elke|iedere|welke|als|tot|oud|ex|twee|beide|alle|veel|wijlen))(?: \w+e)?[ -]$",
    re.IGNORECASE,
)
_QUALIFIED = r"(?:(?:demissionaire?|zittende|huidige|waarnemende|interim-?|aftredende) )?"
#: A name or an apposition follows: then the role belongs to that name.
_NAMED = re.compile(r"(?:,? ?[„“‘\"(]?|,? (?:en )?(?:partijleider |generaal )?)")
_FOLLOWED_BY_NAME = re.compile(r",? (?:[A-ZÀ-Þ][\w’'-]+ [A-ZÀ-Þ]|van (?:de|het|[A-ZÀ-Þ]))| [A-ZÀ-Þ]")
_OF = re.compile(r" (?:van|bij) (?:de |het )?$")
#: Between a name and the role that says who it is.
_APPOSITION = re.compile(r",? (?:\(.{0,20}\),? )?(?:is |was |wordt |werd |als |sinds \w+ )*(?:de |het )?")


@dataclass(frozen=True, slots=True)
class Place:
    """A linked mention, as the finder sees it."""

    start: int
    end: int
    label: Label
    entity_id: str | None


@dataclass(frozen=True, slots=True)
class RoleMention:
    """A role without a name at start:end, and its holder."""

    start: int
    end: int
    role: str
    holder: str


class OfficeFinder:
    """Finds roles without a name and knows who held them."""

    def __init__(self, kb: KnowledgeBase, index: AliasIndex) -> None:
        self._index = index
        self._roles_of_title: defaultdict[str, list[str]] = defaultdict(list)
        for role in kb.roles.values():
            if role.role in _MANY:
                continue
            for title in role.titles:
                self._roles_of_title[title.casefold()].append(role.role)
        for word in _RANKS:
            self._roles_of_title[word].append(word)
        self._offices: defaultdict[str, list[Office]] = defaultdict(list)
        for office in kb.offices:
            self._offices[office.of].append(office)
        titles = "|".join(re.escape(t) for t in sorted(self._roles_of_title, key=len, reverse=True))
        # "minister van Buitenlandse Zaken" and "minister van buitenlandse zaken"; a role starts low.
        titles = f"(?=[a-zé])(?i:{titles})"
        self._after = re.compile(rf" {_QUALIFIED}(?P<title>{titles})(?![\w-])")
        self._before = re.compile(
            rf"(?<![\w-])(?P<role>{_QUALIFIED}(?P<title>{titles})) (?:van|bij) (?:de |het )?$"
        )
        heads = "|".join((*_HEAD_WORDS, titles))
        self._compound = re.compile(rf"(?<![\w-])(?P<body>[A-Z][\w]+)-(?P<title>{heads})(?![\w-])")

    def find(self, text: str, places: Sequence[Place], day: datetime.date | None) -> list[RoleMention]:
        """The roles in `text` that are resolved on `day`; none without a date."""
        if day is None:
            return []
        names = [p for p in places if p.label is Label.PERSON]
        found: dict[int, RoleMention] = {}
        for start, end, title, of in self._candidates(text, places):
            free = not _NOT_NOW.search(text[max(0, start - 40) : start])
            if free and not _is_named(text, start, end, names):
                holder = self._holder(title, of, day)
                if holder and start not in found:
                    found[start] = RoleMention(start, end, holder[0], holder[1])
        return [found[start] for start in sorted(found)]

    def _candidates(self, text: str, places: Iterable[Place]) -> Iterator[tuple[int, int, str, str]]:
        """Start, end, title and whose: by adjective, by "van", by compound, alone."""
        for place in places:
            if place.entity_id and place.label is Label.NORP:
                match = self._after.match(text, place.end) if text[place.end + 1 :][:1].islower() else None
                if match:
                    yield place.start, match.end(), match["title"], place.entity_id
            elif place.entity_id and place.label in (Label.GPE, Label.ORG):
                of = _OF.search(text, max(0, place.start - 9), place.start)
                match = self._before.search(text, max(0, place.start - 80), place.start) if of else None
                if match:
                    yield match.start("role"), place.end, match["title"], place.entity_id
        yield from self._without_neighbour(text)

    def _without_neighbour(self, text: str) -> Iterator[tuple[int, int, str, str]]:
        """The same for "de paus" and for compounds: "NAVO-chef"."""
        for match in ALONE.finditer(text):
            yield match.start(), match.end(), match["title"], "country/VAT"
        for pattern in (self._compound, SOLID):
            for match in pattern.finditer(text):
                for alias in self._index.lookup(match["body"]):
                    if alias.strong and alias.label in (Label.ORG, Label.GPE):
                        yield match.start(), match.end(), match["title"], alias.entity_id

    def _holder(self, title: str, of: str, day: datetime.date) -> tuple[str, str] | None:
        """Role and holder of the office that `title` means, if it is one person on that day."""
        if of in _SEATS and title in _HEAD_WORDS:
            of, title = _SEATS[of]
        offices = [o for o in self._offices.get(of, ()) if o.held_on(day)]
        for role in self._meanings(title, of):
            if role in _RANKS:
                fitting = [o for o in offices if _RANKS[role] in o.ranks]
            else:
                fitting = [o for o in offices if o.role == role]
            # Several at a time are the rule: "de Russische vicepremier" is nobody in particular.
            if role in _SHARED and len({o.holder for o in fitting}) > 1:
                return None
            # On the day of a handover the new holder is meant.
            newest = max((o.start or datetime.date.min for o in fitting), default=None)
            holders = {o.holder for o in fitting if (o.start or datetime.date.min) == newest}
            if len(holders) == 1:
                return role, holders.pop()
        return None

    def _meanings(self, title: str, of: str) -> Iterator[str]:
        """The roles that a title can mean of this entity, likeliest first."""
        for role in self._roles_of_title.get(title.casefold(), ()):
            yield role
            yield from _STAND_INS.get(role, ())
        if of.startswith("org/") and title in _HEAD_WORDS:
            yield from _HEADS
        elif title == "leider":
            yield from _LEADERS


def _is_named(text: str, start: int, end: int, names: Iterable[Place]) -> bool:
    """Whether a name stands beside the role, which then is that name's.

    "de Russische president Poetin", "de premier van Armenië, Nikol Pasjinian", "Mia Mottley, de premier van
    Barbados", "Rutte is secretaris-generaal van de NAVO".
    """
    if _FOLLOWED_BY_NAME.match(text, end):
        return True
    return any(
        (end <= name.start <= end + 40 and _NAMED.fullmatch(text, end, name.start))
        or (start - 40 <= name.end <= start and _APPOSITION.fullmatch(text, name.end, start))
        for name in names
    )
