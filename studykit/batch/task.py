"""What a process of a batch is asked to do, and what it answers; both travel between processes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct, field

from studykit.batch.lists.job import Job
from studykit.errors import MissingError
from studykit.ingest import read_chapters
from studykit.options import Options
from studykit.store import Gathered
from studykit.talk.notes import Draft
from studykit.talk.write.files import Rendered

__all__ = ["Outcome", "Task", "in_one_line"]


class Task(Struct, frozen=True, kw_only=True):
    """One talk to do. ``options`` are those of the whole batch."""

    number: int
    """Counts the talks of this run."""
    job: Job
    options: Options
    folder: Path
    """Gets the files."""
    numbered: bool
    """Whether files are named after the talk's id too, since another talk has the same name."""
    digests: tuple[str, ...] = ()
    """Of what its earlier steps in this run have read; results are stored under them."""
    again: bool = False
    """Whether it was made before in this run, without knowing of a talk that turned out to be the same."""

    def chosen(self) -> Options:
        """The options with the talk's own. Raises ``InputError`` for chapters that cannot be read."""
        options = self.options.updated(self.job.settings)
        if self.job.translate:
            options = options.updated({"translate.engine": self.job.translate})
        if self.job.chapters:
            options = options.updated({"ingest.chapters": read_chapters(self.job.chapters)})
        return options


class Outcome(Struct, frozen=True, kw_only=True):
    """What came of a task; ``gathered`` holds what was computed, also if the task failed later."""

    gathered: Gathered
    draft: Draft | None = None
    files: tuple[Rendered, ...] = ()
    seconds: float = 0.0
    """Seconds of work, without waiting."""
    stages: Mapping[str, float] = field(default_factory=dict)
    """Seconds by stage, without those whose result was stored."""
    hears: bool = False
    """Whether the sound of a fetched talk has to be transcribed."""
    stage: str | None = None
    """The stage that failed."""
    error: str | None = None
    """Why it failed, in one line."""
    refused: bool = False
    """Whether it failed because a site refuses further requests for now."""


def in_one_line(error: BaseException) -> str:
    """What went wrong, for a record or a table; what to do about it is left out, unless it is a command."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if isinstance(error, MissingError):
        return " ".join(lines[:2])
    return lines[0] if lines else type(error).__name__
