"""The visible text of an HTML page, line by line, with the zone that the markup gives each line.

In: an HTML page. Out: `Page`: lines, a letter per line, and title, date, address and site by trafilatura.
Nothing visible is dropped: menus and teasers are lines marked as furniture, so that `clean` can label
them. trafilatura says what it takes for the article; text below it is furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import lxml.etree
import lxml.html
import trafilatura

from pipeline.schemas import Zone

#: What `documents.markup` says of a line.
LETTERS = {
    "t": Zone.TITLE,
    "h": Zone.HEADING,
    "c": Zone.CAPTION,
    "f": Zone.FURNITURE,
    "m": Zone.METADATA,
}
#: A paragraph or item that is no heading, whatever its length; and a line of which nothing is known.
PLAIN, UNKNOWN = "p", "-"
#: While a page is read: in a figure or a player; in an element that nobody sees.
_MEDIA, _HIDDEN = "v", "x"
_DATE_MAX_CHARS = 80
#: Between headline and site in the browser's tab.
_TAB = re.compile(r" [|»«•·–—:-]{1,2} ")
#: A kind of page is no site: "Dertien landen tekenen … | Nieuwsbericht".
_KIND = re.compile(
    r"(?:nieuws(?:bericht)?|persbericht|artikel|bericht|home|column|opinie|blog|video)$", re.IGNORECASE
)
_SITE_MAX_WORDS = 4
_NAME_MAX_WORDS = 2
_CELLS = frozenset(["td", "th"])

_UNSEEN = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "head",
        "svg",
        "iframe",
        "object",
        "canvas",
        "math",
        "textarea",
    ]
)
_BLOCK_TAGS = """
    address article aside blockquote body button caption center dd details dialog div dl dt fieldset
    figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol option p pre section
    summary table tbody tfoot thead time tr ul br cite label
"""
_BLOCKS = frozenset(_BLOCK_TAGS.split())
_FURNITURE_TAGS = frozenset(["nav", "footer", "aside", "form", "button", "dialog", "menu", "option", "label"])
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_ITEMS = frozenset(["li", "td", "th", "tr", "dd", "dt", "blockquote", "pre"])
#: Words in a class or id, the same on sites of every make.
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|breadcrumbs?|kruimel\w*|share\w*|sharing|social\w*|delen|related\w*"
    r"|gerelateerd\w*"
    r"|teasers?|promo\w*|newsletter\w*|nieuwsbrief\w*|comments?|reacties?|respond|cookies?\w*|consent"
    r"|ads?|advert\w*"
    r"|sponsor\w*|paywall|premium|subscri\w*|abonne\w*|tags?|footer|sidebar|widget\w*|disclaimer|ticker|badge"
    r"|skip\w*|toolbar|pagination|copyright|lees-?ook|leesook|read-?more|popular\w*|most-?read|poll"
    r"|login|search\w*"
    r"|zoek\w*|recommend\w*|aanbevolen|meer-?lezen|colofon|bio|about-author|banner|toc|cta|player)(?:$"
    r"|[\s_-])",
    re.IGNORECASE,
)
_CAPTION_CLASS = re.compile(
    r"(?:^|[\s_-])(?:caption|bijschrift|onderschrift|credits?|fotograaf|wp-caption-text)(?:$|[\s_-])",
    re.IGNORECASE,
)
_MEDIA_CLASS = re.compile(
    r"(?:^|[\s_-])(?:video\w*|media|foto|photo|image|gallery)(?:$|[\s_-])", re.IGNORECASE
)
_DATE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:date\w*|datum\w*|time\w*|tijd\w*|published|pub-?date|updated|dateline-time)(?:$|[\s_-])",
    re.IGNORECASE,
)
_SPACE = re.compile(r"\s+")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PROSE_MIN_WORDS = 12
#: An element that holds more of the page's text than this is the page, whatever its class says.
_MOST = 0.5


@dataclass(frozen=True, slots=True)
class Page:
    """The lines of a page joined by newlines, a letter for each, and what its head says."""

    text: str
    markup: str
    title: str | None
    published: str | None
    url: str | None
    site: str | None


def read_page(markup: str) -> Page | None:
    """The page, or None when trafilatura finds no article in it."""
    found = trafilatura.bare_extraction(markup, favor_recall=True, include_comments=False, with_metadata=True)
    if found is None or isinstance(found, dict) or not found.text:
        return None
    try:
        root = lxml.html.document_fromstring(_DECLARATION.sub("", markup))
    except (lxml.etree.ParserError, ValueError):
        return None
    lines = _lines(root)
    if not lines:
        return None
    title = _headline(root, lines) or found.title
    lines = [
        ("t" if text == title else UNKNOWN if letter == "t" and title else letter, text)
        for letter, text in lines
    ]
    letters = _by_article([letter for letter, _ in lines], [text for _, text in lines], found.text)
    site = found.sitename
    if not site or ("." in site and " " not in site):
        site = _site(root, title, lines)
    return Page(
        "\n".join(text for _, text in lines),
        "".join(letters),
        title,
        found.date,
        found.url,
        site,
    )


def _lines(root: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    """(letter, text) of each visible line, in the page's order; iterative, since pages nest deeply."""
    body = root.find("body")
    writer = _Writer(max(len(_SPACE.sub("", root.text_content())), 1))
    top = root if body is None else body
    for event, element in lxml.etree.iterwalk(top, events=("start", "end", "comment", "pi")):
        if event == "start":
            writer.open(element)
        elif event == "end":
            writer.close(element, last=element is top)
        else:
            writer.write(element.tail or "")
    writer.flush(UNKNOWN)
    return writer.lines


