"""``studykit batch``: notes of many talks."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    FETCHING,
    RECOGNITION,
    counted,
    echo_json,
    json_option,
    quiet_option,
    read_store,
    takes,
)

if TYPE_CHECKING:
    from studykit.batch import Job
    from studykit.options import Options
    from studykit.store import BatchRecord, Store

__all__ = ["batch"]


class _Shard(click.ParamType[Any]):
    """``i/N`` as two numbers."""

    name = "i/N"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, int]:
        if isinstance(value, tuple):
            return value
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", str(value))
        if not found or not 1 <= int(found[1]) <= int(found[2]):
            self.fail(f"{value!r} is not such as 1/4, 2/4 … 4/4", param, ctx)
        return int(found[1]), int(found[2])


@click.command()
@click.argument("talks", metavar="MANIFEST|PLAYLIST|FOLDER")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), metavar="DIR", help="Where to write.  [default: here]"
)
@click.option(
    "--translate",
    "translator",
    metavar="ENGINE[:MODEL]",
    help="Translate talks that have no translation: openai:MODEL, transformers[:MODEL].",
)
@click.option(
    "--retry",
    type=click.Choice(["failed", "all"]),
    help="Do those that have failed too, or look at all again.",
)
@click.option(
    "--shard", type=_Shard(), default=(1, 1), metavar="i/N", help="Every Nth talk, from the ith: 1/4 … 4/4."
)
@click.option("--watch", is_flag=True, help="Wait for what arrives in the folder, until Ctrl-C.")
@click.option("--dry-run", is_flag=True, help="Show what would be done; do nothing.")
@takes(
    *("batch.engine", "batch.address", "batch.workers", "batch.sleep_s", "batch.pause_s"),
    *("notes.formats", "notes.labels", "notes.edited"),
    *("ingest.language", "segment.boundaries", "align.encoder", "vocabulary.level", "vocabulary.known"),
    *("glossary.paths", *FETCHING),
    *(key for key in RECOGNITION if key != "transcribe.engine"),
    "store.db",
    recogniser="transcribe.engine",
)
@quiet_option
@json_option
def batch(
    talks: str,
    out: Path | None,
    translator: str | None,
    retry: Any,
    shard: tuple[int, int],
    watch: bool,
    dry_run: bool,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> int:
    """Make notes of many talks: those of a list, a playlist or channel, or a folder.

    MANIFEST lists talks: one link or file a line (as `studykit fetch PLAYLIST` writes it), CSV or JSON
    lines with the columns source, translation, chapters, url, language, title, translate, course, and
    settings such as vocabulary.level. In a FOLDER, files whose names differ in the language alone are
    one talk.

    Run it again, also after it was killed, and it does only what is not done; talks that failed are done
    again with --retry failed. A failure stops no other talk; the exit code is 1 if a talk failed or is
    left. Records of all talks are in the database and, one JSON object a line, in NAME.batch.jsonl.

    \b
    studykit batch course.csv -o notes/
    studykit batch 'https://www.youtube.com/playlist?list=ID' -o notes/
    studykit batch lectures/ -o notes/ --watch
    studykit batch course.csv --shard 3/8 --db shard3.db
    studykit batch course.csv --engine ray --address head:6379 -o /shared/notes
    """
    from studykit.batch import list_talks
    from studykit.store import Store

    folder = out or Path()
    if watch and (dry_run or not Path(talks).is_dir()):
        raise click.UsageError("--watch needs a folder, and does not go with --dry-run")
    if translator:
        options = options.updated({"translate.engine": translator})
    with read_store(options) if dry_run else Store(options.store.db) as store:
        listed, name = list_talks(talks, store=store, options=options.fetch)
        jobs = [_with_engine(job, translator) for job in listed.jobs]
        if not quiet:
            for remark in listed.remarks:
                click.echo(f"note: {remark}", err=True)
        if dry_run:
            return _show_plan(store, jobs, folder, options, retry, shard, as_json)
        arriving = _arriving(Path(talks), store, translator) if watch else None
        records = _run(
            jobs, name, arriving, store=store, folder=folder, options=options, retry=retry, shard=shard,
            quiet=quiet,
        )  # fmt: skip
    if as_json:
        from studykit.batch import as_json as shown

        echo_json([shown(record) for record in records])
    else:
        _print_summary(records)
    return 1 if any(record.status != "done" for record in records) else 0


def _with_engine(job: Job, translator: str | None) -> Job:
    from msgspec.structs import replace

    return replace(job, translate=job.translate or translator)


def _arriving(folder: Path, store: Store, translator: str | None) -> Any:
    from studykit.batch import Arrivals

    arrivals = Arrivals(folder, store)
    return lambda: [_with_engine(job, translator) for job in arrivals()]


def _run(
    jobs: list[Job],
    name: str,
    arriving: Any,
    *,
    store: Store,
    folder: Path,
    options: Options,
    retry: Any,
    shard: tuple[int, int],
    quiet: bool,
) -> list[BatchRecord]:
    from studykit.batch import Batch, Journal, journal_name
    from studykit.cli.library.batch_view import BatchView
    from studykit.export import format_named, labels_named

    for format in options.notes.formats:  # a wrong name would fail every talk
        format_named(format)
    labels_named(options.notes.labels)
    folder.mkdir(parents=True, exist_ok=True)
    with BatchView(quiet=quiet) as view:
        made = Batch(
            store=store,
            folder=folder.absolute(),
            options=options,
            view=view,
            journal=Journal(folder / journal_name(name)),
            retry=retry,
            shard=shard,
        )
        # A folder that is watched is read by `arriving` alone, which waits until files are whole.
        made.run([] if arriving else jobs, arriving=arriving)
    return list(made.records.values())


def _show_plan(
    store: Store,
    jobs: list[Job],
    folder: Path,
    options: Options,
    retry: Any,
    shard: tuple[int, int],
    as_json: bool,
) -> int:
    """What a run would do with each talk."""
    from studykit.batch import as_json as shown
    from studykit.batch import must_do, new_record
    from studykit.store import record_of

    plan = []
    for job in jobs[shard[0] - 1 :: shard[1]]:
        new = new_record(job, folder.absolute(), options)
        old = record_of(store, new.key)
        todo = must_do(store, new, old, retry)
        plan.append((new if todo else old or new, todo, job))
    if as_json:
        echo_json([{**shown(record), "to_do": todo} for record, todo, _ in plan])
        return 0
    for record, todo, job in plan:
        other = f" + {job.translation.name}" if job.translation else ""
        click.echo(f"{'to do' if todo else record.status:8}{job.name}{other}")
    click.echo(f"{counted(len(plan), 'talk')}, {sum(todo for _, todo, _ in plan)} to do")
    return 0


def _print_summary(records: list[BatchRecord]) -> None:
    counts = Counter(record.status for record in records)
    parts = [f"{counts['done']} done"]
    parts += [f"{counts['failed']} failed"] if counts["failed"] else []
    parts += [f"{counts['waiting']} left for the next run"] if counts["waiting"] else []
    click.echo(f"{counted(len(records), 'talk')}: {', '.join(parts)}")
    for record in records:
        if record.status != "done":
            click.echo(f"  {record.title}: {record.error or record.status}")
    if counts["failed"]:
        click.echo("  --retry failed tries them again")
