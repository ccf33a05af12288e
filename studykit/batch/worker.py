"""What the processes of a batch do: read talks, make their notes, render their files. They write nothing.

A process keeps its models and language data from one talk to the next. It reads the database and gathers
what would be written for the process that started it; it ends as soon as that one is gone.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Sequence
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import Any

from msgspec.structs import replace

from studykit.batch.board import Board, BoardProgress
from studykit.batch.task import Outcome, Task, in_one_line
from studykit.errors import StudykitError
from studykit.export import ExportOptions, format_named, labels_named
from studykit.files import safe_stem
from studykit.glossary import Glossary, load_glossary
from studykit.options import Options, TranscribeOptions
from studykit.store import Gathered, Store
from studykit.talk import Talk, open_talk
from studykit.talk.notes import Draft, draft_notes
from studykit.talk.write.files import Rendered, path_for, render
from studykit.types import cards_named

__all__ = ["hear", "make", "on_own_card", "progress_of", "start"]

_LOOK_EVERY_S = 0.3
_board: Board | None = None
_row = 0
_has_own_card = False


def start(board: Board, gpus: Sequence[str]) -> None:
    """Prepare a new process. With ``gpus``, it is given one of them, in turn."""
    global _board, _row, _has_own_card
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # ends at once; whoever started it says so
    Thread(target=_end_when_told, args=(board,), daemon=True).start()
    _board, _row, _has_own_card = board, board.take_row(), bool(gpus)
    if gpus:
        os.environ["CUDA_VISIBLE_DEVICES"] = gpus[_row % len(gpus)]


def progress_of(number: int) -> BoardProgress:
    """The progress of the task with this number, as the process that started this one sees it."""
    return BoardProgress(_board, _row, number)


def on_own_card(options: TranscribeOptions) -> TranscribeOptions:
    """The options for a process that sees one card alone, whatever its number was."""
    return replace(options, device="cuda") if _has_own_card and cards_named(options.device) else options


def _end_when_told(board: Board) -> None:
    """End with the parent: one that is killed cannot end its processes, which would wait forever."""
    parent = multiprocessing.parent_process()
    while parent and parent.is_alive() and not board.stopped:
        parent.join(_LOOK_EVERY_S)
    os._exit(1)


def hear(task: Task) -> Outcome:
    """Read a talk, which may mean to transcribe it; its transcript is what is gathered."""

    def work(store: Store, progress: BoardProgress) -> dict[str, Any]:
        _opened(task, store, progress)
        return {}

    return _gathering(task, work)


def make(task: Task) -> Outcome:
    """Make a talk's notes and render its files."""

    def work(store: Store, progress: BoardProgress) -> dict[str, Any]:
        talk = _opened(task, store, progress)
        draft = draft_notes(talk)
        return {"draft": draft, "files": _rendered(task, talk.options, draft, store, progress)}

    return _gathering(task, work)


def _gathering(task: Task, work: Callable[[Store, BoardProgress], dict[str, Any]]) -> Outcome:
    """Do the work over a gathering store; any failure becomes part of the outcome."""
    progress = progress_of(task.number)
    begin = time.perf_counter()
    gathered, made, error = Gathered(), {}, None
    try:
        with Store.gathering(task.options.store.db) as store:
            gathered = store.gathered or gathered
            made = work(store, progress)
    except StudykitError as failure:
        error = in_one_line(failure)
    except Exception as failure:  # one talk never stops the others
        error = f"{type(failure).__name__}: {in_one_line(failure)}"
    return Outcome(
        gathered=gathered,
        seconds=round(time.perf_counter() - begin, 3),
        stages=progress.stages,
        stage=progress.stage or None if error else None,
        error=error,
        **made,
    )


def _opened(task: Task, store: Store, progress: BoardProgress) -> Talk:
    options = task.chosen()
    options = replace(options, transcribe=on_own_card(options.transcribe))
    # The link was fetched before this task was given.
    options = replace(options, fetch=replace(options.fetch, refresh=False))
    return open_talk(
        task.job.source,
        translation=task.job.translation,
        store=store,
        glossary=_glossary(options.glossary.paths),
        options=options,
        translating=task.job.translate is not None,
        progress=progress,
    )


@lru_cache(maxsize=2)
def _glossary(paths: tuple[Path, ...]) -> Glossary:
    """Loaded once for all talks of a process."""
    return load_glossary(paths)


def _rendered(
    task: Task, options: Options, draft: Draft, store: Store, progress: BoardProgress
) -> tuple[Rendered, ...]:
    notes = draft.notes
    outputs = ExportOptions(labels=labels_named(options.notes.labels), templates=options.notes.templates)
    stem = safe_stem(task.job.stem or notes.source.title)
    if task.numbered:
        stem = f"{stem} {notes.source.id[:8]}"
    made = []
    for format in map(format_named, options.notes.formats):
        stage = f"export {format.name}"
        progress.started(stage)
        begin = time.perf_counter()
        path = path_for(notes, task.folder, stem, format, options=outputs, store=store)
        made.append(render(notes, draft.key, path, format, options=outputs, store=store))
        if made[-1].data is not None:
            progress.stages[stage] = round(time.perf_counter() - begin, 3)
    return tuple(made)
