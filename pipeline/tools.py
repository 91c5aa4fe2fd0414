"""What the stages need besides tables, loaded when first asked for and then kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pipeline.kb import KnowledgeBase, KnowledgeBaseError, load_kb
from pipeline.link import Linker, make_linker
from pipeline.linking.aliases import AliasIndex, build_index
from pipeline.recognition.features import NameFeatures
from pipeline.recognition.gazetteer import Gazetteer
from pipeline.recognition.loading import Recognition, load_recogniser
from pipeline.running.names_in_text import NamesInText
from pipeline.settings import Settings, resources


@dataclass
class Tools:
    """The knowledge base and the model of some settings.

    Attributes:
        settings: which model and knowledge base.
        threads: of one call of the model; 0 for all cores. They do not change a result.
    """

    settings: Settings
    threads: int = 0

    @cached_property
    def kb(self) -> KnowledgeBase:
        """The knowledge base.

        Raises:
            FileNotFoundError, KnowledgeBaseError: a file is missing or broken.
        """
        folder = Path(self.settings.kb) if self.settings.kb else resources() / "kb"
        try:
            return load_kb(folder)
        except KeyError as error:
            raise KnowledgeBaseError(
                f"a file of the knowledge base {folder} has no column {error}"
            ) from error

    @cached_property
    def index(self) -> AliasIndex:
        """The names of the knowledge base."""
        return build_index(self.kb)

    @cached_property
    def names(self) -> NamesInText:
        """Which of these names may stand in a text."""
        return NamesInText(self.kb, self.index)

    @cached_property
    def recogniser(self) -> Recognition:
        """The model."""
        gazetteer = Gazetteer(self.index, self.kb.titles)
        features = NameFeatures(self.kb, self.index, gazetteer)
        return load_recogniser(
            self.settings.model, gazetteer, features=features.of, threads=self.threads
        )  # fmt: skip

    @cached_property
    def linker(self) -> Linker:
        """The linker."""
        return make_linker(self.kb, self.index)
