"""Which rows are there already, and the tasks for those that are not.

In: the index of a stage, and for each article the key of all that its rows depend on. Out: `live`, a table
of the corpus's articles with, in a column named like the stage, the part that has their rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.reading.corpus import CorpusFile
from pipeline.running.fingerprints import code_fingerprint, digest
from pipeline.running.parts import Parts
from pipeline.running.work import CHANGED, ArticleTask, Input, ReadTask, read_key
from pipeline.schemas import TABLES
from pipeline.tools import Tools

#: Articles and code points of one task at most; small enough that all workers end together.
_MAX_ARTICLES, _MAX_CHARS = 128, 400_000
_MAX_FILES = 200
#: The stages behind reading, with those whose parts they take.
INPUTS = {"clean": ("read",), "recognise": ("clean",), "link": ("clean", "recognise")}

#: The stages whose rows are kept, with the modules besides their own that make what lies in their parts.
_CODE = {
    "read": (),
    "clean": ("pipeline.cleaning.stories",),
    "recognise": ("pipeline.running.names_in_text",),
    "link": (),
}


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What the rows of each stage depend on besides the articles."""

    read: str
    clean: str
    recognise: str
    link: str
    kb: str


def fingerprints(tools: Tools) -> Fingerprints:
    """Of the code, the settings, the model and the knowledge base.

    Raises:
        ModelError: the model is not there.
        KnowledgeBaseError: the knowledge base is not there or broken.
    """
    settings, kb, model = tools.settings, tools.kb.fingerprint, tools.recogniser
    code = {stage: code_fingerprint(f"pipeline.{stage}", *also) for stage, also in _CODE.items()}
    return Fingerprints(
        read=digest(code["read"], settings.reading_fingerprint()),
        clean=code["clean"],
        recognise=digest(code["recognise"], model.name, model.fingerprint, str(settings.batch_size)),
        link=digest(code["link"], kb),
        kb=kb,
    )


def missing_files(files: Sequence[CorpusFile], index: pa.Table, fingerprint: str) -> list[ReadTask]:
    """Tasks for the files whose rows are not there."""
    known = set(index["key"].to_pylist())
    waiting = [file for file in files if read_key(fingerprint, file) not in known]
    return [
        ReadTask(tuple(waiting[at : at + _MAX_FILES]), fingerprint)
        for at in range(0, len(waiting), _MAX_FILES)
    ]


def unchanged(index: pa.Table) -> pa.Table:
    """The index of reading without the files that changed while they were read."""
    return index.filter(pc.invert(pc.is_in(index["key"], value_set=_changed_keys(index))))


def _changed_keys(index: pa.Table) -> pa.Array:
    changed = pc.equal(pc.fill_null(index["content"], ""), CHANGED)
    return index.filter(changed)["key"].combine_chunks()


def documents_of(files: Sequence[CorpusFile], index: pa.Table, fingerprint: str) -> tuple[pa.Table, pa.Table]:
    """The live documents (article_id, content, n_chars, read) and the live files (file, read: a part).

    Of a file that changed while it was read only its rejection is live.
    """
    keys = pa.array([read_key(fingerprint, file) for file in files], pa.string())
    rows = index.filter(pc.is_in(index["key"], value_set=keys))
    is_changed = pc.is_in(rows["key"], value_set=_changed_keys(rows))
    is_note = pc.equal(pc.fill_null(rows["content"], ""), CHANGED)
    rows = rows.filter(pc.or_(pc.invert(is_changed), is_note))
    is_file = pc.equal(rows["article_id"], "")
    in_files = rows.filter(is_file).group_by(["file", "part"]).aggregate([])
    documents = rows.filter(pc.invert(is_file))
    # Two workers may have read one file, after a crash: its articles are there twice.
    first = documents.group_by("article_id", use_threads=False).aggregate(
        [("content", "first"), ("n_chars", "first"), ("part", "first")]
    )
    live = first.rename_columns(["article_id", "content", "n_chars", "read"])
    return live.sort_by("read"), in_files.rename_columns(["file", "read"])


@dataclass(frozen=True, slots=True)
class Lookup:
    """The keys of the live articles at a stage, and the part of each that is there (else null)."""

    keys: pa.Array
    parts: pa.Array


def keys_of(stage: str, fingerprint: str, depends: pa.ChunkedArray) -> pa.Array:
    """The keys of the articles at a stage, by the hashes that their rows depend on."""
    return pa.array([digest(stage, fingerprint, key) for key in depends.to_pylist()], pa.string())


def look_up(keys: pa.Array, index: pa.Table) -> Lookup:
    """What is there of a stage."""
    at = pc.index_in(keys, value_set=index["key"].combine_chunks())
    return Lookup(keys, index["part"].combine_chunks().take(at))


