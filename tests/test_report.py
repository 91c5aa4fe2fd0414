from __future__ import annotations

import datetime
import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.report import NAME, page, report, write_report
from pipeline.reporting.page_template import page_template
from pipeline.reporting.report_data import Figures, in_context
from pipeline.tables import read_table
from tests.small_output import HOSTILE, write_output

TABLES = ("documents", "articles", "segments", "mentions", "rejected", "counts", "cooccurrences")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_output(tmp_path_factory.mktemp("out"))


@pytest.fixture(scope="module")
def figures(out: Path) -> Figures:
    return Figures({name: read_table(out, name) for name in TABLES})


@pytest.fixture(scope="module")
def html(out: Path) -> str:
    return report(out)


def test_summary_counts(figures: Figures) -> None:
    found = figures.summary()
    expected = {
        "articles": 3,
        "stories": 3,
        "outlets": 2,
        "undated": 1,
        "mentions": 6,
        "linked": 4,
        "entities": 2,
        "rejected": 1,
        "copied": 0,
    }
    assert {key: found[key] for key in expected} == expected
    assert (found["first"], found["last"]) == (datetime.date(2024, 1, 5), datetime.date(2024, 3, 9))


def test_series_place_their_months_in_the_span(figures: Figures) -> None:
    span = figures.span()
    assert span == ["2024-01-01", "2024-02-01", "2024-03-01"]
    poetin, rusland = figures.series(span)
    assert (poetin["name"], poetin["at"], poetin["n_mentions"], poetin["total_n_articles"]) == (
        "Vladimir Poetin",
        [0, 2],
        [2, 1],
        2,
    )
    assert (rusland["name"], rusland["at"], rusland["group"]) == ("Rusland", [0], "place")
    assert figures.articles_per_month(span) == [1, 0, 1]


def test_zones_of_an_outlet_add_up(figures: Figures) -> None:
    rows = figures.outlets()
    assert [(row["outlet"], row["articles"]) for row in rows] == [("De Proef", 2), (HOSTILE, 1)]
    for row in rows:
        assert sum(row["zones"].values()) == pytest.approx(1)
        assert row["zones"]["furniture"] > 0


def test_worth_a_look(figures: Figures) -> None:
    assert figures.doubtful() == []
    (nil,) = figures.unlinked()
    assert (nil["text"], nil["label"], nil["n_mentions"], nil["n_articles"]) == ("Bakkerstra", "PERSON", 2, 2)


def test_sample_starts_with_what_is_asked_and_takes_all_outlets(figures: Figures) -> None:
    assert {row["article_id"] for row in figures.sample(["hostile"])} == {"a0", "a1", "hostile"}


def test_context_is_cut_at_words() -> None:
    before, text, after = in_context("woord " * 40 + "Poetin" + " woord" * 40, "Poetin")
    assert text == "Poetin"
    assert before.startswith("… woord")
    assert after.endswith("woord …")
    assert max(len(before), len(after)) <= 115
    assert in_context("Poetin sprak.", "Poetin") == ("", "Poetin", " sprak.")


def test_page_is_one_file_that_fetches_nothing(html: str) -> None:
    assert (
        re.findall(r"<(?:script|img|iframe)[^>]* src|<link\b|@import|url\(", html.split("<template")[0]) == []
    )
    policy = unescape(html.split('Content-Security-Policy" content="')[1].split('"')[0])
    assert policy.startswith("default-src 'none';")
    assert "unsafe-eval" not in policy
    assert re.fullmatch(r"(?: 'sha256-[\w+/=]+'){2}", policy.split("script-src")[1])


def test_hostile_text_is_never_markup(html: str) -> None:
    assert HOSTILE not in html
    assert "<img" not in html.split("<script>")[0]
    data = html.split('id="data">')[1].split("</script>")[0]
    assert json.loads(data)["months"] == ["2024-01-01", "2024-02-01", "2024-03-01"]
    assert html.count("<script") == html.count("</script>") == 4


def test_every_string_is_in_both_languages(html: str) -> None:
    strings = json.loads(html.split('id="strings">')[1].split("</script>")[0])
    assert strings["nl"].keys() == strings["en"].keys()
    used = set(re.findall(r'data-t(?:-label|-hint)?="([a-z_]+)"', html))
    assert used <= strings["nl"].keys()
    assert len(used) > 60


def test_same_tables_give_the_same_page(out: Path, html: str) -> None:
    assert report(out) == html


def test_corpus_without_mentions_has_a_page(tmp_path: Path) -> None:
    write_output(tmp_path)
    tables = {name: read_table(tmp_path, name) for name in TABLES}
    for name in ("mentions", "counts", "cooccurrences"):
        tables[name] = tables[name].slice(0, 0)
    assert "Geen vermeldingen in deze tabellen." in page(tables, {})


def test_command_writes_the_page(out: Path) -> None:
    done = CliRunner().invoke(app, ["report", "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert (out / NAME).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert write_report(out) == out / NAME


@pytest.mark.parametrize("missing", ["counts.parquet", "run.json"])
def test_command_says_what_is_missing(tmp_path: Path, missing: str) -> None:
    write_output(tmp_path)
    (tmp_path / missing).unlink()
    done: Any = CliRunner().invoke(app, ["report", "--out", str(tmp_path)])
    assert done.exit_code == 2
    assert not (tmp_path / NAME).exists()


def with_estimates(tables: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The tables with the columns of estimates in `counts`: a quarter more, and one either side of that."""
    counts = tables["counts"]
    n = pc.multiply(counts.column("n_mentions").cast(pa.float32()), pa.scalar(1.25, pa.float32()))
    for column, values in (("n_estimated", n), ("n_low", pc.subtract(n, 1)), ("n_high", pc.add(n, 1))):
        counts = counts.drop_columns([column]).append_column(column, values.cast(pa.float32()))
    return tables | {"counts": counts}


def test_estimates_are_shown_where_counts_has_them(out: Path) -> None:
    shown = page(with_estimates({name: read_table(out, name) for name in TABLES}), {})
    assert '<option value="n_estimated"' in shown
    data = json.loads(shown.split('id="data">')[1].split("</script>")[0])
    assert data["entities"][0]["n_estimated"] == [2.5, 1.25]
    assert data["entities"][0]["n_high"] == [3.5, 2.25]
    assert len(data["chart"]["layer"]) == 3


def test_figures_are_written_as_dutch_does() -> None:
    template = page_template({"nl": {}}).environment.filters
    assert template["num"](1234567) == '<span data-n="1234567">1.234.567</span>'
    assert template["num"](0.25) == '<span data-n="0.25">0,25</span>'
    assert template["share"](0.0941) == '<span data-share="0.0941">9,4 %</span>'
    month = template["month"](datetime.date(2024, 3, 5))
    assert month == '<time data-month datetime="2024-03-05">mrt 2024</time>'
