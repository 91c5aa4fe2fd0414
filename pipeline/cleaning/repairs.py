"""Repairs to scraped text, each an `Edit` with its place, so that nothing is changed unseen.

In: raw text. Out: non-overlapping edits. Quotation marks stay as they are printed: they are data.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator

import ftfy

from pipeline.cleaning.wraps import find_wraps
from pipeline.offsets import Edit

#: Characters that encode a byte of UTF-8 read as cp1252 (OekraÃ¯ne, â€œZelenskyâ€).
_MOJIBAKE = re.compile("[ÃÂâÄÅÐÑ]")
_WORD_MAX = 200
#: What the second byte of such a letter becomes: the upper half of cp1252, or its gaps as control characters.
_SECOND = "".join(bytes([b]).decode("cp1252", "ignore") for b in range(0x80, 0xC0)) + "\x81\x8d\x8f\x90\x9d"
#: Inside a word no capital with an accent stands before one of these; ftfy leaves it ("ErdoÄŸan").
_MISREAD_LETTER = re.compile(
    rf"(?<=[a-zß-ÿ])[ÃÄÅ][{re.escape(_SECOND)}]|(?<!\w)[ÄÅ][{re.escape(_SECOND)}](?=[a-zß-ÿ])"
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
# Zero-width joiners are left alone: emoji and Persian names need them.
_INVISIBLE = re.compile(
    "[\u00ad\u200b\u200e\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069\x00-\x08\x0e-\x1f\x7f]+"
)
_ODD_SPACE = re.compile("[\t\u00a0\u2000-\u200a\u202f\u205f\u3000]")
_COMBINING = re.compile("[^\\W\\d_][\u0300-\u036f]{1,8}")
_ACCENT = re.compile("[\u0300-\u036f]")
_LIGATURE = re.compile("[\ufb00-\ufb04]")
#: "troepen.Vlak voor het bezoek": a sentence glued to the next.
_GLUED_SENTENCE = re.compile(r"[.!?](?=[A-ZÀ-Þ][a-zà-ÿ]+[ ,])")
_BEFORE_GLUE = re.compile(r"[a-zà-ÿ]{3}$")
_ADDRESS = re.compile(r"://|www\.|@")
_ADDRESS_MAX = 80
#: "13 minuten geledenWENEN (ANP) - ": a live feed's time glued to a dateline.
_GLUED_DATELINE = re.compile(
    r"(?<=[a-z.])(?=[A-ZÀ-Þ]{2}[A-ZÀ-Þ' /-]{0,60} ?\([A-Z][A-Za-z/, ]{1,40}\) ?[-–—])"
)
_DATELINE_END = re.compile(r"\) ?[-–—]")


def find_edits(raw: str, *, unwrap: bool = True) -> list[Edit]:
    """The repairs that `raw` needs, in order of place; an earlier rule wins over a later one.

    Args:
        raw: text as it was read.
        unwrap: join the lines of paragraphs that were broken at a fixed width.
    """
    edits: list[Edit] = []
    taken = bytearray(len(raw) + 1)
    for rule in (*_RULES, find_wraps) if unwrap else _RULES:
        for edit in rule(raw):
            span = slice(edit.start, max(edit.end, edit.start + 1))
            if not any(taken[span]):
                edits.append(edit)
                taken[span] = b"\1" * (span.stop - span.start)
    return sorted(edits)


def _mojibake(raw: str) -> Iterator[Edit]:
    """Text that was UTF-8 and was read as something else, word by word (ftfy)."""
    done = 0
    for match in _MOJIBAKE.finditer(raw):
        if match.start() < done:
            continue
        low = max(match.start() - _WORD_MAX, done)
        start, done = _word_around(raw, match.start(), low)
        word = raw[start:done]
        fixed = _plain(ftfy.fix_encoding(word)) if len(word) <= _WORD_MAX else word
        fixed = _MISREAD_LETTER.sub(_letter, fixed)
        if fixed != word:
            yield _smallest(start, word, fixed, "mojibake")


def _word_around(raw: str, at: int, low: int) -> tuple[int, int]:
    """The word that holds `at`, not looking before `low` nor farther than a word can be long."""
    start = max((raw.rfind(blank, low, at) for blank in " \t\r\n"), default=-1)
    ends = [raw.find(blank, at, at + _WORD_MAX) for blank in " \t\r\n"]
    end = min((end for end in ends if end >= 0), default=min(at + _WORD_MAX, len(raw)))
    return max(start + 1, low), end


def _letter(match: re.Match[str]) -> str:
    """The letter that two characters stand for ("ErdoÄŸan": ğ), or the two as they are."""
    data = b"".join(_byte(c) for c in match.group())
    try:
        letter = data.decode("utf-8")
    except UnicodeDecodeError:
        return match.group()
    return letter if letter.isalpha() else match.group()


def _byte(character: str) -> bytes:
    return (
        character.encode("cp1252") if ord(character) not in range(0x80, 0xA0) else character.encode("latin-1")
    )


def _plain(text: str) -> str:
    """Text without line breaks, odd spaces and invisible characters: a repair never brings one in."""
    return _INVISIBLE.sub("", re.sub(r"\s", " ", text))


def _smallest(at: int, old: str, new: str, rule: str) -> Edit:
    """The edit without what both sides have in common at the ends."""
    shortest = min(len(old), len(new))
    left = next((i for i in range(shortest) if old[i] != new[i]), shortest)
    room = shortest - left
    right = next((i for i in range(room) if old[-1 - i] != new[-1 - i]), room)
    return Edit(at + left, at + len(old) - right, new[left : len(new) - right], rule)


def _substitute(
    pattern: re.Pattern[str], replace: Callable[[str], str], rule: str
) -> Callable[[str], Iterator[Edit]]:
    def edits(raw: str) -> Iterator[Edit]:
        for match in pattern.finditer(raw):
            new = replace(match.group())
            if new != match.group():
                yield Edit(match.start(), match.end(), new, rule)

    return edits


def _composed(raw: str) -> Iterator[Edit]:
    """Letters with their accents as characters of their own, in one; most texts have none."""
    if _ACCENT.search(raw):
        yield from _substitute(_COMBINING, lambda s: unicodedata.normalize("NFC", s), "composed")(raw)


def _glued_sentences(raw: str) -> Iterator[Edit]:
    """A space between two sentences; addresses of sites and mail are passed over."""
    for match in _GLUED_SENTENCE.finditer(raw):
        at = match.end()
        word = raw[max(at - _ADDRESS_MAX, 0) : at].split(" ")[-1]
        after = raw[at : at + _ADDRESS_MAX].split(" ", 1)[0]
        if _BEFORE_GLUE.search(raw[max(at - 4, 0) : at - 1]) and not _ADDRESS.search(word + after):
            yield Edit(at, at, " ", "glued")


def _glued_datelines(raw: str) -> Iterator[Edit]:
    if _DATELINE_END.search(raw):
        yield from _substitute(_GLUED_DATELINE, lambda _: " ", "glued")(raw)


def _unescape(entity: str) -> str:
    """The character of an HTML entity; one that stands for no printable text is kept as it is."""
    text = _plain(html.unescape(entity))
    return text if text.isprintable() else entity


_RULES: tuple[Callable[[str], Iterator[Edit]], ...] = (
    _mojibake,
    _substitute(_ENTITY, _unescape, "html-entity"),
    _substitute(_INVISIBLE, lambda _: "", "invisible"),
    _substitute(_ODD_SPACE, lambda _: " ", "space"),
    _composed,
    _substitute(_LIGATURE, lambda s: unicodedata.normalize("NFKC", s), "ligature"),
    _glued_sentences,
    _glued_datelines,
)
