"""``studykit correct``: mis-heard terms, in a file or in a stored talk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import config_option, db_option, echo_json, json_option, load_glossary, settings
from studykit.types import LANGUAGES

if TYPE_CHECKING:
    from studykit.config import Config
    from studykit.glossary import Glossary
    from studykit.types import Correction, Sentence

__all__ = ["correct"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--talk", metavar="TALK", help="A talk in the database instead of a file.")
@click.option(
    "--glossary",
    "extra",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Your own glossary, used beside the built-in one.",
)
@click.option("--apply", "applied", is_flag=True, help="Write FILE with the corrections made; needs -o.")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="PATH", help="Where --apply writes.")
@click.option("--revert", type=int, multiple=True, metavar="N", help="Reject correction N of TALK for good.")
@click.option("--accept", type=int, multiple=True, metavar="N", help="Make proposal N of TALK for good.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of FILE.  [default: detected]")
@db_option
@config_option
@json_option
def correct(
    file: Path | None,
    talk: str | None,
    extra: Path | None,
    applied: bool,
    output: Path | None,
    revert: tuple[int, ...],
    accept: tuple[int, ...],
    language: str | None,
    db: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """List mis-heard and mistranslated terms, and put them right.

    FILE may be captions, a transcript or plain text, in English or Chinese. What is sure enough is
    corrected, the rest only proposed. `studykit notes` corrects by itself; with --talk its corrections
    are listed by number, to be rejected or accepted for good.

    \b
    studykit correct talk.en.vtt
    studykit correct talk.en.vtt --apply -o talk.fixed.en.vtt
    studykit correct --talk 3f2a9c01 --revert 4 --revert 7
    """
    if (file is None) == (talk is None):
        raise click.UsageError("name a FILE, or a talk with --talk")
    if applied != (output is not None) or (applied and file is None):
        raise click.UsageError("--apply and -o PATH go together, with a FILE")
    if (revert or accept) and talk is None:
        raise click.UsageError("--revert and --accept need --talk")
    chosen = settings(config, db)
    if extra is not None:
        chosen = replace(chosen, glossaries=(*chosen.glossaries, extra))
    if file is not None:
        _of_file(file, language, load_glossary(chosen), output, as_json)
    elif talk is not None:
        _of_talk(talk, chosen, revert, accept, as_json)


def _of_file(
    file: Path, language: str | None, glossary: Glossary, output: Path | None, as_json: bool
) -> None:
    from studykit.correct import find
    from studykit.correct.locate import locate, put_right
    from studykit.files import write_whole
    from studykit.formats import decode, read_bytes
    from studykit.ingest import IngestOptions, ingest_file
    from studykit.segment import segment

    data = read_bytes(file)
    text = decode(data, file)
    doc = segment(ingest_file(file, data, IngestOptions(language=language)).transcript)
    made, proposed = find(doc.sentences, doc.language, glossary)
    both = [*made, *proposed]
    places = locate(text, doc.sentences, both)
    rows = [
        {
            **_row(correction, doc.sentences),
            "start": pieces[0].start if pieces else None,
            "end": pieces[-1].end if pieces else None,
        }
        for correction, pieces in zip(both, places, strict=True)
    ]
    if output is not None:
        write_whole(output, put_right(text, made, places[: len(made)]))
        lost = [row["wrong"] for row in rows[: len(made)] if row["start"] is None]
        if lost:
            click.echo(f"warning: not found in {file}, so left as they are: {', '.join(lost)}", err=True)
    _show(rows[: len(made)], rows[len(made) :], as_json)
    if output is not None and not as_json:
        click.echo(str(output))


def _of_talk(talk: str, chosen: Config, revert: Sequence[int], accept: Sequence[int], as_json: bool) -> None:
    from studykit.correct import Decision, find
    from studykit.store import Store, decide, decisions_of, lineage_of

    glossary = load_glossary(chosen)
    with Store.existing(chosen.db) as store:
        notes = store.load(store.find(talk))
        lineage = lineage_of(store, notes.source.id)

        def listed() -> tuple[list[Correction], list[Correction]]:
            decisions = decisions_of(store, lineage)
            found = [
                find(notes.sentences(language), language, glossary, decisions=decisions)
                for language in ("en", "zh")
            ]
            return [c for made, _ in found for c in made], [c for _, proposed in found for c in proposed]

        made, proposed = listed()
        both = [*made, *proposed]
        for number in (*revert, *accept):
            if not 1 <= number <= len(both):
                raise click.UsageError(f"there is no correction {number}; they are numbered 1 to {len(both)}")
        decided = [
            Decision(
                language=both[number - 1].language,
                sentence=notes.sentences(both[number - 1].language)[both[number - 1].sentence].raw,
                span=both[number - 1].span,
                right=both[number - 1].right,
                accepted=number in accept,
            )
            for number in (*revert, *accept)
        ]
        decide(store, lineage, decided)
        if decided:
            made, proposed = listed()
    rows = [
        {"number": number, **_row(correction, notes.sentences(correction.language))}
        for number, correction in enumerate([*made, *proposed], 1)
    ]
    _show(rows[: len(made)], rows[len(made) :], as_json)
    if decided:
        click.echo("kept; the next `studykit notes` of this talk goes by it", err=True)


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
    for heading, rows in (("", made), ("Only proposed:", proposed)):
        if heading and rows:
            click.echo(heading)
        for row in rows:
            number = f"{row['number']:>4}  " if "number" in row else ""
            place = f"[{to_clock(row['time_s'])}]  " if row["time_s"] is not None else ""
            click.echo(
                f"{number}{place}{row['wrong']} → {row['right']}  ({row['rule']}, {row['confidence']:.2f})"
            )
    if not made and not proposed:
        click.echo("Nothing sounds mis-heard.", err=True)
