from __future__ import annotations

import pytest

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.recognition.edges import Found, trimmed
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.schemas import Label, Recogniser


@pytest.fixture(scope="module")
def gazetteer(kb: KnowledgeBase, index: AliasIndex) -> Gazetteer:
    return Gazetteer(index, kb.titles)


@pytest.mark.parametrize(
    ("text", "label", "expected", "expected_label"),
    [
        ("minister [Bot van] Buitenlandse Zaken", Label.PERSON, "Bot", Label.PERSON),
        ("op de [luchthaven van Beijing] gebeurde", Label.LOC, "Beijing", Label.GPE),
        ("[Van Bachmoet] staat niets overeind", Label.PERSON, "Bachmoet", Label.GPE),
        ("Stil was het. [Van Bachmoet] restte niets", Label.PERSON, "Bachmoet", Label.GPE),
        ("De filosoof [Van Parijs] schreef", Label.PERSON, "Van Parijs", Label.PERSON),
        ("[Van Gent] schreef", Label.PERSON, "Van Gent", Label.PERSON),
        ("het [ministerie van Defensie] zweeg", Label.ORG, "ministerie van Defensie", Label.ORG),
        ("het [genootschap van Onbekend] zweeg", Label.ORG, "genootschap van Onbekend", Label.ORG),
        ("[Bondskanselier Scholz] zweeg", Label.PERSON, "Scholz", Label.PERSON),
        ("[Zelensky’s] plan", Label.PERSON, "Zelensky", Label.PERSON),
        ("uit de [VS.] Daar", Label.GPE, "VS", Label.GPE),
    ],
)
def test_what_is_no_part_of_a_name(
    gazetteer: Gazetteer, text: str, label: Label, expected: str, expected_label: Label
) -> None:
    start, end = text.index("["), text.index("]") - 1
    plain = text.replace("[", "").replace("]", "")
    name = trimmed(plain, Found(start, end, label, 1.0, Recogniser.MODEL), gazetteer)
    assert (plain[name.start : name.end], name.label) == (expected, expected_label)
