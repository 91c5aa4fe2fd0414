"""Train a tagger on a GPU or CPU: on annotated sentences, and on a teacher's reading of unlabelled ones.

Consecutive sentences of a document are read together, in windows that are cut anew in every epoch.

    python train.py --data .train --out OUT --epochs 6
    python train.py --data .train --out OUT2 --epochs 3 --teacher OUT/tagger12-seed1.npz
    python train.py --data .train --out OUT3 --layers 3 --epochs 6 --teacher OUT2/tagger12-seed1.npz

Prints F1 on dev (exact span and label, without MISC, and with it) after every epoch; the last epoch is
kept. Test is scored only by `vermeld evaluate`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from network import Tagger, load_pretrained
from parts import Part, batches, load, windows
from pretrained import Sizes

LABELS = ("PERSON", "NORP", "GPE", "LOC", "ORG", "MISC")
TAGS = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
PAD, UNKNOWN = 1, 3


def load_encoder(data: Path) -> tuple[Sizes, dict[str, np.ndarray]]:
    """The pruned pretrained encoder."""
    raw = dict(np.load(data / "encoder.npz"))
    numbers = raw.pop("sizes")
    return Sizes(*(int(n) for n in numbers[:-1]), float(numbers[-1])), raw


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
        features = padded([part.features[i] for i in group], 0)
        scores = tagger(ids, (ids != PAD).long(), features).float().log_softmax(-1).cpu().numpy()
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
        [{"params": heavy, "weight_decay": 0.01}, {"params": plain, "weight_decay": 0.0}], lr=rate, fused=True
    )
    # Windows are cut anew in every epoch, into about as many batches.
    per_epoch = sum(1 for _ in batches(windows(part, rng), pieces, rng))
    total = int(epochs * per_epoch)
    warm = total // 10
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda s: min((s + 1) / max(1, warm), (total - s) / max(1, total - warm))
    )
    step, started = 0, time.time()
    while step < total:
        tagger.train()
        epoch = windows(part, rng)
        for group in batches(epoch, pieces, rng):
            ids = padded([epoch.ids[i] for i in group], PAD)
            mask = (ids != PAD).long()
            # Pieces hidden at random: the model must lean on context, not on known names alone.
            hidden = (torch.rand(ids.shape, device=DEVICE) < 0.04) & (ids > UNKNOWN)
            features = padded([epoch.features[i] for i in group], 0)
            forget = torch.tensor([epoch.forget[i] for i in group], device=DEVICE)
            features = features * (torch.rand(len(group), device=DEVICE) >= forget).long()[:, None]
            with torch.autocast(DEVICE, torch.bfloat16):
                scores = tagger(ids.masked_fill(hidden, UNKNOWN), mask, features).float()
            loss = _loss(scores, epoch, group)
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
    """Cross-entropy with the gold tags, or with the teacher's probabilities where there are any."""
    tags = padded([part.tags[i] for i in group], -1)
    words = tags >= 0
    hard = functional.one_hot(tags.clamp(min=0), len(TAGS)).float()
    soft = padded([_as_array(part.scores[i], len(part.ids[i])) for i in group], 0.0)
    taught = torch.tensor([part.scores[i] is not None for i in group], device=DEVICE)[:, None, None]
    target = torch.where(taught, soft.float().exp(), 0.95 * hard + 0.05 / len(TAGS))
    return -(target[words] * scores[words].log_softmax(-1)).sum(-1).mean()


def _as_array(scores: np.ndarray | None, pieces: int) -> np.ndarray:
    return np.zeros((pieces, len(TAGS)), dtype=np.float32) if scores is None else scores


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


def soften(part: Part, teachers: Sequence[Tagger]) -> Part:
    """The same sentences with the mean of the teachers' probabilities for tags."""
    read = [predict(teacher, part) for teacher in teachers]
    means = [np.mean([np.exp(logs) for logs in rows], axis=0) for rows in zip(*read, strict=True)]
    scores = [np.log(mean + 1e-9).astype(np.float32) for mean in means]
    return Part(part.documents, part.ids, part.tags, part.features, part.forget, list(scores))


def load_tagger(data: Path, weights: Path) -> Tagger:
    """A trained tagger; features that it never saw count as nothing."""
    arrays = {name: torch.from_numpy(value).float() for name, value in np.load(weights).items()}
    layers = 1 + max(int(name.split(".")[1]) for name in arrays if name.startswith("layers."))
    tagger = new_tagger(data, layers)
    nn.init.zeros_(tagger.feature.weight)
    if "feature.weight" in arrays:
        unseen = tagger.feature.weight.shape[0] - arrays["feature.weight"].shape[0]
        arrays["feature.weight"] = functional.pad(arrays["feature.weight"], (0, 0, 0, unseen))
    tagger.load_state_dict(arrays, strict=False)
    return tagger


def main() -> None:
    """One tagger, taught by gold and, with --teacher, by another's reading of unlabelled text."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--pieces", type=int, default=1500)
    parser.add_argument("--teacher", type=Path, nargs="*", help="weights of taggers; their mean teaches")
    parser.add_argument("--start", type=Path, help="weights to go on from, instead of the pretrained ones")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    # In swapped copies nearly every name is in the list: half of them must be read without it.
    part = load(args.data / "train.npz", forget=0.1) + load(args.data / "swapped.npz", forget=0.5)
    if args.teacher:
        unlabelled = load(args.data / "unlabelled.npz", forget=0.1)
        part += soften(unlabelled, [load_tagger(args.data, path) for path in args.teacher])
    checks = {
        name: windows(load(args.data / f"{name}.npz")) for name in ("dev", "news_dev", "orgs_dev", "arts_dev")
    }
    print(f"{args.layers} layers, seed {args.seed}, {len(part.ids)} sentences", flush=True)
    torch.manual_seed(args.seed)
    tagger = load_tagger(args.data, args.start) if args.start else new_tagger(args.data, args.layers)
    keep = args.out / f"tagger{args.layers}-seed{args.seed}.npz"
    fit(
        tagger, part, checks,
        epochs=args.epochs, rate=args.rate, seed=args.seed, pieces=args.pieces, keep=keep,
    )  # fmt: skip


if __name__ == "__main__":
    main()
