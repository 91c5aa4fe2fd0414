"""A pin: what a run of a corpus gave, with fingerprints of what made it, in a folder of text files.

In and out: a folder with pin.json (fingerprints and settings), the files of a `Snapshot` and, unless left
out, a copy of the knowledge base, so that a later check can run again with the old one.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pipeline
from pipeline import __version__
from pipeline.gating.snapshot import Snapshot, load_snapshot
from pipeline.kb import KnowledgeBase, load_kb
from pipeline.settings import Fields, Settings

_FORMAT = 1
_FILE = "pin.json"
_KB = "kb"


@dataclass(frozen=True)
class Pin:
    """What was pinned.

    Attributes:
        fingerprints: SHA-256 by part: corpus, knowledge base, model, code, and what the caller adds.
        kb: the knowledge base of then, if it was kept.
    """

    snapshot: Snapshot
    fingerprints: Mapping[str, str]
    settings: Settings
    model: str
    kb: KnowledgeBase | None = None

    def save(self, folder: Path, *, kb_folder: Path | None = None) -> None:
        """Write the pin into `folder`, with a copy of the knowledge base in `kb_folder` if given.

        Raises:
            OSError: it cannot be written.
        """
        self.snapshot.save(folder)
        shutil.rmtree(folder / _KB, ignore_errors=True)
        if kb_folder:
            (folder / _KB).mkdir()
            for path in sorted(kb_folder.glob("*.csv")):
                shutil.copyfile(path, folder / _KB / path.name)
        facts = {
            "format": _FORMAT,
            "vermeld": __version__,
            "model": self.model,
            "fingerprints": dict(self.fingerprints),
            "settings": dataclasses.asdict(self.settings),
        }
        text = json.dumps(facts, indent=2, ensure_ascii=False) + "\n"
        (folder / _FILE).write_text(text, encoding="utf-8")


def load_pin(folder: Path) -> Pin:
    """The pin in `folder`.

    Raises:
        FileNotFoundError: there is none.
        ValueError: it is of another version.
    """
    if not (folder / _FILE).is_file():
        raise FileNotFoundError(f"no pin in {folder}: make one with `vermeld gate pin`")
    facts = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    if facts["format"] != _FORMAT:
        raise ValueError(f"the pin in {folder} is of format {facts['format']} and not {_FORMAT}: pin anew")
    kb = load_kb(folder / _KB) if (folder / _KB).is_dir() else None
    fingerprints = facts["fingerprints"]
    return Pin(load_snapshot(folder), fingerprints, _settings(facts["settings"]), facts["model"], kb)


def _settings(facts: dict[str, object]) -> Settings:
    """Settings from pin.json; what a newer version has besides stays at its default."""
    known = {field.name for field in dataclasses.fields(Settings)}
    given = {name: value for name, value in facts.items() if name in known and name != "fields"}
    fields = facts.get("fields")
    return Settings(**given, fields=Fields(**fields) if isinstance(fields, dict) else Fields())  # type: ignore[arg-type]


def corpus_fingerprint(snapshot: Snapshot) -> str:
    """SHA-256 over the articles' sources and raw texts."""
    articles = snapshot.rows["articles"]
    lines = sorted(f"{row['article_id']}\0{row['raw_sha256']}\n" for row in articles)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def modules_fingerprint() -> str:
    """SHA-256 over all our modules, whatever Python and packages they run on."""
    folder = Path(pipeline.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
