"""Our own training sentences (news/*.txt): reading the inline marks, and swapping names.

In: lines such as "[Franse|NORP] premier [Gabriel Attal|PERSON] belooft boeren steun". Out: tokenised
sentences as `standoff` has them, and copies in which other names of the same sort stand, so that
a model learns names from their context.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import spacy

from pipeline.kb import Entity, KnowledgeBase
from pipeline.linking.aliases import inflected
from pipeline.schemas import Kind, Label
from pipeline.standoff import Name, Sentence

_MARK = re.compile(r"\[(?P<surface>[^\[\]|]*)\|(?P<label>[A-Z]+)\]")


def read_news(path: Path) -> Iterator[Sentence]:
    """The sentences of a file of inline marks, as the pipeline's tokenizer splits them.

    Articles have an empty line between them.
    """
    tokenizer = spacy.blank("nl").tokenizer
    article = 1
    for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), start=1):
        if not line.strip():
            article += 1
            continue
        text, marks = _unmarked(line.strip())
        doc = [token for token in tokenizer(text) if not token.is_space]
        names = []
        for start, end, label in marks:
            inside = [
                i for i, t in enumerate(doc) if t.idx < end and start < t.idx + len(t.text)
            ]  # fmt: skip
            names.append(Name(inside[0], inside[-1] + 1, label))
        # As in the treebanks, so that `Sentence.document` is the article.
        sentence_id = f"{path.stem}.{article}.p.{number}"
        yield Sentence(path.name, sentence_id, tuple(t.text for t in doc), tuple(names))


def _unmarked(line: str) -> tuple[str, list[tuple[int, int, str]]]:
    text, marks, at = "", [], 0
    for match in _MARK.finditer(line):
        text += line[at : match.start()]
        marks.append((len(text), len(text) + len(match["surface"]), match["label"]))
        text += match["surface"]
        at = match.end()
    return text + line[at:], marks


class Swapper:
    """Puts other names of the same sort into a sentence."""

    def __init__(self, kb: KnowledgeBase, seed: int) -> None:
        self._random = random.Random(seed)
        self._names: dict[str, list[str]] = defaultdict(list)
        for entity in kb.entities.values():
            for sort, name in _sorts(entity):
                self._names[sort].append(name)
        people = [name.split() for name in self._names["PERSON full"] if " " in name]
        self._given = sorted({words[0] for words in people})
        self._family = sorted({" ".join(words[1:]) for words in people})
        #: What each name of the document at hand has become: it has the same name in every sentence.
        self._become: dict[tuple[tuple[str, ...], str], list[str]] = {}

    def next_document(self) -> None:
        """From here on names are replaced by others than before."""
        self._become.clear()

    def swap(self, sentence: Sentence, *, share: float = 0.7) -> Sentence:
        """A copy with `share` of its names replaced."""
        tokens: list[str] = []
        names: list[Name] = []
        at = 0
        for name in sorted(sentence.names, key=lambda n: n.start):
            tokens += sentence.tokens[at : name.start]
            old = sentence.tokens[name.start : name.end]
            if (old, name.label) not in self._become:
                other = self._random.random() < share
                self._become[old, name.label] = self._other(old, name.label) if other else list(old)
            new = self._become[old, name.label]
            names.append(Name(len(tokens), len(tokens) + len(new), name.label))
            tokens += new
            at = name.end
        tokens += sentence.tokens[at:]
        return Sentence(sentence.source, sentence.sentence_id + "~", tuple(tokens), tuple(names))

    def _other(self, old: Sequence[str], label: str) -> list[str]:
        """Another name of the sort that `old` has, or `old` itself where there is none."""
        if label == "PERSON":
            return self._person(old)
        sort = _sort_of(old, label)
        choices = self._names.get(sort)
        if not choices:
            return list(old)
        new = self._random.choice(choices).split()
        if all(word.isupper() and len(word) > 3 for word in old if word.isalpha()):
            new = [word.upper() for word in new]
        return new

    def _person(self, old: Sequence[str]) -> list[str]:
        """A person of the knowledge base or, as often, a new pair of given and family name."""
        if len(old) == 1 or old[0][:1].islower():
            ending = "s" if old[-1].endswith("s") and self._random.random() < 0.2 else ""
            words = self._random.choice(self._family).split()
            return [*words[:-1], words[-1] + ending]
        if self._random.random() < 0.5:
            return self._random.choice(self._names["PERSON full"]).split()
        return [self._random.choice(self._given), *self._random.choice(self._family).split()]


def _sorts(entity: Entity) -> Iterator[tuple[str, str]]:
    """The names of an entity with the sort each is swapped within."""
    plain = "(" not in entity.name
    names = [entity.name, *entity.aliases] if plain else list(entity.aliases)
    if entity.kind in (Kind.LEADER, Kind.PERSON):
        yield from (("PERSON full", name) for name in names if " " in name)
    elif entity.kind is Kind.ORGANISATION:
        yield from ((_sort_of(name.split(), "ORG"), name) for name in names if name[:1].isupper())
    else:
        label = "LOC" if entity.label is Label.LOC else "GPE"
        sort = "GPE country" if entity.kind is Kind.COUNTRY else label
        yield from ((sort, name) for name in names)
    for adjective in entity.adjectives:
        base, with_e = inflected(adjective)
        yield "NORP e", with_e
        yield "NORP base", base
    for noun in entity.inhabitants:
        if noun.endswith(("en", "s", "ers")):
            yield "NORP people", noun


_COUNTRY_HINT = re.compile(r"(?:land|ië|stan|rijk|VS|VK|Unie|Staten|ia|ika|ina|wegen|den|gal)$")


def _sort_of(words: Sequence[str], label: str) -> str:
    """The sort within which a name may be swapped so that the sentence stays grammatical."""
    last = words[-1]
    if label == "NORP":
        if last.endswith("e"):
            return "NORP e"
        return "NORP people" if last.endswith(("en", "ers", "anen")) else "NORP base"
    if label == "GPE":
        return "GPE country" if _COUNTRY_HINT.search(last) else "GPE"
    if label == "ORG":
        if len(words) == 1:
            return "ORG short" if last.isupper() else "ORG one"
        return "ORG long"
    return label


def swapped(
    documents: Iterable[Sequence[Sentence]], swapper: Swapper, copies: int
) -> Iterator[list[Sentence]]:
    """`copies` swapped copies of each document that has a name."""
    for document in documents:
        if any(sentence.names for sentence in document):
            for _ in range(copies):
                swapper.next_document()
                yield [swapper.swap(sentence) for sentence in document]
