from __future__ import annotations

from pathlib import Path

from pipeline.bench_clean import distinct_documents, measure_cleaning, text_kept

ROOT = Path(__file__).resolve().parent.parent


def test_no_text_comes_twice() -> None:
    documents = distinct_documents(ROOT / "corpus" / "sample", 400_000)
    raws = documents.column("raw").to_pylist()
    assert len(set(raws)) == len(raws) > 150
    assert sum(len(raw.encode()) for raw in raws) >= 400_000


def test_the_share_of_each_step_is_of_the_whole() -> None:
    rows = measure_cleaning(distinct_documents(ROOT / "corpus" / "sample", 100_000))
    assert rows[0]["step"] == "all of cleaning"
    assert rows[0]["share"] == 1
    assert all(float(str(row["mb_per_second"])) > 0 for row in rows)
    assert {"language", "repairs", "zones", "stories"} <= {str(row["step"]) for row in rows}


def test_more_of_the_text_of_html_pages_is_kept_than_by_other_extractors() -> None:
    rows = {str(row["extractor"]): row for row in text_kept(ROOT / "tests" / "pages")}
    ours = rows.pop("vermeld")
    assert float(str(ours["recall"])) >= 0.99
    assert float(str(ours["precision"])) >= 0.98
    for name, row in rows.items():
        assert float(str(row["recall"])) <= float(str(ours["recall"])), name
        assert float(str(row["precision"])) > 0.8, name
