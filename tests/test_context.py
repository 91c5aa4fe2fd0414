from __future__ import annotations

import pytest

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import Alias
from pipeline.linking.context import Context, Mention, correct_to_person, is_stranger, named_in_full, note
from pipeline.schemas import Label, LinkReason


def mention(text: str, label: Label = Label.PERSON, entity: str | None = None) -> Mention:
    alias = Alias(text, entity, True, LinkReason.EXACT, label) if entity else None
    return Mention(text, label, 0, len(text), 0, alias=alias)


@pytest.fixture
def context(kb: KnowledgeBase) -> Context:
    context = Context(None, "")
    note(mention("Xi Jinping", entity="leader/xi-jinping"), context, kb)
    note(mention("Els van der Meer"), context, kb)
    return context


def test_a_surname_is_the_person_named_in_full(context: Context) -> None:
    assert named_in_full(mention("Xi"), context) == "leader/xi-jinping"
    assert named_in_full(mention("Xi’s"), context) == "leader/xi-jinping"
    assert named_in_full(mention("Van der Meer"), context) is None


@pytest.mark.parametrize(
    ("text", "expected"), [("van der Meer", True), ("Meer", True), ("Xi", False), ("Els", False)]
)
def test_who_is_a_stranger(context: Context, text: str, expected: bool) -> None:
    assert is_stranger(mention(text), context) is expected


def test_countries_and_entities_are_counted(context: Context) -> None:
    assert context.countries == {"CHN": 1}
    assert context.entities == {"leader/xi-jinping": 1}
    assert context.in_sentence == {0: {"CHN": 1}}


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Xi", Label.GPE, Label.PERSON),
        ("Meer", Label.ORG, Label.PERSON),
        ("Gent", Label.GPE, Label.GPE),
        ("Xi", Label.MISC, Label.MISC),
    ],
)
def test_a_surname_with_another_label_is_corrected(
    context: Context, text: str, label: Label, expected: Label
) -> None:
    found = mention(text, label)
    correct_to_person(found, context)
    assert found.label is expected
