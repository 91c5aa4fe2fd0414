"""Annotations that stand off from their text: sentence id, token ranges, labels.

The sentences themselves are third-party text and are not in this project; whoever has the treebank
files (see README.md) can put both together. Token ranges count tokens from 0, ends exclusive.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

LABELS = ("PERSON", "NORP", "GPE", "LOC", "ORG", "MISC")
#: In the order in which a sentence that stands in several is taken.
TREEBANKS = (
    "nl_alpino-ud-dev.conllu",
    "nl_lassysmall-ud-dev.conllu",
    "nl_lassysmall-ud-test.conllu",
    "nl_lassysmall-ud-train.old.conllu",
)
_DOCUMENT = re.compile(r"^(?:.*\\)?(?P<document>.+?)\.p\.\d+")


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens start:end are a name."""

    start: int
    end: int
    label: str


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tokenised sentence with its names."""

    source: str
    sentence_id: str
    tokens: tuple[str, ...]
    names: tuple[Name, ...] = ()

    @property
    def document(self) -> str:
        """The document that the sentence is from."""
        match = _DOCUMENT.match(self.sentence_id)
        return match["document"] if match else self.sentence_id

    @property
    def paragraph(self) -> str:
        """The paragraph that the sentence is from."""
        return self.sentence_id.rsplit(".s.", 1)[0]


def read_treebank(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-U file, without names; where it gives no ids they are numbered from 1."""
    sentence_id, tokens, number = "", [], 0
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("# sent_id = "):
            sentence_id = line.removeprefix("# sent_id = ")
        elif line.startswith("# ") and line.endswith(".xml"):
            sentence_id = line[2:-4]
        elif line and not line.startswith("#"):
            columns = line.split("\t")
            if columns[0].isdigit():
                tokens.append(columns[1])
        elif not line and tokens:
            number += 1
            yield Sentence(path.name, sentence_id or str(number), tuple(tokens))
            tokens = []


def distinct_sentences(folder: Path) -> list[Sentence]:
    """The sentences of all treebanks, each once by id and by text."""
    ids: set[str] = set()
    texts: set[tuple[str, ...]] = set()
    kept: list[Sentence] = []
    for name in TREEBANKS:
        for sentence in read_treebank(folder / name):
            if sentence.sentence_id not in ids and sentence.tokens not in texts:
                ids.add(sentence.sentence_id)
                texts.add(sentence.tokens)
                kept.append(sentence)
    return kept


def by_document(sentences: Iterable[Sentence]) -> list[list[Sentence]]:
    """Sentences by document, in the order of the numbers in their ids: an early release has them shuffled."""
    documents: defaultdict[str, list[Sentence]] = defaultdict(list)
    for sentence in sentences:
        documents[sentence.document].append(sentence)
    return [sorted(own, key=_numbers) for own in documents.values()]


def _numbers(sentence: Sentence) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", sentence.sentence_id)]


def write_standoff(path: Path, sentences: Iterable[Sentence]) -> None:
    """One line a sentence: source, id, number of tokens, names as start:end:LABEL."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_NONE)
        writer.writerow(["source", "sentence_id", "n_tokens", "names"])
        for s in sentences:
            names = " ".join(f"{n.start}:{n.end}:{n.label}" for n in s.names)
            writer.writerow([s.source, s.sentence_id, len(s.tokens), names])


def read_standoff(path: Path, treebanks: Iterable[Sentence]) -> list[Sentence]:
    """The annotated sentences of a standoff file, with their tokens out of the treebanks.

    Raises:
        ValueError: a sentence is not there, or has another number of tokens.
    """
    tokens_of = {(s.source, s.sentence_id): s.tokens for s in treebanks}
    sentences = []
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE):
            tokens = tokens_of.get((row["source"], row["sentence_id"]))
            if tokens is None or len(tokens) != int(row["n_tokens"]):
                raise ValueError(f"{path.name}: {row['sentence_id']} is not as it was annotated")
            names = tuple(map(_name, row["names"].split()))
            sentences.append(Sentence(row["source"], row["sentence_id"], tokens, names))
    return sentences


def _name(text: str) -> Name:
    start, end, label = text.split(":")
    if label not in LABELS:
        raise ValueError(f"no label: {label}")
    return Name(int(start), int(end), label)


def tags_of(sentence: Sentence) -> list[str]:
    """BIO tags, one a token."""
    tags = ["O"] * len(sentence.tokens)
    for name in sentence.names:
        tags[name.start] = f"B-{name.label}"
        tags[name.start + 1 : name.end] = [f"I-{name.label}"] * (name.end - name.start - 1)
    return tags
