"""What the rest of an article says of a word: its probabilities are shared among its places.

In: the sentences of one article with the probabilities of tags for each word. Out: the same, where a
capitalised word that stands in several places takes part of what was read there. "Spirit" at the head of
a sentence may be anything; "de partij Spirit", two sentences on, says what it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.recognition.decoding import Floats

#: A word with its neighbours in capitals and whether it goes on with a name: "Bank" alone is not the one of
#: "Europese Centrale Bank", nor "Amsterdam" that of "Universiteit van Amsterdam": B- and I- would mix.
_Word = tuple[str, str, str, bool]
#: What a place at the head of a sentence counts, where the capital says nothing.
_AT_HEAD = 0.3
#: What a place of which the model is not sure at all still counts.
_UNSURE = 0.05


def share_within(
    sentences: Sequence[Sequence[str]], probabilities: Sequence[Floats], share: float, inside: Sequence[bool]
) -> list[Floats]:
    """The probabilities with each word's own mixed with those of its places in the whole article.

    Args:
        sentences: the words of each sentence of one article.
        probabilities: (words, tags) for each sentence.
        share: of the article, from 0 (nothing) to 1 (all places get the same).
        inside: for each tag, whether it goes on with a name (I-).
    """
    places: defaultdict[_Word, list[tuple[int, int]]] = defaultdict(list)
    for number, words in enumerate(sentences):
        best = probabilities[number].argmax(axis=1)
        for at, neighbours in _capitalised(words):
            places[*neighbours, inside[best[at]]].append((number, at))
    mixed = list(probabilities)
    for among in places.values():
        if len(among) < 2:
            continue
        rows = np.stack([probabilities[number][at] for number, at in among])
        at_head = np.array([_AT_HEAD if at == 0 else 1.0 for _, at in among], dtype=np.float32)
        # The surer a place, the more it counts: the square tells .9 from .5 better than the value.
        weights = at_head * (rows.max(axis=1) ** 2 + np.float32(_UNSURE))
        mean = (rows * weights[:, None]).sum(axis=0) / weights.sum()
        for (number, at), row in zip(among, rows, strict=True):
            if mixed[number] is probabilities[number]:
                mixed[number] = probabilities[number].copy()
            mixed[number][at] = (1 - share) * row + share * mean
    return mixed


def _capitalised(words: Sequence[str]) -> Iterator[tuple[int, tuple[str, str, str]]]:
    """The places of words that may be of a name, each word with its neighbours that may be so too."""
    capital = [word[:1].isupper() for word in words]
    for at, word in enumerate(words):
        if not capital[at] or len(word) < 2:
            continue
        # The first word of a sentence has its capital for another reason: "Premier Rutte".
        before = words[at - 1] if at > 1 and capital[at - 1] else ""
        after = words[at + 1] if at + 1 < len(words) and capital[at + 1] else ""
        yield at, (word, before, after)
