"""Stage link: `mentions` to `mentions` with entities, article by article.

First what a name means by itself (a full name, a country, a strong alias); then, with what the article
has named so far, surnames and weak aliases. What cannot be told stays, with `link_reason` nil.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pyarrow as pa

from pipeline.kb import KnowledgeBase
from pipeline.linking.aliases import Alias
from pipeline.linking.candidates import Linker, candidates, make_linker, mention_at, part_of, sure
from pipeline.linking.clusters import clusters_of
from pipeline.linking.context import Context, Mention, correct_to_person, forget, hint, is_stranger, note
from pipeline.linking.offices import Place
from pipeline.linking.outcomes import Outcome, table_of
from pipeline.linking.rivals import overruling, rivals_of
from pipeline.linking.support import supported
from pipeline.offsets import alignments_of
from pipeline.schemas import Label, LinkReason

__all__ = ["Linker", "link", "make_linker"]

#: A row of `mentions` as (number of the row, start, end, label, sentence).
_Row = tuple[int, int, int, str, int]


def link(
    articles: pa.Table, segments: pa.Table, repairs: pa.Table, mentions: pa.Table, *, linker: Linker
) -> pa.Table:
    """`mentions` with entity, cluster, link reason, role and, where the knowledge base is sure, label.

    Roles without a name that could be resolved are added, or kept; the others are left out.
    """
    alignments = alignments_of(segments, repairs)
    texts = dict(zip(*(articles.column(c).to_pylist() for c in ("article_id", "text")), strict=True))
    days = dict(zip(*(articles.column(c).to_pylist() for c in ("article_id", "published")), strict=True))
    # Not whole rows: the text of a sentence is there once a mention.
    columns = [mentions.column(c).to_pylist() for c in ("start", "end", "label", "sentence")]
    groups: defaultdict[str, list[_Row]] = defaultdict(list)
    for number, (article, *row) in enumerate(
        zip(mentions.column("article_id").to_pylist(), *columns, strict=True)
    ):
        groups[article].append((number, *row))
    outcomes = []
    for article, rows in groups.items():
        context = Context(days[article], texts[article])
        found = _link_article(article, rows, context, linker)
        for number, outcome in enumerate(sorted(found, key=lambda o: (o.start, o.end))):
            outcome.mention = number
            outcomes.append(outcome)
    return table_of(mentions, outcomes, texts, alignments)


def _link_article(article: str, rows: Sequence[_Row], context: Context, linker: Linker) -> list[Outcome]:
    """What the mentions of one article are linked to, and its roles without a name."""
    named = [(row, Label(row[3])) for row in rows if row[3] != Label.ROLE]
    mentions = [
        mention_at(start, end, label, sentence, context.text, linker)
        for (_, start, end, _, sentence), label in named
    ]
    _link_mentions(mentions, context, linker)
    outcomes = [
        _outcome(row[0], article, mention, linker.kb)
        for (row, _), mention in zip(named, mentions, strict=True)
    ]
    _cluster(article, outcomes, mentions)
    return outcomes + _role_outcomes(article, rows, mentions, context, linker)


def _link_mentions(mentions: Sequence[Mention], context: Context, linker: Linker) -> None:
    """Give each mention of an article its alias, if it can be told."""
    options = [candidates(mention, linker) for mention in mentions]
    for mention, aliases in zip(mentions, options, strict=True):
        mention.alias = sure(mention, aliases)
        note(mention, context, linker.kb)
    for mention, aliases in zip(mentions, options, strict=True):
        correct_to_person(mention, context)
        titled = mention.label is Label.PERSON and mention.role
        hint(mention, aliases if titled else part_of(mention, linker), context, linker.kb)
    _overrule(mentions, context, linker)
    # Twice, since what the first round links supports the second: Congolese by Tshisekedi.
    for _ in range(2):
        for i, aliases in enumerate(options):
            _link_with_support(i, mentions, aliases, context, linker.kb)


def _overrule(mentions: Sequence[Mention], context: Context, linker: Linker) -> None:
    """Link names to another than their usual meaning where the article says so, and all that are alike."""
    meant: dict[str, Alias] = {}
    for i, mention in enumerate(mentions):
        rivals = rivals_of(mention.alias, linker.index.lookup(mention.text)) if mention.alias else ()
        found = overruling(i, mentions, rivals, context, linker.kb) if rivals else None
        if found:
            meant.setdefault(mention.text, found)
    for mention in mentions:
        if mention.text in meant and mention.alias and mention.alias.label is not Label.PERSON:
            forget(mention, context, linker.kb)
            mention.alias = meant[mention.text]
            note(mention, context, linker.kb)


def _link_with_support(
    i: int, mentions: Sequence[Mention], options: Sequence[Alias], context: Context, kb: KnowledgeBase
) -> None:
    """Link mention i by what the article says, if it is not linked, or linked by a surname alone."""
    mention = mentions[i]
    if mention.alias and mention.alias.reason is not LinkReason.SURNAME:
        return
    found = supported(i, mentions, options, context, kb)
    if found and mention.alias is None:
        mention.alias = found
        note(mention, context, kb)
    elif found:
        mention.alias = found
    elif mention.alias and is_stranger(mention, context):
        mention.alias = None


def _outcome(row: int, article: str, mention: Mention, kb: KnowledgeBase) -> Outcome:
    alias, label = mention.alias, mention.label
    if alias is None:
        return Outcome(row, article, mention.start, mention.end, label, LinkReason.NIL, role=mention.role)
    if alias.strong or label is Label.MISC or alias.label is Label.ORG:
        label = alias.label
    role = mention.role if label is Label.PERSON else None
    entity = kb.entities[alias.entity_id]
    return Outcome(row, article, mention.start, mention.end, label, alias.reason, entity, role)


def _cluster(article: str, outcomes: Sequence[Outcome], mentions: Sequence[Mention]) -> None:
    """Give what has no entity the id of its cluster."""
    nil = [(o, m.text) for o, m in zip(outcomes, mentions, strict=True) if o.entity is None]
    clusters = clusters_of(article, [(text, outcome.label) for outcome, text in nil])
    for (outcome, _), cluster in zip(nil, clusters, strict=True):
        outcome.cluster = cluster


def _role_outcomes(
    article: str, rows: Sequence[_Row], mentions: Sequence[Mention], context: Context, linker: Linker
) -> list[Outcome]:
    """The roles without a name; each takes its sentence from a row that lies in it."""
    places = [Place(m.start, m.end, m.label, m.alias.entity_id if m.alias else None) for m in mentions]
    found = []
    for role in linker.offices.find(context.text, places, context.published):
        inside = next((row for row in rows if row[1] < role.end and role.start < row[2]), None)
        if inside:
            entity = linker.kb.entities[role.holder]
            place = (inside[0], article, role.start, role.end)
            found.append(Outcome(*place, Label.ROLE, LinkReason.ROLE, entity, role.role))
    return found
