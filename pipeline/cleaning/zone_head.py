"""The title, and what stands above it and between it and the running text.

In: the lines of an article, some labelled. Out: one title; site name, tagline, section and menu above
it as furniture; below it by-lines, buttons, captions and the lead.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pipeline.cleaning.lines import SENTENCE_BREAK, Line, unlabelled
from pipeline.cleaning.particulars import is_names, is_photo_credit, is_place_alone
from pipeline.schemas import Zone

_LONG_WORD = re.compile(r"\w{5,}")
#: "Top in Minsk | De Bode": the site's name behind the title.
_SUFFIX = re.compile(r" [|–—-] (?P<site>[A-ZÀ-Þ][\w.'’-]*(?: [\w.'’-]+){0,4})$")
_WITHOUT_LETTERS = re.compile(r"[\W\d_]+")
#: "Over een grens die dichtging terwijl iemand zijn band plakte" stands under a title.
_SUBTITLE = re.compile(r"(?:Over|Hoe|Waarom|Waarin|Wat|Een|En) [a-zà-ÿ]")
_SUMMARY = re.compile(
    r"(?:(?:kort )?samengevat|samenvatting|in het kort|kort"
    r"|(?:het belangrijkste|dit weten we|in een notendop).*)",
    re.IGNORECASE,
)
_MOTTO_MAX_WORDS, _MOTTO_SCORE = 5, 2
_TITLE_WITHIN = 10
_TITLE_MAX_WORDS = 18
_HEAD_MAX = 40
_TAGLINE_MAX_WORDS = 20
_LABEL_MAX_WORDS = 3


def label_head(lines: list[Line], given: str | None) -> None:
    """Label the title and the lines around it; `given` is the title that the input says it has."""
    if given:
        _label_given(lines, given)
    head = _head(lines)
    title = next((line for line in lines[:_HEAD_MAX] if line.zone is Zone.TITLE), None)
    if title is None:
        title = _best_title([line for line in head if line.zone is None or line.rule == "teaser"], lines)
    if title is None:
        for line in head:
            if line.n_words <= _LABEL_MAX_WORDS or _is_motto(line):
                line.label(Zone.FURNITURE, "above-text")
        return
    if title.zone is not Zone.TITLE:
        title.zone, title.rule = Zone.TITLE, "title"
    _cut_site_name(lines, title)
    for line in head:
        if line.start < title.start:
            line.label(Zone.FURNITURE, "above-title")
        elif line is not title and line.zone is not Zone.METADATA and _same(line.text, title.text):
            # Once is enough: twice would double the title's mentions.
            line.label(Zone.FURNITURE, "title-again")
    _label_below(lines, next(i for i, line in enumerate(lines) if line is title))


def _cut_site_name(lines: list[Line], title: Line) -> None:
    """Behind "Top in Minsk | De Bode" the site's name becomes a line of its own, as furniture."""
    suffix = _SUFFIX.search(title.text)
    if not suffix or len(title.text[: suffix.start()].split()) < 3:
        return
    site = suffix["site"]
    bar = title.text[suffix.start() + 1] == "|"
    if bar or any(site in line.text for line in lines if line is not title and not line.is_prose):
        at = suffix.start() + 1
        rest = Line(title.start + at, title.text[at:], Zone.FURNITURE, "site-name")
        lines.insert(next(i for i, line in enumerate(lines) if line is title) + 1, rest)
        title.text = title.text[: suffix.start()]


def _label_given(lines: list[Line], given: str) -> None:
    for i, line in enumerate(lines[:_HEAD_MAX]):
        if line.zone in (None, Zone.FURNITURE, Zone.TITLE) and _same(line.text, given):
            line.zone, line.rule = Zone.TITLE, "title-given"
            for above in lines[:i]:
                above.label(Zone.FURNITURE, "above-title")
            return


def _same(a: str, b: str) -> bool:
    return " ".join(a.split()).casefold() == " ".join(b.split()).casefold()


def _head(lines: list[Line]) -> list[Line]:
    """The lines above the first running text that is not a tagline.

    A single sentence above a later headline is a tagline ("Dagelijks meer nieuws over …"), unless a
    title stands above it.
    """
    for i, line in enumerate(lines):
        if line.zone is not None or not line.is_prose or line.is_headline:
            continue
        rest = unlabelled(lines[i + 1 : i + 4])
        above = [other for other in unlabelled(lines[:i]) if other.n_words >= 4]
        tagline = not above and not SENTENCE_BREAK.search(line.text) and line.n_words <= _TAGLINE_MAX_WORDS
        if tagline and any(other.is_headline for other in rest) and i > 0:
            continue
        return lines[:i]
    return [line for line in lines if line.is_headline][:6]


def _best_title(candidates: list[Line], lines: list[Line]) -> Line | None:
    """The candidate that reads most like a headline of the text below.

    A site's name is short and a motto shares no word with the article; what stands last before the text
    wins from an equal, since a second title is rarer than a kicker.
    """
    candidates = [line for line in candidates if line.is_headline and not _is_motto(line)][:_TITLE_WITHIN]
    if not candidates:
        return None
    seen = Counter(line.text for line in lines[:_HEAD_MAX])
    below = _words_below(candidates, lines)
    menu = max((line.start for line in lines[:_HEAD_MAX] if _is_menu_line(line)), default=-1)

    def score(line: Line) -> tuple[float, int]:
        # What stands above the breadcrumbs is the site's.
        return _title_score(line, below[line.start], seen) - (line.start < menu), -line.start

    best = max(candidates, key=score)
    if score(best)[0] < 0:
        return None  # a site's name above its menu
    at = candidates.index(best)
    if at and _SUBTITLE.match(best.text) and _adjoin(candidates[at - 1], best, lines):
        above = candidates[at - 1]
        if above.n_words >= 4 and score(above)[0] > _MOTTO_SCORE:
            return above
    return best


