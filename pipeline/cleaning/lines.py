"""The lines of an article, the unit that gets a zone, and what their form says.

In: repaired text. Out: `Line`s without the white space around them. A date prefix
(" date 2022-12 De Russische …") and furniture on the line of a paragraph ("… zei hij. Lees ook: …")
become lines of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from pipeline.schemas import Zone

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
DATE_PREFIX = re.compile(r"\s*date:? (?:19|20)\d\d(?:-\d\d){0,2}(?=\s|$)", re.IGNORECASE)
#: A sentence that ends, and another that begins on the same line.
SENTENCE_BREAK = re.compile(r"[.!?][”’\"')]* +[„“‘\"'(]*[A-ZÀ-Þ0-9]")
_FINAL = re.compile(r"[.!?…:;][”’\"'»)\]]*$")
#: "… zei hij. (Belga)" ends with a full stop too.
FULL_STOP = re.compile(r"(?<!\bo)[.…][”’\"'»)\]]*(?: \([A-Z][A-Za-z/, ]{1,40}\))?$")
#: "PYONGYANG (ANP) - De", "Brussel (Belga) - De", "KINSHASA/BRUSSEL 27/06 (BELGA) = De": only an article
#: begins so, or an item of a feed.
DATELINE = re.compile(
    r"(?P<place>(?:[A-ZÀ-Þ][A-ZÀ-Þ'’./ -]{1,60}?|[A-ZÀ-Þ][a-zà-ÿ]+(?:[ /-][A-ZÀ-Þ][a-zà-ÿ]+){0,3})"
    r"(?:, [A-ZÀ-Þ][a-zà-ÿ]+)?)"
    r"(?:,? \d{1,2}/\d{1,2})? ?"
    r"\((?P<agency>[A-Z][A-Za-z]+(?: ?[/,] ?[A-Z][A-Za-z]+)*)\) ?[-–—=] ?"
)
#: Furniture that stands on the line of a paragraph, up to the line's end or its own bracket.
_INLINE = re.compile(
    r"(?<=[.!?”’\"'»)])\s*(?P<rest>(?:(?:lees|kijk|bekijk|luister|beluister|read|see) "
    r"(?:ook|meer|verder|also|more)|lees dan ook)(?: [a-z ]{1,30})? ?[:>»–-] ?\S.{2,200}$)"
    r"|(?P<note>[\[(](?:lees|tekst|het artikel|artikel|bericht|dit artikel|video|advertentie|zie ook"
    r"|lees ook)"
    r"\b[^\])]{0,120}[\])])",
    re.IGNORECASE,
)
#: "… zei hij. Bekijk reacties op X": an order to the reader, without a full stop, ends the line.
_ORDER = re.compile(
    r"(?<=[.!?”’\"'»)]) ?(?=[A-Z])(?P<rest>(?:Bekijk|Beluister|Lees|Meer (?:lezen|nieuws|weten)|Volg|Klik|Tik"
    r"|Abonneer|Reageer|[A-Z][a-zà-ÿ]+ [^.?!”’\"„“‘]{3,60}\? (?:Tik|Klik|Meld|Schrijf|Lees|Bekijk|Mail|Zet)) "
    r"[^.!?”’\"„“‘:;]{3,90})$"
)
_ORDERS = ("Bekijk ", "Beluister ", "Lees ", "Meer ", "Volg ", "Klik ", "Tik ", "Abonneer ", "Reageer ",
           "Meld ", "Schrijf ", "Mail ", "Zet ")  # fmt: skip
_ORDER_WITHIN = 160
#: "42 minuten geledenOrbán dreigt opnieuw": a time glued to the line it stands above.
_GLUED = re.compile(
    r"(?:\d{1,3}|een) (?:min(?:uten|uut|\.)?|uur|uren|dag(?:en)?|week|weken|maand(?:en)?) geleden"
    r"(?= ?[A-ZÀ-Þ„“‘])"
)
_INLINE_NEEDLES = (
    "lees",
    "kijk",
    "luister",
    "read",
    "see ",
    "(tekst",
    "[tekst",
    "artikel",
    "bericht",
    "video",
    "adv",
)
_HEADLINE_MAX_CHARS = 220
_PROSE_MIN_WORDS = 12
_SENTENCE_MIN_WORDS = 4


@dataclass
class Line:
    """A line without the white space around it, and what the rules have made of it so far."""

    start: int
    text: str
    zone: Zone | None = None
    rule: str = ""

    @property
    def end(self) -> int:
        """Where it ends in the text, exclusive."""
        return self.start + len(self.text)

    @cached_property
    def n_words(self) -> int:
        """Words, by white space."""
        return len(self.text.split())

    @cached_property
    def is_prose(self) -> bool:
        """Whether it reads as running text: a sentence that ends, or more than one."""
        if self.n_words < _PROSE_MIN_WORDS:
            return False
        ends = SENTENCE_BREAK.search(self.text) or _FINAL.search(self.text)
        return bool(ends or DATELINE.match(self.text))

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it is prose, or a short sentence with its full stop."""
        return self.is_prose or (self.n_words >= _SENTENCE_MIN_WORDS and self.ends_with_full_stop)

    @cached_property
    def ends_with_full_stop(self) -> bool:
        """Whether it ends with a full stop or dots, inside or outside quotation marks."""
        return FULL_STOP.search(self.text) is not None

    @cached_property
    def ends(self) -> bool:
        """Whether it ends with any final punctuation."""
        return _FINAL.search(self.text) is not None

    @cached_property
    def is_headline(self) -> bool:
        """Whether it has the form of a headline: short enough and without a full stop."""
        short = len(self.text) <= _HEADLINE_MAX_CHARS
        unfinished = self.is_prose and self.text[-1:] in ":;,"
        return short and not unfinished and not self.ends_with_full_stop and not DATELINE.match(self.text)

    def label(self, zone: Zone, rule: str) -> None:
        """Give it a zone; the first rule to do so wins."""
        if self.zone is None:
            self.zone, self.rule = zone, rule


