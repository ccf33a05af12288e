"""``studykit correct``: mis-heard and mistranslated terms."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    FETCHING,
    RECOGNITION,
    echo_json,
    json_option,
    output_option,
    quiet_option,
    read_store,
    takes,
    warn,
    write_output,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.talk import Talk
    from studykit.types import Correction, Decision, Sentence, Span

__all__ = ["correct"]

_Places = Sequence[tuple["Span", ...]]


@click.command()
@click.argument("source", required=False, metavar="[FILE]")
@click.option("--talk", metavar="TALK", help="A talk in the database; the same as giving it as FILE.")
@click.option("--apply", "applied", is_flag=True, help="Write a corrected copy of FILE; needs -o.")
@output_option("Where --apply writes the corrected copy.")
@click.option("--revert", type=int, multiple=True, metavar="N", help="Reject correction N permanently.")
@click.option("--accept", type=int, multiple=True, metavar="N", help="Accept proposal N permanently.")
@click.option("--everywhere", is_flag=True, help="With --accept or --revert: in all talks, not in one place.")
@takes("ingest.language", "segment.boundaries", "glossary.paths", *FETCHING, *RECOGNITION, "store.db")
@quiet_option
@json_option
def correct(
    source: str | None,
    talk: str | None,
    applied: bool,
    output: Path | None,
    revert: tuple[int, ...],
    accept: tuple[int, ...],
    everywhere: bool,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> None:
    """List mis-heard and mistranslated terms, and correct them.

    FILE is anything that `studykit notes` takes, including links and talks in the database. A
    correction is made if it is certain enough, and otherwise only proposed. `studykit notes` applies
    corrections by itself; for a talk in the database, you can reject or accept them permanently by
    number, with --everywhere in all talks. To undo it, decide the opposite.

    \b
    studykit correct talk.en.vtt
    studykit correct talk.en.vtt --apply -o talk.fixed.en.vtt
    studykit correct 3f2a9c01 --revert 4 --revert 7
    studykit correct 3f2a9c01 --accept 12 --everywhere
    """
    from studykit.talk import open_talk

    if (source is None) == (talk is None):
        raise click.UsageError("give either FILE or --talk")
    if applied != (output is not None):
        raise click.UsageError("--apply and -o PATH go together")
    if everywhere and not (revert or accept):
        raise click.UsageError("--everywhere needs --accept N or --revert N")
    with read_store(options) as store, StageProgress(quiet=quiet) as progress:
        opened = open_talk(source or talk or "", store=store, options=options, progress=progress)
        found = _found(opened)
        decided = _decisions(opened, found, revert, accept, everywhere=everywhere)
        if decided:
            from studykit.store import decide

            decide(store, opened.id, decided)
            found = _found(opened)
        made, proposed = found
        text, places = _in_file(opened, [*made, *proposed])
    warn(opened.warnings)
    rows = _rows(opened, [*made, *proposed], places)
    if output is not None:
        _write(output, source or "", text, made, places[: len(made)])
    _show(rows[: len(made)], rows[len(made) :], as_json)
    if output is not None and not as_json:
        click.echo(str(output))
    if decided:
        talks = "every talk" if everywhere else "this talk"
        click.echo(f"saved; the next `studykit notes` of {talks} will apply it", err=True)


def _found(talk: Talk) -> tuple[list[Correction], list[Correction]]:
    """The corrections and the mere proposals, in both texts."""
    from studykit.correct import find
    from studykit.store import decisions_of

    decisions = decisions_of(talk.cache.store, talk.id)
    found = [find(doc.sentences, doc.language, talk.glossary, decisions=decisions) for doc in talk.as_cut]
    return [c for made, _ in found for c in made], [c for _, proposed in found for c in proposed]


def _sentences(talk: Talk, correction: Correction) -> Sequence[Sentence]:
    return talk.as_cut.by_language[correction.language].sentences


def _decisions(
    talk: Talk,
    found: tuple[Sequence[Correction], Sequence[Correction]],
    revert: Sequence[int],
    accept: Sequence[int],
    *,
    everywhere: bool,
) -> list[Decision]:
    """The user's decisions. Raises ``click.UsageError`` for a number out of range."""
    from studykit.types import Decision

    both = [*found[0], *found[1]]
    if (revert or accept) and talk.cache.store.notes_key(talk.id) is None:
        raise click.UsageError(
            "--revert and --accept need a talk in the database; run `studykit notes` first"
        )
    for number in (*revert, *accept):
        if not 1 <= number <= len(both):
            raise click.UsageError(f"there is no correction {number}; they are numbered 1 to {len(both)}")
    return [
        Decision(
            language=correction.language,
            sentence=_sentences(talk, correction)[correction.sentence].raw,
            span=correction.span,
            right=correction.right,
            accepted=number in accept,
            everywhere=everywhere,
        )
        for number in (*revert, *accept)
        for correction in [both[number - 1]]
    ]


