"""``studykit fetch``: a talk behind a link, as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import FETCHING, counted, echo_json, json_option, quiet_option, takes, warn
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.errors import TalkListError
    from studykit.options import Options
    from studykit.talk.write.download import Downloaded

__all__ = ["fetch"]


@click.command()
@click.argument("url")
@click.option(
    "--out", "-o", type=click.Path(path_type=Path), metavar="DIR", help="Where to write.  [default: here]"
)
@takes(*FETCHING, "store.db")
@quiet_option
@json_option
def fetch(url: str, out: Path | None, options: Options, quiet: bool, as_json: bool) -> None:
    """Download a talk's captions, metadata and audio.

    URL leads to a talk on YouTube or on another site that yt-dlp supports. Downloads the captions that
    `studykit notes` would read: those made by people, or else automatic ones; in the other language
    also machine translation, as a last resort. Downloads audio if there are no captions, or with
    --transcribe always. For a playlist or channel, writes the list of its talks.

    \b
    studykit fetch 'https://www.youtube.com/watch?v=ID' -o talks/
    studykit fetch 'https://youtu.be/ID' --transcribe always --json
    studykit fetch 'https://www.youtube.com/playlist?list=ID'
    """
    from studykit.errors import TalkListError
    from studykit.ingest import link_of
    from studykit.store import Store
    from studykit.talk.write.download import download, write_list

    link = link_of(url)
    if link is None:
        raise click.UsageError(f"{url!r} is not a link; links begin with https://")
    folder = out or Path()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with Store(options.store.db) as store, StageProgress(quiet=quiet) as progress:
            made = download(link, folder, store=store, options=options.fetch, progress=progress)
    except TalkListError as found:
        _print_list(found, write_list(found, folder), as_json)
        return
    warn(made.warnings)
    if as_json:
        echo_json(_summary(made))
    else:
        _print_summary(made)


def _print_list(found: TalkListError, path: Path, as_json: bool) -> None:
    if as_json:
        talks = [{"url": link, "title": title} for link, title in found.talks]
        echo_json({"title": found.title, "url": found.path, "talks": talks, "files": [str(path)]})
        return
    click.echo(f"{found.title}: {counted(len(found.talks), 'talk')}")
    for link, title in found.talks:
        click.echo(f"  {link}  {title}".rstrip())
    click.echo(f"  list written to {path}")


def _summary(made: Downloaded) -> dict[str, Any]:
    import msgspec

    return {
        **msgspec.to_builtins(made.talk),
        "tracks": [{"language": track.language, "kind": track.kind} for track in made.talk.tracks],
        "languages": [track.language for track, _ in made.captions],
        "captions": [
            {"language": track.language, "kind": track.kind, "file": str(path)}
            for track, path in made.captions
        ],
        "audio": str(made.audio) if made.audio else None,
        "files": [str(path) for path in made.files],
        "cached": {report.stage: report.cached for report in made.stages},
        "warnings": list(made.warnings),
    }


def _print_summary(made: Downloaded) -> None:
    from studykit.timecode import to_clock

    talk = made.talk
    length = f" ({to_clock(talk.duration_s)})" if talk.duration_s else ""
    click.echo(f"{talk.title}{length}")
    where = [fact for fact in (talk.channel, talk.published) if fact]
    captions = [f"{track.language} captions ({track.kind})" for track, _ in made.captions]
    facts = [*where, *(captions or ["no usable captions"])]
    facts += [counted(len(talk.chapters), "chapter")] if talk.chapters else []
    click.echo("  " + ", ".join(facts))
    for path in made.files:
        click.echo(f"  {path}")
