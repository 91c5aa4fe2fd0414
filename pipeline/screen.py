"""What commands print on: the screen, a progress bar, and errors as one clear message with an exit code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from pipeline import run
from pipeline.engines import WorkerLostError
from pipeline.kb import KnowledgeBaseError
from pipeline.recognition.loading import ModelError
from pipeline.running.ray_engine import RayMissingError
from pipeline.tables import FolderInUseError

SCREEN = Console()
ERRORS = Console(stderr=True)


class _Rate(ProgressColumn):
    """Files or articles a second."""

    def render(self, task: Task) -> Text:
        return Text("" if not task.speed else f"{task.speed:,.0f}/s")


@contextmanager
def reporting() -> Iterator[run.Progress]:
    """A progress bar, and errors as one clear message with the right exit code."""
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn(),
        console=ERRORS, transient=True,
    )  # fmt: skip
    tasks: dict[str, object] = {}

    def progress(stage: str, done: int, total: int) -> None:
        if stage not in tasks:
            tasks[stage] = bar.add_task(stage, total=total)
        bar.update(tasks[stage], completed=done, total=total)  # type: ignore[arg-type]

    try:
        with bar:
            yield progress
    except run.NothingReadError as error:
        fail(str(error), 1)
    except KeyboardInterrupt:
        fail("interrupted. The tables are as they were; run the same command again to go on.", 130)
    except (FolderInUseError, WorkerLostError) as error:
        fail(str(error), 3)
    except (FileNotFoundError, ModelError, KnowledgeBaseError, RayMissingError, ValueError) as error:
        fail(str(error), 2)
    except OSError as error:
        fail(f"cannot write the tables: {error}", 2)


def fail(message: str, code: int) -> NoReturn:
    """Print an error and leave with that exit code."""
    ERRORS.print(f"[red]error:[/red] {escape(message)}", highlight=False, markup=True, soft_wrap=True)
    raise typer.Exit(code)
