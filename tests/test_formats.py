from __future__ import annotations

import datetime
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.reading.formats import READERS, BadRecord, Record, format_of
from pipeline.reading.rejection import RejectedInputError
from pipeline.schemas import Reason
from pipeline.settings import Fields, Settings

BRIDGE = "De brug over de vaart blijft tot het voorjaar dicht, zegt de wethouder."
ICE = "Op de plassen bij het dorp ligt voor het eerst in jaren weer ijs."


def records(path: Path, content: str | bytes | pa.Table, fields: Fields | None = None) -> list[object]:
    """What the reader of the path's format gives for this content; a bad record as a tuple."""
    if isinstance(content, pa.Table):
        pq.write_table(content, path)
    else:
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    found = READERS[path.suffix](path, Settings(fields=fields or Fields()))
    return [(r.record, r.error.reason, r.error.detail) if isinstance(r, BadRecord) else r for r in found]


def rejection(
    path: Path, content: str | bytes | pa.Table, fields: Fields | None = None
) -> tuple[Reason, str]:
    with pytest.raises(RejectedInputError) as caught:
        records(path, content, fields)
    return caught.value.reason, caught.value.detail


@pytest.mark.parametrize(
    ("name", "extension"),
    [
        ("a.txt", ".txt"),
        ("A.TXT", ".txt"),
        ("a.htm", ".htm"),
        ("a.html", ".html"),
        ("a.jsonl.gz", ".jsonl"),
        ("a.CSV.GZ", ".csv"),
        ("a.parquet", ".parquet"),
        ("2022-12 nieuws.v1.txt", ".txt"),
        ("a.txt.docx", None),
        ("a.json", None),
        ("a.gz", None),
        ("a.txt.zip", None),
        ("txt", None),
        ("LEESMIJ", None),
    ],
)
def test_the_last_extension_before_gz_decides(name: str, extension: str | None) -> None:
    assert format_of(Path("krant") / name) == extension


def test_a_text_file_is_one_record_without_a_name(tmp_path: Path) -> None:
    assert records(tmp_path / "a.txt", f"{BRIDGE}\n\n{ICE}\n") == [
        Record("", f"{BRIDGE}\n\n{ICE}\n", "utf-8"),
    ]


def test_a_text_file_may_have_four_bytes_for_each_character_of_an_article(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * 40)
    (record,) = READERS[".txt"](path, Settings(max_article_chars=10))
    assert record == Record("", "x" * 40, "utf-8")
    path.write_text("x" * 41)
    with pytest.raises(RejectedInputError, match="longer than 40 bytes"):
        list(READERS[".txt"](path, Settings(max_article_chars=10)))


PAGE = f"""<!DOCTYPE html>
<html lang="nl"><head><meta charset="utf-8"><title>Brug blijft dicht</title>
<link rel="canonical" href="https://www.delantaarn.example/nieuws/brug">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<meta property="og:site_name" content="De Lantaarn"></head>
<body><nav><a href="/">Voorpagina</a></nav><article><h1>Brug blijft dicht</h1>
<p>{BRIDGE}</p><p>{ICE}</p></article></body></html>"""


@pytest.mark.parametrize("name", ["a.html", "a.htm"])
def test_a_page_gives_its_text_title_date_address_and_outlet(name: str, tmp_path: Path) -> None:
    (record,) = records(tmp_path / name, PAGE)
    assert record == Record(
        "",
        f"Voorpagina\nBrug blijft dicht\n{BRIDGE}\n{ICE}",
        "utf-8",
        markup="ftpp",
        title="Brug blijft dicht",
        published="2024-03-05",
        url="https://www.delantaarn.example/nieuws/brug",
        outlet="De Lantaarn",
    )


def test_an_xhtml_page_may_declare_its_encoding(tmp_path: Path) -> None:
    (record,) = records(tmp_path / "a.html", '<?xml version="1.0" encoding="utf-8"?>\n' + PAGE)
    assert isinstance(record, Record)
    assert record.raw == f"Voorpagina\nBrug blijft dicht\n{BRIDGE}\n{ICE}"


@pytest.mark.parametrize(
    "page",
    [
        "<html><body><script>1</script></body></html>",
        "<html></html>",
        BRIDGE,
        "<html><body>" + "<div>" * 5000 + BRIDGE + "</div>" * 5000 + "</body></html>",
        "\ufeff",
    ],
    ids=["script", "empty page", "no markup", "nested 5000 deep", "only a mark"],
)
def test_a_page_without_an_article_is_rejected(page: str, tmp_path: Path) -> None:
    assert rejection(tmp_path / "a.html", page) == (Reason.NO_TEXT, "no article found in the HTML page")


