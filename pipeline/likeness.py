"""People by how their full names sound, for spellings that no list has: Wladimir Poutine, Ramsan Kadyrow.

In: full names with their owners. Out: the one owner of an unseen spelling, or nobody. First names of one
phonetic key, then, for languages that are written in other letters, of one skeleton of consonants. Never by a
surname alone, and nobody where two are called so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from pipeline.spelling import is_transliterated, key

#: Shorter skeletons are shared by too many: Ali Reza, Aliaa Rizk.
_MIN_CONSONANTS = 5
#: How alike two keys of one skeleton must be, as a share of their letters.
_ALIKE = 0.7


class Sounds:
    """Which person a full name means by its sound."""

    def __init__(self, names: Iterable[tuple[str, str, str | None]]) -> None:
        """Make the index of (full name, owner, ISO code of the owner's country)."""
        self._by_key: defaultdict[str, set[str]] = defaultdict(set)
        self._by_skeleton: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
        for name, owner, country in names:
            sound = key(name)
            self._by_key[sound].add(owner)
            if is_transliterated(country):
                self._by_skeleton[skeleton(sound)].add((owner, sound))

    def owner(self, name: str) -> str | None:
        """The one who is called `name` in some spelling; None for a single word."""
        if " " not in name.strip():
            return None
        sound = key(name)
        owners = self._by_key.get(sound)
        if owners is None:
            bones = skeleton(sound)
            known = self._by_skeleton.get(bones, ()) if len(bones) > _MIN_CONSONANTS else ()
            owners = {owner for owner, other in known if _alike(sound, other)}
        return next(iter(owners)) if len(owners) == 1 else None


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other, autojunk=False).ratio() >= _ALIKE


def skeleton(sound: str) -> str:
    """The consonants of a phonetic key, word by word: Ramsan and Ramzan, Prigoschin and Prigozjin are one.

    A final -a stays, since it tells Aleksandra from Aleksandr, but not that of Loekasjenka.
    """
    return " ".join(_bones(word) for word in sound.split())


def _bones(word: str) -> str:
    first = "a" if word[0] in "aeioUI" else ""
    last = "a" if word.endswith("a") and not word.endswith("nka") else ""
    return first + re.sub("[aeioUI]", "", word.replace("z", "s").replace("Z", "S").replace("D", "S")) + last
