"""Captions, headings and lists of the article itself.

In: the lines of an article after furniture, metadata and title have their labels. Out: the rest
labelled. A heading is a short line without a full stop between running text; several such lines in a
row are a list.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

from pipeline.cleaning.furniture import CAPTION_LINE, MEDIA, REPORTED, is_service
from pipeline.cleaning.lines import Line
from pipeline.cleaning.particulars import is_photo_credit, says_which_day
from pipeline.cleaning.zone_blocks import is_item
from pipeline.schemas import Zone

_HEADING_MAX_WORDS = 10
_QUESTION_HEADING_MAX_WORDS = 14
_QUOTED_HEADING_MAX_WORDS = 6
_QUESTION_MAX_WORDS = 30
_CAPTION_MAX_CHARS = 500
_CAPTION_MAX_WORDS = 50
_OPENING_QUOTE = "“„‘\"'"
_BAR = re.compile(r" [|–—] ")
_SEVERAL = re.compile(r"\b(?:foto|video)['’]s\b", re.IGNORECASE)
#: "1-0 Kochorasjvili", "Eén: visa", "LESZEK WRONKA: ‘Die vroeg …"
_SCORE = re.compile(r"\d+ ?[-–:] ?\d+ |(?:19|20)\d\d[ :–-]")
_FIELD = re.compile(r"[^:]{2,30}: [^„“‘\"' ]")
_SPEAKER = re.compile(r"[A-ZÀ-Þ .’'-]{3,30}: [“„‘\"']|[A-ZÀ-Þ][\w.’' -]{1,30}: [“„‘\"'][^”’]*[.!][”’\"']")
_FILM = re.compile(r"\b(?:video|foto|beeld)", re.IGNORECASE)
#: "De Finse grens bij Imatra, waar een hek in aanbouw is"; "… minister Anušauskas (rechts) en zijn collega".
_PICTURED = re.compile(r"(?:De|Het|Een) .*|.*\((?:links|rechts|midden|m|l|r)\.?\).*")
_PICTURED_MIN_WORDS = 8
#: "De president is onderweg naar drie bondgenoten in de Stille Oceaan" says more than a picture shows.
_CLAUSE = re.compile(
    r"\b(?:is|zijn|was|waren|heeft|hebben|had|wordt|worden|werd|werden|kan|moet|wil|zal|zou|gaat)\b"
)
#: "Betogers voor het parlement in Tbilisi, dinsdagavond (AFP)"
_AGENCY_AT_END = re.compile(
    r".{10,200} \((?:ANP|Belga|BELGA|AFP|Reuters|REUTERS|AP|EPA|EFE|DPA|Getty(?: Images)?)\)"
)
_LONG_WORD = re.compile(r"\w{5,}")
_NUMBERED = re.compile(r"\d{1,2}[.)] [A-ZÀ-Þ]")
#: An answer begins with a quotation mark or with who speaks: "LESZEK WRONKA: ‘Die vroeg …"
_ANSWER = re.compile(r"(?:[A-ZÀ-Þ][\w.’' -]{1,30}: )?[“„‘\"']")
_LETTER = re.compile(r"[^\W\d_]")


def label_captions(lines: list[Line]) -> None:
    """Captions by their marks ("Foto:", "© Belga") or by the picture's or film's line beside them."""
    seen: set[str] = set()
    last = max((i for i, line in enumerate(lines) if line.zone is None and line.is_prose), default=-1)
    for i, line in enumerate(lines):
        repeated = line.text in seen
        seen |= {line.text, _BAR.split(line.text)[0]}
        if repeated or (i > last and line.text.startswith("©")):
            continue
        if line.zone is None and is_photo_credit(line.text):
            _label_credit(lines, i)
        if line.zone in (None, Zone.FURNITURE) and len(line.text) <= _CAPTION_MAX_CHARS:
            if line.rule in {"", "furniture-line"} and _has_caption_form(line):
                line.zone, line.rule = Zone.CAPTION, "caption"
                if line.n_words <= 3:
                    _label_below_credit(lines, i)
            elif line.zone is None and _is_bare_caption(lines, i):
                line.label(Zone.CAPTION, "beside-media")


def _label_credit(lines: list[Line], i: int) -> None:
    """An agency alone ("Getty"), with the caption above it or, right below a paragraph, under it."""
    lines[i].label(Zone.CAPTION, "credit")
    above = i > 0 and lines[i - 1].zone is None and not lines[i - 1].is_sentence
    at = i - 1 if above else i + 1
    if 0 <= at < len(lines) and lines[at].is_headline and lines[at].n_words > 3:
        lines[at].label(Zone.CAPTION, "beside-credit")


def _label_below_credit(lines: list[Line], i: int) -> None:
    """What stands under a credit of its own ("Beeld AP") and has no full stop is the picture's."""
    if i + 1 < len(lines) and lines[i + 1].is_headline and lines[i + 1].n_words > _HEADING_MAX_WORDS:
        lines[i + 1].label(Zone.CAPTION, "below-credit")


