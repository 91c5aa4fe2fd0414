"""Buttons and prompts: short lines by which a page asks its reader to do something.

In: one line. Out: whether it is one. By form, not by phrase: an imperative with the reader or the page as
its object, an infinitive of what one does with a page, a question with an order behind it, a count of
readers, words of an English theme. One caveat: the verbs and nouns are lists, and lists end.
"""

from __future__ import annotations

import re

_BUTTON_MAX_WORDS = 8
_PROMPT_MAX_WORDS = 24
_INFINITIVE_MAX_WORDS = 6
#: "⏵ Afspelen 1:48", "☰ Menu", "← Terug"; a bullet is no sign.
_SIGN = re.compile(r"^[⏵⏸☰≡⋮←↑↓⌄⇩★☆♥♡👍👎🔔🔊🎧🔗✕✖×]|[→⟶»›>▾▼⌄]$")
_BULLET = re.compile(r"^[▶►➤▸•∙·+-]\ufe0f? ?")
_ONLY_SIGNS = re.compile(r"[\W_]+")
_VERB = (
    r"abonneer|app|bekijk|bel|beluister|bestel|bet|bewaar|bezoek|blijf|boek|check|deel|doe|doneer|download"
    r"|draai|geef|gok|installeer|kies|kijk|klik|koop|laad|lees|log|luister|mail|maak|meld|mis|neem"
    r"|ontdek|ontvang|open|plaats|praat|probeer|reageer|scan|schakel|schrijf|speel|start|stel|stem|steun"
    r"|stuur|surf|swipe|tik|tip|toon|typ|update|veeg|ververs|volg|vraag|vul|wijzig|win|word|zet|zoek"
)
#: "Bestel nu", "Kies je formule", "Lees het hele verslag": what a page speaks of is the reader and itself.
_IMPERATIVE = re.compile(
    rf"(?:{_VERB})(?: \w+)? (?:nu|hier|je|jouw|jij|u|uw|ons|onze|alle|gratis|mee|verder|meer|ook|niets|niks"
    r"|dit|deze|het (?:hele|volledige)|de (?:hele|volledige|redactie|eindredactie|app|bel|spelregels"
    r"|foto\w*|video\w*|reacties))\b(?! (?:niet|geen|maar))[^.]{0,60}[.!]?",
    re.IGNORECASE,
)
#: "Bewaar voor later", "Kies een land": verbs of the screen, and nothing with a name behind them.
_COMMAND = re.compile(
    r"(?:[Bb]ewaar|[Kk]ies|[Ss]electeer|[Ss]peel|[Tt]est|[Bb]ekijk|[Vv]ergroot|[Vv]erklein|[Vv]ergelijk|[Ss]can"
    r"|[Ww]ijzig|[Oo]ntvang|[Mm]is geen|[Vv]oeg|[Tt]oevoegen|[Tt]oon|[Vv]erberg|[Pp]laats|[Ll]aad|[Ss]tuur"
    r"|[Ll]uister|[Bb]eluister|[Tt]eken de|[Vv]ind|[Ss]teun(?! (?:voor|van|aan|uit|in|op|bij)))"
    r"(?: [a-zà-ÿ'’-]+){1,4}(?: ?\d+ min\.?)?!?"
)
_ACTION = re.compile(
    r"(?:[\w'’-]+ ){0,5}(?:opslaan|bewaren|delen|afspelen|tonen|bekijken|verbergen|laden|inladen|beluisteren"
    r"|sluiten|openen|plaatsen|doorsturen|afdrukken|printen|downloaden|inloggen|aanmelden|uitschrijven"
    r"|inschrijven|abonneren|reageren|instellen|beheren|verversen|kopiëren|cadeau (?:doen|geven)|vergroten"
    r"|aanvaarden|accepteren|weigeren)",
    re.IGNORECASE,
)
_OF_A_PAGE = re.compile(
    r"\b(?:dit|deze|alle|alleen|meer|oudere|nieuwe(?:re)?|eerdere|artikel(?:en)?|link|reacties?|pagina|brief"
    r"|verhaal|berichten|updates?|cookies)\b",
    re.IGNORECASE,
)
_ALONE = re.compile(
    r"blijf op de hoogte.{0,60}|(?:(?:bezig met|even) (?:laden|geduld)"
    r"|er ging iets mis)\W*"
    r"|(?:foto|beeld|slide) \d+ ?(?:/|van) ?\d+|\d(?:[.,]\d)?x|a- ?a\+|volledig scherm|geluid (?:aan|uit)"
    r"|(?:sponsored|partner ?content|betaalde inhoud|advertorial|webshop|puzzels|horoscoop|tv-gids"
    r"|sitemap"
    r"|rss)"
    r"|(?:privacy|cookie)beleid|gebruiksvoorwaarden|klachtenprocedure|trefwoorden|schrijver|geschreven door"
    r"|delen via|voorlezen|herpublicatie verboden|vorig artikel|volgend artikel|doneer|sluit"
    r"|leeslijst|mijn \w+|ververs|notificaties|instellingen|lettergrootte|aa|bewaard|opgeslagen in .{1,30}"
    r"|auteur|delen|(?:on)?eens|ja|nee|weet niet|body|graphic|highlight",
    re.IGNORECASE,
)
#: "Deze tekst werd gegenereerd met behulp van AI"
_MACHINE = re.compile(
    r".{0,30}\b(?:vertaald|samengevat|gegenereerd|gemaakt|voorgelezen) (?:door|met)"
    r"(?: behulp van| hulp van)? (?:ai|een ai.{0,20}|(?:artifici|kunstmatige).{0,30})\.?",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"(?:\w+ ){1,4}(?:missen|ontvangen|steunen|adverteren|meedoen|meepraten|reageren)\?", re.IGNORECASE
)
_COUNTS = re.compile(
    r"(?:[\d.,]+[km]? (?:stemm?en?|shares?|views?|reacties?|comments?|likes?|lezers|kijkers|volgers|weergaven"
    r"|(?:keer|x) (?:gelezen|bekeken|gedeeld))[ ·|,]*)+"
    r"|(?:toon |bekijk )?(?:reacties?|weergaven|gelezen|bekeken|gedeeld|views|likes):? ?"
    r"\(?[\d.]+\)?(?: keer| x)?",
    re.IGNORECASE,
)
_ENGLISH = frozenset(
    """share tweet send pin print email e-mail previous next post posts article comment comments
    reply replies leave cancel a your name website required save submit search menu home about contact
    follow us like view views shares more loading load read back to top on in by and the advertisement
    newsletter subscribe login sign up related recent popular tags categories facebook twitter whatsapp
    linkedin instagram end of document page skip content graphic body highlight""".split()  # noqa: SIM905
)
#: "Iets niet goed? Mail de eindredactie", "Nieuws uit je eigen stad volgen? Stel je postcode in."
_ASKED = re.compile(
    rf"[^.?!„“‘\"]{{4,90}}[?] (?:{_VERB}|dan|doe|ja|nee|dat kan|graag|u kunt|je kunt|tip"
    r"|laat (?:het|ons|iets))\b.{2,110}",
    re.IGNORECASE,
)
_READER = re.compile(
    r"\b(?:je|jij|jouw|jou|u|uw|ons|onze|we|redactie|eindredactie|hier|gratis|app|ze aan|knop"
    r"|bel|klik\w*|laat het)\b",
    re.IGNORECASE,
)
#: "Wat vond je van deze column? ★★★★☆", "Was dit artikel nuttig?", "Heeft deze informatie u geholpen?"
_OPINION = re.compile(
    r"(?:was|is|heeft|wat (?:vond|vindt?)|hoe|vond|vindt?|zie|klopt|staat)\b.{0,20}\b(?:dit|deze) (?:artikel"
    r"|bericht|column|tekst|verhaal|pagina|informatie|stuk|interview|brief|mail)\b.{0,60}",
    re.IGNORECASE,
)
_GAMBLING = re.compile(r"\b18\+|\bgok(?:ken|t)?\b.*\bstop op tijd", re.IGNORECASE)