def tasks_for(stage: str, live: pa.Table, found: Lookup, *, workers: int) -> list[ArticleTask]:
    """Tasks for the articles whose part is null, in the order of their input parts.

    Articles of one story go together, since a model reads equal sentences of a task once.
    """
    rows = live.append_column("key", found.keys).filter(pc.is_null(found.parts))
    if not rows.num_rows:
        return []
    part, story = INPUTS[stage][0], "story_id" if "story_id" in rows.column_names else "article_id"
    first = rows.group_by(story).aggregate([(part, "min")])
    rows = rows.join(first, story)
    rows = rows.sort_by([(name, "ascending") for name in (f"{part}_min", story, "article_id")])
    most = min(_MAX_ARTICLES, -(-rows.num_rows // workers))
    return [_task(stage, group) for group in _groups(rows, most)]


def _groups(rows: pa.Table, most: int) -> Iterator[pa.Table]:
    start = n_chars = 0
    for at, length in enumerate(rows["n_chars"].to_pylist()):
        if at > start and (at - start >= most or n_chars + length > _MAX_CHARS):
            yield rows.slice(start, at - start)
            start, n_chars = at, 0
        n_chars += length
    if start < rows.num_rows:
        yield rows.slice(start)


def _task(stage: str, rows: pa.Table) -> ArticleTask:
    articles = tuple(rows["article_id"].to_pylist())
    inputs = tuple(Input(name, articles, tuple(rows[name].to_pylist())) for name in INPUTS[stage])
    lines = rows["lines"].to_pylist() if stage == "clean" and "lines" in rows.column_names else ()
    return ArticleTask(stage, articles, tuple(rows["key"].to_pylist()), inputs, tuple(map(tuple, lines)))


def split_by_lines(live: pa.Table, shared: pa.Table) -> tuple[pa.Table, pa.Table]:
    """`live` in two: the articles with lines of their outlet in the table SHARED, and the others.

    The first have the columns `lines`, hashes, and `cleaned_from`: what cleaning them again depends on.
    """
    grouped = shared.group_by("article_id", use_threads=False).aggregate([("line", "list")])
    at = pc.index_in(live["article_id"], value_set=grouped["article_id"].combine_chunks())
    touched = live.filter(pc.is_valid(at))
    lines = grouped["line_list"].take(at.drop_null())
    depends = [
        digest(content, *map(str, sorted(of)))
        for content, of in zip(touched["content"].to_pylist(), lines.to_pylist(), strict=True)
    ]
    touched = touched.append_column("lines", lines).append_column(
        "cleaned_from", pa.array(depends, pa.string())
    )
    return touched, live.filter(pc.is_null(at))


def recognised(
    live: pa.Table, keys: pa.Array, index: pa.Table, parts: Parts, tools: Tools
) -> tuple[Lookup, pa.Table]:
    """What is there of recognising: rows made with this knowledge base, or that would be the same with it.

    Two knowledge bases that differ in names that an article does not hold are one to its recognition.
    Returns also the index of the present knowledge base alone, with these noted in it, so that the next run
    need not look again.
    """
    kb = tools.kb.fingerprint
    is_present = pc.equal(index["kb"], kb)
    present, others = index.filter(is_present), index.filter(pc.invert(is_present)).to_pylist()
    part_of = dict(zip(present["key"].to_pylist(), present["part"].to_pylist(), strict=True))
    renewable = {(row["key"], row["names"]): row for row in others if row["key"] not in part_of}
    maybe = sorted({key for key, _ in renewable})
    rows = live.append_column("key", keys)
    doubtful = rows.filter(pc.is_in(keys, value_set=pa.array(maybe, pa.string())))
    renewed = []
    for key, names in _names_in(doubtful, parts, tools):
        if row := renewable.get((key, names)):
            part_of[key] = row["part"]
            renewed.append(row | {"kb": kb})
    chosen = pa.array([part_of.get(key) for key in keys.to_pylist()], pa.string())
    return Lookup(keys, chosen), pa.concat_tables(
        [pa.Table.from_pylist(renewed, schema=index.schema), present]
    )


def _names_in(live: pa.Table, parts: Parts, tools: Tools) -> Iterator[tuple[str, str]]:
    """For each article the key, and the hash of the names that it may hold."""
    schema = TABLES["articles"].schema
    key_of = dict(zip(live["article_id"].to_pylist(), live["key"].to_pylist(), strict=True))
    wanted = live.select(["article_id", "clean"]).rename_columns(["article_id", "part"])
    for part in pc.unique(wanted["part"]).to_pylist():
        rows = parts.rows("clean", "articles", wanted.filter(pc.equal(wanted["part"], part)), schema)
        for article, text in zip(rows["article_id"].to_pylist(), rows["text"].to_pylist(), strict=True):
            yield key_of[article], tools.names.of(text)