def _has_caption_form(line: Line) -> bool:
    """Whether its wording makes it a caption; running text that happens to begin with "Kijk." is none."""
    text = line.text.strip("[] ")
    if not line.is_sentence and _AGENCY_AT_END.fullmatch(text):
        return True
    if line.is_prose and (REPORTED.search(text) or line.n_words > _CAPTION_MAX_WORDS):
        return False
    return CAPTION_LINE.fullmatch(text) is not None and not is_service(line, after_article=True)


def _is_bare_caption(lines: list[Line], i: int) -> bool:
    """Below "Video niet beschikbaar": "Betogers en militairen staan tegenover elkaar in Zvečan"."""
    line = lines[i]
    if not 3 <= line.n_words <= 30 or not line.is_headline or i == 0:
        return False
    before = lines[i - 1]
    if i > 1 and lines[i - 2].zone is Zone.FURNITURE and _FILM.search(lines[i - 2].text):
        return False  # that line was the film's caption
    if _SEVERAL.search(before.text):
        return False  # "Alle video's van de play-offs bekijken" is a button
    return before.zone is Zone.FURNITURE and before.n_words <= 8 and MEDIA.fullmatch(before.text) is not None


def label_body(lines: list[Line]) -> None:
    """Label what is left: headings, captions, dates of a timeline, lists and paragraphs."""
    _label_days(lines)
    _label_numbered(lines)
    _label_interview(lines)
    _label_quoted(lines)
    text = [line for line in lines if line.zone in (None, Zone.TITLE)]
    for run in _short_runs(lines):
        _label_run(run, text)
    for line in lines:
        line.label(Zone.BODY, "prose" if line.is_prose else "default")


def _label_days(lines: list[Line]) -> None:
    """Dates as headings of a timeline ("26 juli"), where two or more stand between the paragraphs."""
    days = [line for line in lines if line.zone is None and says_which_day(line.text)]
    days += [
        line
        for before, line, after in zip(lines, lines[1:], lines[2:], strict=False)
        if line.rule == "date" and before.is_sentence and after.is_sentence
        and says_which_day(line.text) and not _has_clock(line.text)
    ]  # fmt: skip
    if len(days) >= 2:
        for line in days:
            line.zone, line.rule = Zone.HEADING, "day"


def drop_empty_headings(lines: list[Line]) -> None:
    """A heading heads something: above nothing but furniture it is furniture too ("Beursagenda")."""
    filled, between = False, True
    begun = next((i for i, line in enumerate(lines) if line.zone is Zone.BODY and line.is_prose), len(lines))
    for line in reversed(lines[begun:]):
        if line.zone is Zone.HEADING:
            if not filled and between:
                line.zone, line.rule = Zone.FURNITURE, "heads-nothing"
                continue
            filled, between = False, False
        elif line.zone in (Zone.BODY, Zone.CAPTION):
            filled = True
        else:
            between = True


