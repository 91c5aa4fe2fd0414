"""How good a recogniser is on the frozen gold sentences: precision, recall and F1 with intervals.

In: the treebank files (third-party, see models/training/README.md) with our standoff annotations, or a file
in the columns of CoNLL-2002; models. Out: scores per label on exact spans. Every model sees the same tokens
and the same sentences, by document or one at a time, and no spans of the knowledge base are added: only the
models are compared.
"""

from __future__ import annotations

import random
import shutil
import subprocess
import tempfile
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.reading.decode import decode
from pipeline.recognition.encoder_component import batched
from pipeline.recognition.loading import Recognition
from pipeline.settings import resources
from pipeline.standoff import Name, Sentence, by_document, distinct_sentences, read_standoff

#: The labels that the main score is over; MISC is a rest class that no two schemes share.
FIVE = ("PERSON", "NORP", "GPE", "LOC", "ORG")
#: To compare with CoNLL-style taggers: GPE and LOC are one, nationalities are MISC and left aside.
CONLL = {"PERSON": "PER", "GPE": "LOC", "LOC": "LOC", "ORG": "ORG"}
#: Frog's labels (it also knows products and events).
FROG = {"per": "PERSON", "loc": "GPE", "org": "ORG", "misc": "MISC", "pro": "MISC", "eve": "MISC"}
#: The labels of CoNLL-2002 as ours.
_OF_CONLL = {"PER": "PERSON", "LOC": "GPE", "ORG": "ORG", "MISC": "MISC"}
_RESAMPLES = 1000

Names = Sequence[Iterable[Name]]


@dataclass(frozen=True, slots=True)
class Score:
    """Right, wrong and missed names."""

    right: int
    wrong: int
    missed: int

    @property
    def precision(self) -> float:
        """Share of what was found that is right."""
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of what there is that was found."""
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of both."""
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)


def gold_sentences(treebanks: Path, part: str) -> list[Sentence]:
    """The annotated sentences of a part, train, dev or test, in the order of their documents.

    Raises:
        FileNotFoundError: the treebanks are not in that folder.
        ValueError: they are another version than the one annotated.
    """
    standoff = resources() / "training" / "annotations" / f"{part}.tsv"
    documents = by_document(read_standoff(standoff, distinct_sentences(treebanks)))
    return [sentence for own in documents for sentence in own]


def conll_sentences(path: Path) -> list[Sentence]:
    """The sentences of a file in the columns of CoNLL-2002, one document after each -DOCSTART-.

    Its PER is PERSON here, its LOC GPE; `as_conll` folds GPE and LOC into one again.

    Raises:
        ValueError: a line has not the three columns word, part of speech, tag.
    """
    sentences: list[Sentence] = []
    document, rows = 0, list[tuple[str, str]]()
    for number, line in enumerate([*decode(path.read_bytes()).text.split("\n"), ""], start=1):
        columns = line.split()
        starts = columns[:1] == ["-DOCSTART-"]
        if len(columns) == 3 and not starts:
            rows.append((columns[0], columns[2]))
            continue
        if columns and not starts:
            raise ValueError(f"{path.name}, line {number}: not word, part of speech, tag")
        if rows:
            # An id like those of the treebanks, which tell the document (`Sentence.document`).
            name = f"{path.name}-{document}.p.{len(sentences)}"
            words, tags = zip(*rows, strict=True)
            sentences.append(Sentence(path.name, name, words, tuple(_tagged(tags))))
            rows = []
        document += starts
    return sentences


def _tagged(tags: Sequence[str]) -> Iterator[Name]:
    """The names in BIO tags of CoNLL-2002."""
    start = 0
    for at, tag in enumerate(tags):
        if tag == "O":
            continue
        if tag.startswith("B-") or at == 0 or tags[at - 1] == "O":
            start = at
        if at + 1 == len(tags) or not tags[at + 1].startswith("I-"):
            yield Name(start, at + 1, _OF_CONLL[tag[2:]])


def predict(
    recogniser: Recognition, sentences: Sequence[Sentence], *, alone: bool = False, batch_size: int = 64
) -> list[list[Name]]:
    """The names a model finds in each sentence, given its tokens.

    Args:
        recogniser: the model.
        sentences: those of one document behind each other or not.
        alone: whether each sentence is read by itself, not among those of its document.
        batch_size: documents a model sees at once.
    """
    nlp = recogniser.nlp
    documents: defaultdict[str, list[int]] = defaultdict(list)
    for number, sentence in enumerate(sentences):
        documents[str(number) if alone else sentence.document].append(number)
    docs = (_doc(nlp, [sentences[i] for i in numbers]) for numbers in documents.values())
    found: list[list[Name]] = [[] for _ in sentences]
    with nlp.select_pipes(disable=[n for n in ("senter", "sentencizer") if n in nlp.pipe_names]):
        pairs = zip(documents.values(), nlp.pipe(docs, batch_size=batch_size), strict=True)
        for batch in batched(pairs, batch_size):
            entities = recogniser.entities([[doc] for _, doc in batch])
            for (numbers, doc), (of_doc,) in zip(batch, entities, strict=True):
                starts = [sentence.start for sentence in doc.sents]
                for entity in of_doc:
                    at = bisect_right(starts, entity.start) - 1
                    if (label := recogniser.labels.get(entity.label)) is not None:
                        place = (entity.start - starts[at], entity.end - starts[at])
                        found[numbers[at]].append(Name(*place, label.value))
    return found


