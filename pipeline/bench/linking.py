"""Speed of linking on one core, and the time to load the knowledge base: a part of `make bench`.

In: the mentions of the sample corpus, over and over under other article ids. Out: figures. Rates on a busy
machine are too low; the share of the time that recognising takes is steadier.
"""

from __future__ import annotations

import time
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.clean import clean
from pipeline.kb import load_kb
from pipeline.link import link, make_linker
from pipeline.linking.aliases import build_index
from pipeline.read import read
from pipeline.recognise import recognise
from pipeline.settings import Settings, resources
from pipeline.tools import Tools

_MENTIONS = 50_000
_TABLES = ("articles", "segments", "repairs", "mentions")

Tables = dict[str, pa.Table]


def load_seconds() -> float:
    """Seconds to load the knowledge base with the index of its names, and to make a linker of them."""
    started = time.process_time()
    kb = load_kb(resources() / "kb")
    make_linker(kb, build_index(kb))
    return time.process_time() - started


def repeated(tables: Tables, times: int) -> Tables:
    """The tables `times` over, each time with other article ids."""
    return {name: pa.concat_tables([_renamed(tables[name], n) for n in range(times)]) for name in tables}


def _renamed(table: pa.Table, number: int) -> pa.Table:
    place = table.schema.get_field_index("article_id")
    ids = pc.binary_join_element_wise(table.column(place), pa.scalar(str(number)), "-")
    return table.set_column(place, table.schema.field(place), ids)


def sample(corpus: Path, tools: Tools) -> tuple[Tables, float]:
    """The tables that `link` takes, of a corpus, and the seconds it took to recognise its names."""
    documents, _ = read(corpus, settings=tools.settings, skip=Path("outputs"))
    cleaned = clean(documents)
    parts = (cleaned.articles, cleaned.segments, cleaned.repairs)
    started = time.process_time()
    mentions = recognise(*parts, recogniser=tools.recogniser)
    seconds = time.process_time() - started
    return dict(zip(_TABLES, (*parts, mentions), strict=True)), seconds


def measure_linking(corpus: Path) -> dict[str, float]:
    """Mentions linked a second of one core, the time that takes as a share of recognising, and loading."""
    seconds = load_seconds()
    tools = Tools(Settings())
    tables, recognising = sample(corpus, tools)
    times = -(-_MENTIONS // tables["mentions"].num_rows)
    many = repeated(tables, times)
    started = time.process_time()
    link(*(many[name] for name in _TABLES), linker=tools.linker)
    linking = time.process_time() - started
    return {
        "mentions_per_second": round(many["mentions"].num_rows / linking),
        "share_of_recognising": round(linking / times / recognising, 3),
        "load_seconds": round(seconds, 2),
    }
