"""Tables of mentions for tests, from sentences with marks."""

from __future__ import annotations

import datetime
import re
from typing import Any

import pyarrow as pa

from pipeline.schemas import table_from_rows

Tables = tuple[pa.Table, pa.Table, pa.Table, pa.Table]
_MARK = re.compile(r"\[(?P<surface>[^\[\]|]*)\|(?P<label>[A-Z]+)\]")


def marked(
    *sentences: str, published: datetime.date | None = None, article: str = "a", story: str = "s"
) -> Tables:
    """The tables that link takes, for one article: "[Poetin|PERSON] sprak." is a sentence."""
    text = ""
    rows: list[dict[str, Any]] = []
    for number, sentence in enumerate(sentences):
        plain = _MARK.sub(lambda m: m["surface"], sentence)
        shift = len(text)
        removed = 0
        for match in _MARK.finditer(sentence):
            start = shift + match.start() - removed
            removed += len(match.group()) - len(match["surface"])
            rows.append(
                {
                    "article_id": article,
                    "source": f"{article}.txt",
                    "mention": len(rows),
                    "start": start,
                    "end": start + len(match["surface"]),
                    "raw_start": start,
                    "raw_end": start + len(match["surface"]),
                    "text": match["surface"],
                    "label": match["label"],
                    "zone": "body",
                    "sentence": number,
                    "sentence_text": plain,
                    "score": 1.0,
                    "recogniser": "model",
                    "link_reason": "nil",
                    "published": published,
                    "story_id": story,
                    "model": "test",
                }
            )
        text += plain + " "
    articles = table_from_rows(
        "articles",
        [
            {
                "article_id": article,
                "source": f"{article}.txt",
                "published": published,
                "story_id": story,
                "text": text,
                "n_words": len(text.split()),
                "raw_sha256": "0",
            }
        ],
    )
    segment = {"zone": "body", "raw_start": 0, "raw_end": len(text), "start": 0, "end": len(text)}
    segments = table_from_rows("segments", [segment | {"article_id": article, "segment": 0, "rule": "test"}])
    return articles, segments, table_from_rows("repairs", []), table_from_rows("mentions", rows)


def together(*parts: Tables) -> Tables:
    """The tables of several articles as one corpus."""
    articles, segments, repairs, mentions = (pa.concat_tables(tables) for tables in zip(*parts, strict=True))
    return articles, segments, repairs, mentions
