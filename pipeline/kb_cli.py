"""`vermeld kb check` and `vermeld kb audit`: whether a knowledge base is sound, and what its entities share.

Exit codes: 0, or 2 for a knowledge base that is not sound, with file and line.
"""

from __future__ import annotations

import typer
from rich.table import Table

from pipeline import kb_report
from pipeline.kb import KnowledgeBase
from pipeline.options import KbFolder, settings_of
from pipeline.screen import SCREEN, reporting
from pipeline.tools import Tools

kb_app = typer.Typer(help="Look at the knowledge base.", no_args_is_help=True)


@kb_app.command("check")
def kb_check_command(kb: KbFolder = None) -> None:
    """Load and check the knowledge base: counts per kind, references, Wikidata ids and their sources."""
    loaded = _load(kb)
    table = Table("kind", "entities", "with Wikidata id", "sources")
    for row in kb_report.counts(loaded):
        share = f"{row.with_wikidata} ({row.with_wikidata / row.entities:.0%})"
        table.add_row(row.kind, str(row.entities), share, row.sources)
    SCREEN.print(table)
    SCREEN.print(
        f"{len(loaded.offices):,} offices, {len(loaded.memberships):,} memberships; ids unique, references "
        "valid, no strong alias owned twice.",
        highlight=False,
    )


@kb_app.command("audit")
def kb_audit_command(kb: KbFolder = None) -> None:
    """List the names that several entities share; they link only with support."""
    for surface, owners in kb_report.collisions(_load(kb)):
        SCREEN.print(f"{surface}\t{' '.join(owners)}", highlight=False, markup=False, soft_wrap=True)


def _load(kb: KbFolder) -> KnowledgeBase:
    with reporting():
        return Tools(settings_of(kb=kb)).kb
