"""Dates as pages print them, to a day, month or year with its precision.

In: a short string ("date 2022-12", "maandag 19 december 2022, 10:30", an ISO stamp, a URL). Out:
`Published` or None. A relative day ("woensdag") is no date; neither is one in the future.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from pipeline.schemas import Precision

_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?(?!\d)"
)
#: "19-12-2022"; with two digits of the year only behind slashes or hyphens, so that no clock time fits.
_DAY_FIRST = re.compile(
    r"(?<![\d.,/-])(?P<day>\d{1,2})(?:(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<year>(?:19|20)\d\d)"
    r"|(?P<sep2>[-/])(?P<month2>\d{1,2})(?P=sep2)(?P<year2>\d\d))(?![\d/-])"
)
#: "dmf20221219_96482", "20221219-top.html".
_COMPACT = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<month>[01]\d)(?P<day>[0-3]\d)(?!\d)")
_EARLIEST = datetime.date(1990, 1, 1)
_MONTHS = (
    r"jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|mrt|march|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|mar|aug(?:ustus|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
#: By their first three letters.
_MONTH_NUMBERS = {
    "jan": 1, "feb": 2, "maa": 3, "mrt": 3, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6,
    "jul": 7, "aug": 8, "sep": 9, "okt": 10, "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
#: 12, 1e, 3rd.
_DAY = r"\d{1,2}(?:e|ste|de|st|nd|rd|th)?"
_WRITTEN_OUT = re.compile(
    rf"(?<!\w)(?:(?P<day>{_DAY}) (?P<month>{_MONTHS})\b\.?,? (?P<year>\d{{4}})"
    rf"|(?P<month2>{_MONTHS})\.? (?P<day2>{_DAY}),? (?P<year2>\d{{4}})"
    rf"|(?P<month3>{_MONTHS})\.? (?P<year3>\d{{4}}))"
    r"(?!\d)",
    re.IGNORECASE,
)
#: "maandag", "ma.", "Mon", without which a date is as good.
WEEKDAY = re.compile(
    r"\b(?:(?:ma(?:an)?|di(?:ns)?|wo(?:ens)?|do(?:nder)?|vr(?:ij)?|za(?:ter)?|zo(?:n)?)(?:dag)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)\b\.?",
    re.IGNORECASE,
)
#: A date with its year in any of the forms above, or a month of a year.
FULL_DATE = re.compile(
    rf"(?<!\w)(?:{_DAY} (?:{_MONTHS})\b\.?,? (?:19|20)\d\d|(?:{_MONTHS})\.? (?:{_DAY},? )?(?:19|20)\d\d"
    r"|\d{1,2}([-/.])\d{1,2}\1(?:19|20)\d\d|\d{1,2}([-/])\d{1,2}\2\d\d"
    r"|(?:19|20)\d\d([-/.])\d{1,2}(?:\3\d{1,2})?(?:T(?=\d))?)(?!\d)",
    re.IGNORECASE,
)
#: "26 juli", "Oct 21": a day without its year.
DAY_AND_MONTH = re.compile(
    rf"(?<!\w)(?:{_DAY} (?:{_MONTHS})\b\.?|(?:{_MONTHS})\.? \d{{1,2}}\b)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Published:
    """A date and how much of it the page said."""

    date: datetime.date
    precision: Precision


def parse_date(text: str) -> Published | None:
    """The date in a short string, or None when there is none that can be true."""
    match = _DAY_FIRST.search(text)
    if match:
        year = int(match["year"] or f"20{match['year2']}")
        return _published(year, int(match["month"] or match["month2"]), int(match["day"]))
    match = _ISO.search(text)
    if match and match["month"]:
        return _of_match(match)
    written = _WRITTEN_OUT.search(text[:120])
    if written:
        return _written_out(written)
    return _published(int(match["year"])) if match else None


def date_in_path(path: str) -> Published | None:
    """The date in a file name or URL: 2022-12-19-top.txt, /2022/12/top, dmf20221219_96."""
    found = [m for m in _ISO.finditer(path) if m["month"]]
    candidates = [_of_match(m) for m in [*found, *_COMPACT.finditer(path)]]
    day_first = (_DAY_FIRST.search(piece) for piece in path.split("/"))
    candidates += [parse_date(m.group()) for m in day_first if m and m["year"]]
    return next((c for c in candidates if c), None)


def _of_match(match: re.Match[str]) -> Published | None:
    return _published(int(match["year"]), int(match["month"]), int(match["day"]) if match["day"] else None)


def _written_out(match: re.Match[str]) -> Published | None:
    """A date with the month in letters, Dutch or English."""
    month = match["month"] or match["month2"] or match["month3"]
    year = match["year"] or match["year2"] or match["year3"]
    day = re.match(r"\d+", match["day"] or match["day2"] or "")
    return _published(int(year), _MONTH_NUMBERS[month[:3].casefold()], int(day[0]) if day else None)


def _published(year: int, month: int | None = None, day: int | None = None) -> Published | None:
    """The date of these parts; None if there is no such day, or it is in the future."""
    try:
        date = datetime.date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return None
    if not _EARLIEST <= date <= datetime.date.today() + datetime.timedelta(days=1):
        return None
    precision = Precision.YEAR if month is None else Precision.MONTH if day is None else Precision.DAY
    return Published(date, precision)
