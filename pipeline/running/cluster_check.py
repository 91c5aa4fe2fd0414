"""Whether a Ray cluster is fit for a run: every node has what this machine has, and reaches the output.

In: the settings of a run and its output address. Out: what each node says of itself, and what is wrong. The
model is loaded on every node, as a run would do it, so that this takes about as long as a run takes to start.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from pipeline.running.fingerprints import code_fingerprint
from pipeline.running.ray_engine import connect
from pipeline.running.storage import UNFINISHED, Storage
from pipeline.settings import Settings
from pipeline.tools import Tools

_PROBE = f"{UNFINISHED}check"
#: How long a node may take, in seconds: to load a model from a slow disk takes a minute.
_PATIENCE = 300


@dataclass(frozen=True, slots=True)
class Equipment:
    """What must be the same everywhere, by name; hashes where it is long."""

    vermeld: str
    python: str
    code: str
    model: str
    kb: str


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the cluster.

    Attributes:
        name: its address.
        cores: that Ray may use there.
        equipment: what it has; None if that could not be found out.
        problem: why it could not, or what is wrong with the output folder; "" if all is well.
    """

    name: str
    cores: int
    equipment: Equipment | None
    problem: str = ""


def equipment_of(settings: Settings) -> Equipment:
    """What this machine has.

    Raises:
        ModelError, KnowledgeBaseError: it has not.
    """
    tools = Tools(settings, threads=1)
    return Equipment(
        vermeld=version("vermeld"),
        python=platform.python_version(),
        code=code_fingerprint("pipeline.running.work"),
        model=f"{tools.recogniser.name} {tools.recogniser.fingerprint[:12]}".strip(),
        kb=tools.kb.fingerprint[:12],
    )


def check_cluster(settings: Settings, out: Storage, address: str | None = None) -> list[Node]:
    """All nodes of the cluster, this machine's own view of it first.

    Raises:
        RayMissingError: Ray is not installed, or no cluster can be reached.
        OSError: this machine itself cannot write to `out`.
    """
    ray = connect(address)
    nodes = [node for node in ray.nodes() if node["Alive"]]
    _write_probe(out)
    try:
        asked = [_ask(ray, node, settings, out) for node in nodes]
        return [_answer(ray, node, answer) for node, answer in zip(nodes, asked, strict=True)]
    finally:
        out.delete(_PROBE)


def problems(nodes: Sequence[Node], ours: Equipment) -> list[str]:
    """What is wrong, a line each; none if a run can begin."""
    found = [f"{node.name}: {node.problem}" for node in nodes if node.problem]
    for node in nodes:
        if node.equipment is None:
            continue
        for name in Equipment.__dataclass_fields__:
            theirs, here = getattr(node.equipment, name), getattr(ours, name)
            if theirs != here:
                found.append(f"{node.name}: {name} is {theirs}, here {here}")
    if not nodes:
        found.append("the cluster has no node that is alive")
    return found


def _write_probe(out: Storage) -> None:
    if out.is_local:
        out.path.mkdir(parents=True, exist_ok=True)
    out.write_text(f"{_PROBE}/here", "here")


def _ask(ray: Any, node: dict[str, Any], settings: Settings, out: Storage) -> Any:
    """Begin looking on a node, which needs no free core of it."""
    from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy

    there = NodeAffinitySchedulingStrategy(node["NodeID"], soft=False)
    look = ray.remote(_look).options(num_cpus=0, scheduling_strategy=there, max_retries=0)
    return look.remote(settings, out, node["NodeID"])


def _look(settings: Settings, out: Storage, name: str) -> tuple[Equipment, str]:
    """On a node: what it has, and what is wrong with the output folder as it sees it."""
    try:
        if out.read_text(f"{_PROBE}/here") != "here":
            raise OSError("it holds something else than this machine wrote there")
        out.write_text(f"{_PROBE}/{name}", name)
    except OSError as error:
        return equipment_of(settings), f"does not share {out.shown}: {error}"
    return equipment_of(settings), ""


def _answer(ray: Any, node: dict[str, Any], answer: Any) -> Node:
    name, cores = node["NodeManagerAddress"], int(node["Resources"].get("CPU", 0))
    try:
        equipment, problem = ray.get(answer, timeout=_PATIENCE)
    except ray.exceptions.RayError as error:
        # The last line is the error on the node; above it stands where it came from.
        return Node(name, cores, None, f"cannot work: {str(error).strip().splitlines()[-1]}")
    return Node(name, cores, equipment, problem)
