"""Synthetic wire copy with known originals, and how well and how fast `stories` finds it.

In: our own training sentences with names exchanged. Out: an `articles` table whose copies are cut,
retitled and reworded as editors do, and the figures. Hard negatives are in it: unrelated articles share
sentences, and every twentieth repeats a quarter of an earlier one, as background does.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from pipeline.cleaning.stories import assign_stories
from pipeline.schemas import table_from_rows

_COPIES = 0.3
_CHANGED_WORDS = 0.05
_BACKGROUND_EVERY, _BACKGROUND = 20, 0.25


def wire_corpus(n_articles: int, sentences: Sequence[str]) -> tuple[pa.Table, dict[str, str]]:
    """`n_articles` articles, and for each the id of its original (its own id where it is none)."""
    rng = np.random.default_rng(7)
    vocabulary = sorted({word for sentence in sentences for word in sentence.split()})
    originals: list[tuple[str, list[str]]] = []
    rows: list[dict[str, object]] = []
    truth: dict[str, str] = {}
    for number in range(n_articles):
        # Ids that say nothing of the order, as the hashes of real ones do.
        article = f"{(number * 2654435761) % 2**32:08x}"
        if originals and rng.random() < _COPIES:
            original, written = originals[int(rng.integers(len(originals)))]
            body, truth[article] = _copied(written, vocabulary, rng), original
        else:
            body = _pick(sentences, int(rng.integers(18, 40)), rng)
            if originals and number % _BACKGROUND_EVERY == 0:
                earlier = originals[int(rng.integers(len(originals)))][1]
                body[-int(len(body) * _BACKGROUND) :] = earlier[: int(len(body) * _BACKGROUND)]
            originals.append((article, body))
            truth[article] = article
        text = "\n\n".join([*_pick(sentences, 1, rng), *body])
        rows.append(_article(article, text))
    return table_from_rows("articles", rows), truth


def _pick(sentences: Sequence[str], n: int, rng: np.random.Generator) -> list[str]:
    return [sentences[int(i)] for i in rng.integers(len(sentences), size=n)]


def _copied(written: list[str], vocabulary: Sequence[str], rng: np.random.Generator) -> list[str]:
    """A copy cut to between half and all of it, with one word in twenty changed."""
    kept = written[: max(int(len(written) * rng.uniform(0.5, 1.0)), 1)]
    return [
        " ".join(
            vocabulary[int(rng.integers(len(vocabulary)))] if rng.random() < _CHANGED_WORDS else word
            for word in sentence.split()
        )
        for sentence in kept
    ]


def _article(article: str, text: str) -> dict[str, object]:
    return {
        "article_id": article,
        "source": f"{article}.txt",
        "story_id": article,
        "text": text,
        "n_words": len(text.split()),
        "raw_sha256": "",
    }


def pair_scores(found: Mapping[str, str], truth: Mapping[str, str]) -> tuple[float, float]:
    """Precision and recall over pairs of articles in one story."""
    both = _pairs(Counter((found[article], truth[article]) for article in truth))
    return (
        both / max(_pairs(Counter(found.values())), 1),
        both / max(_pairs(Counter(truth.values())), 1),
    )


def _pairs(sizes: Counter[str] | Counter[tuple[str, str]]) -> int:
    return sum(n * (n - 1) // 2 for n in sizes.values())


def measure_stories(n_articles: int, sentences: Sequence[str]) -> dict[str, float]:
    """Precision, recall, seconds of processor time, and whether the order of the input matters."""
    articles, truth = wire_corpus(n_articles, sentences)
    started = time.process_time()
    stories = _by_article(assign_stories(articles))
    seconds = time.process_time() - started
    order = np.random.default_rng(1).permutation(n_articles)
    shuffled = _by_article(assign_stories(articles.take(pa.array(order))))
    precision, recall = pair_scores(stories, truth)
    return {
        "articles": n_articles,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "cpu_seconds": round(seconds, 1),
        "same_when_shuffled": float(stories == shuffled),
    }


def _by_article(articles: pa.Table) -> dict[str, str]:
    ids, stories = (articles.column(name).to_pylist() for name in ("article_id", "story_id"))
    return dict(zip(ids, stories, strict=True))
