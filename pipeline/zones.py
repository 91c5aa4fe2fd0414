"""Which zone each line of an article is in, by form and context.

In: the repaired text of one article. Out: `Part`s: spans with a zone and the rule that gave it,
in order, covering every non-blank character. A line is the unit; a metadata prefix
(" date 2022-12 De Russische …") is split off the line it stands on. The wording of furniture is in
`furniture`; here is what position, length, punctuation, repetition and neighbours say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from pipeline.dates import DATE_LINE
from pipeline.furniture import (
    BLOCK_OPENER,
    BYLINE,
    CAPTION_LINE,
    COMMENTS,
    COOKIE_BANNER,
    FURNITURE_LINE,
    METADATA_LINE,
    RELATIVE_TIME,
)
from pipeline.schemas import Zone

_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_DATE_PREFIX = re.compile(r"\s*date:? (?:19|20)\d\d(?:-\d\d){0,2}(?=\s|$)", re.IGNORECASE)
#: A sentence that ends, and another that begins on the same line.
_SENTENCE_BREAK = re.compile(r"[.!?][”’\"')]* +[„“‘\"'(]*[A-ZÀ-Þ0-9]")
_FINAL = re.compile(r"[.!?…:;][”’\"'»)\]]*$")
#: "… zei hij. (Belga)" ends with a full stop too.
_FULL_STOP = re.compile(r"(?<!\bo)[.…][”’\"'»)\]]*(?: \([A-Z][A-Za-z/, ]{1,40}\))?$")
#: "PYONGYANG (ANP) - De Russische president": only an article, or an item of a feed, begins so.
DATELINE = re.compile(
    r"(?P<place>[A-ZÀ-Þ][A-ZÀ-Þ'’./ -]{1,60}?) ?\((?P<agency>[A-Z][A-Za-z]+(?: ?[/,] ?[A-Z][A-Za-z]+)*)\)"
    r" ?[-–—] ?"
)
_LONG_WORD = re.compile(r"\w{5,}")
_BAR = re.compile(r" ?[|›»·•] ?| > ")
_DAY_AND_TIME = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{4}\b")
_HEADLINE_MAX_CHARS = 220
_HEADING_MAX_WORDS = 14
_PROSE_MIN_WORDS = 12
_TEASER_MAX_WORDS = 40


@dataclass(frozen=True, slots=True)
class Part:
    """A span of the repaired text with its zone."""

    start: int
    end: int
    zone: Zone
    rule: str


@dataclass(slots=True)
class Line:
    """A line without the white space around it, and what the rules have made of it so far."""

    start: int
    end: int
    text: str
    zone: Zone | None = None
    rule: str = ""

    @property
    def n_words(self) -> int:
        """Words, by white space."""
        return len(self.text.split())

    @property
    def is_prose(self) -> bool:
        """Whether it reads as running text: a sentence that ends, or more than one."""
        if self.n_words < _PROSE_MIN_WORDS:
            return False
        ends = _SENTENCE_BREAK.search(self.text) or _FINAL.search(self.text)
        return bool(ends or DATELINE.match(self.text))

    @property
    def is_headline(self) -> bool:
        """Whether it has the form of a headline: short enough and without a full stop."""
        short = len(self.text) <= _HEADLINE_MAX_CHARS
        unfinished = self.is_prose and self.text[-1:] in ":;,"
        return short and not unfinished and not _FULL_STOP.search(self.text) and not DATELINE.match(self.text)

    def label(self, zone: Zone, rule: str) -> None:
        """Give it a zone; the first rule to do so wins."""
        if self.zone is None:
            self.zone, self.rule = zone, rule


def zone_parts(text: str, *, title: str | None = None) -> list[Part]:
    """The zones of an article.

    Args:
        text: repaired text.
        title: the title as the input gave it beside the text, to know it again in the text.
    """
    lines = _lines(text)
    for rule in (_metadata, _single_furniture, _bars, _feeds, _comments, _blocks, _captions):
        rule(lines)
    _titles(lines, title)
    _tail(lines)
    _headings(lines)
    for line in lines:
        line.label(Zone.BODY, "prose" if line.is_prose else "default")
    return [Part(line.start, line.end, line.zone or Zone.BODY, line.rule) for line in lines]


def _lines(text: str) -> list[Line]:
    """The non-blank lines; a metadata prefix becomes a line of its own."""
    lines: list[Line] = []
    for match in _LINE.finditer(text):
        start, end = match.span()
        prefix = _DATE_PREFIX.match(text, start, end) if not lines else None
        if prefix:
            lines.append(_line(text, start, prefix.end()))
            start = prefix.end()
        line = _line(text, start, end)
        if line.text:
            lines.append(line)
    return lines


def _line(text: str, start: int, end: int) -> Line:
    stripped = text[start:end].strip()
    at = text.index(stripped, start) if stripped else start
    return Line(at, at + len(stripped), stripped)


def _metadata(lines: list[Line]) -> None:
    for line in lines:
        if len(line.text) > 120:
            continue
        if DATE_LINE.fullmatch(line.text) or _DATE_PREFIX.fullmatch(line.text):
            line.label(Zone.METADATA, "date")
        elif METADATA_LINE.fullmatch(line.text) or BYLINE.fullmatch(line.text):
            line.label(Zone.METADATA, "byline")


def _single_furniture(lines: list[Line]) -> None:
    for line in lines:
        if len(line.text) > 300:
            continue
        if COOKIE_BANNER.fullmatch(line.text):
            line.label(Zone.FURNITURE, "furniture-line")
        if line.is_prose and _SENTENCE_BREAK.search(line.text):
            continue
        if FURNITURE_LINE.fullmatch(line.text):
            line.label(Zone.FURNITURE, "furniture-line")


def _bars(lines: list[Line]) -> None:
    """A bar of short pieces: "Scheldekoerier | Politiek | 14/10/2025, 16u42", "Home › Buitenland"."""
    for line in lines:
        pieces = _BAR.split(line.text)
        if line.zone is not None or len(pieces) < 2 or len(line.text) > 160:
            continue
        dated = any(
            DATE_LINE.fullmatch(p) or METADATA_LINE.fullmatch(p) or _DAY_AND_TIME.match(p) for p in pieces
        )
        if dated:
            line.label(Zone.METADATA, "bar")
        elif all(len(p.split()) <= 4 for p in pieces) and not _FINAL.search(line.text):
            line.label(Zone.FURNITURE, "bar")


def _comments(lines: list[Line]) -> None:
    """Below "3 reacties" in the second half of a page stand the readers' comments, to the end."""
    for i, line in enumerate(lines):
        if 2 * i >= len(lines) and COMMENTS.fullmatch(line.text):
            for below in lines[i:]:
                below.label(Zone.FURNITURE, "comments")
            return


