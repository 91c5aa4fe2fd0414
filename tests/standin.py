"""A stand-in for nl_core_news_lg: a package of that name, with its components and labels, tiny weights.

The real one is on no package registry; this proves the way the pipeline loads and uses it.
"""

from __future__ import annotations

import json
from pathlib import Path

import spacy
from spacy.training import Example
from thinc.api import fix_random_seed

#: The components and entity labels of nl_core_news_lg 3.8.0.
COMPONENTS = ("tok2vec", "morphologizer", "tagger", "parser", "lemmatizer", "senter", "ner")
LABELS = (
    "CARDINAL", "DATE", "EVENT", "FAC", "GPE", "LANGUAGE", "LAW", "LOC", "MONEY",
    "NORP", "ORDINAL", "ORG", "PERCENT", "PERSON", "PRODUCT", "QUANTITY", "TIME", "WORK_OF_ART",
)  # fmt: skip
_SENTENCES = [
    ("Minister Jan Bakker sprak in Utrecht .", [("Jan Bakker", "PERSON"), ("Utrecht", "GPE")]),
    ("Op maandag vloog zij van Schiphol .", [("maandag", "DATE"), ("Schiphol", "FAC")]),
    ("De Noorse vereniging Fjordbond wint .", [("Noorse", "NORP"), ("Fjordbond", "ORG")]),
    ("Zij leest De Avonden .", [("De Avonden", "WORK_OF_ART")]),
]


def build(site: Path) -> None:
    """Write the package nl_core_news_lg, with its metadata, into the folder `site`."""
    nlp = spacy.blank("nl")
    tok2vec = {
        "model": {
            "@architectures": "spacy.HashEmbedCNN.v2",
            "pretrained_vectors": None,
            "width": 32,
            "depth": 1,
            "embed_size": 200,
            "window_size": 1,
            "maxout_pieces": 2,
            "subword_features": True,
        }
    }
    nlp.add_pipe("tok2vec", config=tok2vec)
    nlp.add_pipe("senter")
    ner = nlp.add_pipe("ner")
    for label in LABELS:
        ner.add_label(label)  # type: ignore[attr-defined]
    examples = [Example.from_dict(nlp.make_doc(text), _annotation(text, names)) for text, names in _SENTENCES]
    fix_random_seed(1)
    optimiser = nlp.initialize(lambda: examples)
    for _ in range(60):
        nlp.update(examples, sgd=optimiser)
    # The rest of the real pipeline stands there untrained: it must never run.
    for name in ("tagger", "parser"):
        nlp.add_pipe(name, before="ner")
    nlp.disable_pipe("senter")
    nlp.meta |= {
        "name": "core_news_lg",
        "version": "3.8.0",
        "performance": {"ents_per_type": {"GPE": {"p": 0.8, "r": 0.9, "f": 0.85}}},
    }
    package = site / "nl_core_news_lg"
    package.mkdir(parents=True)
    nlp.config["nlp"]["disabled"] = ["senter"]
    nlp.to_disk(package / "nl_core_news_lg-3.8.0")
    (package / "__init__.py").write_text(
        "from pathlib import Path\n"
        "from spacy.util import load_model_from_init_py\n"
        "__version__ = '3.8.0'\n"
        "def load(**overrides):\n"
        "    return load_model_from_init_py(__file__, **overrides)\n",
        encoding="utf-8",
    )
    (package / "meta.json").write_text(json.dumps(nlp.meta), encoding="utf-8")
    info = site / "nl_core_news_lg-3.8.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: nl-core-news-lg\nVersion: 3.8.0\n", encoding="utf-8"
    )


def _annotation(text: str, names: list[tuple[str, str]]) -> dict[str, object]:
    entities = [(text.index(n), text.index(n) + len(n), label) for n, label in names]
    words = text.split()
    return {"entities": entities, "sent_starts": [1] + [0] * (len(words) - 1)}
