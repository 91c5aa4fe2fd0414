"""A little knowledge base in a folder, and little corpora: runs over them take a moment."""

from __future__ import annotations

import copy
import csv
import hashlib
import random
from pathlib import Path

Rows = dict[str, list[dict[str, str]]]

_COLUMNS = {
    "countries": "entity_id name iso3 iso2 aliases weak_aliases adjectives inhabitants capital seat start end wikidata wikidata_source",
    "places": "entity_id name label country type aliases weak_aliases adjectives inhabitants wikidata wikidata_source",
    "organisations": "entity_id name country type aliases weak_aliases adjectives start end wikidata wikidata_source",
    "leaders": "entity_id name kind country aliases weak_aliases born died wikidata wikidata_source",
    "offices": "role of rank holder start end source",
    "roles": "role titles kind",
    "memberships": "organisation member start end",
}
_KB: Rows = {
    "countries": [
        {"entity_id": "country/RUS", "name": "Rusland", "iso3": "RUS", "adjectives": "Russisch",
         "inhabitants": "Rus|Russen", "capital": "place/moskou"},
        {"entity_id": "country/FRA", "name": "Frankrijk", "iso3": "FRA", "adjectives": "Frans",
         "inhabitants": "Fransman|Fransen", "capital": "place/parijs"},
        {"entity_id": "country/POL", "name": "Polen", "iso3": "POL", "adjectives": "Pools"},
    ],
    "places": [
        {"entity_id": "place/moskou", "name": "Moskou", "label": "GPE", "country": "RUS", "type": "city"},
        {"entity_id": "place/parijs", "name": "Parijs", "label": "GPE", "country": "FRA", "type": "city"},
    ],
    "organisations": [
        {"entity_id": "org/navo", "name": "NAVO", "type": "alliance", "weak_aliases": "Bondgenootschap"},
        {"entity_id": "org/kremlin", "name": "Kremlin", "country": "RUS", "type": "body"},
    ],
    "leaders": [
        {"entity_id": "leader/poetin", "name": "Vladimir Poetin", "kind": "leader", "country": "RUS",
         "aliases": "Poetin"},
        {"entity_id": "leader/macron", "name": "Emmanuel Macron", "kind": "leader", "country": "FRA",
         "weak_aliases": "Macron"},
        {"entity_id": "leader/tusk", "name": "Donald Tusk", "kind": "leader", "country": "POL",
         "aliases": "Tusk"},
    ],
    "offices": [
        {"role": "president", "of": "country/RUS", "rank": "head_of_state", "holder": "leader/poetin",
         "start": "2012-05-07", "source": "test"},
        {"role": "president", "of": "country/FRA", "rank": "head_of_state", "holder": "leader/macron",
         "start": "2017-05-14", "source": "test"},
    ],
    "roles": [
        {"role": "president", "titles": "president|presidente", "kind": "state"},
        {"role": "premier", "titles": "premier|minister-president", "kind": "state"},
        {"role": "chef", "titles": "chef", "kind": "other"},
    ],
    "memberships": [{"organisation": "org/navo", "member": "country/FRA", "start": "1949-04-04"}],
}  # fmt: skip
_SENTENCES = (
    "De Russische president Vladimir Poetin sprak dinsdag in Moskou over de oogst van dit jaar.",
    "Emmanuel Macron vertrok daarna met de trein naar Parijs, waar het nog altijd regende.",
    "De premier van Polen, Donald Tusk, wilde daar gisteren niets over zeggen.",
    "Volgens het Kremlin blijft het akkoord met de NAVO tot het einde van de maand gelden.",
    "De gemeente wil de brug over de rivier volgend jaar laten vervangen door een tunnel.",
    "Op de markt in het dorp stonden woensdag weer meer kramen dan in de zomer.",
    "Frankrijk en Rusland wisselden brieven uit, zo heeft de president laten weten.",
    "De boeren vrezen dat de prijs van het graan in het voorjaar opnieuw zal dalen.",
    "Poetin en Macron belden zondag ruim een uur met elkaar, meldt een Franse krant.",
    "Het museum opent zaterdag een tentoonstelling over schepen uit de achttiende eeuw.",
)


def kb_rows() -> Rows:
    """The rows of the little knowledge base by file, to be changed."""
    return copy.deepcopy(_KB)


def write_kb(folder: Path, rows: Rows | None = None) -> Path:
    """The files of a knowledge base in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, columns in _COLUMNS.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns.split(), restval="")
            writer.writeheader()
            writer.writerows((rows or _KB)[name])
    return folder


def article(number: int, *, sentences: int = 6) -> str:
    """A Dutch article; each number gives another, and the same one every time."""
    rng = random.Random(number)
    body = " ".join(rng.choice(_SENTENCES) for _ in range(sentences))
    return f"{1 + number % 28} maart {2021 + number % 3}\nBericht nummer {number} uit het dorp\n\n{body}\n"


def fill(corpus: Path, numbers: range) -> Path:
    """Files of articles, in folders of a hundred."""
    for number in numbers:
        path = corpus / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article(number), encoding="utf-8")
    return corpus


def tables(out: Path) -> dict[str, str]:
    """The digest of each table's file, single files and those of folders."""
    found = [
        p for p in out.rglob("*.parquet") if not any(q.startswith(".") for q in p.relative_to(out).parts)
    ]
    return {p.relative_to(out).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(found)}
