"""How often counted mentions are right, and how many are missed: models/rates.tsv, for `estimate`.

    python rates.py --shared ../../../shared                  the embedded model and the knowledge base alone
    python rates.py --shared ../../../shared --model MODEL    another model's rows added or renewed

On the frozen dev and test sentences, put together by document. What counts is mentions linked to an entity:
those that the pipeline finds, against those that the same linker links in the gold spans. A found mention is
right if a gold mention that overlaps it has its entity; a gold one is recalled likewise. So errors of the
linker itself are not in these figures (see tests/cases for those).
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from pipeline.estimate import RATES, Rate, load_rates, save_rates
from pipeline.link import link
from pipeline.recognise import recognise
from pipeline.run import Tools
from pipeline.schemas import Label, LinkReason, table_from_rows
from pipeline.settings import DEFAULT_MODEL, Settings
from pipeline.standoff import Sentence, by_document, distinct_sentences, read_standoff

HERE = Path(__file__).parent
STOPS = (".", "!", "?")
Row = dict[str, Any]


def paragraphs(sentences: list[Sentence]) -> list[list[Sentence]]:
    """Paragraphs of a document; a heading or an item of a list, without a stop, is one by itself."""
    found: list[list[Sentence]] = []
    for sentence in sentences:
        before = found[-1][-1] if found else None
        goes_on = before and before.paragraph == sentence.paragraph and before.tokens[-1] in STOPS
        if goes_on:
            found[-1].append(sentence)
        else:
            found.append([sentence])
    return found


def tables_of(sentences: list[Sentence]) -> tuple[pa.Table, pa.Table, pa.Table]:
    """Articles, segments and gold mentions: an article a document, a segment a paragraph."""
    articles: list[Row] = []
    segments: list[Row] = []
    mentions: list[Row] = []
    for own in sorted(by_document(sentences), key=lambda own: own[0].document):
        document = own[0].document
        text = ""
        first, n_sentences = len(mentions), 0
        for number, paragraph in enumerate(paragraphs(own)):
            text += "\n\n" if text else ""
            start = len(text)
            for sentence in paragraph:
                text += " " if len(text) > start else ""
                line = " ".join(sentence.tokens)
                mentions += _gold_rows(
                    sentence, document, n_sentences, len(text), line, len(mentions) - first
                )
                text += line
                n_sentences += 1
            place = {"raw_start": start, "raw_end": len(text), "start": start, "end": len(text)}
            segments.append(
                place | {"article_id": document, "segment": number, "zone": "body", "rule": "gold"}
            )
        articles.append(
            {"article_id": document, "source": document, "story_id": document, "text": text,
             "n_words": len(text.split()), "raw_sha256": ""}
        )  # fmt: skip
    return (
        table_from_rows("articles", articles),
        table_from_rows("segments", segments),
        table_from_rows("mentions", mentions),
    )


def _gold_rows(
    sentence: Sentence, document: str, number: int, start: int, line: str, first: int
) -> list[Row]:
    at = [start]
    for token in sentence.tokens:
        at.append(at[-1] + len(token) + 1)
    rows = []
    for i, name in enumerate(sentence.names):
        low, high = at[name.start], at[name.end] - 1
        rows.append(
            {"article_id": document, "source": document, "mention": first + i, "start": low, "end": high,
             "raw_start": low, "raw_end": high, "text": line[low - start : high - start], "label": name.label,
             "zone": "body", "sentence": number, "sentence_text": line, "score": 1.0, "recogniser": "model",
             "link_reason": LinkReason.NIL.value, "story_id": document, "model": "gold"}
        )  # fmt: skip
    return rows


def linked(tables: tuple[pa.Table, pa.Table], mentions: pa.Table, tools: Tools) -> list[Row]:
    """The mentions that count: linked, and with a name."""
    repairs = table_from_rows("repairs", [])
    rows = link(*tables, repairs, mentions, linker=tools.linker).to_pylist()
    return [row for row in rows if row["entity_id"] and row["label"] != Label.ROLE]


def measure(sentences: list[Sentence], tools: Tools) -> list[Rate]:
    """The rates by label and kind."""
    articles, segments, gold = tables_of(sentences)
    repairs = table_from_rows("repairs", [])
    found = recognise(articles, segments, repairs, recogniser=tools.recogniser)
    given, wanted = linked((articles, segments), found, tools), linked((articles, segments), gold, tools)
    right, recalled = _matched(given, wanted), _matched(wanted, given)
    cells = sorted({(row["label"], row["kind"]) for row in [*given, *wanted]})
    counts: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    doubts: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for row, is_right in zip(given, right, strict=True):
        cell = row["label"], row["kind"]
        counts[cell].update({"found": 1, "right": is_right})
        doubts[cell].append(1 - row["score"])
    for row, is_recalled in zip(wanted, recalled, strict=True):
        counts[row["label"], row["kind"]].update({"true": 1, "recalled": is_recalled})
    return [
        Rate(
            tools.recogniser.name, tools.recogniser.fingerprint[:12], label, kind,
            *(counts[label, kind][name] for name in ("found", "right", "true", "recalled")),
            sum(doubts[label, kind]), sum(d * d for d in doubts[label, kind]),
        )
        for label, kind in cells
    ]  # fmt: skip


def _matched(these: list[Row], those: list[Row]) -> list[int]:
    """For each of `these` 1 if one of `those` overlaps it and has its entity, else 0."""
    places: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for row in those:
        places[row["article_id"], row["entity_id"]].append((row["start"], row["end"]))
    return [
        int(any(a < row["end"] and row["start"] < b for a, b in places[row["article_id"], row["entity_id"]]))
        for row in these
    ]


def main() -> None:
    """Measure, and write the file anew with these models' rows."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--model", action="append")
    args = parser.parse_args()
    treebanks = distinct_sentences(args.shared / "data" / "ud")
    sentences = [
        s for part in ("dev", "test") for s in read_standoff(HERE / "annotations" / f"{part}.tsv", treebanks)
    ]
    rates = list(load_rates()) if RATES.is_file() else []
    for model in args.model or (DEFAULT_MODEL, "kb"):
        tools = Tools(Settings(model=model))
        fresh = measure(sentences, tools)
        rates = [rate for rate in rates if rate.model != tools.recogniser.name] + fresh
        print(tools.recogniser.name, *fresh, sep="\n  ")
    save_rates(rates)


if __name__ == "__main__":
    main()
