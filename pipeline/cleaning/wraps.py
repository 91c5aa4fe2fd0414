"""Paragraphs broken at a fixed width, as wire services and databases send them, joined again.

In: raw text. Out: an `Edit` for every line end inside a paragraph: a space, or nothing where a word was
hyphenated ("Oosten-" / "rijk"). Only text that is plainly wrapped is touched.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from pipeline.offsets import Edit

_LINE = re.compile(r"[^\r\n]+")
_FIRST_WORD = re.compile(r"\S+")
_BREAK = re.compile(r"\r?\n ?")
_MIN_WIDTH, _MAX_WIDTH = 45, 120
_LONGER, _MOST_LINES = 35, 0.75
#: So many lines must go on in lower case, and such a share of a paragraph's.
_MIN_LOWER, _MIN_SHARE = 3, 0.3
#: "voor-" / "en nadelen" keeps its hyphen.
_ELLIPSIS = re.compile(r"(?:en|of|tot)\b")


def find_wraps(raw: str) -> Iterator[Edit]:
    """The line ends inside wrapped paragraphs."""
    width = _width(raw)
    if not width:
        return
    chains: list[list[tuple[re.Match[str], re.Match[str]]]] = []
    for before, after in _neighbours(raw):
        if _is_full(raw, before, after, width):
            if chains and chains[-1][-1][1] is before:
                chains[-1].append((before, after))
            else:
                chains.append([(before, after)])
    # A chain without lower case is a list of full lines; a paragraph goes on in mid-sentence.
    chains = [c for c in chains if _n_low(raw, c) >= _MIN_SHARE * len(c)]
    if sum(_n_low(raw, chain) for chain in chains) < _MIN_LOWER:
        return
    for chain in chains:
        for before, after in chain:
            yield _join(raw, before, after)


def _n_low(raw: str, chain: list[tuple[re.Match[str], re.Match[str]]]) -> int:
    """How many of the lines go on in lower case, or behind a hyphen."""
    return sum(
        raw[after.start() + _indent(after)].islower() or before[0].rstrip().endswith("-")
        for before, after in chain
    )


def _width(raw: str) -> int:
    """The width that the text is wrapped at; 0 if most of its longer lines are wider than any such."""
    longer = [n for n in (len(line[0].strip()) for line in _LINE.finditer(raw)) if n >= _LONGER]
    fitting = [n for n in longer if _MIN_WIDTH <= n <= _MAX_WIDTH]
    return max(fitting) if len(fitting) > _MOST_LINES * len(longer) else 0


def _neighbours(raw: str) -> list[tuple[re.Match[str], re.Match[str]]]:
    """Pairs of lines without a blank line between; an indented line begins a new paragraph."""
    lines = [match for match in _LINE.finditer(raw) if not match[0].isspace()]
    return [
        (a, b)
        for a, b in pairwise(lines)
        if _BREAK.fullmatch(raw, a.end(), b.start() + _indent(b)) is not None
    ]


def _indent(line: re.Match[str]) -> int:
    return len(line[0]) - len(line[0].lstrip(" "))


def _is_full(raw: str, before: re.Match[str], after: re.Match[str], width: int) -> bool:
    """Whether the first word of the next line had no more room, or is the rest of a hyphenated one."""
    line = before[0].rstrip()
    word = _FIRST_WORD.search(raw, after.start())
    room = width - len(line)
    hyphenated = line.endswith("-") and len(line) > width // 2 and line[-2:-1].isalpha()
    return hyphenated or (word is not None and len(word[0]) + 1 > room)


def _join(raw: str, before: re.Match[str], after: re.Match[str]) -> Edit:
    line = before[0].rstrip()
    start, end = before.start() + len(line), after.start() + _indent(after)
    word = line.split()[-1]
    if not word.endswith("-") or len(word) == 1:
        return Edit(start, end, " ", "wrapped")
    if _ELLIPSIS.match(raw, end):
        return Edit(start, end, " ", "wrapped")
    # "VN-" / "missie" and "Kassym-" / "Jomart" keep theirs.
    divided = raw[end].islower() and not word[-2:-1].isupper()
    return Edit(start - 1 if divided else start, end, "", "hyphen")
