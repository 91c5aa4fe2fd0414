"""The edges of a model's span: endings, titles and prepositions that are no part of the name.

In: a text and a span of it. Out: the span of the name alone. A tokenizer cannot cut inside a word, and a
model may take a capital at the beginning of a sentence for the beginning of a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pipeline.linking.aliases import AliasIndex
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.schemas import Label, Recogniser

_POSSESSIVE = re.compile(r"(?<=.)['’`´]s?$")
_DANGLING = re.compile(r"(?: (?:van|in|uit|op|om|met|bij|en|de|het|der)){1,4}$")
#: "luchthaven van Beijing": a common noun, and the place it is in.
_NOUN_OF = re.compile(r"[a-z][a-z-]+ (?:van|bij|in|te) (?:de |het )?(?=[A-ZÀ-Þ])")
#: "Van Bachmoet staat geen huis meer overeind": at the beginning of a sentence only.
_FIRST_WORD = re.compile(r"(?:Van|In|Uit|Bij|Voor|Naar|Rond|Boven|Onder|Over|Volgens) (?=[A-ZÀ-Þ][\w-]+$)")
_SENTENCE_END = re.compile(r"[.!?:]['\"’”)]? +$|\n$")
#: Van Gent, Van Leuven: surnames after a Dutch or Belgian town are common.
_AT_HOME = frozenset({"NLD", "BEL"})


@dataclass(frozen=True, slots=True)
class Found:
    """A name at start:end of a text; `score` is the probability that it is right."""

    start: int
    end: int
    label: Label
    score: float
    recogniser: Recogniser


def trimmed(text: str, name: Found, gazetteer: Gazetteer) -> Found:
    """`name` without what is no part of it."""
    index = gazetteer.index
    name = _without_possessive(text, _without_stop(text, name, index))
    name = _without_ending(text, _without_title(text, name, gazetteer))
    return _without_beginning(text, name, index)


def _without_stop(text: str, name: Found, index: AliasIndex) -> Found:
    """VS in "het techbedrijf uit de VS.": a tokenizer may keep the full stop on an abbreviation."""
    surface = text[name.start : name.end]
    known = surface.endswith(".") and index.lookup(surface[:-1]) and not index.lookup(surface)
    return replace(name, end=name.end - 1) if known else name


def _without_possessive(text: str, name: Found) -> Found:
    """Zelensky in "Zelensky’s": an ending that the text sets apart is outside."""
    match = _POSSESSIVE.search(text, name.start, name.end)
    return replace(name, end=match.start()) if match and match.start() > name.start else name


def _without_title(text: str, name: Found, gazetteer: Gazetteer) -> Found:
    """Scholz in "Bondskanselier Scholz": a title that begins a sentence has a capital too."""
    first, space, _ = text[name.start : name.end].partition(" ")
    if name.label is Label.PERSON and space and gazetteer.is_title(first):
        return replace(name, start=name.start + len(first) + 1)
    return name


def _without_ending(text: str, name: Found) -> Found:
    """Bot in "minister Bot van Buitenlandse Zaken", where a model took Van for a surname's beginning."""
    match = _DANGLING.search(text, name.start, name.end)
    return replace(name, end=match.start()) if match and match.start() > name.start else name


def _without_beginning(text: str, name: Found, index: AliasIndex) -> Found:
    """Beijing in "luchthaven van Beijing", Bachmoet in "Van Bachmoet staat niets meer"."""
    surface = text[name.start : name.end]
    before = text[max(0, name.start - 4) : name.start]
    first = not before.strip() or _SENTENCE_END.search(before)
    match = _NOUN_OF.match(surface) or (_FIRST_WORD.match(surface) if first else None)
    # "Klimaatakkoord van Parijs" is a name.
    if match is None or name.label is Label.MISC or index.lookup(surface):
        return name
    places = [
        a for a in index.lookup(surface[match.end() :]) if a.strong and a.label in (Label.GPE, Label.LOC)
    ]
    if len(places) != 1 or (surface[0].isupper() and index.country(places[0]) in _AT_HOME):
        return name
    return replace(name, start=name.start + match.end(), label=places[0].label)
