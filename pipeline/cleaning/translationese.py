"""How much an article reads as if a machine had translated it, mostly from English.

In: an article's clean text and its furniture. Out: a score from 0 to 1, never a reason to drop it. It adds
up signs that editors hardly leave; what it cannot see is a fluent translation, and below a hundred words a
low score says little.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

#: Words of running text that are no names: with a capital inside a sentence they are strays.
_COMMON_WORDS = """
    De Het Een En Van Voor Met Bij Door Naar Over Onder Tussen Tegen Tijdens Wordt Worden Werd Werden
    Heeft Hebben Had Is Zijn Was Waren Kan Kunnen Zal Zullen Zou Moet Moeten Die Dat Deze Dit Hij Zij Ze
    Hun Haar Niet Ook Maar Om Te Als Toen Omdat Nadat Terwijl Waar Vorig Vorige Volgens Gedwongen Maakt
    Gemaakt Na Uit Op Aan Nog Meer Veel Eerste Tweede Laatste Genoemd President Minister Regering Land
    Oorlog Leger Mensen Jaar Week Dag Blijft
"""
_COMMON = frozenset(_COMMON_WORDS.split())
#: Dutch writes these small: "in december", "op dinsdag".
_SMALL_WORDS = """
    Januari Februari Maart April Mei Juni Juli Augustus September Oktober November December Maandag
    Dinsdag Woensdag Donderdag Vrijdag Zaterdag Zondag
"""
_SMALL = frozenset(_SMALL_WORDS.split())
_PARTICLES = frozenset(["de", "den", "der", "het"])
_CAPITAL = re.compile(r" ([A-Z][a-z]+)(?= ([a-zà-ÿ]+)|[ ,.])")
_LOW = re.compile(r"[a-zà-ÿ,]")
_STRAY_WEIGHT, _SMALL_WEIGHT = 0.5, 0.6


@dataclass(frozen=True, slots=True)
class _Sign:
    """A pattern, what one occurrence in 300 words adds, and what a text must hold to be searched."""

    weight: float
    needles: tuple[str, ...]
    pattern: re.Pattern[str]


_SIGNS = (
    # "…, diplomaten zeiden.": Dutch turns the clause round ("zeiden diplomaten")
    _Sign(0.6, (",",), re.compile(
        r",[”\"]? (?:de |het |een )?[\w-]+(?: [\w-]+){0,2} (?:zei|zeiden|vertelde|vertelden|voegde"
        r"|merkte)[.,]"
    )),
    # "vertelde verslaggevers", "vertelde CNN dat": told reporters
    _Sign(0.5, ("verteld",), re.compile(
        r"verteld(?:e|en) (?:aan |hij |zij )?(?:verslaggevers|journalisten|[A-Z]{2,5}\b)"
    )),
    # "…, sluitend een hoofdstuk", "zeggende dat": an English -ing clause
    _Sign(0.6, ("end",), re.compile(
        r", (?!bekend|bestaand|volgend|duizend)\w{3,20}ende? (?:een|de|het|dat|zijn|haar|hun) "
    )),
    # "december 19, 2022" in Dutch
    _Sign(0.5, (", 20", ", 19"), re.compile(
        r"(?:januari|februari|maart|mei|juni|juli|augustus|oktober) \d{1,2}, \d{4}", re.IGNORECASE
    )),
    # "3.5 procent", "$1,200": English figures
    _Sign(0.4, (" procent", " mil", " bil", ","), re.compile(
        r"\b\d+\.\d{1,2} (?:procent|miljoen|miljard|biljoen)|[$€£]\d{1,3},\d{3}\b"
    )),
    # “…,” zei: the comma inside double quotation marks
    _Sign(0.25, (",”",), re.compile(r",”(?= [a-zà-ÿ])")),
    # English left standing in a sentence
    _Sign(0.6, (
        " the ", " and ", " said ", " with ", " that ", " from ", " which ", " were ", " his ", " their ",
    ), re.compile(
        r"(?<=[a-zà-ÿ] )(?:the|and|said|with|that|from|which|were|his|their)(?= [a-zà-ÿ])"
    )),
    # word for word: addressed, at the end of the day, a similar movement, took office
    _Sign(0.5, (
        "dresse", "van de dag", "soortgelijke beweging", "laten we duidelijk", "in kantoor", "in de kantoor",
        "ambt", " zin", "oude ", "toespraak", "viraal", "zitten met", "zeggende",
    ), re.compile(
        r"\b(?:adresseer(?:t|de|den)|geadresseerd|aan het (?:einde|eind) van de dag|een soortgelijke beweging"
        r"|laten we duidelijk zijn|nam(?:en)? plaats in (?:de )?kantoor|winnen van het ambt|maakte? zin"
        r"|zeggende"
        r"|jaar[- ]oude (?:man|vrouw|jongen|meisje|president|leider)|leverde een toespraak|werd(?:en)? viraal"
        r"|(?:zal|zullen) ook zitten met)\b",
        re.IGNORECASE,
    )),
)  # fmt: skip
_ENGLISH_FURNITURE = re.compile(
    r"(?:read(?: more| also)?\b|leave a (?:reply|comment)|continue reading|\d+ min(?:ute)?s? read"
    r"|primary menu"
    r"|skip to content|your email address|previous:|next:|related (?:posts|stories)|\d+ \w+ ago\b"
    r"|subscribe to"
    r"|all rights reserved|published by|posted (?:on|in)|latest:|recent posts|search for)",
    re.IGNORECASE,
)
_FURNITURE_WEIGHT, _FURNITURE_MOST = 0.2, 3
_UNIT_WORDS, _LEAST_WORDS, _TOO_SHORT = 300, 150, 20
#: What makes even odds; chosen so that one sign in a whole article stays well below a half.
_EVEN, _STEEP = 1.0, 4.0


def machine_translated(text: str, furniture: Iterable[str]) -> float | None:
    """The score of an article, None for a text too short to say.

    Args:
        text: clean text.
        furniture: lines that are no part of it; English ones are a sign of a site that translates.
    """
    words = text.count(" ") + 1
    if words < _TOO_SHORT:
        return None
    words = max(words, _LEAST_WORDS)
    signs = _stray_capitals(text)
    for sign in _SIGNS:
        if any(needle in text for needle in sign.needles):
            signs += sign.weight * len(sign.pattern.findall(text))
    english = min(sum(_ENGLISH_FURNITURE.match(line) is not None for line in furniture), _FURNITURE_MOST)
    # A blog in Dutch may use an English theme: without a sign in the text it counts half.
    evidence = signs * _UNIT_WORDS / words + english * _FURNITURE_WEIGHT * (1 if signs else 0.5)
    return 1 / (1 + math.exp(-_STEEP * (evidence - _EVEN))) if evidence else 0.0


def _stray_capitals(text: str) -> float:
    """The weight of capitals inside sentences: "die nog steeds Worden vastgehouden", "in December".

    Two sentences spliced show the same: "is het een bestand Een ontmoeting tussen". "Van de Ven" is a name.
    """
    found = 0.0
    for match in _CAPITAL.finditer(text):
        word, following = match.groups()
        before = text[match.start() - 1 : match.start()]
        if not _LOW.match(before):
            continue
        if word in _SMALL:
            found += _SMALL_WEIGHT if before != "," else 0
        elif word in _COMMON and following and following not in _PARTICLES:
            found += _STRAY_WEIGHT
    return found
