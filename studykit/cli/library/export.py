"""``studykit export``: a talk's notes as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import counted, output_option, quiet_option, takes, warn_of_kept
from studykit.cli.library.handout import handout_option, handout_options
from studykit.cli.progress import StageProgress
from studykit.types import SUBTITLE_LANGUAGES

if TYPE_CHECKING:
    from studykit.export import ExportFormat
    from studykit.options import Options
    from studykit.talk.write.files import Skipped, Written
    from studykit.types import Notes, SubtitleLanguages

__all__ = ["export"]


@click.command()
@click.argument("talk")
@click.option(
    "--format", "format_name", required=True, metavar="FORMAT", help="A format from the list above."
)
@output_option("File or folder.  [default: here]")
@click.option(
    "--languages",
    type=click.Choice(SUBTITLE_LANGUAGES),
    help="Languages of subtitles, upper one first.  [default: all that the talk has]",
)
@click.option(
    "--audio",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The talk's recording or film; cards then play their sentence.",
)
@click.option("--push", is_flag=True, help="Add the deck to a running Anki (needs the add-on AnkiConnect).")
@handout_option
@takes("notes.labels", "notes.templates", "anki.url", "store.db")
@quiet_option
def export(
    talk: str,
    format_name: str,
    output: Path | None,
    languages: SubtitleLanguages | None,
    audio: Path | None,
    push: bool,
    sheet: dict[str, Any],
    options: Options,
    quiet: bool,
) -> None:
    """Write a talk's notes to a file, and print its path.

    TALK is the beginning of its id (see `studykit talks`), its title or part of its title.

    \b
    md, html, pdf             study notes; html and pdf also as exercises (--variant)
    md-numbered, md-captions  study notes in two other styles
    epub                      a book for e-readers
    srt, vtt, ass             subtitles
    apkg, anki-tsv            an Anki deck, as package or as table
    csv                       the vocabulary as a table
    json, tmx                 data, translation memory
    all                       every format that this machine can make, into a folder

    \b
    studykit export 3f2a9c01 --format html
    studykit export 3f2a9c01 --format pdf --paper letter --pinyin
    studykit export 3f2a9c01 --format pdf --variant cloze --level B2
    studykit export "language model" --format srt --languages zh-en -o subtitles/
    studykit export 3f2a9c01 --format apkg --audio talk.mp3 --push
    studykit export 3f2a9c01 --format all -o takeaway/
    """
    from studykit.export import FORMATS, ExportOptions, format_named, labels_named
    from studykit.store import Store
    from studykit.talk.write.files import recording_of

    if push and format_name != "apkg":
        raise click.UsageError("--push needs --format apkg")
    format = None if format_name == "all" else format_named(format_name)
    wording = labels_named(options.notes.labels)
    with Store.existing(options.store.db) as store, StageProgress(quiet=quiet) as progress:
        talk_id = store.find(talk)
        notes, key = store.load(talk_id), store.notes_key(talk_id) or ""
        outputs = ExportOptions(
            labels=wording,
            templates=options.notes.templates,
            languages=languages,
            audio=audio or recording_of(notes, store),
            handout=handout_options(sheet, [format] if format else FORMATS.values(), store),
        )
        how = {"options": outputs, "store": store, "progress": progress}
        written, skipped = _written(notes, key, output or Path(), format, **how)
    warn_of_kept(written)
    for file in written:
        click.echo(str(file.path))
    for left in skipped:
        click.echo(f"skipped {left.format}: {left.reason}", err=True)
    if push:
        _push(written[0].path, notes, options.anki.url)


def _written(
    notes: Notes, key: str, path: Path, format: ExportFormat | None, **how: Any
) -> tuple[list[Written], list[Skipped]]:
    """Write one format, or all of them if None; returns what was written and what was skipped."""
    from studykit.files import safe_stem
    from studykit.talk.write.files import write_all, write_each, write_notes

    if format is None:
        path.mkdir(parents=True, exist_ok=True)
        return write_all(notes, key, path, safe_stem(notes.source.title), **how)
    if path.is_dir():
        return write_each(notes, key, path, notes.source.title, [format], **how), []
    return [write_notes(notes, key, path, format, **how)], []


def _push(deck: Path, notes: Notes, url: str) -> None:
    from studykit.engines.programs.ankiconnect import push
    from studykit.export import deck_name

    count = push(deck, deck_name(notes), url=url)
    click.echo(f"{deck_name(notes)}: {counted(count, 'note')} in Anki")
