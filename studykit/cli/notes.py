"""``studykit notes``: the main job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    StageProgress,
    boundaries_option,
    config_option,
    db_option,
    echo_json,
    fetch_options,
    fetching_option,
    json_option,
    load_glossary,
    pipeline_options,
    quiet_option,
    settings,
)
from studykit.cli.transcribe import chosen_recognition, recognition_options
from studykit.types import LANGUAGES

if TYPE_CHECKING:
    from studykit.pipeline import NotesResult, Written
    from studykit.types import Notes

__all__ = ["notes"]


@click.command()
@click.argument("source")
@click.option(
    "--translation", type=click.Path(path_type=Path), metavar="FILE", help="The talk in the other language."
)
@click.option(
    "--translate",
    "translator",
    metavar="ENGINE[:MODEL]",
    help="Translate a talk that has no translation: openai:MODEL, transformers[:MODEL], captions.",
)
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), metavar="DIR", help="Where to write.  [default: here]"
)
@click.option(
    "--format",
    "formats",
    metavar="LIST",
    help="As of `studykit export`, several with commas.  [default: md,html]",
)
@click.option("--labels", type=click.Choice(LANGUAGES), help="Language of headings.  [default: zh]")
@click.option("--title", help="The talk's title.  [default: as the file says, else its name]")
@click.option("--url", help="Where the talk can be watched; times link there.")
@click.option(
    "--chapters", type=click.Path(path_type=Path), metavar="FILE", help='Lines such as "12:30 Title".'
)
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of SOURCE.  [default: detected]")
@recognition_options
@click.option("--encoder", metavar="NAME", help="Sentence encoder.  [default: usem]")
@fetching_option
@boundaries_option
@db_option
@config_option
@quiet_option
@json_option
def notes(
    source: str,
    translation: Path | None,
    translator: str | None,
    out: Path | None,
    formats: str | None,
    labels: str | None,
    title: str | None,
    url: str | None,
    chapters: Path | None,
    language: str | None,
    engine: str | None,
    model: str | None,
    device: str | None,
    diarize: bool,
    encoder: str | None,
    fetching: dict[str, Any],
    boundaries: str | None,
    db: Path | None,
    config: Path | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Make bilingual study notes of a talk.

    SOURCE is a link to YouTube or another site, a caption file (srt, vtt, json3, srv3, ass, ttml),
    a transcript (Whisper or WhisperX JSON, Whisper's listing), plain text, or a recording or film,
    in English or Chinese. The notes are written as files and kept in the study database. Run again,
    only what has changed is done.

    Of a link, captions are read in both languages: made by people, else automatic; Chinese that a
    machine translated only as a last resort, with a warning.

    \b
    studykit notes talk.en.vtt --translation talk.zh.txt
    studykit notes 'https://www.youtube.com/watch?v=ID'
    studykit notes talk.en.vtt --translate openai:gpt-4o-mini
    studykit notes talk.srt --url https://youtu.be/ID --chapters chapters.txt
    studykit notes lecture.mp4 --model small
    studykit notes podcast.zh.txt --labels en --format md,json
    """
    from studykit.export import ExportOptions, format_named, labels_named
    from studykit.files import safe_stem
    from studykit.ingest import IngestOptions, file_title, is_link, local_file, read_chapters
    from studykit.pipeline import LINK_STAGES, STAGES, TRANSLATION_STAGES, make_notes, write_notes
    from studykit.store import Store

    chosen = settings(config, db)
    wanted = [format_named(name.strip()) for name in (formats.split(",") if formats else chosen.formats)]
    outputs = ExportOptions(labels=labels_named(labels or chosen.labels), templates=chosen.templates)
    options = replace(
        pipeline_options(chosen),
        fetch=fetch_options(chosen, fetching),
        ingest=IngestOptions(
            language=language, title=title, url=url, chapters=read_chapters(chapters) if chapters else ()
        ),
        transcribe=replace(
            chosen_recognition(chosen, engine=engine, model=model, device=device, diarize=diarize),
            language=language,
        ),
        translate=replace(chosen.translate, engine=translator or chosen.translate.engine),
        translating=translator is not None and translation is None,
        encoder=encoder or chosen.encoder,
        boundaries=boundaries or chosen.boundaries,
    )
    path = None if is_link(source) else local_file(source)
    folder = out or Path()
    folder.mkdir(parents=True, exist_ok=True)
    stages = STAGES + (TRANSLATION_STAGES if translation or translator or not path else 0) + len(wanted)
    stages += 0 if path else LINK_STAGES
    with Store(chosen.db) as store, StageProgress(stages=stages, quiet=quiet) as progress:
        result = make_notes(
            path or source,
            translation=translation,
            store=store,
            glossary=load_glossary(chosen),
            options=options,
            progress=progress,
        )
        stem = safe_stem(file_title(path) if path else result.notes.source.title)
        written = [
            write_notes(
                result.notes,
                result.key,
                folder / format.file_name(stem, outputs),
                format,
                options=outputs,
                store=store,
                progress=progress,
            )
            for format in wanted
        ]
    for warning in result.warnings:
        click.echo(f"warning: {warning}", err=True)
    for file in written:
        if file.kept:
            click.echo(f"note: another {file.path} was there; it is now {file.kept}", err=True)
    if as_json:
        echo_json(_summary(result, written, chosen.db))
    else:
        _print_summary(result, written, chosen.db)


