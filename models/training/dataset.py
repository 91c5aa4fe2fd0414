"""Sentences to arrays for training, and the pruned encoder that goes with them.

    python dataset.py --shared SHARED --encoder e5-small-q4.bin --tokenizer tokenizer.json --out .train

Writes encoder.npz (weights still packed, some 21 MB), tokenizer.json (the pieces that Dutch text needs) and
train/dev/test/unlabelled.npz. Data: our annotations of UD Dutch (train part), our own news sentences
and swapped copies of both. CoNLL-2002 and WikiNEuRal are never read here.
"""

from __future__ import annotations

import argparse
import csv
import dataclasses
import random
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from news import Swapper, read_news, swapped
from parts import MAX_PIECES
from pipeline.kb import load_kb
from pipeline.linking.aliases import build_index
from pipeline.recognition.encoder import LISTED_FILE, Features
from pipeline.recognition.features import NameFeatures
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.recognition.listed import ListedNames
from pipeline.standoff import (
    LABELS,
    Sentence,
    by_document,
    distinct_sentences,
    read_standoff,
    read_treebank,
    tags_of,
)
from pretrained import pruned_tokenizer, read_pretrained, used_pieces

HERE = Path(__file__).parent
TAGS = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
SEED = 20261121
#: Swapped copies of each sentence with a name; files of our own sentences by the beginning of their names.
COPIES = {"news": 2, "orgs": 1, "arts": 1}
#: Divided into train and dev by sentence, as the first trainings met them; the rest is by article.
BY_SENTENCE = ("news", "orgs")
TREEBANK_COPIES = 1


def encode(
    tokenizer: Tokenizer, sentences: Iterable[Sequence[str]]
) -> tuple[list[list[int]], list[list[int]]]:
    """Piece ids of each sentence with <s> and </s>, and the place of each word's first piece."""
    all_ids, all_firsts = [], []
    for words in sentences:
        ids, firsts = [0], []
        encoded = tokenizer.encode(list(words), is_pretokenized=True, add_special_tokens=False)
        pieces: list[list[int]] = [[] for _ in words]
        for piece, word in zip(encoded.ids, encoded.word_ids, strict=True):
            pieces[word].append(piece)
        for word_pieces in pieces:
            firsts.append(len(ids))
            ids.extend((word_pieces or [3])[:24])
        all_ids.append([*ids, 2])
        all_firsts.append(firsts)
    return all_ids, all_firsts


def save(
    path: Path, tokenizer: Tokenizer, features: Features, documents: Sequence[Sequence[Sentence]]
) -> None:
    """Arrays of one part: flat ids, features, tags (-1 where a piece has none), lengths, document numbers."""
    sentences = [sentence for document in documents for sentence in document]
    numbers = [number for number, document in enumerate(documents) for _ in document]
    ids, firsts = encode(tokenizer, [s.tokens for s in sentences])
    kept = [i for i, row in enumerate(ids) if len(row) <= MAX_PIECES]
    flat_tags: list[int] = []
    flat_features: list[int] = []
    for i in kept:
        at_piece = [0] * len(ids[i])
        bounds = [*firsts[i], len(ids[i]) - 1]
        for feature, start, end in zip(features(sentences[i].tokens), bounds[:-1], bounds[1:], strict=True):
            at_piece[start:end] = [feature] * (end - start)
        flat_features += at_piece
        tags = [-1] * len(ids[i])
        for at, tag in zip(firsts[i], tags_of(sentences[i]), strict=True):
            tags[at] = TAGS.index(tag)
        flat_tags += tags
    np.savez_compressed(
        path,
        ids=np.array([p for i in kept for p in ids[i]], dtype=np.uint16),
        tags=np.array(flat_tags, dtype=np.int8),
        features=np.array(flat_features, dtype=np.uint8),
        lengths=np.array([len(ids[i]) for i in kept], dtype=np.int32),
        documents=np.array([numbers[i] for i in kept], dtype=np.int32),
    )
    print(f"{path.name}: {len(kept)} sentences, {sum(len(ids[i]) for i in kept)} pieces")


def wikipedia(shared: Path) -> list[Sentence]:
    """Wikipedia sentences: WikiANN's text, without its labels."""
    parts = ("train", "val", "test")
    return [s for part in parts for s in read_treebank(shared / "data/wikiann" / f"{part}.conllu")]


def unlabelled(sentences: Iterable[Sentence], annotated: Iterable[Sentence]) -> list[Sentence]:
    """Of Wikipedia's sentences those for distillation: long enough, and not annotated by us."""
    known = {sentence.tokens for sentence in annotated}
    return [s for s in sentences if len(s.tokens) >= 6 and s.tokens not in known]


