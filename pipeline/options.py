"""The arguments and options that commands share, and the settings they make."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipeline.engines import LocalEngine
from pipeline.run import MakeEngine
from pipeline.running.assemble import MANY_ARTICLES
from pipeline.running.ray_engine import RayEngine
from pipeline.settings import DEFAULT_MODEL, Fields, Settings


class EngineName(StrEnum):
    """Where the work is done."""

    LOCAL = "local"
    RAY = "ray"


ENGINES: dict[EngineName, MakeEngine] = {EngineName.LOCAL: LocalEngine, EngineName.RAY: RayEngine}

Corpus = Annotated[
    Path,
    typer.Argument(
        help="Folder (walked recursively) or file: .txt .html .jsonl .csv .parquet, each also .gz.",
        show_default=False,
    ),
]
CorpusAddress = Annotated[
    str,
    typer.Argument(
        help="Folder (walked recursively) or file: .txt .html .jsonl .csv .parquet, each also .gz; or its "
        "address (s3://bucket/folder).",
        show_default=False,
    ),
]
Upstream = Annotated[
    Path | None,
    typer.Argument(
        help="With a corpus, the stages before this one are run on it first; without, the tables in "
        "--out are taken up where they are.",
        show_default=False,
    ),
]
Out = Annotated[Path, typer.Option("--out", "-o", help="Folder for the tables.")]
OutAddress = Annotated[
    str, typer.Option("--out", "-o", help="Folder for the tables, or its address (s3://bucket/folder).")
]
Workers = Annotated[
    int | None, typer.Option(min=1, help="Cores to use; all if not given.", show_default=False)
]
EngineOption = Annotated[EngineName, typer.Option(help="This machine, or a Ray cluster (vermeld[ray]).")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Make everything again.")]
ByYear = Annotated[
    bool | None,
    typer.Option(
        "--by-year/--whole",
        help="Tables as folders cut by year, or as single files; "
        f"by year from {MANY_ARTICLES:,} articles on.",
        show_default=False,
    ),
]
KbFolder = Annotated[
    Path | None, typer.Option(help="A knowledge base of your own: a changed copy of models/kb.")
]
Model = Annotated[
    str,
    typer.Option("--model", "-m", help="Embedded model, installed spaCy model, or a model folder."),
]
TextField = Annotated[str, typer.Option(help="Column with the text (JSONL, CSV, Parquet).")]
IdField = Annotated[str, typer.Option(help="Column with the id of a record.")]
TitleField = Annotated[str, typer.Option(help="Column with the title.")]
DateField = Annotated[str, typer.Option(help="Column with the date of publication.")]
UrlField = Annotated[str, typer.Option(help="Column with the address.")]
OutletField = Annotated[str, typer.Option(help="Column with the outlet.")]
Outlet = Annotated[str | None, typer.Option(help="Outlet of all articles that do not name one.")]
MaxChars = Annotated[int, typer.Option(min=1, help="Longest article, in characters.")]
AnyLanguage = Annotated[bool, typer.Option("--any-language", help="Do not reject what is not Dutch.")]

DEFAULTS = Settings()
OUT = Path("outputs")


def settings_of(
    *,
    model: str = DEFAULT_MODEL,
    fields: Fields | None = None,
    outlet: str | None = None,
    max_chars: int = DEFAULTS.max_article_chars,
    any_language: bool = False,
    kb: Path | None = None,
) -> Settings:
    """The settings that a command's options make."""
    return Settings(
        model=model,
        fields=fields or Fields(),
        outlet=outlet,
        max_article_chars=max_chars,
        language=not any_language,
        kb=None if kb is None else str(kb),
    )
