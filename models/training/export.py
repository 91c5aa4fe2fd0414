"""Trained weights to the spaCy model folder that ships: ONNX with 8-bit weights, tokenizer, calibration.

    python export.py --data .train --weights OUT/tagger12.npz --shared ../../../shared --name nl_vermeld_news

The scores are calibrated on dev: the logit of a name's raw probability is scaled and shifted so
that of the names with score 0.8, eight in ten are right (Platt 1999).
"""

from __future__ import annotations

import argparse
import json
import math
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import spacy

from onnx_graph import Range, build
from parts import MAX_PIECES, Part, load, windows
from pipeline import __version__
from pipeline.recognition.article import share_within
from pipeline.recognition.encoder import LISTED_FILE, ONNX_FILE, SETTINGS_FILE, TOKENIZER_FILE, Encoder
from pipeline.recognition.encoder_component import shipped_features
from pipeline.standoff import Sentence, by_document, distinct_sentences, read_standoff

HERE = Path(__file__).parent
LABELS = ("PERSON", "NORP", "GPE", "LOC", "ORG", "MISC")
TAGS = ["O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI")]
HEADS, EPSILON = 12, 1e-12
#: See pipeline.recognition.article; chosen on dev and on our own articles among 0 to 0.9.
ARTICLE = 0.4
#: Windows of train that show what range the inputs of the linear layers have.
CALIBRATION, SEED = 600, 1


def mean_weights(paths: Sequence[Path], shares: Sequence[float]) -> dict[str, np.ndarray]:
    """The mean of trainings of which one went on from the other (Wortsman et al. 2022, "model soups")."""
    trainings = [np.load(path) for path in paths]
    return {
        name: sum(
            share * training[name].astype(np.float32)
            for share, training in zip(shares, trainings, strict=True)
        )
        for name in trainings[0]
    }


def input_ranges(arrays: dict[str, np.ndarray], layers: int, train: Part) -> list[Range]:
    """What the linear layers of the encoder meet in a sample of train."""
    model = build(arrays, layers=layers, heads=HEADS, epsilon=EPSILON)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    seen: list[Range] | None = None
    sample = np.random.default_rng(SEED).permutation(len(train.ids))[:CALIBRATION]
    for i in sample:
        ids, features = train.ids[i][None], train.features[i][None]
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "features": features}
        here = [Range(x[0].min(0), x[0].max(0)) for x in session.run(None, inputs)[1:]]
        seen = here if seen is None else [a | b for a, b in zip(seen, here, strict=True)]
    if seen is None:
        raise ValueError("no sentences to calibrate with")
    return seen


def export_weights(arrays: dict[str, np.ndarray], data: Path, folder: Path) -> None:
    """Write model.onnx, tokenizer.json, organisations.txt and uncalibrated settings.json into `folder`."""
    layers = 1 + max(int(name.split(".")[1]) for name in arrays if name.startswith("layers."))
    ranges = input_ranges(arrays, layers, windows(load(data / "train.npz")))
    model = build(arrays, layers=layers, heads=HEADS, epsilon=EPSILON, ranges=ranges)
    (folder / ONNX_FILE).write_bytes(model.SerializeToString())
    tokenizer = json.loads((data / TOKENIZER_FILE).read_text(encoding="utf-8"))
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (folder / TOKENIZER_FILE).write_text(text, encoding="utf-8")
    shutil.copyfile(HERE / LISTED_FILE, folder / LISTED_FILE)
    write_settings(folder, 1.0, 0.0)


def write_settings(folder: Path, scale: float, shift: float) -> None:
    """Write settings.json."""
    settings = {
        "tags": TAGS,
        "scale": round(scale, 4),
        "shift": round(shift, 4),
        "max_pieces": MAX_PIECES,
        "article": ARTICLE,
    }
    (folder / SETTINGS_FILE).write_text(json.dumps(settings, indent=1) + "\n", encoding="utf-8")


def scored(folder: Path, sentences: list[Sentence]) -> list[tuple[float, bool]]:
    """Score and rightness of every name that the model finds."""
    encoder = Encoder(folder, shipped_features())
    rows = []
    for own in by_document(sentences):
        words = [sentence.tokens for sentence in own]
        (read,) = encoder.probabilities([words])
        mixed = share_within(words, read, encoder.settings.article, encoder.decoder.inside)
        for sentence, probabilities in zip(own, mixed, strict=True):
            gold = {(n.start, n.end, n.label) for n in sentence.names}
            names = encoder.decoder.names(probabilities)
            rows += [(n.score, (n.start, n.end, n.label) in gold) for n in names]
    return rows


def calibrate(rows: list[tuple[float, bool]]) -> tuple[float, float]:
    """Scale and shift of the logit that make the scores most likely, by gradient descent."""
    odds = np.array([math.log(p / max(1 - p, 1e-7)) for p, _ in rows])
    right = np.array([float(r) for _, r in rows])
    scale, shift = 1.0, 0.0
    for _ in range(5000):
        error = 1 / (1 + np.exp(-(scale * odds + shift))) - right
        scale -= 0.02 * float((error * odds).mean())
        shift -= 0.02 * float(error.mean())
    return scale, shift


def calibration_error(rows: list[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error over bins of equal size."""
    ordered = sorted(rows)
    parts = [part for part in np.array_split(np.array(ordered, dtype=float), bins) if len(part)]
    return float(sum(len(p) * abs(p[:, 0].mean() - p[:, 1].mean()) for p in parts) / len(rows))


def main() -> None:
    """Export, calibrate, package."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("data", "shared"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument(
        "--weights", type=Path, nargs="+", required=True, help="of one training, or of several"
    )
    parser.add_argument("--shares", type=float, nargs="*", default=[1.0], help="of each in the mean")
    parser.add_argument("--name", required=True)
    args = parser.parse_args()
    package = HERE.parent / args.name
    nlp = spacy.blank("nl")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("vermeld_ner")
    nlp.meta |= {
        "name": args.name.removeprefix("nl_"),
        "version": __version__,
        "description": "Names in Dutch and Flemish news; see models/README.md",
        "license": "CC BY-SA 4.0",
        "author": "The Vermeld developers",
    }
    nlp.to_disk(package)
    folder = package / "vermeld_ner"
    folder.mkdir(exist_ok=True)
    export_weights(mean_weights(args.weights, args.shares), args.data, folder)
    treebanks = distinct_sentences(args.shared / "data/ud")
    dev = read_standoff(HERE / "annotations/dev.tsv", treebanks)
    before = scored(folder, dev)
    scale, shift = calibrate(before)
    write_settings(folder, scale, shift)
    test = read_standoff(HERE / "annotations/test.tsv", treebanks)
    errors = [calibration_error(rows) for rows in (before, scored(folder, dev), scored(folder, test))]
    print("calibration error: dev {:.4f} before, {:.4f} after; test {:.4f}".format(*errors))


if __name__ == "__main__":
    main()
