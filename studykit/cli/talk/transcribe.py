"""``studykit transcribe``: speech to timed words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from studykit.cli.common import RECOGNITION, counted, quiet_option, takes, warn, write_output
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options

__all__ = ["transcribe"]


@click.command()
@click.argument("media", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--language", metavar="CODE", help="Language of the talk, such as en or zh.  [default: detected]"
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["json", "srt", "vtt", "txt"]),
    help="Output format.  [default: from the suffix of -o, else json]",
)
@click.option(
    "-o",
    "--out",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Write to this file; with several recordings, into this folder.",
)
@takes(*RECOGNITION, "glossary.paths")
@quiet_option
def transcribe(
    media: tuple[Path, ...],
    language: str | None,
    format_name: str | None,
    out: Path | None,
    options: Options,
    quiet: bool,
) -> int | None:
    """Turn speech into timed words.

    MEDIA is a recording or a film. In a talk that names several glossary terms, others are given to the
    recogniser as hints. Chinese is converted to simplified characters; in the JSON, `original` keeps
    the text as recognised. A word with times but no score in the JSON was placed between its
    neighbours. If interrupted, run it again to resume. Recogniser and model follow from the machine;
    `studykit doctor` says which, and why.

    Of several, each becomes a file NAME.FORMAT in the folder of -o, the current one if not given; the
    paths are printed. The model is loaded once; several GPUs share the recordings. One that fails does
    not stop the others, and the exit code is then 1.

    \b
    studykit transcribe lecture.mp4 -o lecture.srt
    studykit transcribe lecture.mp4 --engine whisperx --model large-v3 --diarize > lecture.json
    studykit transcribe lecture.mp4 --hear-again -o lecture.srt
    studykit transcribe *.mp4 --format srt -o subtitles --device cuda:0,cuda:1
    """
    from studykit.batch.hearing import Recording, hear
    from studykit.export import TRANSCRIPT_FORMATS
    from studykit.talk import StageReport

    options = replace(options, transcribe=replace(options.transcribe, language=language))
    media = tuple(dict.fromkeys(media))
    if len(media) > 1:
        return _several(media, format_name or "json", out or Path(), options, quiet=quiet)
    suffix = out.suffix.lower().removeprefix(".") if out else ""
    format_name = format_name or (suffix if suffix in TRANSCRIPT_FORMATS else "json")
    with StageProgress(quiet=quiet) as progress:
        progress.started("transcribe")
        heard = hear(Recording(number=1, path=media[0], options=options), progress)
        progress.finished(StageReport(stage="transcribe", cached=False, seconds=heard.seconds))
    warn(f"{media[0]}: {warning}" for warning in heard.warnings)
    assert heard.transcript
    text = TRANSCRIPT_FORMATS[format_name](heard.transcript)
    if out:
        write_output(out, text)
    else:
        click.echo(text, nl=False)
    return None


def _several(media: Sequence[Path], format_name: str, folder: Path, options: Options, *, quiet: bool) -> int:
    """Transcribe several recordings into files of their own; the exit code."""
    from studykit import engines
    from studykit.batch.hearing import Recording, hear_all, hear_on
    from studykit.export import TRANSCRIPT_FORMATS
    from studykit.talk import StageReport

    if folder.is_file() or folder.suffix.lower().removeprefix(".") in TRANSCRIPT_FORMATS:
        raise click.UsageError(f"several recordings need a folder: -o {folder} names a file")
    paths = _paths(media, folder, format_name)
    recordings = [Recording(number=i, path=path, options=options) for i, path in enumerate(media, 1)]
    gpus = engines.gpus_to_share(options.transcribe.device)[: len(media)]
    failed = 0
    with StageProgress(quiet=quiet) as progress:
        progress.planned(len(media))
        if gpus:
            progress.noted(f"{counted(len(gpus), 'GPU')} share {counted(len(media), 'recording')}")
            outcomes = hear_on(gpus, recordings, lambda said: progress.said(_in_one_line(said)))
        else:
            outcomes = hear_all(recordings, progress)
        for heard in outcomes:
            path = heard.recording.path
            progress.cleared()
            if heard.transcript is None:
                failed += 1
                click.echo(f"studykit: {heard.error}", err=True)
                continue
            progress.finished(StageReport(stage=path.name, cached=False, seconds=heard.seconds))
            progress.cleared()
            warn(f"{path}: {warning}" for warning in heard.warnings)
            folder.mkdir(parents=True, exist_ok=True)
            write_output(paths[path], TRANSCRIPT_FORMATS[format_name](heard.transcript))
            click.echo(str(paths[path]))
    if failed:
        click.echo(f"studykit: {failed} of {counted(len(media), 'recording')} failed", err=True)
    return 1 if failed else 0


def _paths(media: Sequence[Path], folder: Path, format_name: str) -> dict[Path, Path]:
    """Where each transcript goes; those of one name are told apart by their suffix, then by a number."""
    from studykit.files import safe_stem

    stems = Counter(safe_stem(path.stem).casefold() for path in media)
    taken: Counter[str] = Counter()
    paths = {}
    for path in media:
        stem = safe_stem(path.stem)
        stem = safe_stem(path.name) if stems[stem.casefold()] > 1 else stem
        taken[stem.casefold()] += 1
        number = taken[stem.casefold()]
        paths[path] = folder / f"{stem}{f' {number}' if number > 1 else ''}.{format_name}"
    return paths


def _in_one_line(said: Mapping[str, str]) -> str:
    return "; ".join(f"{Path(path).name}: {text}" for path, text in said.items() if text)
