"""How much an article reads as if a machine had translated it, mostly from English.

In: an article's clean text and its furniture. Out: a score from 0 to 1, never a reason to drop it. It adds
up signs that editors leave none of; what it cannot see is a fluent translation, and below a hundred
words a low score says nothing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

#: Words of Dutch running text that are no names: with a capital inside a sentence they are strays.
_COMMON = (
    "de|het|een|en|van|voor|met|bij|door|naar|over|onder|tussen|tegen|tijdens|wordt|worden|werd|werden|heeft|hebben|had"
    "|is|zijn|was|waren|kan|kunnen|zal|zullen|zou|moet|moeten|die|dat|deze|dit|hij|zij|ze|hun|haar|niet|ook|maar|om|te"
    "|als|toen|omdat|vorig|vorige|volgens|gedwongen|maakt|gemaakt|na|uit|op|aan|nog|meer|veel|eerste|tweede|laatste"
    "|genoemd|president|minister|regering|land|oorlog|leger|mensen|jaar|week|dag"
)
_MONTHS = "Januari|Februari|Maart|April|Mei|Juni|Juli|Augustus|September|Oktober|November|December"
_DAYS = "Maandag|Dinsdag|Woensdag|Donderdag|Vrijdag|Zaterdag|Zondag"

#: (sign, weight): what one occurrence in 300 words adds.
_SIGNS: tuple[tuple[re.Pattern[str], float], ...] = (
    # "die nog steeds Worden vastgehouden"; "is het een bestand Een ontmoeting tussen" (two sentences spliced)
    (re.compile(rf"(?<=[a-zà-ÿ,] )(?:{'|'.join(w.capitalize() for w in _COMMON.split('|'))})(?= (?!de |den |der |het )[a-zà-ÿ])"), 0.5),
    # "sinds het winnen van het ambt in December", "op Dinsdag": Dutch writes them small
    (re.compile(rf"(?<=[a-zà-ÿ] )(?:{_MONTHS}|{_DAYS})\b"), 0.6),
    # "…, diplomaten zeiden.": Dutch turns the clause round ("zeiden diplomaten")
    (re.compile(r",[”\"]? (?:de |het |een )?[\w-]+(?: [\w-]+){0,2} (?:zei|zeiden|vertelde|vertelden|voegde|merkte)[.,]"), 0.6),
    # "vertelde verslaggevers", "vertelde CNN dat": told reporters
    (re.compile(r"\bverteld(?:e|en) (?:aan )?(?:verslaggevers|journalisten|[A-Z]{2,5}\b)"), 0.5),
    # "…, sluitend een hoofdstuk", "zeggende dat": an English -ing clause
    (re.compile(r", (?!bekend|bestaand|volgend|duizend)\w{3,}ende? (?:een|de|het|dat|zijn|haar|hun) "), 0.6),
    (re.compile(r"\bzeggende(?: dat)?\b"), 0.5),
    # "december 19, 2022" in Dutch
    (re.compile(r"\b(?:januari|februari|maart|mei|juni|juli|augustus|oktober) \d{1,2}, \d{4}", re.IGNORECASE), 0.5),
    # "3.5 procent", "$1,200": English figures
    (re.compile(r"\b\d+\.\d{1,2} (?:procent|miljoen|miljard|biljoen)|[$€£]\d{1,3},\d{3}\b"), 0.4),
    # “…,” said: the comma inside double quotation marks
    (re.compile(r",[”](?= [a-zà-ÿ])"), 0.25),
    # English left standing in a sentence
    (re.compile(r"(?<=[a-zà-ÿ] )(?:the|and|of the|said|with|that|from|which|were|was de|his|their)(?= [a-zà-ÿ])"), 0.6),
    # words for words: addressed, at the end of the day, a similar movement, took office in
    (re.compile(
        r"\b(?:adresseer(?:t|de|den)|geadresseerd|aan het (?:einde|eind) van de dag|een soortgelijke beweging"
        r"|laten we duidelijk zijn|nam(?:en)? plaats in (?:de )?kantoor|winnen van het ambt|maakt(?:e)? zin"
        r"|jaar[- ]oude (?:man|vrouw|jongen|meisje|president|leider)|leverde een toespraak|maakte duidelijk dat ze waren"
        r"|werd(?:en)? viraal|op de grond in|hoge functionarissen zei|garandeert rendement"
        r"|terug in \d{4}|rapporteerde[n]? dat"
        r"|bevestigde[n]? naar|zal ook zitten met|neemt? (?:de )?verantwoordelijkheid voor het hebben)\b",
        re.IGNORECASE,
    ), 0.5),
)  # fmt: skip
_ENGLISH_FURNITURE = re.compile(
    r"(?:read(?: more| also)?\b|leave a (?:reply|comment)|continue reading|\d+ min(?:ute)?s? read|primary menu|skip to content"
    r"|your email address|previous:|next:|related (?:posts|stories)|\d+ \w+ ago\b|subscribe to|all rights reserved"
    r"|published by|posted (?:on|in)|latest:|recent posts|search for)",
    re.IGNORECASE,
)
_FURNITURE_WEIGHT, _FURNITURE_MOST = 0.2, 3
_UNIT_WORDS, _LEAST_WORDS = 300, 150
#: What makes even odds; chosen so that one sign in a whole article stays well below a half.
_EVEN, _STEEP = 1.0, 4.0


def machine_translated(text: str, furniture: Iterable[str]) -> float:
    """The score of an article.

    Args:
        text: clean text.
        furniture: lines that are no part of it; English ones are a sign of a site that translates.
    """
    words = max(text.count(" ") + 1, _LEAST_WORDS)
    signs = sum(weight * len(pattern.findall(text)) for pattern, weight in _SIGNS)
    english = sum(_ENGLISH_FURNITURE.match(line) is not None for line in furniture)
    evidence = signs * _UNIT_WORDS / words
    if signs:
        evidence += _FURNITURE_WEIGHT * min(english, _FURNITURE_MOST)
    else:
        # A blog in Dutch may use an English theme.
        evidence += _FURNITURE_WEIGHT * min(english, _FURNITURE_MOST) / 2
    return 1 / (1 + math.exp(-_STEEP * (evidence - _EVEN))) if evidence else 0.0
