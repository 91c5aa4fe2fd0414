"""A Ray cluster of two nodes and an S3 server, both of this machine, and what a run leaves there."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.running.storage import Storage
from tests.conftest import ROOT

_NODE: dict[str, Any] = {"num_cpus": 1, "object_store_memory": 80_000_000}


@contextmanager
def two_nodes() -> Iterator[Any]:
    """A cluster with one core a node, this process connected to it."""
    # Its processes must find this checkout, as those of a real cluster find the installed package.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    from ray.cluster_utils import Cluster

    from pipeline.running.ray_engine import connect

    cluster = Cluster(initialize_head=True, head_node_args=_NODE | {"include_dashboard": False})
    try:
        cluster.add_node(**_NODE)
        ray = connect(cluster.address)
        yield cluster
        ray.shutdown()
    finally:
        cluster.shutdown()  # type: ignore[no-untyped-call]


@contextmanager
def s3_server() -> Iterator[str]:
    """The address of an empty bucket, as `s3_address` takes it."""
    import boto3
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret", "region_name": "eu-west-1"}
        boto3.client("s3", endpoint_url=f"http://{host}:{port}", **keys).create_bucket(
            Bucket="pers", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
        yield f"{host}:{port}"
    finally:
        server.stop()


def s3_address(server: str, folder: str) -> str:
    """The address of a folder in the bucket, with the keys to it."""
    endpoint = quote(server, safe="")
    return f"s3://key:secret@pers/{folder}?endpoint_override={endpoint}&scheme=http&region=eu-west-1"


def copied(source: Storage, to: Path) -> Path:
    """A copy of a folder of a store on this machine."""
    for name in source.names():
        (to / name).parent.mkdir(parents=True, exist_ok=True)
        source.fetch(name, to / name)
    return to


def digests(out: Path) -> dict[str, str]:
    """The tables of an output folder by name, as hashes of their bytes."""
    return {
        path.relative_to(out).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*.parquet"))
        if ".parts" not in path.parts
    }
