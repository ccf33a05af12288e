"""``studykit course``: talks that belong together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import counted, echo_json, json_option, output_option, quiet_option, takes
from studykit.types import COURSE_FORMATS, PAPERS

if TYPE_CHECKING:
    from studykit.check.consistency import MixedTerm
    from studykit.glossary import Glossary
    from studykit.options import Options
    from studykit.store import Store, TalkRow
    from studykit.talk.write.course import CourseWritten
    from studykit.types import CourseFormat, Notes, Paper

__all__ = ["course"]


class _Formats(click.ParamType[Any]):
    """Some of ``COURSE_FORMATS``, separated by commas, or ``none``."""

    name = "formats"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[CourseFormat, ...]:
        names = [] if value == "none" else [name.strip() for name in str(value).split(",")]
        for name in names:
            if name not in COURSE_FORMATS:
                self.fail(f"{name!r} is not one of {', '.join(COURSE_FORMATS)}, none", param, ctx)
        return tuple(format for format in COURSE_FORMATS if format in names)


@click.command()
@click.argument("name", required=False)
@click.argument("talks", nargs=-1, metavar="[TALK]...")
@output_option("The course's folder.  [default: one with the course's name]", metavar="DIR")
@click.option(
    "--list", "listing", is_flag=True, help="List all courses, or the talks of NAME; write nothing."
)
@click.option("--remove", is_flag=True, help="Take the TALKs out of the course; without any, remove it.")
@click.option("--order", is_flag=True, help="Put the TALKs first, in this order; the others follow.")
@click.option(
    "--format",
    "formats",
    type=_Formats(),
    metavar="LIST",
    help="Files to write besides the pages, comma-separated: epub, pdf, apkg, or none.  "
    "[default: all that this machine can make]",
)
@click.option("--paper", type=click.Choice(PAPERS), help="Paper size of the PDF.  [default: a4]")
@takes(
    *("notes.labels", "notes.templates", "vocabulary.level", "vocabulary.known", "glossary.paths"), "store.db"
)
@quiet_option
@json_option
def course(
    name: str | None,
    talks: tuple[str, ...],
    output: Path | None,
    listing: bool,
    remove: bool,
    order: bool,
    formats: tuple[CourseFormat, ...] | None,
    paper: Paper | None,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> None:
    """Make one course of many talks: pages, one book, one deck, one glossary.

    Adds the TALKs to the course NAME, which is created if need be, writes it into a folder, and prints
    the paths. Without TALKs the course is written again. A TALK is the beginning of its id (see `studykit
    talks`), its title or part of its title, or the file or link that it was made from.

    \b
    studykit course "Language models" 3f2a9c01 "fine-tuning" week3.en.vtt
    studykit course "Language models" -o public/ --format epub,apkg
    studykit course "Language models" --order "fine-tuning" 3f2a9c01
    studykit course "Language models" --remove 3f2a9c01
    studykit course --list
    """
    from studykit.check.consistency import mixed_terms
    from studykit.glossary import load_glossary
    from studykit.store import Store, course_talks, find_course

    if sum((listing, remove, order)) > 1:
        raise click.UsageError("--list, --remove and --order exclude each other")
    if name is None or not name.strip():
        if not listing or name is not None:
            raise click.UsageError("give the NAME of the course, or --list")
        with Store.reading(options.store.db) as store:
            _list_courses(store, as_json)
        return
    if listing:
        with Store.reading(options.store.db) as store:
            _list_talks(store, find_course(store, name), as_json)
        return
    with Store.existing(options.store.db) as store:
        found = [_talk(store, talk) for talk in talks]
        if remove and not found:
            _remove_course(store, find_course(store, name), as_json)
            return
        name = _changed(store, name, found, remove=remove, order=order)
        ids = course_talks(store, name)
        if not ids:
            raise click.UsageError(f"the course {name!r} has no talks; name some")
        glossary = load_glossary(options.glossary.paths)
        lectures = _lectures(store, ids, glossary, options)
        mixed = mixed_terms(lectures, glossary)
        made = _write(store, name, lectures, mixed, output, formats, paper, options, quiet=quiet)
    _print_written(name, lectures, mixed, made, quiet=quiet, as_json=as_json)


def _talk(store: Store, name: str) -> str:
    """The id of the talk that the user means. Raises ``TalkNotFoundError``, ``InputError``."""
    from studykit.errors import InputError
    from studykit.fingerprint import digest_file
    from studykit.ingest import link_of
    from studykit.store import talk_read_from

    link, path = link_of(name), Path(name)
    if link is None and not path.is_file():
        return store.find(name)
    found = (
        talk_read_from(store, link) if link else talk_read_from(store, str(path.resolve()), digest_file(path))
    )
    if found is None:
        raise InputError(
            name, "no talk in the database was made from it", hint=f"`studykit notes {name}` adds it."
        )
    return found


def _changed(store: Store, name: str, found: list[str], *, remove: bool, order: bool) -> str:
    """The name of the course, after it was changed as asked. Raises ``CourseNotFoundError``."""
    from studykit.store import course_name, course_talks, find_course, keep_course

    if remove or order or not found:
        name = find_course(store, name)
    now = course_talks(store, name)
    if missing := [talk for talk in found if (remove or order) and talk not in now]:
        raise click.UsageError(f"{', '.join(talk[:8] for talk in missing)}: not in the course {name!r}")
    if order:
        if not found:
            raise click.UsageError("--order needs TALKs")
        keep_course(store, name, [*found, *now])
    elif remove:
        keep_course(store, name, [talk for talk in now if talk not in found])
    elif found:
        keep_course(store, name, [*now, *found])
    return find_course(store, course_name(name))


def _lectures(store: Store, ids: list[str], glossary: Glossary, options: Options) -> list[Notes]:
    from studykit.formats import read_known_words
    from studykit.talk.write.course import lectures_of

    known = [word for path in options.vocabulary.known for word in read_known_words(path)]
    return lectures_of(store, ids, glossary, level=options.vocabulary.level, known=known)


def _write(
    store: Store,
    name: str,
    lectures: list[Notes],
    mixed: tuple[MixedTerm, ...],
    output: Path | None,
    formats: tuple[CourseFormat, ...] | None,
    paper: Paper | None,
    options: Options,
    *,
    quiet: bool,
) -> CourseWritten:
    from studykit.cli.progress import StageProgress
    from studykit.export import ExportOptions, HandoutOptions, labels_named
    from studykit.files import safe_stem
    from studykit.talk.write.course import write_course

    outputs = ExportOptions(
        labels=labels_named(options.notes.labels),
        templates=options.notes.templates,
        handout=HandoutOptions(paper=paper or "a4"),
    )
    with StageProgress(quiet=quiet) as progress:
        return write_course(
            name,
            lectures,
            output or Path(safe_stem(name)),
            formats=COURSE_FORMATS if formats is None else formats,
            must=formats is not None,
            mixed=mixed,
            level=options.vocabulary.level,
            options=outputs,
            store=store,
            progress=progress,
        )


def _print_written(
    name: str,
    lectures: list[Notes],
    mixed: tuple[MixedTerm, ...],
    made: CourseWritten,
    *,
    quiet: bool,
    as_json: bool,
) -> None:
    from studykit.export.course import course_json

    pages = made.pages
    for path in pages.kept:
        click.echo(f"note: a file that studykit did not write, or that you edited, is now {path}", err=True)
    for left in made.skipped:
        click.echo(f"skipped {left.format}: {left.reason}", err=True)
    if as_json:
        echo_json(
            {
                "course": name,
                "index": str(pages.index),
                **course_json(lectures, mixed),
                "files": [str(path) for path in made.files],
                "skipped": [{"format": left.format, "reason": left.reason} for left in made.skipped],
                "kept": [str(path) for path in pages.kept],
            }
        )
        return
    if not quiet:
        click.echo(
            f"{counted(len(lectures), 'lecture')}: {pages.written} written, {pages.unchanged} unchanged, "
            f"{pages.removed} removed",
            err=True,
        )
        if mixed:
            click.echo(
                f"{counted(len(mixed), 'term')} translated in more than one way: "
                f"{pages.index.with_name('translations.html')}",
                err=True,
            )
    for path in made.files:
        click.echo(str(path))


def _list_courses(store: Store, as_json: bool) -> None:
    from studykit.store import course_names, course_talks

    courses = {name: course_talks(store, name) for name in course_names(store)}
    if as_json:
        echo_json([{"course": name, "talks": ids} for name, ids in courses.items()])
        return
    if not courses:
        click.echo("No courses yet. `studykit course NAME TALK…` makes one.")
    for name, ids in courses.items():
        click.echo(f"{name} ({counted(len(ids), 'talk')})")


def _list_talks(store: Store, name: str, as_json: bool) -> None:
    from studykit.store import course_talks
    from studykit.timecode import to_clock

    rows = {row.id: row for row in store.talks()}
    talks: list[TalkRow] = [rows[talk_id] for talk_id in course_talks(store, name)]
    if as_json:
        echo_json(
            {
                "course": name,
                "talks": [
                    {"number": number, "talk": row.id, "title": row.title, "duration_s": row.duration_s}
                    for number, row in enumerate(talks, 1)
                ],
            }
        )
        return
    for number, row in enumerate(talks, 1):
        length = to_clock(row.duration_s) if row.duration_s is not None else "-"
        click.echo(f"{number:>3}  {row.id[:8]}  {length:>8}  {row.title}")


def _remove_course(store: Store, name: str, as_json: bool) -> None:
    from studykit.store import remove_course

    remove_course(store, name)
    if as_json:
        echo_json({"removed": name})
        return
    click.echo(f"removed the course {name!r}; its talks and files stay")
