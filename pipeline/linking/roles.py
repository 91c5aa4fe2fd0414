"""Roles beside names: "de Armeense premier Nikol Pasjinian", "Sergej Lavrov (Buitenlandse Zaken)".

In: the words before and after a name. Out: the key of the role, as in `models/kb/roles.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.kb import Role

#: Between a role and the name it belongs to: "premier van Armenië, Nikol …", "president „Lula” da Silva".
_BRIDGE = re.compile(
    r",? (?:van|voor|in) (?:de |het )?[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*){0,3},? ?[„“‘\"']?$"
)
_QUOTE = re.compile(r",? ?[„“‘\"']?$")
#: Where a title may begin.
_START = re.compile(r"(?:^|(?<=[\s(„“‘\"'-]))(?=\S)")
_PORTFOLIO = re.compile(r"\s?\((?P<portfolio>[A-ZÀ-Þ][\w ,’'-]{2,40})\)")


class RoleFinder:
    """Knows the titles of all roles."""

    def __init__(self, roles: Iterable[Role]) -> None:
        self._role_of = {title.casefold(): r.role for r in roles for title in r.titles}
        self._longest = max(map(len, self._role_of), default=0) + len("oud-")

    def before(self, text: str) -> str | None:
        """The role whose title ends `text`, the part of the sentence before a name."""
        text = text.rstrip(" ") + " "
        quote, bridge = _QUOTE.search(text), _BRIDGE.search(text)
        ends = [match.start() for match in (quote, bridge) if match]
        return next((role for end in ends if (role := self._ending(text[:end]))), None)

    def _ending(self, text: str) -> str | None:
        """The role of the longest title that ends `text`."""
        text = text[-self._longest :].casefold() if self._longest else ""
        for start in _START.finditer(text):
            title = text[start.start() :]
            role = self._role_of.get(title) or self._role_of.get(
                title.removeprefix("oud-").removeprefix("ex-")
            )
            if role:
                return role
        return None

    def after(self, text: str) -> str | None:
        """The role that opens `text`, the part of the sentence after a name, as a portfolio."""
        match = _PORTFOLIO.match(text)
        if match is None:
            return None
        return self._role_of.get(f"minister van {match['portfolio']}".casefold())
