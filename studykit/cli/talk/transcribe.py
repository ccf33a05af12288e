"""``studykit transcribe``: speech to timed words."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from studykit.cli.common import RECOGNITION, quiet_option, takes
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options

__all__ = ["transcribe"]


@click.command()
@click.argument("media", type=click.Path(path_type=Path))
@click.option(
    "--language", metavar="CODE", help="Language of the talk, such as en or zh.  [default: detected]"
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["json", "srt", "vtt", "txt"]),
    help="Output format.  [default: from the suffix of -o, else json]",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE.")
@takes(*RECOGNITION, "glossary.paths")
@quiet_option
def transcribe(
    media: Path,
    language: str | None,
    format_name: str | None,
    out: Path | None,
    options: Options,
    quiet: bool,
) -> None:
    """Turn speech into timed words.

    MEDIA is a recording or a film. Glossary terms are given to the recogniser as hints. Chinese is
    converted to simplified characters; in the JSON, `original` keeps the text as recognised. A word
    with times but no score in the JSON was placed between its neighbours. If interrupted, run it again
    to resume.

    \b
    studykit transcribe lecture.mp4 -o lecture.srt
    studykit transcribe lecture.mp4 --engine whisperx --model large-v3 --diarize > lecture.json
    """
    from studykit.errors import InputError
    from studykit.export import TRANSCRIPT_FORMATS
    from studykit.files import write_whole
    from studykit.formats import read_bytes
    from studykit.glossary import load_glossary
    from studykit.talk import StageReport
    from studykit.talk.read.recording import media_digest, recogniser_for, transcript_of

    suffix = out.suffix.lower().removeprefix(".") if out else ""
    format_name = format_name or (suffix if suffix in TRANSCRIPT_FORMATS else "json")
    chosen = replace(options.transcribe, language=language)
    digest = media_digest(media)
    if digest is None:
        read_bytes(media)  # says what is wrong with a file that cannot be read
        raise InputError(media, "not a recording or film of a known kind")
    start = time.perf_counter()
    with StageProgress(quiet=quiet) as progress:
        progress.started("transcribe")
        transcript = transcript_of(
            media,
            digest,
            recogniser=recogniser_for(chosen, progress),
            glossary=load_glossary(options.glossary.paths),
            options=chosen,
            progress=progress,
        )
        took_s = round(time.perf_counter() - start, 3)
        progress.finished(StageReport(stage="transcribe", cached=False, seconds=took_s))
    text = TRANSCRIPT_FORMATS[format_name](transcript)
    if out:
        try:
            write_whole(out, text)
        except OSError as error:
            raise InputError(out, f"cannot be written: {error.strerror or error}") from error
    else:
        click.echo(text, nl=False)
