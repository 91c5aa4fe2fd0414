from __future__ import annotations

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.gating.tsv import read_rows, write_rows

COLUMNS = {"n": int, "text": str, "day": datetime.date}
#: A lone surrogate cannot be written as UTF-8; an empty text comes back as a null, as the module says.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
ROWS = st.lists(
    st.fixed_dictionaries(
        {"n": st.integers(), "text": st.none() | TEXTS, "day": st.none() | st.dates(), "of": TEXTS}
    )
)


@given(rows=ROWS)
@settings(max_examples=60, deadline=None)
def test_rows_come_back_as_they_were(rows: list[dict[str, object]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.tsv"
        write_rows(path, rows, COLUMNS, block="of")
        assert read_rows(path, COLUMNS, block="of") == rows
        write_rows(path, rows, COLUMNS)
        assert read_rows(path, COLUMNS) == [{k: row[k] for k in COLUMNS} for row in rows]


def test_a_file_reads_well(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"of": "a.txt", "n": 1, "text": "één\tregel\nen \\n", "day": datetime.date(2024, 5, 1)},
        {"of": "a.txt", "n": 2, "text": None, "day": None},
    ]
    write_rows(tmp_path / "r.tsv", rows, COLUMNS, block="of")
    assert (tmp_path / "r.tsv").read_text(encoding="utf-8") == (
        "n\ttext\tday\n# a.txt\n1\téén\\tregel\\nen \\\\n\t2024-05-01\n2\t\t\n"
    )


def test_a_file_of_another_version_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.tsv").write_text("n\ttext\n", encoding="utf-8")
    with pytest.raises(ValueError, match="pin anew"):
        read_rows(tmp_path / "r.tsv", COLUMNS)
    (tmp_path / "r.tsv").write_text("n\ttext\tday\n1\tx\n", encoding="utf-8")
    with pytest.raises(ValueError, match="line 2"):
        read_rows(tmp_path / "r.tsv", COLUMNS)
