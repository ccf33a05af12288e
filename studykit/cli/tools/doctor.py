"""``studykit doctor``: what works on this machine."""

from __future__ import annotations

import platform
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec

import click
from msgspec import Struct, to_builtins
from msgspec.structs import replace

from studykit.cli.common import echo_json, json_option
from studykit.engines import ENGINES

__all__ = ["doctor"]


_RUNTIMES = {"deno": "deno", "node": "node", "bun": "bun", "quickjs": "qjs"}
"""The JavaScript runtimes that yt-dlp knows, best first, and their programs."""


class Check(Struct, frozen=True, kw_only=True):
    """The result of trying something. ``needed``: `studykit notes` cannot run without it."""

    name: str
    works: bool
    needed: bool
    detail: str


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Report what works on this machine.

    The exit code is 0 if `studykit notes` can run.

    \b
    studykit doctor
    """
    checks = list(_checks())
    ready = all(check.works for check in checks if check.needed)
    if as_json:
        echo_json({"ready": ready, "checks": [to_builtins(check) for check in checks]})
    else:
        for check in checks:
            sign = "ok     " if check.works else ("MISSING" if check.needed else "-      ")
            click.echo(f"{sign} {check.name}: {check.detail}")
        click.echo(
            "`studykit notes` can run." if ready else "`studykit notes` cannot run: see MISSING above."
        )
    click.get_current_context().exit(0 if ready else 1)


def _checks() -> Iterator[Check]:
    yield Check(
        name="Python", works=sys.version_info >= (3, 11), needed=True, detail=platform.python_version()
    )
    yield _tried("SQLite with full-text search", _trigram_search, needed=True)
    yield _tried("sentence encoder (usem)", _encode, needed=True)
    yield _tried("English tagger", _tag, needed=True)
    yield _tried("glossaries", _glossary, needed=True)
    yield _tried("templates", _templates, needed=True)
    yield _tried("browser for printing PDF", _printer, needed=False)
    for package, extra, purpose in (
        *((kind.package, kind.extra, kind.purpose) for kind in ENGINES if kind.package),
        ("genanki", "anki", "Anki decks"),
        ("ray", "batch", "batches on a Ray cluster"),
    ):
        found = find_spec(package) is not None
        detail = "installed" if found else f"for {purpose}: pip install 'studykit[{extra}]'"
        yield Check(name=f"extra [{extra}]", works=found, needed=False, detail=detail)
    ffmpeg = shutil.which("ffmpeg")
    yield Check(
        name="ffmpeg",
        works=ffmpeg is not None,
        needed=False,
        detail=ffmpeg or "for sound on Anki cards: apt install ffmpeg",
    )
    if find_spec("yt_dlp"):
        yield _javascript()
    if find_spec("ctranslate2"):
        yield from _speech()


def _javascript() -> Check:
    """yt-dlp runs YouTube's own code to get captions and audio; by itself it looks for Deno only."""
    found = {name: path for name, program in _RUNTIMES.items() if (path := shutil.which(program))}
    name = next(iter(found), None)
    detail = "for captions and audio of YouTube: https://deno.com, or Node.js"
    if name:
        detail = found[name] + (
            "" if name == "deno" else f": studykit notes LINK --yt-dlp-args '--js-runtimes {name}'"
        )
    return Check(name="JavaScript runtime", works=name is not None, needed=False, detail=detail)


def _printer() -> str:
    from studykit.engines.programs.chromium import find_chromium

    return str(find_chromium())


def _tried(name: str, attempt: Callable[[], str], *, needed: bool) -> Check:
    try:
        return Check(name=name, works=True, needed=needed, detail=attempt())
    except Exception as error:  # any failure is a finding
        return Check(name=name, works=False, needed=needed, detail=f"{type(error).__name__}: {error}")


def _trigram_search() -> str:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE t USING fts5(text, tokenize=trigram)")
    connection.close()
    return sqlite3.sqlite_version


def _encode() -> str:
    from studykit import engines

    encoder = engines.encoder("usem")
    rows, width = encoder.encode(["Does it work?"]).shape
    return f"{encoder.name}, {rows} x {width}"


def _tag() -> str:
    from studykit import engines

    tagger = engines.tagger()
    (tokens,) = tagger.tag(["Does it work?"])
    return f"{tagger.name}, {' '.join(token.upos for token in tokens)}"


def _glossary() -> str:
    from studykit.glossary import load
    from studykit.resources import data_dir

    return f"{len(load([data_dir('glossaries')]).entries)} terms"


def _speech() -> Iterator[Check]:
    """GPUs, and what `--engine auto` takes on this machine."""
    from studykit import engines
    from studykit.engines.devices import device_configs
    from studykit.engines.machine import cpu_types, this_machine
    from studykit.engines.models import find

    machine = replace(this_machine(), cpu_types=cpu_types())
    for card in machine.cards:
        detail = f"{card.name}, {_gb(card.free)} of {_gb(card.memory)} free"
        yield Check(name=f"GPU cuda:{card.index}", works=True, needed=False, detail=detail)
    if machine.cards:
        torch = "torch" if machine.torch else "torch not (word times by forced alignment need it)"
        detail = f"work with CTranslate2; {torch}"
        yield Check(name="CUDA libraries", works=True, needed=False, detail=detail)
    else:
        yield Check(name="GPU", works=False, needed=False, detail=machine.no_cards)
    choice = engines.speech_choice("auto", "auto", "auto")
    found = find(choice.model)
    weights = (found.folder / "model.bin").stat().st_size if found else 0
    device = device_configs("auto", machine, weights)[0]
    yield Check(name="speech recognition", works=True, needed=False, detail=f"{choice} ({device})")
    detail = str(found.folder) if found else f"not installed yet: studykit models get {choice.model}"
    yield Check(name=f"speech model {choice.model}", works=bool(found), needed=False, detail=detail)


def _gb(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 1e9:.0f} GB"


def _templates() -> str:
    from studykit.resources import data_dir

    return str(data_dir("templates"))
