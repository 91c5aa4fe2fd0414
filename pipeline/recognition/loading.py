"""Loads what finds names: the embedded model, an installed or own spaCy model, or none.

In: a model's name or path. Out: a `Recognition`, the same for all of them: its labels are ours.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.recognition.encoder import Features
from pipeline.recognition.encoder_component import Entity, VermeldNer
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.schemas import Label
from pipeline.settings import resources

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
#: The name of "no model": the names of the knowledge base alone, at many times the speed.
KB_ONLY = "kb"
#: The release that `make model` installs.
NL_CORE_NEWS_LG = "3.8.0"


class ModelError(RuntimeError):
    """A model is not there or cannot be used; the message says what to do."""


@dataclass(frozen=True)
class Recognition:
    """A loaded model with the names of the knowledge base.

    Attributes:
        name: the model's name and version, as it stands in `mentions.model`.
        fingerprint: SHA-256 over its files, as hexadecimal digits.
        precision: by the model's own label, on its makers' test set; scores of models without any.
        embedded: the component that reads parts of articles together, where the model has it.
    """

    nlp: Language
    labels: dict[str, Label]
    gazetteer: Gazetteer
    name: str
    fingerprint: str
    precision: dict[str, float]
    embedded: VermeldNer | None = None

    def entities(self, articles: Sequence[Sequence[Doc]]) -> list[list[list[Entity]]]:
        """The names, in tokens and with the model's own labels, in each document of each article.

        An article may be one document or several, its parts.

        Only the embedded model knows of articles. Its scores are probabilities; without any, a name's score
        is its model's precision on its makers' test set, else 0.5.
        """
        found = [[self._set(doc) for doc in docs] for docs in articles]
        if self.embedded is None:
            return found
        return [
            [_together(own, read) for own, read in zip(*of_one, strict=True)]
            for of_one in zip(found, self.embedded.in_articles(articles), strict=True)
        ]

    def _set(self, doc: Doc) -> list[Entity]:
        return [Entity(e.start, e.end, e.label_, self.precision.get(e.label_, 0.5)) for e in doc.ents]


def _together(own: Sequence[Entity], read: Sequence[Entity]) -> list[Entity]:
    """Names of other components of the pipeline, as an entity_ruler, go before those of the encoder."""
    free = (e for e in read if not any(e.start < o.end and o.start < e.end for o in own))
    return sorted([*own, *free])


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
    embedded = next((pipe for _, pipe in nlp.pipeline if isinstance(pipe, VermeldNer)), None)
    if embedded:
        embedded.read_in_parts()
        if features:
            embedded.use_features(features)
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
        embedded=embedded,
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
