"""The embedded encoder: the sentences of a text in, probabilities of BIO tags for their words out.

A small transformer in ONNX (see models/README.md). Only onnxruntime, tokenizers and numpy; one thread
count, windows sorted by length, so that two runs give the same bytes.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
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
#: Windows whose probabilities are kept, some 6 KB each.
_KEPT = 8192


@dataclass(frozen=True, slots=True)
class EncoderSettings:
    """What stands in settings.json.

    Attributes:
        tags: "O", "B-PERSON", "I-PERSON", … in the order of the scores.
        scale, shift: of the logit of a name's raw probability; they calibrate it, fitted on dev.
        max_pieces: of a window, which is what the encoder sees at once; longer sentences are cut.
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
        #: What was read of the last windows, by their keys.
        self._known: dict[bytes, Floats] = {}

    def probabilities(self, texts: Sequence[Sequence[Sequence[str]]]) -> list[list[Floats]]:
        """For each text, given as its sentences of words, (words, tags) a sentence.

        The sentences of a text are read together, as many as a window holds, so that each helps the
        others. Equal windows (wire copy) are computed once.
        """
        windows = [list(self._windows(text)) for text in texts]
        read = iter(self._read([window for own in windows for window in own]))
        nothing = np.zeros((0, len(self.settings.tags)), dtype=np.float32)
        found = []
        for text, own in zip(texts, windows, strict=True):
            rows = np.concatenate([nothing, *itertools.islice(read, len(own))])
            ends = list(itertools.accumulate(map(len, text)))
            found.append(np.split(rows, ends[:-1]) if text else [])
        return found

    def forget(self) -> None:
        """Let go of the windows read so far; they are computed again when they come again."""
        self._known.clear()

    def _read(self, windows: Sequence[_Window]) -> list[Floats]:
        """For each window the probabilities of its words: (words, tags)."""
        keys = [window.key for window in windows]
        fresh = {key: window for key, window in zip(keys, windows, strict=True) if key not in self._known}
        for batch in _batches(sorted(fresh.items(), key=lambda item: (item[1].width, item[0]))):
            for (key, _), scores in zip(batch, self._scores([window for _, window in batch]), strict=True):
                self._known[key] = _softmax(scores)
        found = [self._known[key] for key in keys]
        for key in list(itertools.islice(self._known, max(0, len(self._known) - _KEPT))):
            del self._known[key]
        return found

    def _windows(self, text: Sequence[Sequence[str]]) -> Iterator[_Window]:
        """A text as windows of whole sentences; a sentence is cut only where it is longer than a window."""
        window = _Window()
        for words in text:
            pieces = self._pieces(words)
            if window.has_words and len(window.ids) + sum(map(len, pieces)) >= self.settings.max_pieces:
                yield window
                window = _Window()
            features = self._listed.add(words, self.features(words))
            for word_pieces, feature in zip(pieces, features, strict=True):
                if window.has_words and len(window.ids) + len(word_pieces) >= self.settings.max_pieces:
                    window.end_sentence()
                    yield window
                    window = _Window()
                window.add(word_pieces, feature)
            if words:
                window.end_sentence()
        if window.has_words:
            yield window

    def _pieces(self, words: Sequence[str]) -> list[list[int]]:
        """The pieces of each word."""
        encoded = self._tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        pieces: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
            if word is not None:
                pieces[word].append(piece)
        return [(word_pieces or [_UNKNOWN])[:_MAX_WORD_PIECES] for word_pieces in pieces]

    def _scores(self, batch: Sequence[_Window]) -> list[Floats]:
        """For each window the tag scores of its words: (words, tags)."""
        width = batch[0].width
        ids = np.full((len(batch), width), _PAD, dtype=np.int64)
        mask = np.zeros((len(batch), width), dtype=np.int64)
        features = np.zeros((len(batch), width), dtype=np.int64)
        for row, window in enumerate(batch):
            ids[row, : len(window.ids)] = window.ids
            mask[row, : len(window.ids)] = 1
            features[row, : len(window.ids)] = window.features
        inputs = {"input_ids": ids, "attention_mask": mask, "features": features}
        (scores,) = self._session.run(None, inputs)
        return [scores[row, window.first_pieces] for row, window in enumerate(batch)]


_BEGIN, _PAD, _END, _UNKNOWN = 0, 1, 2, 3
#: A word of more pieces than this is no word; its first pieces say enough.
_MAX_WORD_PIECES = 24


@dataclass(slots=True)
class _Window:
    """Sentences of a text as pieces with their features, and where each word begins."""

    ids: list[int] = field(default_factory=lambda: [_BEGIN])
    features: list[int] = field(default_factory=lambda: [0])
    first_pieces: list[int] = field(default_factory=list)

    @property
    def has_words(self) -> bool:
        """Whether there is anything in it."""
        return bool(self.first_pieces)

    @property
    def width(self) -> int:
        """The length it is padded to."""
        return -(-len(self.ids) // _WIDTH_STEP) * _WIDTH_STEP

    @property
    def key(self) -> bytes:
        """Equal for windows that are read alike."""
        return np.array([*self.first_pieces, -1, *self.ids, -1, *self.features], dtype=np.int32).tobytes()

    def add(self, pieces: Sequence[int], feature: int) -> None:
        """Append a word."""
        self.first_pieces.append(len(self.ids))
        self.ids += pieces
        self.features += [feature] * len(pieces)

    def end_sentence(self) -> None:
        """Append the mark of the end of a sentence."""
        self.ids.append(_END)
        self.features.append(0)


def _batches(windows: Iterable[tuple[bytes, _Window]]) -> Iterator[list[tuple[bytes, _Window]]]:
    """Windows of one width, with their keys, in batches of about equal work; they come sorted by width."""
    batch: list[tuple[bytes, _Window]] = []
    for key, window in windows:
        full = (len(batch) + 1) * window.width > _BATCH_PIECES
        if batch and (full or window.width != batch[-1][1].width):
            yield batch
            batch = []
        batch.append((key, window))
    if batch:
        yield batch


def _softmax(scores: Floats) -> Floats:
    """Scores to probabilities, a row at a time."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
