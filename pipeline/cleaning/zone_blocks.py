"""Lists of other articles, live feeds, readers' comments and the foot of the page.

In: the lines of an article. Out: furniture labels on those that are no part of it. The items of such a
list read like headlines or even like articles, so that what opens them and what surrounds them decides.
"""

from __future__ import annotations

import re
from itertools import pairwise

from pipeline.cleaning.furniture import (
    BLOCK_OPENER,
    COMMENTS,
    COMMENTS_PERHAPS,
    END_OF_ARTICLE,
    RELATIVE_TIME,
)
from pipeline.cleaning.lines import DATELINE, SENTENCE_BREAK, Line
from pipeline.cleaning.particulars import is_names, says_when
from pipeline.cleaning.prompts import opens_list
from pipeline.schemas import Zone

_VOTES = re.compile(r"[\d.]+ stem(?:men)?(?: uitgebracht)?", re.IGNORECASE)
_RULER = re.compile(r"[-–—_=*~•·. ]{3,}")
_PARTNER = re.compile(
    r"(?:aangeboden|gesponsord|advert|partner|een boodschap|reclame|promotie)", re.IGNORECASE
)
_INSERT_MAX = 7
_CLOCK = re.compile(r"[0-2]?\d[:.u][0-5]\d(?: uur)?")
_LIVE_ENTRIES = 3
_YEAR = re.compile(r"(?:19|20)\d\d\b")
_TEASER_MAX_WORDS = 40
_SENTENCE_MIN_WORDS = 8
_ITEM = re.compile(r"(?:[-–—•*▪●◦‣✔✅❌☑➤►▶]\ufe0f?|\d{1,2}[.)]) ?\S")


def opens_block(line: Line) -> bool:
    """Whether a line opens a list of other articles ("LEES OOK", "Meer uit Buitenland")."""
    text = line.text.rstrip(" :.>»›▾")
    return line.n_words <= 8 and BLOCK_OPENER.fullmatch(text) is not None


def is_item(line: Line) -> bool:
    """Whether a line begins with a bullet or a number: "• Wie met de hond reist …", "5. Litouwen 8 - 3"."""
    return _ITEM.match(line.text) is not None


def label_feeds(lines: list[Line]) -> None:
    """A live feed: from the opener before the first relative time to the last one.

    "Meer uit Buitenland / DOHA (ANP/AFP) - Qatar heeft … / 13 minuten geleden WENEN (ANP) - …": the
    items read like articles, so their form alone cannot tell. So do the items of a feed without times:
    an article has one dateline.
    """
    timed = [i for i, line in enumerate(lines) if RELATIVE_TIME.match(line.text)]
    datelined = [i for i, line in enumerate(lines) if DATELINE.match(line.text)]
    begun = datelined[0] if datelined else len(lines)
    if len([i for i in timed if lines[i].zone is None or lines[i].n_words <= 4]) >= 2:
        _label_feed(lines, timed)
    for i in datelined[1:]:
        if lines[i].is_prose and (i > begun + 1 or _is_furniture(lines[i - 1])):
            lines[i].label(Zone.FURNITURE, "feed")


def _label_feed(lines: list[Line], timed: list[int]) -> None:
    first = timed[0]
    while first > 1 and not opens_block(lines[first]) and first > timed[0] - 4:
        first -= 1
    if not opens_block(lines[first]):
        first = timed[0]
    last = timed[-1]
    # Where the time stands above its item, the last item follows the last time.
    if last + 1 < len(lines) and lines[last].n_words <= 4 and DATELINE.match(lines[last + 1].text):
        last += 1
    if any(line.is_prose and not DATELINE.match(line.text) for line in lines[first + 1 : timed[0]]):
        first = timed[0]
    # Comments and teasers have times too, but then the article does not go on between them.
    inner = [line for line in lines[first : last + 1] if line.zone is None]
    if sum(line.is_prose and not _is_feed_item(line) for line in inner) * 2 > len(timed):
        return
    for line in lines[first : last + 1]:
        line.zone, line.rule = Zone.FURNITURE, "feed"


def _is_feed_item(line: Line) -> bool:
    return bool(RELATIVE_TIME.match(line.text) or DATELINE.match(line.text))


