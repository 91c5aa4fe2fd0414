from __future__ import annotations

import pytest

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import Alias, AliasIndex, inflected, is_surname, singulars
from pipeline.schemas import Label, LinkReason


def alias(surface: str, entity: str, *, strong: bool = True, demonym: bool = False) -> Alias:
    reason = LinkReason.DEMONYM if demonym else LinkReason.VARIANT
    return Alias(surface, entity, strong, reason, Label.NORP if demonym else Label.GPE)


@pytest.mark.parametrize(
    ("base", "forms"),
    [
        ("Russisch", ("Russisch", "Russische")),
        ("Chinees", ("Chinees", "Chinese")),
        ("Amerikaans", ("Amerikaans", "Amerikaanse")),
        ("Indiaas", ("Indiaas", "Indiase")),
        ("Wit-Russisch", ("Wit-Russisch", "Wit-Russische")),
        ("Fins", ("Fins", "Finse")),
        ("Moldavische", ("Moldavische", "Moldavische")),
    ],
)
def test_adjectives_are_inflected(base: str, forms: tuple[str, str]) -> None:
    assert inflected(base) == forms


@pytest.mark.parametrize(
    ("surface", "bare"),
    [("Zelensky's", "Zelensky"), ("Poetins", "Poetin"), ("Kallas'", "Kallas"), ("Moskous", "Moskou")],
)
def test_possessives_come_off(surface: str, bare: str) -> None:
    assert bare in set(singulars(surface))


@pytest.mark.parametrize("surface", ["VS", "Xis", "is"])
def test_short_words_are_no_possessives(surface: str) -> None:
    assert list(singulars(surface)) == []


@pytest.mark.parametrize(
    ("name", "full", "expected"),
    [
        ("Poetin", "Vladimir Poetin", True),
        ("Von der Leyen", "Ursula von der Leyen", True),
        ("Kim", "Kim Jong-un", True),
        ("Vladimir Putin", "Vladimir Poetin", False),
        ("Pelé", "Pelé", False),
    ],
)
def test_what_a_surname_is(name: str, full: str, expected: bool) -> None:
    assert is_surname(name, full) is expected


def entities(index: AliasIndex, surface: str) -> set[str]:
    return {a.entity_id for a in index.lookup(surface)}


def test_a_shared_alias_is_weak_for_both() -> None:
    index = AliasIndex([alias("Congolees", "COD", demonym=True), alias("Congolees", "COG", demonym=True)])
    assert {(a.entity_id, a.strong) for a in index.lookup("Congolees")} == {("COD", False), ("COG", False)}
    assert list(index.strong()) == []


def test_a_name_beats_a_demonym() -> None:
    index = AliasIndex([alias("Delft", "place"), alias("Delft", "other", demonym=True)])
    assert {(a.entity_id, a.strong) for a in index.lookup("Delft")} == {("place", True), ("other", False)}


def test_case_matters_but_for_capitals_and_names_of_several_words() -> None:
    index = AliasIndex([alias("Turkije", "TUR"), alias("Verenigde Staten", "USA")])
    assert entities(index, "TURKIJE") == {"TUR"}
    assert entities(index, "verenigde staten") == {"USA"}
    assert entities(index, "turkije") == set()


def test_a_form_of_its_own_goes_before_a_possessive() -> None:
    index = AliasIndex([alias("Wales", "wales"), alias("Wale", "wale")])
    assert entities(index, "Wales") == {"wales"}


@pytest.mark.parametrize(
    ("surface", "entity"),
    [
        ("Poetin", "leader/vladimir-poetin"),
        ("Putins", "leader/vladimir-poetin"),
        ("Zelenskyy", "leader/volodymyr-zelensky"),
        ("Zelenski", "leader/volodymyr-zelensky"),
        ("Wit-Rusland", "country/BLR"),
        ("Belarus", "country/BLR"),
        ("Belarussische", "country/BLR"),
        ("OVKB", "org/csto"),
        ("ODKB", "org/csto"),
        ("Collectieve Veiligheidsverdragsorganisatie", "org/csto"),
        ("NATO", "org/navo"),
        ("Kyiv", "place/kiev"),
        ("KIEV", "place/kiev"),
        ("Birma", "country/MMR"),
        ("Ivoorkust", "country/CIV"),
        ("Erdoğan", "leader/recep-tayyip-erdogan"),
    ],
)
def test_spellings_in_the_shipped_knowledge_base(index: AliasIndex, surface: str, entity: str) -> None:
    strong = {a.entity_id for a in index.lookup(surface) if a.strong}
    assert strong == {entity}


@pytest.mark.parametrize("surface", ["turkije", "Trump Plaza", "Macron-wet", "de", "Sinds", "ministerie"])
def test_no_names(index: AliasIndex, surface: str) -> None:
    assert [a for a in index.lookup(surface) if a.strong and a.label is not Label.GPE] == []


@pytest.mark.parametrize(
    ("surface", "entity"),
    [
        ("Vladimir Poutine", "leader/vladimir-poetin"),
        ("Alexandre Loukachenko", "leader/aleksandr-loekasjenko"),
        ("Wolodymyr Selenskyj", "leader/volodymyr-zelensky"),
        ("Sergej Lawrow", "leader/sergej-lavrov"),
        ("Vladimir Poeting", None),
        ("Poutine", None),
        ("Jan Peeters", None),
    ],
)
def test_full_names_in_unseen_spellings(index: AliasIndex, surface: str, entity: str | None) -> None:
    assert {a.entity_id for a in index.similar(surface)} == ({entity} if entity else set())


@pytest.mark.parametrize(
    ("surface", "entity"),
    [
        ("Mirziyoyev", "leader/sjavkat-mirzijojev"),
        ("Mirziyoyevs", "leader/sjavkat-mirzijojev"),
        ("Pokrowsk", "place/pokrovsk"),
    ],
)
def test_another_romanisation_of_a_surname_or_place_is_a_weak_variant(
    index: AliasIndex, surface: str, entity: str
) -> None:
    found = index.respelled(surface)
    assert entity in {alias.entity_id for alias in found}
    assert {(alias.strong, alias.reason) for alias in found} == {(False, LinkReason.VARIANT)}


@pytest.mark.parametrize("surface", ["Peeters", "Antwurpen", "Xu", "russisj", ""])
def test_what_is_no_romanisation_means_nobody(index: AliasIndex, surface: str) -> None:
    assert index.respelled(surface) == ()


def test_no_listed_name_is_weakened_by_a_romanisation(kb: KnowledgeBase, index: AliasIndex) -> None:
    for entity in kb.entities.values():
        for name in entity.aliases:
            owners = {alias.entity_id: alias.strong for alias in index.lookup(name)}
            assert owners[entity.entity_id], name
