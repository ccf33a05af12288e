"""``studykit vocab``: what to study in a talk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    FETCHING,
    RECOGNITION,
    echo_json,
    json_option,
    quiet_option,
    read_store,
    takes,
    translation_option,
    warn,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.options import Options
    from studykit.talk import Talk
    from studykit.types import VocabularyItem

__all__ = ["vocab"]


@click.command()
@click.argument("source", metavar="FILE")
@translation_option
@click.option("--top", type=click.IntRange(min=1), metavar="N", help="List only the first N items.")
@click.option("--format", "format_name", type=click.Choice(["csv", "json"]), default="csv", show_default=True)
@takes(
    *("vocabulary.level", "vocabulary.known", "ingest.language", "align.encoder", "segment.boundaries"),
    *("glossary.paths", *FETCHING, *RECOGNITION, "store.db"),
)
@quiet_option
@json_option
def vocab(
    source: str,
    translation: Path | None,
    top: int | None,
    format_name: str,
    options: Options,
    quiet: bool,
    as_json: bool,
) -> None:
    """List what a learner should study in a talk, best first.

    FILE is anything that `studykit notes` takes, including links and talks in the database. Lists terms,
    expressions, idioms, phrasal verbs, hard words and points of grammar, each with its level,
    pronunciation and fitting Chinese, taken from the translation where there is one. Words on your
    list (`studykit known`) are left out; `met` names other talks in your database that contain the
    item.

    \b
    studykit vocab talk.en.vtt --translation talk.zh.txt --level B2 > words.csv
    studykit vocab talk.srt --known deck.apkg --top 50 --format json
    """
    from studykit.export import rows_csv
    from studykit.store import met_before
    from studykit.talk import open_talk

    with read_store(options) as store, StageProgress(quiet=quiet) as progress:
        talk = open_talk(
            source, translation=translation, store=store, options=options, encoding=True, progress=progress
        )
        items = [study.item for study in talk.study_items[:top]]
        met = met_before(store, (item.head for item in items), besides=talk.id)
        rows = [_row(item, talk, met.get(item.head, [])) for item in items]
    warn(talk.warnings)
    if as_json or format_name == "json":
        echo_json(rows)
    else:
        click.echo(rows_csv(rows), nl=False)


def _row(item: VocabularyItem, talk: Talk, met: Sequence[str]) -> dict[str, Any]:
    from studykit.export import vocabulary_row

    english, chinese = talk.texts.english, talk.texts.chinese
    return vocabulary_row(
        item,
        english=english.sentences if english else (),
        chinese=chinese.sentences if chinese else (),
        beads=talk.alignment.beads if talk.alignment else (),
        met=list(met),
    )