def test_a_jsonl_line_gives_text_and_what_is_known_of_it(tmp_path: Path) -> None:
    row = {
        "id": "n-17",
        "text": BRIDGE,
        "title": "Brug dicht",
        "published": "2024-03-05",
        "url": "https://delantaarn.example/17",
        "outlet": "De Lantaarn",
        "rubriek": "regio",
    }
    assert records(tmp_path / "a.jsonl", json.dumps(row)) == [
        Record(
            "n-17",
            BRIDGE,
            "utf-8",
            "Brug dicht",
            "2024-03-05",
            "https://delantaarn.example/17",
            "De Lantaarn",
        ),
    ]


def test_a_record_without_an_id_is_named_by_its_line_blank_lines_counted(tmp_path: Path) -> None:
    lines = ["", json.dumps({"text": BRIDGE}), "  ", json.dumps({"id": 0, "text": ICE, "title": " "})]
    assert records(tmp_path / "a.jsonl", "\r\n".join(lines) + "\r\n") == [
        Record("line 2", BRIDGE, "utf-8"),
        Record("0", ICE, "utf-8"),
    ]


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ('{"text": "half', "line 2 is not JSON: Unterminated string starting at: line 1 column 10 (char 9)"),
        ("{'text': 'ja'}", "line 2 is not JSON: Expecting property name enclosed in double quotes: line 1"),
        ("[" * 100_000, "line 2 is not JSON: maximum recursion depth exceeded"),
        ("1" * 5000, "line 2 is not JSON: Exceeds the limit"),
        ('["een", "lijst"]', "line 2 is not a JSON object"),
        ("42", "line 2 is not a JSON object"),
        ('"tekst"', "line 2 is not a JSON object"),
        ("null", "line 2 is not a JSON object"),
    ],
    ids=["cut", "quotes", "nested", "huge number", "list", "number", "string", "null"],
)
def test_a_malformed_line_is_named_and_the_others_are_read(line: str, detail: str, tmp_path: Path) -> None:
    good = [json.dumps({"text": BRIDGE}), json.dumps({"text": ICE})]
    first, bad, last = records(tmp_path / "a.jsonl", f"{good[0]}\n{line}\n{good[1]}\n")
    assert first == Record("line 1", BRIDGE, "utf-8")
    assert last == Record("line 3", ICE, "utf-8")
    assert isinstance(bad, tuple)
    assert bad[:2] == ("line 2", Reason.MALFORMED)
    assert bad[2].startswith(detail)


@pytest.mark.parametrize(
    "row", [{}, {"text": None}, {"text": ""}, {"text": " \n"}, {"tekst": BRIDGE}, {"Text": BRIDGE}]
)
def test_a_line_without_text_is_rejected_under_its_id(row: dict[str, object], tmp_path: Path) -> None:
    lines = json.dumps(row | {"id": "n-3"}) + "\n" + json.dumps(row)
    assert records(tmp_path / "a.jsonl", lines) == [
        ("n-3", Reason.NO_TEXT, "line 1 has no text in 'text'"),
        ("line 2", Reason.NO_TEXT, "line 2 has no text in 'text'"),
    ]


@pytest.mark.parametrize("text", [["een", "twee"], {"html": "ja"}])
def test_a_text_that_is_a_list_or_object_is_no_text(text: object, tmp_path: Path) -> None:
    (bad,) = records(tmp_path / "a.jsonl", json.dumps({"text": text}))
    assert isinstance(bad, tuple)
    assert bad[:2] == ("line 1", Reason.NO_TEXT)


def test_a_title_that_is_not_a_number_is_no_title(tmp_path: Path) -> None:
    # pandas writes NaN where a column of numbers has no value.
    line = json.dumps({"id": float("nan"), "text": BRIDGE, "title": float("nan")})
    assert records(tmp_path / "a.jsonl", line) == [Record("line 1", BRIDGE, "utf-8")]


def test_lone_surrogates_in_json_are_replaced(tmp_path: Path) -> None:
    assert records(tmp_path / "a.jsonl", '{"id": "\\ud800", "text": "ja \\udfff nee"}') == [
        Record("?", "ja ? nee", "utf-8"),
    ]


