from __future__ import annotations

import datetime
import importlib
import sys
import tomllib
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from pipeline.linking.linker_component import LINK, PUBLISHED, ROLES
from tests import standin
from tests.conftest import ROOT

PATTERNS = [
    {"label": "PERSON", "pattern": "Vladimir Poetin"},
    {"label": "PERSON", "pattern": "Poetin"},
    {"label": "PERSON", "pattern": "Jan Bakkerstra"},
    {"label": "GPE", "pattern": "Wit-Rusland"},
    {"label": "GPE", "pattern": "Belarus"},
    {"label": "NORP", "pattern": "Russische"},
    {"label": "ORG", "pattern": "CSTO"},
    {"label": "DATE", "pattern": "2009"},
]


def ruled(label_of: dict[str, str] | None = None, ids: str = "entity_id") -> Language:
    nlp = spacy.blank("nl")
    nlp.add_pipe("sentencizer")
    ruler = nlp.add_pipe("entity_ruler")
    renamed = [p | {"label": (label_of or {}).get(p["label"], p["label"])} for p in PATTERNS]
    ruler.add_patterns(renamed)  # type: ignore[attr-defined]
    nlp.add_pipe("vermeld_linker", config={"ids": ids})
    return nlp


def ids_of(nlp: Language, text: str) -> dict[str, str]:
    return {ent.text: ent.kb_id_ for ent in nlp(text).ents}


def test_names_get_ids_and_strangers_and_other_labels_none() -> None:
    found = ids_of(ruled(), "Vladimir Poetin en Jan Bakkerstra spraken in 2009 in Belarus over de CSTO.")
    assert found == {
        "Vladimir Poetin": "leader/vladimir-poetin",
        "Jan Bakkerstra": "",
        "2009": "",
        "Belarus": "country/BLR",
        "CSTO": "org/csto",
    }


def test_two_spellings_get_one_id() -> None:
    found = ids_of(ruled(), "Wit-Rusland heet ook Belarus.")
    assert found["Wit-Rusland"] == found["Belarus"] == "country/BLR"


def test_labels_of_conll_link_too() -> None:
    nlp = ruled({"PERSON": "PER", "GPE": "LOC", "NORP": "MISC"})
    found = ids_of(nlp, "Vladimir Poetin bezoekt Wit-Rusland.")
    assert found == {"Vladimir Poetin": "leader/vladimir-poetin", "Wit-Rusland": "country/BLR"}


def test_labels_and_spans_stay_as_they_are() -> None:
    doc = ruled({"GPE": "FAC"})("Hij was in Belarus.")
    assert [(e.text, e.label_, e.kb_id_) for e in doc.ents] == [("Belarus", "FAC", "country/BLR")]


def test_link_says_why() -> None:
    doc = ruled()("Vladimir Poetin sprak. Daarna zweeg Poetin.")
    reasons = [ent._.get(LINK).reason for ent in doc.ents]
    assert reasons == ["exact", "surname"]
    assert doc.ents[1]._.get(LINK).country == "RUS"
    assert ruled()("Jan Bakkerstra zweeg.").ents[0]._.get(LINK) is None


@pytest.mark.parametrize(
    ("day", "holder"),
    [
        (datetime.date(2009, 5, 1), "leader/dmitri-medvedev"),
        (datetime.datetime(2022, 5, 1, 12, 0), "leader/vladimir-poetin"),
    ],
)
def test_date_decides_who_holds_an_office(day: datetime.date, holder: str) -> None:
    nlp = ruled()
    doc = nlp.make_doc("De Russische president zweeg.")
    doc._.set(PUBLISHED, day)
    doc = nlp(doc)
    assert [(s.text, s.label_, s.kb_id_) for s in doc.spans[ROLES]] == [
        ("Russische president", "ROLE", holder)
    ]
    assert [(e.text, e.kb_id_) for e in doc.ents] == [("Russische", "country/RUS")]


def test_without_a_date_no_office_is_resolved() -> None:
    assert list(ruled()("De Russische president zweeg.").spans[ROLES]) == []


def test_wikidata_ids() -> None:
    assert ids_of(ruled(ids="wikidata"), "Belarus zweeg.") == {"Belarus": "Q184"}


def test_wrong_ids_are_refused() -> None:
    with pytest.raises(ValueError, match="ids"):
        ruled(ids="url")


def test_stream_gives_what_single_documents_give() -> None:
    texts = ["Vladimir Poetin sprak.", "", "Poetin in Belarus.", "Niemand."]
    nlp = ruled()
    single = [[(e.text, e.kb_id_) for e in nlp(text).ents] for text in texts]
    streamed = [[(e.text, e.kb_id_) for e in doc.ents] for doc in nlp.pipe(texts, batch_size=2)]
    assert streamed == single
    assert single[0] == [("Vladimir Poetin", "leader/vladimir-poetin")]


def test_link_survives_a_round_trip_to_disk(tmp_path: Path) -> None:
    ruled().to_disk(tmp_path)
    assert ids_of(spacy.load(tmp_path), "Belarus zweeg.") == {"Belarus": "country/BLR"}


def test_stand_in_for_nl_core_news_lg_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    standin.build(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    nlp = spacy.load("nl_core_news_lg", exclude=["tagger", "parser"])
    nlp.add_pipe("vermeld_linker")
    doc = nlp("Minister Jan Bakker sprak in Utrecht .")
    assert {e.text: e.kb_id_ for e in doc.ents} == {"Jan Bakker": "", "Utrecht": "place/utrecht"}
    sys.modules.pop("nl_core_news_lg", None)


def test_entry_point_names_the_factory() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["entry-points"]["spacy_factories"]["vermeld_linker"].partition(":")
    assert callable(getattr(importlib.import_module(module), function))
