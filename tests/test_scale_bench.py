from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.bench.scale import Bench, ratios, table_of_runs
from pipeline.bench.synthetic import material
from pipeline.bench.watched import watched
from tests.gate import SAMPLE


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"), material(SAMPLE))


def test_a_run_is_measured_by_stage(bench: Bench) -> None:
    run = bench.whole("kb", 20, 1)
    assert run["articles"] == 20
    assert 190 * 20 < run["words"] < 280 * 20
    assert run["stage_seconds"]["recognise"] > 0
    assert sum(run["stage_seconds"].values()) < run["seconds"]
    # A Python with spaCy and the knowledge base in it, and no more than that.
    assert 100 < run["peak_mb"] < 3000
    assert "recognise" in {stage.removeprefix("after ") for stage in run["peaks_mb"]}
    assert table_of_runs([run]).row_count == 1


def test_small_changes_are_small(bench: Bench) -> None:
    change = bench.small_change("kb", 20, 1)
    assert set(change["nothing"]["made"].values()) == {0}
    assert change["article"]["made"] == {"read": 1, "clean": 1, "recognise": 1, "link": 1}
    made = change["alias"]["made"]
    # The article of the change before is still there: 21 are linked again, hardly any is recognised again.
    assert made["link"] == 21
    assert made["read"] == made["clean"] == 0
    assert made["recognise"] < 10


def test_ratios_compare_what_can_be_compared() -> None:
    def run(n: int, workers: int, ms: float, seconds: float) -> dict[str, object]:
        return {
            "model": "kb", "articles": n, "workers": workers, "ms_per_article": ms,
            "stage_seconds": {"recognise": seconds},
        }  # fmt: skip

    assert ratios([run(100, 1, 5.0, 8.0), run(100, 2, 3.0, 4.0), run(1000, 2, 3.3, 40.0)]) == {
        "kb, 100 articles: recognising with two workers by one": 2.0,
        "kb, 2 workers: an article of 1,000 by one of 100": 1.1,
    }


def test_a_job_that_fails_says_so(capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="run failed"):
        watched("run", corpus=tmp_path / "none", out=tmp_path, model="kb", workers=1)
    assert "no such corpus" in capfd.readouterr().err
