"""Which articles tell one story: near-duplicates by MinHash, so that wire copy can be told apart.

In: `articles` of the whole corpus. Out: the same table with `story_id` filled. Stable under the order
of the input: a story has the smallest `article_id` of its members.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
from datasketch import MinHash, MinHashLSH

_N_HASHES = 128
_SCHEME = MinHash(num_perm=_N_HASHES, seed=1).scheme
_SHINGLE_WORDS = 4
#: Share of shingles that two articles must have in common; a copy with its last third cut has 0.6.
_MIN_SIMILARITY = 0.5
#: Looser than the above, since the sketch is only an estimate; the estimate decides in the end.
_LSH_THRESHOLD = 0.4
_WORD = re.compile(r"\w+")


#: What of an article is kept to find its copies: the MinHash of its text, null for one too short to compare.
SKETCHES = pa.schema([pa.field("article_id", pa.string()), pa.field("sketch", pa.binary())])


def sketches_of(articles: pa.Table) -> pa.Table:
    """The sketches of `articles`, one by one: what of an article does not depend on the others."""
    sketches = [_sketch(text) for text in articles["text"].to_pylist()]
    data = [None if sketch is None else sketch.hashvalues.astype("<u4").tobytes() for sketch in sketches]
    return pa.table([articles["article_id"].combine_chunks(), pa.array(data, pa.binary())], schema=SKETCHES)


def stories_of(sketches: pa.Table) -> pa.Table:
    """The columns `article_id` and `story_id`, in the order of `sketches` of the whole corpus."""
    ids, data = (sketches[name].to_pylist() for name in ("article_id", "sketch"))
    known = dict(zip(ids, map(_restored, data), strict=True))
    story = _stories(known)
    return pa.table(
        {"article_id": pa.array(ids, pa.string()), "story_id": pa.array([story[i] for i in ids], pa.string())}
    )


def _restored(data: bytes | None) -> MinHash | None:
    if data is None:
        return None
    values = np.frombuffer(data, "<u4").astype(np.uint64)
    return MinHash(num_perm=_N_HASHES, seed=1, hashvalues=values, scheme=_SCHEME)


def assign_stories(articles: pa.Table) -> pa.Table:
    """`articles` with `story_id` set."""
    stories = stories_of(sketches_of(articles))
    at = articles.schema.get_field_index("story_id")
    return articles.set_column(at, articles.schema.field("story_id"), stories["story_id"])


def _stories(sketches: dict[str, MinHash | None]) -> dict[str, str]:
    """The story of each article."""
    ids = list(sketches)
    index = MinHashLSH(threshold=_LSH_THRESHOLD, num_perm=_N_HASHES)
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
        same = first_of.setdefault(sketch.hashvalues.tobytes(), article)
        if same != article:
            story[article] = root(same)
            continue
        for other in sorted(index.query(sketch)):
            if sketch.jaccard(sketches[other]) >= _MIN_SIMILARITY:
                first, second = sorted((root(article), root(other)))
                story[second] = first
        index.insert(article, sketch)
    return {article: root(article) for article in ids}


def _sketch(text: str) -> MinHash | None:
    """The MinHash of a text's word shingles; None for a text too short to compare."""
    words = _WORD.findall(text.casefold())
    if len(words) < 4 * _SHINGLE_WORDS:
        return None
    shingles = {
        " ".join(words[i : i + _SHINGLE_WORDS]).encode() for i in range(len(words) - _SHINGLE_WORDS + 1)
    }
    sketch = MinHash(num_perm=_N_HASHES, seed=1)
    sketch.update_batch(sorted(shingles))
    return sketch
