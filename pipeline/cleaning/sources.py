"""Who an article is from: agency, dateline and outlet, as the page prints them.

In: the labelled parts of an article as (zone, text). Out: names, or None where the page does not say.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.cleaning.furniture import BLOCK_OPENER, FURNITURE_LINE
from pipeline.cleaning.lines import DATELINE
from pipeline.cleaning.particulars import AGENCIES, AGENCY_NOTE, is_place_alone
from pipeline.cleaning.prompts import is_prompt
from pipeline.schemas import Zone

Labelled = Sequence[tuple[Zone, str]]

#: "TERNEUZEN - De", "GEEL – Dat", "AALTER Een konvooi": a place alone before the text.
_PLACE_IN_CAPITALS = re.compile(
    r"(?P<place>[A-ZÀ-Þ]{3,}(?:[ /’'-]+[A-ZÀ-Þ]{2,}){0,3}(?:, [A-ZÀ-Þ][a-zà-ÿ]+)?)"
    r"(?: ?[-–—] {0,3}(?=[A-ZÀ-Þ„“‘\"])| (?=(?:De|Het|Een|In|Bij|Na|Op|Wie|Er|Twee|Drie|Met|Voor|Door|Zo) ))"
    r"|(?P<long>[A-ZÀ-Þ]{5,}(?:/[A-ZÀ-Þ]{3,})?|[A-ZÀ-Þ]{3,} [A-ZÀ-Þ]{3,}) (?=[A-ZÀ-Þ][a-zà-ÿ]+ )"
)
#: "Willemstad – De", "Den Haag, 6 maart 2023 – Een".
_PLACE_AND_DASH = re.compile(
    r"(?P<place>[A-ZÀ-Þ][a-zà-ÿ]+(?:[ /-][A-ZÀ-Þ][a-zà-ÿ]+){0,2})(?P<long>)"
    r"(?:, \d{1,2} [a-z]+(?: \d{4})?)? [–—-] {1,3}(?=[A-ZÀ-Þ„“‘\"])"
)
#: "Vilnius. Wie van Polen naar Litouwen rijdt …", where the text says "in Vilnius" too.
_PLACE_AND_STOP = re.compile(r"(?P<place>[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+)?)\. (?=[A-ZÀ-Þ„“‘])")
#: What stands in capitals before a text and is no place.
_NO_PLACE = re.compile(
    r"(?:LIVE|VIDEO|KIJK|UPDATE|OPINIE|COLUMN|ANALYSE|INTERVIEW|REPORTAGE|BREAKING|NIEUWS|TIJDLIJN"
    r"|PODCAST|LET OP|NAVO"
    r"|FOTO|QUIZ|ACHTERGROND|COMMENTAAR|RECENSIE|PORTRET|DOSSIER|EXCLUSIEF|UNICEF|UNESCO|EUROPOL|INTERPOL)\b"
)
#: "Vandaag om 14:05 door BELGA"
_SIGNED = re.compile(
    rf"\b(?:[Dd]oor|[Bb]ron):? (?P<agency>(?:{AGENCIES}|BELGA)(?:[/, ]+(?:{AGENCIES}))*)(?= ?[|•·–—]|$)"
)
_AT_END = re.compile(rf"\((?:[a-z]{{2,4}}/)*(?P<agency>(?:{AGENCIES})(?:[/, ]+(?:{AGENCIES}))*)\)\.?$")
_COPYRIGHT = re.compile(
    r"(?:©|\(c\)|copyright)(?: ©)? ?(?:(?:19|20)\d\d)?(?: ?[-–] ?(?:19"
    r"|20)\d\d)? ?(?P<name>(?-i:[A-ZÀ-Þ])[\w&.’' -]{1,40}?)"
    r"(?: ?[,.|–—·]| (?-i:B\.?V|N\.?V|vzw|bv|nv)\b|$)",
    re.IGNORECASE,
)
_PIECES = re.compile(r" ?[|·•—–›»] ?| {2,}|\. |\t")
_SECTION = re.compile(
    r"(?:home(?:page)?|voorpagina|start|menu|nieuws|binnenland|buitenland|politiek|sport|economie|regio|opinie"
    r"|wereld|cultuur|media"
    r"|columns?|interview|analyse|reportage|achtergrond|live(?:blog)?|video|wetenschap|tech|inloggen"
    r"|zoeken|abonneren"
    r"|podcasts?|macro|oorlog .*|persbericht|pagina .*|deel.*|lees.*|luister.*|kijk.*|volg.*|ga .*"
    r"|direct .*|naar .*|markt|primary.*|skip.*|search.*|zoek.*|account|subscribe|share.*|sign in|terug"
    r"|all rights.*|alle rechten.*|foto.*)",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-ZÀ-Þ][\w.&’'-]*|de|het|van|den|der|uit|&|en|voor|over)(?: (?:[\w.&’'-]+)){0,4}")
#: "22°", "Pagina 3"; but "KortNieuws24" is a name.
_FIGURE = re.compile(r"(?<![A-Za-z])\d")
_NAME_MAX_WORDS = 5
_ABBREVIATION = 4
_PROSE_PARTS = 40


def agency_and_dateline(parts: Labelled) -> tuple[str | None, str | None]:
    """The agency and the dateline's place: "PYONGYANG (ANP) - …", "Bron: Belga", "(ANP)" at the end."""
    body = [text for zone, text in parts if zone is Zone.BODY]
    place = None
    prose = " ".join(body[:_PROSE_PARTS])
    for text in body[:3]:
        alone = _PLACE_AND_STOP.match(text)
        name = alone["place"] if alone else text
        if place is None and is_place_alone(name, prose):
            place = name
    for text in body[:2]:
        match = DATELINE.match(text)
        if match:
            return match["agency"], match["place"].strip()
        place = place or _place(text)
    notes = [text for zone, text in parts if zone in (Zone.METADATA, Zone.FURNITURE)]
    for text in reversed(notes):
        note = (AGENCY_NOTE.fullmatch(text) or _SIGNED.search(text)) if len(text) <= 80 else None
        if note:
            return note["agency"], place
    end = _AT_END.search(body[-1][-60:]) if body else None
    return (end["agency"] if end else None), place


