from __future__ import annotations

import pytest

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import AliasIndex
from pipeline.recognition.edges import Found
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.recognition.spans import reconcile
from pipeline.schemas import Label, Recogniser


@pytest.fixture(scope="module")
def gazetteer(index: AliasIndex, kb: KnowledgeBase) -> Gazetteer:
    return Gazetteer(index, kb.titles)


def names(gazetteer: Gazetteer, text: str, *model: tuple[str, str]) -> list[tuple[str, str, str]]:
    """What comes of the model's spans, given as (surface, label)."""
    found = [
        Found(text.index(s), text.index(s) + len(s), Label(label), 0.8, Recogniser.MODEL)
        for s, label in model
    ]
    merged = reconcile(text, found, gazetteer, {Label.GPE: 0.7})
    return [(text[f.start : f.end], f.label.value, f.recogniser.value) for f in merged]


def test_agreement_and_what_only_one_side_knows(gazetteer: Gazetteer) -> None:
    text = "Jan Peeters vloog van Minsk naar Moskou."
    assert names(gazetteer, text, ("Jan Peeters", "PERSON"), ("Minsk", "GPE")) == [
        ("Jan Peeters", "PERSON", "model"),
        ("Minsk", "GPE", "both"),
        ("Moskou", "GPE", "kb"),
    ]


@pytest.mark.parametrize(
    ("text", "model", "expected"),
    [
        ("het Russische ministerie van Defensie", ("Russische ministerie van Defensie", "ORG"),
         ["Russische", "ministerie van Defensie"]),
        ("de Oekraïense strijdkrachten", ("Oekraïense strijdkrachten", "ORG"), ["Oekraïense"]),
        ("Ruslands marine", ("Ruslands marine", "ORG"), ["Ruslands"]),
        ("Lavrovs ministerie", ("Lavrovs ministerie", "ORG"), ["Lavrovs"]),
        ("DEN HAAG (ANP/AFP) -", ("ANP/AFP", "ORG"), ["DEN HAAG", "ANP", "AFP"]),
        ("op de Brics-top", ("Brics-top", "LOC"), []),
        ("het koninkrijk", ("koninkrijk", "GPE"), []),
        ("De zwijgt", ("De", "ORG"), []),
        ("de Nederlandse Senaat", ("Nederlandse Senaat", "ORG"), ["Nederlandse", "Senaat"]),
        ("wil Poetin Loekasjenko overtuigen", ("Poetin Loekasjenko", "PERSON"), ["Poetin", "Loekasjenko"]),
        ("Bondskanselier Scholz zweeg", ("Bondskanselier Scholz", "PERSON"), ["Scholz"]),
        ("Zelensky’s kantoor", ("Zelensky’s", "PERSON"), ["Zelensky"]),
        ("een bedrijf uit de VS.", ("VS.", "GPE"), ["VS"]),
    ],
)  # fmt: skip
def test_spans_are_cut_by_the_guidelines(
    gazetteer: Gazetteer, text: str, model: tuple[str, str], expected: list[str]
) -> None:
    assert [surface for surface, _, _ in names(gazetteer, text, model)] == expected


@pytest.mark.parametrize(
    ("text", "model"),
    [
        ("de Europese Commissie", ("Europese Commissie", "ORG")),
        ("de Russische Federatie", ("Russische Federatie", "GPE")),
        ("de VN-veiligheidsraad", ("VN-veiligheidsraad", "ORG")),
        ("in Noord-Brabant", ("Noord-Brabant", "GPE")),
        ("in de Trump Plaza", ("Trump Plaza", "LOC")),
        ("Leendert Deen", ("Leendert Deen", "PERSON")),
        ("Willem van Oranje", ("Willem van Oranje", "PERSON")),
    ],
)
def test_names_that_stay_whole(gazetteer: Gazetteer, text: str, model: tuple[str, str]) -> None:
    assert [(s, label) for s, label, _ in names(gazetteer, text, model)] == [model]


def test_compounds_with_a_common_noun_are_no_peoples(gazetteer: Gazetteer) -> None:
    assert names(gazetteer, "zes Sovjetstaten", ("Sovjetstaten", "NORP")) == []
    assert names(gazetteer, "de Zaghawa", ("Zaghawa", "NORP")) == [("Zaghawa", "NORP", "model")]


def test_scores_come_from_who_found_it(gazetteer: Gazetteer) -> None:
    (hit,) = reconcile("In Minsk is het stil.", [], gazetteer, {Label.GPE: 0.7})
    assert (hit.score, hit.recogniser) == (0.7, Recogniser.KB)
