"""``studykit import``: notes made elsewhere, into the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from studykit.cli.common import counted, echo_json, json_option, quiet_option, takes, warn
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options

__all__ = ["import_"]


@click.command("import")
@click.argument("source", metavar="FILE")
@takes("ingest.title", "ingest.url", "ingest.language", "glossary.paths", "store.db")
@quiet_option
@json_option
def import_(source: str, options: Options, quiet: bool, as_json: bool) -> None:
    """Put study notes or a transcript into the database.

    FILE contains notes made elsewhere: numbered English paragraphs with Chinese, captions in parts with
    translations, or a video's description and captions with a Chinese note for each chapter. Any other
    file that `studykit notes` reads works too. Writes to the database only, no files; repairs text
    damaged by a wrong encoding.

    \b
    studykit import notes.md
    studykit import notes.md --url https://youtu.be/ID --json
    """
    from studykit.store import Store
    from studykit.talk import make_notes, open_talk

    with Store(options.store.db) as store, StageProgress(quiet=quiet) as progress:
        result = make_notes(open_talk(source, store=store, options=options, progress=progress))
    warn(result.warnings)
    made = result.notes
    if as_json:
        echo_json(
            {
                "format": result.format,
                "talk": made.source.id,
                "title": made.source.title,
                "parts": len(made.parts),
                "paragraphs": len(made.paragraphs),
                "entries": len(made.vocabulary),
                "claims": len(made.claims),
                "restored_chars": result.restored_chars,
                "warnings": list(result.warnings),
            }
        )
        return
    counts = [
        counted(len(made.parts), "part"),
        counted(len(made.paragraphs), "paragraph"),
        counted(len(made.vocabulary), "vocabulary item") if made.vocabulary else "",
        counted(len(made.claims), "claim") if made.claims else "",
        f"{counted(result.restored_chars, 'character')} restored" if result.restored_chars else "",
    ]
    click.echo(f"{made.source.title}")
    click.echo(f"  {result.format}: {', '.join(filter(None, counts))}")
    click.echo(f"  in {options.store.db}: studykit show {made.source.id[:8]}")
