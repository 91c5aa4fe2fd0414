"""The spaCy component `vermeld_ner`, registered by entry point, around `encoder`.

It needs sentences, sets `doc.ents`, and leaves the probability of each name in `doc.user_data`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.kb import load_kb
from pipeline.linking.aliases import build_index
from pipeline.recognition.encoder import Encoder, Features
from pipeline.recognition.features import NameFeatures
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.settings import resources

#: Key of `Doc.user_data`: {(start, end) in tokens: probability}.
SCORES = "vermeld_scores"


class VermeldNer:
    """Names by the embedded encoder. It has no weights until `from_disk`."""

    def __init__(self, name: str, labels: list[str], threads: int) -> None:
        self.name = name
        self.labels = tuple(labels)
        self.threads = threads
        self._encoder: Encoder | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set the names of one document."""
        return next(self.pipe([doc]))

    def pipe(self, docs: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Set the names of a stream of documents, a batch at a time."""
        if self._encoder is None:
            raise RuntimeError(f"{self.name} has no weights: load it with spacy.load")
        for batch in batched(docs, batch_size):
            sentences = [sentence for doc in batch for sentence in doc.sents]
            names = self._encoder.names([[t.text for t in s if not t.is_space] for s in sentences])
            found = dict(zip(map(_key, sentences), names, strict=True))
            for doc in batch:
                scores: dict[tuple[int, int], float] = {}
                ents: list[Span] = []
                for sentence in doc.sents:
                    tokens = [token.i for token in sentence if not token.is_space]
                    for name in found[_key(sentence)]:
                        span = (tokens[name.start], tokens[name.end - 1] + 1)
                        ents.append(Span(doc, *span, label=name.label))
                        scores[span] = name.score
                doc.ents = ents
                doc.user_data[SCORES] = scores
                yield doc

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


def batched(docs: Iterable[Doc], size: int) -> Iterator[list[Doc]]:
    """The documents in lists of `size`; the last may be shorter."""
    stream = iter(docs)
    while batch := list(islice(stream, size)):
        yield batch


def _key(sentence: Span) -> tuple[int, int]:
    return id(sentence.doc), sentence.start


@Language.factory(
    "vermeld_ner",
    default_config={"labels": ["PERSON", "NORP", "GPE", "LOC", "ORG", "MISC"], "threads": 0},
    assigns=["doc.ents"],
    requires=["doc.sents"],
)
def create_vermeld_ner(nlp: Language, name: str, labels: list[str], threads: int) -> VermeldNer:
    """Make the component; its weights come from the model's folder."""
    return VermeldNer(name, labels, threads)
