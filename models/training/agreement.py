"""How far our annotation agrees with people: CoNLL-2002 `ned.testa`, annotated with its tags hidden.

    python agreement.py --shared SHARED

Prints precision, recall and F1 of our names against the human ones on PER, LOC (GPE and LOC) and ORG; names
on human MISC are left aside, since the schemes differ there.
"""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from pipeline.evaluate import as_conll, conll_sentences, score
from pipeline.standoff import read_standoff

HERE = Path(__file__).parent
THREE = ("PER", "LOC", "ORG")


def main() -> None:
    """Compare."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--shared", type=Path, required=True)
    args = parser.parse_args()
    read = conll_sentences(args.shared / "data/conll2002/ned.testa")
    human = [dataclasses.replace(s, sentence_id=str(number)) for number, s in enumerate(read, start=1)]
    ours = read_standoff(HERE / "annotations" / "ned_testa.tsv", human)
    by_id = {sentence.sentence_id: sentence for sentence in human}
    gold, found = as_conll([by_id[s.sentence_id].names for s in ours], [s.names for s in ours])
    print(f"{len(ours)} sentences")
    for label, scores in score(gold, found, THREE).items():
        print(f"{label:4} P {scores.precision:.3f}  R {scores.recall:.3f}  F1 {scores.f1:.4f}")


if __name__ == "__main__":
    main()
