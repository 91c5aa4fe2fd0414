"""The wording of page furniture: patterns for one line, used by `zones`.

Each pattern is about a line's form and the imperative or label it opens with, not about a site.
Sources: the manner of Dutch and Flemish news sites; the words are general ("lees", "bekijk", "meer").
"""

from __future__ import annotations

import re


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


_PHOTO_AGENCIES = "anp|belga|afp|reuters|ap|epa|getty|isopix|photo news|rv|efe|imago|shutterstock"
_READ_MORE = r"(?:lees|bekijk|luister|zie|kijk|beluister|ontdek|volg)"

#: A line that starts a list of other headlines; what follows it is furniture too.
BLOCK_OPENER = _any(
    rf"{_READ_MORE} (?:ook|meer|verder|nog)(?: (?:over|in|op|van) .{{1,40}})?",
    r"meer (?:uit|over|van|in|nieuws|artikelen|berichten)\b.{0,40}",
    r"(?:best(?:e)? (?:van|gelezen)|meest) ?(?:gelezen|bekeken|plus|gedeeld|recent)?\b.{0,30}",
    r"(?:hoofdpunten|gerelateerd(?:e (?:artikelen|berichten|onderwerpen))?|aanbevolen(?: voor u| voor jou)?)",
    r"(?:ook|misschien ook) interessant(?: voor (?:u|jou))?",
    r"(?:laatste|net binnen|recent(?:e)?|ander|overig) ?(?:nieuws|berichten|artikelen)?",
    r"(?:uitgelicht|in het kort|in dit artikel|onze keuze|populair|trending|nu in het nieuws|dossier)",
    r"(?:related|read more|see also|you may also like|more stories|recent posts|leave a reply)",
    r"bekijk",
)

#: A line that is furniture by itself.
FURNITURE_LINE = _any(
    rf"{_READ_MORE} (?:ook|meer|verder|hier|alles|het volledige|de volledige|onze|ons)\b.{{0,160}}",
    r"read(?: more| also)?:? .{3,160}",
    r"(?:dit|in dit) (?:artikel|bericht|verhaal) (?:delen|is alleen|is exclusief)\b.{0,80}",
    r"(?:deel|share|tweet|print|mail|bewaar|kopieer)\b"
    r"(?: (?:dit|deze|via|op|this|de|het|artikel|link)\b.{0,60})?",
    r"(?:facebook|twitter|x|whatsapp|linkedin|e-?mail|telegram|kopieer link|print)"
    r"(?:[ ,|/·•]+(?:facebook|twitter|x|whatsapp|linkedin|e-?mail|telegram|kopieer link|print))*",
    r"(?:schrijf (?:u|je)|meld (?:u|je)|abonneer|aboneer|word (?:lid|abonnee)|neem een abonnement"
    r"|ontvang (?:onze|de|ons|elke|het)|subscribe|sign up|al abonnee|inloggen|log in|registreer)\b.{0,200}",
    r".{0,80}\bcookies?\b.{0,120}(?:accepte|akkoord|instelling|voorkeur|voorwaarden).{0,80}",
    r"(?:click|tap) here\b.{0,80}|you may (?:also like|have missed).{0,40}|your email address .{0,120}",
    r"\d+ (?:reacties?|comments?|keer gedeeld|shares?|likes?)\.?",
    r"(?:reageer|plaats een reactie|er zijn nog geen reacties.{0,40})",
    r"(?:tags?|trefwoorden|onderwerpen|categorie(?:ë|e)n?|gearchiveerd onder)\s?[:;] ?.{1,200}",
    r"(?:©|\(c\)|copyright) ?.{0,120}",
    r"(?:alle rechten voorbehouden|all rights reserved).{0,80}",
    r"(?:bron|source|met dank aan) ?: ?.{1,60}",
    r"\(?(?:anp|belga|afp|reuters|ap|dpa|novum)(?:[/, ]+(?:anp|belga|afp|reuters|ap|dpa))*\)?\.?",
    r"(?:advertentie|advertisement|gesponsord(?:e inhoud)?|promotie)\b.{0,30}",
    r"(?:home|nieuws|binnenland|buitenland|politiek|sport|economie|regio|opinie|wereld|cultuur)"
    r"(?: ?[>»/|·›] ?.{1,80})",
    r"(?:door|van) (?:onze |een )?(?:\w+ )?"
    r"\w*(?:redact(?:eur|ie|rice)|correspondent|verslaggever)\w*\b.{0,60}",
    r"(?:delen|opslaan|bewaren|reageren|(?:luister naar|beluister) dit (?:artikel|verhaal|bericht))",
    r"(?:de |het )?(?:tekst|artikel|verhaal|bericht) (?:gaat|loopt|leest) (?:verder|door) "
    r"(?:onder|na) .{1,40}",
    r"(?:terug naar boven|naar boven|laad meer|toon meer|meer laden|volgende|vorige|menu|zoeken)",
    r"(?:\d+ (?:minuten|minuut|uur|uren|dagen|dag|seconden) geleden)",
    r"(?:dit is een (?:plus)?artikel|exclusief voor abonnees|alleen voor abonnees|premium)\b.{0,80}",
    r"volg ons (?:op|via)\b.{0,80}",
)

