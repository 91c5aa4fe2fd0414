"""Which articles tell one story: near-duplicates by MinHash, so that wire copy can be told apart.

In: `articles` of the whole corpus. Out: the same table with `story_id` filled. Stable under the order
of the input: a story has the smallest `article_id` of its members. An editor cuts wire copy, so that
what counts is how much of the shorter article stands in the longer one, not what both have in common.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa
from datasketch import MinHash, MinHashLSH

_N_HASHES = 192
#: 64 bands of 3: a copy cut in half with 5 % of its words changed (similarity 0.4) is found 49 times of 50.
_BANDS = (64, 3)
_SHINGLE_WORDS = 3
_MIN_WORDS = 16
#: Share of the shorter article's shingles that the longer one has; 5 % of words changed leave 0.86.
_MIN_CONTAINED = 0.6
#: Below this a short message merely stands in a long article, and the estimate is rough.
_MIN_SIMILARITY = 0.25
_WORD = re.compile(r"\w+")
#: Multipliers that make a shingle's hash of the hashes of its words; any odd numbers do.
_MIX = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)


@dataclass(frozen=True, slots=True)
class _Sketch:
    """The MinHash of an article's shingles, and how many there are."""

    minhash: MinHash
    size: int


#: The sketch of each article by its id; None for a text too short to compare.
Sketches = dict[str, "_Sketch | None"]


def sketches_of(articles: pa.Table) -> Sketches:
    """What `assign_stories` compares; it may be kept as long as a text does not change."""
    ids, texts = (articles.column(name).to_pylist() for name in ("article_id", "text"))
    return dict(zip(ids, map(_sketch, texts), strict=True))


def assign_stories(articles: pa.Table, sketches: Sketches | None = None) -> pa.Table:
    """`articles` with `story_id` set; `sketches` of all of them, where they are at hand."""
    ids = articles.column("article_id").to_pylist()
    sketches = sketches_of(articles) if sketches is None else sketches
    index = MinHashLSH(num_perm=_N_HASHES, params=_BANDS)
    story = {article: article for article in ids}
    first_of: dict[bytes, str] = {}

    def root(article: str) -> str:
        while story[article] != article:
            story[article] = story[story[article]]
            article = story[article]
        return article

    for article in sorted(ids):
        sketch = sketches[article]
        if sketch is None:
            continue
        # Exact copies of wire text need no search: thousands of them would each find all others.
        same = first_of.setdefault(sketch.minhash.hashvalues.tobytes(), article)
        if same != article:
            story[article] = root(same)
            continue
        for other in sorted(index.query(sketch.minhash)):
            found = sketches[other]
            if found is not None and _is_copy(sketch, found):
                first, second = sorted((root(article), root(other)))
                story[second] = first
        index.insert(article, sketch.minhash, check_duplication=False)
    column = pa.array([root(article) for article in ids], pa.string())
    at = articles.schema.get_field_index("story_id")
    return articles.set_column(at, articles.schema.field("story_id"), column)


def _is_copy(a: _Sketch, b: _Sketch) -> bool:
    similarity: float = a.minhash.jaccard(b.minhash)
    shared = similarity * (a.size + b.size) / (1 + similarity)
    return similarity >= _MIN_SIMILARITY and shared >= _MIN_CONTAINED * min(a.size, b.size)


def _sketch(text: str) -> _Sketch | None:
    """The sketch of a text; None for one too short to compare."""
    words = _WORD.findall(text.casefold())
    if len(words) < _MIN_WORDS:
        return None
    hashes = np.fromiter(map(_word_hash, words), dtype=np.uint64, count=len(words))
    windows = np.lib.stride_tricks.sliding_window_view(hashes, _SHINGLE_WORDS)
    shingles = np.unique((windows * _MIX).sum(axis=1, dtype=np.uint64) >> np.uint64(32))
    minhash = _empty().copy()
    minhash.update_batch(shingles.tolist())
    return _Sketch(minhash, len(shingles))


@lru_cache(maxsize=100_000)
def _word_hash(word: str) -> int:
    return zlib.crc32(word.encode()) * 0x9E3779B1 + 1


@lru_cache(maxsize=1)
def _empty() -> MinHash:
    """Copied for every article: drawing the hash functions anew costs more than a sketch."""
    return MinHash(num_perm=_N_HASHES, seed=1, hashfunc=int)
