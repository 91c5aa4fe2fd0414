"""Dates as pages print them, to a day, month or year with its precision.

In: a short string ("date 2022-12", "maandag 19 december 2022, 10:30", an ISO stamp, a URL). Out:
`Published` or None. A relative day ("woensdag") is no date; neither is one in the future.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

import dateparser

from pipeline.schemas import Precision

_ISO = re.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?(?!\d)"
)
_DAY_FIRST = re.compile(r"(?<!\d)(\d{1,2})[-/.](\d{1,2})[-/.]((?:19|20)\d\d)(?!\d)")
_EARLIEST = datetime.date(1990, 1, 1)
_MONTHS = (
    r"jan(?:uari|uary)?|feb(?:ruari|ruary)?|maart|mrt|march|apr(?:il)?|mei|may|jun[ie]?|jul[iy]?"
    r"|mar|aug(?:ustus|ust)?|sept?(?:ember)?|o[kc]t(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_WEEKDAYS = (
    r"(?:(?:ma(?:an)?|di(?:ns)?|wo(?:ens)?|do(?:nder)?|vr(?:ij)?|za(?:ter)?|zo(?:n)?)(?:dag)?"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?)"
)
#: 12, 1e, 3rd.
_DAY = r"\d{1,2}(?:e|ste|de|st|nd|rd|th)?"
_WRITTEN_OUT = re.compile(
    rf"(?:(?<!\d)(?P<day>{_DAY}) (?:{_MONTHS})\b\.?,? \d{{4}}"
    rf"|\b(?:{_MONTHS})\.? (?P<day_after>{_DAY}), \d{{4}}|\b(?:{_MONTHS})\.? \d{{4}})(?!\d)",
    re.IGNORECASE,
)
#: A whole line that is nothing but a date: "november 23, 2024", "ma 19 dec. 2022 om 10.30 uur".
DATE_LINE = re.compile(
    rf"(?:(?:gepubliceerd|laatste? (?:update|bijgewerkt)|bijgewerkt|geplaatst|update|datum|date)"
    rf"(?: op)? ?:? ?)?(?:{_WEEKDAYS}\.?,? )?"
    rf"(?:{_DAY} (?:{_MONTHS})\.?,? \d{{4}}|(?:{_MONTHS})\.? {_DAY}, \d{{4}}"
    rf"|(?:{_MONTHS})\.? \d{{4}}"
    rf"|\d{{4}}-\d{{2}}(?:-\d{{2}})?|\d{{4}}/\d{{2}}/\d{{2}}|\d{{1,2}}([-/.])\d{{1,2}}\1\d{{4}})"
    rf"(?:,? ?(?:om|-|–|\||T)? ?\d{{1,2}}[:.uh]\d{{2}}(?:[:.]\d{{2}})?(?: ?uur| ?u)?"
    rf"(?:Z|[+-]\d{{2}}:?\d{{2}})?)?\.?",
    re.IGNORECASE,
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
        return _published(int(match[3]), int(match[2]), int(match[1]))
    match = _ISO.search(text)
    if match and match["month"]:
        day = int(match["day"]) if match["day"] else None
        return _published(int(match["year"]), int(match["month"]), day)
    written = _WRITTEN_OUT.search(text[:80])
    if written:
        return _written_out(written)
    return _published(int(match["year"])) if match else None


def date_in_path(path: str) -> Published | None:
    """The date in a file name or URL: 2022-12-19-top.txt, /nieuws/2022/12/19/top; at least a month."""
    match = next((m for m in _ISO.finditer(path) if m["month"]), None)
    if match is None:
        return None
    day = int(match["day"]) if match["day"] else None
    return _published(int(match["year"]), int(match["month"]), day)


def _written_out(match: re.Match[str]) -> Published | None:
    """A date with the month in letters; dateparser knows the Dutch and English ones."""
    settings = {"REQUIRE_PARTS": ["month", "year"], "PREFER_DAY_OF_MONTH": "first"}
    plain = re.sub(r"(?<=\d)(?:e|ste|de|st|nd|rd|th)\b", "", match.group(), flags=re.IGNORECASE)
    found = dateparser.parse(plain, languages=["nl", "en"], settings=settings)
    if found is None:
        return None
    has_day = match["day"] or match["day_after"]
    return _published(found.year, found.month, found.day if has_day else None)


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
