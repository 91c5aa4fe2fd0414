from __future__ import annotations

import datetime
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import pipeline as vermeld
from pipeline.schemas import ENUMS, TABLES, table_from_rows
from pipeline.tables import read_table, write_tables
from tests.small_output import HOSTILE, write_output


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_output(tmp_path_factory.mktemp("out"))


def test_import_is_light() -> None:
    code = "import sys, pipeline; print([m for m in ('pyarrow', 'pandas', 'spacy', 'altair') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.strip() == "[]"


def test_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such"):
        vermeld.no_such  # noqa: B018


@pytest.mark.parametrize("name", sorted(TABLES))
def test_all_forms_have_the_same_values(out: Path, name: str) -> None:
    plain = read_table(out, name)
    arrow = vermeld.open_table(name, out, form="arrow")
    polars = vermeld.open_table(name, out, form="polars")
    pandas = vermeld.open_table(name, out)
    rows = plain.to_pylist()
    assert arrow.to_pylist() == rows
    assert polars.to_dicts() == rows
    assert len(pandas) == len(rows)
    assert list(pandas.columns) == plain.column_names


def test_enumerations_are_categories_in_their_order(out: Path) -> None:
    pandas = vermeld.open_table("mentions", out)
    polars = vermeld.open_table("mentions", out, form="polars")
    arrow = vermeld.open_table("mentions", out, form="arrow")
    for column in ("zone", "label", "kind", "link_reason", "recogniser"):
        values = [str(value) for value in ENUMS[column]]
        assert list(pandas[column].cat.categories) == values
        assert polars.schema[column] == pl.Enum(values)
        assert pa.types.is_dictionary(arrow.schema.field(column).type)
    assert pandas.loc[pandas["link_reason"] == "nil", "kind"].isna().all()
    assert pd.api.types.is_datetime64_any_dtype(pandas["published"])


def test_every_enumeration_is_the_column_of_a_table() -> None:
    columns = {column for spec in TABLES.values() for column in spec.schema.names}
    assert ENUMS.keys() <= columns


def test_another_form_is_refused(out: Path) -> None:
    form: Any = "excel"
    with pytest.raises(ValueError, match="excel"):
        vermeld.open_table("counts", out, form=form)


def test_missing_table_says_so(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="counts"):
        vermeld.open_table("counts", tmp_path)


def test_highlight_shows_zones_and_why(out: Path) -> None:
    html = vermeld.highlight("a0", out)._repr_html_()
    assert '<h3 class="zone-title">' in html
    assert '<p class="zone-furniture" data-rule="test">LEES OOK: iets anders</p>' in html
    assert 'title="Vladimir Poetin (leader, RUS): surname; PERSON 0.90"' in html
    assert html.count("<mark ") == 4


def test_highlight_escapes_what_a_page_says(out: Path) -> None:
    html = vermeld.highlight("hostile", out)._repr_html_()
    assert HOSTILE not in html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;/script&gt;&lt;img" in html


def test_highlight_of_no_article(out: Path) -> None:
    with pytest.raises(KeyError, match="zzz"):
        vermeld.highlight("zzz", out)


def test_timeline_fills_the_months(out: Path) -> None:
    chart = vermeld.timeline("Vladimir Poetin", folder=out)
    (values,) = chart.to_dict()["datasets"].values()
    assert [(v["month"], v["n"]) for v in values] == [("2024-01-01", 2), ("2024-02-01", 0), ("2024-03-01", 1)]


def test_timeline_takes_ids_and_last_words_and_refuses_strangers(out: Path) -> None:
    by_id = vermeld.timeline("leader/vladimir-poetin", folder=out)
    assert vermeld.timeline("poetin", folder=out).to_dict() == by_id.to_dict()
    with pytest.raises(KeyError, match="vladimir-poetin"):
        vermeld.timeline("Vladimir Poetinn", folder=out)


@pytest.fixture
def counted(tmp_path: Path) -> Path:
    """Counts of two entities in one month, and of one of them without a month."""
    january = datetime.date(2024, 1, 1)
    nato: dict[str, Any] = {"entity_id": "org/navo", "name": "NAVO", "kind": "organisation"}
    rows = [
        {
            "entity_id": "leader/vladimir-poetin",
            "name": "Vladimir Poetin",
            "kind": "leader",
            "month": january,
        },
        nato | {"month": january},
        nato | {"month": None, "n_mentions": 3},
    ]
    figures = {"n_mentions": 1, "n_articles": 1, "n_stories": 1}
    write_tables(tmp_path, {"counts": table_from_rows("counts", [figures | row for row in rows])}, files={})
    return tmp_path


@pytest.mark.filterwarnings("ignore:not drawn")
def test_timeline_knows_other_spellings_and_abbreviations(counted: Path) -> None:
    for alias, name in (("Vladimir Putin", "Vladimir Poetin"), ("NATO", "NAVO")):
        assert (
            vermeld.timeline(alias, folder=counted).to_dict()
            == vermeld.timeline(name, folder=counted).to_dict()
        )
    with pytest.raises(KeyError, match="no one entity"):
        vermeld.timeline("Angela Merkel", folder=counted)


def test_timeline_says_what_has_no_date(counted: Path) -> None:
    with pytest.warns(UserWarning, match="not drawn: 3 in n_mentions of articles without a date"):
        vermeld.timeline("NAVO", folder=counted)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        vermeld.timeline("Poetin", folder=counted)


def test_timeline_without_names_takes_leaders(out: Path) -> None:
    assert "Vladimir Poetin" in str(vermeld.timeline(folder=out).to_dict())
    assert "Rusland" not in str(vermeld.timeline(folder=out).to_dict())


def test_timeline_of_a_measure_that_is_not_there(out: Path) -> None:
    measure: Any = "n_letters"
    with pytest.raises(ValueError, match="n_letters"):
        vermeld.timeline(folder=out, measure=measure)


def test_network_draws_each_pair_once(out: Path) -> None:
    html = vermeld.network(out)._repr_html_()
    assert html.count('class="tie"') == read_table(out, "cooccurrences").num_rows == 1
    assert html.count('class="node ') == 2
    assert "Vladimir Poetin: 1" in html
    assert html == vermeld.network(out)._repr_html_()


def test_months() -> None:
    from pipeline.reporting.charts import months

    found = list(months(datetime.date(2023, 11, 5), datetime.date(2024, 2, 1)))
    assert [d.isoformat() for d in found] == ["2023-11-01", "2023-12-01", "2024-01-01", "2024-02-01"]
