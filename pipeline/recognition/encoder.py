"""The embedded encoder: words of a sentence in, name spans with probabilities out.

A small transformer in ONNX (see models/README.md) gives each word scores for BIO tags; the best valid
tag sequence is found by Viterbi. Only onnxruntime, tokenizers and numpy; one thread count,
sentences sorted by length, so that two runs give the same bytes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Tokenizer

Features = Callable[[Sequence[str]], list[int]]
Floats = npt.NDArray[np.float32]

#: The files of a model.
ONNX_FILE, TOKENIZER_FILE, SETTINGS_FILE = "model.onnx", "tokenizer.json", "settings.json"
#: Pieces of a batch, padding included; larger ones gain nothing on two cores.
_BATCH_PIECES = 1536
#: Widths are multiples of this: then sums run in the same order whatever else is in the batch, and a
#: sentence's scores are the same to the last bit alone and among others.
_WIDTH_STEP = 4
_IMPOSSIBLE = -1e4


@dataclass(frozen=True, slots=True)
class NameSpan:
    """Words start:end of a sentence name something; `score` is a calibrated probability."""

    start: int
    end: int
    label: str
    score: float


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What stands in settings.json.

    Attributes:
        tags: "O", "B-PERSON", "I-PERSON", … in the order of the scores.
        scale, shift: of the logit of a name's raw probability; they calibrate it, fitted on dev.
        max_pieces: longest stretch the encoder sees at once; longer sentences are cut.
    """

    tags: tuple[str, ...]
    scale: float
    shift: float
    max_pieces: int


class Encoder:
    """A loaded model."""

    def __init__(self, folder: Path, features: Features, *, threads: int = 0) -> None:
        """Load the model in `folder`.

        Args:
            folder: holds model.onnx, tokenizer.json and settings.json.
            features: gives an id for each word of a sentence, see `pipeline.recognition.features`.
            threads: of one call; 0 for all cores.

        Raises:
            FileNotFoundError: a file is missing.
        """
        for name in (ONNX_FILE, TOKENIZER_FILE, SETTINGS_FILE):
            if not (folder / name).is_file():
                raise FileNotFoundError(f"the model is incomplete: no {folder / name}")
        raw = json.loads((folder / SETTINGS_FILE).read_text(encoding="utf-8"))
        self.settings = EncoderSettings(tuple(raw["tags"]), raw["scale"], raw["shift"], raw["max_pieces"])
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(folder / ONNX_FILE), options, providers=["CPUExecutionProvider"]
        )
        self.features = features
        self._allowed = _allowed_steps(self.settings.tags)

    def names(self, sentences: Sequence[Sequence[str]]) -> list[list[NameSpan]]:
        """The names in each sentence, given as its words; equal sentences are computed once."""
        distinct = list(dict.fromkeys(tuple(s) for s in sentences))
        known = dict(zip(distinct, self._names(distinct), strict=True))
        return [known[tuple(s)] for s in sentences]

    def _names(self, sentences: list[tuple[str, ...]]) -> list[list[NameSpan]]:
        chunks = [chunk for number, words in enumerate(sentences) for chunk in self._chunks(number, words)]
        chunks.sort(key=lambda chunk: (len(chunk.ids), chunk.sentence, chunk.first_word))
        names: list[list[NameSpan]] = [[] for _ in sentences]
        for batch in _batches(chunks):
            for chunk, scores in zip(batch, self._scores(batch), strict=True):
                for span in self._decode(scores):
                    shifted = NameSpan(
                        span.start + chunk.first_word, span.end + chunk.first_word, span.label, span.score
                    )  # fmt: skip
                    names[chunk.sentence].append(shifted)
        return [sorted(spans, key=lambda span: span.start) for spans in names]

    def _chunks(self, number: int, words: Sequence[str]) -> Iterator[_Chunk]:
        """A sentence as pieces, cut between words where it is longer than the encoder's window."""
        encoded = self._tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        pieces: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
            if word is not None:
                pieces[word].append(piece)
        features = self.features(words)
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

    def _decode(self, scores: Floats) -> list[NameSpan]:
        """The spans of the best valid tag sequence, each with the probability that it is right."""
        logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
        path = _viterbi(logs, self._allowed)
        tags = self.settings.tags
        spans: list[NameSpan] = []
        start = 0
        while start < len(path):
            tag = tags[path[start]]
            end = start + 1
            if tag != "O":
                while end < len(path) and tags[path[end]] == "I-" + tag[2:]:
                    end += 1
                weakest = float(logs[np.arange(start, end), path[start:end]].min())
                spans.append(NameSpan(start, end, tag[2:], self._calibrated(weakest)))
            start = end
        return spans

    def _calibrated(self, log_probability: float) -> float:
        """The probability that a name is right, from that of its least sure word."""
        odds = log_probability - math.log(max(-math.expm1(log_probability), 1e-7))
        return 1 / (1 + math.exp(-(self.settings.scale * odds + self.settings.shift)))


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


def _allowed_steps(tags: Sequence[str]) -> Floats:
    """(from, to) → 0 or, for I-X not after B-X or I-X, a large negative number; the last row is the start."""
    steps = np.zeros((len(tags) + 1, len(tags)), dtype=np.float32)
    for column, tag in enumerate(tags):
        if tag.startswith("I-"):
            before = [i for i, t in enumerate(tags) if t[1:] == tag[1:] and t != "O"]
            steps[:, column] = _IMPOSSIBLE
            steps[before, column] = 0.0
    return steps


def _viterbi(logs: Floats, steps: Floats) -> npt.NDArray[np.int64]:
    """The tag sequence of the highest sum of log probabilities that takes only allowed steps."""
    n_words, n_tags = logs.shape
    best = logs[0] + steps[-1]
    back = np.zeros((n_words, n_tags), dtype=np.int64)
    for i in range(1, n_words):
        ways = best[:, None] + steps[:-1]
        back[i] = ways.argmax(axis=0)
        best = ways.max(axis=0) + logs[i]
    path = np.zeros(n_words, dtype=np.int64)
    path[-1] = int(best.argmax())
    for i in range(n_words - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path
