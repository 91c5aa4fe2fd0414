"""What the recogniser can see of the knowledge base in one text, as a hash.

In: a knowledge base, a text. Out: a hash that changes only when a name that may stand in the text changed.
So an alias more costs the recognition of the articles that hold it, and of no others. It errs to the safe
side: a name counts as soon as its rarest-looking word is there.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.linking.folding import fold
from pipeline.schemas import Kind

#: Letters or digits apart, since a tokenizer may cut between them ("5km"): no name ends within one of these.
_WORD = re.compile(r"[^\W\d_]+|\d+")


class NamesInText:
    """The names of a knowledge base by a word that each of them has."""

    def __init__(self, kb: KnowledgeBase, index: AliasIndex) -> None:
        entries: defaultdict[str, set[str]] = defaultdict(set)
        for surface, owners in index.surfaces():
            # In their order, which decides between equals.
            facts = [surface]
            facts += ["\t".join((a.entity_id, a.label, a.reason, str(a.strong))) for a in owners]
            # The gazetteer looks for names in capitals too.
            for anchor in {_anchor(surface), _anchor(surface.upper())}:
                entries[anchor].add("\n".join(facts))
        for title in kb.titles:
            entries[_anchor(title)].add(f"title {title}")
        for entity in kb.entities.values():
            if entity.kind in (Kind.LEADER, Kind.PERSON) and " " in entity.name:
                given = entity.name.split()[0]
                entries[_anchor(given)].add(f"given {given}")
        self._hashes = {
            word: hashlib.sha256("\n\n".join(sorted(facts)).encode()).digest()[:16]
            for word, facts in entries.items()
        }

    def of(self, text: str) -> str:
        """The hash of what may stand in `text`, as 32 hexadecimal digits."""
        known = self._hashes.keys() & words(text)
        seen = b"".join(self._hashes[word] for word in sorted(known))
        return hashlib.sha256(seen).hexdigest()[:32]


def words(text: str) -> set[str]:
    """The words of a text in the one form that spellings, cases and possessives share: Poetins, POETIN.

    Among them "", under which a name without a letter or digit is kept.
    """
    folded = {word.casefold() for word in _WORD.findall(fold(text))}
    return {word.rstrip("s") or word for word in folded} | {""}


def _anchor(surface: str) -> str:
    """The longest word of a name, which is as a rule the rarest: "Kremlin" of "het Kremlin"."""
    return max(sorted(words(surface)), key=lambda word: (not word.isdecimal(), len(word)))
