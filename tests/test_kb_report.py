from __future__ import annotations

import pytest
from typer.testing import CliRunner

from pipeline import kb_report
from pipeline.cli import app
from pipeline.kb import KnowledgeBase


def test_every_country_has_a_wikidata_id(kb: KnowledgeBase) -> None:
    rows = {row.kind: row for row in kb_report.counts(kb)}
    assert set(rows) == {"country", "leader", "organisation", "people", "person", "place"}
    assert rows["country"].with_wikidata == rows["country"].entities
    assert rows["country"].sources == f"rigour {rows['country'].entities}"
    kinds = rows.keys() - {kb_report.PEOPLE}
    assert sum(rows[kind].entities for kind in kinds) == len(kb.entities)


LEAST_SHARE = 0.7


@pytest.mark.parametrize("kind", ["leader", "people"])
def test_seven_people_in_ten_have_a_wikidata_id(kb: KnowledgeBase, kind: str) -> None:
    row = next(row for row in kb_report.counts(kb) if row.kind == kind)
    assert row.with_wikidata / row.entities >= LEAST_SHARE


def test_people_are_leaders_and_persons(kb: KnowledgeBase) -> None:
    rows = {row.kind: row for row in kb_report.counts(kb)}
    assert rows["people"].entities == rows["leader"].entities + rows["person"].entities
    assert rows["people"].with_wikidata == rows["leader"].with_wikidata + rows["person"].with_wikidata


def test_shared_names_are_listed_with_their_owners(kb: KnowledgeBase) -> None:
    shared = dict(kb_report.collisions(kb))
    assert shared["Congolees"] == ["country/COD", "country/COG"]
    assert "Wit-Rusland" not in shared


def test_kb_check_prints_counts() -> None:
    result = CliRunner().invoke(app, ["kb", "check"])
    assert result.exit_code == 0
    assert "100%" in result.output
    assert "no strong alias owned twice" in " ".join(result.output.split())
