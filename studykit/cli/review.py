"""``studykit review``: look at doubtful places of an alignment."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.beads import bead_json, bead_lines, counts, headline, neighbour, with_context
from studykit.cli.common import config_option, db_option, echo_json, json_option, settings
from studykit.cli.fix import Given, fix

__all__ = ["review"]


class _TalkFirst(click.Group):
    """A group whose options may also follow TALK, as those of a plain command may."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        at = args.index("fix", 1) if "fix" in args[1:] else len(args)
        ctx.allow_interspersed_args = True
        return super().parse_args(ctx, [*args[:at], "--", *args[at:]])


@click.group(cls=_TalkFirst, invoke_without_command=True, subcommand_metavar="[fix ACTION …]")
@click.argument("talk")
@click.option(
    "--worst", type=click.IntRange(min=1), default=20, show_default=True, help="So many beads, worst first."
)
@click.option("--paragraph", "-p", type=int, metavar="N", help="Instead: all beads of paragraph N.")
@db_option
@config_option
@json_option
@click.pass_context
def review(
    ctx: click.Context,
    talk: str,
    worst: int,
    paragraph: int | None,
    db: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Look at doubtful places of an alignment and put them right.

    A bead is the English and Chinese sentences that say the same. The beads with the lowest scores
    are listed, each with the bead before and after it; those below notes.doubtful_below (0.5) count
    as doubtful. Locked beads are left out. `studykit review TALK fix --help` tells how to put one
    right; beads and sentences go by the numbers shown here.

    TALK is the beginning of its id (`studykit talks` lists them), its title or a part of that.

    \b
    studykit review 3f2a9c01
    studykit review "language model" --worst 5 --json
    studykit review "language model" -p 12
    studykit review "language model" fix merge 12 13

    JSON: talk, title, total, doubtful, locked (counts of beads), beads[{number, score, kind, locked,
    doubtful, paragraph, start_s, end_s, english[{number, text}], chinese[{number, text}], before,
    after}], lost[{english[], chinese[]}] (locks that do not apply: their text has changed).
    """
    ctx.obj = Given(talk=talk, db=db, config=config, as_json=as_json)
    if ctx.invoked_subcommand:
        return
    from studykit.pipeline import lost_locks, reviewed
    from studykit.pipeline import worst as worst_of
    from studykit.store import Store

    chosen = settings(config, db)
    below = chosen.compose.doubtful_below
    with Store.existing(chosen.db) as store:
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
        listed = [
            {
                **(bead_json(bead, below) or {}),
                "before": bead_json(neighbour(beads, bead, -1), below),
                "after": bead_json(neighbour(beads, bead, 1), below),
            }
            for bead in shown
        ]
        gone = [{"english": lock.source.sentences, "chinese": lock.target.sentences} for lock in lost]
        echo_json({**counts(notes, beads, below), "beads": listed, "lost": gone})
        return
    lines = [headline(notes, beads, below)]
    for bead in shown:
        lines += ["", *(with_context(beads, bead, below) if paragraph is None else bead_lines(bead, below))]
    for lost_lock in lost:
        lines += ["", "A lock that does not apply:"]
        lines += [f"       en       {text}" for text in lost_lock.source.sentences]
        lines += [f"       zh       {text}" for text in lost_lock.target.sentences]
    if lost:
        lines += ["", "It applies again when its text comes back; `fix forget` gives such locks up."]
    click.echo_via_pager(line + "\n" for line in lines)


review.add_command(fix)