#: A cookie banner; it may be two sentences.
COOKIE_BANNER = _any(
    r"(?:wij|we|deze (?:site|website)|onze (?:site|website)|door (?:verder|op)) .{0,80}cookie.{0,200}"
)

#: A line that says something about the article: author, reading time, last change.
METADATA_LINE = _any(
    r"(?:auteurs?|author|redactie|tekst|samenstelling) ?: ?.{1,80}",
    r"(?:leestijd|reading time)\b.{0,30}",
    r"\d+ min(?:uten)?\.? (?:leestijd|lezen|read)",
    r"(?:gepubliceerd|laatst (?:bijgewerkt|gewijzigd)|laatste update|bijgewerkt|update|geplaatst|aangepast)"
    r"(?: op)? ?:?(?: .{0,60}(?:\d[:.u]\d\d|\d[-/ ]\d|(?:19|20)\d\d).{0,30})?",
    r"(?:vandaag|gisteren|eergisteren)(?:,| om)? \d{1,2}[:.u]\d{2}(?: ?uur| ?u)?",
)

#: The head of the readers' comments.
# "Reacties" alone may be a heading of the article: the reactions of other governments.
COMMENTS = _any(
    r"\d+ (?:reacties|comments)", r"(?:reacties|comments) \(?\d+\)?", r"leave a (?:reply|comment)"
)

#: A by-line: "Door Els de Wit", "Van onze redacteur Jan Jansen".
BYLINE = re.compile(
    r"(?:(?:Door|Tekst|Foto's)(?: onze (?:redacteur|correspondent|verslaggever)\w*)?:? "
    r"|Van onze (?:redacteur|correspondent|verslaggever)\w* )"
    r"(?:[A-ZÀ-Þ][\w.’'-]*|van|de|den|der|ten|ter|el|al|en)"
    r"(?: (?:[A-ZÀ-Þ][\w.’'-]*|van|de|den|der|ten|ter|el|al|en|in)){0,7}"
)

CAPTION_LINE = _any(
    r"(?:kijk|bekijk|video|beeld|foto|fotoserie|illustratie|archieffoto|archiefbeeld|graphic|kaart|in beeld)"
    r"(?:(?: (?:en|van|met) \w+)?)(?:[.:|] |: ?).{1,400}",
    rf".{{10,300}}(?:©|\bfoto:?|\bbeeld:?) ?(?:{_PHOTO_AGENCIES})\b.{{0,60}}",
    rf"© ?(?:{_PHOTO_AGENCIES})\b.{{0,40}}",
)

#: "13 minuten geleden" at the start of an item of a live feed.
RELATIVE_TIME = re.compile(
    r"^(?:een|\d{1,2}) (?:seconden|minu?u?t(?:en)?|uur|uren|dag(?:en)?) geleden(?! ?(?-i:[a-zà-ÿ]))",
    re.IGNORECASE,
)
