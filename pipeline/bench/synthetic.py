"""Articles by the hundred thousand, with no sentence twice but in the copies of wire stories.

In: the sample corpus and the knowledge base. Out: text files of some 200 words, by day and outlet: sentences
of the sample with other names of the knowledge base in the place of theirs. The same number and seed give
the same files. What the articles tell is nonsense; what counts is that they cost what real ones cost.
"""

from __future__ import annotations

import datetime
import hashlib
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.clean import clean
from pipeline.kb import KnowledgeBase
from pipeline.read import read
from pipeline.recognition.loading import KB_ONLY
from pipeline.schemas import Label, Zone
from pipeline.settings import Settings
from pipeline.tools import Tools

#: Words of an article, as long as its sentences let it be.
_WORDS = 200
_OUTLETS = ("dagblad", "avondnieuws", "koerier", "kroniek", "bode")
_FIRST_DAY, _DAYS = datetime.date(2015, 1, 1), 4000
#: How far back a copy's story may lie, in articles: wire copy is of the day.
_RECENT = 40
_SWAPPED = {Label.PERSON, Label.GPE, Label.ORG}
_SENTENCES_A_PARAGRAPH = 3
#: A sentence that stands by itself, without quotations that begin or end elsewhere.
_WHOLE = re.compile(r"[A-Z][^„“”\"]{30,}[.?!]")

Template = tuple[str | Label, ...]


@dataclass(frozen=True)
class Material:
    """What articles are made of.

    Attributes:
        sentences: of the sample corpus, with labels where names stood.
        furniture: lines of its pages that are no article.
        names: of the knowledge base, by label.
    """

    sentences: list[Template]
    furniture: list[str]
    names: dict[Label, list[str]]


@dataclass(frozen=True, slots=True)
class Synthetic:
    """An article: where its file lies below the corpus root, its lines, and what it is a copy of."""

    path: str
    title: str
    paragraphs: tuple[str, ...]
    furniture: str
    copy_of: str | None = None

    @property
    def raw(self) -> str:
        """The content of the file."""
        return "\n\n".join([self.title, *self.paragraphs, self.furniture]) + "\n"


def material(sample: Path) -> Material:
    """The sentences of a corpus, and the names of the knowledge base that ships."""
    tools = Tools(Settings(model=KB_ONLY))
    cleaned = clean(read(sample, settings=tools.settings)[0])
    texts = dict(
        zip(*(cleaned.articles[c].to_pylist() for c in ("article_id", "text")), strict=True)
    )  # fmt: skip
    sentences: dict[Template, None] = {}
    for row in cleaned.segments.to_pylist():
        if row["zone"] != Zone.BODY.value:
            continue
        paragraph = tools.recogniser.nlp(texts[row["article_id"]][row["start"] : row["end"]])
        for sentence in paragraph.sents:
            if _WHOLE.fullmatch(sentence.text.strip()):
                sentences[_template(sentence.text.strip(), tools)] = None
    furniture = [
        "Lees ook: dit zijn de gevolgen", "Deel dit artikel", "Abonneer u op onze nieuwsbrief",
        "Meer uit Buitenland", "Bekijk ook: het weer van morgen",
    ]  # fmt: skip
    return Material(list(sentences), furniture, _names(tools.kb))


def _template(sentence: str, tools: Tools) -> Template:
    """A sentence with labels for the names in it; one without any gets a speaker, to be like no other."""
    pieces: list[str | Label] = []
    at = 0
    for hit in tools.recogniser.gazetteer.find(sentence):
        if hit.label in _SWAPPED:
            pieces += [sentence[at : hit.start], hit.label]
            at = hit.end
    if not pieces:
        return (sentence.rstrip(".!? "), ", zegt ", Label.PERSON, ".")
    return (*pieces, sentence[at:])


def _names(kb: KnowledgeBase) -> dict[Label, list[str]]:
    return {
        label: sorted({e.name for e in kb.entities.values() if e.label is label}) for label in _SWAPPED
    }  # fmt: skip


def articles(
    n: int, made_of: Material, *, copies: float = 0.3, seed: int = 1
) -> Iterator[Synthetic]:  # fmt: skip
    """`n` articles in the order of their days.

    Args:
        n: how many.
        made_of: see `material`.
        copies: share of articles that are a recent other one, with another title and perhaps shorter.
        seed: of the choices.
    """
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    seen: set[bytes] = set()
    recent: list[Synthetic] = []
    for number in range(n):
        path = _path(number, n, rng)
        if recent and rng.random() < copies:
            yield _copy(rng.choice(recent), path, made_of, seen, rng)
            continue
        article = _article(path, made_of, seen, rng)
        recent = [*recent[-_RECENT:], article]
        yield article


def write_corpus(folder: Path, n: int, made_of: Material, *, copies: float = 0.3, seed: int = 1) -> int:
    """Write `n` articles as text files; the number of their words."""
    n_words = 0
    for article in articles(n, made_of, copies=copies, seed=seed):
        path = folder / article.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(article.raw, encoding="utf-8")
        n_words += len(article.raw.split())
    return n_words


def _path(number: int, n: int, rng: random.Random) -> str:
    day = _FIRST_DAY + datetime.timedelta(days=number * _DAYS // n)
    return f"{day:%Y}/{day:%Y-%m-%d}/{rng.choice(_OUTLETS)}-{number:07}.txt"


def _article(path: str, made_of: Material, seen: set[bytes], rng: random.Random) -> Synthetic:
    title = _sentence(made_of, seen, rng)
    words = len(title.split())
    sentences: list[str] = []
    while words < _WORDS:
        sentences.append(_sentence(made_of, seen, rng))
        words += len(sentences[-1].split())
    step = _SENTENCES_A_PARAGRAPH
    paragraphs = tuple(" ".join(sentences[i : i + step]) for i in range(0, len(sentences), step))
    return Synthetic(path, title.rstrip("."), paragraphs, rng.choice(made_of.furniture))


def _copy(
    of: Synthetic, path: str, made_of: Material, seen: set[bytes], rng: random.Random
) -> Synthetic:  # fmt: skip
    """Wire copy: a title of its own, and for some papers the last paragraph is cut."""
    kept = of.paragraphs[: len(of.paragraphs) - rng.randrange(2)]
    title = _sentence(made_of, seen, rng).rstrip(".")
    return Synthetic(path, title, kept, rng.choice(made_of.furniture), copy_of=of.path)


def _sentence(made_of: Material, seen: set[bytes], rng: random.Random) -> str:
    """A sentence that was not there before; `seen` holds hashes of those that were."""
    while True:
        template = rng.choice(made_of.sentences)
        text = "".join(
            rng.choice(made_of.names[piece]) if isinstance(piece, Label) else piece for piece in template
        )
        if (known := hashlib.blake2b(text.encode(), digest_size=8).digest()) not in seen:
            seen.add(known)
            return text