def vocabulary_texts(shared: Path) -> Iterable[str]:
    """Texts whose pieces the vocabulary keeps: what the shared data and the knowledge base contain."""
    data = shared / "data"
    for path in [*sorted((data / "ud").glob("*.conllu")), *sorted((data / "wikiann").glob("*.conllu"))]:
        yield from (" ".join(s.tokens) for s in read_treebank(path))
    yield from (data / "kb/nl_wikipedia_titles_2016.txt").read_text(encoding="utf-8").split("\n")
    yield from (data / "kb/opentaal_words.txt").read_text(encoding="utf-8").split("\n")


def always_kept() -> Iterable[str]:
    """Texts all of whose pieces stay: the names of the knowledge base, our sentences, single letters."""
    for path in sorted((HERE.parent / "kb").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                yield from (name for cell in row for name in cell.split("|"))
    for path in sorted((HERE / "news").glob("*.txt")):
        yield from (" ".join(s.tokens) for s in read_news(path))
    for path in sorted((HERE.parent.parent / "corpus").rglob("*.txt")):
        yield path.read_bytes().decode("utf-8", "ignore")
    letters = [chr(c) for c in (*range(33, 0x250), *range(0x1E00, 0x1F00), *range(0x2010, 0x2040), 0x20AC)]
    yield " ".join(letters) + " " + " ".join(f"a{letter}" for letter in letters)


def divided(
    own: Sequence[Sentence], *, by_sentence: bool
) -> tuple[list[list[Sentence]], list[list[Sentence]]]:
    """A tenth, drawn by seed, for dev, and the rest: of one sort, so that a new sort moves no other."""
    units = [[sentence] for sentence in own] if by_sentence else by_document(own)
    random.Random(SEED).shuffle(units)
    return units[: len(units) // 10], units[len(units) // 10 :]


def main() -> None:
    """Write everything."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for name in ("shared", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    for name in ("encoder", "tokenizer"):
        parser.add_argument(f"--{name}", type=Path, help="as the packages have it; not with --like")
    parser.add_argument("--like", type=Path, help="made before: its vocabulary, so that its taggers teach")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    if args.like:
        for name in ("tokenizer.json", "encoder.npz"):
            shutil.copyfile(args.like / name, args.out / name)
    else:
        write_vocabulary(args)
    write_parts(args, Tokenizer.from_file(str(args.out / "tokenizer.json")))


def write_vocabulary(args: argparse.Namespace) -> None:
    """The tokenizer and the pretrained encoder with the pieces that Dutch text needs."""
    full = Tokenizer.from_file(str(args.tokenizer))
    kept = set(used_pieces(full, vocabulary_texts(args.shared), at_least=3))
    kept |= set(used_pieces(full, always_kept(), at_least=1))
    order = sorted(kept)
    (args.out / "tokenizer.json").write_text(pruned_tokenizer(args.tokenizer, order), encoding="utf-8")
    sizes, tensors = read_pretrained(args.encoder)
    tensors["emb.word"] = tensors["emb.word"][order]
    sizes = dataclasses.replace(sizes, vocabulary=len(order))
    np.savez(args.out / "encoder.npz", sizes=np.array(dataclasses.astuple(sizes)), **tensors)
    print(f"vocabulary: {len(order)} pieces")


def write_parts(args: argparse.Namespace, tokenizer: Tokenizer) -> None:
    """The sentences as arrays."""
    treebanks = distinct_sentences(args.shared / "data/ud")
    parts = {
        part: read_standoff(HERE / "annotations" / f"{part}.tsv", treebanks)
        for part in ("train", "dev", "test")
    }
    kb = load_kb(HERE.parent / "kb")
    index = build_index(kb)
    known = NameFeatures(kb, index, Gazetteer(index, kb.titles))
    listed = ListedNames.read(HERE / LISTED_FILE)

    def features(words: Sequence[str]) -> list[int]:
        return listed.add(words, known.of(words))

    swapper = Swapper(kb, SEED)
    ours: list[list[Sentence]] = []
    treebank = by_document(parts["train"])
    copies = list(swapped(treebank, swapper, TREEBANK_COPIES))
    for name, n_copies in COPIES.items():
        own = [s for path in sorted((HERE / "news").glob(f"{name}_*.txt")) for s in read_news(path)]
        dev, train = divided(own, by_sentence=name in BY_SENTENCE)
        save(args.out / f"{name}_dev.npz", tokenizer, features, dev)
        articles = by_document(sentence for part in train for sentence in part)
        ours += articles
        copies += swapped(articles, swapper, n_copies)
    save(args.out / "dev.npz", tokenizer, features, by_document(parts["dev"]))
    save(args.out / "test.npz", tokenizer, features, by_document(parts["test"]))
    wiki = wikipedia(args.shared)
    chosen = read_standoff(HERE / "annotations" / "wikipedia.tsv", wiki)
    alone = [[sentence] for sentence in chosen]
    save(args.out / "train.npz", tokenizer, features, [*treebank, *alone, *ours])
    save(args.out / "swapped.npz", tokenizer, features, copies)
    save(args.out / "unlabelled.npz", tokenizer, features, [[s] for s in unlabelled(wiki, chosen)])


if __name__ == "__main__":
    main()
