"""A Ray cluster of two nodes on this machine, and what a run leaves, for the tests of the far engines."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.conftest import ROOT

_NODE: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 80_000_000}


@contextmanager
def two_nodes() -> Iterator[Any]:
    """A cluster with one core a node, this process connected to it."""
    # Its processes must find this checkout, as those of a real cluster find the installed package.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    from ray.cluster_utils import Cluster

    from pipeline.ray_engine import connect

    cluster = Cluster(initialize_head=True, head_node_args=_NODE | {"include_dashboard": False})
    try:
        cluster.add_node(**_NODE)
        ray = connect(cluster.address)
        yield cluster
        ray.shutdown()
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]


def digests(out: Path) -> dict[str, str]:
    """The tables of an output folder by name, as hashes of their bytes."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
        if ".parts" not in path.parts
    }
