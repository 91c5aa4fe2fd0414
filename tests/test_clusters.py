from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.link import Linker, link
from pipeline.linking.clusters import clusters_of
from pipeline.schemas import Label
from tests.mentions import marked, together


def people(*names: str) -> list[str]:
    """The clusters of people of article a, without the article."""
    clusters = clusters_of("a", [(name, Label.PERSON) for name in names])
    assert all(cluster.startswith("a#") for cluster in clusters)
    return [cluster[2:] for cluster in clusters]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Jan Peeters", "Peeters", "Peeters"), ["jan-peeters"] * 3),
        (("Peeters", "Jan Peeters"), ["jan-peeters"] * 2),
        (("Jan Peeters", "Peeters’", "Peeters's"), ["jan-peeters"] * 3),
        (("Jan Peeters", "Jan"), ["jan-peeters"] * 2),
        (("J. Peeters", "Jan Peeters", "Peeters"), ["jan-peeters"] * 3),
        (("Jan Willem Peeters", "Jan Peeters"), ["jan-willem-peeters"] * 2),
        (("Els van der Meer", "Van der Meer"), ["els-van-der-meer"] * 2),
        (("José Müller", "Muller"), ["jose-muller"] * 2),
        # As a possessive; what a Jan Janssens beside him is called cannot be told apart.
        (("Jan Janssen", "Jan Janssens"), ["jan-janssen"] * 2),
        (("Ali D.", "D.", "Ali"), ["ali-d"] * 3),
        (("Peeters", "Peeters"), ["peeters"] * 2),
    ],
)
def test_one_person(names: tuple[str, ...], expected: list[str]) -> None:
    assert people(*names) == expected


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("Jan Peeters", "Piet Peeters"), ["jan-peeters", "piet-peeters"]),
        (("Jan Peeters", "Jan Janssen"), ["jan-peeters", "jan-janssen"]),
        (("Jan Peeters", "Janssen"), ["jan-peeters", "janssen"]),
        (("Jan Peeters", "Jan de Wit", "Jan"), ["jan-peeters", "jan-de-wit", "jan"]),
        (("Jan Peeters", "Jef Peeters", "J. Peeters"), ["jan-peeters", "jef-peeters", "j-peeters"]),
        (("Jan Peeters", "Peetersen"), ["jan-peeters", "peetersen"]),
    ],
)
def test_who_stays_apart(names: tuple[str, ...], expected: list[str]) -> None:
    assert people(*names) == expected


def test_a_bare_surname_of_two_is_the_one_last_named_in_full() -> None:
    names = ("Jan Peeters", "Piet Peeters", "Peeters", "Jan Peeters", "Peeters")
    assert people(*names)[2::2] == ["piet-peeters", "jan-peeters"]


def test_other_names_are_one_where_their_surface_is() -> None:
    names = [("Bakkerij Bos", Label.ORG), ("bakkerij Bos", Label.ORG), ("Bos", Label.ORG), ("Bos", Label.GPE)]
    assert clusters_of("a", names) == ["a#ORG:bakkerij-bos"] * 2 + ["a#ORG:bos", "a#GPE:bos"]


def test_a_possessive_of_a_place_is_that_place() -> None:
    names = [("Lutjebroeks", Label.GPE), ("Lutjebroek", Label.GPE), ("Reims", Label.GPE)]
    assert clusters_of("a", names) == ["a#GPE:lutjebroek"] * 2 + ["a#GPE:reims"]


TEXT = st.text(alphabet="AaBbs. '’-é", min_size=1, max_size=9).filter(lambda text: text.strip() != "")


@given(st.lists(st.tuples(TEXT, st.sampled_from([Label.PERSON, Label.ORG, Label.GPE])), max_size=8))
def test_a_cluster_never_mixes_articles_or_labels(names: list[tuple[str, Label]]) -> None:
    labels: dict[str, Label] = {}
    for article in ("a", "b"):
        clusters = clusters_of(article, names)
        assert len(clusters) == len(names)
        for cluster, (_, label) in zip(clusters, names, strict=True):
            assert cluster.startswith(f"{article}#")
            assert labels.setdefault(cluster, label) is label


def test_linked_mentions_have_none_and_strangers_no_entity(linker: Linker) -> None:
    one = marked("[Vladimir Poetin|PERSON] sprak met [Jan Peeters|PERSON].", "[Peeters|PERSON] zweeg.")
    other = marked("[Jan Peeters|PERSON] zweeg.", article="b")
    rows = link(*together(one, other), linker=linker).to_pylist()
    assert [row["cluster"] for row in rows] == [None, "a#jan-peeters", "a#jan-peeters", "b#jan-peeters"]
    assert [row["entity_id"] for row in rows[1:]] == [None] * 3


def test_a_stranger_of_a_famous_name_is_a_cluster(linker: Linker) -> None:
    tables = marked("Bakker [Karel Rutte|PERSON] bakt.", "[Rutte|PERSON] begint om vier uur.")
    rows = link(*tables, linker=linker).to_pylist()
    assert [row["cluster"] for row in rows] == ["a#karel-rutte"] * 2
