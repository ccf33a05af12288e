"""``studykit talks``, ``show`` and ``search``: what is in the database."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from studykit.cli.common import counted, echo_json, json_option, takes

if TYPE_CHECKING:
    from studykit.export import NotesContext, Run
    from studykit.options import Options
    from studykit.store import Store

__all__ = ["search", "show", "talks"]


@click.group(invoke_without_command=True)
@takes("store.db")
@json_option
@click.pass_context
def talks(ctx: click.Context, options: Options, as_json: bool) -> None:
    """List the talks in the database; remove, merge or tidy them up.

    \b
    studykit talks
    studykit talks --db mine.db --json
    studykit talks rm 3f2a9c01
    """
    ctx.obj = options
    if ctx.invoked_subcommand:
        return
    from studykit.store import Store
    from studykit.timecode import to_clock

    with Store.reading(options.store.db) as store:
        rows = store.talks()
    if as_json:
        echo_json([to_builtins(row) for row in rows])
        return
    if not rows:
        click.echo("No talks yet. `studykit notes FILE` adds one.")
    for row in rows:
        length = to_clock(row.duration_s) if row.duration_s is not None else "-"
        languages = "en+zh" if row.translated else row.language
        where = ", ".join(filter(None, (row.title if row.made_title else None, row.channel, row.published)))
        click.echo(
            f"{row.id[:8]}  {length:>8}  {row.paragraphs:>4} ¶  {languages:<5}  {row.made_title or row.title}"
            + (f" ({where})" if where else "")
        )


@talks.command("rm")
@click.argument("names", nargs=-1, required=True, metavar="TALK…")
@click.option("--yes", "-y", is_flag=True, help="Do not ask for confirmation.")
@takes("store.db")
@json_option
@click.pass_obj
def remove(group: Options, names: tuple[str, ...], yes: bool, options: Options, as_json: bool) -> None:
    """Remove talks with everything that belongs to them, and free the space.

    Removes notes, locks, decisions and cached results; files that were written stay.

    \b
    studykit talks rm 3f2a9c01
    studykit talks rm "language model" --yes
    """
    from studykit.store import prune, remove_talk

    with _store(options, group) as store:
        found = {store.find(name): name for name in names}
        titles = {row.id: row.title for row in store.talks()}
        if not yes:
            click.echo("\n".join(f"{talk_id[:8]}  {titles[talk_id]}" for talk_id in found), err=True)
            click.confirm(f"Remove {counted(len(found), 'talk')}?", abort=True, err=True)
        for talk_id in found:
            remove_talk(store, talk_id)
        pruned = prune(store)
    if as_json:
        echo_json({"removed": list(found), "bytes_freed": pruned.bytes_freed})
        return
    for talk_id in found:
        click.echo(f"removed {talk_id[:8]}  {titles[talk_id]}")


@talks.command()
@click.argument("keep")
@click.argument("other")
@takes("store.db")
@json_option
@click.pass_obj
def merge(group: Options, keep: str, other: str, options: Options, as_json: bool) -> None:
    """Move OTHER's locks, decisions and sources to KEEP, and remove OTHER.

    For a talk that is in the database twice. The notes of KEEP stay as they are; run `studykit notes`
    again to apply the locks and decisions that came from OTHER.

    \b
    studykit talks merge 3f2a9c01 77b0e2aa
    """
    from studykit.store import merge_talks, prune

    with _store(options, group) as store:
        kept, gone = store.find(keep), store.find(other)
        if kept == gone:
            raise click.UsageError("KEEP and OTHER are the same talk")
        moved = merge_talks(store, keep=kept, other=gone)
        prune(store)
    if as_json:
        echo_json({"talk": kept, "removed": gone, "locks": moved.locks, "decisions": moved.decisions})
        return
    click.echo(
        f"merged {gone[:8]} into {kept[:8]}: moved {counted(moved.locks, 'lock')} and "
        f"{counted(moved.decisions, 'decision')}"
    )


@talks.command("prune")
@takes("store.db")
@json_option
@click.pass_obj
def prune_(group: Options, options: Options, as_json: bool) -> None:
    """Remove what no talk needs, and free the space.

    Removes cached results of sources that belong to no talk, rows without a talk, and sentence vectors,
    which can be computed again. Notes, locks and decisions stay.

    \b
    studykit talks prune
    """
    from studykit.store import prune

    with _store(options, group) as store:
        pruned = prune(store, vectors=True)
    if as_json:
        echo_json(to_builtins(pruned))
        return
    click.echo(
        f"removed {counted(pruned.results, 'cached result')}, {counted(pruned.vectors, 'vector')} and "
        f"{counted(pruned.orphans, 'orphaned row')}; freed {pruned.bytes_freed / 1e6:.1f} MB"
    )


def _store(options: Options, group: Options) -> Store:
    """The database named after the subcommand, or else before it."""
    from studykit.options import Options as Defaults
    from studykit.store import Store

    named = options.store.db if options.store != Defaults().store else group.store.db
    return Store.existing(named)


@click.command()
@click.argument("talk")
@click.option("--paragraph", "-p", type=int, metavar="N", help="Show only paragraph N.")
@click.option("--raw", is_flag=True, help="Show the English as read, neither corrected nor edited.")
@takes("notes.labels", "store.db")
@json_option
def show(talk: str, paragraph: int | None, raw: bool, options: Options, as_json: bool) -> None:
    """Show a talk's notes in the terminal.

    TALK is the beginning of its id (see `studykit talks`), its title or part of its title.

    \b
    studykit show 3f2a9c01
    studykit show "language model" -p 12
    """
    import json

    from studykit.export import LABELS, notes_context, notes_json
    from studykit.store import Store

    with Store.reading(options.store.db) as store:
        notes = store.load(store.find(talk))
    if paragraph is not None and not 1 <= paragraph <= len(notes.paragraphs):
        raise click.UsageError(f"{notes.source.title} has paragraphs 1 to {len(notes.paragraphs)}")
    if as_json:
        document = json.loads(notes_json(notes))
        echo_json(document if paragraph is None else document["paragraphs"][paragraph - 1])
        return
    click.echo_via_pager(_lines(notes_context(notes, LABELS[options.notes.labels]), paragraph, raw))


def _lines(notes: NotesContext, only: int | None, raw: bool) -> Iterator[str]:
    """Notes as styled text, terms and items in bold; ``raw``: the English as read."""

    def text(runs: Sequence[Run]) -> str:
        return "".join(click.style(run.text, bold=True) if run.term or run.item else run.text for run in runs)

    yield click.style(notes.title, bold=True) + "\n"
    if notes.url:
        yield notes.url + "\n"
    for part in notes.parts:
        if part.title and only is None:
            title = " · ".join(filter(None, (part.title, part.translation)))
            yield f"\n{click.style(f'{notes.labels.part.format(part.number)} {title}', underline=True)}\n"
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
@click.option("--talk", metavar="TALK", help="Search only this talk.")
@click.option("--course", metavar="NAME", help="Search only this course, and name the lectures by number.")
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Maximum number of results."
)
@takes("store.db")
@json_option
def search(
    query: str, talk: str | None, course: str | None, limit: int, options: Options, as_json: bool
) -> None:
    """Search all talks, in English and Chinese.

    Finds sentences that contain every word of QUERY, in any order; put a phrase in double quotes. The
    exit code is 0 even if nothing is found.

    \b
    studykit search "reward model"
    studykit search 权重 --limit 5 --json
    studykit search "KV cache" --course "Language models"
    """
    from studykit.export import link_at
    from studykit.store import Store, course_talks, find_course
    from studykit.store import search as search_store
    from studykit.timecode import to_clock

    if talk and course:
        raise click.UsageError("--talk and --course exclude each other")
    with Store.reading(options.store.db) as store:
        course = find_course(store, course) if course else None
        numbers = {talk_id: i for i, talk_id in enumerate(course_talks(store, course), 1)} if course else {}
        hits = search_store(
            store, query, talk_id=store.find(talk) if talk else None, course=course, limit=limit
        )
    if as_json:
        lectures = [{"lecture": numbers[hit.talk_id]} if course else {} for hit in hits]
        echo_json(
            [
                {**to_builtins(hit), **lecture, "link": link_at(hit.url, hit.start_s)}
                for hit, lecture in zip(hits, lectures, strict=True)
            ]
        )
        return
    if not hits:
        click.echo(f"Nothing found for {query!r}.", err=True)
    for hit in hits:
        place = f" [{to_clock(hit.start_s)}]" if hit.start_s is not None else ""
        lecture = f"{numbers[hit.talk_id]}. " if course else ""
        click.echo(click.style(f"{lecture}{hit.title} ({hit.paragraph}){place}", bold=True))
        click.echo(f"  {hit.text}")
        other = hit.chinese if hit.language == "en" else hit.english
        if other:
            click.echo(click.style(f"  {other}", dim=True))
        link = link_at(hit.url, hit.start_s)
        if link:
            click.echo(f"  {link}")
