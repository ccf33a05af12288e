"""``studykit notes``: bilingual study notes of a talk."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.assisted import assistance_json, assistance_lines, is_empty, print_estimate
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
    warn_of_kept,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.store import Store
    from studykit.talk import NotesResult, StageReport
    from studykit.talk.write.files import Written
    from studykit.types import Notes

__all__ = ["notes"]


class _OneSource(click.Command):
    """Says what a second file is likely meant to be."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if "extra argument" not in error.message:
                raise
            hint = "The talk in the other language goes with --translation; many talks: studykit batch."
            raise click.UsageError(f"{error.message}\n{hint}", ctx) from error


@click.command(cls=_OneSource)
@click.argument("source")
@translation_option
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
    "--chapters", type=click.Path(path_type=Path), metavar="FILE", help='Lines such as "12:30 Title".'
)
@click.option("--dry-run", is_flag=True, help="Estimate what --assist would cost; send and write nothing.")
@takes(
    *("notes.formats", "notes.labels", "notes.edited", "ingest.title", "ingest.url", "ingest.language"),
    *("assist.engine", "assist.features", "assist.context", "assist.budget", "translate.base_url"),
    *("segment.boundaries", "align.encoder", "vocabulary.level", "vocabulary.known", "glossary.paths"),
    *(*FETCHING, *RECOGNITION, "store.db"),
)
@quiet_option
@json_option
def notes(
    source: str,
    translation: Path | None,
    translator: str | None,
    out: Path | None,
    chapters: Path | None,
    dry_run: bool,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> int:
    """Make bilingual study notes of a talk.

    SOURCE is a link to YouTube or another site, a caption file (srt, vtt, json3, srv3, ass, ttml),
    a transcript (Whisper or WhisperX JSON, Whisper's listing), plain text, a recording or film, study
    notes made elsewhere, or a talk in the database, in English or Chinese. The notes are written to
    files and kept in the study database. If you run it again, only what has changed is computed.

    From a link, captions are read in both languages: those made by people, or else automatic ones.
    Machine-translated Chinese is the last resort, and comes with a warning.

    With --assist a language model writes a title, summaries, headings, claims, explanations and questions.
    Each is held against the talk and dropped if it cannot be proven; see docs/assist.md.

    \b
    studykit notes talk.en.vtt --translation talk.zh.txt
    studykit notes 'https://www.youtube.com/watch?v=ID'
    studykit notes talk.en.vtt --translate openai:gpt-4o-mini
    studykit notes talk.en.vtt --translation talk.zh.txt --assist openai:qwen3 --dry-run
    studykit notes talk.srt --url https://youtu.be/ID --chapters chapters.txt
    studykit notes lecture.mp4 --model small
    studykit notes podcast.zh.txt --labels en --format md,json
    """
    from studykit.export import ExportOptions, format_named, labels_named
    from studykit.ingest import file_title, read_chapters
    from studykit.talk import make_notes, open_talk
    from studykit.talk.write.files import write_each

    wanted = [format_named(name) for name in options.notes.formats]
    outputs = ExportOptions(labels=labels_named(options.notes.labels), templates=options.notes.templates)
    if dry_run and not options.assist.engine:
        raise click.UsageError("--dry-run needs a language model: --assist ENGINE:MODEL")
    stated = {"translate.engine": translator, "ingest.chapters": chapters and read_chapters(chapters)}
    options = options.updated({key: value for key, value in stated.items() if value})
    folder = out or Path()
    with _database(options, folder, dry_run=dry_run) as store, StageProgress(quiet=quiet) as progress:
        given: Any = {"translation": translation, "translating": bool(translator) and not dry_run}
        given["encoding"] = not dry_run
        talk = open_talk(source, store=store, options=options, progress=progress, **given)
        if dry_run:
            print_estimate(talk.estimate_assistance(), options.assist.engine or "", as_json=as_json)
            return 0
        result = make_notes(talk)
        title = file_title(Path(source)) if Path(source).is_file() else result.notes.source.title
        shared: Any = {"options": outputs, "store": store, "progress": progress}
        written = write_each(result.notes, result.key, folder, title, wanted, **shared)
    warn(result.warnings)
    warn_of_kept(written)
    (_print_json if as_json else _print_summary)(result, written, options.store.db)
    return 1 if is_empty(result.notes) else 0


def _database(options: Options, folder: Path, *, dry_run: bool) -> AbstractContextManager[Store]:
    """The database, after ``folder``, which it may lie in; a dry run makes neither."""
    from studykit.store import Store

    if dry_run:
        return read_store(options)
    folder.mkdir(parents=True, exist_ok=True)
    return Store(options.store.db)


def _counts(made: Notes) -> dict[str, int]:
    """How much the written notes have of each, with what a language model wrote."""
    from studykit.export.assist.merged import assisted

    shown = assisted(made)
    return {
        "paragraphs": len(made.paragraphs),
        "sentences": len(made.sentences(made.source.language)),
        "beads": len(made.alignment.beads) if made.alignment else 0,
        "terms": len(made.terms),
        "vocabulary": len(shown.glossed),
        "claims": len(shown.claims),
        "findings": len(made.findings),
    }


def _reports(result: NotesResult, written: Sequence[Written]) -> list[StageReport]:
    return [*result.stages, *(file.report for file in written)]


def _print_json(result: NotesResult, written: Sequence[Written], db: Path) -> None:
    made = result.notes
    reports = _reports(result, written)
    document = {
        "source_id": made.source.id,
        "title": made.source.title,
        "duration_s": made.source.duration_s,
        "url": made.source.url,
        "channel": made.source.channel,
        "published": made.source.published,
        **_counts(made),
        "doubtful": _doubtful(made),
        **assistance_json(made),
        "files": [str(file.path) for file in written],
        "database": str(db),
        "cached": {report.stage: report.cached for report in reports},
        "seconds": {report.stage: report.seconds for report in reports},
        "captions": [{"language": track.language, "kind": track.kind} for track in result.captions],
        "warnings": list(result.warnings),
    }
    echo_json(document)


def _doubtful(made: Notes) -> int:
    from studykit.export.doubts import doubtful_paragraphs

    return len(doubtful_paragraphs(made))


def _print_summary(result: NotesResult, written: Sequence[Written], db: Path) -> None:
    from studykit.timecode import to_clock

    made = result.notes
    counts = _counts(made)
    length = f" ({to_clock(made.source.duration_s)})" if made.source.duration_s else ""
    click.echo(f"{made.source.title}{length}")
    remarks = [
        counted(counts["paragraphs"], "paragraph"),
        counted(counts["sentences"], "sentence"),
        counted(counts["terms"], "term"),
        counted(counts["vocabulary"], "vocabulary item"),
        counted(counts["claims"], "claim"),
    ]
    if made.alignment:
        doubtful = _doubtful(made)
        remarks.append(f"{doubtful or 'no'} doubtful paragraph{'' if doubtful == 1 else 's'}")
        if counts["findings"]:
            places = counted(counts["findings"], "place")
            remarks.append(f"{places} to check (studykit check {made.source.id[:8]})")
    elif made.source.language == "en":
        remarks.append("no Chinese yet: add it with --translation FILE or --translate ENGINE")
    click.echo("  " + ", ".join(remarks))
    for line in assistance_lines(made):
        click.echo(f"  {line}")
    for file in written:
        click.echo(f"  {file.path}")
    if all(report.cached for report in _reports(result, written)):
        click.echo("  everything is up to date")
    where = "" if db == Path("study.db") else f" --db {db}"
    click.echo(f"  in {db}: studykit show {made.source.id[:8]}{where}")
