"""Train taggers on a GPU or CPU: teachers on the annotated sentences, students on the teachers' scores.

    python train.py --data .train --out OUT teachers --seeds 1 2 3
    python train.py --data .train --out OUT student --layers 6

Prints F1 on dev (exact span and label, without MISC, and with it) after every epoch; the last epoch is
kept, never the best on test. Test is scored only by `evaluate.py`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from network import Tagger, load_pretrained
from pretrained import Sizes

LABELS = ("PERSON", "NORP", "GPE", "LOC", "ORG", "MISC")
TAGS = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
PAD, UNKNOWN = 1, 3


@dataclass
class Part:
    """Sentences as arrays; `scores` are teachers' log probabilities by piece, where there are any."""

    ids: list[np.ndarray]
    tags: list[np.ndarray]
    scores: list[np.ndarray] | None = None

    def __add__(self, other: Part) -> Part:
        return Part(self.ids + other.ids, self.tags + other.tags)


def load(path: Path) -> Part:
    """A part written by dataset.py."""
    raw = np.load(path)
    ends = np.cumsum(raw["lengths"])[:-1]
    return Part(
        np.split(raw["ids"].astype(np.int64), ends), np.split(raw["tags"].astype(np.int64), ends)
    )  # fmt: skip


def load_encoder(data: Path) -> tuple[Sizes, dict[str, np.ndarray]]:
    """The pruned pretrained encoder."""
    raw = dict(np.load(data / "encoder.npz"))
    numbers = raw.pop("sizes")
    return Sizes(*(int(n) for n in numbers[:-1]), float(numbers[-1])), raw


def batches(part: Part, pieces: int, rng: np.random.Generator | None) -> Iterator[np.ndarray]:
    """Indices of sentences of like length, about `pieces` a batch; shuffled if there is a generator."""
    lengths = np.array([len(ids) for ids in part.ids])
    noise = rng.random(len(lengths)) * 6 if rng else 0
    order = np.argsort(lengths + noise, kind="stable")
    groups, start = [], 0
    while start < len(order):
        end = start + 1
        while end < len(order) and lengths[order[start : end + 1]].max() * (end + 1 - start) <= pieces:
            end += 1
        groups.append(order[start:end])
        start = end
    if rng:
        rng.shuffle(groups)
    yield from groups


def padded(rows: Sequence[np.ndarray], fill: float) -> Tensor:
    """Rows of unequal length as one tensor."""
    width = max(len(row) for row in rows)
    out = np.full((len(rows), width, *rows[0].shape[1:]), fill, dtype=rows[0].dtype)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return torch.from_numpy(out).to(DEVICE)


def spans(tags: Sequence[int]) -> set[tuple[int, int, str]]:
    """Names in a sequence of tag numbers; an I- after nothing of its kind begins a name."""
    found, start, label = set(), 0, ""
    for i, tag in enumerate([*(TAGS[t] for t in tags), "O"]):
        if label and tag != f"I-{label}":
            found.add((start, i, label))
            label = ""
        if tag != "O" and not label:
            start, label = i, tag[2:]
    return found


@torch.no_grad()
def predict(tagger: Tagger, part: Part) -> list[np.ndarray]:
    """Log probabilities of the tags, for every piece of every sentence."""
    tagger.eval()
    out: list[np.ndarray] = [np.empty(0)] * len(part.ids)
    for group in batches(part, 40_000 if DEVICE == "cuda" else 4000, None):
        ids = padded([part.ids[i] for i in group], PAD)
        scores = tagger(ids, (ids != PAD).long()).float().log_softmax(-1).cpu().numpy()
        for row, i in enumerate(group):
            out[i] = scores[row, : len(part.ids[i])]
    return out


def f1(part: Part, scores: Sequence[np.ndarray], *, misc: bool) -> float:
    """F1 of exact spans with label."""
    right = given = gold = 0
    for tags, logs in zip(part.tags, scores, strict=True):
        words = tags >= 0
        g, p = spans(tags[words]), spans(logs[words].argmax(-1))
        if not misc:
            g, p = ({s for s in x if s[2] != "MISC"} for x in (g, p))
        right, given, gold = right + len(g & p), given + len(p), gold + len(g)
    return 2 * right / max(1, given + gold)