def is_prompt(text: str) -> bool:
    """Whether a line is a button or asks the reader to do something on the page."""
    n_words = len(text.split())
    if n_words > _PROMPT_MAX_WORDS or text[0] in "“„‘\"'":
        return False
    if ("18+" in text or "top op tijd" in text) and _GAMBLING.search(text):
        return True
    if (" dit " in text or " deze " in text) and _OPINION.fullmatch(text):
        return True
    if "?" in text and (_WISH.fullmatch(text) or (_ASKED.fullmatch(text) and _READER.search(text))):
        return True
    return n_words <= _BUTTON_MAX_WORDS and _is_button(text, n_words)


def _is_button(text: str, n_words: int) -> bool:
    if "JavaScript" in text or (" AI" in text and _MACHINE.fullmatch(text)):
        return True
    if _ONLY_SIGNS.fullmatch(text) or (_SIGN.search(text) and text[-1] not in ".!"):
        return True
    bare = _BULLET.sub("", text)
    if not bare or _ALONE.fullmatch(bare) or _COUNTS.fullmatch(bare):
        return True
    if "," not in bare and (_IMPERATIVE.fullmatch(bare) or _COMMAND.fullmatch(bare)):
        return True
    acts = n_words <= _INFINITIVE_MAX_WORDS and _ACTION.fullmatch(bare) is not None
    return (acts and (n_words == 1 or _OF_A_PAGE.search(bare) is not None)) or _is_english(bare)


