"""What a result depends on, as short hashes: the code of a stage, and anything else that is given.

In: a module's name, or strings. Out: hexadecimal digits. Two runs whose fingerprints are equal give equal
rows, so that the rows of the first can stand for those of the second.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import importlib.util
import platform
from collections.abc import Iterable, Mapping
from importlib.metadata import packages_distributions, version
from pathlib import Path

_PACKAGE = __name__.partition(".")[0]


def digest(*parts: str) -> str:
    """SHA-256 over the parts, as 32 hexadecimal digits; no two lists of parts are run together."""
    return hashlib.sha256("\0".join(f"{len(part)}:{part}" for part in parts).encode()).hexdigest()[:32]


def file_digest(path: Path) -> str:
    """SHA-256 over the content of a file.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:32]


@functools.cache
def code_fingerprint(*modules: str) -> str:
    """Over the source of modules and of all of ours that they import, and the versions of other packages."""
    sources, packages = _closure(modules)
    names = _distributions()
    versions = [
        f"{distribution}=={version(distribution)}"
        for package in packages
        for distribution in sorted(set(names.get(package, ())))
    ]
    # The tables of letters and cases come with Python.
    python = f"python=={platform.python_version()}"
    return digest(
        python, *(f"{name}\n{source}" for name, source in sorted(sources.items())), *sorted(versions)
    )


@functools.cache
def _distributions() -> Mapping[str, list[str]]:
    """The distributions of each package; to look through what is installed takes half a second."""
    return packages_distributions()


def _closure(modules: Iterable[str]) -> tuple[dict[str, str], set[str]]:
    """The sources by module of what is ours, and the names of the other packages."""
    sources: dict[str, str] = {}
    packages: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in sources:
            continue
        if module.partition(".")[0] != _PACKAGE:
            packages.add(module.partition(".")[0])
            continue
        spec = importlib.util.find_spec(module)
        if spec is None or spec.origin is None:
            raise ModuleNotFoundError(f"no module {module}")
        sources[module] = Path(spec.origin).read_text(encoding="utf-8")
        waiting += _imports(sources[module])
    return sources, packages


def _imports(source: str) -> set[str]:
    """The modules that a source imports; of `from pipeline import kb` the module kb."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            if node.module == _PACKAGE:
                names = {f"{_PACKAGE}.{alias.name}" for alias in node.names}
                found |= {name for name in names if importlib.util.find_spec(name)}
            else:
                found.add(node.module)
    return found
