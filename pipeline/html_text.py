"""The visible text of an HTML page, line by line, with the zone that the markup gives each line.

In: an HTML page. Out: `Page`: lines, a letter per line, and title, date, address and site by trafilatura.
Nothing visible is dropped: menus and teasers are lines marked as furniture, so that `clean` can label
them. trafilatura says what it takes for the article; text below it is furniture.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

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
_BLOCKS = frozenset(
    "address article aside blockquote body button caption center dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hr li main menu nav ol option p pre section summary table tbody "
    "tfoot thead time tr ul br cite label".split()  # noqa: SIM905 - a list of words reads better
)
_FURNITURE_TAGS = frozenset(["nav", "footer", "aside", "form", "button", "dialog", "menu", "option", "label"])
_HEADINGS = frozenset(["h2", "h3", "h4", "h5", "h6"])
_ITEMS = frozenset(["li", "td", "th", "tr", "dd", "dt", "blockquote", "pre"])
#: Words in a class or id, the same on sites of every make.
_FURNITURE_CLASS = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|breadcrumbs?|kruimel\w*|share\w*|sharing|social\w*|delen|related\w*|gerelateerd\w*"
    r"|teasers?|promo\w*|newsletter\w*|nieuwsbrief\w*|comments?|reacties?|respond|cookies?\w*|consent|ads?|advert\w*"
    r"|sponsor\w*|paywall|premium|subscri\w*|abonne\w*|tags?|footer|sidebar|widget\w*|disclaimer|ticker|badge"
    r"|skip\w*|toolbar|pagination|copyright|lees-?ook|leesook|read-?more|popular\w*|most-?read|poll|login|search\w*"
    r"|zoek\w*|recommend\w*|aanbevolen|meer-?lezen|colofon|bio|about-author|banner|toc|cta|player)(?:$|[\s_-])",
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


@dataclass(slots=True)
class _Block:
    """A line in the making."""

    letter: str
    pieces: list[str] = field(default_factory=list)
    linked: int = 0


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
    letters = _by_article([letter for letter, _ in lines], [text for _, text in lines], found.text)
    site = found.sitename
    return Page(
        "\n".join(text for _, text in lines),
        "".join(letters),
        found.title,
        found.date,
        found.url,
        None if site and "." in site and " " not in site else site,
    )


def _lines(root: lxml.html.HtmlElement) -> list[tuple[str, str]]:
    """(letter, text) of each visible line, in the page's order; iterative, since pages nest deeply."""
    body = root.find("body")
    total = max(len(_SPACE.sub("", root.text_content())), 1)
    lines: list[tuple[str, str]] = []
    block = _Block(UNKNOWN)

    def flush(letter: str) -> None:
        nonlocal block
        text = _SPACE.sub(" ", "".join(block.pieces)).strip()
        if text:
            lines.append((_of_links(block, text), text))
        block = _Block(letter)

    letters = [UNKNOWN]
    for event, element in lxml.etree.iterwalk(
        body if body is not None else root, events=("start", "end", "comment", "pi")
    ):
        if event in {"comment", "pi"}:
            block.pieces.append(element.tail or "")
            continue
        tag = element.tag
        if event == "start":
            if _is_unseen(element):
                letters.append("x")
                continue
            if letters[-1] == "x":
                letters.append("x")
                continue
            letter = _letter(element, letters[-1], total)
            if tag in _BLOCKS or letter != letters[-1]:
                flush(letter)
            elif tag in {"td", "th"} and block.pieces:
                block.pieces.append(" \t ")
            letters.append(letter)
            block.pieces.append(element.text or "")
            block.linked += len(element.text_content()) if tag == "a" else 0
            continue
        own = letters.pop()
        if letters and letters[-1] == "x":
            continue
        if own != "x" and (tag in _BLOCKS or own != letters[-1]):
            flush(letters[-1] if letters else UNKNOWN)
        if element is not body and element is not root:
            block.pieces.append(element.tail or ("" if element.getnext() is None else " "))
    flush(UNKNOWN)
    return lines


def _is_unseen(element: lxml.html.HtmlElement) -> bool:
    return element.tag in _UNSEEN or element.get("hidden") is not None


def _of_links(block: _Block, text: str) -> str:
    """The block's letter; an item or paragraph that is nothing but links is furniture."""
    if block.letter == PLAIN and block.linked >= 0.9 * len(text):
        return "f"
    return block.letter


def _letter(element: lxml.html.HtmlElement, inherited: str, total: int) -> str:
    """The letter of an element inside one with the letter `inherited`."""
    if inherited in "fc":
        return inherited
    tag = element.tag
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    if tag == "h1":
        return "t"
    if tag in _FURNITURE_TAGS or _FURNITURE_CLASS.search(names) or element.get("role") == "navigation":
        return "f" if _is_part(element, total) else inherited
    if tag == "header" and not _inside_article(element) and _is_part(element, total):
        return "f"
    if tag == "figcaption" or _CAPTION_CLASS.search(names):
        return "c"
    if tag == "figure" or (_MEDIA_CLASS.search(names) and _is_part(element, total, at_most=0.2)):
        return "v"
    if inherited == "v":
        return "v" if tag not in {"p"} else "c"
    if tag == "time" or (_DATE_CLASS.search(names) and len(element.text_content()) < 80):
        return "m"
    if tag in _HEADINGS:
        return "h"
    if tag in _ITEMS:
        return PLAIN
    if tag == "p":
        return UNKNOWN if _is_bold(element) else PLAIN
    return inherited


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
    plain = {"v": UNKNOWN}
    return [
        "f"
        if i > last and letter in {PLAIN, UNKNOWN, "v", "h"} and len(lines[i].split()) >= _PROSE_MIN_WORDS
        else plain.get(letter, letter)
        for i, letter in enumerate(letters)
    ]
