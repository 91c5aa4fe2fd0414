"""The stages as tasks: what one process does for some files or articles, from parts to parts.

In: a task, which names its input parts. Out: a part of the stage, and a receipt. A worker keeps nothing
between tasks but what it has loaded, so that a task may run anywhere, twice, or again after a crash.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from pipeline.clean import clean
from pipeline.cleaning.outlet_lines import LINES, SHARED, outlet_lines
from pipeline.cleaning.stories import SKETCHES, sketches_of
from pipeline.link import link
from pipeline.read import rows_of_file
from pipeline.reading.corpus import CorpusFile, FetchError
from pipeline.recognise import recognise
from pipeline.running.fingerprints import digest
from pipeline.running.parts import Parts
from pipeline.running.storage import Storage
from pipeline.schemas import TABLES, Reason, table_from_rows
from pipeline.settings import Settings
from pipeline.tools import Tools

Row = dict[str, object]
#: Documents of one part at most: a record file of millions is cut.
MAX_PART_DOCUMENTS = 512
_MAX_PART_CHARS = 4_000_000


@dataclass(frozen=True, slots=True)
class ReadTask:
    """Files to read, and what their documents are kept under."""

    files: tuple[CorpusFile, ...]
    fingerprint: str

    @property
    def size(self) -> int:
        """Files."""
        return len(self.files)


@dataclass(frozen=True, slots=True)
class Input:
    """Articles of one stage by the parts that hold them."""

    stage: str
    articles: tuple[str, ...]
    parts: tuple[str, ...]

    def table(self) -> pa.Table:
        """As `Parts.rows` wants it."""
        return pa.table({"article_id": self.articles, "part": self.parts})


@dataclass(frozen=True, slots=True)
class ArticleTask:
    """Articles to take through a stage; `keys` are what their rows are kept under, in the same order."""

    stage: str
    articles: tuple[str, ...]
    keys: tuple[str, ...]
    inputs: tuple[Input, ...]
    #: clean: hashes of lines that are furniture of the outlet, of each article; or nothing.
    lines: tuple[tuple[int, ...], ...] = ()

    @property
    def size(self) -> int:
        """Articles."""
        return len(self.articles)


Task = ReadTask | ArticleTask


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a task has done: files or articles, and code points of text."""

    stage: str
    done: int


class Worker:
    """Does tasks with the tools of some settings."""

    def __init__(self, tools: Tools, storage: Storage) -> None:
        """Make a worker.

        Args:
            tools: model and knowledge base, loaded when first needed.
            storage: where the parts lie.
        """
        self.tools = tools
        self._parts = Parts(storage)

    def do(self, task: Task) -> Receipt:
        """Do a task."""
        if isinstance(task, ReadTask):
            return self._read(task)
        tables, notes = _STAGES[task.stage](self, task)
        # A key of recognising does not name the knowledge base (see `plan.recognised`); its rows hang on it.
        part = digest(task.stage, self.tools.kb.fingerprint, *task.keys)
        place = {"part": part, "bytes": self._parts.write(task.stage, part, tables)}
        self._parts.write_index(
            task.stage,
            part,
            [
                {"article_id": article, "key": key} | place | notes.get(article, {})
                for article, key in zip(task.articles, task.keys, strict=True)
            ],
        )
        return Receipt(task.stage, len(task.articles))

    def _read(self, task: ReadTask) -> Receipt:
        name = digest("read", *(read_key(task.fingerprint, file) for file in task.files))
        index: list[Row] = []
        for number, chunk in enumerate(_chunks(task, self.tools.settings)):
            part = f"{name}-{number}"
            documents = table_from_rows("documents", chunk.documents)
            rejections = pa.Table.from_pylist(chunk.rejections, schema=REJECTIONS)
            n_bytes = self._parts.write("read", part, {"documents": documents, "rejections": rejections})
            index += [row | {"part": part, "bytes": n_bytes} for row in chunk.index]
        self._parts.write_index("read", name, index)
        return Receipt("read", len(task.files))

    def _clean(self, task: ArticleTask) -> tuple[dict[str, pa.Table], dict[str, Row]]:
        (documents,) = self._tables(task.inputs[0], "documents")
        shared = [
            {"article_id": article, "line": line}
            for article, lines in zip(task.articles, task.lines, strict=bool(task.lines))
            for line in lines
        ]
        cleaned = clean(documents, shared=pa.Table.from_pylist(shared, schema=SHARED))
        return {
            "articles": cleaned.articles,
            "segments": cleaned.segments,
            "repairs": cleaned.repairs,
            "sketches": sketches_of(cleaned.articles),
            "lines": outlet_lines(cleaned.articles, cleaned.segments),
        }, {}

    def _recognise(self, task: ArticleTask) -> tuple[dict[str, pa.Table], dict[str, Row]]:
        articles, segments, repairs = self._tables(task.inputs[0], "articles", "segments", "repairs")
        mentions = recognise(
            articles, segments, repairs,
            recogniser=self.tools.recogniser, batch_size=self.tools.settings.batch_size,
        )  # fmt: skip
        texts = zip(articles["article_id"].to_pylist(), articles["text"].to_pylist(), strict=True)
        kb = self.tools.kb.fingerprint
        notes: dict[str, Row] = {
            article: {"kb": kb, "names": self.tools.names.of(text)} for article, text in texts
        }
        return {"mentions": mentions}, notes

    def _link(self, task: ArticleTask) -> tuple[dict[str, pa.Table], dict[str, Row]]:
        articles, segments, repairs = self._tables(task.inputs[0], "articles", "segments", "repairs")
        (mentions,) = self._tables(task.inputs[1], "mentions")
        return {"mentions": link(articles, segments, repairs, mentions, linker=self.tools.linker)}, {}

    def _tables(self, source: Input, *names: str) -> list[pa.Table]:
        wanted = source.table()
        return [self._parts.rows(source.stage, name, wanted, schema_of(name)) for name in names]


