"""The wording of page furniture: patterns for one line, used by the zone rules.

Each pattern is about a line's form and the imperative or label it opens with, not about a site.
Sources: the manner of Dutch and Flemish news sites; the words are general ("lees", "bekijk", "meer").
`is_service` goes without an opening word: it counts what only a site says to its readers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.cleaning.lines import Line


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE)


PHOTO_AGENCIES = (
    "anp|belga|afp|reuters|ap|epa|getty(?: images)?|isopix|photo ?news|rv|efe|imago|shutterstock"
    "|hollandse hoogte"
    "|pro shots|bloomberg|dpa|ansa|nurphoto|istock|unsplash|pixabay|wikimedia(?: commons)?|eigen foto|archief"
)
_READ_MORE = r"(?:lees|bekijk|luister|zie|kijk|beluister|ontdek|volg|hoor|speel)"
_SECTIONS = (
    r"(?:home(?:page)?|nieuws|binnenland|buitenland|politiek|sport|economie|regio|opinie|wereld|cultuur"
    r"|media|tech"
    r"|wetenschap|cultuur & media|geld|werk|gezondheid|video|podcasts?|live|meer|beurs|achtergrond)"
)
_SHARE = (
    r"(?:facebook|twitter|x|whatsapp|linkedin|e-?mail|telegram|bluesky|threads|kopieer link|copy link|print)"
)

#: A line that starts a list of other headlines; what follows it is furniture too.
BLOCK_OPENER = _any(
    rf"{_READ_MORE} (?:ook|meer|verder|nog)(?: (?:over|in|op|van) .{{1,40}})?",
    r"meer (?:uit|over|van|in|nieuws|artikel(?:en|s)|berichten|lezen|verhalen)\b.{0,40}",
    r"(?:wil je |wilt u )?meer (?:lezen|weten)(?: over .{1,40})?\??",
    r"(?:nu |vandaag )?(?:best(?:e)? (?:van|gelezen)|(?:de )?meest|veel) ?(?:gelezen|bekeken|plus"
    r"|gedeeld|recent"
    r"|gereageerd|populair)?\b.{0,30}",
    r"(?:hoofdpunten|(?:in dit )?dossier|verwant(?:e (?:artikel(?:en|s)|berichten))?"
    r"|gerelateerd(?:e (?:artikel(?:en|s)|berichten|onderwerpen|instrumenten|video's))?"
    r"|aanbevolen(?: voor u| voor jou)?|aanraders?|anderen (?:lazen|bekeken|lezen) ook)",
    r"(?:ook|misschien ook|mogelijk ook|wellicht ook) (?:interessant|relevant|lezen|in het nieuws)"
    r"(?: voor (?:u|jou|je))?",
    r"(?:(?:het )?laatste|net binnen|recent(?:e|ste)?|ander|overig|nieuwste) ?(?:nieuws|berichten"
    r"|artikel(?:en|s))?",
    r"(?:dit )?(?:vindt u|vind je|vond u) .{0,20}(?:interessant|leuk|ook)|verder lezen\??"
    r"|bronnen(?: en .{1,30})?",
    r"ander .{0,15}nieuws|(?:de |het )?(?:tekst|artikel) (?:loopt|gaat) (?:door"
    r"|verder) onder de (?:aanbevolen|gerelateerde) .{1,20}",
    r"(?:uitgelicht|in dit (?:artikel|nummer)|onze keuze|keuze van de redactie|populair|trending"
    r"|nu in het nieuws|uit hetzelfde nummer|uit de krant|tip van de redactie|niet te missen|zie ook)",
    r"(?:related(?: (?:posts|articles|news))?|read more|see also|you may also like|more stories|recent posts"
    r"|continue reading|leave a reply|top stories|latest news)",
    r"(?:buurtinformatie|nieuws uit|meer nieuws uit) .{1,30}|over dit (?:liveblog|artikel|onderzoek)",
    r"bekijk",
)

#: A line that is furniture by itself.
FURNITURE_LINE = _any(
    rf"{_READ_MORE} (?:ook|meer|verder|hier|hieronder|alles|het volledige|de volledige|onze|ons)\b.{{0,160}}",
    r"read(?: more| also)?:? .{3,160}",
    r"(?:dit|in dit) (?:artikel|bericht|verhaal) (?:delen|is alleen|is exclusief)\b.{0,80}",
    r"(?:deel|share|tweet|print|mail|bewaar|kopieer|stuur|verstuur)\b"
    r"(?: (?:dit|deze|via|op|this|de|het|artikel|link|ons|uw|je)\b.{0,60})?",
    r"(?:deel|share) (?:artikel|dit artikel|this post):?",
    rf"{_SHARE}(?:[ ,|/·•]+{_SHARE})*",
    r"(?:schrijf (?:u|je)|meld (?:u|je)|abonneer|aboneer|word (?:lid|abonnee|donateur)|neem een abonnement"
    r"|ontvang (?:onze|de|ons|elke|het)|subscribe|sign up|sign in|al abonnee|inloggen|log in|registreer"
    r"|download|installeer|maak (?:een account|hier)|vul (?:hier )?(?:uw|je|een)|voer (?:uw|je)"
    r"|geef (?:u|je) op)\b.{0,200}",
    r".{0,80}\bcookies?\b.{0,120}(?:accepte|akkoord|instelling|voorkeur|voorwaarden).{0,80}",
    r"(?:click|tap) here\b.{0,80}|you may (?:also like|have missed).{0,40}|your email address .{0,120}",
    r"(?:klik|tik|druk|veeg|swipe) (?:hier|op|voor|om|naar)\b.{0,100}",
    r"(?:ik (?:word|ben al|wil) |ja, ik wil )(?:een |gratis )?(?:abonnee|lid|onbeperkt|proef).{0,60}",
    r"(?:het bericht|the post) .{5,200} (?:verscheen eerst op|appeared first on) .{2,60}",
    r"(?:tweet|bericht|video|podcast|post|kaart) (?:in)?laden\b.{0,5}|\d+ artikel(?:en|s)? over\b.{0,40}",
    r"\d+ (?:reacties?|comments?|keer gedeeld|shares?|likes?|stemmen|posts|weergaven|views)\.?",
    r"(?:reageer|reageren|reply|like|plaats een reactie|er zijn nog geen reacties.{0,40})(?: \(\d+\))?"
    r"|reageer als eerste",
    r"(?:sorteer|sorteren|toon|laad|bekijk|verberg) (?:op|meer|alle|oudere|nieuwere|\d+|eerdere)\b.{0,40}",
    r"(?:tags?|trefwoorden|onderwerpen|thema's|categorie(?:ë|e)n?|gearchiveerd onder"
    r"|lees meer over)\s?[:;] ?.{1,200}",
    r"(?:©|\(c\)|copyright) ?.{0,120}",
    r"(?:alle rechten voorbehouden|all rights reserved|niets (?:van|uit) (?:deze|dit)).{0,120}",
    r"met dank aan ?: ?.{1,60}",
    r"(?:advertentie|advertorial|advertisement|ads?|reclame|(?:een )?boodschap van .{1,20}(?:partner"
    r"|sponsor|adverteerder)|gesponsord(?:e inhoud)?|promotie|partnerbijdrage)\b.{0,30}",
    rf"{_SECTIONS}(?: ?[>»/|·›] ?.{{1,80}})",
    r"(?:door|van) (?:onze |een )?(?:\w+ )?"
    r"\w*(?:redact(?:eur|ie|rice)|correspondent|verslaggever|medewerker)\w*\b.{0,60}",
    r"(?:onze |van de )?[a-z]\w*redactie(?: (?:buitenland|binnenland|politiek|economie|sport))?",
    r"(?:delen|opslaan|bewaren|cadeau geven|reageren|(?:luister naar|beluister) dit (?:artikel|verhaal"
    r"|bericht))",
    r"(?:de |het )?(?:tekst|artikel|verhaal|bericht) (?:gaat|loopt|leest) (?:verder|door) "
    r"(?:onder|na) .{1,60}",
    r"(?:terug(?: naar .{1,30})?|naar boven|laad meer|toon meer|meer laden|volgende|vorige|menu|zoeken"
    r"|sluiten)",
    r"(?:next|previous|volgende|vorige|volgend artikel|vorig artikel) ?: ?.{3,160}",
    r"(?:(?:ga |spring |direct |meteen )*naar (?:de )?(?:hoofd)?(?:inhoud|navigatie|content|artikelinhoud"
    r"|menu|zoeken)"
    r"|skip to (?:main )?content)",
    r"(?:dit is een (?:plus|premium)?artikel|exclusief voor (?:onze )?abonnees|alleen voor abonnees"
    r"|premium)\b.{0,80}",
    r"volg ons (?:op|via)\b.{0,80}|automatisch verversen\b.{0,20}|nieuwste eerst\b.{0,5}",
    r"(?:video|videospeler|speler|afspelen|audio)\b.{0,20}(?:niet beschikbaar|inladen|laden|afspelen"
    r"|starten)\b.{0,20}",
    r"(?:speel|start|bekijk|pauzeer) (?:de )?(?:video|audio|fragment|podcast)(?: af)?(?: \d{1,2}:\d\d)?"
    r"|\d{1,2}:\d\d ?/ ?\d{1,2}:\d\d|\d{1,2} min\.?",
    rf"{_READ_MORE} .{{1,160}}:",
    r"(?:noot voor de redactie|niet voor publicatie|einde bericht|noot redactie)\b.{0,250}"
    r"|(?-i:[A-Z]+:) beschikbaar .{1,40}|einde(?: van (?:het )?(?:document|bericht))?",
    r"(?:uw |je )?e-?mail(?:adres)?:?|(?:uw|je) naam|inschrijven|aanmelden|verstuur|verzenden"
    r"|type your email.{0,10}"
    r"|get the app",
    r"(?:primary |main |hoofd)menu|start writing|ready for more\?|copy link|notes|more"
    r"|top latest discussions",
    r"foto(?:'s|’s)? ?\(\d+\)|\d+ foto(?:'s|’s)",
)
#: Beside one of these a bare line is the caption of a picture or film.
MEDIA = _any(
    r".{0,30}\b(?:video|videospeler|speel video af|fragment|foto|fotoserie|audio|speler)\b.{0,40}",
    r"(?:\W|afspelen|speel(?: af)?)*\d{1,2}:\d\d(?: ?/ ?\d{1,2}:\d\d)?",
)

#: A cookie banner; it may be two sentences.
COOKIE_BANNER = _any(
    r"(?:wij|we|deze (?:site|website)|onze (?:site|website)|door (?:verder|op)) .{0,80}cookie.{0,200}"
)

#: The head of the readers' comments.
# "Reacties" alone may be a heading of the article: the reactions of other governments.
COMMENTS = _any(
    r"\d+ (?:reacties|comments)(?: op .{1,40})?",
    r"(?:reacties|comments) \(?\d+\)?",
    r"leave a (?:reply|comment)",
)
#: The same where a commenter or a count must follow to make it sure.
COMMENTS_PERHAPS = _any(r"reacties|comments|reageer|praat mee|wat vindt u|wat vind jij|uw mening")

CAPTION_LINE = _any(
    r"(?:kijk|bekijk|video|beeld|foto|fotoserie|illustratie|archieffoto|archiefbeeld|graphic|kaart"
    r"|in beeld|infographic)"
    r"(?: \d+ (?:van|/) \d+)?(?:(?: (?:en|van|met) \w+)?)(?:[.:|] |: ?).{1,400}",
    rf".{{10,300}}(?:©|\b(?:foto|beeld|krediet|credit|photo)s?\b:?)[ :/]*(?:{PHOTO_AGENCIES})\b.{{0,60}}",
    rf"© ?(?:{PHOTO_AGENCIES})\b.{{0,40}}",
    # "De soldaten deelden koekjes uit. © Geert De Rycke"
    r".{10,300}[^ ]\)? (?:©|[(\[](?:foto|beeld|illustratie)s?\b:?) ?(?-i:[A-ZÀ-Þ])[^.]{2,50}",
    # "… in de stuurhut. FOTO DIRK-JAN GJELTEMA"; "… bij Šeštokai. Foto Petras Malūkas/AFP"
    r".{10,300}[.!?’”'\"|–-] (?:(?:archief)?foto|beeld|illustratie|krediet"
    r"|credit)s?:? (?-i:[A-ZÀ-Þ])[\w.’'-]+"
    r"(?:[ /]+(?:(?-i:[A-ZÀ-Þ])[\w.’'-]+|van|de|der|den|via)){0,5}",
    r"(?:foto|beeld|illustratie|photo"
    r"|image)s?:? (?-i:[A-ZÀ-Þ])[\w.’'-]+(?:[ /]+(?-i:[A-ZÀ-Þ])[\w.’'-]+){0,4}",
    # "Fietsen bij de slagboom, met ijs op het zadel (eigen foto)"; "… in Nairobi. PHOTO/File"
    r".{10,300} \((?:eigen |archief)?(?:foto|beeld|opname|archief)[^()]{0,40}\)",
    r".{10,300}[.!?’”'\"|–-] (?:(?:archief)?foto|beeld|photo|image|afbeelding|bron foto) ?[:/] ?[^.]{2,50}",
    # "De Wever en Starmer op de stoep van nummer 10. - Belga"
    r".{10,200} [-–|/] ?(?-i:(?:ANP|Belga|BELGA|AFP|Reuters|REUTERS|AP|EPA|EFE|DPA|Getty Images|ISOPIX))",
)

_UNIT = (
    r"(?:s|sec\.?|seconden|m|min\.?|minu?u?t(?:en)?|u\.?|uu?r(?:en)?|h|hours?|d|dag(?:en)?|days?|w"
    r"|weken|week|weeks?"
    r"|maand(?:en)?|months?|jaar|years?|minutes?)"
)
#: "13 minuten geleden", "22 min. geleden" at the start of an item of a live feed.
RELATIVE_TIME = re.compile(rf"^(?:een|\d{{1,3}}) ?{_UNIT} (?:geleden|ago)(?! ?(?-i:[a-zà-ÿ]))", re.IGNORECASE)

#: What only a site says to its readers; for text in small letters.
_SERVICE = re.compile(
    r"\b(?:"
    r"(?:abonne\w*|proefabonnement|lidmaatschap|per maand|opzegbaar|onbeperkt\w*|betaalmuur|los voor"
    r"|steun ons|donatie|doneer|korting)"
    r"|(?:nieuwsbrie\w+|mailbox|inbox|(?:e-?)?mail(?:adres)?|digest|newsletter|buitenlandbrief|pushbericht\w*"
    r"|notificatie\w*|meldingen?|melding bij)"
    r"|(?:schrijf (?:u|je)|meld (?:u|je)|account|inloggen|log in|registre\w+|wachtwoord|aanmelden"
    r"|inschrijven|sign up|subscribe\w*)"
    r"|(?:(?:\w+-)?app|app store|google play|download\w*|podcast|e-book|whatsapp|facebook|instagram|twitter"
    r"|youtube|spotify|bluesky|linkedin)"
    r"|(?:cookies?|privacy\w*|disclaimer|voorwaarden|aansprakelijk\w*|copyright|auteursrecht\w*"
    r"|reproductie|overname van|toestemming|uitgave van|aangeboden door|onjuisth\w+|colofon|all rights)"
    r"|(?:redactieadres|onze (?:redactie|journalisten)|lezers?service|klantenservice|klachten"
    r"|taalfout\w*|tips?"
    r"|formulier|reageren|lezersbrie\w+|reacties?|ingezonden|opiniestuk\w*|vacatures|adverteren)"
    r"|(?:(?:deze|dit) (?:pagina|(?:e-?)?mail|tekst|artikel|bericht|verhaal|interview|liveblog)"
    r"|een versie van"
    r"|verscheen (?:ook|eerder|oorspronkelijk)|in de krant van|machinaal|automatisch vertaald|vertaald"
    r"|met medewerking van|advies)"
    r"|(?:klik|tik hier|hier(?:onder)?:|gratis|speel mee|win |mis niks|maak kans|probeer nu|veeg|bestel)"
    r")"
)
TO_READERS = re.compile(r"\b(?:u|uw|je|jouw|jij|jullie|wij|we|ons|onze|your?|us|my)\b", re.IGNORECASE)
#: "Lees ook de kleine lettertjes, waarschuwt een medewerker": somebody's words, not the site's.
REPORTED = re.compile(
    r",? (?:zei|zegt|aldus|waarschuwt|vindt|stelt|schrijft|meldt|verklaarde|volgens|benadrukt)\b"
)
_ENGLISH = re.compile(
    r"\b(?:the|and|to|of|your|you|this|for|is|are|with|will|not|be|our|from|may|by|all|on|or|at)\b",
    re.IGNORECASE,
)
_DUTCH = re.compile(r"\b(?:de|het|een|van|en|dat|niet|op|voor|zijn|met)\b", re.IGNORECASE)
_CAPITALISED = re.compile(r"(?<=[a-zà-ÿ,] )[A-ZÀ-Þ][a-zà-ÿ]")
_SERVICE_MAX_WORDS = 45
_SHORT_WORDS = 15
#: A paragraph that says "abonneer" once in thirty words is not about subscriptions.
_WORDS_A_SIGN = 15
#: From here on a page speaks to editors, not to readers.
END_OF_ARTICLE = _any(
    r"(?:noot|nadere informatie|niet) (?:voor|aan) (?:de )?(?:redacties?|pers|publicatie)\b.{0,300}",
    r"einde (?:van )?(?:het )?(?:document|bericht|persbericht)|perscontact\b.{0,40}|\.einde",
)


def is_service(line: Line, *, after_article: bool) -> bool:
    """Whether a line is what a site says to its readers: on subscriptions, letters, rights, mistakes.

    "U kunt ons met dit formulier daarover informeren." One such word and a form of address are enough
    below the article; inside it two must come together, or no name, since ministers have e-mail too.
    """
    text = line.text
    if line.n_words > _SERVICE_MAX_WORDS or REPORTED.search(text):
        return False
    signs = _n_signs(text)
    if not signs or signs * _WORDS_A_SIGN < line.n_words:
        return False
    addressed = TO_READERS.search(text) is not None
    if text[0] in "\"'“„‘’":
        return after_article and signs > 1 and addressed
    if after_article:
        return signs > 1 or addressed or line.n_words <= _SHORT_WORDS
    nameless = _CAPITALISED.search(text) is None
    return (signs > 1 and (addressed or line.n_words <= _SHORT_WORDS)) or (addressed and nameless)


@lru_cache(maxsize=4096)
def _n_signs(text: str) -> int:
    """How many different words of service a line has, its being English among them."""
    return len(set(_SERVICE.findall(text.casefold()))) + _is_english(text)


def _is_english(text: str) -> bool:
    """Whether a line of a Dutch page is English, as themes of sites are."""
    return len(_ENGLISH.findall(text)) >= 3 and not _DUTCH.search(text)
