"""Names outside the knowledge base, kept apart by an id of their own within the article.

In: the unlinked names of one article in the order of its text. Out: the id of each one's cluster,
`ARTICLE_ID#jan-peeters` of a person, `ARTICLE_ID#ORG:de-vrolijke-bakker` of others, which are one where their
surface is. "Jan Peeters", "J. Peeters", "Peeters" and "Jan" are one person. With Piet Peeters beside Jan, a
bare "Peeters" is the one whom the article last named in full before it, as a reader takes it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pipeline.linking.aliases import PARTICLES, singulars
from pipeline.linking.folding import fold
from pipeline.schemas import Label

Words = tuple[str, ...]


def clusters_of(article_id: str, names: Sequence[tuple[str, Label]]) -> list[str]:
    """The cluster of each name (text and label), in the order given, which is that of the article."""
    people = iter(_people([text for text, label in names if label is Label.PERSON]))
    surfaces = {(fold(text), label) for text, label in names}
    ids = []
    for text, label in names:
        if label is Label.PERSON:
            ids.append(f"{article_id}#{_slug(next(people))}")
        else:
            # Not the possessive: "Gentbrugges" where the article has Gentbrugge.
            folded = fold(text)
            plain = next((form for form in singulars(folded) if (form, label) in surfaces), folded)
            ids.append(f"{article_id}#{label.value}:{_slug(plain)}")
    return ids


def _slug(name: str) -> str:
    """A name as part of an id: lower case, words joined by hyphens."""
    return "-".join(re.findall(r"\w+", name.casefold())) or "-"


@dataclass(slots=True)
class _Person:
    """Somebody named in full: the words of the fullest form, and where the article has the full name."""

    words: Words
    places: list[int] = field(default_factory=list)


def _people(texts: list[str]) -> list[str]:
    """For each name of a person the fullest form of that person's name."""
    forms = [_words(text) for text in texts]
    full = {words for words in forms if _is_full(words)}
    persons: list[_Person] = []
    for place, words in enumerate(forms):
        if words in full:
            whole = next((f for f in _owners(words) if f in full and f != words), words)
            _person(whole, persons).places.append(place)
    return [" ".join(_meant(place, words, persons)) for place, words in enumerate(forms)]


def _words(text: str) -> Words:
    return tuple(fold(text).casefold().split())


def _is_full(words: Words) -> bool:
    """Whether a name has a given name or initial before the surname: not "Van der Meer"."""
    return len(words) > 1 and words[0] not in PARTICLES


def _owners(words: Words) -> list[Words]:
    """The name without a possessive ending: Jan Peeters' and Jan Peeters’s."""
    return [(*words[:-1], form) for form in singulars(words[-1])]


def _person(words: Words, persons: list[_Person]) -> _Person:
    """Whoever bears this full name, in this or another form of it; else somebody new."""
    alike = [person for person in persons if _is_same(words, person.words)]
    # "J. Peeters" is nobody in particular where there are Jan and Jef.
    if len(alike) == 1 or words in [person.words for person in alike]:
        person = next((p for p in alike if p.words == words), alike[0])
        person.words = max(person.words, words, key=lambda w: (len("".join(w)), w))
        return person
    persons.append(_Person(words))
    return persons[-1]


def _is_same(one: Words, other: Words) -> bool:
    """Whether two full names are one person's: Jan and J. Peeters, Jan Peeters and Jan Willem Peeters."""
    short, long = sorted((one, other), key=len)
    if short[1:] != long[len(long) - len(short) + 1 :]:
        return False
    first, given = short[0].strip("."), long[0].strip(".")
    initial = min(len(first), len(given)) == 1 and first[:1] == given[:1]
    return first == given or (initial and len(short) == len(long))


def _meant(place: int, words: Words, persons: list[_Person]) -> Words:
    """The fullest name of the person whom the words at a place mean."""
    named = [person for person in persons if place in person.places]
    if named:
        return named[0].words
    for form in (words, *_owners(words)):
        by_surname = [p for p in persons if p.words[-len(form) :] == form]
        if by_surname:
            return _last_named(place, by_surname).words
    for form in (words, *_owners(words)):
        by_given = [p for p in persons if p.words[: len(form)] == form]
        if len(by_given) == 1:
            return by_given[0].words
    return words


def _last_named(place: int, persons: list[_Person]) -> _Person:
    """Whom the article named in full last before a place, else first after it."""
    named = sorted(((at, i) for i, p in enumerate(persons) for at in p.places))
    before = [i for at, i in named if at < place]
    return persons[before[-1] if before else named[0][1]]
