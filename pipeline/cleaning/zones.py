"""Which zone each line of an article is in, by form and context.

In: the repaired text of one article. Out: `Part`s: spans with a zone and the rule that gave it,
in order, covering every non-blank character. `lines` says what a line's form is, `furniture` and
`particulars` know the wording; position, repetition and neighbours are judged in `zone_blocks` (lists,
feeds, comments, the foot of the page), `zone_head` (the title and what stands around it) and `zone_body`
(headings, captions, lists of the article). The first rule to label a line wins.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pipeline.cleaning.furniture import (
    COOKIE_BANNER,
    FURNITURE_LINE,
    RELATIVE_TIME,
    REPORTED,
    TO_READERS,
    is_service,
)
from pipeline.cleaning.lines import DATE_PREFIX, SENTENCE_BREAK, Line, split_lines
from pipeline.cleaning.particulars import BYLINE, about_article, says_when
from pipeline.cleaning.prompts import is_plug, is_prompt
from pipeline.cleaning.zone_blocks import label_blocks, label_comments, label_feeds, label_inserts, label_tail
from pipeline.cleaning.zone_body import drop_empty_headings, label_body, label_captions
from pipeline.cleaning.zone_head import label_head
from pipeline.reading.html_text import LETTERS, PLAIN, UNKNOWN
from pipeline.schemas import Zone

_BAR = re.compile(r" ?[|›»·•∙↓→←] ?| > |\s{2,}|\t")
_FIGURES = re.compile(r"\d[\d.,:]*%?")
_DECORATION = re.compile(r"^[^\w©(&“„‘\"']+|(?<![^\w.!?:…)”’\"'*])[^\w.!?:…)”’\"'*]+$")
_HOME = re.compile(r"(?:home(?:page)?|u bent hier:?|nieuws|start)", re.IGNORECASE)
_FIELD = re.compile(r"[A-ZÀ-Þ][A-Za-zà-ÿ-]{2,15}: \S.{0,80}")
_RECORD_LABELS = frozenset(
    [
        "language",
        "subject",
        "section",
        "length",
        "byline",
        "publication-type",
        "geographic",
        "taal",
        "rubriek",
    ]
)
_WIDE_LINE = 300
_QUOTE = re.compile(r"[“”„‘\"]")
_SITE_MAX_WORDS, _SITE_MIN_CHARS, _SITE_MAX_CHARS = 40, 6, 40


@dataclass(frozen=True, slots=True)
class Part:
    """A span of the repaired text with its zone."""

    start: int
    end: int
    zone: Zone
    rule: str


def zone_parts(
    text: str,
    *,
    title: str | None = None,
    hints: Mapping[int, str] | None = None,
    shared: Callable[[str], bool] | None = None,
) -> list[Part]:
    """The zones of an article.

    Args:
        text: repaired text.
        title: the title as the input gave it beside the text, to know it again in the text.
        hints: what the markup of an HTML page says, by the offset at which a line starts (see `html_text`).
        shared: whether a line is one that many articles of the outlet have (see `outlet_lines`).
    """
    lines = split_lines(text)
    if shared:
        _label_shared(lines, shared)
    _label_hinted(lines, hints or {}, only=Zone.FURNITURE)
    _label_by_wording(lines)
    _label_fields(lines)
    _label_hinted(lines, hints or {})
    label_feeds(lines)
    label_comments(lines)
    label_captions(lines)
    label_inserts(lines)
    label_blocks(lines)
    _label_service(lines)
    label_head(lines, title)
    _label_site(lines)
    label_tail(lines)
    _label_plain(lines, hints or {})
    label_body(lines)
    drop_empty_headings(lines)
    return [Part(line.start, line.end, line.zone or Zone.BODY, line.rule) for line in lines]


def _label_shared(lines: list[Line], shared: Callable[[str], bool]) -> None:
    for line in lines:
        if shared(line.text):
            line.label(Zone.FURNITURE, "outlet-line")


def _label_by_wording(lines: list[Line]) -> None:
    for line in lines:
        if len(line.text) > _WIDE_LINE:
            continue
        text = line.text.strip(" ·•|-–—")
        rule = "date" if DATE_PREFIX.fullmatch(line.text) else about_article(text)
        if rule:
            line.label(Zone.METADATA, rule)
        elif BYLINE.fullmatch(text):
            line.label(Zone.FURNITURE, "byline")
        elif COOKIE_BANNER.fullmatch(line.text) or _is_furniture_line(line):
            line.label(Zone.FURNITURE, "furniture-line")
        elif is_prompt(line.text) or is_plug(line.text):
            line.label(Zone.FURNITURE, "prompt")
        else:
            _label_bar(line)


def _is_furniture_line(line: Line) -> bool:
    # Behind the opening words: "LEES OOK. Deze gemeente vraagt …" is one sentence.
    several = line.is_prose and SENTENCE_BREAK.search(line.text, 12)
    plain = " ".join(_DECORATION.sub("", line.text).split())
    return not several and FURNITURE_LINE.fullmatch(plain) is not None


def _label_bar(line: Line) -> None:
    """A bar of short pieces: "Scheldekoerier | Politiek | 14/10/2025, 16u42", "Home › Buitenland"."""
    pieces = [piece for piece in _BAR.split(line.text) if piece]
    if len(line.text) > _WIDE_LINE or len(pieces) < 2:
        if line.text.startswith("#") and all(word.startswith("#") for word in line.text.split()):
            line.label(Zone.FURNITURE, "tags")
        return
    if any(len(p.split()) >= 4 for p in pieces) and RELATIVE_TIME.match(pieces[-1]):
        line.label(Zone.FURNITURE, "bar")  # "Wat is groene waterstof? | Energievandaag | 5 uur geleden"
    elif len(line.text) <= 160 and any(says_when(piece) for piece in pieces) and not line.is_prose:
        line.label(Zone.METADATA, "bar")
    elif _is_menu(line, pieces) or (_HOME.fullmatch(pieces[0]) and not line.ends_with_full_stop):
        line.label(Zone.FURNITURE, "bar")


def _is_menu(line: Line, pieces: list[str]) -> bool:
    """Whether short pieces are links; a row of a table has figures: "Irak   211.000"."""
    if line.ends or any(len(piece.split()) > 4 for piece in pieces):
        return False
    figures = sum(_FIGURES.fullmatch(piece) is not None for piece in pieces)
    barred = len(pieces) > 2 and any(c in line.text for c in "|›»·•")
    return not figures or (figures < len(pieces) and barred)


def _label_fields(lines: list[Line]) -> None:
    """The record of a database above the article: "Section: BUITENLAND", "Length: 274 woorden"."""
    first = next((i for i, line in enumerate(lines) if line.zone is None and line.is_prose), len(lines))
    last = max((i for i, line in enumerate(lines) if line.zone is None and line.is_prose), default=-1)
    for part, records in ((lines[:first], False), (lines[last + 1 :], True)):
        fields = [line for line in part if _FIELD.fullmatch(line.text) and line.n_words <= 8]
        labels = {line.text.split(":")[0].casefold() for line in fields}
        # At the foot "België: minister Lahbib" may be the article's.
        if len(labels) >= 3 and (not records or labels & _RECORD_LABELS):
            for line in fields:
                line.label(Zone.METADATA, "field")


def _label_hinted(lines: list[Line], hints: Mapping[int, str], only: Zone | None = None) -> None:
    for line in lines:
        zone = LETTERS.get(hints.get(line.start, UNKNOWN))
        if only and zone is not only:
            continue
        if zone is Zone.TITLE and any(other.zone is Zone.TITLE for other in lines):
            zone = Zone.HEADING
        if zone is Zone.HEADING and line.n_words > 2 and is_service(line, after_article=True):
            zone = Zone.FURNITURE
        if zone:
            line.label(zone, "markup")


def _label_plain(lines: list[Line], hints: Mapping[int, str]) -> None:
    """A paragraph or an item of a list is no heading, however short."""
    for line in lines:
        if hints.get(line.start) == PLAIN:
            line.label(Zone.BODY, "markup")


def _label_service(lines: list[Line]) -> None:
    last = max((i for i, line in enumerate(lines) if _is_article_prose(line)), default=-1)
    for i, line in enumerate(lines):
        if line.zone is None and is_service(line, after_article=i > last >= 0):
            line.label(Zone.FURNITURE, "service")


def _label_site(lines: list[Line]) -> None:
    """What the page says of its own site: "Wachten op de pont wordt gemaakt voor lezers. Wil je …"."""
    title = next((i for i, line in enumerate(lines) if line.zone is Zone.TITLE), 0)
    if not title or lines[0].rule != "above-title":
        return
    # Only the page's first line: "Oekraïne" above the title is a section, and paragraphs begin with it.
    name = _BAR.split(lines[0].text)[0].casefold()
    if not _SITE_MIN_CHARS <= len(name) <= _SITE_MAX_CHARS:
        return
    last = max((i for i, line in enumerate(lines) if _is_paragraph(line, name)), default=-1)
    for i, line in enumerate(lines[title + 1 :], title + 1):
        if line.zone is not None or line.n_words > _SITE_MAX_WORDS or REPORTED.search(line.text):
            continue
        if name not in line.text.casefold() or _QUOTE.search(line.text):
            continue
        at_foot = i > last >= 0 and any(other.zone is Zone.FURNITURE for other in lines[last:i])
        if at_foot or (" " in name and TO_READERS.search(line.text)):
            line.label(Zone.FURNITURE, "site")


def _is_paragraph(line: Line, name: str) -> bool:
    return line.zone is None and line.is_prose and name not in line.text.casefold()


def _is_article_prose(line: Line) -> bool:
    return line.zone is None and line.is_prose and not is_service(line, after_article=True)
