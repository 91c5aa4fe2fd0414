from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from pipeline.clean import clean
from pipeline.linking.aliases import AliasIndex
from pipeline.recognise import recognise
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.recognition.loading import CONLL, ONTONOTES, ModelError, Recognition, load_recogniser
from pipeline.settings import DEFAULT_MODEL
from tests import standin
from tests.documents import documents

Row = dict[str, Any]


@pytest.fixture(scope="module")
def gazetteer(index: AliasIndex) -> Gazetteer:
    return Gazetteer(index)


@pytest.fixture(scope="module")
def embedded(gazetteer: Gazetteer) -> Recognition:
    return load_recogniser(DEFAULT_MODEL, gazetteer)


@pytest.fixture(scope="module")
def lg(tmp_path_factory: pytest.TempPathFactory, gazetteer: Gazetteer) -> Recognition:
    site = tmp_path_factory.mktemp("site")
    standin.build(site)
    sys.path.insert(0, str(site))
    try:
        return load_recogniser("nl_core_news_lg", gazetteer)
    finally:
        sys.path.remove(str(site))
        sys.modules.pop("nl_core_news_lg", None)


def mentions(recogniser: Recognition, *texts: str) -> list[Row]:
    cleaned = clean(documents(*texts))
    tables = (cleaned.articles, cleaned.segments, cleaned.repairs)
    rows: list[Row] = recognise(*tables, recogniser=recogniser).to_pylist()
    return rows


def forget(recogniser: Recognition) -> None:
    """Make it compute again what it has read before."""
    assert recogniser.embedded is not None
    recogniser.embedded.encoder.forget()


def names(rows: list[Row]) -> list[tuple[str, str, str]]:
    return [(row["text"], row["label"], row["recogniser"]) for row in rows]


def test_nl_core_news_lg_runs_with_only_what_it_needs(lg: Recognition) -> None:
    assert lg.name == "nl_core_news_lg-3.8.0"
    assert lg.nlp.pipe_names == ["tok2vec", "senter", "ner"]
    assert lg.labels is ONTONOTES


def test_nl_core_news_lg_labels_become_ours(lg: Recognition) -> None:
    rows = mentions(lg, "Minister Jan Bakker sprak in Utrecht . Op maandag vloog zij van Schiphol .")
    assert ("Jan Bakker", "PERSON", "model") in names(rows)
    assert ("Utrecht", "GPE", "both") in names(rows)
    assert ("Schiphol", "LOC", "both") in names(rows)
    assert [row["text"] for row in rows if row["text"] == "maandag"] == []
    assert {row["model"] for row in rows} == {"nl_core_news_lg-3.8.0"}


def test_a_model_without_probabilities_gives_its_precision_as_score(lg: Recognition) -> None:
    rows = mentions(lg, "Minister Jan Bakker sprak in Utrecht .")
    scores = {row["text"]: round(row["score"], 3) for row in rows}
    assert scores == {"Jan Bakker": 0.5, "Utrecht": 0.8}


def test_a_missing_nl_core_news_lg_says_how_to_get_it(gazetteer: Gazetteer) -> None:
    with pytest.raises(ModelError, match=r"`make model` installs the pinned release 3\.8\.0"):
        load_recogniser("nl_core_news_lg", gazetteer)


def test_an_unknown_model_is_named(gazetteer: Gazetteer) -> None:
    with pytest.raises(ModelError, match="no model 'nl_bestaat_niet'"):
        load_recogniser("nl_bestaat_niet", gazetteer)


def test_a_model_without_names_is_refused(tmp_path: Path, gazetteer: Gazetteer) -> None:
    import spacy

    spacy.blank("nl").to_disk(tmp_path / "leeg")
    with pytest.raises(ModelError, match="finds no names"):
        load_recogniser(str(tmp_path / "leeg"), gazetteer)


def test_a_model_with_a_missing_file_is_refused(tmp_path: Path, gazetteer: Gazetteer) -> None:
    import shutil

    from pipeline.settings import resources

    shutil.copytree(resources() / DEFAULT_MODEL, tmp_path / "half")
    (tmp_path / "half" / "vermeld_ner" / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"tokenizer\.json"):
        load_recogniser(str(tmp_path / "half"), gazetteer)


def test_conll_labels_are_known() -> None:
    assert {k: v.value for k, v in CONLL.items()} == {
        "PER": "PERSON",
        "LOC": "LOC",
        "ORG": "ORG",
        "MISC": "MISC",
    }


def test_the_embedded_model_finds_and_types_names(embedded: Recognition) -> None:
    rows = mentions(
        embedded,
        "Burgemeester Sanne Kloosterboer van Zwolle ontving dinsdag een delegatie van het Estse bedrijf "
        "Baltmark. Zij sprak met directeur Toomas Ilvesmets over de haven aan de Zwarte Zee.",
    )
    assert [(text, label) for text, label, _ in names(rows)] == [
        ("Sanne Kloosterboer", "PERSON"),
        ("Zwolle", "GPE"),
        ("Estse", "NORP"),
        ("Baltmark", "ORG"),
        ("Toomas Ilvesmets", "PERSON"),
        ("Zwarte Zee", "LOC"),
    ]
    assert all(0 < row["score"] <= 1 for row in rows)


def test_names_of_the_knowledge_base_are_added(gazetteer: Gazetteer) -> None:
    rows = mentions(load_recogniser("kb", gazetteer), "In Jerevan sprak Nikol Pasjinian over de CSTO-top.")
    assert names(rows) == [("Jerevan", "GPE", "kb"), ("Nikol Pasjinian", "PERSON", "kb")]


