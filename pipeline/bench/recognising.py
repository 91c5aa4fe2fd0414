"""Words a second and peak memory of recognising alone, side by side in one run.

In: our own training sentences with other names swapped in, so that no two are equal. Out: figures and a
table. Each contender runs in a process of its own on the same text and cores; the figures to
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
from rich.table import Table
from spacy.language import Language
from spacy.training import Example

from pipeline.kb import load_kb
from pipeline.recognition.encoder_component import batched
from pipeline.settings import DEFAULT_MODEL, Settings, resources
from pipeline.tools import Tools

_MARK = re.compile(r"\[([^\[\]|]*)\|[A-Z]+\]")
_WORDS = 200_000
_VECTORS = 20_000
_WARM_UP = 50
#: Of an article.
_SENTENCES = 15


def sentences(n_words: int) -> list[str]:
    """Distinct sentences of our own news, `n_words` in all: as written, then with names exchanged."""
    lines = [
        line
        for path in sorted((resources() / "training" / "news").glob("news_*.txt"))
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
    recogniser = Tools(Settings(model=model)).recogniser

    def run(texts: list[str]) -> None:
        docs = recogniser.nlp.pipe(texts, batch_size=1024)
        for articles in batched(batched(docs, _SENTENCES), 1024 // _SENTENCES):
            recogniser.entities(articles)

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


def frog(texts: list[str]) -> None:
    """Frog with all but names, tags and tokens off."""
    # In a folder of its own: it leaves a debug file where it runs.
    with tempfile.TemporaryDirectory(prefix="vermeld-") as folder:
        (Path(folder) / "texts.txt").write_text("\n".join(texts) + "\n", encoding="utf-8")
        command = ["frog", "--skip=acmp", "-n", "--threads=2", "-t", "texts.txt"]
        quiet = subprocess.DEVNULL
        subprocess.run(command, cwd=folder, stdout=quiet, stderr=quiet, check=True)  # noqa: S603


CONTENDERS: dict[str, Callable[[], Callable[[list[str]], None]]] = {
    "vermeld": lambda: _vermeld(DEFAULT_MODEL),
    "spacy lg architecture, all components": lambda: _spacy_architecture(only_names=False),
    "spacy lg architecture, names only": lambda: _spacy_architecture(only_names=True),
    "frog": lambda: frog,
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


def measure_recognising() -> list[dict[str, Any]]:
    """The figures of all contenders that are here, each with the ratio of ours to its rate."""
    rows = []
    for name in CONTENDERS:
        if name == "frog" and shutil.which("frog") is None:
            continue
        # Frog is slow: a tenth of the text says enough of its rate.
        n_words = _WORDS // 10 if name == "frog" else _WORDS
        command = [sys.executable, "-m", "pipeline.bench.recognising", name, str(n_words)]
        rows.append(json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout))  # noqa: S603
    for row in rows:
        row["ratio"] = round(rows[0]["words_per_second"] / row["words_per_second"], 2)
    return rows


def table_of(rows: list[dict[str, Any]]) -> Table:
    """The figures for the terminal."""
    table = Table(
        "contender", "words", "words a second", "ratio to it", "peak MB", title="Recognising, two cores"
    )
    for row in rows:
        table.add_row(*(str(row[k]) for k in ("name", "words", "words_per_second", "ratio", "peak_mb")))
    return table


if __name__ == "__main__":
    sys.stdout.write(json.dumps(measure(sys.argv[1], int(sys.argv[2]))))