def _is_furniture(line: Line) -> bool:
    return line.zone is Zone.FURNITURE or opens_block(line)


def label_comments(lines: list[Line]) -> None:
    """Below "3 reacties" under the article stand the readers' comments, to the end of the page.

    Comments may be longer than the article; a count above it, or between two of its paragraphs, is a
    button. What follows a head of comments tells: a commenter's name or time, not a headline and prose.
    """
    begun = False
    for i, line in enumerate(lines):
        sure = COMMENTS.fullmatch(line.text) is not None
        perhaps = sure or COMMENTS_PERHAPS.fullmatch(line.text.rstrip(":.")) is not None
        if begun and perhaps and _comments_follow(lines, i, sure=sure):
            for below in lines[i:]:
                below.label(Zone.FURNITURE, "comments")
                if below.zone is Zone.METADATA:
                    below.zone, below.rule = Zone.FURNITURE, "comments"
            return
        begun = begun or (line.zone is None and line.is_prose)


def _comments_follow(lines: list[Line], i: int, *, sure: bool) -> bool:
    following = lines[i + 1 : i + 4]
    if not following:
        return sure
    signs = sum(_is_commenter(line) for line in following)
    if not sure and not _is_commenter(following[0]):
        return False  # "Reacties" heads the reactions of other governments
    if sure:
        return signs >= 1 or 2 * i >= len(lines)
    return signs >= (1 if 2 * i >= len(lines) else 2)


def _is_commenter(line: Line) -> bool:
    """A name, a nickname with a time, a button, a count: what stands above a comment."""
    if COMMENTS.fullmatch(line.text) or says_when(line.text):
        return line.n_words <= 10
    nickname = line.n_words <= 3 and not line.ends
    return nickname and (line.zone is not None or any(c.isdigit() for c in line.text) or line.n_words == 1)


def label_blocks(lines: list[Line]) -> None:
    """An opener (LEES OOK, Hoofdpunten) and the teasers under it, until running text begins."""
    in_block = begun = False
    clocks = sum(_CLOCK.fullmatch(line.text) is not None for line in lines)
    for i, line in enumerate(lines):
        begun = begun or (line.zone is None and line.is_prose)
        if line.zone in {None, Zone.FURNITURE} and (opens_block(line) or (begun and _opens_list(lines, i))):
            line.zone, line.rule, in_block = Zone.FURNITURE, "opener", True
        elif clocks >= _LIVE_ENTRIES and _CLOCK.fullmatch(line.text):
            in_block = False  # the next entry of a live blog
        elif in_block and (_is_furniture(line) or line.zone is Zone.METADATA or _is_teaser(lines, i)):
            # Above the text a menu ("Net binnen") may open a block; the article's own date follows it.
            if line.zone is Zone.METADATA and begun:
                line.zone, line.rule = Zone.FURNITURE, "teaser"
            line.label(Zone.FURNITURE, "teaser")
        else:
            in_block = False


def _opens_list(lines: list[Line], i: int) -> bool:
    """Whether line i has the words of an opener and headlines below it."""
    below = lines[i + 1 : i + 3]
    headlines = all(line.is_headline and line.n_words >= 3 and not line.is_prose for line in below)
    return len(below) == 2 and headlines and opens_list(lines[i].text)


def label_inserts(lines: list[Line]) -> None:
    """Polls and messages of partners between the paragraphs, by the line that ends them.

    "STELLING / Nederland moet … / Eens / Oneens / 4.118 stemmen"; "——— / AANGEBODEN DOOR … / ———".
    """
    for i, line in enumerate(lines):
        if _VOTES.fullmatch(line.text):
            for above in reversed(lines[max(0, i - _INSERT_MAX) : i]):
                if above.is_sentence or above.zone not in (None, Zone.FURNITURE):
                    break
                above.label(Zone.FURNITURE, "poll")
    rulers = [i for i, line in enumerate(lines) if _RULER.fullmatch(line.text)]
    for first, last in pairwise(rulers):
        if last - first <= _INSERT_MAX and _PARTNER.match(lines[first + 1].text):
            for line in lines[first:last]:
                line.label(Zone.FURNITURE, "partner")


