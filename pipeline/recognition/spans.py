"""What the model found and what the knowledge base knows, made one set of spans by the guidelines.

In: the text of a segment, the model's spans, the gazetteer's hits. Out: spans that do not overlap, each with
who found it. Spans are longest names without article, title or role, and never nested.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.linking.aliases import AliasIndex
from pipeline.linking.folding import fold
from pipeline.recognition.edges import Found, trimmed
from pipeline.recognition.gazetteer import Gazetteer, Hit
from pipeline.schemas import Label, Recogniser

#: A solid compound with a common noun is no people: "Sovjetstaten", "Sovjetlanden".
_COMMON_HEAD = re.compile(r"(?<!\w)\w{3,}(?:staten|landen|republiek(?:en)?|gebied(?:en)?|leger|troepen)$")
_ARTICLES = frozenset({"de", "het", "een", "dat", "dit", "die", "diens"})


def reconcile(
    text: str,
    model: Iterable[Found],
    gazetteer: Gazetteer,
    kb_scores: Mapping[Label, float],
) -> list[Found]:
    """The names in `text`, in order.

    Args:
        text: the text of a segment.
        model: what the model found.
        gazetteer: finds the names of the knowledge base.
        kb_scores: how often a hit that the model does not have is right, by label.
    """
    index, hits = gazetteer.index, gazetteer.find(text)
    found: list[Found] = []
    for name in model:
        whole = trimmed(text, name, gazetteer)
        if not _is_no_name(text[whole.start : whole.end], whole.label, index):
            found += (part for piece in _at_slashes(text, whole) for part in _split(text, piece, hits, index))
    known = {(hit.start, hit.end) for hit in hits}
    found = [
        replace(f, recogniser=Recogniser.BOTH) if (f.start, f.end) in known else f for f in found
    ]  # fmt: skip
    for hit in hits:
        found = _with_hit(found, hit, kb_scores.get(hit.label, 0.5))
    return sorted(found, key=lambda f: f.start)


def _is_no_name(surface: str, label: Label, index: AliasIndex) -> bool:
    """Whether a model's span is none: lower case, a bare "De", or a compound with a common noun.

    "Sovjetstaten" is no people; of "Brics-top" and "Iran-kenner" the guidelines mark nothing, but
    "VN-veiligheidsraad" is a name that we know as a whole.
    """
    if not any(c.isupper() or c.isdigit() for c in surface) or surface.casefold() in _ARTICLES:
        return True
    if label is Label.NORP and _COMMON_HEAD.search(surface):
        return True
    head, hyphen, noun = surface.rpartition("-")
    common = bool(hyphen) and noun.islower() and len(noun) > 2 and " " not in surface
    return common and bool(index.lookup(head)) and not index.lookup(surface)


def _at_slashes(text: str, name: Found) -> Iterator[Found]:
    """The pieces of "ANP/AFP" and "BERLIJN/WARSCHAU", where capitals stand on both sides."""
    surface = text[name.start : name.end]
    if "/" not in surface or not surface.replace("/", "").replace(" ", "").isupper():
        yield name
        return
    at = name.start
    for piece in surface.split("/"):
        if piece.strip():
            yield replace(name, start=at, end=at + len(piece))
        at += len(piece) + 1


def _split(text: str, name: Found, hits: list[Hit], index: AliasIndex) -> Iterator[Found]:
    """A span that holds two names, as two.

    "Russische ministerie van Defensie" is a people and a body; of "Oekraïense strijdkrachten" only the
    adjective is a name, of "Ruslands marine" and "Lavrovs ministerie" only the
    owner; "Nederlandse Senaat" and "Franse Nice" are two, where what follows is a name that we know;
    "Poetin Loekasjenko" are two men beside one another.
    """
    surface = text[name.start : name.end]
    first, space, rest = surface.partition(" ")
    adjective = next((a for a in index.lookup(first) if a.label is Label.NORP), None)
    at = name.start + len(first)
    if space and adjective and name.label is not Label.PERSON:
        if rest[:1].islower():
            yield replace(name, end=at, label=Label.NORP)
            if any(c.isupper() for c in rest):
                yield replace(name, start=at + 1)
            return
        known = next((a for a in index.lookup(rest) if a.label is not Label.PERSON), None)
        if known and not index.lookup(surface):
            yield replace(name, end=at, label=Label.NORP)
            yield replace(name, start=at + 1, label=known.label)
            return
    owner = next((a for a in index.lookup(first) if a.strong and a.label in (Label.GPE, Label.PERSON)), None)
    if space and owner and rest.islower() and first.endswith("s") and name.label is not Label.PERSON:
        yield replace(name, end=at, label=owner.label)
        return
    inside = [h for h in hits if name.start <= h.start and h.end <= name.end and h.label is Label.PERSON]
    tiled = " ".join(text[h.start : h.end] for h in inside) == surface
    if len(inside) > 1 and tiled and len({h.alias.entity_id for h in inside}) > 1:
        yield from (replace(name, start=h.start, end=h.end) for h in inside)
        return
    party = space and name.label is not Label.PERSON and not index.lookup(surface)
    if party and rest[:1].isupper() and _is_owner(first, index):
        yield replace(name, end=at, label=Label.PERSON)
        yield replace(name, start=at + 1)
        return
    yield name


def _is_owner(word: str, index: AliasIndex) -> bool:
    """Whether a word is the possessive of a person that we know: Carneys in "Carneys Liberalen"."""
    people = (a for a in index.lookup(word) if a.strong and a.label is Label.PERSON)
    return word.endswith("s") and any(fold(a.surface) == fold(word)[:-1] for a in people)


def _with_hit(found: list[Found], hit: Hit, score: float) -> list[Found]:
    """Add a name of the knowledge base where the model has none, or only parts of it."""
    overlapping = [f for f in found if f.start < hit.end and hit.start < f.end]
    whole = all(hit.start <= f.start and f.end <= hit.end for f in overlapping)
    if not whole or any((f.start, f.end) == (hit.start, hit.end) for f in overlapping):
        return found
    kept = [f for f in found if f not in overlapping]
    return [*kept, Found(hit.start, hit.end, hit.label, score, Recogniser.KB)]