def _feeds(lines: list[Line]) -> None:
    """A live feed: from the opener before the first relative time to the last one.

    "Meer uit Buitenland / DOHA (ANP/AFP) - Qatar heeft … / 13 minuten geleden WENEN (ANP) - …": the
    items read like articles, so their form alone cannot tell.
    """
    timed = [i for i, line in enumerate(lines) if RELATIVE_TIME.match(line.text)]
    if len(timed) < 2:
        return
    first = timed[0]
    while first > 1 and not _opens_block(lines[first]) and first > timed[0] - 4:
        first -= 1
    if not _opens_block(lines[first]):
        first = timed[0]
    last = timed[-1]
    # Where the time stands above its item, the last item follows the last time.
    if last + 1 < len(lines) and lines[last].n_words <= 4 and DATELINE.match(lines[last + 1].text):
        last += 1
    for line in lines[first : last + 1]:
        line.label(Zone.FURNITURE, "feed")


def _opens_block(line: Line) -> bool:
    text = line.text.rstrip(" :.>»")
    return line.n_words <= 8 and BLOCK_OPENER.fullmatch(text) is not None


def _blocks(lines: list[Line]) -> None:
    """An opener (LEES OOK, Hoofdpunten) and the teasers under it, until running text begins."""
    in_block = False
    for i, line in enumerate(lines):
        if _opens_block(line):
            line.zone, line.rule, in_block = Zone.FURNITURE, "opener", True
        elif in_block and (line.zone is not None or _is_teaser(lines, i)):
            line.label(Zone.FURNITURE, "teaser")
        else:
            in_block = False


def _is_teaser(lines: list[Line], i: int) -> bool:
    """Whether line i under an opener is still one of its headlines.

    A question or a quotation may end a headline; a full stop ends one only where more headlines
    stand around it.
    """
    line = lines[i]
    if line.n_words > _TEASER_MAX_WORDS or (_SENTENCE_BREAK.search(line.text) and line.is_prose):
        return _FULL_STOP.search(line.text) is None and line.n_words <= _TEASER_MAX_WORDS
    if not _FULL_STOP.search(line.text):
        return not _continues_article(lines, i)
    return False


