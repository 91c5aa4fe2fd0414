"""Where tasks are done: in this process, in several of this machine, or on a Ray cluster.

In: tasks. Out: their receipts, in any order. The stages do not know which engine runs them, and the tables
do not depend on it.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.running.storage import Storage
from pipeline.running.work import Receipt, Task, Worker
from pipeline.settings import Settings
from pipeline.tools import Tools

#: Fewer articles than this are not worth a process more, which takes seconds to load.
_MIN_ARTICLES = 64


class WorkerLostError(RuntimeError):
    """A worker process ended in the middle of its work."""


class Engine(Protocol):
    """Does tasks.

    Attributes:
        workers: how many tasks it does at a time.
    """

    workers: int

    def run(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do all tasks; the receipts as they come.

        Raises:
            WorkerLostError: a worker process was killed, for want of memory as a rule.
        """

    def close(self) -> None:
        """Stop; tasks that are not done are dropped."""


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass
class LocalEngine:
    """The cores of one machine.

    Attributes:
        tools: of the run; processes load their own.
        storage: where the parts lie.
        wanted: cores to use, all of them if None; small work is done in this process, with as many threads.
        workers: how many cores it is.
    """

    tools: Tools
    storage: Storage
    wanted: int | None = None
    workers: int = field(init=False)
    _own: Worker | None = field(default=None, init=False)
    _pool: ProcessPoolExecutor | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.workers = self.wanted or cores()

    def run(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        """Do all tasks; the receipts as they come."""
        if self._pool is None and (self.workers == 1 or not _is_much(tasks)):
            if self._own is None:
                self._own = Worker(self.tools, self.storage)
            for task in tasks:
                yield self._own.do(task)
            return
        yield from self._in_pool(tasks)

    def _in_pool(self, tasks: Sequence[Task]) -> Iterator[Receipt]:
        if self._pool is None:
            self._pool = ProcessPoolExecutor(
                self.workers,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_start,
                initargs=(self.tools.settings, self.storage),
            )
        try:
            yield from _bounded(self._pool, tasks, ahead=2 * self.workers)
        except BrokenProcessPool as error:
            raise WorkerLostError(
                "a worker process was killed, for want of memory as a rule; what was done is kept: "
                "run the same command again, with fewer --workers if it happens again"
            ) from error

    def close(self) -> None:
        """Stop at once; tasks that are not done are dropped, their parts are whole or not there."""
        if self._pool is not None:
            # Python 3.14 has terminate_workers() for this; to wait for them would take a minute.
            for process in list((self._pool._processes or {}).values()):
                process.terminate()
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None


def _bounded(pool: ProcessPoolExecutor, tasks: Sequence[Task], *, ahead: int) -> Iterator[Receipt]:
    """Receipts as they come, with no more than `ahead` tasks handed out at a time."""
    running: set[Future[Receipt]] = set()
    for task in tasks:
        if len(running) >= ahead:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
        with _deaf_children():
            running.add(pool.submit(_do, task))
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started in the block do not see Ctrl-C, which a terminal sends to all: ours stops them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    old = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)


def _is_much(tasks: Sequence[Task]) -> bool:
    return sum(task.size for task in tasks) > _MIN_ARTICLES


#: The worker of a process of the pool, or of an actor.
_worker: Callable[[Task], Receipt] | None = None


def _start(settings: Settings, storage: Storage) -> None:
    global _worker  # a pool's process has no other place for what it loads once
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _worker = Worker(Tools(settings, threads=1), storage).do


def _end_with_parent() -> None:
    """End this process when the one that started it was killed; it would wait for tasks for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(task: Task) -> Receipt:
    assert _worker is not None  # noqa: S101 - `_start` ran
    return _worker(task)
