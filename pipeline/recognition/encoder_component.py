"""The spaCy component `vermeld_ner`, registered by entry point, around `encoder`.

It needs sentences, sets `doc.ents`, and leaves the probability of each name in `doc.user_data`. A document is
taken for an article. Where an article comes in several documents, as in our own stages, `read_in_parts` makes
the component leave them alone, and `in_articles` reads the names of all parts together.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TypeVar

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.kb import load_kb
from pipeline.linking.aliases import build_index
from pipeline.recognition.article import share_within
from pipeline.recognition.decoding import Floats
from pipeline.recognition.encoder import Encoder, Features
from pipeline.recognition.features import NameFeatures
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.settings import resources

Item = TypeVar("Item")

#: Key of `Doc.user_data`: {(start, end) in tokens: probability}.
SCORES = "vermeld_scores"


@dataclass(frozen=True, slots=True, order=True)
class Entity:
    """Tokens start:end of a document are a name; `score` is a calibrated probability."""

    start: int
    end: int
    label: str
    score: float


class VermeldNer:
    """Names by the embedded encoder. It has no weights until `from_disk`."""

    def __init__(self, name: str, labels: list[str], threads: int) -> None:
        self.name = name
        self.labels = tuple(labels)
        self.threads = threads
        self._encoder: Encoder | None = None
        self._in_parts = False

    def __call__(self, doc: Doc) -> Doc:
        """Set the names of one document."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Set the names of a stream of documents, a batch at a time."""
        for batch in batched(docs, batch_size):
            if not self._in_parts:
                for doc, (entities,) in zip(batch, self.in_articles([[doc] for doc in batch]), strict=True):
                    doc.ents = [Span(doc, e.start, e.end, label=e.label) for e in entities]
                    doc.user_data[SCORES] = {(e.start, e.end): e.score for e in entities}
            yield from batch

    def read_in_parts(self) -> None:
        """From now on leave documents as they are: they are parts of articles, for `in_articles`."""
        self._in_parts = True

    def in_articles(self, articles: Sequence[Sequence[Doc]]) -> list[list[list[Entity]]]:
        """The names of each document of each article, a document being a part of one article."""
        texts = [[_words(sentence) for doc in docs for sentence in doc.sents] for docs in articles]
        encoder = self.encoder
        found = []
        for docs, words, read in zip(articles, texts, encoder.probabilities(texts), strict=True):
            mixed = iter(share_within(words, read, encoder.settings.article, encoder.decoder.inside))
            found.append(
                [
                    [entity for sentence in doc.sents for entity in self._entities(sentence, next(mixed))]
                    for doc in docs
                ]
            )
        return found

    def _entities(self, sentence: Span, probabilities: Floats) -> Iterator[Entity]:
        names = self.encoder.decoder.names(probabilities)
        tokens = [token.i for token in sentence if not token.is_space] if names else []
        for name in names:
            yield Entity(tokens[name.start], tokens[name.end - 1] + 1, name.label, name.score)

    @property
    def encoder(self) -> Encoder:
        """The encoder.

        Raises:
            RuntimeError: the component has no weights.
        """
        if self._encoder is None:
            raise RuntimeError(f"{self.name} has no weights: load it with spacy.load")
        return self._encoder

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        """Nothing: the files are made by models/training and are never changed."""

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> VermeldNer:
        """Load the weights.

        Raises:
            FileNotFoundError: a file is missing.
        """
        # Not made before they are asked for: the pipeline brings those of its own knowledge base.
        self._encoder = Encoder(Path(path), lambda words: shipped_features()(words), threads=self.threads)
        return self

    def use_features(self, features: Features) -> None:
        """Take the knowledge base that the pipeline runs with, instead of the one that ships."""
        if self._encoder is not None:
            self._encoder.features = features


@functools.cache
def shipped_features() -> Features:
    """The features of the knowledge base that ships, for `spacy.load` without the pipeline."""
    kb = load_kb(resources() / "kb")
    index = build_index(kb)
    return NameFeatures(kb, index, Gazetteer(index, kb.titles)).of


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """The items in lists of `size`; the last may be shorter."""
    stream = iter(items)
    while batch := list(islice(stream, size)):
        yield batch


def _words(sentence: Span) -> list[str]:
    """The tokens that are not white space: the encoder's words."""
    return [token.text for token in sentence if not token.is_space]


@Language.factory(
    "vermeld_ner",
    default_config={"labels": ["PERSON", "NORP", "GPE", "LOC", "ORG", "MISC"], "threads": 0},
    assigns=["doc.ents"],
    requires=["doc.sents"],
)
def create_vermeld_ner(nlp: Language, name: str, labels: list[str], threads: int) -> VermeldNer:
    """Make the component; its weights come from the model's folder."""
    return VermeldNer(name, labels, threads)
