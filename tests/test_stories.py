from __future__ import annotations

import pytest

from pipeline.bench.recognising import sentences
from pipeline.bench.stories import measure_stories, pair_scores
from pipeline.clean import clean
from pipeline.cleaning.stories import assign_stories
from pipeline.schemas import check, table_from_rows
from tests.documents import documents

FLOOD = (
    "In het zuiden van Moldavië staan na drie dagen regen vier dorpen onder water. De brandweer bracht "
    "ruim tweehonderd bewoners met boten naar een school in Cahul. Volgens de burgemeester is de dijk "
    "langs de Proet op twee plaatsen gebroken. De regering stuurt militairen om zandzakken te leggen. "
    "Roemenië heeft pompen toegezegd, die dinsdag in de haven van Giurgiulesti aankomen. De weerdienst "
    "verwacht tot donderdag nog meer neerslag. Boeren vrezen dat de oogst van zonnebloemen grotendeels "
    "verloren is. De president bezoekt het gebied in de loop van de week en praat dan met de getroffen "
    "gezinnen."
)
RAIL = (
    "Estland, Letland en Litouwen leggen eindelijk de eerste rails van hun snelle spoorlijn naar Polen. "
    "Bij Pärnu begonnen werklieden maandag met het eerste stuk van tien kilometer. De lijn moet in 2030 "
    "klaar zijn en kost volgens de laatste raming vijftien miljard euro. Een groot deel daarvan betaalt "
    "de Europese Unie. Reizigers doen straks vier uur over de rit van Tallinn naar Vilnius. Critici "
    "vinden het tracé te duur en wijzen op de vertraging bij de brug in Riga. De ministers van Vervoer "
    "ondertekenden een nieuw contract."
)


def stories(**texts: str) -> dict[str, str]:
    """The story of each article."""
    rows: list[dict[str, object]] = [
        {
            "article_id": article,
            "source": f"{article}.txt",
            "story_id": article,
            "text": text,
            "n_words": len(text.split()),
            "raw_sha256": "",
        }
        for article, text in texts.items()
    ]
    table = assign_stories(table_from_rows("articles", rows))
    check("articles", table)
    assert table.column("article_id").to_pylist() == list(texts)
    return dict(zip(texts, table.column("story_id").to_pylist(), strict=True))


def test_the_same_text_is_one_story() -> None:
    assert stories(b=FLOOD, a=FLOOD, c=RAIL) == {"a": "a", "b": "a", "c": "c"}


@pytest.mark.parametrize(
    "copy",
    [
        FLOOD.upper(),
        FLOOD.replace(". ", ".\n\n"),
        f"Vier dorpen onder water\n\nCAHUL (ANP) - {FLOOD}\n\n(ANP)",
        FLOOD.replace("zandzakken", "stenen"),
        FLOOD[: len(FLOOD) * 2 // 3],
        f"{FLOOD} De hulporganisaties hebben een rekening geopend voor wie wil helpen.",
    ],
    ids=["capitals", "lines", "title and agency", "one word", "last third cut", "one sentence more"],
)
def test_near_copies_share_the_smallest_id(copy: str) -> None:
    assert stories(m=FLOOD, k=copy, z=RAIL) == {"m": "k", "k": "k", "z": "z"}


def test_different_articles_are_different_stories() -> None:
    assert stories(a=FLOOD, b=RAIL) == {"a": "a", "b": "b"}


def test_one_sentence_in_common_is_not_one_story() -> None:
    quoted = FLOOD.split(". ")[0]
    assert stories(a=FLOOD, b=f"{RAIL} {quoted}.") == {"a": "a", "b": "b"}


def test_a_chain_of_copies_is_one_story() -> None:
    words = FLOOD.split()
    middle, end = words[10:] + RAIL.split()[:10], words[20:] + RAIL.split()[:20]
    found = stories(c=FLOOD, b=" ".join(middle), a=" ".join(end))
    assert found == {"a": "a", "b": "a", "c": "a"}


@pytest.mark.parametrize("text", ["", "Vier dorpen onder water", " ".join(FLOOD.split()[:15])])
def test_short_texts_stay_alone(text: str) -> None:
    assert stories(a=text, b=text, c=FLOOD) == {"a": "a", "b": "b", "c": "c"}


def test_sixteen_words_are_enough() -> None:
    text = " ".join(FLOOD.split()[:16])
    assert stories(a=text, b=text) == {"a": "a", "b": "a"}


def test_the_order_of_the_input_does_not_matter() -> None:
    shorter = FLOOD[: len(FLOOD) * 3 // 4]
    texts = {"d": FLOOD, "a": RAIL, "c": shorter, "b": f"{FLOOD} Dat is alles.", "e": RAIL[:300], "f": "Kort"}
    expected = stories(**texts)
    assert expected == {"a": "a", "b": "b", "c": "b", "d": "b", "e": "a", "f": "f"}
    for order in (sorted(texts), sorted(texts, reverse=True), ["c", "f", "b", "a", "e", "d"]):
        assert stories(**{article: texts[article] for article in order}) == expected


def test_no_other_column_changes() -> None:
    articles = clean(documents(FLOOD, RAIL, FLOOD)).articles
    found = assign_stories(articles)
    assert found.column("story_id").to_pylist() == ["a0000", "a0001", "a0000"]
    assert found.drop_columns(["story_id"]) == articles.drop_columns(["story_id"])


def test_no_articles_are_no_stories() -> None:
    assert assign_stories(table_from_rows("articles", [])).num_rows == 0


def test_wire_copies_are_found_and_nothing_else() -> None:
    figures = measure_stories(1000, sentences(30_000))
    assert figures["articles"] == 1000
    assert figures["recall"] >= 0.97
    assert figures["precision"] >= 0.99
    assert figures["same_when_shuffled"]


def test_a_copy_cut_in_half_is_still_the_story() -> None:
    text = f"{FLOOD} {RAIL}"
    half = f"Water in vier dorpen\n\n{' '.join(text.split()[: len(text.split()) // 2])}"
    assert stories(a=text, b=half) == {"a": "a", "b": "a"}


def test_a_follow_up_that_repeats_a_quarter_as_background_is_a_story_of_its_own() -> None:
    words = FLOOD.split()
    assert stories(a=FLOOD, b=f"{RAIL} {' '.join(words[: len(words) // 3])}") == {"a": "a", "b": "b"}


def test_pairs_are_scored_by_hand() -> None:
    truth = {"a": "a", "b": "a", "c": "a", "d": "d", "e": "d"}  # 3 pairs and 1
    found = {"a": "a", "b": "a", "c": "c", "d": "c", "e": "e"}  # a-b right, c-d wrong
    assert pair_scores(found, truth) == (0.5, 0.25)