def _doc(nlp: Language, sentences: Sequence[Sentence]) -> Doc:
    words = [token for sentence in sentences for token in sentence.tokens]
    starts: list[bool | int | None] = [i == 0 for sentence in sentences for i in range(len(sentence.tokens))]
    return Doc(nlp.vocab, words, sent_starts=starts)


def predict_with_frog(sentences: Sequence[Sentence]) -> list[list[Name]]:
    """The names that Frog (Debian package `frog`, with `frogdata`) finds, given the tokens.

    Raises:
        FileNotFoundError: Frog is not installed.
    """
    program = shutil.which("frog")
    if program is None:
        raise FileNotFoundError("Frog is not installed (Debian: apt-get install frog frogdata)")
    text = "\n".join(" ".join(s.tokens) for s in sentences) + "\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sentences.txt"
        path.write_text(text, encoding="utf-8")
        # -n: one sentence a line; tokens are given by white space, so the tokenizer (t) is off.
        command = [program, "--skip=tacmp", "-n", "--threads=2", "-t", str(path)]
        output = subprocess.run(  # noqa: S603 - a fixed program with fixed arguments
            command, capture_output=True, text=True, check=True
        ).stdout
    return [_frog_names(block) for block in output.strip("\n").split("\n\n")]


def _frog_names(block: str) -> list[Name]:
    """Names in Frog's columns for one sentence: token number, word, …, B-PER."""
    names: list[Name] = []
    for row in block.split("\n"):
        columns = row.split("\t")
        tag = columns[6] if len(columns) > 6 else "O"
        prefix, _, kind = tag.partition("-")
        at = int(columns[0]) - 1
        label = FROG.get(kind.split("_")[0].lower())
        if label and prefix == "B":
            names.append(Name(at, at + 1, label))
        elif label and prefix == "I" and names and names[-1].end == at:
            names[-1] = Name(names[-1].start, at + 1, names[-1].label)
    return names


def score(gold: Names, found: Names, labels: Iterable[str]) -> dict[str, Score]:
    """A score for each label, and "all" for these labels together."""
    counts = _counts(gold, found)
    scores = {
        label: Score(*(counts[label, kind] for kind in ("right", "wrong", "missed"))) for label in labels
    }
    total = [sum(getattr(s, kind) for s in scores.values()) for kind in ("right", "wrong", "missed")]
    return {**scores, "all": Score(*total)}


def _counts(gold: Names, found: Names) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for wanted, given in zip(map(set, gold), map(set, found), strict=True):
        counts.update((n.label, "right") for n in wanted & given)
        counts.update((n.label, "wrong") for n in given - wanted)
        counts.update((n.label, "missed") for n in wanted - given)
    return counts


def interval(gold: Names, found: Names, labels: Sequence[str], *, seed: int = 1) -> tuple[float, float]:
    """The 95 % bootstrap interval of F1 over `labels`, resampling sentences."""
    per_sentence = [
        score([wanted], [given], labels)["all"] for wanted, given in zip(gold, found, strict=True)
    ]
    rng = random.Random(seed)  # noqa: S311 - resampling, not secrets
    figures = []
    for _ in range(_RESAMPLES):
        drawn = rng.choices(per_sentence, k=len(per_sentence))
        figures.append(
            Score(sum(s.right for s in drawn), sum(s.wrong for s in drawn), sum(s.missed for s in drawn)).f1
        )
    figures.sort()
    return figures[int(0.025 * _RESAMPLES)], figures[int(0.975 * _RESAMPLES) - 1]


def as_conll(gold: Names, found: Names) -> tuple[list[list[Name]], list[list[Name]]]:
    """Both in CoNLL's PER, LOC and ORG; what is found on a gold MISC or NORP span is left aside."""
    golds, founds = [], []
    for wanted, given in zip(map(list, gold), map(list, found), strict=True):
        aside = [n for n in wanted if n.label not in CONLL]
        golds.append(_mapped(wanted, CONLL))
        clear = [n for n in given if not any(a.start < n.end and n.start < a.end for a in aside)]
        founds.append(_mapped(clear, CONLL))
    return golds, founds


def _mapped(names: Iterable[Name], labels: Mapping[str, str]) -> list[Name]:
    return [Name(n.start, n.end, labels[n.label]) for n in names if n.label in labels]
