"""Stage recognise: `articles`, `segments` and `repairs` to `mentions`, not yet linked.

The only stage that imports spaCy. Each segment is split into sentences by itself, so that none runs from a
title into the body; the embedded model reads the sentences of an article together; then the names of the
knowledge base are added.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.offsets import Alignment, alignments_of
from pipeline.recognition.edges import Found
from pipeline.recognition.loading import Recognition
from pipeline.recognition.spans import reconcile
from pipeline.schemas import Label, LinkReason, Recogniser, table_from_rows

Row = dict[str, Any]

#: Words of a sentence in capitals that may still be a name by itself: "UNITED NATIONS".
_MAX_CAPITALS = 3
#: Share of the gazetteer's hits that are right, measured on our annotated train and dev sentences.
KB_SCORES = {Label.PERSON: 0.85, Label.NORP: 0.76, Label.GPE: 0.86, Label.LOC: 0.81, Label.ORG: 0.94}


@dataclass(frozen=True, slots=True)
class InSentence:
    """A name of a segment with the number and text of its sentence."""

    name: Found
    sentence: int
    sentence_text: str


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
    own = _by_article(kept)
    alignments = alignments_of(segments, repairs)
    rows: list[Row] = []
    done = 0
    for segments_of_one, found in zip(own, _find(own, by_article, recogniser, batch_size), strict=True):
        article = by_article[segments_of_one[0]["article_id"]]
        alignment = alignments[article["article_id"]]
        number, first_sentence = itertools.count(), 0
        for segment, (names, n_sentences) in zip(segments_of_one, found, strict=True):
            rows.extend(
                _row(
                    name,
                    segment,
                    article,
                    alignment,
                    number=next(number),
                    first_sentence=first_sentence,
                    model=recogniser.name,
                )
                for name in names
            )
            first_sentence += n_sentences
            done += 1
            if progress:
                progress(done, len(kept))
    return table_from_rows("mentions", rows)


def _by_article(segments: list[Row]) -> list[list[Row]]:
    grouped: defaultdict[str, list[Row]] = defaultdict(list)
    for segment in segments:
        grouped[segment["article_id"]].append(segment)
    return list(grouped.values())


#: The names of a segment, and its number of sentences.
_Read = tuple[list[InSentence], int]


def _find(
    segments: list[list[Row]], articles: dict[str, Row], recogniser: Recognition, batch_size: int
) -> Iterator[list[_Read]]:
    """For each article, given as its segments, what stands in them; equal texts are read once."""
    texts = [
        [articles[s["article_id"]]["text"][s["start"] : s["end"]] for s in segments_of_one]
        for segments_of_one in segments
    ]
    docs = _docs([text for of_one in texts for text in of_one], recogniser.nlp, batch_size)
    known: dict[tuple[str, tuple[Found, ...]], _Read] = {}
    for batch in _batches(texts, batch_size):
        articles_of_batch = [list(itertools.islice(docs, len(of_one))) for of_one in batch]
        for own, by_model in zip(articles_of_batch, _by_model(articles_of_batch, recogniser), strict=True):
            read: list[_Read] = []
            for doc, found in zip(own, by_model, strict=True):
                # The article may have changed what the model finds, so that the text alone is no key.
                key = (doc.text, tuple(found))
                if key not in known:
                    sentences = list(doc.sents)
                    known[key] = (_names(doc, sentences, found, recogniser), len(sentences))
                read.append(known[key])
            yield read


def _batches(articles: list[list[str]], size: int) -> Iterator[list[list[str]]]:
    """Articles, given as the texts of their segments, in batches of about `size` segments."""
    batch: list[list[str]] = []
    n_segments = 0
    for texts in articles:
        if batch and n_segments + len(texts) > size:
            yield batch
            batch, n_segments = [], 0
        batch.append(texts)
        n_segments += len(texts)
    if batch:
        yield batch


def _docs(texts: list[str], nlp: Language, batch_size: int) -> Iterator[Doc]:
    """The texts read by the model; equal ones once, and let go after their last use."""
    left = Counter(texts)
    distinct = list(left)
    docs = zip(distinct, nlp.pipe(distinct, batch_size=batch_size), strict=True)
    known: dict[str, Doc] = {}
    for text in texts:
        while text not in known:
            fresh, doc = next(docs)
            known[fresh] = doc
        left[text] -= 1
        yield known[text] if left[text] else known.pop(text)


def _by_model(articles: Sequence[Sequence[Doc]], recogniser: Recognition) -> list[list[list[Found]]]:
    """What the model finds in each segment of each article."""
    return [
        [
            [
                Found(span.start_char, span.end_char, label, e.score, Recogniser.MODEL)
                for e in entities
                if (label := recogniser.labels.get(e.label)) is not None
                for span in (doc[e.start : e.end],)
            ]
            for doc, entities in zip(docs, found, strict=True)
        ]
        for docs, found in zip(articles, recogniser.entities(articles), strict=True)
    ]


def _names(
    doc: Doc, sentences: Sequence[Span], by_model: list[Found], recogniser: Recognition
) -> list[InSentence]:
    """The names of a segment, and the compounds that are roles, with their sentences."""
    bounds = [(s.start_char, s.end_char) for s in sentences]
    # A model that goes by capitals is lost in a headline of capitals: "POETIN DREIGT MET RAKETTEN".
    shouted = [
        (sentence.start_char, sentence.end_char)
        for sentence in sentences
        if sentence.text.isupper() and len(sentence) > _MAX_CAPITALS
    ]
    heard = [f for f in by_model if not any(start <= f.start < end for start, end in shouted)]
    found = reconcile(doc.text, heard, recogniser.gazetteer, KB_SCORES)
    for start, end in recogniser.gazetteer.find_roles(doc.text):
        if not any(f.start < end and start < f.end for f in found):
            found.append(Found(start, end, Label.ROLE, 1.0, Recogniser.KB))
    return [
        InSentence(name, *_sentence(name.start, bounds, doc.text))
        for name in sorted(found, key=lambda f: f.start)
    ]


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
