"""Stage recognise: `articles`, `segments` and `repairs` to `mentions`, not yet linked.

The only stage that imports spaCy. Each segment is read by itself, so that no sentence runs from a
title into the body; the names of the knowledge base are added to what the model finds.
"""

from __future__ import annotations

import hashlib
import importlib.util
import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.offsets import Alignment, alignments_of
from pipeline.recognition.edges import Found
from pipeline.recognition.encoder import Features
from pipeline.recognition.encoder_component import SCORES
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.recognition.spans import reconcile
from pipeline.schemas import Label, LinkReason, Recogniser, table_from_rows
from pipeline.settings import resources

Row = dict[str, Any]

#: nl_core_news_* and other models with the labels of OntoNotes; what is missing is dropped.
ONTONOTES = {
    "PERSON": Label.PERSON, "NORP": Label.NORP, "GPE": Label.GPE, "LOC": Label.LOC,
    "FAC": Label.LOC, "ORG": Label.ORG, "EVENT": Label.MISC, "LAW": Label.MISC,
    "LANGUAGE": Label.MISC, "PRODUCT": Label.MISC, "WORK_OF_ART": Label.MISC, "MISC": Label.MISC,
}  # fmt: skip
#: Models with the labels of CoNLL-2002; they call countries LOC and nationalities MISC.
CONLL = {"PER": Label.PERSON, "LOC": Label.LOC, "ORG": Label.ORG, "MISC": Label.MISC}
#: Components that can find names or sentences, or that feed those.
_NEEDED = {
    "tok2vec", "transformer", "ner", "beam_ner", "entity_ruler", "span_ruler",
    "senter", "sentencizer", "vermeld_ner",
}  # fmt: skip
#: Words of a sentence in capitals that may still be a name by itself: "UNITED NATIONS".
_MAX_CAPITALS = 3
#: Share of the gazetteer's hits that are right, measured on our annotated train and dev sentences.
KB_SCORES = {Label.PERSON: 0.85, Label.NORP: 0.76, Label.GPE: 0.86, Label.LOC: 0.81, Label.ORG: 0.94}
#: The name of "no model": the names of the knowledge base alone, at many times the speed.
KB_ONLY = "kb"
#: The release that `make model` installs.
NL_CORE_NEWS_LG = "3.8.0"


class ModelError(RuntimeError):
    """A model is not there or cannot be used; the message says what to do."""


@dataclass(frozen=True, slots=True)
class InSentence:
    """A name of a segment with the number and text of its sentence."""

    name: Found
    sentence: int
    sentence_text: str


@dataclass(frozen=True)
class Recognition:
    """A loaded model with the names of the knowledge base.

    Attributes:
        name: the model's name and version, as it stands in `mentions.model`.
        fingerprint: SHA-256 over its files, as hexadecimal digits.
        precision: by the model's own label, on its makers' test set; scores of models without any.
    """

    nlp: Language
    labels: dict[str, Label]
    gazetteer: Gazetteer
    name: str
    fingerprint: str
    precision: dict[str, float]


