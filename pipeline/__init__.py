"""Vermeld: who, which country and which organisation Dutch news mentions.

Data flows one way: read, clean, recognise, link, count. Each stage is the module of that name. What a
notebook needs stands here; each name is imported when first used, so that `import pipeline` is quick.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipeline.surface import highlight, network, open_table, timeline

__version__ = "0.1.0"
__all__ = ["highlight", "network", "open_table", "timeline"]


def __getattr__(name: str) -> Any:
    """The function called `name`, imported now."""
    if name in __all__:
        return getattr(import_module("pipeline.surface"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