def _headline(root: lxml.html.HtmlElement, lines: list[tuple[str, str]]) -> str | None:
    """The heading that the browser's tab shows first: a blog's own name is an <h1> on many pages."""
    tab = _SPACE.sub(" ", root.findtext(".//title") or "").strip()
    headings = [text for letter, text in lines if letter in "th" and len(text.split()) > _NAME_MAX_WORDS]
    pieces = [tab, *(piece for piece in _TAB.split(tab) if len(piece.split()) > _NAME_MAX_WORDS)]
    plain = {text: text.replace("\u00ad", "") for text in headings}
    return next(
        (text for text in headings for piece in pieces if _begins(plain[text], piece.replace("\u00ad", ""))),
        None,
    )


def _begins(heading: str, piece: str) -> bool:
    """Whether the tab shows the heading or its beginning: "Kelvin » Indiase maanwagen rolt langs krater"."""
    return piece.startswith(heading) or heading.startswith((f"{piece},", f"{piece} "))


def _site(root: lxml.html.HtmlElement, title: str | None, lines: list[tuple[str, str]]) -> str | None:
    """The site's name in the tab, beside the headline, where the page shows it outside its text too."""
    pieces = _TAB.split(_SPACE.sub(" ", root.findtext(".//title") or "").strip())
    plain = (title or "").replace("\u00ad", "")
    names = [p for p in pieces if p and not plain.startswith(p) and len(p.split()) <= _SITE_MAX_WORDS]
    if len(pieces) < 2 or len(names) != 1:
        return None
    name = names[0]
    shown = (text for letter, text in lines if letter in "ftm-" and len(text) <= _DATE_MAX_CHARS)
    return next((name for text in shown if text.casefold().startswith(name.casefold())
                 and not _KIND.match(name)), None)  # fmt: skip


class _Writer:
    """Gathers text into lines while the elements of a page open and close."""

    def __init__(self, total: int) -> None:
        self.lines: list[tuple[str, str]] = []
        self._total = total
        self._letters = [UNKNOWN]
        self._letter = UNKNOWN
        self._pieces: list[str] = []
        self._linked = 0

    def write(self, text: str) -> None:
        """Add text to the line, unless an element that nobody sees is open."""
        if self._letters[-1] != _HIDDEN:
            self._pieces.append(text)

    def flush(self, letter: str) -> None:
        """End the line; the next one has `letter`."""
        text = _SPACE.sub(" ", "".join(self._pieces)).strip()
        if text:
            # An item or paragraph that is nothing but links is furniture.
            only_links = self._letter == PLAIN and self._linked >= 0.9 * len(text)
            self.lines.append(("f" if only_links else self._letter, text))
        self._letter, self._pieces, self._linked = letter, [], 0

    def open(self, element: lxml.html.HtmlElement) -> None:
        """An element begins."""
        inherited = self._letters[-1]
        if inherited == _HIDDEN or _is_unseen(element):
            self._letters.append(_HIDDEN)
            return
        letter = _letter(element, inherited, self._total)
        if element.tag in _BLOCKS or letter != inherited:
            self.flush(letter)
        elif element.tag in _CELLS and self._pieces:
            self.write(" \t ")
        self._letters.append(letter)
        self.write(element.text or "")
        if element.tag == "a":
            self._linked += len(element.text_content())

    def close(self, element: lxml.html.HtmlElement, *, last: bool) -> None:
        """An element ends; the text behind it belongs to the one around it."""
        own = self._letters.pop()
        if own != _HIDDEN and (element.tag in _BLOCKS or own != self._letters[-1]):
            self.flush(self._letters[-1])
        if not last:
            # Neighbours without a space between ("<a>Nieuws</a><a>Sport</a>") are words of their own.
            self.write(element.tail or ("" if element.getnext() is None else " "))


