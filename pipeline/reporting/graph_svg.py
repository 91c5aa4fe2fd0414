"""A laid-out network as SVG: circles for people, squares for places, diamonds for organisations.

In: a `Drawing`. Out: markup in which every name is escaped. A name is written where it fits; one that fits
nowhere has the class `crowded`, and a page shows it when the reader points at it.
"""

from __future__ import annotations

from markupsafe import Markup

from pipeline.reporting.graph import Drawing, Node, Tie

_Box = tuple[float, float, float, float]
_CHAR = 7.2  # width of a character of a label, in drawing units
_LINE = 14  # height of one
#: For notebooks, in light and dark; a page has its own.
STYLE = Markup(
    "<style>.vermeld-net{max-width:100%;height:auto;color:inherit;font:12px system-ui,sans-serif}"
    ".vermeld-net .tie{stroke:currentColor;stroke-opacity:.22}"
    ".vermeld-net .shape{fill:#2a7f82;stroke:none}.vermeld-net .place .shape{fill:#8a8f98}"
    ".vermeld-net .organisation .shape{fill:#fff0;stroke:#2a7f82;stroke-width:2}"
    ".vermeld-net text{fill:currentColor}.vermeld-net .crowded{display:none}"
    ".vermeld-net .node:hover .crowded{display:inline}</style>"
)


def svg(drawing: Drawing, *, label: str) -> Markup:
    """The drawing as an SVG element; `label` says what it shows to those who do not see it."""
    strongest = max((tie.n for tie in drawing.ties), default=1)
    lines = [_line(tie, drawing, strongest) for tie in drawing.ties]
    places = _label_places(drawing)
    marks = [_node(k, node, places[k]) for k, node in enumerate(drawing.nodes)]
    opening = Markup('<svg class="vermeld-net" viewBox="0 0 {} {}" role="img" aria-label="{}">').format(
        drawing.width, drawing.height, label
    )
    return opening + Markup("").join([*lines, *marks]) + Markup("</svg>")


def _line(tie: Tie, drawing: Drawing, strongest: int) -> Markup:
    a, b = drawing.nodes[tie.a], drawing.nodes[tie.b]
    ends = Markup('x1="{}" y1="{}" x2="{}" y2="{}"').format(a.x, a.y, b.x, b.y)
    width = round(0.8 + 4 * (tie.n / strongest) ** 0.7, 1)
    return Markup('<line class="tie" data-a="{}" data-b="{}" {} stroke-width="{}"/>').format(
        tie.a, tie.b, ends, width
    )


def _node(number: int, node: Node, place: tuple[float, float, str] | None) -> Markup:
    """A shape for the group (circle, square, diamond), the name beside it, and the count as a tooltip."""
    r, x, y = round(node.radius, 1), node.x, node.y
    if node.group == "place":
        side = round(r * 1.8, 1)
        shape = Markup('<rect class="shape" x="{}" y="{}" width="{}" height="{}" rx="2"/>').format(
            round(x - side / 2, 1), round(y - side / 2, 1), side, side
        )
    elif node.group == "organisation":
        half = round(r * 1.2, 1)
        shape = Markup('<path class="shape" d="M{} {}l{} {} {} {} {} {}z"/>').format(
            x, round(y - half, 1), half, half, -half, half, -half, -half
        )
    else:
        shape = Markup('<circle class="shape" cx="{}" cy="{}" r="{}"/>').format(x, y, r)
    tip = Markup("<title>{}: {}</title>").format(node.name, node.n)
    at_x, at_y, anchor = place or (x, round(y - r - 4, 1), "middle")
    hidden = Markup("") if place else Markup(' class="crowded"')
    text = Markup('<text x="{}" y="{}" text-anchor="{}"{}>{}</text>').format(
        at_x, at_y, anchor, hidden, node.name
    )
    opening = Markup('<g class="node {}" data-node="{}" data-entity="{}">').format(
        node.group, number, node.entity_id
    )
    return opening + tip + shape + text + Markup("</g>")


def _label_places(drawing: Drawing) -> list[tuple[float, float, str] | None]:
    """For each node where its name fits (x, y, anchor): below, above, right or left; None where nowhere."""
    taken: list[_Box] = [
        (n.x - n.radius, n.y - n.radius, n.x + n.radius, n.y + n.radius) for n in drawing.nodes
    ]
    places: list[tuple[float, float, str] | None] = []
    for n in drawing.nodes:
        wide, place = len(n.name) * _CHAR, None
        # Above and below, a name near the edge of the drawing moves inwards.
        middle = min(max(n.x, wide / 2 + 2), drawing.width - wide / 2 - 2)
        for x, y, anchor, left in (
            (middle, n.y + n.radius + 12, "middle", middle - wide / 2),
            (middle, n.y - n.radius - 4, "middle", middle - wide / 2),
            (n.x + n.radius + 4, n.y + 4, "start", n.x + n.radius + 4),
            (n.x - n.radius - 4, n.y + 4, "end", n.x - n.radius - 4 - wide),
        ):
            box = (left, y - _LINE + 3, left + wide, y + 3)
            outside = box[0] < 0 or box[2] > drawing.width or box[1] < 0 or box[3] > drawing.height
            if not outside and not any(_overlap(box, other) for other in taken):
                place = (round(x, 1), round(y, 1), anchor)
                taken.append(box)
                break
        places.append(place)
    return places


def _overlap(a: _Box, b: _Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
