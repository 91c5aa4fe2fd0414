"""No regular expression of the package takes the square of a text's length: all of them, found automatically."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import pipeline
from pipeline.kb import load_kb
from pipeline.link import make_linker
from pipeline.linking.aliases import build_index
from tests.little import write_kb

Use = tuple[str, str, int, str]
#: Methods of a pattern, and the functions of `re`; each is tried as it is used.
_METHODS = {"match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
_UNITS = (
    "a", "A", "1", " ", "-", ".", ",", "a ", "A ", "Aa ", "Aa-", "1 ", "1-", "1.", "(", '"', "'", "„", "a.", "A. ",
    "a, ", "a/", "(A", "(a) ", "van de ", "\n", " \n", "|", "http://a.", "a@", "www.a.", "– ", "= ", "Aa van ", "é",
)  # fmt: skip
#: Code points of the shorter text; the longer one has four times as many.
_SHORT = 4_000
#: Of linear work it is 4, of square work 16.
_MAX_RATIO = 8
#: Below it there is more noise than work.
_LEAST_SECONDS = 0.02


def modules() -> Iterator[tuple[str, Any, ast.Module]]:
    for found in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        if found.name.endswith(("__main__", "ray_engine")):
            continue
        module = importlib.import_module(found.name)
        yield found.name, module, ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))


def patterns_in(value: object, depth: int = 0) -> Iterator[re.Pattern[str]]:
    """The patterns in a value, and in what it holds."""
    if isinstance(value, re.Pattern):
        if isinstance(value.pattern, str):
            yield value
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset, dict)):
        held = [*value, *value.values()] if isinstance(value, dict) else value
        for item in held:
            yield from patterns_in(item, depth + 1)
    elif depth < 4 and not isinstance(value, type) and type(value).__module__.startswith("pipeline."):
        names = getattr(value, "__dict__", None) or getattr(type(value), "__slots__", None) or ()
        for name in names:
            yield from patterns_in(getattr(value, name, None), depth + 1)


def uses(trees: list[ast.Module]) -> dict[str, set[str]]:
    """By the name of a variable or attribute, the methods that are called on it anywhere."""
    found: dict[str, set[str]] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Attribute) and node.attr in _METHODS:
            owner = node.value
            name = getattr(owner, "id", None) or getattr(owner, "attr", None)
            if name:
                found.setdefault(str(name), set()).add(node.attr)
    return found


def inline(tree: ast.Module) -> Iterator[tuple[str, int, str]]:
    """Patterns that stand in a call: re.sub("x", …)."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and getattr(node.func.value, "id", "") == "re"
            and node.func.attr in _METHODS
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value), 0, node.func.attr


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> set[Use]:
    """Name, pattern, flags and method."""
    loaded = list(modules())
    methods = uses([tree for *_, tree in loaded])
    kb = load_kb(write_kb(tmp_path_factory.mktemp("kb")))
    objects = vars(make_linker(kb, build_index(kb)))
    found: set[Use] = set()
    held = [(name, key, value) for name, module, _ in loaded for key, value in vars(module).items()]
    held += [(name, key, value) for name, thing in objects.items() for key, value in vars(thing).items()]
    for module, key, value in held:
        for pattern in patterns_in(value):
            found |= {
                (f"{module}.{key}", pattern.pattern, pattern.flags, method)
                for method in methods.get(key, {"search"})
            }
    for name, _, tree in loaded:
        found |= {(f"{name}: in a call", *call) for call in inline(tree)}
    return found


def seconds(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


def best(work: Callable[[], object]) -> float:
    return min(seconds(work) for _ in range(3))


def apply(pattern: re.Pattern[str], method: str, text: str) -> Callable[[], object]:
    if method in ("sub", "subn"):
        return lambda: getattr(pattern, method)("", text)
    if method in ("finditer", "findall", "split"):
        return lambda: sum(1 for _ in getattr(pattern, method)(text))
    return lambda: getattr(pattern, method)(text)


def slow(pattern: re.Pattern[str], method: str) -> str | None:
    """A text on which the pattern takes more than its share when it is four times as long."""
    own = {word + " " for word in re.findall(r"[a-zA-Zà-ÿ]{3,}", pattern.pattern)[:4]}
    for unit in (*_UNITS, *sorted(own)):
        for end in ("", "!"):
            short, long = (unit * (n // len(unit)) + end for n in (_SHORT, 4 * _SHORT))
            # What seems slow once may have been interrupted.
            took = seconds(apply(pattern, method, long))
            if (
                took < _LEAST_SECONDS
                or (took := min(took, best(apply(pattern, method, long)))) < _LEAST_SECONDS
            ):
                continue
            ratio = took / max(best(apply(pattern, method, short)), 1e-6)
            if ratio > _MAX_RATIO:
                return f"{unit!r}…{end!r}: {ratio:.0f} times the time, {took:.2f} s"
    return None


def test_the_patterns_are_found(collected: set[Use]) -> None:
    names = {".".join(name.split(".")[-2:]) for name, *_ in collected}
    assert {"zones._DECORATION", "offices._before", "edges._POSSESSIVE", "furniture.FURNITURE_LINE"} <= names
    assert len(collected) > 80


def test_a_pattern_that_takes_the_square_is_seen() -> None:
    assert slow(re.compile(r"\w+x$"), "search") is not None
    assert slow(re.compile(r"(?<!\w)\w+x"), "search") is None


def test_no_pattern_takes_the_square_of_a_text(collected: set[Use]) -> None:
    found = {
        f"{name}.{method}": text
        for name, pattern, flags, method in sorted(collected)
        if (text := slow(re.compile(pattern, flags), method))
    }
    assert found == {}
