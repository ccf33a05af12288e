"""``studykit known``: words that the learner already knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.common import echo_json, json_option, takes

if TYPE_CHECKING:
    from studykit.options import Options

__all__ = ["known"]


@click.group()
def known() -> None:
    """Keep a list of words that you know; vocabulary leaves them out.

    \b
    studykit known import deck.apkg
    studykit known add "trade-off" "from scratch"
    """


@known.command("add")
@click.argument("words", nargs=-1, required=True)
@takes("store.db")
def add(words: tuple[str, ...], options: Options) -> None:
    """Add words or phrases.

    \b
    studykit known add "trade-off" "from scratch"
    """
    _add(list(words), options)


@known.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@takes("store.db")
def import_(file: Path, options: Options) -> None:
    """Add the words of a file: CSV, text, an Anki text export, or an Anki deck (.apkg, .colpkg).

    Reads the column `head`, `word`, `lemma` or `expression` of a CSV file, or else its first column;
    of an Anki note, its first field.

    \b
    studykit known import deck.apkg
    """
    from studykit.formats import read_known_words

    _add(read_known_words(file), options)


def _add(words: list[str], options: Options) -> None:
    from studykit.store import Store, add_known, known_keys

    with Store(options.store.db) as store:
        new = add_known(store, words)
        total = len(known_keys(store))
    click.echo(f"{new} new, {total} known")


@known.command("list")
@takes("store.db")
@json_option
def list_(options: Options, as_json: bool) -> None:
    """List the words that you know, in alphabetical order.

    \b
    studykit known list --json
    """
    from studykit.store import Store, known_items

    with Store.reading(options.store.db) as store:
        items = known_items(store)
    if as_json:
        echo_json({"known": [{"head": item.head, "added_at": item.added_at} for item in items]})
        return
    for item in items:
        click.echo(item.head)


@known.command("remove")
@click.argument("words", nargs=-1, required=True)
@takes("store.db")
def remove(words: tuple[str, ...], options: Options) -> None:
    """Remove words or phrases from the list.

    \b
    studykit known remove "trade-off"
    """
    from studykit.store import Store, remove_known

    with Store.existing(options.store.db) as store:
        gone = remove_known(store, words)
    missing = [word for word in words if word not in gone]
    click.echo(f"{len(gone)} removed" + (f"; not on the list: {', '.join(missing)}" if missing else ""))