def load_recogniser(
    model: str, gazetteer: Gazetteer, *, features: Features | None = None, threads: int = 0
) -> Recognition:
    """The model called `model`: an embedded one, an installed package, a folder, or "kb" for none.

    Args:
        model: its name or path.
        gazetteer: finds the names of the knowledge base.
        features: what that knowledge base says of words, for the embedded model; else the one that ships.
        threads: of the embedded model; 0 for all cores.

    Raises:
        ModelError: there is no such model, it cannot be loaded, or it knows no label we do.
    """
    if model == KB_ONLY:
        nlp = spacy.blank("nl")
        nlp.add_pipe("sentencizer")
        return Recognition(nlp, {}, gazetteer, KB_ONLY, "", {})
    nlp = _load(model, threads)
    if features and nlp.has_pipe("vermeld_ner"):
        nlp.get_pipe("vermeld_ner").use_features(features)  # type: ignore[attr-defined]
    given = {label for name in nlp.pipe_names for label in nlp.pipe_labels.get(name, [])}
    labels = CONLL if "PER" in given else ONTONOTES
    if not given & labels.keys():
        raise ModelError(f"model {model} finds no names: its labels are {sorted(given) or 'none'}")
    if not {"senter", "sentencizer"} & set(nlp.pipe_names):
        nlp.add_pipe("sentencizer", first=True)
    meta = nlp.meta
    per_type = (meta.get("performance") or {}).get("ents_per_type") or {}
    return Recognition(
        nlp=nlp,
        labels=labels,
        gazetteer=gazetteer,
        name=f"{meta['lang']}_{meta['name']}-{meta['version']}",
        fingerprint=_fingerprint(nlp),
        precision={label: float(scores["p"]) for label, scores in per_type.items()},
    )


def _fingerprint(nlp: Language) -> str:
    """SHA-256 over the model's files, in the order of their names."""
    digest = hashlib.sha256()
    folder = nlp.path
    if folder is not None:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _load(model: str, threads: int) -> Language:
    embedded = resources() / model
    path = embedded if (embedded / "config.cfg").is_file() else Path(model)
    is_folder = (path / "config.cfg").is_file()
    if not is_folder and not _is_installed(model):
        raise ModelError(_missing(model))
    try:
        ours = is_folder and "[components.vermeld_ner]" in (path / "config.cfg").read_text(encoding="utf-8")
        config = {"components": {"vermeld_ner": {"threads": threads}}} if ours else {}
        nlp = spacy.load(path if is_folder else model, config=config)
    except Exception as error:  # spaCy, tokenizers and onnxruntime each raise their own for a broken file
        raise ModelError(f"model {model} cannot be loaded: {error}") from error
    # senter is there but off in nl_core_news_*, where the much slower parser finds the sentences.
    if "senter" in nlp.disabled:
        nlp.enable_pipe("senter")
    for name in nlp.pipe_names:
        if name not in _NEEDED:
            nlp.remove_pipe(name)
    return nlp


def _is_installed(model: str) -> bool:
    """Whether a package of that name can be imported; a path ("./model", "model.v2") is none."""
    name = model.replace("-", "_")
    return name.isidentifier() and importlib.util.find_spec(name) is not None


def _missing(model: str) -> str:
    if model == "nl_core_news_lg":
        return (
            "model nl_core_news_lg is not installed. Its makers publish it as a release file, on no "
            f"package registry: `make model` installs the pinned release {NL_CORE_NEWS_LG}. Or leave "
            "MODEL out: the embedded model needs no download."
        )
    return (
        f"no model {model!r}: it is neither embedded (folders of {resources()}), nor installed, nor "
        "a folder. Install it with pip, or leave MODEL out to use the embedded model."
    )


def recognise(
    articles: pa.Table,
    segments: pa.Table,
    repairs: pa.Table,
    *,
    recogniser: Recognition,
    batch_size: int = 1024,
    progress: Callable[[int, int], None] | None = None,
) -> pa.Table:
    """The table `mentions`, with `link_reason` nil.

    Args:
        articles: as `clean` gives them.
        segments: likewise.
        repairs: likewise.
        recogniser: see `load_recogniser`.
        batch_size: segments a model sees at once.
        progress: called with (segments done, segments in all).
    """
    by_article = {row["article_id"]: row for row in articles.to_pylist()}
    kept = [row for row in segments.to_pylist() if row["start"] is not None]
    texts = [by_article[s["article_id"]]["text"][s["start"] : s["end"]] for s in kept]
    alignments = alignments_of(segments, repairs)
    rows: list[Row] = []
    numbers: defaultdict[str, itertools.count[int]] = defaultdict(itertools.count)
    sentences: defaultdict[str, int] = defaultdict(int)
    found = _find(texts, recogniser, batch_size)
    for done, (segment, (names, n_sentences)) in enumerate(zip(kept, found, strict=True), start=1):
        article = by_article[segment["article_id"]]
        rows.extend(
            _row(
                name,
                segment,
                article,
                alignments[segment["article_id"]],
                number=next(numbers[segment["article_id"]]),
                first_sentence=sentences[segment["article_id"]],
                model=recogniser.name,
            )
            for name in names
        )
        sentences[segment["article_id"]] += n_sentences
        if progress:
            progress(done, len(kept))
    return table_from_rows("mentions", rows)


