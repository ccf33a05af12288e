"""``studykit review``: doubtful places of an alignment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import echo_json, json_option, takes
from studykit.cli.library.beads import bead_json, bead_lines, counts, headline, neighbour, with_context
from studykit.cli.library.fix import ReviewArguments, fix

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.store import Lock
    from studykit.talk.review.reviewer import ReviewedBead

__all__ = ["review"]


class _TalkFirst(click.Group):
    """A group whose options may also follow TALK, as in a plain command."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("fix", 1) if "fix" in args[1:] else len(args)
        ctx.allow_interspersed_args = True
        return super().parse_args(ctx, [*args[:at], "--", *args[at:]])


@click.group(cls=_TalkFirst, invoke_without_command=True, subcommand_metavar="[fix ACTION …]")
@click.argument("talk")
@click.option(
    "--worst",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="Number of beads to list, worst first.",
)
@click.option("--paragraph", "-p", type=int, metavar="N", help="List all beads of paragraph N instead.")
@takes("notes.doubtful_below", "store.db")
@json_option
@click.pass_context
def review(
    ctx: click.Context,
    talk: str,
    worst: int,
    paragraph: int | None,
    options: Options,
    as_json: bool,
) -> None:
    """Look at doubtful places of an alignment and correct them.

    A bead is a group of English and Chinese sentences that say the same. Lists the beads with the
    lowest scores, each with the bead before and after it; those below notes.doubtful_below (0.8)
    count as doubtful. Locked beads are left out. `studykit review TALK fix --help` explains how to
    correct a bead, using the bead and sentence numbers shown here.

    TALK is the beginning of its id (see `studykit talks`), its title or part of its title.

    \b
    studykit review 3f2a9c01
    studykit review "language model" --worst 5 --json
    studykit review "language model" -p 12
    studykit review "language model" fix merge 12 13

    JSON: talk, title, total, doubtful, locked (counts of beads), beads[{number, score, kind, locked,
    doubtful, paragraph, start_s, end_s, english[{number, text}], chinese[{number, text}], before,
    after}], lost[{english[], chinese[]}] (locks that do not apply: their text has changed).
    """
    ctx.obj = ReviewArguments(talk=talk, options=options, as_json=as_json)
    if ctx.invoked_subcommand:
        return
    from studykit.store import Store
    from studykit.talk.review.reviewer import lost_locks, reviewed
    from studykit.talk.review.reviewer import worst as worst_of

    below = options.notes.doubtful_below
    with Store.reading(options.store.db) as store:
        notes = store.load(store.find(talk))
        lost = lost_locks(store, notes)
    beads = reviewed(notes)
    if paragraph is not None and not 1 <= paragraph <= len(notes.paragraphs):
        raise click.UsageError(f"{notes.source.title} has paragraphs 1 to {len(notes.paragraphs)}")
    shown = (
        worst_of(beads, worst)
        if paragraph is None
        else [bead for bead in beads if bead.paragraph == paragraph]
    )
    if as_json:
        gone = [{"english": lock.source.sentences, "chinese": lock.target.sentences} for lock in lost]
        listed = [_listed(bead, beads, below) for bead in shown]
        echo_json({**counts(notes, beads, below), "beads": listed, "lost": gone})
        return
    lines = [headline(notes, beads, below)]
    for bead in shown:
        lines += ["", *(with_context(beads, bead, below) if paragraph is None else bead_lines(bead, below))]
    click.echo_via_pager(line + "\n" for line in [*lines, *_lost_lines(lost)])


def _listed(bead: ReviewedBead, beads: Sequence[ReviewedBead], below: float) -> dict[str, Any]:
    return {
        **(bead_json(bead, below) or {}),
        "before": bead_json(neighbour(beads, bead, -1), below),
        "after": bead_json(neighbour(beads, bead, 1), below),
    }


def _lost_lines(lost: Sequence[Lock]) -> Iterator[str]:
    for lock in lost:
        yield from ("", "This lock does not apply:")
        yield from (f"       en       {text}" for text in lock.source.sentences)
        yield from (f"       zh       {text}" for text in lock.target.sentences)
    if lost:
        yield from ("", "It will apply again if its text comes back; `fix forget` deletes such locks.")


review.add_command(fix)
