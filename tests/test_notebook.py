from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from tests.conftest import ROOT
from tests.gate import run_sample

TOUR = ROOT / "notebooks" / "tour.ipynb"


@pytest.fixture(scope="module")
def tour() -> Any:
    return nbformat.read(TOUR, as_version=4)  # type: ignore[no-untyped-call]


def test_tour_is_stored_without_outputs(tour: Any) -> None:
    code = [cell for cell in tour.cells if cell.cell_type == "code"]
    assert len(code) > 10
    assert all(not cell.outputs and cell.execution_count is None for cell in code)


def test_tour_runs_from_top_to_bottom(tour: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run_sample("kb", tmp_path)
    monkeypatch.setenv("VERMELD_OUTPUTS", str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = NotebookClient(tour, timeout=120, resources={"metadata": {"path": str(TOUR.parent)}}).execute()
    shown = {
        cell.source.splitlines()[-1]: cell.outputs[-1]
        for cell in done.cells
        if cell.cell_type == "code" and cell.outputs
    }
    kiev = shown['spellings("place/kiev")']["data"]["text/plain"]
    assert "Kiev" in kiev.split("\n")[0]
    assert "Kyiv" in kiev.split("\n")[0]
    assert "NAVO" in shown["rolled"]["data"]["text/plain"]
    assert "<mark " in shown['vermeld.highlight(one["article_id"], OUT)']["data"]["text/html"]
    assert "<svg" in shown["vermeld.network(OUT, n_entities=30)"]["data"]["text/html"]
    assert "<svg" in shown["vermeld.timeline(*top[:3], folder=OUT)"]["data"]["image/svg+xml"]
