"""The template of the report, with numbers, shares and months as Dutch writes them.

In: strings of the page by language. Out: a jinja2 template that escapes what it is given. What a language
switch must change carries the value in a `data-` attribute.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import jinja2
from markupsafe import Markup

_PAGE = Path(__file__).resolve().parent / "page"
_MONTHS = ("jan", "feb", "mrt", "apr", "mei", "jun", "jul", "aug", "sep", "okt", "nov", "dec")

Strings = Mapping[str, Mapping[str, str]]


def page_strings() -> Strings:
    """The words of the page: language to key to text."""
    strings: Strings = json.loads((_PAGE / "strings.json").read_text(encoding="utf-8"))
    return strings


def page_file(name: str) -> Markup:
    """A file of the page: our own, not text of a user."""
    return Markup((_PAGE / name).read_text(encoding="utf-8"))  # noqa: S704


def vega_bundle() -> Markup:
    """Vega, Vega-Lite and Vega-Embed as one script that sets `window.vegaEmbed`."""
    import vl_convert

    # Without a snippet it is the whole bundle; its stub has that wrong.
    return Markup(vl_convert.javascript_bundle())  # type: ignore[call-arg]  # noqa: S704


def policy(scripts: Iterable[str]) -> str:
    """A content security policy: these scripts and no others, and nothing from anywhere."""
    digests = (base64.b64encode(hashlib.sha256(str(s).encode()).digest()).decode() for s in scripts)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    return f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src {allowed}"


def page_template(strings: Strings) -> jinja2.Template:
    """The template, with `t` for a word of the page and filters for figures."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_PAGE), autoescape=True, undefined=jinja2.StrictUndefined
    )
    dutch = strings["nl"]
    environment.globals["t"] = lambda key: Markup('<span data-t="{}">{}</span>').format(key, dutch[key])
    environment.globals["dutch"] = dutch
    environment.filters |= {"num": _number, "share": _share, "month": _month}
    return environment.get_template("report.html")


def _number(value: float) -> Markup:
    """A number as Dutch writes it, 1.234,5, for the script to write otherwise."""
    dutch = f"{value:,}".translate(str.maketrans(",.", ".,"))
    return Markup('<span data-n="{}">{}</span>').format(value, dutch)


def _share(value: float) -> Markup:
    return Markup('<span data-share="{}">{} %</span>').format(
        round(value, 4), f"{100 * value:.1f}".replace(".", ",")
    )


def _month(value: datetime.date) -> Markup:
    text = f"{_MONTHS[value.month - 1]} {value.year}"
    return Markup('<time data-month datetime="{}">{}</time>').format(value.isoformat(), text)
