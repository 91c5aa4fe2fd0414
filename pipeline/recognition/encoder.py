"""The embedded encoder: words of a sentence in, probabilities of BIO tags out.

A small transformer in ONNX (see models/README.md). Only onnxruntime, tokenizers and numpy; one thread
count, sentences sorted by length, so that two runs give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

from pipeline.recognition.decoding import Decoder, Floats
from pipeline.recognition.listed import ListedNames

Features = Callable[[Sequence[str]], list[int]]

#: The files of a model.
ONNX_FILE, TOKENIZER_FILE, SETTINGS_FILE = "model.onnx", "tokenizer.json", "settings.json"
LISTED_FILE = "organisations.txt"
#: Pieces of a batch, padding included; larger ones gain nothing on two cores.
_BATCH_PIECES = 1536
#: Widths are multiples of this: then sums run in the same order whatever else is in the batch, and a
#: sentence's scores are the same to the last bit alone and among others.
_WIDTH_STEP = 4


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What stands in settings.json.

    Attributes:
        tags: "O", "B-PERSON", "I-PERSON", … in the order of the scores.
        scale, shift: of the logit of a name's raw probability; they calibrate it, fitted on dev.
        max_pieces: longest stretch the encoder sees at once; longer sentences are cut.
        article: share of the other places of a word in its article, see `pipeline.recognition.article`.
    """

    tags: tuple[str, ...]
    scale: float
    shift: float
    max_pieces: int
    article: float


class Encoder:
    """A loaded model; `decoder` reads names off its probabilities."""

    def __init__(self, folder: Path, features: Features, *, threads: int = 0) -> None:
        """Load the model in `folder`.

        Args:
            folder: holds model.onnx, tokenizer.json, settings.json and organisations.txt.
            features: gives an id for each word of a sentence, see `pipeline.recognition.features`.
            threads: of one call; 0 for all cores.

        Raises:
            FileNotFoundError: a file is missing.
        """
        for name in (ONNX_FILE, TOKENIZER_FILE, SETTINGS_FILE, LISTED_FILE):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"the model is incomplete: no {folder / name}")
        raw = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        self.settings = EncoderSettings(**raw | {"tags": tuple(raw["tags"])})
        self.decoder = Decoder(self.settings.tags, scale=self.settings.scale, shift=self.settings.shift)
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / ONNX_FILE), options, providers=["CPUExecutionProvider"]
        )
        self._listed = ListedNames.read(folder / LISTED_FILE)
        self.features = features

    def probabilities(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """For each sentence, given as its words, (words, tags); equal sentences are computed once."""
        distinct = list(dict.fromkeys(tuple(s) for s in sentences))
        known = dict(zip(distinct, self._probabilities(distinct), strict=True))
        return [known[tuple(s)] for s in sentences]

    def _probabilities(self, sentences: list[tuple[str, ...]]) -> list[Floats]:
        chunks = [chunk for number, words in enumerate(sentences) for chunk in self._chunks(number, words)]
        chunks.sort(key=lambda chunk: (len(chunk.ids), chunk.sentence, chunk.first_word))
        n_tags = len(self.settings.tags)
        read = [np.zeros((len(words), n_tags), dtype=np.float32) for words in sentences]
        for batch in _batches(chunks):
            for chunk, scores in zip(batch, self._scores(batch), strict=True):
                last = chunk.first_word + len(chunk.first_pieces)
                read[chunk.sentence][chunk.first_word : last] = _softmax(scores)
        return read

    def _chunks(self, number: int, words: Sequence[str]) -> Iterator[_Chunk]:
        """A sentence as pieces, cut between words where it is longer than the encoder's window."""
        encoded = self._tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        pieces: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
            if word is not None:
                pieces[word].append(piece)
        features = self._listed.add(words, self.features(words))
        chunk = _Chunk(number, 0)
        for i, word_pieces in enumerate(pieces):
            word_pieces = (word_pieces or [_UNKNOWN])[:_MAX_WORD_PIECES]
            if chunk.first_pieces and len(chunk.ids) + len(word_pieces) >= self.settings.max_pieces:
                yield chunk.closed()
                chunk = _Chunk(number, i)
            chunk.add(word_pieces, features[i])
        if chunk.first_pieces:
            yield chunk.closed()

    def _scores(self, batch: Sequence[_Chunk]) -> list[Floats]:
        """For each chunk the tag scores of its words: (words, tags)."""
        width = batch[-1].width
        ids = np.full((len(batch), width), _PAD, dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        features = np.zeros((len(batch), width), dtype=np.int64)
        for row, chunk in enumerate(batch):
            ids[row, : len(chunk.ids)] = chunk.ids
            mask[row, : len(chunk.ids)] = 1
            features[row, : len(chunk.ids)] = chunk.features
        inputs = {"input_ids": ids, "attention_mask": mask, "features": features}
        (scores,) = self._session.run(None, inputs)
        return [scores[row, chunk.first_pieces] for row, chunk in enumerate(batch)]


_BEGIN, _PAD, _END, _UNKNOWN = 0, 1, 2, 3
#: A word of more pieces than this is no word; its first pieces say enough.
_MAX_WORD_PIECES = 24


@dataclass(slots=True)
class _Chunk:
    """Part of a sentence as pieces with their features, and where each word begins."""

    sentence: int
    first_word: int
    ids: list[int] = field(default_factory=lambda: [_BEGIN])
    features: list[int] = field(default_factory=lambda: [0])
    first_pieces: list[int] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The length it is padded to."""
        return -(-len(self.ids) // _WIDTH_STEP) * _WIDTH_STEP

    def add(self, pieces: Sequence[int], feature: int) -> None:
        """Append a word."""
        self.first_pieces.append(len(self.ids))
        self.ids += pieces
        self.features += [feature] * len(pieces)

    def closed(self) -> _Chunk:
        """The chunk with its end mark."""
        self.ids.append(_END)
        self.features.append(0)
        return self


def _batches(chunks: Sequence[_Chunk]) -> Iterator[list[_Chunk]]:
    """Chunks of one width in batches of about equal work; they come sorted by length."""
    batch: list[_Chunk] = []
    for chunk in chunks:
        full = (len(batch) + 1) * chunk.width > _BATCH_PIECES
        if batch and (full or chunk.width != batch[-1].width):
            yield batch
            batch = []
        batch.append(chunk)
    if batch:
        yield batch


def _softmax(scores: Floats) -> Floats:
    """Scores to probabilities, a row at a time."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
