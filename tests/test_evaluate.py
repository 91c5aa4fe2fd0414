from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.evaluate import FIVE, Score, _frog_names, as_conll, conll_sentences, interval, predict, score
from pipeline.settings import Settings
from pipeline.standoff import Name, Sentence
from pipeline.tools import Tools

GOLD = [[Name(0, 2, "PERSON"), Name(4, 5, "GPE")], [Name(1, 2, "NORP")], []]


def test_a_perfect_and_an_empty_prediction() -> None:
    assert score(GOLD, GOLD, FIVE)["all"] == Score(3, 0, 0)
    empty = score(GOLD, [[], [], []], FIVE)["all"]
    assert (empty.precision, empty.recall, empty.f1) == (0.0, 0.0, 0.0)


def test_span_and_label_must_both_be_right() -> None:
    found = [[Name(0, 1, "PERSON"), Name(4, 5, "LOC")], [Name(1, 2, "NORP")], [Name(0, 1, "ORG")]]
    scores = score(GOLD, found, FIVE)
    assert scores["PERSON"] == Score(0, 1, 1)
    assert scores["GPE"] == Score(0, 0, 1)
    assert scores["LOC"] == Score(0, 1, 0)
    assert scores["ORG"] == Score(0, 1, 0)
    assert scores["all"] == Score(1, 3, 2)
    assert scores["all"].f1 == pytest.approx(2 / 7)


def test_conll_folds_places_and_leaves_nationalities_aside() -> None:
    found = [[Name(0, 2, "PERSON"), Name(4, 5, "LOC")], [Name(1, 2, "ORG")], []]
    gold, given = as_conll(GOLD, found)
    assert score(gold, given, ("PER", "LOC", "ORG"))["all"] == Score(2, 0, 0)


def test_the_interval_holds_the_figure_and_is_the_same_each_time() -> None:
    gold = GOLD * 30
    found = [[Name(0, 2, "PERSON")], [Name(1, 2, "NORP")], []] * 30
    low, high = interval(gold, found, FIVE)
    figure = score(gold, found, FIVE)["all"].f1
    assert low < figure < high
    assert (low, high) == interval(gold, found, FIVE)


def test_frogs_columns() -> None:
    rows = ["1\tKofi\tKofi\t\tSPEC\t1.0\tB-PER", "2\tAnnan\tAnnan\t\tSPEC\t1.0\tI-PER", "3\tin\tin\t\tVZ\t1.0\tO",
            "4\tGent\tGent\t\tSPEC\t1.0\tB-LOC"]  # fmt: skip
    assert _frog_names("\n".join(rows)) == [Name(0, 2, "PERSON"), Name(3, 4, "GPE")]


CONLL = """-DOCSTART- -DOCSTART- O
Kofi N B-PER
Annan N I-PER
bezoekt V O
Gent N B-LOC

De Art O
VN N B-ORG
Belga N B-ORG
-DOCSTART- -DOCSTART- O
Franse Adj B-MISC
"""


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_conll_columns_become_sentences_of_documents(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "ned.klein"
    path.write_text(CONLL.replace("bezoekt", "bezoekt\u00e9"), encoding=encoding)
    first, second, third = conll_sentences(path)
    assert first.tokens == ("Kofi", "Annan", "bezoekt\u00e9", "Gent")
    assert first.names == (Name(0, 2, "PERSON"), Name(3, 4, "GPE"))
    assert second.names == (Name(1, 2, "ORG"), Name(2, 3, "ORG"))
    assert third.names == (Name(0, 1, "MISC"),)
    assert [s.document for s in (first, second, third)] == ["ned.klein-1", "ned.klein-1", "ned.klein-2"]


def test_a_line_of_other_columns_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ned.kapot"
    path.write_text("Gent N B-LOC\nGent B-LOC\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"ned\.kapot, line 2"):
        conll_sentences(path)


def test_sentences_are_read_in_their_document_or_alone() -> None:
    recogniser = Tools(Settings()).recogniser
    words = ["De leden van de vakbond Kwelder staken morgen .", "Jan woont in Gent .", "Kwelder wint ."]
    sentences = [
        Sentence("x", f"{d}.p.{i}", tuple(w.split()))
        for i, (d, w) in enumerate(zip("aba", words, strict=True))
    ]
    together, alone = (predict(recogniser, sentences, alone=alone) for alone in (False, True))
    assert together[0] == alone[0] == [Name(5, 6, "ORG")]
    assert together[1] == alone[1] == [Name(0, 1, "PERSON"), Name(3, 4, "GPE")]
    assert together[2] == [Name(0, 1, "ORG")]
