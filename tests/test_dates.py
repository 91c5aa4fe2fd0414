from __future__ import annotations

import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.cleaning.dates import Published, date_in_path, parse_date
from pipeline.schemas import Precision


def day(text: str) -> Published:
    return Published(datetime.date.fromisoformat(text), Precision.DAY)


def month(text: str) -> Published:
    return Published(datetime.date.fromisoformat(f"{text}-01"), Precision.MONTH)


def year(text: str) -> Published:
    return Published(datetime.date.fromisoformat(f"{text}-01-01"), Precision.YEAR)


_DUTCH_MONTHS = [
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
]  # fmt: skip
#: What dates are made of, and what breaks them.
_PIECES = [
    "1", "31", "0", "32", "2022", "2099", "19", "00", "-", "/", ".", ",", ":", "T", "e", "st", "²", "٣",
    "dec", "mei", "maart", "May", "oktober",
]  # fmt: skip

DAYS = {
    "19 december 2022": "2022-12-19",
    "maandag 19 december 2022": "2022-12-19",
    "maandag 19 december 2022, 10:30": "2022-12-19",
    "ma 19 dec. 2022 om 10.30 uur": "2022-12-19",
    "ma. 19 dec 2022": "2022-12-19",
    "19 DECEMBER 2022": "2022-12-19",
    "zo 1 jan 2023": "2023-01-01",
    "2 februari 2020": "2020-02-02",
    "dinsdag 5 maart 2024": "2024-03-05",
    "za 04 mrt. 2023 om 07:05": "2023-03-04",
    "12 mar 2023": "2023-03-12",
    "9 april 2023": "2023-04-09",
    "5 mei 2024": "2024-05-05",
    "1 juni 2021": "2021-06-01",
    "1 juli 2021": "2021-07-01",
    "31 augustus 2023": "2023-08-31",
    "1 aug. 2021": "2021-08-01",
    "3 september 2024": "2024-09-03",
    "3 sept. 2024": "2024-09-03",
    "3 sep 2024": "2024-09-03",
    "8 oktober 2022 - 20.15 uur": "2022-10-08",
    "1 okt 2023": "2023-10-01",
    "12 nov. 2024": "2024-11-12",
    "29 februari 2024": "2024-02-29",
    "1e maart 2022": "2022-03-01",
    "Gepubliceerd op 3 mei 2024 om 10:00": "2024-05-03",
    "Laatst bijgewerkt: 04-05-2024 11:12": "2024-05-04",
    "Gepubliceerd: 3 mei 2024, bijgewerkt: 4 mei 2024": "2024-05-03",
    "19-12-2022": "2022-12-19",
    "19/12/2022": "2022-12-19",
    "19.12.2022": "2022-12-19",
    "9-3-2022": "2022-03-09",
    "14/10/2025, 16u42": "2025-10-14",
    "Scheldebode | 14/10/2025 | 16u42": "2025-10-14",
    "november 23, 2024": "2024-11-23",
    "maart 12, 2023": "2023-03-12",
    "Nov. 3, 2021": "2021-11-03",
    "March 3, 2023": "2023-03-03",
    "3 March 2023": "2023-03-03",
    "Monday, January 2, 2023": "2023-01-02",
    "October 12th, 2024": "2024-10-12",
    "12th October 2024": "2024-10-12",
    "Fri, 13 Jan 2023 08:00:00 +0100": "2023-01-13",
    "2022-12-19": "2022-12-19",
    "2022-12-19T10:30:00Z": "2022-12-19",
    "2022-12-19T23:30:00+01:00": "2022-12-19",
    "2022-12-19 23:59:59.123456": "2022-12-19",
    "2022/12/19": "2022-12-19",
    "2022-1-1": "2022-01-01",
    "date 2022-12-19": "2022-12-19",
    "1 januari 1990": "1990-01-01",
}
MONTHS = {
    "2022-12": "2022-12",
    "date 2022-12": "2022-12",
    "december 2022": "2022-12",
    "dec 2022": "2022-12",
    "dec. 2022": "2022-12",
    "mei 2021": "2021-05",
    "May 2021": "2021-05",
}


@pytest.mark.parametrize("text", DAYS)
def test_a_date_to_the_day(text: str) -> None:
    assert parse_date(text) == day(DAYS[text])


@pytest.mark.parametrize("text", MONTHS)
def test_a_date_to_the_month(text: str) -> None:
    assert parse_date(text) == month(MONTHS[text])


@pytest.mark.parametrize(("text", "expected"), [("2022", "2022"), ("© 2019 Zuidpost", "2019")])
def test_a_date_to_the_year(text: str, expected: str) -> None:
    assert parse_date(text) == year(expected)


