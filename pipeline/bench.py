"""`make bench`: speed of recognising beside others in one run; then of linking, cleaning and stories.

In: our own training sentences with other names swapped in, so that no two are equal. Out: a table and
outputs/bench.json. Each contender runs in a process of its own on the same text and cores; the figures to
quote are the ratios. The spaCy contenders have the architecture of nl_core_news_lg (tok2vec 96 x 4 with
300-wide static vectors, its components) with random weights, which do not change the speed.
"""

from __future__ import annotations

import itertools
import json
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import spacy
from rich.console import Console
from rich.table import Table
from spacy.language import Language
from spacy.training import Example

from pipeline.bench_link import measure_linking
from pipeline.kb import load_kb
from pipeline.settings import DEFAULT_MODEL, Settings, resources
from pipeline.tools import Tools

_MARK = re.compile(r"\[([^\[\]|]*)\|[A-Z]+\]")
_WORDS = 200_000
_VECTORS = 20_000
_WARM_UP = 50
_CLEAN_BYTES = 5_000_000
_STORY_ARTICLES = 10_000


def sentences(n_words: int) -> list[str]:
    """Distinct sentences of our own news, `n_words` in all: as written, then with names exchanged."""
    lines = [
        line
        for path in sorted((resources() / "training" / "news").glob("*.txt"))
        for line in path.read_text(encoding="utf-8").split("\n")
        if line.strip()
    ]
    people = [e.name for e in load_kb(resources() / "kb").entities.values() if e.label == "PERSON"]
    rng = np.random.default_rng(1)
    found: dict[str, None] = {}
    total = 0

    def other(match: re.Match[str]) -> str:
        swap = match.group().endswith("|PERSON]") and found
        return people[int(rng.integers(len(people)))] if swap else match[1]

    for line in itertools.cycle(lines):
        text = _MARK.sub(other, line)
        if text not in found:
            found[text] = None
            total += len(text.split())
        if total >= n_words:
            break
    return list(found)


def _vermeld(model: str) -> Callable[[list[str]], None]:
    nlp = Tools(Settings(model=model)).recogniser.nlp

    def run(texts: list[str]) -> None:
        for _ in nlp.pipe(texts, batch_size=1024):
            pass

    return run


def _spacy_architecture(*, only_names: bool) -> Callable[[list[str]], None]:
    nlp = untrained_lg()
    if only_names:
        nlp.select_pipes(enable=["tok2vec", "senter", "ner"])
    else:
        nlp.disable_pipe("senter")

    def run(texts: list[str]) -> None:
        for _ in nlp.pipe(texts):
            pass

    return run


def untrained_lg() -> Language:
    """nl_core_news_lg's components and sizes, with random weights."""
    nlp = spacy.blank("nl")
    rng = np.random.default_rng(1)
    words = [f"w{i}" for i in range(_VECTORS)]
    nlp.vocab.vectors = spacy.vectors.Vectors(
        strings=nlp.vocab.strings,
        data=rng.normal(size=(_VECTORS, 300)).astype("float32"),
        keys=words,
    )
    embed = {
        "@architectures": "spacy.MultiHashEmbed.v2",
        "width": 96,
        "attrs": ["NORM", "PREFIX", "SUFFIX", "SHAPE", "SPACY", "IS_SPACE"],
        "rows": [5000, 1000, 2500, 2500, 50, 50],
        "include_static_vectors": True,
    }
    encode = {
        "@architectures": "spacy.MaxoutWindowEncoder.v2",
        "width": 96,
        "depth": 4,
        "window_size": 1,
        "maxout_pieces": 3,
    }
    tok2vec = {"@architectures": "spacy.Tok2Vec.v2", "embed": embed, "encode": encode}
    nlp.add_pipe("tok2vec", config={"model": tok2vec})
    for name in ("morphologizer", "tagger", "parser", "senter", "ner"):
        nlp.add_pipe(name)
    words, heads = ["Jan", "slaapt", "."], [1, 1, 1]
    gold = {
        "words": words, "heads": heads, "deps": ["nsubj", "ROOT", "punct"], "tags": ["A", "B", "C"],
        "pos": ["PROPN", "VERB", "PUNCT"], "morphs": ["", "", ""], "sent_starts": [1, 0, 0],
        "entities": [(0, 3, "PERSON")],
    }  # fmt: skip
    example = Example.from_dict(nlp.make_doc("Jan slaapt."), gold)
    nlp.initialize(lambda: [example])
    return nlp


def _frog(texts: list[str]) -> None:
    """Frog with all but names, tags and tokens off."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(texts) + "\n")
        file.flush()
        command = ["frog", "--skip=acmp", "-n", "--threads=2", "-t", file.name]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)  # noqa: S603


CONTENDERS: dict[str, Callable[[], Callable[[list[str]], None]]] = {
    "vermeld": lambda: _vermeld(DEFAULT_MODEL),
    "spacy lg architecture, all components": lambda: _spacy_architecture(only_names=False),
    "spacy lg architecture, names only": lambda: _spacy_architecture(only_names=True),
    "frog": lambda: _frog,
}


def measure(name: str, n_words: int) -> dict[str, Any]:
    """Seconds, words a second and peak memory (MB) of one contender, in this process."""
    texts = sentences(n_words)
    run = CONTENDERS[name]()
    run(texts[:_WARM_UP])
    started = time.perf_counter()
    run(texts)
    seconds = time.perf_counter() - started
    words = sum(len(text.split()) for text in texts)
    peak = max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return {"name": name, "words": words, "words_per_second": round(words / seconds), "peak_mb": peak // 1024}


def clean_report() -> dict[str, list[dict[str, Any]]]:
    """Speed of cleaning, text kept of HTML pages, and stories among 10,000 articles."""
    from pipeline.bench_clean import distinct_documents, measure_cleaning, text_kept
    from pipeline.bench_stories import measure_stories

    root = Path(__file__).resolve().parent.parent
    return {
        "cleaning": measure_cleaning(distinct_documents(root / "corpus" / "sample", _CLEAN_BYTES)),
        "html": text_kept(root / "tests" / "pages"),
        "stories": [measure_stories(_STORY_ARTICLES, sentences(_WORDS))],
    }


def show(title: str, rows: list[dict[str, Any]]) -> None:
    """Rows as a table on the terminal."""
    table = Table(*rows[0], title=title)
    for row in rows:
        table.add_row(*map(str, row.values()))
    Console().print(table)


def main() -> int:
    """Measure all contenders and write the table; with a name, print one measurement as JSON."""
    if len(sys.argv) == 3:
        sys.stdout.write(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
        return 0
    rows = []
    for name in CONTENDERS:
        if name == "frog" and shutil.which("frog") is None:
            continue
        # Frog is slow: a tenth of the text says enough of its rate.
        n_words = _WORDS // 10 if name == "frog" else _WORDS
        command = [sys.executable, "-m", "pipeline.bench", name, str(n_words)]
        rows.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))  # noqa: S603
    table = Table(
        "contender", "words", "words a second", "ratio to it", "peak MB", title="Recognising, two cores"
    )
    for row in rows:
        row["ratio"] = round(rows[0]["words_per_second"] / row["words_per_second"], 2)
        table.add_row(*(str(row[k]) for k in ("name", "words", "words_per_second", "ratio", "peak_mb")))
    Console().print(table)
    others = {"linking": [measure_linking(Path("corpus") / "sample")], **clean_report()}
    for name, figures in others.items():
        show(name, figures)
    out = Path("outputs")
    out.mkdir(exist_ok=True)
    text = json.dumps({"recognising": rows, **others}, indent=2)
    (out / "bench.json").write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
