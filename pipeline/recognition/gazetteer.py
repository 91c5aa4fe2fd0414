"""Finds the strong names of the knowledge base in text, all at once (Aho-Corasick).

In: a text. Out: non-overlapping hits, longest first from the left, on word boundaries. A name inside a
compound is none: "Kremlin-woordvoerder", "pro-Rusland", "Sovjetstaten".
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

import ahocorasick

from pipeline.linking.aliases import Alias, AliasIndex
from pipeline.linking.folding import fold
from pipeline.schemas import Label, LinkReason

_MIN_OWNER_CHARS = 5
_COMPOUND = re.compile(r"(?<![\w-])[A-Z]\w+-(?P<title>[a-z][\w-]+)(?![\w-])")
#: "Kremlinleider", "Pentagonchef": without a hyphen after a body that we know.
SOLID = re.compile(
    r"(?<![\w-])(?P<body>[A-Z]\w{2,}?)(?P<title>chef|baas|topman|topvrouw|leider|president|voorzitter)(?![\w-])"
)
#: "de paus": a title that only one state has needs no country beside it.
ALONE = re.compile(r"(?<=\b[Dd]e )(?P<title>paus)(?![\w-])")
_NEXT_NAME = re.compile(r" (?P<word>[A-Z][a-z]+)(?![\w-])")
#: A capitalised word in mid-sentence; the first of a sentence ("Volgens Poetin") says nothing.
_PREVIOUS_NAME = re.compile(r"[^\s.!?:„“”\"'‘(][ ](?P<word>[A-Z][a-z]+) $")


@dataclass(frozen=True, slots=True)
class Hit:
    """A name of the knowledge base at start:end (code points of the text given)."""

    start: int
    end: int
    label: Label
    alias: Alias


class Gazetteer:
    """The strong aliases of an index, ready to be found."""

    def __init__(self, index: AliasIndex, titles: Iterable[str] = ()) -> None:
        """Make the gazetteer.

        Args:
            index: the names.
            titles: words for roles, which stand before a name and are no part of it.
        """
        self.index = index
        self._titles = {title.casefold() for title in titles}
        self._automaton = ahocorasick.Automaton()
        for surface, alias in index.strong():
            name = self._without_title(surface)
            if _is_findable(name, alias, index):
                self._automaton.add_word(surface, (len(name), alias))
                # Datelines and headlines in capitals: "PYONGYANG (ANP) - ", "POETIN DREIGT".
                if len(name) > (3 if alias.label is Label.GPE else 4):
                    self._automaton.add_word(surface.upper(), (len(name), alias))
        if len(self._automaton):
            self._automaton.make_automaton()

    def is_title(self, word: str) -> bool:
        """Whether a word is a title, in any case."""
        return word.casefold() in self._titles

    def _without_title(self, surface: str) -> str:
        """The name in "koning Filip", which only with its title is one man's."""
        first, _, rest = surface.partition(" ")
        return rest if rest and first in self._titles else surface

    def find_roles(self, text: str) -> list[tuple[int, int]]:
        """Places of roles that need no other name: "NAVO-chef", "de paus"; `link` says whose."""
        compounds = [
            match.span()
            for match in _COMPOUND.finditer(text)
            if match["title"] in self._titles or match.group().casefold() in self._titles
        ]
        solid = [
            match.span()
            for match in SOLID.finditer(text)
            if any(a.strong and a.label is Label.ORG for a in self.index.lookup(match["body"]))
        ]
        return compounds + solid + [match.span() for match in ALONE.finditer(text)]

    def find(self, text: str) -> list[Hit]:
        """The hits in `text`, in order."""
        if not len(self._automaton):
            return []
        folded = fold(text)
        candidates = [
            hit
            for last, (length, alias) in self._automaton.iter(folded)
            if (hit := _hit(folded, last + 1 - length, last + 1, alias)) is not None
        ]
        candidates.sort(key=lambda hit: (hit.start, -hit.end))
        hits: list[Hit] = []
        for hit in candidates:
            if not hits or hit.start >= hits[-1].end:
                hits.append(hit)
        return [hit for hit in hits if not _part_of_longer_name(folded, hit, hits)]


def _is_findable(surface: str, alias: Alias, index: AliasIndex) -> bool:
    """Whether a name may be looked for in text as one mention.

    Two letters only as an abbreviation (EU, VS). "Russische ministerie van Defensie" is two mentions,
    a NORP and an ORG; "G7-landen" is a compound with a common noun; "paramilitaire RSF" and "eurozone"
    begin with no name. A person may begin with a particle: "van der Plas".
    """
    first, _, rest = surface.partition(" ")
    if rest[:1].islower() and any(a.label is Label.NORP for a in index.lookup(first)):
        return False
    if surface[:1].islower() and alias.label is not Label.PERSON:
        return False
    head, hyphen, noun = surface.rpartition("-")
    if hyphen and noun[:1].islower() and any(a.entity_id == alias.entity_id for a in index.lookup(head)):
        return False
    return len(surface) > 2 or surface.isupper()


def _hit(text: str, start: int, end: int, alias: Alias) -> Hit | None:
    """The hit, with a possessive -s that is glued on (Poetins); None off the word boundaries."""
    before = text[start - 1 : start]
    if before.isalnum() or (before == "-" and text[start - 2 : start - 1].isalnum()):
        return None
    # Not for short names, nor plurals: "Sinds" is not of Sind, "Boeings" are many.
    owner = alias.label in (Label.PERSON, Label.GPE) and alias.reason is not LinkReason.DEMONYM
    possessive = text[end : end + 1] == "s" and owner and end - start >= _MIN_OWNER_CHARS
    if possessive and not text[end + 1 : end + 2].isalnum() and text[end - 1] not in "sxz":
        end += 1
    after = text[end : end + 1]
    if after.isalnum() or (after == "-" and text[end + 1 : end + 2].isalnum()):
        return None
    return Hit(start, end, alias.label, alias)


def _part_of_longer_name(text: str, hit: Hit, others: list[Hit]) -> bool:
    """Whether capitals beside a single name make it part of a longer one: Trump Tower, Melania Trump.

    An adjective stands before a name as a rule (Russische Doema), so it is let be; and a neighbour may
    be a name that we know ("of Poetin Loekasjenko overtuigt") or a compound ("zou Rusland VN-sancties").
    """
    if hit.label is Label.NORP or " " in text[hit.start : hit.end]:
        return False
    following = _NEXT_NAME.match(text, hit.end)
    if following and all(other.start != following.start("word") for other in others):
        return True
    if hit.label is not Label.PERSON:
        return False
    before = _PREVIOUS_NAME.search(text, max(0, hit.start - 60), hit.start)
    return before is not None and all(other.end != before.end("word") for other in others)
