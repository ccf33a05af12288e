"""``studykit site``: the glossary, the talks and the demos as pages to browse."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.common import (
    config_option,
    db_option,
    echo_json,
    json_option,
    load_glossary,
    quiet_option,
    settings,
)
from studykit.types import LANGUAGES

if TYPE_CHECKING:
    from studykit.export.site import SiteDemo, SiteTalk
    from studykit.glossary import Glossary

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
@click.option("--labels", type=click.Choice(LANGUAGES), help="Language of headings.  [default: zh]")
@db_option
@config_option
@json_option
@quiet_option
def site(
    output: Path, labels: str | None, db: Path | None, config: Path | None, as_json: bool, quiet: bool
) -> None:
    """Write the glossary, your talks and the demos as a static site.

    It opens from disk and from any web server; prints the path of its first page. Run again, it
    writes what has changed and removes pages of its own that are no longer needed.

    \b
    studykit site
    studykit site -o public --labels en
    """
    from studykit.export.site import pages, site_labels_named
    from studykit.glossary.exchange.csv_exchange import to_csv
    from studykit.glossary.exchange.tbx_writer import to_tbx
    from studykit.pipeline import write_site

    chosen = settings(config, db)
    wording = site_labels_named(labels or chosen.labels)
    glossary = load_glossary(chosen)
    with _no_collection():
        if db is None and not chosen.db.is_file():
            talks: list[SiteTalk] = []
            if not quiet:
                click.echo(f"note: there is no {chosen.db} yet, so the site has no talks", err=True)
        else:
            talks = list(_talks(chosen.db, glossary))
        demos = list(_demos())
        files = pages(
            glossary=glossary,
            talks=talks,
            demos=demos,
            labels=wording,
            downloads={
                "glossary.csv": f"\ufeff{to_csv(glossary.entries)}",  # the mark is for Excel
                "glossary.tbx": to_tbx(glossary.entries),
            },
        )
        made = write_site(output, files)
    for path in made.kept:
        click.echo(f"note: a file of yours was in the way; it is now {path}", err=True)
    if as_json:
        echo_json(
            {
                "index": str(made.index),
                "terms": len(glossary.entries),
                "talks": len(talks),
                "demos": len(demos),
                "written": made.written,
                "unchanged": made.unchanged,
                "removed": made.removed,
                "kept": [str(path) for path in made.kept],
            }
        )
        return
    if not quiet:
        click.echo(f"{made.written} written, {made.unchanged} unchanged, {made.removed} removed", err=True)
    click.echo(str(made.index))


@contextmanager
def _no_collection() -> Iterator[None]:
    """Leave garbage alone: looking for it among the sentences of all talks takes a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _talks(db: Path, glossary: Glossary) -> Iterator[SiteTalk]:
    from studykit.export.site import SiteTalk
    from studykit.pipeline import with_terms_of
    from studykit.store import Store

    with Store.existing(db) as store:
        for row in store.talks():
            yield SiteTalk(notes=with_terms_of(store.load(row.id), glossary), stored_on=row.updated_at[:10])


def _demos() -> Iterator[SiteDemo]:
    from studykit.demos import NAMES, load
    from studykit.demos.record import recorded
    from studykit.export.site import SiteDemo, SiteDemoClaim

    for name in NAMES:
        runnable = load(name)
        demo = runnable.demo
        yield SiteDemo(
            name=demo.name,
            title=demo.title,
            layer=demo.layer,
            terms=demo.terms,
            claim=demo.claim,
            said=tuple(SiteDemoClaim(talk=s.talk, where=s.where, claim=s.claim) for s in demo.said),
            cannot_show=demo.cannot_show,
            seconds=demo.seconds,
            program=runnable.source,
            output=recorded(name),
        )
