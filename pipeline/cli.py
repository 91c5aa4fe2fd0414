"""The command `vermeld`: one subcommand per stage, and `run` for all of them.

Only messages, progress and exit codes are decided here: 0 when something was read, 1 when nothing
was, 2 for wrong usage, 3 when a run should be tried again (folder in use, worker lost), 130 for Ctrl-C.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from pipeline import __version__, dictionary, evaluate, run
from pipeline.gating.gate_cli import gate_app
from pipeline.kb_cli import kb_app
from pipeline.options import (
    DEFAULTS,
    ENGINES,
    OUT,
    AnyLanguage,
    ByYear,
    Corpus,
    CorpusAddress,
    DateField,
    EngineName,
    EngineOption,
    Fresh,
    IdField,
    KbFolder,
    MaxChars,
    Model,
    Out,
    OutAddress,
    Outlet,
    OutletField,
    TextField,
    TitleField,
    Upstream,
    UrlField,
    Workers,
    settings_of,
)
from pipeline.running import cluster_check
from pipeline.running.ray_engine import RayMissingError
from pipeline.running.storage import Storage
from pipeline.running.summary import summarise
from pipeline.screen import SCREEN, fail, reporting
from pipeline.settings import DEFAULT_MODEL, Fields, Settings
from pipeline.stages import STAGES, run_stage
from pipeline.tables import read_table
from pipeline.tools import Tools

app = typer.Typer(
    name="vermeld",
    help="Dutch news articles in, Parquet tables of the leaders, countries and organisations they "
    "mention out.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(gate_app, name="gate")
app.add_typer(kb_app, name="kb")


@app.command("run")
def run_command(
    corpus: CorpusAddress,
    out: OutAddress = str(OUT),
    model: Model = DEFAULT_MODEL,
    workers: Workers = None,
    engine: EngineOption = EngineName.LOCAL,
    fresh: Fresh = False,
    by_year: ByYear = None,
    kb: KbFolder = None,
    text_field: TextField = "text",
    id_field: IdField = "id",
    title_field: TitleField = "title",
    published_field: DateField = "published",
    url_field: UrlField = "url",
    outlet_field: OutletField = "outlet",
    outlet: Outlet = None,
    max_chars: MaxChars = DEFAULTS.max_article_chars,
    any_language: AnyLanguage = False,
) -> None:
    """Run all stages: read, clean, recognise, link, count. What earlier runs made is not made again."""
    fields = Fields(text_field, id_field, title_field, published_field, url_field, outlet_field)
    settings = settings_of(
        model=model, fields=fields, outlet=outlet, max_chars=max_chars, any_language=any_language, kb=kb
    )
    with reporting() as progress:
        report = run.run_all(
            corpus, out, settings,
            workers=workers, engine=ENGINES[engine], fresh=fresh, by_year=by_year, progress=progress,
        )  # fmt: skip
    _summary(report, Storage(out))


@app.command("cluster-check")
def cluster_check_command(
    out: OutAddress = str(OUT),
    model: Model = DEFAULT_MODEL,
    kb: KbFolder = None,
    address: Annotated[
        str | None,
        typer.Option(
            help="Of the Ray cluster; else $RAY_ADDRESS, else one of this machine.", show_default=False
        ),
    ] = None,
) -> None:
    """Check a Ray cluster: nodes, cores, the same versions, model and names on each, the output shared."""
    settings = settings_of(model=model, kb=kb)
    with reporting():
        ours = cluster_check.equipment_of(settings)
        try:
            nodes = cluster_check.check_cluster(settings, Storage(out), address)
        except (OSError, RayMissingError) as error:
            fail(f"the cluster is not ready: {error}", 1)
    table = Table("node", "cores", "vermeld", "python", "model", "names")
    for node in nodes:
        has = node.equipment
        cells = (has.vermeld, has.python, has.model, has.kb) if has else ("?",) * 4
        table.add_row(node.name, str(node.cores), *cells)
    SCREEN.print(table)
    if wrong := cluster_check.problems(nodes, ours):
        fail("the cluster is not ready:\n" + "\n".join(wrong), 1)
    n_cores = sum(node.cores for node in nodes)
    SCREEN.print(f"{len(nodes)} nodes with {n_cores} cores are ready.", highlight=False)


@app.command("read")
def read_command(
    corpus: Corpus,
    out: Out = OUT,
    text_field: TextField = "text",
    id_field: IdField = "id",
    title_field: TitleField = "title",
    published_field: DateField = "published",
    url_field: UrlField = "url",
    outlet_field: OutletField = "outlet",
    outlet: Outlet = None,
    max_chars: MaxChars = DEFAULTS.max_article_chars,
    any_language: AnyLanguage = False,
) -> None:
    """Read the corpus: documents.parquet and rejected.parquet."""
    fields = Fields(text_field, id_field, title_field, published_field, url_field, outlet_field)
    settings = settings_of(fields=fields, outlet=outlet, max_chars=max_chars, any_language=any_language)
    with reporting() as progress:
        run.run_all(corpus, out, settings, last="read", progress=progress)
    _done(out, "documents", "rejected")


@app.command("clean")
def clean_command(corpus: Upstream = None, out: Out = OUT) -> None:
    """Clean the documents: articles.parquet, segments.parquet, repairs.parquet."""
    _run_stages("clean", corpus, out, settings_of())


@app.command("recognise")
def recognise_command(corpus: Upstream = None, out: Out = OUT, model: Model = DEFAULT_MODEL) -> None:
    """Find the names in the articles: mentions.parquet, not yet linked."""
    _run_stages("recognise", corpus, out, settings_of(model=model))


@app.command("link")
def link_command(corpus: Upstream = None, out: Out = OUT, model: Model = DEFAULT_MODEL) -> None:
    """Link the mentions to entities: mentions.parquet."""
    _run_stages("link", corpus, out, settings_of(model=model))


@app.command("count")
def count_command(corpus: Upstream = None, out: Out = OUT, model: Model = DEFAULT_MODEL) -> None:
    """Count the linked mentions: counts.parquet, cooccurrences.parquet."""
    _run_stages("count", corpus, out, settings_of(model=model))


@app.command("report")
def report_command(out: Out = OUT) -> None:
    """Make report.html of the tables in --out: one page with charts and a reader, no network needed."""
    with reporting():
        try:
            # Not at the top: what draws is an extra, which the stages do without.
            from pipeline.report import write_report

            path = write_report(out)
        except ImportError as error:
            fail(f"{error}; the report needs `pip install 'vermeld[report]'`", 2)
    SCREEN.print(path, highlight=False, markup=False, soft_wrap=True)


def _run_stages(last: str, corpus: Path | None, out: Path, settings: Settings) -> None:
    """One stage on the tables in `out`; with a corpus, all stages from reading up to that one."""
    with reporting() as progress:
        if corpus is None:
            run_stage(last, out, Tools(settings), progress)
        else:
            run.run_all(corpus, out, settings, last=last, progress=progress)
    _done(out, *STAGES[last].names)


@app.command("evaluate")
def evaluate_command(
    gold: Annotated[
        Path,
        typer.Argument(
            help="Folder with the UD Dutch files that were annotated, or a file in CoNLL-2002's columns.",
            show_default=False,
        ),
    ],
    models: Annotated[list[str], typer.Option("--model", "-m", help="Repeat to compare models.")] = [  # noqa: B006
        DEFAULT_MODEL
    ],
    part: Annotated[str, typer.Option(help="test or dev, of the UD files.")] = "test",
    frog: Annotated[bool, typer.Option("--frog", help="Compare with Frog, where installed.")] = False,
    alone: Annotated[
        bool, typer.Option("--alone", help="Each sentence by itself, not in its document.")
    ] = False,
) -> None:
    """Score models on gold sentences, token for token: our frozen ones, or CoNLL's on PER, LOC and ORG."""
    with reporting():
        of_conll = gold.is_file()
        part = gold.name if of_conll else part
        sentences = evaluate.conll_sentences(gold) if of_conll else evaluate.gold_sentences(gold, part)
        found = {
            model: evaluate.predict(Tools(settings_of(model=model)).recogniser, sentences, alone=alone)
            for model in models
        }
        if frog:
            found["frog"] = evaluate.predict_with_frog(sentences)
    wanted = [s.names for s in sentences]
    for model, names in found.items():
        title = f"{model} on {part}: {len(sentences)} sentences"
        SCREEN.print(_scores_table(title, wanted, names, only_three=of_conll))


