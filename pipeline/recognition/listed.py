"""Names of organisations that the model knows from a list, as features of words.

In: the words of a sentence and what the knowledge base says of them. Out: the same with what the list adds.
The list is part of a model, which learned how far to trust it: "Delta" may be a firm, a letter or a river's
end. Its names are not linked to anything, as those of the knowledge base are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

from pipeline.recognition.features import N_KB_FEATURES, is_strong

#: Ids of the first and the further words of a listed name; those below are of the knowledge base.
LISTED_FIRST, LISTED_FURTHER = N_KB_FEATURES, N_KB_FEATURES + 1
#: Number of ids.
N_FEATURES = N_KB_FEATURES + 2


class ListedNames:
    """Finds the names of a list among words."""

    def __init__(self, names: Iterable[str]) -> None:
        """Make the list; a name is words with spaces between them."""
        by_first: defaultdict[str, set[tuple[str, ...]]] = defaultdict(set)
        for words in map(tuple, map(str.split, names)):
            if words:
                by_first[words[0]].add(words)
        #: Of equal beginning the longest first.
        self._by_first = {first: sorted(found, key=len, reverse=True) for first, found in by_first.items()}

    @classmethod
    def read(cls, path: Path) -> ListedNames:
        """The names of a file, one a line.

        Raises:
            FileNotFoundError: it is not there.
            ValueError: it is empty.
        """
        names = path.read_text(encoding="utf-8").splitlines()
        if not names:
            raise ValueError(f"no names in {path}")
        return cls(names)

    def add(self, words: Sequence[str], ids: Sequence[int]) -> list[int]:
        """`ids` of `words`, with those of listed names where the knowledge base has no strong name."""
        added = list(ids)
        at = 0
        while at < len(words):
            length = self._length(words, at)
            # A name of several words holds what is strong: "Universiteit van Amsterdam".
            if length > 1 or (length and not is_strong(ids[at])):
                added[at : at + length] = [LISTED_FIRST] + [LISTED_FURTHER] * (length - 1)
            at += max(length, 1)
        return added

    def _length(self, words: Sequence[str], at: int) -> int:
        """Words of the longest listed name that begins at `at`; 0 where none does."""
        for name in self._by_first.get(words[at], ()):
            if tuple(words[at : at + len(name)]) == name:
                return len(name)
        return 0
