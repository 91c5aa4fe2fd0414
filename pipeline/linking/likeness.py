"""Names by how they sound, for spellings that no list has: Wladimir Poutine, Ramsan Kadyrow, Pokrowsk.

In: names with their owners. Out: who may be meant by an unseen spelling. A full name has one owner or none:
first by its phonetic key, then, of languages in other letters, by its skeleton of consonants.
A surname or a place of those languages only suggests owners; the article has to speak for one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from difflib import SequenceMatcher

from pipeline.linking.spelling import dutch_spellings, english_spellings, is_transliterated, key

#: Shorter skeletons are shared by too many: Ali Reza, Aliaa Rizk.
_MIN_CONSONANTS = 5
#: Shorter surnames and places sound like too many others.
_MIN_LETTERS = 5
#: How alike two keys of one skeleton must be, as a share of their letters.
_ALIKE = 0.7


class Likenesses:
    """Whom a surname or name of a place may mean, in any romanisation."""

    def __init__(self, names: Iterable[tuple[str, str, str | None]]) -> None:
        """Make the index of (name, owner, ISO code of the owner's country).

        A name is found by the sound of each of its Dutch and English spellings: Sharaa and Sjaraa.
        """
        self._by_key: defaultdict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, owner, country in names:
            if is_transliterated(country):
                spelled = dutch_spellings(name, country=country) | english_spellings(name, country=country)
                for spelling in spelled:
                    self._by_key[key(spelling)][owner].add(spelling)

    def owners(self, name: str) -> list[str]:
        """All whose name sounds like `name`; only those of whose name it is a usual romanisation, if any."""
        alike = self._by_key.get(key(name), {}) if len(name) >= _MIN_LETTERS else {}
        usual = [owner for owner, spellings in alike.items() if name in spellings]
        return sorted(usual or alike)


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