def _is_teaser(lines: list[Line], i: int) -> bool:
    """Whether line i under an opener is still one of its headlines.

    A question or a quotation may end a headline; a full stop ends one only where more headlines
    stand around it.
    """
    line = lines[i]
    if line.zone is not None or line.n_words > _TEASER_MAX_WORDS:
        return False
    if line.ends_with_full_stop:
        return False
    if line.is_prose and SENTENCE_BREAK.search(line.text):
        return line.text[-1] not in ":;,"  # "… Het gaat om drie dingen:"
    return not _continues_article(lines, i)


def _continues_article(lines: list[Line], i: int) -> bool:
    """A short headline-shaped line right before running text is a heading of the article.

    The line under the opener itself is always a teaser ("Bekijk ook" / "Kiev voelt spanning").
    """
    if i + 1 >= len(lines) or opens_block(lines[i - 1]):
        return False
    following = lines[i + 1]
    return lines[i].n_words <= 5 and following.is_prose and following.zone is None


def label_tail(lines: list[Line]) -> None:
    """The foot of the page: what follows the last paragraph, once its furniture has begun.

    A short line right below the last paragraph may still be the article's ("Er wordt geen hinder
    verwacht", "Tot volgende week,"); two headlines there are a list of other articles.
    """
    _label_end(lines)
    _label_author(lines)
    last = _last_text(lines)
    if last < 0:
        return
    run: list[Line] = []
    rest = lines[last + 1 :]
    for at, line in enumerate(rest):
        signed = run and run[-1].text.endswith(",")  # "Tot volgende week," and a name
        if line.zone is Zone.FURNITURE or (line.zone is None and _is_author(line) and not signed):
            for below in rest[at:]:
                below.label(Zone.FURNITURE, "foot")
            break
        if line.zone is None:
            run.append(line)
    if _is_list_of_links(run):
        for line in run:
            line.label(Zone.FURNITURE, "list-at-end")


def _last_text(lines: list[Line]) -> int:
    """The last line of running text: prose, or behind it and one plug ("LEES OOK …") a sentence."""
    last = max((i for i, line in enumerate(lines) if line.zone is None and line.is_prose), default=-1)
    for i in range(last + 1, min(last + 3, len(lines)) if last >= 0 else 0):
        line = lines[i]
        sentence = line.zone is None and line.is_sentence and line.n_words >= _SENTENCE_MIN_WORDS
        if sentence and line.text[0] not in "“„‘\"'" and not is_names(lines[i - 1].text):
            last = i
    return last


def _is_author(line: Line) -> bool:
    """Whether a line at the foot is the author's name; "LEDEN SCO" heads a list."""
    return is_names(line.text) and not line.text.isupper()


def _label_end(lines: list[Line]) -> None:
    """Notes to editors and all below them."""
    begun = False
    for i, line in enumerate(lines):
        if begun and END_OF_ARTICLE.fullmatch(line.text):
            for below in lines[i:]:
                below.label(Zone.FURNITURE, "end")
            return
        begun = begun or (line.zone is None and line.is_prose)


def _label_author(lines: list[Line]) -> None:
    """A first or last paragraph that begins with the author's name is about the author."""
    authors = [line.text for line in lines if is_names(line.text) and line.zone in (None, Zone.FURNITURE)]
    prose = [line for line in lines if line.zone is None and line.is_prose]
    if len(prose) > 2:
        for line in (prose[0], prose[-1]):
            if any(line.text.startswith(f"{name} ") for name in authors):
                line.label(Zone.FURNITURE, "author")


def _is_list_of_links(run: list[Line]) -> bool:
    """Two or more headlines; not sentences, items of a list, or the closing of a letter."""
    if len(run) < 2 or not all(line.is_headline for line in run):
        return False
    if run[0].text.endswith(",") or any(is_item(line) for line in run):
        return False
    if sum(_YEAR.match(line.text) is not None for line in run) > 1:
        return False  # "1980 lid van Solidariteit": a life in dates
    short = sum(line.n_words for line in run) < 2.5 * len(run)
    return not (short and len(run) >= 5)  # the members of an alliance, say