def _continues_article(lines: list[Line], i: int) -> bool:
    """A short headline-shaped line right before running text is a heading of the article.

    The line under the opener itself is always a teaser ("Bekijk ook" / "Kiev voelt spanning").
    """
    if i + 1 >= len(lines) or _opens_block(lines[i - 1]):
        return False
    following = lines[i + 1]
    return lines[i].n_words <= 5 and following.is_prose and following.zone is None


def _captions(lines: list[Line]) -> None:
    for line in lines:
        if len(line.text) <= 500 and CAPTION_LINE.fullmatch(line.text):
            line.label(Zone.CAPTION, "caption")


def _titles(lines: list[Line], given: str | None) -> None:
    """The title, above the first running text; site name, tagline and section above it."""
    if given:
        for i, line in enumerate(lines[:8]):
            if line.zone in (None, Zone.FURNITURE) and _same(line.text, given):
                line.zone, line.rule = Zone.TITLE, "title-given"
                for above in lines[:i]:
                    above.label(Zone.FURNITURE, "above-title")
    head = _head(lines)
    candidates = [line for line in head if line.zone is None and line.is_headline]
    if any(line.zone is Zone.TITLE for line in head) or not candidates:
        return
    seen = Counter(line.text for line in candidates)
    repeated = [line for line in candidates if seen[line.text] > 1]
    title = repeated[0] if repeated else _best_title(candidates, lines)
    title.label(Zone.TITLE, "title")
    for line in head:
        if line.start < title.start:
            line.label(Zone.FURNITURE, "above-title")
        elif line in repeated:
            # Once is enough: twice would double the title's mentions.
            line.label(Zone.FURNITURE, "title-again")


def _head(lines: list[Line]) -> list[Line]:
    """The lines above the first running text that is not a tagline.

    A single sentence above a later headline is a tagline ("Dagelijks meer nieuws over …"), unless a
    title stands above it.
    """
    for i, line in enumerate(lines):
        if line.zone is not None or not line.is_prose or line.is_headline:
            continue
        rest = [other for other in lines[i + 1 : i + 4] if other.zone is None]
        above = [other for other in lines[:i] if other.zone is None and other.n_words >= 4]
        tagline = not above and not _SENTENCE_BREAK.search(line.text) and line.n_words <= 20
        if tagline and sum(other.is_headline for other in rest) >= 1 and i > 0:
            continue
        return lines[:i]
    return [line for line in lines if line.is_headline][:6]


def _best_title(candidates: list[Line], lines: list[Line]) -> Line:
    """The first line of at least four words that the text below takes up, else the last of four words.

    Site name, motto and section stand above the title, a second headline below it; two long words
    in common with what follows tell a title from a motto.
    """
    best: Line | None = None
    below: set[str] = set()
    starts = {line.start for line in candidates if line.n_words >= 4}
    for line in reversed([line for line in lines if line.zone is None]):
        words = set(_LONG_WORD.findall(line.text.casefold()))
        if line.start in starts and len(words & below) >= 2:
            best = line
        below |= words
    return best or next((line for line in reversed(candidates) if line.n_words >= 4), candidates[0])


def _same(a: str, b: str) -> bool:
    return " ".join(a.split()).casefold() == " ".join(b.split()).casefold()


def _tail(lines: list[Line]) -> None:
    """Two or more headlines after the last running text are a list of other articles."""
    last = max((i for i, line in enumerate(lines) if line.zone is None and line.is_prose), default=-1)
    after = [line for line in lines[last + 1 :] if line.zone is None]
    if last >= 0 and len(after) >= 2 and all(line.is_headline for line in after):
        for line in after:
            line.label(Zone.FURNITURE, "list-at-end")


def _headings(lines: list[Line]) -> None:
    """A short line without a full stop between running text."""
    text = [line for line in lines if line.zone is None or line.zone is Zone.TITLE]
    for before, line, after in zip(text, text[1:], text[2:], strict=False):
        if line.zone is not None or line.is_prose or not line.is_headline:
            continue
        starts_low = line.text.lstrip("-–—•* ")[:1].islower()  # "- de wapens gaan terug;" is an item
        fits = line.n_words <= _HEADING_MAX_WORDS and not starts_low and not _unfinished(before)
        if fits and (after.is_prose or after.n_words > line.n_words):
            line.label(Zone.HEADING, "heading")


def _unfinished(line: Line) -> bool:
    """Whether a line of running text breaks off in mid-sentence, so that the next continues it."""
    return line.is_prose and line.text[-1:] in {",", "-"}
