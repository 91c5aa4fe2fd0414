from __future__ import annotations

from typer.testing import CliRunner

from pipeline import kb_report
from pipeline.cli import app
from pipeline.kb import KnowledgeBase


def test_every_country_has_a_wikidata_id(kb: KnowledgeBase) -> None:
    rows = {row.kind: row for row in kb_report.counts(kb)}
    assert set(rows) == {"country", "leader", "organisation", "person", "place"}
    assert rows["country"].with_wikidata == rows["country"].entities
    assert rows["country"].sources == f"rigour {rows['country'].entities}"
    assert sum(row.entities for row in rows.values()) == len(kb.entities)


def test_shared_names_are_listed_with_their_owners(kb: KnowledgeBase) -> None:
    shared = dict(kb_report.collisions(kb))
    assert shared["Congolees"] == ["country/COD", "country/COG"]
    assert "Wit-Rusland" not in shared


def test_kb_check_prints_counts() -> None:
    result = CliRunner().invoke(app, ["kb", "check"])
    assert result.exit_code == 0
    assert "100%" in result.output
    assert "no strong alias owned twice" in " ".join(result.output.split())
