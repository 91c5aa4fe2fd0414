"""An article as HTML: its zones, and its mentions marked with what they are linked to.

In: an article's rows of the tables. Out: markup in which every text is escaped; the raw page's furniture
is there too, set apart. Mentions may nest (a role around an adjective); one that crosses another is cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from markupsafe import Markup, escape

from pipeline.schemas import TEXT_ZONES, Kind, LinkReason, Zone

Row = dict[str, Any]

#: The element of each zone.
_ELEMENTS = {Zone.TITLE: "h3", Zone.HEADING: "h4"}
#: What of a mention its mark says, as `data-…`.
FACTS = ("label", "name", "kind", "country", "link_reason", "role", "score", "recogniser")
#: Marks without a page around them: for notebooks, in light and dark.
STYLE = Markup(
    "<style>.vermeld-article{max-width:42em;line-height:1.6}"
    ".vermeld-article p{margin:.4em 0;white-space:pre-line}"
    ".vermeld-article .zone-furniture,.vermeld-article .zone-metadata{opacity:.55;font-size:.85em}"
    ".vermeld-article .zone-caption{font-style:italic}"
    ".vermeld-article mark{background:#2a7f8233;color:inherit;border-radius:3px;padding:0 .15em}"
    ".vermeld-article mark.nil{background:none;border-bottom:1px dotted currentColor}</style>"
)


class Html(Markup):
    """Markup that notebooks show as what it means."""

    def _repr_html_(self) -> str:
        return str(self)


def group_of(kind: str | None) -> str:
    """The three groups that are drawn apart: person, place and organisation; nil for what is unlinked."""
    if kind is None:
        return "nil"
    if kind in {Kind.LEADER, Kind.PERSON}:
        return "person"
    return "place" if kind in {Kind.COUNTRY, Kind.PLACE} else "organisation"


def article_markup(text: str, raw: str, segments: Sequence[Row], mentions: Sequence[Row]) -> Markup:
    """The segments of an article in the order of the page.

    Args:
        text: `articles.text`.
        raw: `documents.raw`.
        segments: the article's rows of `segments`.
        mentions: its rows of `mentions`; their offsets count code points of `text`.
    """
    ordered = sorted(mentions, key=lambda m: (m["start"], -m["end"]))
    return Markup("\n").join(
        _segment(s, text, raw, ordered) for s in sorted(segments, key=lambda s: int(s["segment"]))
    )


def _segment(segment: Row, text: str, raw: str, mentions: Sequence[Row]) -> Markup:
    zone, start, end = Zone(segment["zone"]), segment["start"], segment["end"]
    element = _ELEMENTS.get(zone, "p")
    if start is None or zone not in TEXT_ZONES:
        content = escape(raw[segment["raw_start"] : segment["raw_end"]].strip())
        opening = Markup('<{} class="zone-{}" data-rule="{}">').format(element, zone.value, segment["rule"])
    else:
        inside = [m for m in mentions if start <= m["start"] < end]
        content = Markup("").join(_pieces(text, start, end, iter(inside)))
        opening = Markup('<{} class="zone-{}">').format(element, zone.value)
    return opening + content + Markup("</{}>").format(element)


def _pieces(text: str, start: int, end: int, mentions: Iterator[Row]) -> Iterator[Markup]:
    """The stretch from `start` to `end`, with the mentions in it as marks, one in another where they nest."""
    at = start
    waiting = list(mentions)
    while waiting:
        outer = waiting.pop(0)
        if outer["start"] < at:  # crosses the one before: the rest of it has been shown
            continue
        stop = min(outer["end"], end)
        inner = [m for m in waiting if m["start"] < stop]
        waiting = waiting[len(inner) :]
        yield escape(text[at : outer["start"]])
        content = Markup("").join(_pieces(text, outer["start"], stop, iter(inner)))
        yield _mark(outer, content)
        at = stop
    yield escape(text[at:end])


def _mark(mention: Row, content: Markup) -> Markup:
    """A mark with its facts for a script to show, and as a tooltip where there is none."""
    facts = Markup("").join(
        Markup(' data-{}="{}"').format(fact.replace("_", "-"), value)
        for fact, value in _facts(mention)
        if value is not None
    )
    group = "nil" if mention["link_reason"] == LinkReason.NIL else group_of(mention["kind"])
    return Markup('<mark class="{}" title="{}"{}>{}</mark>').format(group, _tip(mention), facts, content)


def _facts(mention: Row) -> Iterable[tuple[str, object]]:
    for fact in FACTS:
        value = mention[fact]
        yield fact, f"{value:.2f}" if fact == "score" and value is not None else value


def _tip(mention: Row) -> str:
    """One line: Vladimir Poetin (leader, RUS): surname, president; PERSON 0.98."""
    seen = f"{mention['label']} {mention['score']:.2f}"
    if mention["entity_id"] is None:
        return f"nil; {seen}"
    about = ", ".join(x for x in (mention["kind"], mention["country"]) if x)
    why = ", ".join(x for x in (mention["link_reason"], mention["role"]) if x)
    return f"{mention['name']} ({about}): {why}; {seen}"