def _place(text: str) -> str | None:
    match = _PLACE_IN_CAPITALS.match(text) or _PLACE_AND_DASH.match(text)
    if not match or _NO_PLACE.match(text):
        return None
    return match["place"] or match["long"]


def outlet_of_page(parts: Labelled) -> str | None:
    """The site's name: behind the title, in the copyright, or above the title and again elsewhere."""
    text = next((i for i, (zone, _) in enumerate(parts) if zone is Zone.BODY), 0)
    at = next((i for i, (zone, _) in enumerate(parts) if zone is Zone.TITLE), text)
    around = [text for zone, text in parts if zone is Zone.FURNITURE]
    above = [t for zone, t in parts[:at] if zone is Zone.FURNITURE and not _is_for_readers(t)]
    behind = [text for zone, text in parts[at + 1 : at + 2] if zone is Zone.FURNITURE and text[0] in "|–—-"]
    names = [name for text in [*behind, *above[:6]] for name in _names(text)]
    holder = next((name for text in reversed(around) for name in _holder(text)), None)
    again = [name for name in names if _n_lines(name, around) > 1]
    first = [name for name in names[:1] if behind or (above and name in above[0])]
    holder = next((line for line in around if holder and holder.endswith(f" {line}")), holder)
    if holder and _n_lines(holder, above):
        return _printed(holder, around)
    found = [*(names[:1] if behind else []), *again, *([holder] if holder else []), *first]
    return _printed(found[0], around) if found else None


def _is_for_readers(text: str) -> bool:
    return FURNITURE_LINE.fullmatch(text) is not None or is_prompt(text.strip("☰≡ ") or text)


def _n_lines(name: str, lines: Sequence[str]) -> int:
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    return sum(pattern.search(line) is not None for line in lines)


def _printed(name: str, lines: Sequence[str]) -> str:
    """The name as another line writes it where this one has it in capitals: "BUITENSPEL", "Buitenspel"."""
    if not name.isupper() or len(name) <= _ABBREVIATION:
        return name
    pattern = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", re.IGNORECASE)
    written = [match[0] for line in lines for match in pattern.finditer(line) if not match[0].isupper()]
    return next((w for w in written if w[0].isupper()), name.title())


def _holder(text: str) -> list[str]:
    match = _COPYRIGHT.match(text)
    name = re.sub(r"[ ,]{0,3}\d{4}$", "", match["name"]).strip() if match else ""
    return (
        [name]
        if name and not re.fullmatch(AGENCIES, name, re.IGNORECASE) and not _SECTION.fullmatch(name)
        else []
    )


def _names(text: str) -> list[str]:
    """The pieces of a line that may be a site's name; of a menu only the first."""
    pieces = [re.sub(r"^\W{1,200}|(?<!\W)\W{1,200}$", "", piece) for piece in _PIECES.split(text[:200])]
    pieces = [re.sub(r"(?:\.(?:nl|be|com)| LIVE)$", "", piece) for piece in pieces if piece]
    return [
        piece
        for piece in (pieces[:1] if len(pieces) > 2 else pieces[:2])
        if piece[:1].isupper()
        and len(piece) > 2
        and not _FIGURE.search(text)
        and len(piece.split()) <= _NAME_MAX_WORDS
        and not _SECTION.fullmatch(piece)
        and not FURNITURE_LINE.fullmatch(piece)
        and not BLOCK_OPENER.fullmatch(piece)
        and _NAME.fullmatch(piece)
    ]
