"""What several tests need: the knowledge base, loaded once, and the folders."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.kb import KnowledgeBase, load_kb
from pipeline.link import Linker, make_linker
from pipeline.linking.aliases import AliasIndex, build_index
from pipeline.settings import resources

# A time limit on one example would fail on a busy machine, and says nothing of the code.
settings.register_profile("vermeld", deadline=None)
settings.load_profile("vermeld")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    return load_kb(resources() / "kb")


@pytest.fixture(scope="session")
def index(kb: KnowledgeBase) -> AliasIndex:
    return build_index(kb)


@pytest.fixture(scope="session")
def linker(kb: KnowledgeBase, index: AliasIndex) -> Linker:
    return make_linker(kb, index)


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of third-party data and gold; tests that need it are skipped where it is absent."""
    folder = ROOT.parent / "shared"
    if not (folder / "seeds").is_dir():
        pytest.skip("needs ../shared (seeds and gold), which is not part of the project")
    return folder
