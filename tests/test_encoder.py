from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.recognition.encoder import Encoder
from pipeline.recognition.encoder_component import shipped_features
from pipeline.settings import DEFAULT_MODEL, resources

MOST = 160
Text = list[list[str]]


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder(resources() / DEFAULT_MODEL / "vermeld_ner", shipped_features())


def text(*sentences: str) -> Text:
    return [sentence.split() for sentence in sentences]


def best(encoder: Encoder, given: Text, sentence: int, word: int) -> str:
    (read,) = encoder.probabilities([given])
    return encoder.settings.tags[int(read[sentence][word].argmax())]


def test_a_row_a_word_of_each_sentence(encoder: Encoder) -> None:
    (read,) = encoder.probabilities([text("De premier sprak .", "Niemand luisterde .")])
    assert [rows.shape for rows in read] == [(4, 13), (3, 13)]


def test_tags_of_names(encoder: Encoder) -> None:
    (read,) = encoder.probabilities([text("Premier Toomas Ilvesmets sprak in Gent .")])
    tags = [encoder.settings.tags[i] for i in read[0].argmax(axis=1)]
    assert tags == ["O", "B-PERSON", "I-PERSON", "O", "O", "B-GPE", "O"]


def test_the_neighbouring_sentence_counts(encoder: Encoder) -> None:
    alone = encoder.probabilities([text("Baltmark wint .")])[0][0]
    club, painter = (
        encoder.probabilities([text(told, "Baltmark wint .")])[0][1]
        for told in ("De voetbalclub speelt een finale .", "De schilder dingt naar een prijs .")
    )
    assert not np.array_equal(alone, club)
    assert not np.array_equal(club, painter)


def test_alone_and_among_others_to_the_last_bit(encoder: Encoder) -> None:
    texts = [
        text("In Gent sprak minister Jan de Boer .", "Hij zweeg over Estland ."),
        text("Niets ."),
        text(*["De Franse krant Le Monde schreef over de Noordzee en over Riga ."] * 9),
        text("In Gent sprak minister Jan de Boer .", "Hij zweeg over Letland ."),
    ]
    together = encoder.probabilities(texts)
    for one, read in zip(texts, together, strict=True):
        encoder.forget()
        (alone,) = encoder.probabilities([one])
        assert all(np.array_equal(a, b) for a, b in zip(alone, read, strict=True))


def test_equal_windows_are_computed_once(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    copy = text("In Gent sprak minister Jan de Boer .", "Hij zweeg over Estland .")
    encoder.forget()
    sizes: list[int] = []
    scores = encoder._scores

    def counted(batch: Any) -> Any:
        sizes.append(len(batch))
        return scores(batch)

    monkeypatch.setattr(encoder, "_scores", counted)
    first, second, other = encoder.probabilities([copy, copy, text("Niets .")])
    (third,) = encoder.probabilities([copy])
    assert sum(sizes) == 2
    assert all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))
    assert all(np.array_equal(a, b) for a, b in zip(first, third, strict=True))
    assert len(other) == 1


def test_a_text_of_several_windows_is_read_whole(encoder: Encoder) -> None:
    sentence = "De Estse premier Kaja Kallas sprak in Tallinn met de Navo over de Baltische Zee ."
    long = text(*[sentence] * 30)
    (read,) = encoder.probabilities([long])
    assert len(read) == 30
    place, person = sentence.split().index("Tallinn"), sentence.split().index("Kaja")
    assert {encoder.settings.tags[rows[place].argmax()] for rows in read} == {"B-GPE"}
    assert {encoder.settings.tags[rows[person].argmax()] for rows in read} == {"B-PERSON"}


def test_a_sentence_longer_than_a_window_is_cut_between_words(encoder: Encoder) -> None:
    words = ["en"] * MOST + ["burgemeester", "Sanne", "Kloosterboer", "van", "Zwolle"]
    assert best(encoder, [words], 0, len(words) - 1) == "B-GPE"
    assert best(encoder, [words], 0, MOST + 1) == "B-PERSON"


def test_what_follows_a_cut_sentence_is_read_too(encoder: Encoder) -> None:
    given = [["en"] * (MOST + 40), ["Zij", "woont", "in", "Zwolle", "."]]
    assert best(encoder, given, 1, 3) == "B-GPE"


def test_texts_and_sentences_of_nothing(encoder: Encoder) -> None:
    assert encoder.probabilities([]) == []
    assert encoder.probabilities([[]]) == [[]]
    (read,) = encoder.probabilities([[[], ["Gent"], []]])
    assert [len(rows) for rows in read] == [0, 1, 0]
    assert np.array_equal(read[1], encoder.probabilities([[["Gent"]]])[0][0])


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(st.lists(st.text(min_size=1, max_size=30), max_size=40), max_size=6), max_size=4))
def test_rows_are_probabilities(encoder: Encoder, texts: list[Text]) -> None:
    read = encoder.probabilities(texts)
    assert [[len(rows) for rows in of_one] for of_one in read] == [
        [len(words) for words in given] for given in texts
    ]
    for of_one in read:
        for rows in of_one:
            assert np.allclose(rows.sum(axis=1), 1.0, atol=1e-5)
            assert (rows >= 0).all()
