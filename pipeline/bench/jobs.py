"""What the benchmarks do in processes of their own: a run, the plain way of doing it, and Frog.

In: a job's name and its arguments as JSON, on the command line. Out: a line for each stage, and one with what
the job gives. See `watched`.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.bench.recognising import frog, untrained_lg
from pipeline.bench.watched import RESULT, STAGE
from pipeline.run import run_all
from pipeline.settings import Settings

Result = dict[str, Any]


def run(
    corpus: str, out: str, model: str, workers: int, *, fresh: bool = False, kb: str | None = None
) -> Result:
    """All stages of Vermeld; the seconds of each, the articles that each had to do, the rows."""
    said: list[str] = []

    def progress(stage: str, done: int, total: int) -> None:
        # What comes behind the last article of a stage is told apart from it.
        now = stage if done < total else f"after {stage}"
        if said[-1:] != [now]:
            said.append(now)
            _say(STAGE + now)

    settings = Settings(model=model, kb=kb)
    report = run_all(corpus, out, settings, workers=workers, fresh=fresh, progress=progress)
    return {"seconds": report.seconds, "made": report.made, "rows": report.rows}


def plain(corpus: str, out: str) -> Result:
    """The plain way: a spaCy pipeline of nl_core_news_lg's make called text by text, rows to pandas."""
    nlp = untrained_lg()
    _say(STAGE + "plain")
    started = time.perf_counter()
    n_words = 0
    rows: list[dict[str, object]] = []
    for path in sorted(Path(corpus).rglob("*.txt")):
        text = path.read_text(encoding="utf-8")
        n_words += len(text.split())
        doc = nlp(text)
        rows += [
            {"source": path.name, "start": e.start_char, "text": e.text, "label": e.label_} for e in doc.ents
        ]
    pd.DataFrame(rows).to_parquet(out)
    return {"seconds": time.perf_counter() - started, "words": n_words}


def by_frog(corpus: str) -> Result:
    """Frog over all texts, names alone; what it takes to load is taken off."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(Path(corpus).rglob("*.txt"))]
    started = time.perf_counter()
    frog(["Ja."])
    loaded = time.perf_counter()
    frog(texts)
    seconds = (time.perf_counter() - loaded) - (loaded - started)
    return {"seconds": seconds, "words": sum(len(text.split()) for text in texts)}


JOBS: dict[str, Callable[..., Result]] = {"run": run, "plain": plain, "frog": by_frog}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say(RESULT + json.dumps(JOBS[sys.argv[1]](**json.loads(sys.argv[2]))))
