"""Kill -9 at random moments: runs over little articles in processes of their own, and a watcher of the tables.

    python -m tests.killing --kills 50 --articles 2000

After each kill the tables that can be seen are whole; after the last, a run gives those of a fresh one.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.run import run_all
from pipeline.running.parts import Parts
from pipeline.running.storage import Storage
from pipeline.settings import Settings
from tests.little import fill, tables, write_kb

STAGES = ("read", "clean", "recognise", "link")
ROOT = Path(__file__).resolve().parent.parent


def start(
    corpus: Path,
    out: Path,
    settings: Settings,
    *options: str,
    workers: int,
    stderr: int = subprocess.DEVNULL,
    max_file_bytes: int | None = None,
    before: tuple[str, ...] = (),
) -> subprocess.Popen[bytes]:
    """`vermeld run` as the leader of a process group of its own."""
    command = [
        *before, sys.executable, "-m", "pipeline", "run", str(corpus), "--out", str(out), "--model", settings.model,
        "--kb", str(settings.kb), "--workers", str(workers), *options,
    ]  # fmt: skip

    def limit() -> None:
        if max_file_bytes is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (max_file_bytes, max_file_bytes))

    return subprocess.Popen(  # noqa: S603 - our own command
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=stderr, start_new_session=True, preexec_fn=limit,
        env=os.environ | {"COLUMNS": "300"},
    )  # fmt: skip


class Watcher:
    """Reads every Parquet file that stands under a final name, over and over; `broken` has what it could not."""

    def __init__(self, out: Path) -> None:
        self.out = out
        self.broken: list[str] = []
        self.n_read = 0
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Watcher:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._stop.is_set():
            for folder, subfolders, names in os.walk(self.out):
                subfolders[:] = [name for name in subfolders if not name.startswith(".unfinished-")]
                self._read([Path(folder, name) for name in names if name.endswith(".parquet")])
            self._stop.wait(0.05)

    def _read(self, paths: list[Path]) -> None:
        chosen = [path for path in paths if not path.name.startswith(".")]
        for path in random.sample(chosen, min(len(chosen), 12)):
            try:
                pq.ParquetFile(path).read(use_threads=False)
                self.n_read += 1
            except FileNotFoundError:
                continue
            except (OSError, pa.ArrowException) as error:
                self.broken.append(f"{path}: {error}")


def main() -> int:
    """Run, kill, and compare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    rng = random.Random(args.seed)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        corpus = fill(folder / "corpus", range(args.articles))
        settings = Settings(model="kb", kb=str(write_kb(folder / "kb")))
        began = time.monotonic()
        start(corpus, folder / "heel", settings, workers=2).wait()
        whole = time.monotonic() - began
        sys.stdout.write(f"a run takes {whole:.1f} s\n")
        wanted, out = tables(folder / "heel"), folder / "uit"
        run_all(fill(folder / "eerder", range(9000, 9010)), out, settings, workers=1)
        kills = ended = 0
        found: list[int] = []
        with Watcher(out) as watcher:
            while kills < args.kills:
                # Now and then from the start, else soon there is nothing left to do.
                fresh = ("--fresh",) if rng.random() < 0.6 else ()
                process = start(corpus, out, settings, *fresh, workers=rng.choice((1, 2)))
                began = time.monotonic()
                try:
                    process.wait(rng.uniform(0.1, 1.1) * whole)
                    ended += 1
                    whole = max(1.0, time.monotonic() - began)
                    right = tables(out) == wanted
                except subprocess.TimeoutExpired:
                    os.killpg(process.pid, signal.SIGKILL)
                    process.wait()
                    kills += 1
                    right = True
                    found.append(sum(Parts(Storage(str(out / ".parts"))).index(s).num_rows for s in STAGES))
                sys.stdout.write(
                    f"{kills} killed, {ended} ended, {len(watcher.broken)} broken, {found[-1:]} kept\n"
                )
                sys.stdout.flush()
                if not right:
                    return 1
            report = run_all(corpus, out, settings, workers=2)
        same = tables(out) == wanted
        sys.stdout.write(
            f"{kills} kills, {ended} runs to the end between them; {watcher.n_read} files read meanwhile, broken: "
            f"{watcher.broken}; the last run made {report.made}; tables equal those of a fresh run: {same}\n"
        )
    return 0 if same and not watcher.broken else 1


if __name__ == "__main__":
    raise SystemExit(main())
