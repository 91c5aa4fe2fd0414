"""What a user may set, in one frozen dataclass; the hash of it stands in run.json."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

#: The model that ships with the project; see models/README.md.
DEFAULT_MODEL = "nl_vermeld_news"


def resources() -> Path:
    """The folder that holds `kb/` and the embedded models: `models/` of a checkout, else of the wheel."""
    package = Path(__file__).resolve().parent
    checkout = package.parent / "models"
    return checkout if (checkout / "kb").is_dir() else package / "resources"


@dataclass(frozen=True, slots=True)
class Fields:
    """Which column or key of a JSONL, CSV or Parquet input holds what."""

    text: str = "text"
    id: str = "id"
    title: str = "title"
    published: str = "published"
    url: str = "url"
    outlet: str = "outlet"


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run.

    Attributes:
        model: name of an embedded model, an installed spaCy package, or a folder.
        fields: names of the columns of record files.
        outlet: outlet of every article whose input does not say one.
        max_article_chars: longest article, in code points; a longer one is rejected.
        max_file_bytes: longest file after unpacking, in bytes.
        language: whether to reject what is not Dutch.
        batch_size: sentences a model sees at once; fixed, since it can change results.
        kb: folder of a knowledge base of one's own; None for the one that ships.
    """

    model: str = DEFAULT_MODEL
    fields: Fields = dataclasses.field(default_factory=Fields)
    outlet: str | None = None
    max_article_chars: int = 500_000
    max_file_bytes: int = 2_000_000_000
    language: bool = True
    batch_size: int = 1024
    kb: str | None = None

    def reading_fingerprint(self) -> str:
        """SHA-256 of what reading depends on; the rest has its say in the stage that it belongs to."""
        names = ("fields", "outlet", "max_article_chars", "max_file_bytes", "language")
        values = dataclasses.asdict(self)
        data = json.dumps({name: values[name] for name in names}, sort_keys=True)
        return hashlib.sha256(data.encode()).hexdigest()

    def fingerprint(self) -> str:
        """SHA-256 of the settings, as hexadecimal digits."""
        data = json.dumps(dataclasses.asdict(self), sort_keys=True)
        return hashlib.sha256(data.encode()).hexdigest()