def _counts(made: Notes) -> dict[str, int]:
    return {
        "paragraphs": len(made.paragraphs),
        "sentences": len(made.sentences(made.source.language)),
        "beads": len(made.alignment.beads) if made.alignment else 0,
        "terms": len(made.terms),
        "vocabulary": len(made.vocabulary),
        "claims": len(made.claims),
        "findings": len(made.findings),
    }


def _summary(result: NotesResult, written: Sequence[Written], db: Path) -> dict[str, Any]:
    made = result.notes
    reports = [*result.stages, *(file.report for file in written)]
    return {
        "source_id": made.source.id,
        "title": made.source.title,
        "duration_s": made.source.duration_s,
        "url": made.source.url,
        "channel": made.source.channel,
        "published": made.source.published,
        **_counts(made),
        "doubtful": sum(para.doubtful for para in made.paragraphs),
        "files": [str(file.path) for file in written],
        "database": str(db),
        "cached": {report.stage: report.cached for report in reports},
        "seconds": {report.stage: report.seconds for report in reports},
        "captions": [{"language": track.language, "kind": track.kind} for track in result.captions],
        "warnings": list(result.warnings),
    }


def _print_summary(result: NotesResult, written: Sequence[Written], db: Path) -> None:
    from studykit.timecode import to_clock

    made = result.notes
    counts = _counts(made)
    spoken = f" ({to_clock(made.source.duration_s)})" if made.source.duration_s else ""
    click.echo(f"{made.source.title}{spoken}")
    doubtful = sum(para.doubtful for para in made.paragraphs)
    remarks = [
        f"{counts['paragraphs']} paragraphs",
        f"{counts['sentences']} sentences",
        f"{counts['terms']} terms",
        f"{counts['vocabulary']} words and expressions",
        f"{counts['claims']} claims",
    ]
    if made.alignment:
        remarks.append(f"{doubtful} doubtful" if doubtful else "none doubtful")
        remarks.append(f"{counts['findings']} to compare (studykit check --talk {made.source.id[:8]})")
    elif made.source.language == "en":
        remarks.append("no Chinese yet: add it with --translation FILE or --translate ENGINE")
    click.echo("  " + ", ".join(remarks))
    for file in written:
        click.echo(f"  {file.path}")
    cached = [report for report in (*result.stages, *(file.report for file in written)) if report.cached]
    if len(cached) == len(result.stages) + len(written):
        click.echo("  nothing had changed: all of it was there already")
    click.echo(
        f"  in {db}: studykit show {made.source.id[:8]}" + (f" --db {db}" if db != Path("study.db") else "")
    )
