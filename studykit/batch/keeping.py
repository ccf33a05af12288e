"""Stores what a process of a batch made: results, notes, files, record. Only the writer calls this."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.batch.task import Outcome, Task, in_one_line
from studykit.errors import StudykitError
from studykit.export import ExportOptions, format_named, labels_named
from studykit.files import safe_stem
from studykit.store import BatchRecord, Store, keep_gathered, talk_of
from studykit.talk.notes import Draft, keep_draft
from studykit.talk.write.files import Rendered, path_for, place

__all__ = ["keep_outcome"]


def keep_outcome(
    store: Store, task: Task, record: BatchRecord, outcome: Outcome, *, since: str, last: bool
) -> BatchRecord | None:
    """Store what was made of a talk; returns its record, done or failed.

    Returns None if another talk, stored after ``since``, turned out to be the same: it has to be made again,
    as that one's new state. ``last``: it is stored all the same.
    """
    draft = outcome.draft
    assert draft
    with store.transaction():
        keep_gathered(store, outcome.gathered)
        if not last and _is_another(store, draft, since):
            return None
        keep_draft(store, draft)
    record = replace(record, talk=draft.notes.source.id, title=draft.notes.source.title, cost=draft.spent)
    files, warnings, stage = [], list(draft.warnings), ""
    try:
        for rendered in outcome.files:
            stage = f"export {rendered.format}"
            made = _at_its_place(store, task, draft, rendered)
            kept = place(made, draft.notes.source.id, store=store)
            files.append(str(made.path))
            if kept:
                warnings.append(f"{made.path} was edited or not written by studykit; it is now {kept}")
    except StudykitError as error:
        return replace(
            record,
            status="failed",
            error=in_one_line(error),
            stage=stage,
            files=tuple(files),
        )
    return replace(
        record, status="done", error=None, stage=None, files=tuple(files), warnings=tuple(warnings)
    )


def _is_another(store: Store, draft: Draft, since: str) -> bool:
    """Whether the notes belong to a stored talk that their process did not know of."""
    notes = draft.notes
    known = talk_of(
        store,
        draft.source,
        (sent.raw for sent in notes.sentences(notes.source.language)),
        title=notes.source.title,
        language=notes.source.language,
        imported=notes.source.kind == "notes",
        since=since,
    )
    return known is not None and known != notes.source.id


def _at_its_place(store: Store, task: Task, draft: Draft, made: Rendered) -> Rendered:
    """The file under a name that is still free: talks of other processes may have taken it meanwhile."""
    notes, options = draft.notes, task.chosen().notes
    outputs = ExportOptions(labels=labels_named(options.labels), templates=options.templates)
    stem = safe_stem(task.job.stem or notes.source.title)
    if task.numbered:
        stem = f"{stem} {notes.source.id[:8]}"
    format = format_named(made.format)
    path = path_for(notes, task.folder, stem, format, options=outputs, store=store)
    return made if made.data is None else replace(made, path=path)