def _in_file(talk: Talk, corrections: Sequence[Correction]) -> tuple[str | None, _Places]:
    """The text of the file that the talk was read from, and the places of the corrections in it."""
    from studykit.correct.locate import locate
    from studykit.formats import decode, is_recording, read_bytes

    path = Path(talk.read.origin)
    if not path.is_file() or talk.read.talk_id:
        return None, [() for _ in corrections]
    data = read_bytes(path)
    if is_recording(data[:64]):
        return None, [() for _ in corrections]
    text = decode(data, path)
    return text, list(locate(text, talk.as_cut.lead.sentences, corrections))


def _write(output: Path, source: str, text: str | None, made: Sequence[Correction], places: _Places) -> None:
    """Write the corrected file, and warn of corrections whose words are not in it."""
    from studykit.correct.locate import put_right

    if text is None:
        raise click.UsageError(
            f"--apply needs a text file, which {source} is not; `studykit export` writes talks to files"
        )
    write_output(output, put_right(text, made, places))
    lost = [correction.wrong for correction, pieces in zip(made, places, strict=True) if not pieces]
    if lost:
        warn([f"not found in {source}, so not corrected: {', '.join(lost)}"])


def _rows(talk: Talk, corrections: Sequence[Correction], places: _Places) -> list[dict[str, Any]]:
    return [
        {
            "number": number,
            **_row(correction, _sentences(talk, correction)),
            "start": pieces[0].start if pieces else None,
            "end": pieces[-1].end if pieces else None,
        }
        for number, (correction, pieces) in enumerate(zip(corrections, places, strict=True), 1)
    ]


def _row(correction: Correction, sentences: Sequence[Sentence]) -> dict[str, Any]:
    sent = sentences[correction.sentence]
    time_s = sent.start_s
    if time_s is not None and sent.end_s is not None:
        time_s += (sent.end_s - time_s) * correction.span.start / max(1, len(sent.raw))
    return {
        "wrong": correction.wrong,
        "right": correction.right,
        "time_s": None if time_s is None else round(time_s, 1),
        "confidence": correction.confidence,
        "rule": correction.rule,
    }


def _show(made: Sequence[dict[str, Any]], proposed: Sequence[dict[str, Any]], as_json: bool) -> None:
    from studykit.timecode import to_clock

    if as_json:
        echo_json({"corrections": made, "proposals": proposed})
        return
    for heading, rows in (("", made), ("Proposals:", proposed)):
        if heading and rows:
            click.echo(heading)
        for row in rows:
            place = f"[{to_clock(row['time_s'])}]  " if row["time_s"] is not None else ""
            click.echo(
                f"{row['number']:>4}  {place}{row['wrong']} → {row['right']}  "
                f"({row['rule']}, {row['confidence']:.2f})"
            )
    if not made and not proposed:
        click.echo("No mis-heard terms found.", err=True)
