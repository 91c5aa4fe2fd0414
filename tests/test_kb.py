from __future__ import annotations

import csv
import datetime
import shutil
from itertools import pairwise
from pathlib import Path

import pytest

from pipeline.kb import KnowledgeBase, KnowledgeBaseError, load_kb
from pipeline.schemas import Kind, Label
from pipeline.settings import resources

DATE = datetime.date


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A small knowledge base of two countries, a leader and an organisation."""
    files = {
        "countries": [
            "entity_id,name,iso3,iso2,aliases,weak_aliases,adjectives,inhabitants,capital,seat,"
            "start,end,wikidata,wikidata_source",
            "country/RUS,Rusland,RUS,RU,Russische Federatie,RF,Russisch,Rus|Russen,place/moskou,,,,Q159,rigour",
            "country/SUN,Sovjet-Unie,SUN,,USSR,,Sovjet,,,,1922-12-30,1991,Q15180,rigour",
        ],
        "places": [
            "entity_id,name,label,country,type,aliases,weak_aliases,adjectives,inhabitants,wikidata,wikidata_source",
            "place/moskou,Moskou,GPE,RUS,city,,,Moskous,,,",
        ],
        "organisations": [
            "entity_id,name,country,type,aliases,weak_aliases,adjectives,start,end,wikidata,wikidata_source",
            "org/csto,CSTO,,alliance,OVKB,,,1992,,Q318693,supraverden",
        ],
        "leaders": [
            "entity_id,name,kind,country,aliases,weak_aliases,born,died,wikidata,wikidata_source",
            "leader/vladimir-poetin,Vladimir Poetin,leader,RUS,Poetin|Putin,,1952-10-07,,Q7747,office-holders",
        ],
        "offices": [
            "role,of,rank,holder,start,end,source",
            "president,country/RUS,head_of_state,leader/vladimir-poetin,2000-05,2008-05,editors",
        ],
        "roles": ["role,titles,kind", "president,president|staatshoofd,state"],
        "memberships": ["organisation,member,start,end", "org/csto,country/RUS,1992-05-15,"],
    }
    for name, lines in files.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tmp_path


def replace(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / f"{name}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_fields_of_a_country(folder: Path) -> None:
    russia = load_kb(folder).entities["country/RUS"]
    assert (russia.name, russia.kind, russia.label, russia.country) == (
        "Rusland",
        Kind.COUNTRY,
        Label.GPE,
        "RUS",
    )
    assert russia.aliases == ("Russische Federatie",)
    assert russia.weak_aliases == ("RF",)
    assert russia.inhabitants == ("Rus", "Russen")
    assert russia.capital == "place/moskou"
    assert russia.wikidata == "Q159"


def test_a_year_ends_on_its_last_day(folder: Path) -> None:
    union = load_kb(folder).entities["country/SUN"]
    assert (union.start, union.end) == (DATE(1922, 12, 30), DATE(1991, 12, 31))


def test_an_office_of_months_is_held_from_the_first_to_the_last_day(folder: Path) -> None:
    (office,) = load_kb(folder).offices_of_holder["leader/vladimir-poetin"]
    assert (office.start, office.end) == (DATE(2000, 5, 1), DATE(2008, 5, 31))
    assert office.held_on(DATE(2008, 5, 31))
    assert not office.held_on(DATE(2008, 6, 1))
    assert not office.held_on(DATE(2000, 4, 30))


def test_the_fingerprint_changes_with_any_file(folder: Path) -> None:
    before = load_kb(folder).fingerprint
    replace(folder, "roles", "president|staatshoofd", "president")
    assert load_kb(folder).fingerprint != before


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("leaders", "leader/vladimir-poetin", "org/csto", "id twice: org/csto"),
        ("countries", "place/moskou", "place/omsk", "country/RUS: no entity place/omsk"),
        (
            "offices",
            "leader/vladimir-poetin",
            "leader/x",
            "office president of country/RUS: no entity leader/x",
        ),
        ("offices", "president,", "tsaar,", "office of country/RUS: no role tsaar"),
        ("offices", "2000-05,2008-05", "2008-05,2000-05", "ends before it starts"),
        ("memberships", "country/RUS", "country/XXX", "members of org/csto: no entity country/XXX"),
        ("organisations", "CSTO,,", "CSTO,ABC,", "org/csto: no country ABC"),
        ("organisations", "OVKB", "Poetin", "strong alias owned twice: 'Poetin'"),
    ],
)
def test_an_unsound_knowledge_base_is_refused(
    folder: Path, name: str, old: str, new: str, fault: str
) -> None:
    replace(folder, name, old, new)
    with pytest.raises(KnowledgeBaseError, match=fault):
        load_kb(folder)


def test_all_faults_are_named_at_once(folder: Path) -> None:
    replace(folder, "countries", "place/moskou", "place/omsk")
    replace(folder, "memberships", "country/RUS", "country/XXX")
    with pytest.raises(KnowledgeBaseError, match=r"(?s)place/omsk.*country/XXX"):
        load_kb(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "roles.csv").unlink()
    with pytest.raises(FileNotFoundError, match=r"roles\.csv"):
        load_kb(folder)


UN_MEMBERS = 193


def test_every_member_of_the_un_is_a_country(kb: KnowledgeBase) -> None:
    members = {m.member for m in kb.memberships if m.organisation == "org/vn" and m.end is None}
    assert len(members) == UN_MEMBERS
    assert {kb.entities[m].kind for m in members} == {Kind.COUNTRY}


def test_every_un_member_has_adjective_inhabitants_capital_and_wikidata(kb: KnowledgeBase) -> None:
    members = {m.member for m in kb.memberships if m.organisation == "org/vn" and m.end is None}
    assert [m for m in sorted(members) if not kb.entities[m].adjectives] == []
    assert [m for m in sorted(members) if not kb.entities[m].inhabitants] == []
    assert [m for m in sorted(members) if not kb.entities[m].wikidata] == []
    without_capital = [m for m in sorted(members) if not kb.entities[m].capital]
    # City states, and one capital that is called as its country is.
    assert without_capital == ["country/DJI", "country/MCO", "country/SGP", "country/SMR"]


@pytest.mark.parametrize("name", ["countries", "places", "organisations", "leaders"])
def test_entities_stand_sorted_by_id(name: str) -> None:
    with (resources() / "kb" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        ids = [row["entity_id"] for row in csv.DictReader(stream)]
    assert ids == sorted(ids)


def test_a_wikidata_id_has_a_source_and_one_owner(kb: KnowledgeBase) -> None:
    with_id = [e for e in kb.entities.values() if e.wikidata]
    assert [e.entity_id for e in with_id if not e.wikidata_source] == []
    assert len({e.wikidata for e in with_id}) == len(with_id)


@pytest.mark.parametrize(
    ("role", "of", "day", "holder"),
    [
        ("president", "country/RUS", DATE(2009, 3, 1), "leader/dmitri-medvedev"),
        ("president", "country/RUS", DATE(2022, 3, 1), "leader/vladimir-poetin"),
        ("president", "country/USA", DATE(2019, 1, 1), "leader/donald-trump"),
        ("president", "country/USA", DATE(2023, 1, 1), "leader/joe-biden"),
        ("premier", "country/NLD", DATE(2015, 1, 1), "leader/mark-rutte"),
        ("secretaris-generaal", "org/navo", DATE(2025, 1, 1), "leader/mark-rutte"),
        ("minister-volksgezondheid", "country/NLD", DATE(2026, 5, 1), "leader/sophie-hermans"),
        ("minister-energie", "country/RUS", DATE(2021, 5, 1), "leader/nikolaj-sjoelginov"),
        ("minister-energie", "country/RUS", DATE(2025, 5, 1), "leader/sergej-tsiviljov"),
        ("gouverneur", "place/oblast-koersk", DATE(2023, 5, 1), "leader/roman-starovojt"),
        ("gouverneur", "place/georgia", DATE(2021, 1, 6), "leader/brian-kemp"),
        ("parlementsvoorzitter", "country/GEO", DATE(2024, 5, 14), "leader/sjalva-papoeasjvili"),
    ],
)
def test_who_held_an_office(kb: KnowledgeBase, role: str, of: str, day: DATE, holder: str) -> None:
    holders = [o.holder for o in kb.offices if o.role == role and o.of == of and o.held_on(day)]
    assert holders == [holder]


def test_the_shipped_files_load_from_any_folder(tmp_path: Path, kb: KnowledgeBase) -> None:
    shutil.copytree(resources() / "kb", tmp_path / "kb")
    assert load_kb(tmp_path / "kb").fingerprint == kb.fingerprint


SOURCES = {
    "editors",
    "office-holders",
    "office-holders-2022",
    "heads-2022",
    "foreign-ministers-2022",
    "world-leaders-2026",
    "supraverden",
}


def test_the_source_of_an_office_is_one_that_the_readme_names(kb: KnowledgeBase) -> None:
    assert {office.source for office in kb.offices} <= SOURCES


def test_an_office_that_its_source_left_open_in_2022_is_not_held_later(kb: KnowledgeBase) -> None:
    late = [o for o in kb.offices if o.source == "office-holders-2022" and o.held_on(DATE(2023, 1, 1))]
    assert late == []


@pytest.mark.parametrize(
    ("role", "of"),
    [
        ("president", "country/USA"),
        ("premier", "country/NLD"),
        ("minister-buitenlandse-zaken", "country/RUS"),
        ("minister-defensie", "country/UKR"),
    ],
)
def test_one_person_holds_an_office_at_a_time(kb: KnowledgeBase, role: str, of: str) -> None:
    offices = sorted(
        (o for o in kb.offices if o.role == role and o.of == of and o.start),
        key=lambda o: o.start or DATE.min,
    )
    overlaps = [
        (before.holder, after.holder)
        for before, after in pairwise(offices)
        if before.holder != after.holder and after.start and (before.end is None or before.end > after.start)
    ]
    assert overlaps == []


@pytest.mark.parametrize(
    ("file", "line", "fault"),
    [
        ("leaders", "leader/x,Katrin Sepp,leader,EST", "not as many cells as the header has"),
        ("leaders", "leader/x,Katrin Sepp,leader,EST,,Sepp,01-10-2027,,,", "'01-10-2027' is not a date"),
        ("leaders", "leader/x,Katrin Sepp,leader,EST,,Sepp,,,Q1,", "a Wikidata id without its source"),
    ],
)
def test_a_line_that_is_no_row_is_told_with_its_place(
    file: str, line: str, fault: str, tmp_path: Path
) -> None:
    shutil.copytree(resources() / "kb", tmp_path / "kb")
    path = tmp_path / "kb" / f"{file}.csv"
    n_lines = len(path.read_text(encoding="utf-8").splitlines())
    path.write_text(path.read_text(encoding="utf-8") + line + "\n", encoding="utf-8")
    with pytest.raises(KnowledgeBaseError, match=rf"{file}\.csv line {n_lines + 1}.*{fault}"):
        load_kb(tmp_path / "kb")