def _scores_table(title: str, gold: evaluate.Names, found: evaluate.Names, *, only_three: bool) -> Table:
    """Precision, recall and F1 per label, of the five (not where gold has three) and of CoNLL's three."""
    table = Table(title=title, title_justify="left")
    for column in ("label", "precision", "recall", "F1", "95 % interval", "names"):
        table.add_column(column, justify="left" if column == "label" else "right")
    three = evaluate.as_conll(gold, found)
    parts = [
        (evaluate.score(gold, found, evaluate.FIVE), "five labels", (gold, found), evaluate.FIVE),
        (evaluate.score(*three, ("PER", "LOC", "ORG")), "PER LOC ORG", three, ("PER", "LOC", "ORG")),
    ]
    for scores, name, sides, labels in parts[only_three:]:
        for label, s in scores.items():
            low, high = evaluate.interval(*sides, labels if label == "all" else (label,))
            cells = (f"{s.precision:.3f}", f"{s.recall:.3f}", f"{s.f1:.3f}", f"{low:.3f} to {high:.3f}")
            table.add_row(name if label == "all" else label, *cells, str(s.right + s.missed))
        table.add_section()
    return table


@app.command("tables")
def tables_command() -> None:
    """Print the data dictionary: every table and column, as Markdown."""
    SCREEN.out(dictionary.page(), end="", highlight=False)


@app.command("version")
def version_command() -> None:
    """Print the version."""
    SCREEN.print(__version__, highlight=False)


def _done(out: Path, *names: str) -> None:
    for name in names:
        SCREEN.print(
            f"{read_table(out, name).num_rows:>8,} rows  {out / name}.parquet",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )


def _summary(report: run.Report, out: Storage) -> None:
    """What was found, and where it lies."""
    shown = Table(title="Most mentioned", title_justify="left")
    for column in ("name", "kind", "country"):
        shown.add_column(column)
    shown.add_column("mentions", justify="right")
    shown.add_column("articles", justify="right")
    found = summarise(out)
    for row in found.top:
        shown.add_row(row.name, row.kind, row.country or "", str(row.n_mentions), str(row.n_articles))
    SCREEN.print(shown)
    rows = report.rows
    SCREEN.print(
        f"{rows['documents']:,} articles read, {rows['rejected']:,} inputs rejected; "
        f"{rows['mentions']:,} mentions, {found.n_linked:,} of them linked to {found.n_entities:,} entities.",
        highlight=False,
    )
    for line in found.rejected:
        SCREEN.print(f"  rejected {line}", highlight=False, markup=False, soft_wrap=True)
    SCREEN.print(f"Parquet tables and run.json in {out.shown}", highlight=False, markup=False, soft_wrap=True)