def _find(
    texts: list[str], recogniser: Recognition, batch_size: int
) -> Iterator[tuple[list[InSentence], int]]:
    """For each text its names and its number of sentences; equal texts are read once."""
    distinct = list(dict.fromkeys(texts))
    known: dict[str, tuple[list[InSentence], int]] = {}
    docs = zip(distinct, recogniser.nlp.pipe(distinct, batch_size=batch_size), strict=True)
    for text in texts:
        while text not in known:
            fresh, doc = next(docs)
            known[fresh] = (_names(doc, recogniser), len(list(doc.sents)))
        yield known[text]


def _names(doc: Doc, recogniser: Recognition) -> list[InSentence]:
    """The names of a segment, and the compounds that are roles, with their sentences."""
    # A model that goes by capitals is lost in a headline of capitals: "POETIN DREIGT MET RAKETTEN".
    shouted = [(s.start_char, s.end_char) for s in doc.sents if s.text.isupper() and len(s) > _MAX_CAPITALS]
    model = [
        Found(ent.start_char, ent.end_char, label, _score(ent, recogniser), Recogniser.MODEL)
        for ent in doc.ents
        if (label := recogniser.labels.get(ent.label_)) is not None
        and not any(start <= ent.start_char < end for start, end in shouted)
    ]
    found = reconcile(doc.text, model, recogniser.gazetteer, KB_SCORES)
    for start, end in recogniser.gazetteer.find_roles(doc.text):
        if not any(f.start < end and start < f.end for f in found):
            found.append(Found(start, end, Label.ROLE, 1.0, Recogniser.KB))
    sentences = [(s.start_char, s.end_char) for s in doc.sents]
    return [
        InSentence(name, *_sentence(name.start, sentences, doc.text))
        for name in sorted(found, key=lambda f: f.start)
    ]


def _score(ent: Span, recogniser: Recognition) -> float:
    """The model's probability; without one, its precision on its makers' test set, else 0.5."""
    scores = ent.doc.user_data.get(SCORES)
    if scores is not None:
        return float(scores[ent.start, ent.end])
    return recogniser.precision.get(ent.label_, 0.5)


def _sentence(start: int, sentences: list[tuple[int, int]], text: str) -> tuple[int, str]:
    number = next((i for i, s in enumerate(sentences) if s[0] <= start < s[1]), 0)
    low, high = sentences[number]
    return number, text[low:high].strip()


def _row(
    found: InSentence,
    segment: Row,
    article: Row,
    alignment: Alignment,
    *,
    number: int,
    first_sentence: int,
    model: str,
) -> Row:
    name = found.name
    shift = segment["start"]
    start, end = name.start + shift, name.end + shift
    raw_start, raw_end = alignment.to_source(start, end)
    return {
        "article_id": article["article_id"],
        "source": article["source"],
        "mention": number,
        "start": start,
        "end": end,
        "raw_start": raw_start,
        "raw_end": raw_end,
        "text": article["text"][start:end],
        "label": name.label.value,
        "zone": segment["zone"],
        "sentence": first_sentence + found.sentence,
        "sentence_text": found.sentence_text,
        "score": name.score,
        "recogniser": name.recogniser.value,
        "link_reason": LinkReason.NIL.value,
        "published": article["published"],
        "story_id": article["story_id"],
        "model": model,
    }
