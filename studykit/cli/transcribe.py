"""``studykit transcribe``: speech to timed words, by itself."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from studykit.cli.common import StageProgress, config_option, load_glossary, quiet_option, settings
from studykit.engines import engine_names
from studykit.types import DEVICES

if TYPE_CHECKING:
    from studykit.config import Config
    from studykit.transcribe import TranscribeOptions

__all__ = ["chosen_recognition", "recognition_options", "transcribe"]

F = TypeVar("F", bound=Callable[..., Any])


def recognition_options(command: F) -> F:
    """``--engine``, ``--model``, ``--device`` and ``--diarize``, for every command that transcribes."""
    for option in (
        click.option("--diarize", is_flag=True, help="Tell speakers apart (pyannote, needs HF_TOKEN)."),
        click.option("--device", type=click.Choice(DEVICES), help="Where to run.  [default: auto]"),
        click.option(
            "--model",
            metavar="NAME_OR_PATH",
            help="Speech model, see studykit models list.  [default: whisper-base]",
        ),
        click.option(
            "--engine",
            type=click.Choice(engine_names("recogniser")),
            help="Speech recogniser.  [default: faster-whisper]",
        ),
    ):
        command = option(command)
    return command


def chosen_recognition(
    config: Config, *, engine: str | None, model: str | None, device: str | None, diarize: bool
) -> TranscribeOptions:
    """The settings, with what was given on the command line in their place."""
    stated = config.transcribe
    return replace(
        stated,
        engine=engine or stated.engine,
        model=model or stated.model,
        device=device or stated.device,
        diarize=diarize,
    )


@click.command()
@click.argument("media", type=click.Path(path_type=Path))
@recognition_options
@click.option("--language", metavar="CODE", help="Such as en or zh.  [default: detected]")
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["json", "srt", "vtt", "txt"]),
    help="[default: as the name after -o ends, else json]",
)
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE.")
@config_option
@quiet_option
def transcribe(
    media: Path,
    engine: str | None,
    model: str | None,
    device: str | None,
    diarize: bool,
    language: str | None,
    format_name: str | None,
    out: Path | None,
    config: Path | None,
    quiet: bool,
) -> None:
    """Turn speech into timed words.

    MEDIA is a recording or a film. Terms of the glossary are expected by the recogniser. Chinese is
    written in simplified characters; the JSON keeps what was heard as `original`. A word in the JSON
    that has times but no score was put between its neighbours. Killed and run again, it goes on.

    \b
    studykit transcribe lecture.mp4 -o lecture.srt
    studykit transcribe lecture.mp4 --engine whisperx --model large-v3 --diarize > lecture.json
    """
    from studykit.errors import InputError
    from studykit.export import TRANSCRIPT_FORMATS
    from studykit.files import write_whole
    from studykit.formats import read_bytes
    from studykit.pipeline import StageReport, media_digest, recogniser_for, transcript_of

    chosen = settings(config)
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    format_name = format_name or (suffix if suffix in TRANSCRIPT_FORMATS else "json")
    options = replace(
        chosen_recognition(chosen, engine=engine, model=model, device=device, diarize=diarize),
        language=language,
    )
    digest = media_digest(media)
    if digest is None:
        read_bytes(media)  # tells what is wrong with a file that cannot be read
        raise InputError(media, "neither a recording nor a film that is known here")
    start = time.perf_counter()
    with StageProgress(stages=1, quiet=quiet) as progress:
        progress.started("transcribe")
        transcript = transcript_of(
            media,
            digest,
            recogniser=recogniser_for(options, progress),
            glossary=load_glossary(chosen),
            options=options,
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
