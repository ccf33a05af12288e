"""``studykit site``: the glossary, talks and demos as web pages."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.common import echo_json, json_option, quiet_option, takes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studykit.demos import Runnable
    from studykit.demos.turned import Turned
    from studykit.export.site import Interpreter, Page, SiteDemo, SiteKnob
    from studykit.glossary import Glossary
    from studykit.options import Options

__all__ = ["site"]


@click.command()
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("site"),
    show_default=True,
    metavar="DIR",
    help="The site's folder.",
)
@click.option(
    "--runnable", is_flag=True, help="Let the pages of demos run them, by Pyodide, which is fetched once."
)
@click.option(
    "--pyodide",
    type=click.Path(path_type=Path, exists=True),
    metavar="FILE",
    help="Pyodide for --runnable: its npm package, or a folder with its files, instead of fetching it.",
)
@takes("notes.labels", "glossary.paths", "store.db")
@json_option
@quiet_option
def site(
    output: Path, runnable: bool, pyodide: Path | None, options: Options, as_json: bool, quiet: bool
) -> None:
    """Write the glossary, your talks and the demos as a static site.

    The site opens from disk and from any web server; the command prints the path of its first page. If
    you run it again, it writes only what has changed and removes its own pages that are out of date.

    \b
    studykit site
    studykit site -o public --labels en
    studykit site --runnable
    """
    from studykit.cli.tools.site_run import interpreter_of_demos
    from studykit.demos.papers import papers
    from studykit.demos.svg import STYLE
    from studykit.export.site import SitePaper, TalkPages, pages, site_labels_named
    from studykit.glossary import load_glossary
    from studykit.options import Options as Defaults
    from studykit.store import IN_MEMORY, Store
    from studykit.talk.write.site import pages_of, write_site
    from studykit.talk.write.site_talks import site_talks

    if pyodide and not runnable:
        raise click.UsageError("--pyodide goes with --runnable")
    interpreter = interpreter_of_demos(pyodide, quiet=quiet) if runnable else None
    db = options.store.db
    wording = site_labels_named(options.notes.labels)
    glossary = load_glossary(options.glossary.paths)
    none_yet = db == Defaults().store.db and not db.is_file()
    if none_yet and not quiet:
        click.echo(f"note: {db} does not exist yet, so the site has no talks", err=True)
    with _no_collection(), Store(IN_MEMORY) if none_yet else Store.existing(db) as store:
        demos = list(_demos(wording.code, interpreter))
        talk_pages = TalkPages(glossary, [demo.name for demo in demos], wording)
        made_by = _code()
        talks = site_talks(store, glossary, talk_pages, pages_of(output, made_by=made_by))
        files = pages(
            glossary=glossary,
            talks=talks,
            demos=demos,
            labels=wording,
            downloads=_downloads(glossary),
            demo_style=STYLE,
            papers={key: SitePaper(**paper._asdict()) for key, paper in papers().items()},
            interpreter=interpreter,
        )
        made = write_site(output, files, made_by=made_by)
    for path in made.kept:
        click.echo(f"note: a file that studykit did not write, or that you edited, is now {path}", err=True)
    if as_json:
        counts = {"terms": len(glossary.entries), "talks": len(talks), "demos": len(demos)}
        files_now = {"written": made.written, "unchanged": made.unchanged, "removed": made.removed}
        kept = [str(path) for path in made.kept]
        echo_json({"index": str(made.index), **counts, **files_now, "kept": kept})
        return
    if not quiet:
        click.echo(f"{made.written} written, {made.unchanged} unchanged, {made.removed} removed", err=True)
    click.echo(str(made.index))


def _code() -> str:
    """A digest of the code and the templates that pages are made by."""
    from studykit.export.site import pages
    from studykit.glossary.exchange.csv_exchange import to_csv
    from studykit.glossary.exchange.tbx_writer import to_tbx
    from studykit.talk.codekey import code_key
    from studykit.talk.write.site_talks import site_talks

    return code_key(pages, site_talks, to_csv, to_tbx)


def _downloads(glossary: Glossary) -> dict[str, Page]:
    from studykit.export.site import Page
    from studykit.export.site.data import key_of
    from studykit.glossary.exchange.csv_exchange import to_csv
    from studykit.glossary.exchange.tbx_writer import to_tbx

    entries = glossary.entries
    return {  # Excel needs the byte order mark
        "glossary.csv": Page(key=key_of("csv", entries), make=lambda: f"\ufeff{to_csv(entries)}"),
        "glossary.tbx": Page(key=key_of("tbx", entries), make=lambda: to_tbx(entries)),
    }


@contextmanager
def _no_collection() -> Iterator[None]:
    """Switch the garbage collector off: scanning the sentences of all talks takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _demos(language: str, interpreter: Interpreter | None = None) -> Iterator[SiteDemo]:
    from studykit.cli.tools.site_run import run_of
    from studykit.demos import NAMES, load
    from studykit.demos.equations import equation_of
    from studykit.demos.path import path
    from studykit.demos.record import recorded, recorded_control
    from studykit.demos.settings import command
    from studykit.demos.sides import side_by_side
    from studykit.demos.svg import small
    from studykit.demos.told import told
    from studykit.demos.turned import turned_text, unpacked
    from studykit.export.site import SiteDemo, SiteDemoClaim, SiteDemoLine, SiteDemoTry

    steps = {step.demo: (number, step.new(language)) for number, step in enumerate(path(), 1)}
    for name in NAMES:
        runnable = load(name)
        demo = runnable.demo
        texts = told(demo, language)
        record = turned_text(name)
        found = unpacked(record)
        step, new = steps.get(name, (0, ""))
        rows = side_by_side(recorded(name).splitlines(), recorded_control(name).splitlines())
        yield SiteDemo(
            name=demo.name,
            language="zh-Hans" if language == "zh" else "en",
            title=texts.title,
            english_title=demo.title if texts.title != demo.title else "",
            layer=texts.layer,
            terms=demo.terms,
            claim=texts.claim,
            said=tuple(SiteDemoClaim(talk=s.talk, where=s.where, claim=s.claim) for s in demo.said),
            cannot_show=texts.cannot_show,
            seconds=demo.seconds,
            program=runnable.source,
            output=recorded(name),
            switched_off=texts.switched_off,
            printed=texts.printed,
            run=run_of(name, interpreter),
            beside=tuple(SiteDemoLine(run=r.run, control=r.control, differs=r.differs) for r in rows),
            tries=tuple(
                SiteDemoTry(command=command(name, one), then=then)
                for one, then in zip(demo.tries, texts.tries, strict=True)
            ),
            step=step,
            new=new,
            equation=equation_of(name),
            letters=texts.letters,
            picture="".join(found.run.picture),
            control_picture="".join(found.control.picture),
            small_picture=small(found.run.picture),
            knobs=tuple(_knobs(runnable, found, texts.knobs)),
            turned=record.replace("<", "\\u003c"),
        )


def _knobs(demo: Runnable, found: Turned, chinese: Mapping[str, str]) -> Iterator[SiteKnob]:
    """The recorded knobs; what a knob is, in Chinese where that is known."""
    from studykit.demos.settings import settings, typed
    from studykit.export.site import SiteKnob

    known = settings(demo)
    for name, states in found.knobs.items():
        values: list[object] = [state.value for state in states]
        yield SiteKnob(
            name=name,
            help=chinese.get(name, known[name].help),
            language="zh-Hans" if name in chinese else "en",
            values=tuple(map(typed, values)),
            default=values.index(known[name].default),
        )