def _has_clock(text: str) -> bool:
    return re.search(r"\d[:.u]\d\d", text) is not None


def _label_numbered(lines: list[Line]) -> None:
    """Numbered headings, "1. Een servet", where two or more stand above running text."""
    numbered = [
        line
        for line, after in pairwise(lines)
        if line.zone is None and _NUMBERED.match(line.text) and line.is_headline
        and line.n_words <= _HEADING_MAX_WORDS and after.zone is None and after.is_prose
    ]  # fmt: skip
    if len(numbered) >= 2:
        for line in numbered:
            line.label(Zone.HEADING, "numbered")


def _label_quoted(lines: list[Line]) -> None:
    """A long quotation as a heading: what it quotes is said below it; a pull quote repeats what was said."""
    for i, line in enumerate(lines):
        quoted = line.zone is None and not line.ends_with_full_stop and line.text[0] in _OPENING_QUOTE
        if not quoted or not _QUOTED_HEADING_MAX_WORDS < line.n_words <= _QUESTION_HEADING_MAX_WORDS:
            continue
        words = line.text.strip(_OPENING_QUOTE + "”’").casefold()
        if any(words in below.text.casefold() for below in lines[i + 1 : i + 4]):
            line.label(Zone.HEADING, "quoted")


def _label_interview(lines: list[Line]) -> None:
    """Questions of an interview: lines without quotation marks above answers that have them.

    "U lijkt opgelucht." / "“Ik ben ingenieur. …”": such a question may be a statement.
    """
    asked = [
        (line, answer)
        for line, answer in pairwise(lines)
        if line.zone is None and answer.zone is None
        and line.n_words <= _QUESTION_MAX_WORDS and line.text[0] not in _OPENING_QUOTE
        and _ANSWER.match(answer.text) and answer.n_words > 3
        and (line.text[-1] == "?" or answer.n_words >= line.n_words)
    ]  # fmt: skip
    questions = [line for line, _ in asked if line.text.endswith("?")]
    if len(questions) < 2:
        return
    for line, _ in asked:
        if line.n_words <= _QUESTION_HEADING_MAX_WORDS or line.text.endswith("?"):
            line.label(Zone.HEADING, "question")


def _short_runs(lines: list[Line]) -> list[tuple[Line | None, list[Line], Line | None]]:
    """Stretches of lines that are neither labelled nor running text, with what stands around them."""
    runs: list[tuple[Line | None, list[Line], Line | None]] = []
    run: list[Line] = []
    before: Line | None = None
    for line in lines:
        if line.zone is None and not line.is_prose and not (line.is_sentence and not run):
            run.append(line)
            continue
        if run:
            runs.append((before, run, line))
            run = []
        before = line
    return [*runs, (before, run, None)] if run else runs


def _label_run(around: tuple[Line | None, list[Line], Line | None], text: list[Line]) -> None:
    before, run, after = around
    if before is not None and _introduces(before):
        # "Op de lijst staan volgens hem:" / "oud-premier Bidzina Ivanisjvili" / …
        _label_behind_list(run, after)
        return
    if len(run) > 1 and all(line.text[-1] == "?" for line in run):
        return  # "Wie beslist?" / "Wie betaalt?"
    at = max((i for i, line in enumerate(run) if line.text[-1] == ":"), default=-1)
    if at >= 0:
        _label_behind_list(run[at + 1 :], after)
    for line in run:
        if line.text.isupper() and _is_heading(line, None, Line(0, "…")) and line.n_words <= 6:
            line.label(Zone.HEADING, "capitals")
    if len(run) > 1 and _are_teasers(run, text):
        for line in run:
            line.label(Zone.FURNITURE, "teasers")
        return
    if len(run) == 1 and after is not None and _is_pictured(run[0], before, after):
        run[0].label(Zone.CAPTION, "pictured")
        return
    _label_ends(around, text)


