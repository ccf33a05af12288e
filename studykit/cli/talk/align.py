"""``studykit align``: the sentences of two texts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.common import takes

if TYPE_CHECKING:
    from studykit.options import Options

__all__ = ["align"]


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["beads", "json", "tsv", "tmx"]),
    default="beads",
    show_default=True,
)
@click.option(
    "--explain",
    "pair",
    type=(int, int),
    metavar="I J",
    help="Print what speaks for and against matching source line I and target line J, from 0.",
)
@takes("align.encoder", "align.max_bead")
def align(
    source: Path, target: Path, format_name: str, pair: tuple[int, int] | None, options: Options
) -> None:
    """Align the sentences of two texts.

    SOURCE and TARGET have one sentence per line. Prints one bead per line, with line numbers from 0:
    `[0,1]:[0]` joins two source lines to one target line, `[2]:[]` leaves one alone. `json` adds
    scores from 0 (surely wrong) to 1 (surely right); `tmx` is for translation memories.

    \b
    studykit align talk.en.txt talk.zh.txt
    studykit align talk.en.txt talk.zh.txt --format tmx > talk.tmx
    studykit align talk.en.txt talk.zh.txt --explain 12 9
    """
    from studykit import engines
    from studykit.align import align_sentences
    from studykit.export import beads_json, beads_text, beads_tsv, tmx
    from studykit.languages import detect_language

    texts = _sentences(source), _sentences(target)
    engine = engines.encoder(options.align.encoder)
    if pair:
        from studykit.align.explain import explain

        try:
            lines = explain(*texts, encoder=engine, pair=pair, options=options.align)
        except IndexError as error:
            raise click.BadParameter(str(error), param_hint="--explain") from error
        click.echo("\n".join(lines))
        return
    beads = align_sentences(*texts, encoder=engine, options=options.align)
    if format_name == "json":
        text = beads_json(beads, *texts, encoder=engine.name)
    elif format_name == "tsv":
        text = beads_tsv(beads, *texts)
    elif format_name == "tmx":
        source_language, target_language = (detect_language("\n".join(sentences)) for sentences in texts)
        text = tmx(beads, *texts, source_language=source_language, target_language=target_language)
    else:
        text = beads_text(beads)
    click.echo(text, nl=False)


def _sentences(path: Path) -> list[str]:
    """The lines of a file, each a sentence; empty lines count, except at the end."""
    from studykit.formats import decode, read_bytes

    return decode(read_bytes(path), path).rstrip().split("\n")