def _is_unseen(element: lxml.html.HtmlElement) -> bool:
    return element.tag in _UNSEEN or element.get("hidden") is not None


def _letter(element: lxml.html.HtmlElement, inherited: str, total: int) -> str:
    """The letter of an element inside one with the letter `inherited`."""
    if inherited in "fc":
        return inherited
    tag = element.tag
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if tag == "h1":
        return "t"
    if _is_aside(element, names):
        return "f" if _is_part(element, total) else inherited
    if tag == "figcaption" or _CAPTION_CLASS.search(names):
        return "c"
    if tag == "figure" or (_MEDIA_CLASS.search(names) and _is_part(element, total, at_most=0.2)):
        return _MEDIA
    if inherited == _MEDIA:
        return "c" if tag == "p" else _MEDIA
    if tag == "time" or (_DATE_CLASS.search(names) and len(element.text_content()) < _DATE_MAX_CHARS):
        return "m"
    return _letter_by_tag(element, inherited)


def _letter_by_tag(element: lxml.html.HtmlElement, inherited: str) -> str:
    if element.tag in _HEADINGS:
        return "h"
    if element.tag in _ITEMS or (element.tag == "p" and not _is_bold(element)):
        return PLAIN
    return UNKNOWN if element.tag == "p" else inherited


def _is_aside(element: lxml.html.HtmlElement, names: str) -> bool:
    """Whether an element is beside the article by its tag, role, class or id."""
    if (
        element.tag in _FURNITURE_TAGS
        or element.get("role") == "navigation"
        or _FURNITURE_CLASS.search(names)
    ):
        return True
    return element.tag == "header" and not _inside_article(element)


def _is_part(element: lxml.html.HtmlElement, total: int, at_most: float = _MOST) -> bool:
    """Whether an element is a part of the page, not the frame around its article."""
    text = _SPACE.sub("", element.text_content())
    return len(text) <= at_most * total and next(element.iter("h1"), None) is None


def _inside_article(element: lxml.html.HtmlElement) -> bool:
    return any(parent.tag in {"article", "main"} for parent in element.iterancestors())


def _is_bold(element: lxml.html.HtmlElement) -> bool:
    """Whether a short paragraph is all bold: a heading on pages without <h2>."""
    text = element.text_content().strip()
    bold = "".join(child.text_content() for child in element if child.tag in {"b", "strong"}).strip()
    return bool(text) and text == bold and len(text.split()) < _PROSE_MIN_WORDS


def _by_article(letters: list[str], lines: list[str], article: str) -> list[str]:
    """The letters, with running text below what trafilatura took for the article as furniture."""
    kept = _SPACE.sub("", article)
    inside = [
        i
        for i, (letter, line) in enumerate(zip(letters, lines, strict=True))
        if letter not in "ft" and len(line.split()) >= _PROSE_MIN_WORDS and _SPACE.sub("", line) in kept
    ]
    last = inside[-1] if inside else len(lines)
    plain = {_MEDIA: UNKNOWN}
    return [
        "f"
        if i > last and letter in {PLAIN, UNKNOWN, _MEDIA, "h"} and len(lines[i].split()) >= _PROSE_MIN_WORDS
        else plain.get(letter, letter)
        for i, letter in enumerate(letters)
    ]
