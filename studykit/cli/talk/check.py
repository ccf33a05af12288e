"""``studykit check``: does the Chinese say what the English says?"""

from __future__ import annotations

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
    translation_option,
    warn,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.options import Options
    from studykit.types import Finding

__all__ = ["check"]


@click.command()
@click.argument("source", required=False, metavar="[EN]")
@click.argument("chinese", type=click.Path(path_type=Path), required=False, metavar="[ZH]")
@translation_option
@click.option("--talk", metavar="ID", help="A talk in the database; the same as giving it as EN.")
@click.option("--strict", is_flag=True, help="Exit with code 1 if there are findings.")
@takes(
    *("ingest.language", "align.encoder", "segment.boundaries", "glossary.paths"),
    *(*FETCHING, *RECOGNITION, "store.db"),
)
@quiet_option
@json_option
def check(
    source: str | None,
    chinese: Path | None,
    translation: Path | None,
    talk: str | None,
    strict: bool,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> int:
    """Check that the Chinese says what the English says.

    EN is anything that `studykit notes` takes: a file, together with its translation ZH; a link or notes
    in both languages; a talk in the database. Finds numbers that differ, missing names and glossary
    terms, text left in English, lost negations and words turned into their opposites, text that is far
    too short or long, and sentences that only one side has, or that stand in another paragraph.
    Paragraphs are numbered from 1; in JSON from 0.

    \b
    studykit check talk.en.vtt talk.zh.txt
    studykit check 3f2a9c01 --strict
    """
    from studykit.talk import open_talk

    if (source is None) == (talk is None) or (chinese and translation):
        raise click.UsageError("give two files, EN and ZH, or one talk that has both languages")
    with read_store(options) as store, StageProgress(quiet=quiet) as progress:
        opened = open_talk(
            source or talk or "",
            translation=chinese or translation,
            store=store,
            options=options,
            encoding=True,
            progress=progress,
        )
        findings, paragraphs = opened.findings, len(opened.bare_notes.paragraphs)
    warn(opened.warnings)
    if as_json:
        echo_json({"findings": [_row(finding) for finding in findings]})
    else:
        _print(findings, paragraphs)
    return 1 if strict and findings else 0


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "paragraph": finding.paragraph,
        "en": finding.english,
        "zh": finding.chinese,
        "message": finding.message,
        "message_zh": finding.message_zh,
    }


def _print(findings: Sequence[Finding], paragraphs: int) -> None:
    for finding in findings:
        click.echo(f"({finding.paragraph + 1}) {finding.kind}, {finding.severity}: {finding.message}")
        for text in (finding.english, finding.chinese):
            if text:
                click.echo(f"    {text}")
    found = counted(len(findings), "finding") if findings else "no findings"
    click.echo(f"{found} in {counted(paragraphs, 'paragraph')}")