@hypothesis_settings(deadline=None, max_examples=50)
@given(text=st.text(min_size=1).filter(str.strip), ascii_only=st.booleans())
def test_any_text_in_json_comes_back(
    text: str, ascii_only: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    line = json.dumps({"text": text}, ensure_ascii=ascii_only)
    if "\x7f" not in line:
        path = tmp_path_factory.mktemp("json") / "a.jsonl"
        assert records(path, line + "\n") == [Record("line 1", text, "utf-8")]


OTHER = Fields(text="tekst", id="nr", title="kop", published="datum", url="adres", outlet="krant")
VALUES = {
    "nr": "7", "tekst": BRIDGE, "kop": "Brug", "datum": "5 maart 2024", "adres": "a.example", "krant": "K",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl", json.dumps(VALUES)),
        ("a.csv", ";".join(VALUES) + "\n" + ";".join(VALUES.values()) + "\n"),
        ("a.parquet", pa.table({key: [value] for key, value in VALUES.items()})),
    ],
)
def test_columns_may_have_other_names(name: str, content: str | pa.Table, tmp_path: Path) -> None:
    read = records(tmp_path / name, content.encode("utf-8") if isinstance(content, str) else content, OTHER)
    assert read == [Record("7", BRIDGE, "utf-8", "Brug", "5 maart 2024", "a.example", "K")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_separator_of_a_csv_is_detected(separator: str, newline: str, tmp_path: Path) -> None:
    rows = [["id", "title", "text"], ["1", "Brug", f'"{BRIDGE}"'], ["2", "", f'"{ICE}"']]
    content = newline.join(separator.join(row) for row in rows) + newline
    assert records(tmp_path / "a.csv", content) == [
        Record("1", BRIDGE, "utf-8", "Brug"),
        Record("2", ICE, "utf-8"),
    ]


def test_separators_inside_a_quoted_column_name_do_not_count(tmp_path: Path) -> None:
    content = f'"kop, lead, slot";text\nBrug;"{BRIDGE}"\n'
    assert records(tmp_path / "a.csv", content) == [Record("row 1", BRIDGE, "utf-8")]


def test_a_csv_with_one_column_needs_no_separator(tmp_path: Path) -> None:
    assert records(tmp_path / "a.csv", f'\ufefftext\n"{BRIDGE}"\n') == [
        Record("row 1", BRIDGE, "utf-8-sig"),
    ]


def test_quoted_newlines_separators_and_quotation_marks_are_text(tmp_path: Path) -> None:
    content = 'text;id\n"Eerste regel;\r\n\r\ntweede ""regel""\n";9\n'
    assert records(tmp_path / "a.csv", content) == [
        Record("9", 'Eerste regel;\r\n\r\ntweede "regel"\n', "utf-8"),
    ]


@pytest.mark.parametrize(
    ("content", "columns"),
    [
        ("id,tekst,kop\n1,ja,nee\n", "id, tekst, kop"),
        ("Text;id\nja;1\n", "Text, id"),
        ("id,text \n1,ja\n", "id, text "),
        (BRIDGE.replace(",", "") + "\n", BRIDGE.replace(",", "")),
    ],
)
def test_a_csv_without_the_text_column_says_which_there_are(
    content: str, columns: str, tmp_path: Path
) -> None:
    detail = f"no column 'text' for the text; the columns are: {columns}"
    assert rejection(tmp_path / "a.csv", content) == (Reason.MALFORMED, detail)


def test_a_csv_with_only_a_header_has_no_records(tmp_path: Path) -> None:
    assert records(tmp_path / "a.csv", "id,text\n") == []


def test_a_short_row_has_no_text_and_the_rest_is_read(tmp_path: Path) -> None:
    assert records(tmp_path / "a.csv", f'id,text\n1\n\n3,"{ICE}"\n') == [
        ("1", Reason.NO_TEXT, "row 1 has no text in 'text'"),
        Record("3", ICE, "utf-8"),
    ]


def test_a_row_with_too_many_cells_is_not_cut_off_silently(tmp_path: Path) -> None:
    # The text was not quoted, so that its comma cut it in two.
    content = f'id,text\n1,De brug is dicht, zegt de wethouder.\n2,"{ICE}"\n'
    bad, good = records(tmp_path / "a.csv", content)
    assert isinstance(bad, tuple)
    assert bad[:2] == ("row 1", Reason.MALFORMED)
    assert good == Record("2", ICE, "utf-8")


def test_blank_cells_behind_the_last_column_do_no_harm(tmp_path: Path) -> None:
    assert records(tmp_path / "a.csv", f'id;text\n1;"{ICE}";;\n') == [Record("1", ICE, "utf-8")]


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        ('2,"kop" los', "row 2 and on: ',' expected after '\"'"),
        ('2,"nooit gesloten', "row 2 and on: unexpected end of data"),
        ("2," + "x" * 4_000_001, "row 2 and on: field larger than field limit (4000000)"),
    ],
    ids=["quote", "unclosed", "huge cell"],
)
def test_a_broken_csv_is_read_up_to_the_break(row: str, detail: str, tmp_path: Path) -> None:
    assert records(tmp_path / "a.csv", f'id,text\n1,"{ICE}"\n{row}\n') == [
        Record("1", ICE, "utf-8"),
        ("row 2", Reason.MALFORMED, detail),
    ]


