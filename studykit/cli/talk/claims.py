"""``studykit claims``: what a talk claims."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    FETCHING,
    RECOGNITION,
    echo_json,
    json_option,
    quiet_option,
    read_store,
    takes,
    translation_option,
    warn,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.types import Claim, Document

__all__ = ["claims"]


@click.command()
@click.argument("source", metavar="FILE")
@translation_option
@click.option(
    "--top", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="Number of claims."
)
@takes(
    *("ingest.language", "align.encoder", "segment.boundaries", "glossary.paths"),
    *(*FETCHING, *RECOGNITION, "store.db"),
)
@quiet_option
@json_option
def claims(
    source: str, translation: Path | None, top: int, options: Options, quiet: bool, as_json: bool
) -> None:
    """List what a talk claims, with quotes.

    FILE is anything that `studykit notes` takes, including links and talks in the database. Lists
    sentences that state a position, a number, a cause, a comparison or advice, best first, without
    repetitions. Each comes with its verbatim quote, its time and, where there is one, its Chinese; and
    with the mini-demo that tests it, if one does.
    Paragraphs are numbered from 1; in JSON from 0.

    \b
    studykit claims talk.en.vtt --translation talk.zh.txt
    studykit claims podcast.zh.txt --top 20 --json
    """
    from studykit.talk import open_talk

    with read_store(options) as store, StageProgress(quiet=quiet) as progress:
        talk = open_talk(
            source, translation=translation, store=store, options=options, encoding=True, progress=progress
        )
        rows = [_row(claim, talk.texts.lead) for claim in talk.best_claims(top)]
    warn(talk.warnings)
    if as_json:
        echo_json({"claims": rows})
        return
    for number, row in enumerate(rows, 1):
        click.echo(f"{number}. {row['statement']}{_place(row)}")
        if row["statement_zh"] and row["statement_zh"] != row["statement"]:
            click.echo(f"   {row['statement_zh']}")
        click.echo(f"   > {row['quote']}")
        if row["demo"]:
            verdict = f". It finds: {row['verdict']}" if row["verdict"] else ""
            click.echo(f"   Try it: studykit demo run {row['demo']}{verdict}")


def _row(claim: Claim, doc: Document) -> dict[str, Any]:
    (evidence,) = claim.evidence
    sent = doc.sentences[evidence.sentence]
    return {
        "statement": claim.statement or claim.statement_zh,
        "statement_zh": claim.statement_zh,
        "quote": evidence.quote,
        "start_s": sent.start_s,
        "end_s": sent.end_s,
        "paragraph": doc.paragraph_of(sent.index),
        "score": claim.score,
        "demo": claim.demo,
        "verdict": claim.verdict,
    }


def _place(row: dict[str, Any]) -> str:
    from studykit.timecode import to_clock

    time = "" if row["start_s"] is None else f"{to_clock(row['start_s'])}, "
    return f" [{time}¶ {row['paragraph'] + 1}]"
