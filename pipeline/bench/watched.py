"""A job in a process of its own, with the memory of all its processes looked at ten times a second.

In: the name of a job (see `jobs`) and its arguments. Out: what it gave, its seconds, and its peak by stage.
Pages that processes share count once for each of them, so that a peak is never too low.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import psutil

_PAUSE = 0.1
_MB = 1_000_000
#: The lines by which a job says what it is at, and what it gives.
STAGE, RESULT = "stage ", "result "


@dataclass
class Watched:
    """A job that has ended.

    Attributes:
        seconds: from its start to its end, loading and all.
        peak_mb: most memory of all its processes together, in millions of bytes.
        peaks: the same by stage.
        result: what it gave.
    """

    seconds: float = 0.0
    peaks: dict[str, int] = field(default_factory=dict)
    result: dict[str, Any] = field(default_factory=dict)

    @property
    def peak_mb(self) -> int:
        """Most memory, in millions of bytes."""
        return max(self.peaks.values(), default=0)


def watched(job: str, **arguments: object) -> Watched:
    """Do a job.

    Raises:
        RuntimeError: it failed; its own message has gone to the terminal.
    """
    command = [sys.executable, "-m", "pipeline.bench.jobs", job, json.dumps(arguments, default=str)]
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
        seen = _Reader(process.stdout or ())
        seen.start()
        peaks: defaultdict[str, int] = defaultdict(int)
        while process.poll() is None:
            peaks[seen.stage] = max(peaks[seen.stage], _memory(process.pid))
            time.sleep(_PAUSE)
        seconds = time.perf_counter() - started
        seen.join()
    if process.returncode:
        raise RuntimeError(f"{job} failed: {command}")
    in_mb = {stage: peak // _MB for stage, peak in peaks.items()}
    return Watched(seconds, in_mb, seen.result)


class _Reader(threading.Thread):
    """Reads what the job says, so that it never waits for a reader."""

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__(daemon=True)
        self.stage = "load"
        self.result: dict[str, Any] = {}
        self._lines = lines

    def run(self) -> None:
        for line in self._lines:
            if line.startswith(STAGE):
                self.stage = line.removeprefix(STAGE).strip()
            elif line.startswith(RESULT):
                self.result = json.loads(line.removeprefix(RESULT))


def _memory(pid: int) -> int:
    """Bytes in memory of a process and all that come from it."""
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in (root, *root.children(recursive=True)):
            with contextlib.suppress(psutil.NoSuchProcess):
                total += process.memory_info().rss
    return total
