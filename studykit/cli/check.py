"""``studykit check``: does the Chinese say what the English says?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    config_option,
    db_option,
    echo_json,
    json_option,
    load_glossary,
    pipeline_options,
    settings,
)

if TYPE_CHECKING:
    from studykit.types import Finding, Notes

__all__ = ["check"]


@click.command()
@click.argument("english", type=click.Path(path_type=Path), required=False, metavar="[EN]")
@click.argument("chinese", type=click.Path(path_type=Path), required=False, metavar="[ZH]")
@click.option("--talk", metavar="ID", help="Check a talk of the database instead of files.")
@click.option("--strict", is_flag=True, help="Exit with 1 when there are findings.")
@db_option
@config_option
@json_option
def check(
    english: Path | None,
    chinese: Path | None,
    talk: str | None,
    strict: bool,
    db: Path | None,
    config: Path | None,
    as_json: bool,
) -> int:
    """Check that the Chinese says what the English says.

    EN and ZH are captions, transcripts or plain texts; they are aligned first. Finds numbers that
    differ, names and glossary terms that are missing, text left in English, lost negations, text far
    too short or long, and sentences that only one side has. Paragraphs are numbered from 1; in JSON
    from 0.

    \b
    studykit check talk.en.vtt talk.zh.txt
    studykit check --talk 3f2a9c01 --strict
    """
    chosen = settings(config, db)
    if talk is not None and english is None:
        notes = _checked(talk, chosen.db, config)
    elif talk is None and english is not None and chinese is not None:
        from studykit.pipeline import check_files

        notes = check_files(
            english, chinese, glossary=load_glossary(chosen), options=pipeline_options(chosen)
        )
    else:
        raise click.UsageError("give two files, EN and ZH, or --talk ID")
    if as_json:
        echo_json({"findings": [_row(finding) for finding in notes.findings]})
    else:
        _print(notes)
    return 1 if strict and notes.findings else 0


def _checked(talk: str, db: Path, config: Path | None) -> Notes:
    """A stored talk with what the glossary of today finds."""
    from dataclasses import replace

    from studykit.check import check as find
    from studykit.errors import InputError
    from studykit.store import Store

    with Store.existing(db) as store:
        notes = store.load(store.find(talk))
    if notes.alignment is None:
        raise InputError(notes.source.title, "has one language only, so there is nothing to compare")
    return replace(notes, findings=find(notes, load_glossary(settings(config))))


def _row(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "severity": finding.severity,
        "paragraph": finding.paragraph,
        "en": finding.english,
        "zh": finding.chinese,
        "message": finding.message,
    }


def _print(notes: Notes) -> None:
    for finding in notes.findings:
        click.echo(f"({finding.paragraph + 1}) {finding.kind}, {finding.severity}: {finding.message}")
        for text in (finding.english, finding.chinese):
            if text:
                click.echo(f"    {text}")
    count = len(notes.findings)
    click.echo(f"{count or 'no'} finding{'' if count == 1 else 's'} in {len(notes.paragraphs)} paragraphs")
