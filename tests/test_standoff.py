from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.standoff import (
    Name,
    Sentence,
    by_document,
    read_standoff,
    read_treebank,
    tags_of,
    write_standoff,
)

TREEBANK = """# sent_id = wiki-7.p.2.s.1
1\tJan\tJan\tPROPN
2\tPeeters\tPeeters\tPROPN
3\tslaapt\tslapen\tVERB
4-5\tin't\t_\t_
4\tin\tin\tADP
5\t't\thet\tDET

# wiki-8.p.1.s.3.xml
1\tGent\tGent\tPROPN
"""
NAMES = (Name(0, 2, "PERSON"),)


@pytest.fixture
def treebank(tmp_path: Path) -> list[Sentence]:
    path = tmp_path / "bos.conllu"
    path.write_text(TREEBANK, encoding="utf-8")
    return list(read_treebank(path))


def test_sentences_of_a_treebank(treebank: list[Sentence]) -> None:
    assert [(s.sentence_id, s.document, s.tokens) for s in treebank] == [
        ("wiki-7.p.2.s.1", "wiki-7", ("Jan", "Peeters", "slaapt", "in", "'t")),
        ("wiki-8.p.1.s.3", "wiki-8", ("Gent",)),
    ]


def test_annotations_come_back_with_their_tokens(tmp_path: Path, treebank: list[Sentence]) -> None:
    first = treebank[0]
    annotated = Sentence(first.source, first.sentence_id, first.tokens, NAMES)
    write_standoff(tmp_path / "a.tsv", [annotated])
    assert "Peeters" not in (tmp_path / "a.tsv").read_text(encoding="utf-8")
    assert read_standoff(tmp_path / "a.tsv", treebank) == [annotated]
    assert tags_of(annotated) == ["B-PERSON", "I-PERSON", "O", "O", "O"]


def test_another_version_of_the_treebank_is_refused(tmp_path: Path, treebank: list[Sentence]) -> None:
    first = treebank[0]
    write_standoff(tmp_path / "a.tsv", [Sentence(first.source, first.sentence_id, first.tokens[:4], NAMES)])
    with pytest.raises(ValueError, match=r"wiki-7\.p\.2\.s\.1 is not as it was annotated"):
        read_standoff(tmp_path / "a.tsv", treebank)


def test_an_unknown_label_is_refused(tmp_path: Path, treebank: list[Sentence]) -> None:
    first = treebank[0]
    wrong = Sentence(first.source, first.sentence_id, first.tokens, (Name(0, 2, "PER"),))
    write_standoff(tmp_path / "a.tsv", [wrong])
    with pytest.raises(ValueError, match="no label: PER"):
        read_standoff(tmp_path / "a.tsv", treebank)


def test_sentences_of_a_document_come_in_the_order_of_their_numbers() -> None:
    ids = ["wiki-7.p.10.s.1", "wiki-8.p.1.s.1", "wiki-7.p.9.s.2", "wiki-7.p.9.s.10", "12"]
    documents = by_document(Sentence("bos.conllu", i, ("Ja",)) for i in ids)
    assert [[s.sentence_id for s in own] for own in documents] == [
        ["wiki-7.p.9.s.2", "wiki-7.p.9.s.10", "wiki-7.p.10.s.1"],
        ["wiki-8.p.1.s.1"],
        ["12"],
    ]
    assert [s.paragraph for s in documents[0]] == ["wiki-7.p.9", "wiki-7.p.9", "wiki-7.p.10"]
