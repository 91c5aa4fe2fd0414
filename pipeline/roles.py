"""Roles beside names: "de Armeense premier Nikol Pasjinian", "Sergej Lavrov (Buitenlandse Zaken)".

In: the words before and after a name. Out: the key of the role, as in `models/kb/roles.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.kb import Role

#: Between a role and the name it belongs to: "premier van Armenië, Nikol …", "president in spe Prabowo".
_BRIDGE = r"(?:,? (?:van|voor|in) (?:de |het )?[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*){0,3})?,? ?[„“‘\"']?"
_PORTFOLIO = re.compile(r"\s?\((?P<portfolio>[A-ZÀ-Þ][\w ,’'-]{2,40})\)")


class RoleFinder:
    """Knows the titles of all roles."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._role_of = {title.casefold(): r.role for r in roles for title in r.titles}
        titles = "|".join(re.escape(t) for t in sorted(self._role_of, key=len, reverse=True))
        self._before = re.compile(rf"(?:^|(?<=[\s(„“‘\"'-]))(?i:(?:oud-|ex-)?(?P<title>{titles})){_BRIDGE}$")

    def before(self, text: str) -> str | None:
        """The role whose title ends `text`, the part of the sentence before a name."""
        match = self._before.search(text[-120:].rstrip(" ") + " ") or self._before.search(text[-120:])
        return self._role_of[match["title"].casefold()] if match else None

    def after(self, text: str) -> str | None:
        """The role that opens `text`, the part of the sentence after a name, as a portfolio."""
        match = _PORTFOLIO.match(text)
        if match is None:
            return None
        return self._role_of.get(f"minister van {match['portfolio']}".casefold())
