"""``studykit claims``: what a talk holds to be so."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    config_option,
    echo_json,
    json_option,
    load_glossary,
    pipeline_options,
    settings,
)
from studykit.types import LANGUAGES

if TYPE_CHECKING:
    from studykit.types import Claim, Document

__all__ = ["claims"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--translation", type=click.Path(path_type=Path), metavar="FILE", help="The talk in the other language."
)
@click.option(
    "--top", type=click.IntRange(min=1), default=10, show_default=True, metavar="N", help="How many."
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of FILE.  [default: detected]")
@config_option
@json_option
def claims(
    file: Path, translation: Path | None, top: int, language: str | None, config: Path | None, as_json: bool
) -> None:
    """List what a talk claims, with quotes.

    Sentences that state a position, a number, a cause, a comparison or advice, best first and none
    saying what another says. Each comes with its quote, word for word from FILE, its time, and, with
    --translation, its Chinese. Paragraphs are numbered from 1; in JSON from 0.

    \b
    studykit claims talk.en.vtt --translation talk.zh.txt
    studykit claims podcast.zh.txt --top 20 --json
    """
    from studykit.ingest import IngestOptions
    from studykit.pipeline import claims_of_file

    chosen = settings(config)
    found = claims_of_file(
        file,
        translation=translation,
        count=top,
        glossary=load_glossary(chosen),
        options=replace(pipeline_options(chosen), ingest=IngestOptions(language=language)),
    )
    rows = [_row(claim, found.document) for claim in found.claims]
    if as_json:
        echo_json({"claims": rows})
        return
    for number, row in enumerate(rows, 1):
        click.echo(f"{number}. {row['statement']}{_place(row)}")
        if row["statement_zh"] and row["statement_zh"] != row["statement"]:
            click.echo(f"   {row['statement_zh']}")
        click.echo(f"   > {row['quote']}")


def _row(claim: Claim, doc: Document) -> dict[str, Any]:
    (evidence,) = claim.evidence
    sent = doc.sentences[evidence.sentence]
    return {
        "statement": claim.statement or claim.statement_zh,
        "statement_zh": claim.statement_zh,
        "quote": evidence.quote,
        "start_s": sent.start_s,
        "end_s": sent.end_s,
        "paragraph": next(para.index for para in doc.paragraphs if sent.index in para.sentences),
        "score": claim.score,
    }


def _place(row: dict[str, Any]) -> str:
    from studykit.timecode import to_clock

    time = "" if row["start_s"] is None else f"{to_clock(row['start_s'])}, "
    return f" [{time}¶ {row['paragraph'] + 1}]"
