"""Lines that say something about the article: dates, times, reading time, sources, authors.

In: one line. Out: which of these it is. A line is taken apart into dates, times and labels; it says
when the article appeared if nothing but names is left.
"""

from __future__ import annotations

import re

from pipeline.cleaning.dates import DAY_AND_MONTH, FULL_DATE, WEEKDAY
from pipeline.cleaning.furniture import PHOTO_AGENCIES

_MAX_CHARS, _DAY_MAX_CHARS = 140, 60
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(
    r"(?<![\d.,])(?:[01]?\d|2[0-3])(?:[:.][0-5]\d(?:[:.][0-5]\d)?|[uh][0-5]\d|(?= (?:uur|u)\b))(?:Z"
    r"|[+-]\d\d:?\d\d)?"
    r"(?: ?(?:uur|u|hrs?|am|pm|cet|cest)\b\.?)?(?![\d,%])",
    re.IGNORECASE,
)
_READING = re.compile(
    r"(?:leestijd|reading time|leesduur|luistertijd) ?:? ?(?:ca\. ?)?\d{1,3} ?(?:min(?:uten|uut|utes|s)?"
    r"|')?\.?(?: lezen| read)?"
    r"|(?<!\d)\d{1,3} ?(?:min(?:uten|uut|utes)?\.?|mins|') ?(?:leestijd|lezen|leesduur|read)",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"(?:\d{1,3}|een|a|an) ?(?:min\.?|minu(?:ut|ten|tes?)|u\.?|uur|uren|hours?|dag(?:en)?|days?|we(?:ek"
    r"|ken|eks?)"
    r"|maand(?:en)?|months?|jaar|years?) (?:geleden|ago)",
    re.IGNORECASE,
)
_RELATIVE_DAY = re.compile(r"\b(?:vandaag|gisteren|eergisteren|today|yesterday)\b", re.IGNORECASE)
_LABEL = re.compile(
    r"\b(?:(?:gepubliceerd|geplaatst|verschenen|publicatie(?:datum)?|published|posted|datum|date)"
    r"(?: (?:op|in|on))?"
    r"|(?:laatst(?:e)?|last)? ?(?:bijgewerkt|gewijzigd|aangepast|geüpdatet|updated?|wijziging"
    r"|modified)(?: op| om)?"
    r"|(?:onder )?embargo(?: tot)?|door onze (?:\w+ )?\w*redactie\w*"
    r"|auteurs?|author|tekst|redactie|samenstelling|bron|source|door|by|om|op|at|nr\.?|uur|leestijd"
    r"|leesduur)\b ?:?",
    re.IGNORECASE,
)
#: Labels that make a line one about the article, whatever follows them.
_FIELD = re.compile(
    r"(?:(?:auteurs?|author|redactie|samenstelling|bron|source|datum|leestijd) ?: ?.{1,80}"
    r"|(?:gepubliceerd|geplaatst|aangepast|bijgewerkt|laatst (?:bijgewerkt|gewijzigd))(?: op| om)?:?"
    r"|(?:gepubliceerd|geplaatst|laatst (?:bijgewerkt|gewijzigd)|laatste update|bijgewerkt|aangepast"
    r"|update) ?:? ?"
    r"(?:op |om )?.{0,40}(?:\d[:.u]\d\d|\d[-/ ]\d|(?:19|20)\d\d).{0,40})",
    re.IGNORECASE,
)
AGENCIES = "ANP|Belga|AFP|Reuters|RTR|AP|DPA|EFE|ANSA|TASS|Novum|Kyodo|Xinhua|Interfax|Anadolu|PA|Bloomberg"
#: "(ANP)", "Bron: Belga, eigen berichtgeving", "© ANP 2023": a line that names the agency.
AGENCY_NOTE = re.compile(
    rf"\(?(?P<mark>(?:bron|source|door|©"
    rf"|copyright) ?:? ?)?(?P<agency>(?:{AGENCIES})(?:[/, ]+(?:{AGENCIES}))*)(?:/(?-i:[A-Z])\w+)?\)?\.?"
    r"(?:(?<!\.)(?: \d{4}|, (?:eigen (?:berichtgeving|verslaggeving)|redactie|(?-i:[A-Z])\w+)))?",
    re.IGNORECASE,
)
#: Initials and codes of an agency's desk: "EYW/COR/", "BIN/BUI", "ANP GDB/mvs".
#: "1. Tadej Pogačar (Slo) 6u21:20" is a result.
_ITEM = re.compile(r"\d{1,2}[.)] ")
_DESK_CODE = re.compile(r"(?:[A-Z]{2,5} )?[A-Z]{2,4}(?:/[A-Za-z]{2,4})+/?|\d{6} [A-Z]{3} \d\d")
_NAME = r"(?:[A-ZÀ-ÞČŠŽĐĆŁŚŹ][\w.’'-]*|van|de|den|der|ten|ter|von|el|al|da|di|’t|'t)"
BYLINE = re.compile(
    rf"(?:(?:door|tekst|van|do\.|by|verslag|reportage|analyse|opgetekend door|foto's)\b\.?"
    rf"(?: onze (?:redacteur|correspondent|verslaggever)\w*)?:? )(?-i:{_NAME}(?: {_NAME}){{1,7}})"
    r"(?: (?:en|&) (?-i:" + _NAME + r"(?: " + _NAME + r"){1,5}))?(?: in (?-i:[A-ZÀ-Þ])[\w -]{2,30})?"
    r"(?:,? met (?:hulp|medewerking) van .{3,60})?"
    r"(?: ?[–—|,/-] ?(?:beeld|foto'?s?|tekst|illustraties?|video)\b:? .{2,60})?\.?",
    re.IGNORECASE,
)
_ONE_NAME = re.compile(rf"{_NAME}(?: {_NAME}){{1,4}}")
_NAMES_APART = re.compile(r",| en | & |; ?| / ")
_PARTICLES = frozenset({"van", "de", "den", "der", "ten", "ter", "von", "el", "al", "da", "di", "’t", "'t"})
_NO_NAME = re.compile(
    r"(?<!\w)(?:u|wat|wie|een|het|in|op|voor|met|onze|uit|naar|over|is|niet|alle|uw|je|mijn|ons|bij"
    r"|als)(?!\w)",
    re.IGNORECASE,
)
_PLACE = re.compile(r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){0,2}")
_PHOTO_CREDIT = re.compile(rf"(?:{PHOTO_AGENCIES})(?:[ /,]+(?:{PHOTO_AGENCIES}))*", re.IGNORECASE)