def test_a_possessive_apart_is_outside(embedded: Recognition) -> None:
    rows = mentions(embedded, "Volgens Zelensky’s kantoor en Macron’s woordvoerder is dat zo.")
    assert [row["text"] for row in rows] == ["Zelensky", "Macron"]


def test_sentences_are_numbered_through_the_article(embedded: Recognition) -> None:
    text = (
        "Macron spreekt met Scholz in Parijs\n"
        "De Franse president Emmanuel Macron sprak maandag met Olaf Scholz. Daarna vloog hij naar Rome.\n"
        "In Rome wachtte premier Giorgia Meloni hem op, zo meldt het Italiaanse persbureau Ansa vandaag.\n"
    )
    rows = mentions(embedded, text)
    by_text = {row["text"]: (row["sentence"], row["zone"]) for row in rows}
    assert by_text["Scholz"] == (0, "title")
    assert by_text["Olaf Scholz"] == (1, "body")
    assert by_text["Giorgia Meloni"] == (3, "body")
    assert rows[-1]["sentence_text"].startswith("In Rome wachtte")


def test_offsets_lead_back_to_raw_through_repairs(embedded: Recognition) -> None:
    raw = "De premier van OekraÃ¯ne sprak in Mi\u00adnsk met pre\u00admier\u00a0Keir\u00a0Starmer over de vrede in Europa."
    rows = mentions(embedded, raw)
    places = {row["text"]: raw[row["raw_start"] : row["raw_end"]] for row in rows}
    assert places["Oekraïne"] == "OekraÃ¯ne"
    assert places["Minsk"] == "Mi\u00adnsk"
    assert places["Keir Starmer"] == "Keir\u00a0Starmer"


def test_batches_do_not_change_the_result(embedded: Recognition) -> None:
    texts = [f"In {place} sprak minister Jan de Boer met de {adj} krant." for place in ("Gent", "Riga", "Osaka")
             for adj in ("Franse", "Deense")]  # fmt: skip
    cleaned = clean(documents(*texts))
    tables = (cleaned.articles, cleaned.segments, cleaned.repairs)
    one = recognise(*tables, recogniser=embedded, batch_size=1)
    forget(embedded)
    many = recognise(*tables, recogniser=embedded, batch_size=64)
    assert one.equals(many)


def test_equal_sentences_give_equal_names(embedded: Recognition) -> None:
    sentence = "Volgens de Poolse premier Donald Tusk wil de Navo meer."
    alone = mentions(embedded, sentence)
    forget(embedded)
    among = mentions(embedded, "Een heel andere zin over de stad Luik in België en over niets.", sentence)
    rows = [row for row in among if row["article_id"] == "a0001"]
    assert [(r["text"], r["label"], r["score"]) for r in rows] == [
        (r["text"], r["label"], r["score"]) for r in alone
    ]


def test_the_article_helps_and_another_article_does_not(embedded: Recognition) -> None:
    told = (
        "Voorzitter Lena Dox van de vakbond Kwelder is boos. De leden van de vakbond Kwelder staken morgen.\n\n"
        "Kwelder wint."
    )
    rows = mentions(embedded, told, "Kwelder wint.")
    forget(embedded)
    labels = {(row["article_id"], row["sentence"]): row["label"] for row in rows if row["text"] == "Kwelder"}
    alone = [row for row in mentions(embedded, "Kwelder wint.") if row["text"] == "Kwelder"]
    assert labels["a0000", 1] == labels["a0000", 2] == "ORG"
    other = [row for row in rows if row["article_id"] == "a0001" and row["text"] == "Kwelder"]
    assert [(r["label"], r["score"]) for r in other] == [(r["label"], r["score"]) for r in alone]


def test_segments_need_not_lie_together(embedded: Recognition) -> None:
    texts = [
        "In Gent sprak Jan de Boer.\n\nIn Riga zweeg hij.",
        "In Oslo sprak Eva Lund.\n\nIn Bern zweeg zij.",
    ]
    cleaned = clean(documents(*texts))
    order = sorted(range(cleaned.segments.num_rows), key=lambda i: cleaned.segments["segment"][i].as_py())
    tables = (cleaned.articles, cleaned.segments, cleaned.repairs)
    mixed = (cleaned.articles, cleaned.segments.take(order), cleaned.repairs)
    rows = [recognise(*given, recogniser=embedded).to_pylist() for given in (tables, mixed)]
    keys = [
        sorted((r["article_id"], r["mention"], r["text"], r["sentence"]) for r in given) for given in rows
    ]
    assert keys[0] == keys[1]
    assert len(keys[0]) == 6


def part_of_sample(half: int) -> list[Row]:
    """The mentions of the even or odd articles of the sample, found in a process of its own."""
    import pyarrow.compute as pc

    from pipeline.read import read
    from pipeline.settings import Settings
    from pipeline.tools import Tools
    from tests.gate import SAMPLE

    cleaned = clean(read(SAMPLE, settings=Settings())[0])
    ids = cleaned.articles.column("article_id").to_pylist()[:20]
    chosen = ids if half == 2 else ids[half::2]
    tables = (
        table.filter(pc.field("article_id").isin(chosen))
        for table in (cleaned.articles, cleaned.segments, cleaned.repairs)
    )
    rows: list[Row] = recognise(*tables, recogniser=Tools(Settings()).recogniser).to_pylist()
    return rows


def test_one_process_and_two_give_the_same_mentions() -> None:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        even, odd, whole = pool.map(part_of_sample, (0, 1, 2))

    def ordered(rows: list[Row]) -> list[Row]:
        return sorted(rows, key=lambda row: (row["source"], row["mention"]))

    assert ordered(even + odd) == ordered(whole)
    assert len(whole) > 500
