"""What stands beside a name: a country, a class noun, an article, a preposition.

In: the text of an article, a place in it, mentions. Out: what the words around the name say of it. Nothing
here knows what the name itself can mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pipeline.kb import KnowledgeBase
from pipeline.linking.context import Context, Mention
from pipeline.schemas import Label

#: What a noun before or after a name says of the type of a place: "de deelstaat Victoria".
_TYPES = {
    "stad": "city", "stadje": "city", "dorp": "city", "plaats": "city", "gemeente": "city",
    "provincie": "province", "staat": "state", "regio": "region", "streek": "region", "gewest": "region",
    "rivier": "river", "eiland": "island", "luchthaven": "airport", "vliegveld": "airport",
}  # fmt: skip
_NOUNS = "|".join(_TYPES)
#: "de provincies Namen en Luxemburg", "de staat Washington", "de rivier de Niger".
_TYPED = re.compile(
    rf"(?:^|(?<=[\s(]))[A-Za-z-]*?(?P<noun>{_NOUNS})(?:s|en)? (?:de |van )?"
    r"(?:[A-Z][\w-]+(?:, | en | of ))*$"
)
_IN_PLACE = re.compile(r"(?:^|[\s(„“\"'‘])(?:[Ii]n|[Uu]it|[Nn]aar|[Tt]e|[Dd]oor|[Nn]abij|[Rr]ond|[Oo]p) $")
#: Between a country and its man: "Noord-Koreaanse dictator Kim", "Deense premier Rasmussen".
_TITLE_BETWEEN = re.compile(r" (?:[a-zà-ÿ][\w-]*(?: van [\w ]+)? ){0,2}")
#: Between an adjective and a place: "het Griekse Sparta", "de Venezolaanse industriestad Valencia".
_NOUN_BETWEEN = re.compile(rf" (?:[a-z-]+e )?(?:[a-z-]*?(?:{_NOUNS}) )?")
#: Between a name and its country: "ministerie van Defensie in Kiev", "Doema van Rusland".
_OF = re.compile(r" (?:van|in|uit|te) (?:de |het )?")
#: Likewise of a place: "Tripoli, in het noorden van Libanon", "Halle (Duitsland)", "Valencia, een stad in".
_PLACE_OF = re.compile(
    r"(?:, | \(|,? (?:van|in|uit|te) )(?:(?:van|in|uit|te|op) )?(?:(?:de|het|een) )?"
    rf"(?:(?:[a-z-]+ )?[a-z-]*(?:noorden|zuiden|oosten|westen|midden|hart|{_NOUNS}) (?:van|in) )?"
    r"(?:de |het )?"
)
#: "Minister Hoekstra van Buitenlandse Zaken", "Lavrov (Buitenlandse Zaken)".
_PORTFOLIO_OF = re.compile(r" (?:van |\()")
_NEAR_CHARS = 60
#: A work, ship, product, animal, storm or inn that bears the name: "de film Casablanca", "oorlogsschip".
_THINGS = (
    "film", "musical", "opera", "roman", "boek", "album", "lied", "liedje", "tv-serie", "spel", "game",
    "schilderij", "lettertype", "schip", "onderzeeër", "fregat", "vliegdekschip", "zeiljacht", "motorjacht",
    "superjacht", "veerboot", "olifant", "hengst", "merrie", "racepaard", "roos", "tulp", "orkaan", "tyfoon",
    "cocktail", "hotel", "café", "restaurant", "kroeg", "merk",
)  # fmt: skip
_CALLED = (" met de naam", " genaamd", " getiteld", " geheten")
_ARTICLE = re.compile(r"(?:^|[\s(„“\"'‘])(?:[Dd]e|[Hh]et|[Ee]en) $")
_HIMSELF = re.compile(r",? (?:die|dat)\b")
_ONE = re.compile(r"(?:^|[\s(„“\"'‘])[Ee]en $")
_ITSELF = re.compile(r",? (?:die|dat|waar\w*|zonder)\b")
_FORMER = re.compile(
    r"(?:^|[\s(„“\"'‘])(?:(?:oud|ex)-[\w-]+ "
    r"|(?:gewezen|voormalige?|vroegere?|toenmalige?) (?:[\w-]+ ){1,4}(?:van [\w ]+)?)$",
    re.IGNORECASE,
)


def type_before(text: str, start: int) -> str | None:
    """The type of place that a noun before `start` names, as in `places.csv`; None without one."""
    match = _TYPED.search(text[max(0, start - 60) : start])
    return _TYPES[match["noun"]] if match else None


def in_place(text: str, start: int) -> bool:
    """Whether a preposition before `start` says that a place follows: "in Chelsea", not "van Chelsea"."""
    return _IN_PLACE.search(text[max(0, start - 8) : start]) is not None


def is_thing(text: str, start: int) -> bool:
    """Whether a noun before `start` says that what follows only bears a name: "de musical Chicago"."""
    before = text[max(0, start - 50) : start].rstrip("„“\"'‘")
    if not before.endswith(" "):
        return False
    before = before[:-1]
    called = next((phrase for phrase in _CALLED if before.endswith(phrase)), "")
    # In lower case: "Roman Abramovitsj" is no novel.
    return before.removesuffix(called).endswith(_THINGS)


def has_article(text: str, start: int, end: int) -> bool:
    """Whether an article stands right before a person: "de Charles de Gaulle" is a ship.

    "Een Trump die luistert" is Trump all the same.
    """
    return _ARTICLE.search(text[max(0, start - 5) : start]) is not None and not _HIMSELF.match(text, end)


def is_one_of_many(text: str, start: int, end: int) -> bool:
    """Whether "een" makes the name a common noun: "een Apache van de luchtmacht".

    But "een Parijs dat niemand kent" is Paris.
    """
    before = text[max(0, start - 5) : start]
    return _ONE.search(before) is not None and not _ITSELF.match(text, end)


def is_former(text: str, start: int) -> bool:
    """Whether the role before `start` is one that was held: "oud-president", "voormalig premier"."""
    line = text.rfind("\n", 0, start) + 1
    return _FORMER.search(text[max(line, start - 60) : start]) is not None


def beside(i: int, mentions: Sequence[Mention], country: str, context: Context, kb: KnowledgeBase) -> bool:
    """Whether a neighbour names the country: "Russische ministerie van Defensie", "Defensie van Iran"."""
    mention = mentions[i]
    person = mention.label is Label.PERSON
    between = _TITLE_BETWEEN if person else _NOUN_BETWEEN
    for other in mentions[max(0, i - 1) : i]:
        near = mention.start - other.end <= _NEAR_CHARS
        if (
            near
            and country_of(other, kb) == country
            and between.fullmatch(context.text, other.end, mention.start)
        ):
            return True
    place = mention.label in (Label.GPE, Label.LOC)
    for other in mentions[i + 1 : i + 2]:
        pattern = _PLACE_OF if place else _OF
        if country_of(other, kb) == country and pattern.fullmatch(context.text, mention.end, other.start):
            return True
    return False


def minister_of(i: int, mentions: Sequence[Mention], context: Context) -> Mention | None:
    """The person whose portfolio a mention is: "minister van Buitenlandse Zaken Maxime Prévot"."""
    mention, text = mentions[i], context.text
    before = [m for m in mentions[max(0, i - 1) : i] if _PORTFOLIO_OF.fullmatch(text, m.end, mention.start)]
    after = [m for m in mentions[i + 1 : i + 2] if m.start == mention.end + 1]
    return next((m for m in before + after if m.label is Label.PERSON), None)


def country_of(mention: Mention, kb: KnowledgeBase) -> str | None:
    """ISO code of the country of what a mention is linked to."""
    return kb.entities[mention.alias.entity_id].country if mention.alias else None
