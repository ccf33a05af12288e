"""``studykit import``: what others made, into the database."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.common import (
    StageProgress,
    config_option,
    db_option,
    echo_json,
    json_option,
    load_glossary,
    quiet_option,
    settings,
)

__all__ = ["import_"]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--title", help="The talk's title.  [default: as the file says, else its name]")
@click.option("--url", help="Where the talk can be watched; times link there.")
@db_option
@config_option
@quiet_option
@json_option
def import_(
    file: Path,
    title: str | None,
    url: str | None,
    db: Path | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Put study notes or a transcript into the database.

    FILE holds notes that someone made: numbered English paragraphs with Chinese, captions in parts
    with translations, or a video's description and captions with a Chinese note for each chapter. Any
    caption or transcript file that `studykit notes` reads will do as well. Nothing is written but the
    database; text damaged by a wrong encoding is repaired.

    \b
    studykit import notes.md
    studykit import notes.md --url https://youtu.be/ID --json
    """
    from studykit.ingest import IngestOptions
    from studykit.pipeline import STAGES, PipelineOptions, make_notes
    from studykit.store import Store

    chosen = settings(config, db)
    options = PipelineOptions(
        ingest=IngestOptions(title=title, url=url),
        segment=chosen.segment,
        align=chosen.align,
        compose=chosen.compose,
        encoder=chosen.encoder,
    )
    with Store(chosen.db) as store, StageProgress(stages=STAGES, quiet=quiet) as progress:
        result = make_notes(
            file,
            translation=None,
            store=store,
            glossary=load_glossary(chosen),
            options=options,
            progress=progress,
        )
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)
    made = result.notes
    found = {
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
    if as_json:
        echo_json(found)
        return
    click.echo(f"{made.source.title}")
    counts = [f"{found[name]} {name}" for name in ("parts", "paragraphs", "entries", "claims") if found[name]]
    if result.restored_chars:
        counts.append(f"{result.restored_chars} characters restored")
    click.echo(f"  {result.format}: {', '.join(counts)}")
    click.echo(f"  in {chosen.db}: studykit show {made.source.id[:8]}")