_STAGES = {"clean": Worker._clean, "recognise": Worker._recognise, "link": Worker._link}


#: The rejected rows of a part, with the file that each is from.
REJECTIONS = TABLES["rejected"].schema.append(pa.field("file", pa.string()))
#: What stands in the column `content` of files that changed under our hands: not to be kept.
CHANGED = "changed"
_UNSTABLE = "unstable"


def schema_of(table: str) -> pa.Schema:
    """The schema of a table of the parts."""
    own = {"sketches": SKETCHES, "lines": LINES, "rejections": REJECTIONS}
    return own[table] if table in own else TABLES[table].schema


@dataclass
class _Chunk:
    """What goes into one part of reading; each of its files has a row in the index, with article_id empty."""

    documents: list[Row] = field(default_factory=list)
    rejections: list[Row] = field(default_factory=list)
    index: list[Row] = field(default_factory=list)
    n_chars: int = 0

    def mark_changed(self, note: Row, rejection: Row) -> None:
        """Take back the rows of a file that is no longer what it was, and reject it.

        Its rows in earlier chunks are passed over by `plan.documents_of`.
        """
        source = note["file"]
        mine = {row["article_id"] for row in self.index if row["file"] == source}
        self.documents = [row for row in self.documents if row["article_id"] not in mine]
        self.index = [row for row in self.index if row["file"] != source] + [note | {"content": CHANGED}]
        self.rejections = [row for row in self.rejections if row["file"] != source]
        self.rejections.append(rejection | {"file": source})

    def is_full(self) -> bool:
        return len(self.documents) >= MAX_PART_DOCUMENTS or self.n_chars >= _MAX_PART_CHARS


def _chunks(task: ReadTask, settings: Settings) -> Iterator[_Chunk]:
    """The rows of the files; a record file may go over many chunks."""
    chunk = _Chunk()
    for file in task.files:
        note: Row = {"file": file.source, "key": read_key(task.fingerprint, file), "article_id": ""}
        chunk.index.append(note)
        seen: set[object] = set()
        for row in _rows(file, settings):
            if row.pop(_UNSTABLE, False):
                chunk.mark_changed(note, row)
            elif "reason" in row:
                chunk.rejections.append(row | {"file": file.source})
            elif row["article_id"] not in seen:
                seen.add(row["article_id"])
                chunk.documents.append(row)
                chunk.n_chars += len(str(row["raw"]))
                chunk.index.append(note | _document_note(row))
            if chunk.is_full():
                yield chunk
                chunk = _Chunk(index=[note])
    yield chunk


def _rows(file: CorpusFile, settings: Settings) -> Iterator[Row]:
    """The rows of a file; the last is a rejection, marked as unstable, if they are not to be kept."""
    detail = ""
    try:
        with file.opened() as path:
            yield from rows_of_file(path, file.source, settings)
        if file.has_changed():
            detail = "the file changed while it was read; run again"
    except FetchError as error:
        detail = f"{error}; run again"
    if detail:
        reason = Reason.UNREADABLE.value
        yield {"source": file.source, "reason": reason, "detail": detail, _UNSTABLE: True}


def _document_note(row: Row) -> Row:
    content = digest(*(f"{name}={row[name]}" for name in sorted(row)))
    return {"article_id": row["article_id"], "content": content, "n_chars": len(str(row["raw"]))}


def read_key(fingerprint: str, file: CorpusFile) -> str:
    """What the rows of a file are kept under."""
    return digest(fingerprint, file.source, file.digest)
