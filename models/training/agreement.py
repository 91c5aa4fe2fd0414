"""How far our annotation agrees with people: CoNLL-2002 `ned.testa`, annotated with its tags hidden.

    python agreement.py --shared SHARED

Prints precision, recall and F1 of our names against the human ones on PER, LOC (GPE and LOC) and ORG; names
on human MISC are left aside, since the schemes differ there.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from pipeline.evaluate import as_conll, score
from pipeline.standoff import Name, Sentence, read_standoff

HERE = Path(__file__).parent
THREE = ("PER", "LOC", "ORG")


def read_conll(path: Path) -> Iterator[Sentence]:
    """The sentences of a CoNLL-2002 file with its names, numbered from 1."""
    rows: list[tuple[str, str]] = []
    number = 0
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.startswith("-DOCSTART"):
            continue
        if line.strip():
            columns = line.split()
            rows.append((columns[0], columns[-1]))
        elif rows:
            number += 1
            tokens, tags = zip(*rows, strict=True)
            yield Sentence(path.name, str(number), tokens, tuple(names_of(tags)))
            rows = []


def names_of(tags: tuple[str, ...]) -> Iterator[Name]:
    """The names in a sequence of BIO tags, with our label for people."""
    start = 0
    for end in range(1, len(tags) + 1):
        if end == len(tags) or not tags[end].startswith("I-"):
            if tags[start] != "O":
                yield Name(start, end, tags[start][2:].replace("PER", "PERSON"))
            start = end


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True)
    args = parser.parse_args()
    human = list(read_conll(args.shared / "data/conll2002/ned.testa"))
    ours = read_standoff(HERE / "annotations" / "ned_testa.tsv", human)
    by_id = {sentence.sentence_id: sentence for sentence in human}
    gold, found = as_conll([by_id[s.sentence_id].names for s in ours], [s.names for s in ours])
    print(f"{len(ours)} sentences")
    for label, scores in score(gold, found, THREE).items():
        print(f"{label:4} P {scores.precision:.3f}  R {scores.recall:.3f}  F1 {scores.f1:.4f}")


if __name__ == "__main__":
    main()
