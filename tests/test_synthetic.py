from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from pipeline.bench.synthetic import Material, articles, material, write_corpus
from pipeline.schemas import Label
from tests.gate import SAMPLE


@pytest.fixture(scope="module")
def made_of() -> Material:
    return material(SAMPLE)


def test_the_sentences_of_the_sample_have_places_for_names(made_of: Material) -> None:
    assert len(made_of.sentences) > 500
    slots = Counter(piece for t in made_of.sentences for piece in t if isinstance(piece, Label))
    assert set(slots) == {Label.PERSON, Label.GPE, Label.ORG}
    assert all(any(isinstance(piece, Label) for piece in template) for template in made_of.sentences)
    assert {"Vladimir Poetin", "Angela Merkel"} <= set(made_of.names[Label.PERSON])


def test_three_articles_in_ten_are_copies_and_the_rest_shares_no_sentence(made_of: Material) -> None:
    found = list(articles(1000, made_of))
    assert 250 < sum(a.copy_of is not None for a in found) < 350
    assert len({a.path for a in found}) == 1000
    own = [a for a in found if a.copy_of is None]
    paragraphs = Counter(p for a in own for p in a.paragraphs)
    assert max(paragraphs.values()) == 1
    assert max(Counter(a.title for a in found).values()) == 1
    by_path = {a.path: a for a in found}
    for copy in found:
        if copy.copy_of:
            assert set(copy.paragraphs) <= set(by_path[copy.copy_of].paragraphs)
    words = [len(a.raw.split()) for a in own]
    assert 190 < min(words) <= max(words) < 280


def test_the_same_seed_gives_the_same_files(made_of: Material, tmp_path: Path) -> None:
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        write_corpus(tmp_path / name, 20, made_of, seed=seed)
    a, b, c = (
        {p.relative_to(tmp_path / name): p.read_text() for p in (tmp_path / name).rglob("*.txt")}
        for name in "abc"
    )
    assert len(a) == 20
    assert a == b != c
