"""What the knowledge base says of each word of a sentence, as one number: a feature of the encoder.

In: the words of a sentence. Out: an id a word. The model learns how far to trust it: "Best" is a town in
the list and an adjective in most sentences.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.linking.folding import fold
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.schemas import Kind, Label

_STRONG = {Label.PERSON: 1, Label.NORP: 3, Label.GPE: 5, Label.LOC: 7, Label.ORG: 9}
GIVEN_NAME, WEAK_PLACE, WEAK_BODY, WEAK_SURNAME = 11, 12, 13, 14
#: Number of ids of the knowledge base; 0 says nothing. Those after them are of `listed`.
N_KB_FEATURES = 15


def is_strong(feature: int) -> bool:
    """Whether an id is that of a strong name of the knowledge base."""
    return 0 < feature < GIVEN_NAME


class NameFeatures:
    """Gives features of words; equal words in equal sentences get equal ids."""

    def __init__(self, kb: KnowledgeBase, index: AliasIndex, gazetteer: Gazetteer) -> None:
        self._index = index
        self._gazetteer = gazetteer
        people = (e for e in kb.entities.values() if e.kind in (Kind.LEADER, Kind.PERSON))
        self._given = {fold(e.name.split()[0]) for e in people if " " in e.name}

    def of(self, words: Sequence[str]) -> list[int]:
        """One id a word: first and further words of a strong name by label, else what is weak."""
        ids = [self._weak(word) for word in words]
        text = " ".join(words)
        starts: list[int] = []
        at = 0
        for word in words:
            starts.append(at)
            at += len(word) + 1
        at_word = 0
        for hit in self._gazetteer.find(text):
            while at_word + 1 < len(words) and starts[at_word + 1] <= hit.start:
                at_word += 1
            first = at_word
            while at_word < len(words) and starts[at_word] < hit.end:
                ids[at_word] = _STRONG[hit.label] + (at_word > first)
                at_word += 1
            at_word = max(first, at_word - 1)
        return ids

    def _weak(self, word: str) -> int:
        if not word[:1].isupper():
            return 0
        if fold(word) in self._given:
            return GIVEN_NAME
        labels = {alias.label for alias in self._index.lookup(word)}
        if labels & {Label.GPE, Label.LOC}:
            return WEAK_PLACE
        if Label.ORG in labels:
            return WEAK_BODY
        return WEAK_SURNAME if Label.PERSON in labels else 0
