"""Speed of cleaning with the share of each step, and text kept of HTML pages beside other extractors.

In: the sample corpus again and again, with other words in it so that no text comes twice, and the project's
own HTML pages with their gold. Out: rows for `bench`. Figures are processor time of one core.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import justext
import numpy as np
import pyarrow as pa
import trafilatura

from pipeline.clean import clean, clean_corpus
from pipeline.cleaning.outlet_lines import outlet_lines, shared_lines
from pipeline.cleaning.repairs import find_edits
from pipeline.cleaning.stories import assign_stories
from pipeline.cleaning.translationese import machine_translated
from pipeline.cleaning.zones import zone_parts
from pipeline.offsets import apply_edits
from pipeline.read import read
from pipeline.reading.language import check_dutch
from pipeline.reading.rejection import RejectedInputError
from pipeline.settings import Settings

_WORD = re.compile(r"\b[a-zà-ÿ]{5,}\b")
_EXCHANGED = 0.3
_TEXT = {"title", "body", "heading", "caption"}


def distinct_documents(sample: Path, n_bytes: int) -> pa.Table:
    """The documents of a corpus and of copies with three words in ten exchanged, `n_bytes` in all."""
    documents, _ = read(sample, settings=Settings())
    rows = documents.to_pylist()
    words = sorted({word for row in rows for word in _WORD.findall(row["raw"])})
    rng = np.random.default_rng(1)

    def other(match: re.Match[str]) -> str:
        return words[int(rng.integers(len(words)))] if rng.random() < _EXCHANGED else match[0]

    found: list[dict[str, object]] = []
    size = 0
    while size < n_bytes:
        for row in rows:
            raw = _WORD.sub(other, row["raw"]) if len(found) >= len(rows) else row["raw"]
            found.append(row | {"raw": raw, "article_id": f"{len(found):016x}"})
            size += len(raw.encode())
    return pa.Table.from_pylist(found, schema=documents.schema)


def _seconds(call: Callable[[], object]) -> float:
    started = time.process_time()
    call()
    return time.process_time() - started


def measure_cleaning(documents: pa.Table) -> list[dict[str, object]]:
    """MB a second of all that follows reading, and of each step by itself with its share of the whole."""
    raws = documents.column("raw").to_pylist()
    size = sum(len(raw.encode()) for raw in raws) / 1e6
    whole = _seconds(lambda: _languages(raws)) + _seconds(lambda: clean_corpus(documents))
    repaired = [apply_edits(raw, find_edits(raw)).text for raw in raws]
    first = clean(documents)
    articles = assign_stories(first.articles)
    texts = articles.column("text").to_pylist()
    steps: dict[str, Callable[[], object]] = {
        "decode": lambda: [raw.encode().decode() for raw in raws],
        "language": lambda: _languages(raws),
        "repairs": lambda: [apply_edits(raw, find_edits(raw)) for raw in raws],
        "zones": lambda: [zone_parts(text) for text in repaired],
        "machine translation": lambda: [machine_translated(text, ()) for text in texts],
        "clean (repairs, zones, dates, tables)": lambda: clean(documents),
        "outlet lines": lambda: shared_lines(outlet_lines(articles, first.segments), articles),
        "stories": lambda: assign_stories(first.articles),
    }
    rows: list[dict[str, object]] = [_row("all of cleaning", whole, whole, size)]
    return rows + [_row(name, _seconds(step), whole, size) for name, step in steps.items()]


def _row(step: str, seconds: float, whole: float, size: float) -> dict[str, object]:
    rate = round(size / max(seconds, 1e-6), 2)
    return {"step": step, "mb_per_second": rate, "share": round(seconds / whole, 3)}


def _languages(raws: Iterable[str]) -> None:
    for raw in raws:
        try:
            check_dutch(raw)
        except RejectedInputError:
            continue


def text_kept(pages: Path) -> list[dict[str, object]]:
    """Precision and recall of words of the gold text in what each extractor keeps of the HTML pages."""
    extractors: dict[str, Callable[[Path], str]] = {
        "vermeld": _by_vermeld,
        "trafilatura": _by_trafilatura,
        "trafilatura, recall": _by_trafilatura_for_recall,
        "jusText": _by_justext,
    }
    rows: list[dict[str, object]] = []
    for name, extract in extractors.items():
        kept = wanted = both = 0
        for path in sorted(pages.glob("*.html")):
            gold, found = _words(_gold_text(path)), _words(extract(path))
            wanted, kept = wanted + sum(gold.values()), kept + sum(found.values())
            both += sum(min(n, found.get(word, 0)) for word, n in gold.items())
        precision, recall = round(both / max(kept, 1), 4), round(both / max(wanted, 1), 4)
        rows.append({"extractor": name, "precision": precision, "recall": recall})
    return rows


def _words(text: str) -> dict[str, int]:
    words = re.findall(r"\w+", text)
    return {word: words.count(word) for word in set(words)}


def _gold_text(page: Path) -> str:
    lines = page.with_suffix(".tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t", 1) for line in lines if not line.startswith("# ")]
    return "\n".join(text for zone, text in rows if zone in _TEXT)


def _by_vermeld(page: Path) -> str:
    documents, _ = read(page, settings=Settings())
    return "\n".join(clean(documents).articles.column("text").to_pylist())


def _by_trafilatura(page: Path) -> str:
    return trafilatura.extract(page.read_text(encoding="utf-8"), include_comments=False) or ""


def _by_trafilatura_for_recall(page: Path) -> str:
    markup = page.read_text(encoding="utf-8")
    return trafilatura.extract(markup, include_comments=False, favor_recall=True) or ""


def _by_justext(page: Path) -> str:
    paragraphs = justext.justext(page.read_bytes(), justext.get_stoplist("Dutch"))
    return "\n".join(p.text for p in paragraphs if not p.is_boilerplate)