def fit(
    tagger: Tagger,
    part: Part,
    checks: dict[str, Part],
    *,
    epochs: float,
    rate: float,
    seed: int,
    pieces: int,
    keep: Path | None = None,
) -> None:
    """Train in place: AdamW, 10 % warm-up, linear decay; no weight decay on biases and norms.

    The weights are written to `keep` after every epoch, so that a run that is cut short is not lost.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    plain = [p for n, p in tagger.named_parameters() if p.ndim < 2]
    heavy = [p for n, p in tagger.named_parameters() if p.ndim >= 2]
    optimiser = torch.optim.AdamW(
        [{"params": heavy, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=rate
    )
    per_epoch = sum(1 for _ in batches(part, pieces, rng))
    total = int(epochs * per_epoch)
    warm = total // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / max(1, warm), (total - s) / max(1, total - warm))
    )
    step, started = 0, time.time()
    while step < total:
        tagger.train()
        for group in batches(part, pieces, rng):
            ids = padded([part.ids[i] for i in group], PAD)
            mask = (ids != PAD).long()
            # Pieces hidden at random: the model must lean on context, not on known names alone.
            hidden = (torch.rand(ids.shape, device=DEVICE) < 0.04) & (ids > UNKNOWN)
            with torch.autocast(DEVICE, torch.bfloat16):
                scores = tagger(ids.masked_fill(hidden, UNKNOWN), mask).float()
            loss = _loss(scores, part, group)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(tagger.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            if step >= total:
                break
        figures = []
        for name, check in checks.items():
            logs = predict(tagger, check)
            figures.append(f"{name} {f1(check, logs, misc=False):.4f} / {f1(check, logs, misc=True):.4f}")
        if keep is not None:
            save_weights(tagger, keep)
        print(f"  step {step}/{total}  {time.time() - started:.0f} s  {'  '.join(figures)}", flush=True)


def _loss(scores: Tensor, part: Part, group: np.ndarray) -> Tensor:
    """Cross-entropy with the tags, or with the teachers' probabilities where there are any."""
    tags = padded([part.tags[i] for i in group], -1)
    if part.scores is None:
        return functional.cross_entropy(scores.transpose(1, 2), tags, ignore_index=-1, label_smoothing=0.05)
    soft = padded([part.scores[i] for i in group], 0.0).float().exp()
    words = tags >= 0
    return -(soft[words] * scores[words].log_softmax(-1)).sum(-1).mean()


def new_tagger(data: Path, layers: int) -> Tagger:
    """A tagger with pretrained weights: the first layers, evenly spaced, when it has fewer."""
    sizes, tensors = load_encoder(data)
    which = [round(i * (sizes.layers - 1) / (layers - 1)) for i in range(layers)]
    tagger = Tagger(sizes, len(TAGS), layers=layers)
    load_pretrained(tagger, tensors, which)
    return tagger.to(DEVICE)


def save_weights(tagger: Tagger, path: Path) -> None:
    """The weights as float16 arrays by name."""
    np.savez(path, **{name: value.half().cpu().numpy() for name, value in tagger.state_dict().items()})


def train_teachers(args: argparse.Namespace) -> list[Tagger]:
    """One tagger a seed, on annotated and swapped sentences."""
    part = load(args.data / "train.npz") + load(args.data / "swapped.npz")
    checks = {"dev": load(args.data / "dev.npz"), "news": load(args.data / "news_dev.npz")}
    teachers = []
    for seed in args.seeds:
        print(f"teacher {seed}: {args.layers} layers, {len(part.ids)} sentences", flush=True)
        torch.manual_seed(seed)
        tagger = new_tagger(args.data, args.layers)
        keep = args.out / f"tagger{args.layers}-seed{seed}.npz"
        fit(
            tagger, part, checks,
            epochs=args.epochs, rate=args.rate, seed=seed, pieces=args.pieces, keep=keep,
        )  # fmt: skip
        teachers.append(tagger)
    return teachers


def soften(part: Part, teachers: Sequence[Tagger]) -> Part:
    """The same sentences with the mean of the teachers' probabilities."""
    mean = [np.zeros(0)] * len(part.ids)
    for number, teacher in enumerate(teachers):
        for i, logs in enumerate(predict(teacher, part)):
            mean[i] = np.exp(logs) if number == 0 else mean[i] + np.exp(logs)
    scores = [np.log(m / len(teachers) + 1e-9).astype(np.float32) for m in mean]
    return Part(part.ids, part.tags, scores)


def main() -> None:
    """Teachers, then students of each size asked for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--students", type=int, nargs="*", default=[])
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--student-epochs", type=float, default=4)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--pieces", type=int, default=3000)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    teachers = train_teachers(args)
    checks = {"dev": load(args.data / "dev.npz"), "news": load(args.data / "news_dev.npz")}
    if len(teachers) > 1:
        for name, check in checks.items():
            logs = soften(check, teachers).scores or []
            print(f"together: {name} {f1(check, logs, misc=False):.4f} / {f1(check, logs, misc=True):.4f}")
    pool = (
        load(args.data / "train.npz") + load(args.data / "swapped.npz") + load(args.data / "unlabelled.npz")
    )
    taught = soften(pool, teachers) if args.students else pool
    for layers in args.students:
        print(f"student: {layers} layers, {len(taught.ids)} sentences", flush=True)
        torch.manual_seed(args.seeds[0])
        student = new_tagger(args.data, layers)
        fit(
            student, taught, checks,
            epochs=args.student_epochs, rate=args.rate, seed=args.seeds[0], pieces=args.pieces,
        )  # fmt: skip
        save_weights(student, args.out / f"tagger{layers}.npz")


if __name__ == "__main__":
    main()
