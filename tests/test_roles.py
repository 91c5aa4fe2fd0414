from __future__ import annotations

import pytest

from pipeline.kb import KnowledgeBase
from pipeline.linking.roles import RoleFinder


@pytest.fixture(scope="module")
def roles(kb: KnowledgeBase) -> RoleFinder:
    return RoleFinder(kb.roles.values())


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("De Russische president ", "president"),
        ("volgens premier ", "premier"),
        ("de premier van Armenië, ", "premier"),
        ("president van de Verenigde Staten ", "president"),
        ("De oud-premier ", "premier"),
        ("NAVO-secretaris-generaal ", "secretaris-generaal"),
        ("het woord van Kremlin-woordvoerder ", "woordvoerder"),
        ("Minister van Defensie ", "minister-defensie"),
        ("„de president” zei ", None),
        ("de presidentskandidaat van de partij en ", None),
        ("In Moskou sprak ", None),
        ("", None),
    ],
)
def test_a_role_before_a_name(roles: RoleFinder, text: str, role: str | None) -> None:
    assert roles.before(text) == role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        (" (Buitenlandse Zaken) en", "minister-buitenlandse-zaken"),
        (" (Defensie) arriveerden", "minister-defensie"),
        (" (54) en", None),
        (" (Groen) en", None),
        (", minister", None),
    ],
)
def test_a_portfolio_after_a_name(roles: RoleFinder, text: str, role: str | None) -> None:
    assert roles.after(text) == role
