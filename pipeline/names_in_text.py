"""What the recogniser can see of the knowledge base in one text, as a hash.

In: a knowledge base, a text. Out: a hash that changes only when a name that may stand in the text changed.
So an alias more costs the recognition of the articles that hold it, and of no others. It errs to the safe
side: a name counts as soon as its rarest-looking word is there.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

from pipeline.aliases import AliasIndex
from pipeline.folding import fold
from pipeline.kb import KnowledgeBase
from pipeline.schemas import Kind

_WORD = re.compile(r"[^\W_]+")


class NamesInText:
    """The names of a knowledge base by a word that each of them has."""

    def __init__(self, kb: KnowledgeBase, index: AliasIndex) -> None:
        entries: defaultdict[str, set[str]] = defaultdict(set)
        for surface, owners in index.surfaces():
            for alias in owners:
                facts = (surface, alias.entity_id, alias.label, alias.reason, alias.strong)
                entries[_anchor(surface)].add("\t".join(map(str, facts)))
        for title in kb.titles:
            entries[_anchor(title)].add(f"title {title}")
        for entity in kb.entities.values():
            if entity.kind in (Kind.LEADER, Kind.PERSON):
                given = entity.name.split()[0]
                entries[_anchor(given)].add(f"given {given}")
        self._hashes = {
            word: hashlib.sha256("\n".join(sorted(facts)).encode()).digest()[:8]
            for word, facts in entries.items()
        }

    def of(self, text: str) -> str:
        """The hash of what may stand in `text`, as 32 hexadecimal digits."""
        known = self._hashes.keys() & words(text)
        seen = b"".join(self._hashes[word] for word in sorted(known))
        return hashlib.sha256(seen).hexdigest()[:32]


def words(text: str) -> set[str]:
    """The words of a text in the one form that spellings, cases and possessives share: Poetins, POETIN."""
    return {word.rstrip("s") or word for word in _WORD.findall(fold(text).casefold())}


def _anchor(surface: str) -> str:
    """The longest word of a name, which is as a rule the rarest: "Kremlin" of "het Kremlin"."""
    return max(sorted(words(surface)), key=len, default="")