def split_lines(text: str) -> list[Line]:
    """The non-blank lines; a date prefix and furniture inside a line are lines of their own."""
    lines: list[Line] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        prefix = DATE_PREFIX.match(text, start, end) if not lines else None
        if prefix:
            lines += _piece(text, start, prefix.end())
            start = prefix.end()
        near = min(end, start + 100)
        glued = _GLUED.search(text, start, near) if text.find(" geleden", start, near) > 0 else None
        if glued and (glued.start() > start or text[glued.end()] != " "):
            lines += _piece(text, start, glued.end())
            start = glued.end()
        for inline in _inline(text, start, end):
            group = "rest" if inline["rest"] else "note"
            lines += _piece(text, start, inline.start(group))
            lines += _piece(text, *inline.span(group), Zone.FURNITURE)
            start = inline.end(group)
        order = _order(text, start, end)
        lines += _piece(text, start, order)
        lines += _piece(text, order, end, Zone.FURNITURE)
    return lines


def _order(text: str, start: int, end: int) -> int:
    """Where an order to the reader begins at the end of a line of text; else the line's end."""
    low = max(start + 1, end - _ORDER_WITHIN)
    tail = text[low:end]
    if low - start < _ORDER_WITHIN // 4 and end - start < _ORDER_WITHIN // 2:
        return end
    if not any(word in tail for word in _ORDERS):
        return end
    match = _ORDER.search(tail)
    return low + match.start("rest") if match else end


def _inline(text: str, start: int, end: int) -> Iterator[re.Match[str]]:
    """The stretches of furniture inside a line; few lines have any, so that words are looked for first."""
    low = text[start:end].casefold()
    if any(needle in low for needle in _INLINE_NEEDLES):
        yield from _INLINE.finditer(text, start, end)


def _piece(text: str, start: int, end: int, zone: Zone | None = None) -> list[Line]:
    stripped = text[start:end].strip()
    if not stripped:
        return []
    return [Line(text.index(stripped[0], start), stripped, zone, "inline" if zone else "")]


def unlabelled(lines: list[Line]) -> list[Line]:
    """Those without a zone yet."""
    return [line for line in lines if line.zone is None]
