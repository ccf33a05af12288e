"""``studykit review TALK fix``: correct beads."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
from msgspec import Struct

from studykit.cli.common import echo_json, json_option, quiet_option, takes
from studykit.cli.library.beads import bead_json, bead_lines, counts, headline
from studykit.cli.progress import StageProgress
from studykit.types import LANGUAGES

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.store import Store
    from studykit.talk.review.reviewer import Change, Reviewer

__all__ = ["ReviewArguments", "fix"]

F = TypeVar("F", bound=Callable[..., Any])


class ReviewArguments(Struct, frozen=True, kw_only=True):
    """The arguments of ``review``, passed on to its actions."""

    talk: str
    options: Options
    as_json: bool


@click.group()
def fix() -> None:
    """Correct beads; a corrected bead is locked.

    A locked bead stays as it is when the notes are made again, even if the captions or the
    translation have been edited elsewhere. The notes in the database change at once; the last lines
    of the output show how to rewrite the files.

    \b
    studykit review 3f2a9c01 fix merge 12 13
    studykit review 3f2a9c01 fix split 12 --source 1 --target 2
    studykit review 3f2a9c01 fix move 12 last zh
    studykit review 3f2a9c01 fix set 14-15 16
    studykit review 3f2a9c01 fix lock 12
    studykit review 3f2a9c01 fix undo

    JSON: talk, title, total, doubtful, locked, action, beads[] (the new ones, as in `studykit
    review`, without before and after), warnings[], files[{path, command}].
    """


def _fix_options(command: F) -> F:
    """The options that all actions take."""
    for option in (
        json_option,
        quiet_option,
        takes("align.encoder", "glossary.paths", "store.db"),
    ):
        command = option(command)
    return click.pass_obj(command)  # type: ignore[return-value]


@fix.command()
@click.argument("first", type=int)
@click.argument("second", type=int)
@_fix_options
def merge(review: ReviewArguments, first: int, second: int, **options: Any) -> None:
    """Merge two neighbouring beads.

    \b
    studykit review 3f2a9c01 fix merge 12 13
    """
    from studykit.talk.review import bead_edits as edits

    _run(review, lambda r: r.apply(edits.merge(r.beads, first, second)), **options)


@fix.command()
@click.argument("number", type=int)
@click.option("--source", "--en", type=int, metavar="K", help="Split after this many English sentences.")
@click.option("--target", "--zh", type=int, metavar="K", help="Split after this many Chinese sentences.")
@_fix_options
def split(
    review: ReviewArguments, number: int, source: int | None, target: int | None, **options: Any
) -> None:
    """Split a bead in two.

    The first K English and the first K Chinese sentences become one bead, the rest another. With 0
    on one side, the sentences of the other side form a bead of their own.

    \b
    studykit review 3f2a9c01 fix split 12 --source 1 --target 2
    """
    from studykit.talk.review import bead_edits as edits

    _run(review, lambda r: r.apply(edits.split(r.beads, number, source, target)), **options)


@fix.command()
@click.argument("number", type=int)
@click.argument("which", type=click.Choice(["first", "last"]))
@click.argument("side", type=click.Choice(LANGUAGES))
@_fix_options
def move(
    review: ReviewArguments,
    number: int,
    which: Literal["first", "last"],
    side: Literal["en", "zh"],
    **options: Any,
) -> None:
    """Move a sentence to the neighbouring bead.

    The first sentence of a side goes to the previous bead, the last one to the next bead.

    \b
    studykit review 3f2a9c01 fix move 12 last zh
    studykit review 3f2a9c01 fix move 12 first en
    """
    from studykit.talk.review import bead_edits as edits

    _run(review, lambda r: r.apply(edits.move(r.beads, number, which, side)), **options)


@fix.command("set")
@click.argument("english", metavar="EN")
@click.argument("chinese", metavar="ZH")
@_fix_options
def set_pair(review: ReviewArguments, english: str, chinese: str, **options: Any) -> None:
    """Set which sentences belong together.

    EN and ZH are sentence numbers or ranges, or - for none: a sentence set to - has no counterpart,
    and what was aligned to it goes to the neighbouring beads.

    \b
    studykit review 3f2a9c01 fix set 14-15 16
    studykit review 3f2a9c01 fix set 14 -
    """
    from studykit.talk.review import bead_edits as edits

    sides = _range(english), _range(chinese)
    _run(review, lambda r: r.apply(edits.pair(r.beads, *sides)), **options)


@fix.command()
@click.argument("number", type=int)
@_fix_options
def lock(review: ReviewArguments, number: int, **options: Any) -> None:
    """Lock a bead that is right as it is.

    \b
    studykit review 3f2a9c01 fix lock 12
    """
    from studykit.talk.review import bead_edits as edits

    _run(review, lambda r: r.apply(edits.lock(r.beads, number)), **options)


@fix.command()
@click.argument("number", type=int)
@_fix_options
def unlock(review: ReviewArguments, number: int, **options: Any) -> None:
    """Unlock a bead and leave it to the aligner.

    \b
    studykit review 3f2a9c01 fix unlock 12
    """
    from studykit.talk.review import bead_edits as edits

    _run(review, lambda r: r.apply(edits.unlock(r.beads, number)), **options)


@fix.command()
@_fix_options
def undo(review: ReviewArguments, **options: Any) -> None:
    """Undo the last action; repeat to undo earlier ones.

    \b
    studykit review 3f2a9c01 fix undo
    """
    _run(review, lambda r: r.undo(), **options)


@fix.command()
@_fix_options
def forget(review: ReviewArguments, **options: Any) -> None:
    """Delete the locks that do not apply.

    A lock does not apply if its text has changed or a newer lock contradicts it. Unless deleted, it
    is kept and applies again when its text comes back.

    \b
    studykit review 3f2a9c01 fix forget
    """
    _run(review, lambda r: r.forget(), **options)


def _range(written: str) -> tuple[int, int] | None:
    """``14-15`` or ``14`` as the first and last number, ``-`` as None."""
    if written in {"-", "none"}:
        return None
    found = re.fullmatch(r"(\d+)(?:-(\d+))?", written)
    if not found:
        raise click.UsageError(f"{written!r} is not a sentence number, a range such as 14-15, or - for none")
    return int(found[1]), int(found[2] or found[1])


def _run(
    review: ReviewArguments,
    act: Callable[[Reviewer], Change],
    *,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run an action and report the result."""
    from studykit.glossary import load_glossary
    from studykit.options import Options as Defaults
    from studykit.store import Store
    from studykit.talk.review.reviewer import Reviewer, reviewed

    db = options.store.db if options.store != Defaults().store else review.options.store.db
    with Store.existing(db) as store:
        talk_id = store.find(review.talk)
        with StageProgress(quiet=quiet) as progress:
            reviewer = Reviewer(
                store,
                talk_id,
                glossary=load_glossary(options.glossary.paths),
                options=options,
                progress=progress,
            )
            change = act(reviewer)
        files = _files(store, talk_id, db)
    below = options.notes.doubtful_below
    beads = reviewed(change.notes)
    old = {(bead.source, bead.target, bead.locked) for bead in reviewer.beads}
    new = [b for b in beads if (b.bead.source, b.bead.target, b.bead.locked) not in old]
    for warning in change.warnings:
        click.echo(f"warning: {warning}", err=True)
    if as_json or review.as_json:
        echo_json(
            {
                **counts(change.notes, beads, below),
                "action": change.action,
                "beads": [bead_json(bead, below) for bead in new],
                "warnings": change.warnings,
                "files": [{"path": path, "command": command} for path, command in files],
            }
        )
        return
    click.echo(headline(change.notes, beads, below))
    for bead in new:
        click.echo("\n".join(["", *bead_lines(bead, below)]))
    click.echo(f"\n{change.action}: done. To undo it: `fix undo`")
    if files:
        click.echo("The files have not changed. To rewrite them:")
        for _, command in files:
            click.echo(f"  {command}")


def _files(store: Store, talk_id: str, db: Path) -> list[tuple[str, str]]:
    """Existing files written for a talk, each with the command that rewrites it."""
    where = "" if db == Path("study.db") else f" --db {shlex.quote(str(db))}"
    return [
        (path, f"studykit export {talk_id[:8]} --format {format} -o {shlex.quote(_near(path))}{where}")
        for path, format in store.exports(talk_id)
        if Path(path).exists()
    ]


def _near(path: str) -> str:
    """The path relative to the current folder, if it lies inside."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