@pytest.mark.parametrize(
    "text",
    [
        "29 februari 2023",
        "30 februari 2023",
        "31 april 2023",
        "0 mei 2024",
        "32 mei 2024",
        "2022-13",
        "2022-00",
        "2022-02-30",
        "2022-12-00",
        "32-12-2022",
        "00-12-2022",
        "19-13-2022",
        "12/31/2022",
        "19-00-2022",
    ],
)
def test_an_impossible_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize("text", ["3 mei 2099", "2099-01-01", "12-05-2099", "mei 2099", "2098"])
def test_a_date_in_the_future_is_none(text: str) -> None:
    assert parse_date(text) is None


def test_today_is_a_date_and_next_week_is_none() -> None:
    today = datetime.date.today()
    assert parse_date(today.isoformat()) == Published(today, Precision.DAY)
    assert parse_date((today + datetime.timedelta(days=7)).isoformat()) is None


@pytest.mark.parametrize("text", ["31 december 1989", "1989-12-31", "3 mei 1945", "1889"])
def test_a_date_before_the_web_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "woensdag",
        "afgelopen woensdag",
        "gisteren",
        "vandaag om 10:30",
        "vanochtend",
        "13 minuten geleden",
        "2 uur geleden",
        "vorige maand",
        "19 december",
        "december",
    ],
)
def test_a_relative_day_or_a_day_without_a_year_is_none(text: str) -> None:
    assert parse_date(text) is None


@pytest.mark.parametrize(
    "text", ["", "   ", "geen datum", "10:30", "artikel 12345678", "120222-12-19", "1671445800"]
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_date(text) is None


@settings(max_examples=300, deadline=None, derandomize=True)
@given(
    st.one_of(
        st.text(),
        st.lists(st.sampled_from(_PIECES)).map(" ".join),
        st.text("0123456789-/. ", max_size=20),
    )
)
def test_no_text_is_too_strange(text: str) -> None:
    latest = datetime.date.today() + datetime.timedelta(days=1)
    for found in (parse_date(text), date_in_path(text)):
        assert found is None or datetime.date(1990, 1, 1) <= found.date <= latest
        if found and found.precision is not Precision.DAY:
            assert found.date.day == 1
        if found and found.precision is Precision.YEAR:
            assert found.date.month == 1


@settings(max_examples=100, deadline=None, derandomize=True)
@given(st.dates(datetime.date(1990, 1, 1), datetime.date(2024, 12, 31)))
def test_every_form_of_a_day_gives_that_day(date: datetime.date) -> None:
    written = f"{date.day} {_DUTCH_MONTHS[date.month - 1]} {date.year}"
    for text in (date.isoformat(), f"{date:%d-%m-%Y}", f"{date:%d/%m/%Y}", f"{date:%Y/%m/%d}", written):
        assert parse_date(text) == Published(date, Precision.DAY)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("2022-12-19-top.txt", day("2022-12-19")),
        ("bode/2023-05-21_g7.txt.gz", day("2023-05-21")),
        ("https://krant.example/nieuws/2022/12/19/top", day("2022-12-19")),
        ("https://krant.example/2022/12/top-in-minsk", month("2022-12")),
        ("https://krant.example/2022/12/191234", month("2022-12")),
        ("archief/2019-2022/2021/05/top.txt", month("2021-05")),
        ("https://krant.example/nieuws/2022/top", None),
        ("top-2022.txt", None),
        ("2022-02-30-top.txt", None),
        ("2099-12-12-top.txt", None),
        ("artikel-12022-12-19.txt", None),
        ("archief.csv#12", None),
        ("", None),
    ],
)
def test_a_date_in_a_path_or_address(path: str, expected: Published | None) -> None:
    assert date_in_path(path) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("foto/dmf20221219_96482731", day("2022-12-19")),
        ("https://krant.example/cnt/DMF20221219_1?utm=20", day("2022-12-19")),
        ("export/20221219-top.txt", day("2022-12-19")),
        ("https://krant.example/2022/12/top-in-minsk", month("2022-12")),
        ("krant/19-12-2022_top.txt", day("2022-12-19")),
        ("krant/20221319_top.txt", None),
        ("krant/artikel-120221219.html", None),
        ("krant/96482731", None),
    ],
)
def test_dates_in_addresses_and_file_names(path: str, expected: Published | None) -> None:
    assert date_in_path(path) == expected


@pytest.mark.parametrize(("text", "expected"), [("19/12/22, 10:30", "2022-12-19"), ("3-4-24", "2024-04-03")])
def test_a_year_of_two_digits(text: str, expected: str) -> None:
    assert parse_date(text) == day(expected)


@pytest.mark.parametrize("text", ["10.30.22", "om 10-12 uur", "19/12/223", "1-2-3"])
def test_what_only_looks_like_a_year_of_two_digits(text: str) -> None:
    assert parse_date(text) is None
