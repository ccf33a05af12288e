"""``studykit vocab`` and ``studykit known``: what to study, and what need not be studied."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from studykit.cli.common import (
    config_option,
    db_option,
    echo_json,
    json_option,
    load_glossary,
    pipeline_options,
    settings,
)
from studykit.types import CEFR_LEVELS

if TYPE_CHECKING:
    from studykit.pipeline import StudyList
    from studykit.types import CefrLevel, VocabularyItem

__all__ = ["known", "vocab"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--translation", type=click.Path(path_type=Path), metavar="FILE", help="The talk in the other language."
)
@click.option(
    "--level",
    type=click.Choice(CEFR_LEVELS, case_sensitive=False),
    help="Your level: easier items are left out.  [default: B1]",
)
@click.option(
    "--known",
    "known_files",
    type=click.Path(path_type=Path),
    multiple=True,
    metavar="FILE",
    help="Words to leave out: CSV, Anki text export or .apkg. May be repeated.",
)
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="Only the first N.")
@click.option("--format", "format_name", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@db_option
@config_option
@json_option
def vocab(
    file: Path,
    translation: Path | None,
    level: str | None,
    known_files: tuple[Path, ...],
    top: int | None,
    format_name: str,
    db: Path | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """List what a learner should study in a talk, best first.

    Terms, expressions, idioms, phrasal verbs, hard words and points of grammar, each with its level,
    pronunciation and the Chinese that fits: what the translation says, where there is one. Words on
    your list (`studykit known`) are left out, and `met` tells in which other talks of your database
    an item stands. With --translation the Chinese comes from its sentences.

    \b
    studykit vocab talk.en.vtt --translation talk.zh.txt --level B2 > words.csv
    studykit vocab talk.srt --known deck.apkg --top 50 --format json
    """
    from studykit.export import rows_csv
    from studykit.formats import read_known_words
    from studykit.lexicon import known_key
    from studykit.pipeline import study_list
    from studykit.store import Store, known_keys, met_before

    chosen = settings(config, db)
    options = pipeline_options(chosen)
    if level:
        options = replace(
            options, vocabulary=replace(options.vocabulary, level=cast("CefrLevel", level.upper()))
        )
    known = options.known | {known_key(word) for path in known_files for word in read_known_words(path)}
    met: dict[str, list[str]] = {}
    if chosen.db.is_file():
        with Store.existing(chosen.db) as store:
            known |= known_keys(store)
    found = study_list(
        file, translation=translation, glossary=load_glossary(chosen), options=replace(options, known=known)
    )
    items = [study.item for study in found.items[:top]]
    if chosen.db.is_file():
        with Store.existing(chosen.db) as store:
            met = met_before(store, (item.head for item in items), besides=found.source_id)
    rows = [_row(item, found, met.get(item.head, [])) for item in items]
    if as_json or format_name == "json":
        echo_json(rows)
    else:
        click.echo(rows_csv(rows), nl=False)


def _row(item: VocabularyItem, found: StudyList, met: list[str]) -> dict[str, Any]:
    from studykit.export import vocabulary_row

    return vocabulary_row(
        item,
        english=found.english.sentences,
        chinese=found.chinese.sentences if found.chinese else (),
        beads=found.alignment.beads if found.alignment else (),
        met=met,
    )


@click.group()
def known() -> None:
    """Keep a list of words that you know; vocabulary leaves them out.

    \b
    studykit known import deck.apkg
    studykit known add "trade-off" "from scratch"
    """


@known.command("add")
@click.argument("words", nargs=-1, required=True)
@db_option
@config_option
def add(words: tuple[str, ...], db: Path | None, config: Path | None) -> None:
    """Add words or phrases.

    \b
    studykit known add "trade-off" "from scratch"
    """
    _add(list(words), db, config)


@known.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@db_option
@config_option
def import_(file: Path, db: Path | None, config: Path | None) -> None:
    """Add the words of a file: CSV, text, an Anki text export, or an Anki deck (.apkg, .colpkg).

    Of a CSV file the column `head`, `word`, `lemma` or `expression` counts, else the first; of an
    Anki note its first field.

    \b
    studykit known import deck.apkg
    """
    from studykit.formats import read_known_words

    _add(read_known_words(file), db, config)


def _add(words: list[str], db: Path | None, config: Path | None) -> None:
    from studykit.store import Store, add_known, known_keys

    with Store(settings(config, db).db) as store:
        new = add_known(store, words)
        total = len(known_keys(store))
    click.echo(f"{new} new, {total} known")


@known.command("list")
@db_option
@config_option
@json_option
def list_(db: Path | None, config: Path | None, as_json: bool) -> None:
    """List what you know, by alphabet.

    \b
    studykit known list --json
    """
    from studykit.store import Store, known_items

    with Store.existing(settings(config, db).db) as store:
        items = known_items(store)
    if as_json:
        echo_json({"known": [{"head": item.head, "added_at": item.added_at} for item in items]})
        return
    for item in items:
        click.echo(item.head)


@known.command("remove")
@click.argument("words", nargs=-1, required=True)
@db_option
@config_option
def remove(words: tuple[str, ...], db: Path | None, config: Path | None) -> None:
    """Take words or phrases off the list.

    \b
    studykit known remove "trade-off"
    """
    from studykit.store import Store, remove_known

    with Store.existing(settings(config, db).db) as store:
        gone = remove_known(store, words)
    missing = [word for word in words if word not in gone]
    click.echo(f"{len(gone)} removed" + (f"; not on the list: {', '.join(missing)}" if missing else ""))
