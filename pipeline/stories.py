"""Which articles tell one story: near-duplicates by MinHash, so that wire copy can be told apart.

In: `articles` of the whole corpus. Out: the same table with `story_id` filled. Stable under the order
of the input: a story has the smallest `article_id` of its members.
"""

from __future__ import annotations

import re

import pyarrow as pa
from datasketch import MinHash, MinHashLSH

_N_HASHES = 128
_SHINGLE_WORDS = 4
#: Share of shingles that two articles must have in common; a copy with its last third cut has 0.6.
_MIN_SIMILARITY = 0.5
#: Looser than the above, since the sketch is only an estimate; the estimate decides in the end.
_LSH_THRESHOLD = 0.4
_WORD = re.compile(r"\w+")


def assign_stories(articles: pa.Table) -> pa.Table:
    """`articles` with `story_id` set."""
    ids = articles.column("article_id").to_pylist()
    sketches = dict(zip(ids, map(_sketch, articles.column("text").to_pylist()), strict=True))
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
    column = pa.array([root(article) for article in ids], pa.string())
    at = articles.schema.get_field_index("story_id")
    return articles.set_column(at, articles.schema.field("story_id"), column)


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
