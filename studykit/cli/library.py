"""Reading the study database: ``talks``, ``show``, ``search``, ``export``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    StageProgress,
    config_option,
    db_option,
    echo_json,
    json_option,
    quiet_option,
    settings,
)
from studykit.cli.handout import handout_option, handout_options
from studykit.types import LANGUAGES, SUBTITLE_LANGUAGES

if TYPE_CHECKING:
    from studykit.export import NotesContext, Run
    from studykit.types import SubtitleLanguages

__all__ = ["export", "search", "show", "talks"]


@click.command()
@db_option
@config_option
@json_option
def talks(db: Path | None, config: Path | None, as_json: bool) -> None:
    """List the talks in the database.

    \b
    studykit talks
    studykit talks --db mine.db --json
    """
    from studykit.store import Store
    from studykit.timecode import to_clock

    chosen = settings(config, db)
    with Store.existing(chosen.db) as store:
        rows = store.talks()
    if as_json:
        echo_json([asdict(row) for row in rows])
        return
    if not rows:
        click.echo("No talks yet. `studykit notes FILE` adds one.")
    for row in rows:
        length = to_clock(row.duration_s) if row.duration_s is not None else "-"
        languages = "en+zh" if row.translated else row.language
        where = ", ".join(fact for fact in (row.channel, row.published) if fact)
        click.echo(
            f"{row.id[:8]}  {length:>8}  {row.paragraphs:>4} ¶  {languages:<5}  {row.title}"
            + (f" ({where})" if where else "")
        )


@click.command()
@click.argument("talk")
@click.option("--paragraph", "-p", type=int, metavar="N", help="Only paragraph N.")
@click.option("--raw", is_flag=True, help="The English as read, neither corrected nor edited.")
@db_option
@config_option
@json_option
def show(
    talk: str, paragraph: int | None, raw: bool, db: Path | None, config: Path | None, as_json: bool
) -> None:
    """Show a talk's notes in the terminal.

    TALK is the beginning of its id (`studykit talks` lists them), its title or a part of that.

    \b
    studykit show 3f2a9c01
    studykit show "language model" -p 12
    """
    import json

    from studykit.export import LABELS, notes_context, notes_json
    from studykit.store import Store

    chosen = settings(config, db)
    with Store.existing(chosen.db) as store:
        notes = store.load(store.find(talk))
    if paragraph is not None and not 1 <= paragraph <= len(notes.paragraphs):
        raise click.UsageError(f"{notes.source.title} has paragraphs 1 to {len(notes.paragraphs)}")
    if as_json:
        document = json.loads(notes_json(notes))
        echo_json(document if paragraph is None else document["paragraphs"][paragraph - 1])
        return
    click.echo_via_pager(_lines(notes_context(notes, LABELS[chosen.labels]), paragraph, raw))


def _lines(notes: NotesContext, only: int | None, raw: bool) -> Iterator[str]:
    """Notes as styled text, terms in bold; ``raw``: the English as read."""

    def text(runs: Sequence[Run]) -> str:
        return "".join(click.style(run.text, bold=True) if run.term else run.text for run in runs)

    yield click.style(notes.title, bold=True) + "\n"
    if notes.url:
        yield notes.url + "\n"
    for part in notes.parts:
        if part.title and only is None:
            yield (
                "\n"
                + click.style(f"{notes.labels.part.format(part.number)} {part.title}", underline=True)
                + "\n"
            )
        for para in part.paragraphs:
            if only not in {None, para.number}:
                continue
            place = f" [{para.time.label}]" if para.time else ""
            doubt = f"  ? {notes.labels.doubtful}" if para.doubtful else ""
            yield "\n" + click.style(f"({para.number}){place}{doubt}", dim=True) + "\n"
            english = para.as_read if raw and para.as_read else text(para.english)
            for language_text in (english, text(para.chinese)):
                if language_text:
                    yield language_text + "\n"
            for term in para.terms:
                definition = (
                    term.definition_zh if notes.labels.language.startswith("zh") else term.definition_en
                )
                yield f"  * {click.style(term.english, bold=True)} {term.chinese}: {definition}\n"


@click.command()
@click.argument("query")
@click.option("--talk", metavar="TALK", help="Only in this talk.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="At most so many places."
)
@db_option
@config_option
@json_option
def search(
    query: str, talk: str | None, limit: int, db: Path | None, config: Path | None, as_json: bool
) -> None:
    """Search all talks, in English and Chinese.

    Finds the sentences that hold every word of QUERY, anywhere in them; put words that belong
    together in double quotes. Exit code 0 also when nothing is found.

    \b
    studykit search "reward model"
    studykit search 权重 --limit 5 --json
    """
    from studykit.export import link_at
    from studykit.store import Store
    from studykit.store import search as search_store
    from studykit.timecode import to_clock

    chosen = settings(config, db)
    with Store.existing(chosen.db) as store:
        hits = search_store(store, query, talk_id=store.find(talk) if talk else None, limit=limit)
    if as_json:
        echo_json([{**asdict(hit), "link": link_at(hit.url, hit.start_s)} for hit in hits])
        return
    if not hits:
        click.echo(f"Nothing found for {query!r}.", err=True)
    for hit in hits:
        place = f" [{to_clock(hit.start_s)}]" if hit.start_s is not None else ""
        click.echo(click.style(f"{hit.title} ({hit.paragraph}){place}", bold=True))
        click.echo(f"  {hit.text}")
        other = hit.chinese if hit.language == "en" else hit.english
        if other:
            click.echo(click.style(f"  {other}", dim=True))
        link = link_at(hit.url, hit.start_s)
        if link:
            click.echo(f"  {link}")


@click.command()
@click.argument("talk")
@click.option("--format", "format_name", required=True, metavar="FORMAT", help="One of those above.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="PATH", help="File or folder.  [default: here]"
)
@click.option("--labels", type=click.Choice(LANGUAGES), help="Language of headings.  [default: zh]")
@click.option(
    "--languages",
    type=click.Choice(SUBTITLE_LANGUAGES),
    help="Of subtitles, upper one first.  [default: all there are]",
)
@click.option(
    "--audio",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The talk's recording or film: cards get the sound of their sentence.",
)
@click.option("--push", is_flag=True, help="Put the apkg into the Anki that runs here (add-on AnkiConnect).")
@handout_option
@db_option
@config_option
@quiet_option
def export(
    talk: str,
    format_name: str,
    output: Path | None,
    labels: str | None,
    languages: SubtitleLanguages | None,
    audio: Path | None,
    push: bool,
    sheet: dict[str, Any],
    db: Path | None,
    config: Path | None,
    quiet: bool,
) -> None:
    """Write a talk's notes to a file, and print its path.

    TALK is the beginning of its id (`studykit talks` lists them), its title or a part of that.

    \b
    md, html, pdf             study notes; html and pdf also as other sheets
    md-numbered, md-captions  study notes in two more styles
    epub                      a book for e-readers
    srt, vtt, ass             subtitles
    apkg, anki-tsv            an Anki deck, as package or as table
    csv                       the vocabulary as a table
    json, tmx                 data, translation memory
    all                       each of them that this machine can make, into a folder

    \b
    studykit export 3f2a9c01 --format html
    studykit export 3f2a9c01 --format pdf --paper letter --pinyin
    studykit export 3f2a9c01 --format pdf --variant cloze --level B2
    studykit export "language model" --format srt --languages zh-en -o subtitles/
    studykit export 3f2a9c01 --format apkg --audio talk.mp3 --push
    studykit export 3f2a9c01 --format all -o takeaway/
    """
    from studykit.export import FORMATS, ExportOptions, deck_name, format_named, labels_named
    from studykit.files import safe_stem
    from studykit.pipeline import Skipped, recording_of, write_all, write_notes
    from studykit.store import Store

    chosen = settings(config, db)
    if push and format_name != "apkg":
        raise click.UsageError("--push goes with --format apkg")
    format = None if format_name == "all" else format_named(format_name)
    wording = labels_named(labels or chosen.labels)
    skipped: list[Skipped] = []
    with (
        Store.existing(chosen.db) as store,
        StageProgress(stages=1 if format else len(FORMATS), quiet=quiet) as progress,
    ):
        talk_id = store.find(talk)
        notes = store.load(talk_id)
        key = store.notes_key(talk_id) or ""
        options = ExportOptions(
            labels=wording,
            templates=chosen.templates,
            languages=languages,
            audio=audio or recording_of(notes, store),
            handout=handout_options(sheet, [format] if format else FORMATS.values(), store),
        )
        stem = safe_stem(notes.source.title)
        path = output or Path()
        if format:
            path = path / format.file_name(stem, options) if path.is_dir() else path
            written = [write_notes(notes, key, path, format, options=options, store=store, progress=progress)]
        else:
            path.mkdir(parents=True, exist_ok=True)
            written, skipped = write_all(
                notes, key, path, stem, options=options, store=store, progress=progress
            )
    for file in written:
        if file.kept:
            click.echo(f"note: another {file.path} was there; it is now {file.kept}", err=True)
        click.echo(str(file.path))
    for left in skipped:
        click.echo(f"skipped {left.format}: {left.reason}", err=True)
    if push:
        from studykit.engines.programs.ankiconnect import push as push_deck

        count = push_deck(written[0].path, deck_name(notes), url=chosen.anki_url)
        click.echo(f"{deck_name(notes)}: {count} notes in Anki")
