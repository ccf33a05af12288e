"""``studykit db``: care of the database file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from studykit.cli.common import counted, echo_json, json_option, takes

if TYPE_CHECKING:
    from studykit.options import Options

__all__ = ["db"]


@click.group()
def db() -> None:
    """Check, back up, join, repair and prune databases.

    \b
    studykit db check
    studykit db size
    studykit db prune --days 90
    studykit db backup study-2026.db
    studykit db merge shard1.db shard2.db
    """


@db.command()
@takes("store.db")
@json_option
def check(options: Options, as_json: bool) -> int:
    """Look for damage: in every page, every link between tables and the search index.

    The exit code is 1 if there is any.

    \b
    studykit db check
    studykit db check --db mine.db --json

    JSON: path, problems (a list of texts).
    """
    from studykit.store import damage

    problems = damage(options.store.db)
    if as_json:
        echo_json({"path": str(options.store.db), "problems": problems})
    elif not problems:
        click.echo(f"{options.store.db}: no damage found")
    else:
        for problem in problems:
            click.echo(f"{options.store.db}: {problem}")
        click.echo("`studykit db repair` saves what can still be read.", err=True)
    return 1 if problems else 0


_KINDS = {
    "notes": "notes of the talks",
    "search": "the search index",
    "cache": "cached results, made again when needed: `studykit db prune`",
    "decided": "what you decided, and what was paid for",
    "other": "other",
}


@db.command()
@takes("store.db")
@json_option
def size(options: Options, as_json: bool) -> None:
    """Show what takes the room, by table.

    \b
    studykit db size
    studykit db size --db mine.db --json

    JSON: path, tables (table, rows, bytes, kind: notes, search, cache, decided or other).
    """
    from studykit.store import Store, sizes

    with Store.reading(options.store.db) as store:
        tables = sizes(store)
    if as_json:
        echo_json({"path": str(options.store.db), "tables": [to_builtins(table) for table in tables]})
        return
    for kind, told in _KINDS.items():
        of_kind = [table for table in tables if table.kind == kind and table.rows]
        if not of_kind:
            continue
        click.echo(f"{sum(table.bytes for table in of_kind) / 1e6:10.1f} MB  {told}")
        for table in of_kind:
            click.echo(f"{table.bytes / 1e6:10.1f} MB    {table.table} ({counted(table.rows, 'row')})")


@db.command()
@click.option(
    "--days", type=click.FloatRange(min=0), metavar="N", help="Remove cached results older than N days."
)
@click.option(
    "--most",
    type=click.FloatRange(min=0),
    metavar="MB",
    help="Remove the oldest cached results until no more than MB megabytes are left.",
)
@takes("store.db")
@json_option
def prune(days: float | None, most: float | None, options: Options, as_json: bool) -> None:
    """Remove cached results that no talk needs, are old or take up too much room, and shrink the file.

    Without options it removes what belongs to no talk. Notes, locks, decisions, known words, translations
    and answers that were paid for stay. A talk without cached results is computed anew the next time that
    something of it changes.

    \b
    studykit db prune
    studykit db prune --days 90
    studykit db prune --most 500

    JSON: results, vectors, orphans (numbers of what was removed), bytes_freed.
    """
    from studykit.store import Store
    from studykit.store import prune as pruned_of

    with Store.existing(options.store.db) as store:
        pruned = pruned_of(store, older_than_days=days, most_mb=most)
    if as_json:
        echo_json(to_builtins(pruned))
        return
    click.echo(
        f"removed {counted(pruned.results, 'cached result')}, {counted(pruned.vectors, 'vector')} and "
        f"{counted(pruned.orphans, 'orphaned row')}; freed {pruned.bytes_freed / 1e6:.1f} MB"
    )


@db.command()
@click.argument("file", type=click.Path(path_type=Path))
@takes("store.db")
def backup(file: Path, options: Options) -> None:
    """Copy the database to FILE, also while other commands write to it.

    A file of yours with that name is renamed first. To go back to a copy, give it with --db or rename it.

    \b
    studykit db backup study-2026.db
    """
    from studykit.store import Store, back_up

    with Store.existing(options.store.db) as store:
        kept = back_up(store, file)
    click.echo(f"{file}" + (f" (the file that was there is now {kept})" if kept else ""))


@db.command()
@takes("store.db")
@json_option
def repair(options: Options, as_json: bool) -> None:
    """Save what can still be read of a damaged database; the damaged file is kept as NAME.1.

    Notes whose rows were lost are made again by `studykit notes`; a talk's locks and decisions, and the
    words that you know, are saved as far as they can be read.

    \b
    studykit db repair

    JSON: kept (the damaged file), saved (rows by table), orphans (rows without what they belong to),
    incomplete (titles of talks whose notes must be made again).
    """
    from studykit.store import repair as repaired

    done = repaired(options.store.db)
    if as_json:
        echo_json(to_builtins(done, enc_hook=str))
        return
    talks, words = done.saved["talks"], done.saved["known_items"]
    click.echo(
        f"saved {counted(talks, 'talk')}, {counted(words, 'known word')}; the damaged file is {done.kept}"
    )
    for title in done.incomplete:
        click.echo(f"notes of {title} could not be read whole; `studykit notes` makes them again", err=True)


@db.command()
@click.argument("others", metavar="OTHER...", nargs=-1, required=True, type=click.Path(path_type=Path))
@takes("store.db")
@json_option
def merge(others: tuple[Path, ...], options: Options, as_json: bool) -> None:
    """Take over what OTHER databases have: talks, locks, decisions, known words, records of batches.

    What this database has stays, except notes that are older than the other's. Contradictions are reported:
    a talk with other notes, with other locks, under another id; a correction accepted in one database and
    rejected in the other. The OTHER databases are left as they are. Each is taken over as a whole or not at
    all.

    \b
    studykit db merge shard1.db shard2.db shard3.db
    studykit db merge laptop.db --db all.db --json

    JSON: one object for each database: path, talks, renewed, same, locks, decisions, known, records
    (numbers), conflicts (a list of texts).
    """
    from studykit.store import Store, join_database

    shown = []
    with Store(options.store.db) as store:
        for path in others:
            with Store.reading(path) as other:
                joined = join_database(store, other)
            shown.append({"path": str(path), **to_builtins(joined)})
            if not as_json:
                parts = [f"{counted(joined.talks, 'new talk')}", f"{joined.renewed} renewed"]
                parts += [f"{joined.same} the same", counted(joined.locks, "lock")]
                parts += [counted(joined.decisions, "decision"), counted(joined.known, "known word")]
                click.echo(f"{path}: {', '.join(parts)}")
            for conflict in joined.conflicts:
                click.echo(f"conflict: {conflict}", err=True)
    if as_json:
        echo_json(shown)
