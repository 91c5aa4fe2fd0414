"""`vermeld gate pin` and `vermeld gate check`: the gate for a user's own corpus, at the terminal or in CI.

Exit codes: 0 when all is as pinned, 1 when a result differs, 2 for wrong usage.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import typer

from pipeline import options, run
from pipeline.gate import Comparison, compare, make_pin
from pipeline.gating.gate_report import as_json, show
from pipeline.gating.pins import Pin, load_pin
from pipeline.schemas import TABLES
from pipeline.screen import SCREEN, fail, reporting
from pipeline.settings import DEFAULT_MODEL, Fields, Settings, resources
from pipeline.tables import path_of, read_table
from pipeline.tools import Tools

gate_app = typer.Typer(
    help="Pin what a corpus gives, and learn later what moved and why.", no_args_is_help=True
)
_PIN = Path("vermeld-pin")

PinFolder = Annotated[Path, typer.Option("--pin", "-p", help="Folder of the pin; keep it under git.")]
Json = Annotated[
    Path | None,
    typer.Option("--json", help="Write the comparison as JSON to this file; - for the screen, alone."),
]
NoKb = Annotated[
    bool, typer.Option("--no-kb", help="Keep no copy of the knowledge base; causes are told less finely.")
]
OtherModel = Annotated[
    str | None, typer.Option("--model", "-m", help="Another model than the one that was pinned.")
]


@gate_app.command("pin")
def pin_command(
    corpus: options.Corpus,
    pin: PinFolder = _PIN,
    no_kb: NoKb = False,
    model: options.Model = DEFAULT_MODEL,
    text_field: options.TextField = "text",
    id_field: options.IdField = "id",
    title_field: options.TitleField = "title",
    published_field: options.DateField = "published",
    url_field: options.UrlField = "url",
    outlet_field: options.OutletField = "outlet",
    outlet: options.Outlet = None,
    max_chars: options.MaxChars = options.DEFAULTS.max_article_chars,
    any_language: options.AnyLanguage = False,
    kb: options.KbFolder = None,
) -> None:
    """Run the corpus and pin what it gives; over an older pin, say first what moved."""
    fields = Fields(text_field, id_field, title_field, published_field, url_field, outlet_field)
    settings = options.settings_of(
        model=model, fields=fields, outlet=outlet, max_chars=max_chars, any_language=any_language, kb=kb
    )
    _require_apart(corpus, pin)
    with reporting() as progress:
        tools = Tools(settings)
        tables = tables_of(corpus, settings, progress)
        fresh = make_pin(tables, tools)
        before = load_pin(pin) if (pin / "pin.json").is_file() else None
        comparison = compare(before, tables, tools) if before else None
        fresh.save(pin, kb_folder=None if no_kb else kb or resources() / "kb")
    if comparison:
        show(comparison, SCREEN, title=str(corpus))
    SCREEN.print(
        f"pinned {_size(fresh)} in {pin}; {fresh.model}", highlight=False, markup=False, soft_wrap=True
    )


@gate_app.command("check")
def check_command(
    corpus: options.Corpus,
    pin: PinFolder = _PIN,
    model: OtherModel = None,
    json_: Json = None,
    kb: options.KbFolder = None,
) -> None:
    """Run the corpus with the pin's settings and compare; exit code 1 when a result differs."""
    _require_apart(corpus, pin)
    with reporting() as progress:
        comparison = check(corpus, load_pin(pin), model, progress, kb=kb)
    text = json.dumps(as_json(comparison), ensure_ascii=False, indent=1) + "\n"
    if json_ == Path("-"):
        sys.stdout.write(text)
    elif json_:
        json_.write_text(text, encoding="utf-8")
    if json_ != Path("-"):
        show(comparison, SCREEN, title=str(corpus))
    raise typer.Exit(0 if comparison.equal else 1)


def check(
    corpus: Path, pin: Pin, model: str | None, progress: run.Progress, *, kb: Path | None = None
) -> Comparison:
    """What a run of the corpus gives now, compared with a pin; another model or knowledge base if named."""
    settings = dataclasses.replace(
        pin.settings, model=model or pin.settings.model, kb=str(kb) if kb else pin.settings.kb
    )
    return compare(pin, tables_of(corpus, settings, progress), Tools(settings))


def tables_of(corpus: Path, settings: Settings, progress: run.Progress) -> dict[str, pa.Table]:
    """The tables that a run writes, in a folder of no further use."""
    with tempfile.TemporaryDirectory() as out:
        run.run_all(corpus, out, settings, progress=progress)
        return {name: read_table(Path(out), name) for name in TABLES if path_of(Path(out), name).is_file()}


def _require_apart(corpus: Path, pin: Path) -> None:
    if pin.resolve().is_relative_to(corpus.resolve()):
        fail(f"the pin {pin} would be part of the corpus: choose a folder outside it", 2)


def _size(pin: Pin) -> str:
    rows = pin.snapshot.rows
    linked = sum(row["entity_id"] is not None for row in rows["mentions"])
    return f"{len(rows['articles']):,} articles, {linked:,} linked mentions, {len(rows['counts']):,} counts"