def _is_english(text: str) -> bool:
    """Whether each word is one that themes of sites have: "Previous Post", "ShareTweetSend"."""
    if text.split(None, 1)[0].strip("*:").casefold() not in _ENGLISH and not text.startswith("Share"):
        return text[0].isdigit() and _COUNTS.fullmatch(text) is not None
    words = re.findall(r"[A-Z]?[a-z-]+|[A-Z]+|\d+", text)
    known = [word.casefold() in _ENGLISH for word in words if not word.isdigit()]
    return len(known) > 1 and all(known)


_PLUG_MAX_CHARS, _OPENER_MAX_CHARS = 250, 60
_BETWEEN = frozenset(["in", "uit", "op", "van", "de", "het", "om", "te", "voor"])
_BEHIND_OPENER = re.compile(r": | ?[·›»>|►▶] ?| [–—-] ")
_LIST_WORDS = frozenset(
    """ook meer verder nog net onze ons je jij jou jouw u uw lezen lees las leest gelezen bekeken gemist
    gedeeld populair lezers kijkers site artikel artikelen verhaal verhalen nieuws dossier dossiers over
    andere anderen aanbevolen gerelateerd verwant interessant leuk misschien binnen hierna hoort bij dit
    deze onderwerp onderwerpen uitgelicht selectie tips tip redactie keuze vandaag wat niet dezelfde
    vind vindt keuzes aanrader aanraders nu krant hetzelfde auteur reeks serie eerder volgende vorige
    berichten stukken zie alles""".split()  # noqa: SIM905
)


def opens_list(text: str) -> bool:
    """Whether a short line has the words of what stands above a list of other articles.

    "Populair bij onze lezers", "Net gemist?", "Hoort bij dit verhaal:"; its names come after "in", "uit".
    """
    words = re.findall(r"[^\W_]+", text)
    if not 2 <= len(words) <= 8 or text[-1] in ".!":
        return False
    known = [word.casefold() in _LIST_WORDS for word in words]
    rest = [word for word, is_known in zip(words, known, strict=True) if not is_known]
    plain = [word for word in rest if not word[0].isupper() and not word.isdigit() and word not in _BETWEEN]
    return sum(known) >= 2 and 2 * sum(known) >= len(words) and not plain


def is_plug(text: str) -> bool:
    """Whether a line names one other article behind an opener: "Lees ook › Wie is …", "Dit las je … · A"."""
    if text[-1] == "." or len(text) > _PLUG_MAX_CHARS:
        return False
    opener = _BEHIND_OPENER.search(text, 0, _OPENER_MAX_CHARS)
    return opener is not None and opener.start() > 0 and opens_list(f"{text[: opener.start()]}:")