@pytest.mark.parametrize(
    "content",
    ['"text"x,id\nja,1\n', '"text,id\nja,1\n', "x" * 4_000_001],
    ids=["quote", "unclosed", "one endless line"],
)
def test_a_csv_with_a_broken_header_is_rejected(content: str, tmp_path: Path) -> None:
    reason, _ = rejection(tmp_path / "a.csv", content)
    assert reason is Reason.MALFORMED


def test_a_parquet_row_gives_text_and_what_is_known_of_it(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": [17, 18],
            "text": [BRIDGE, ICE],
            "title": pa.array(["Brug", None]).dictionary_encode(),
            "published": [datetime.date(2024, 3, 5), None],
            "rubriek": ["regio", "weer"],
        }
    )
    assert records(tmp_path / "a.parquet", table) == [
        Record("17", BRIDGE, "utf-8", "Brug", "2024-03-05"),
        Record("18", ICE, "utf-8"),
    ]


def test_parquet_times_stand_in_iso_form(tmp_path: Path) -> None:
    times = pa.array([datetime.datetime(2024, 3, 5, 9, 30)], pa.timestamp("ns"))
    (record,) = records(tmp_path / "a.parquet", pa.table({"text": [ICE], "published": times}))
    assert record == Record("row 1", ICE, "utf-8", published="2024-03-05 09:30:00")


def test_parquet_rows_are_numbered_through_all_batches(tmp_path: Path) -> None:
    table = pa.table({"text": [ICE] * 2001 + [None]})
    found = records(tmp_path / "a.parquet", table)
    assert len(found) == 2002
    assert found[2000] == Record("row 2001", ICE, "utf-8")
    assert found[2001] == ("row 2002", Reason.NO_TEXT, "row 2002 has no text in 'text'")


def test_a_parquet_without_the_text_column_says_which_there_are(tmp_path: Path) -> None:
    detail = "no column 'text' for the text; the columns are: id, body"
    table = pa.table({"id": [1], "body": [ICE]})
    assert rejection(tmp_path / "a.parquet", table) == (Reason.MALFORMED, detail)


def test_only_the_first_twenty_columns_are_named(tmp_path: Path) -> None:
    table = pa.table({f"k{n}": [n] for n in range(30)})
    _, detail = rejection(tmp_path / "a.parquet", table)
    assert detail.endswith("the columns are: " + ", ".join(f"k{n}" for n in range(20)))


def parquet_bytes(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    return bytes(sink.getvalue().to_pybytes())


@pytest.mark.parametrize(
    "content",
    [
        b"kapot",
        b"PAR1" + b"rommel" * 10 + b"PAR1",
        parquet_bytes(pa.table({"text": [ICE]}))[:-20],
        BRIDGE.encode(),
        b"",
    ],
    ids=["short", "rubbish", "truncated", "text", "empty"],
)
def test_a_corrupt_parquet_is_unreadable(content: bytes, tmp_path: Path) -> None:
    reason, detail = rejection(tmp_path / "a.parquet", content)
    assert reason is Reason.UNREADABLE
    assert detail.startswith("not a readable Parquet file: ")


def test_a_binary_text_column_is_read_as_utf8(tmp_path: Path) -> None:
    assert records(tmp_path / "a.parquet", pa.table({"text": [BRIDGE.encode()]})) == [
        Record("row 1", BRIDGE, "utf-8"),
    ]


def test_a_parquet_text_that_is_a_list_is_no_text(tmp_path: Path) -> None:
    (bad,) = records(tmp_path / "a.parquet", pa.table({"text": [[BRIDGE]]}))
    assert isinstance(bad, tuple)
    assert bad[:2] == ("row 1", Reason.NO_TEXT)


@pytest.mark.parametrize(
    "table",
    [
        pa.table({"text": pa.array([b"ja", b"nee \xff"]).view(pa.string())}),
        pa.table({"text": [ICE], "published": pa.array([9_000_000], pa.int32()).view(pa.date32())}),
        pa.table({"text": [ICE], "published": pa.array([2**61]).view(pa.timestamp("us"))}),
    ],
    ids=["not utf-8", "date after 9999", "time after 9999"],
)
def test_values_that_python_cannot_hold_do_not_stop_the_run(table: pa.Table, tmp_path: Path) -> None:
    reason, detail = rejection(tmp_path / "a.parquet", table)
    assert reason is Reason.UNREADABLE
    assert detail.startswith("not a readable Parquet file: ")