def _adjoin(a: Line, b: Line, lines: list[Line]) -> bool:
    return any(x is a and y is b for x, y in pairwise(lines))


def _is_motto(line: Line) -> bool:
    """Whether a short line begins with a small letter, as no headline does: "opinies die schuren"."""
    return line.text[0].islower() and line.n_words <= _MOTTO_MAX_WORDS


def _is_menu_line(line: Line) -> bool:
    return line.zone is Zone.FURNITURE and any(c in line.text for c in "›»>")


def _words_below(candidates: list[Line], lines: list[Line]) -> dict[int, set[str]]:
    """For each candidate the long words of the text below it."""
    found: dict[int, set[str]] = {}
    words: set[str] = set()
    starts = {line.start for line in candidates}
    for line in reversed(lines):
        if line.start in starts:
            found[line.start] = set(words)
        if line.zone is None:
            words |= set(_LONG_WORD.findall(line.text.casefold()))
    return found


def _title_score(line: Line, below: set[str], seen: Counter[str]) -> float:
    words = set(_LONG_WORD.findall(line.text.casefold()))
    score = float(min(len(words & below), 3))
    score += 2 if line.n_words >= 4 else 1 if line.n_words == 3 else 0
    score += 1 if seen[line.text] > 1 and line.n_words >= 4 else 0
    score -= 1 if line.n_words >= 4 and line.text.endswith(",") else 0
    score -= 2 if is_names(line.text) else 0
    score -= 2 if line.n_words > _TITLE_MAX_WORDS or SENTENCE_BREAK.search(line.text) else 0
    score -= 1 if " | " in line.text and not _SUFFIX.search(line.text) else 0
    return score


def _label_below(lines: list[Line], at: int) -> None:
    """By-lines, buttons, captions and the lead, from the title to the second paragraph."""
    for i, line in enumerate(lines):
        if line.zone is None and line.is_prose:
            break
        # "AFP" under the title is a photograph's; below the text it is the article's source.
        if i > at and line.rule == "source" and is_photo_credit(line.text):
            line.zone, line.rule = Zone.CAPTION, "credit"
    paragraphs = 0
    text = " ".join(line.text for line in lines if line.is_prose)
    for i in range(at + 1, min(len(lines), at + _HEAD_MAX)):
        line = lines[i]
        if paragraphs and line.text.endswith(":"):
            return
        if line.zone is None and line.is_prose:
            paragraphs += 1
            if paragraphs == 2:
                return
        elif line.zone is None:
            _label_one_below(lines, i, text, led=paragraphs > 0)


def _label_one_below(lines: list[Line], i: int, text: str, *, led: bool) -> None:  # noqa: C901
    line, before, after = lines[i], lines[i - 1], lines[i + 1 : i + 2]
    beside = [other for other in (before, *after) if other.zone is not Zone.TITLE]
    if after and after[0].zone is None and after[0].is_prose and is_place_alone(line.text, text):
        line.label(Zone.BODY, "dateline")
    elif _SUMMARY.fullmatch(line.text):
        line.label(Zone.HEADING, "summary")
    if line.zone is not None:
        return
    if _WITHOUT_LETTERS.fullmatch(line.text):
        line.label(Zone.FURNITURE, "symbols")
    elif _is_byline(line.text, text) or (is_names(line.text) and _dated(beside)):
        line.label(Zone.FURNITURE, "byline")
    elif before.rule == "byline" and line.n_words <= 6 and not line.ends and line.text[-1] != ",":
        line.label(Zone.FURNITURE, "byline")  # "Sinoloog, publicist"
    elif led:
        return
    elif (
        line.text.count(",") >= 1 and all(len(p.split()) <= 2 for p in line.text.split(",")) and not line.ends
    ):
        line.label(Zone.BODY if line.text.endswith(",") else Zone.FURNITURE, "tags")
    elif is_photo_credit(line.text) or any(is_photo_credit(other.text) for other in beside):
        line.label(Zone.CAPTION, "credit")
    elif before.zone is Zone.TITLE and line.n_words > _LABEL_MAX_WORDS:
        line.label(Zone.BODY, "lead")
    elif line.n_words <= _LABEL_MAX_WORDS and not line.ends and before.zone is not Zone.TITLE:
        line.label(Zone.FURNITURE, "label")
    elif line.is_headline and before.zone is Zone.METADATA and line.text[-1] not in "?!,":
        line.label(Zone.CAPTION, "below-date")


def _dated(beside: list[Line]) -> bool:
    return any(other.zone is Zone.METADATA for other in beside)


def _is_byline(line: str, prose: str) -> bool:
    """Names that the text does not have, maybe with what the author is: "Els de Wit, redacteur Markt"."""
    name, _, what = line.partition(",")
    if len(line) > 80 or any(c.isdigit() for c in what):
        return False
    return (is_names(line) or is_names(name)) and name.split()[-1] not in prose