def _label_ends(around: tuple[Line | None, list[Line], Line | None], text: list[Line]) -> None:
    """The first and the last line of a run as headings; not of "Eén: visa", "Twee: nog meer visa"."""
    before, run, after = around
    fields = sum(_FIELD.match(line.text) is not None for line in run)
    first = run[0]
    follows = run[1] if len(run) > 1 else after
    if (
        first is not text[0]
        and not (fields > 1 and _FIELD.match(first.text))
        and _is_heading(first, before, follows)
    ):
        first.label(Zone.HEADING, "heading")
    last = run[-1]
    if len(run) > 1 and after is not None and after.zone is None and _is_heading(last, run[-2], after):
        starts_list = (len(run) > 3 and not is_item(run[-2])) or (fields > 1 and _FIELD.match(last.text))
        if not starts_list or last.text.endswith("?"):
            last.label(Zone.HEADING, "heading")


def _label_behind_list(run: list[Line], after: Line | None) -> None:
    """The last line is a heading where it alone begins with a capital: "wanten", "De man bij de slagboom"."""
    if len(run) < 3:
        return
    items, last = run[:-1], run[-1]
    small = all(line.text.lstrip("-–—•* ")[:1].islower() for line in items)
    if small and after is not None and after.is_prose and _is_heading(last, items[-1], after):
        last.label(Zone.HEADING, "heading")


def _is_pictured(line: Line, before: Line | None, after: Line) -> bool:
    """Whether a line alone between two paragraphs says what a picture shows."""
    between = before is not None and before.is_sentence and after.is_sentence
    form = line.n_words >= _PICTURED_MIN_WORDS and line.text[-1] not in "?!:;,”’\"'"
    clause = _CLAUSE.search(" ".join(line.text.split()[:6])) is not None
    return between and form and not clause and _PICTURED.fullmatch(line.text) is not None


def _are_teasers(run: list[Line], text: list[Line]) -> bool:
    """Whether a run of headlines inside the article is of other articles: they share no words with it."""
    if any(
        not line.is_headline or line.n_words < 4 or is_item(line) or line.text[-1] in ":?" for line in run
    ):
        return False
    words = Counter(w for line in text for w in set(_LONG_WORD.findall(line.text.casefold())))
    shared = [sum(words[w] > 1 for w in set(_LONG_WORD.findall(line.text.casefold()))) for line in run]
    return sum(shared) < len(run) and len([line for line in run if line.text[:1].isupper()]) == len(run)


def _introduces(before: Line) -> bool:
    return before.zone is None and before.text.endswith((":", ",", "-"))


def _is_heading(line: Line, before: Line | None, after: Line | None) -> bool:
    """Whether a line has the form of a heading and something to stand above."""
    if after is None or after.zone in (Zone.FURNITURE, Zone.METADATA, Zone.HEADING):
        return False
    most = _QUESTION_HEADING_MAX_WORDS if line.text[-1] in "?!:”’" else _HEADING_MAX_WORDS
    if not line.is_headline or line.n_words > most:
        return False
    if is_item(line) and not (line.text[0].isdigit() and line.text[-1] == "?" and after.is_prose):
        return False  # "2. Wat zegt de EU?" heads its answer
    if _SCORE.match(line.text) or _SPEAKER.match(line.text):
        return False
    if line.text[-1] == ":" and not after.is_prose:
        return False  # it introduces a list
    if line.text[0] in _OPENING_QUOTE and line.n_words > _QUOTED_HEADING_MAX_WORDS:
        return False  # a quotation on a line of its own
    if line.text.lstrip("-–—•* ")[:1].islower() or line.text[-1] in ",;" or not _LETTER.search(line.text):
        return False
    if before is not None and before.zone is None and _introduces(before):
        return False
    return after.is_sentence or after.zone is Zone.CAPTION or after.n_words > 0