def about_article(text: str) -> str | None:
    """The rule by which a line is metadata: "date", "field" or "source"; None if it is not."""
    if len(text) > _MAX_CHARS:
        return None
    note = AGENCY_NOTE.fullmatch(text)
    if _DESK_CODE.fullmatch(text) or (note and not (note["mark"] or "").lower().startswith(("©", "copy"))):
        return "source"
    if _FIELD.fullmatch(text):
        return "field"
    return "date" if says_when(text) else None


def says_when(text: str) -> bool:
    """Whether a line is a date with its year, a time or a reading time, and besides nothing but names.

    "Ma 13 okt 2025 • 21:08 • 2' leestijd", "7 months ago Sacha Visser", "ANP-0417 BUI 03-07-2024 14:22".
    """
    if not _DIGIT.search(text) and not _AGO.search(text):
        return False
    if _ITEM.match(text):
        return False
    rest, found = text, 0
    for pattern in (_READING, _AGO, FULL_DATE):
        rest, n = pattern.subn(" ", rest)
        found += n
    dated = found > 0 or DAY_AND_MONTH.search(rest) is not None or _RELATIVE_DAY.search(rest) is not None
    rest, n = _CLOCK.subn(" ", rest)
    if not found + n:
        return False
    for pattern in (DAY_AND_MONTH, WEEKDAY, _RELATIVE_DAY, _LABEL):
        rest = pattern.sub(" ", rest)
    words = re.findall(r"[^\W_]+(?:[’'.-][^\W_]+)*", rest)
    plain = [w for w in words if not (w[0].isupper() or w.isdigit() or w in _PARTICLES or w == "en")]
    # "10.00 Ecofin-ministers" stands in an agenda: a clock time dates an article only by itself.
    return not plain and len(words) <= (6 if dated else 0)


def says_which_day(text: str) -> bool:
    """Whether a line begins with a day and month and says little else: "6 augustus, middernacht"."""
    if len(text) > _DAY_MAX_CHARS or not _DIGIT.search(text):
        return False
    match = DAY_AND_MONTH.match(WEEKDAY.sub("", text, count=1).lstrip(" ,."))
    return match is not None and len(text.split()) <= 6


def is_photo_credit(text: str) -> bool:
    """Whether a line is an agency's name alone, as it stands beside a picture: "AFP", "ANP / Reuters"."""
    return len(text) <= 40 and _PHOTO_CREDIT.fullmatch(text) is not None


def is_place_alone(text: str, prose: str) -> bool:
    """Whether a line above the text is a dateline by itself: "Berlijn", and the text says "in Berlijn"."""
    if len(text) > 40 or not _PLACE.fullmatch(text):
        return False
    return any(f" {word} {text}" in prose for word in ("in", "uit", "te"))


def is_names(text: str) -> bool:
    """Whether a line is one or a few full names: "Lieselot Verbrugghe, Tom Ysebie", "PIET DE BRUIJNE"."""
    if len(text) > 80:
        return False
    if _NO_NAME.search(text):
        return False
    names = [name.strip() for name in _NAMES_APART.split(text)]
    return 1 <= len(names) <= 4 and all(
        _ONE_NAME.fullmatch(name) and sum(word not in _PARTICLES for word in name.split()) >= 2
        for name in names
    )
