from __future__ import annotations

import copy

import pytest
import spacy
from hypothesis import HealthCheck, given, note
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from pipeline.kb import KnowledgeBase, load_kb
from pipeline.linking.aliases import build_index
from pipeline.recognise import KB_SCORES
from pipeline.recognition.edges import Found
from pipeline.recognition.features import NameFeatures
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.recognition.spans import reconcile
from pipeline.running.names_in_text import NamesInText, words
from pipeline.schemas import Label, Recogniser
from tests.little import Rows, kb_rows, write_kb

NLP = spacy.blank("nl")


class Seen:
    """All that recognising sees of a knowledge base."""

    def __init__(self, kb: KnowledgeBase) -> None:
        index = build_index(kb)
        self.names = NamesInText(kb, index)
        self.gazetteer = Gazetteer(index, kb.titles)
        self.features = NameFeatures(kb, index, self.gazetteer)

    def of(self, text: str) -> object:
        tokens = NLP.make_doc(text)
        # As if the model took every run of three tokens for a name: the tidying looks each up.
        spans = [tokens[i : i + n] for i in range(len(tokens)) for n in (1, 2, 3) if i + n <= len(tokens)]
        tidied = [
            reconcile(text, [Found(s.start_char, s.end_char, label, 0.9, Recogniser.MODEL)], self.gazetteer, KB_SCORES)
            for s in spans
            for label in (Label.PERSON, Label.ORG, Label.NORP)
        ]  # fmt: skip
        hits = [(h.start, h.end, h.label) for h in self.gazetteer.find(text)]
        return hits, self.gazetteer.find_roles(text), self.features.of([t.text for t in tokens]), tidied


@pytest.fixture(scope="module")
def load(tmp_path_factory: pytest.TempPathFactory):  # type: ignore[no-untyped-def]
    folder = tmp_path_factory.mktemp("kb")
    return lambda rows: Seen(load_kb(write_kb(folder, rows)))


#: Names that share words, cases, diacritics, endings, figures and titles with one another.
NAMES = (
    "Poetin", "POETIN", "Vladimir Poetin", "koning Filip", "Filip", "Kim Jong", "Kim", "KIM", "G7", "G7-landen",
    "Kallas", "Kalla", "İmamoğlu", "Straße", "Russische Doema", "Doema", "Zelensky's", "!!!", "EU5", "5", "chef",
    "NAVO", "De Bode", "Bode", "Frans", "Van der Plas", "Sinn Féin", "Sinds",
)  # fmt: skip
WORDS = (
    *NAMES, "NAVO-chef", "De", "de", "paus", "Fransen", "Poetins", "Trumps’", "5km", "EU5km", "FILIP", "imamoglu",
    "STRASSE", "Franse", "G7-landen", "ministerie", "zei", ".", ",", "-", "’s", "Koning", "koning", "Rusland",
)  # fmt: skip
TITLES = ("chef", "koning", "premier", "vice-premier", "paus")
COLUMNS = (("leaders", "name"), ("leaders", "aliases"), ("leaders", "weak_aliases"), ("places", "name"),
           ("places", "weak_aliases"), ("organisations", "name"), ("organisations", "aliases"),
           ("countries", "adjectives"), ("countries", "inhabitants"))  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=7).map(" ".join)
CHANGES = st.lists(
    st.tuples(st.sampled_from(COLUMNS), st.integers(0, 2), st.lists(st.sampled_from(NAMES), max_size=2))
    | st.tuples(st.just(("roles", "titles")), st.integers(0, 2), st.lists(st.sampled_from(TITLES), max_size=2))
    | st.tuples(st.just(("leaders", "")), st.integers(0, 2), st.just([])),
    min_size=1, max_size=4,
)  # fmt: skip


def changed(rows: Rows, changes: list[tuple[tuple[str, str], int, list[str]]]) -> Rows:
    rows = copy.deepcopy(rows)
    for (file, column), number, names in changes:
        if not column:
            rows[file].reverse()
            continue
        row = rows[file][number % len(rows[file])]
        row[column] = (names or [row["name"]])[0] if column == "name" else "|".join(names)
    return rows


@hypothesis_settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))
@given(CHANGES, CHANGES, st.lists(TEXTS, min_size=1, max_size=6))
def test_where_the_hash_is_equal_recognising_is(load, before, after, texts) -> None:  # type: ignore[no-untyped-def]
    first = changed(kb_rows(), before)
    try:
        one, other = load(first), load(changed(first, after))
    except ValueError:  # a strong alias with two owners
        return
    for text in texts:
        if one.names.of(text) == other.names.of(text):
            note(text)
            assert one.of(text) == other.of(text)


@pytest.mark.parametrize(
    ("file", "column", "value", "text"),
    [
        ("leaders", "aliases", "Tsaar", "Volgens TSAAR is het klaar."),
        ("leaders", "aliases", "Tsaar", "Dat is Tsaars werk."),
        ("leaders", "aliases", "Tsaär", "De tsaar zwijgt."),
        ("leaders", "name", "Boris Poetin", "Boris zwijgt."),
        ("roles", "titles", "topman", "De NAVO-topman zwijgt."),
        ("places", "weak_aliases", "Best", "Best koud hier."),
        ("countries", "adjectives", "Deens", "Deense boeren."),
        ("organisations", "name", "!!!", "Vandaag niets."),
    ],
)
def test_a_name_that_may_stand_in_the_text_changes_its_hash(load, file, column, value, text) -> None:  # type: ignore[no-untyped-def]
    rows = kb_rows()
    before = load(rows).names.of(text)
    rows[file][0][column] = value
    assert load(rows).names.of(text) != before


@pytest.mark.parametrize("text", ["", "De brug is dicht.", "Poetin zwijgt.", "De Tsaristen zwijgen."])
def test_a_name_that_does_not_stand_in_the_text_leaves_its_hash(load, text: str) -> None:  # type: ignore[no-untyped-def]
    rows = kb_rows()
    before = load(rows).names.of(text)
    rows["leaders"][1]["aliases"] = "Tsaar"
    rows["offices"][0]["start"] = "2000-01-01"
    assert load(rows).names.of(text) == before


def test_the_order_of_rows_counts_where_names_are_shared(load) -> None:  # type: ignore[no-untyped-def]
    rows = kb_rows()
    for row in rows["leaders"][:2]:
        row["weak_aliases"] = "Volodja"
    before = load(rows).names
    rows["leaders"].reverse()
    after = load(rows).names
    assert before.of("Volodja zwijgt.") != after.of("Volodja zwijgt.")
    assert before.of("Moskou zwijgt.") == after.of("Moskou zwijgt.")


def test_words_are_one_in_any_spelling() -> None:
    assert words("POETINS Poetin’s poëtin") == {"poetin", "s", ""}
    assert words("EU5km NAVO-top") == {"eu", "5", "km", "navo", "top", ""}
    assert words("ss") == {"ss", ""}
