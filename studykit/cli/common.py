"""What several commands share: options, settings, one JSON document, progress."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

import click

from studykit.config import Config, load_config

if TYPE_CHECKING:
    from studykit.glossary import Glossary
    from studykit.ingest import FetchOptions
    from studykit.pipeline import PipelineOptions, StageReport

__all__ = [
    "StageProgress",
    "boundaries_option",
    "config_option",
    "db_option",
    "echo_json",
    "fetch_options",
    "fetching_option",
    "json_option",
    "load_glossary",
    "pipeline_options",
    "quiet_option",
    "settings",
]

_LINE_EVERY_S = 5.0

F = TypeVar("F", bound=Callable[..., Any])


def db_option(command: F) -> F:
    """``--db PATH``."""
    return click.option(
        "--db",
        type=click.Path(path_type=Path),
        help="The study database.  [default: STUDYKIT_DB, else study.db]",
    )(command)


def config_option(command: F) -> F:
    """``--config PATH``."""
    return click.option(
        "--config",
        type=click.Path(path_type=Path),
        envvar="STUDYKIT_CONFIG",
        help="Settings.  [default: studykit.toml, if there]",
    )(command)


def json_option(command: F) -> F:
    """``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")(command)


def quiet_option(command: F) -> F:
    """``--quiet``."""
    return click.option("-q", "--quiet", is_flag=True, help="No progress.")(command)


_FETCHING = {
    "transcribe": click.option(
        "--transcribe",
        type=click.Choice(["auto", "always", "never"]),
        help="Fetch audio: auto is when there are no captions.  [default: auto]",
    ),
    "refresh": click.option("--refresh", is_flag=True, help="Fetch again what was fetched before."),
    "cookies": click.option(
        "--cookies", type=click.Path(path_type=Path), metavar="FILE", help="For sites with a login."
    ),
    "cookies_from_browser": click.option(
        "--cookies-from-browser", metavar="BROWSER", help="The same from firefox, chrome …"
    ),
    "proxy": click.option("--proxy", metavar="URL", help="Fetch through a proxy."),
    "limit_rate": click.option("--limit-rate", metavar="RATE", help="Most bytes per second, such as 2M."),
    "sleep_requests": click.option(
        "--sleep-requests", type=float, metavar="SECONDS", help="Wait between two requests."
    ),
}


def fetching_option(command: F) -> F:
    """The options of fetching; the command gets them in one, ``fetching``, for ``fetch_options``."""

    @wraps(command)
    def collected(**given: Any) -> Any:
        fetching = {name: given.pop(name) for name in _FETCHING}
        return command(fetching=fetching, **given)

    for option in reversed(_FETCHING.values()):
        option(collected)
    return cast(F, collected)


def fetch_options(config: Config, fetching: dict[str, Any]) -> FetchOptions:
    """How to fetch; the command line's own settings first."""
    return replace(config.fetch, **{name: value for name, value in fetching.items() if value is not None})


def boundaries_option(command: F) -> F:
    """``--boundaries NAME[:MODEL]``."""
    return click.option(
        "--boundaries",
        metavar="NAME[:MODEL]",
        help="What finds sentences in English without marks: fast, rules, lm (a language model, slow) or "
        "sat; a model's name, folder or GGUF file may follow.  [default: fast]",
    )(command)


def settings(config: Path | None, db: Path | None = None) -> Config:
    """All settings, the command line's own first. Raises ``ConfigError``."""
    loaded = load_config(config, os.environ, Path())
    return replace(loaded, db=db) if db else loaded


def load_glossary(config: Config) -> Glossary:
    """The built-in glossary with the user's own beside it. Raises ``GlossaryError``."""
    from studykit.glossary import load
    from studykit.resources import data_dir

    return load([data_dir("glossaries"), *config.glossaries])


def pipeline_options(config: Config) -> PipelineOptions:
    """The settings as the pipeline's options, the lists of known words read. Raises ``InputError``."""
    from studykit.formats import read_known_words
    from studykit.lexicon import known_key
    from studykit.pipeline import PipelineOptions

    return PipelineOptions(
        segment=config.segment,
        align=config.align,
        compose=config.compose,
        encoder=config.encoder,
        edited=config.edited,
        boundaries=config.boundaries,
        vocabulary=config.vocabulary,
        known=frozenset(known_key(word) for path in config.known for word in read_known_words(path)),
        ecdict=config.ecdict,
        translate=config.translate,
    )


def echo_json(value: Any) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


class StageProgress:
    """On a terminal a bar over the stages, else a line per stage; on stderr, as a context manager."""

    def __init__(self, *, stages: int, quiet: bool) -> None:
        self._last_line = 0.0
        self._lines = not quiet and not sys.stderr.isatty()
        self._bar = click.progressbar(
            length=stages,
            file=sys.stderr,
            width=24,
            show_eta=False,
            show_percent=False,
            show_pos=True,
            item_show_func=lambda stage: stage,
            update_min_steps=0,
            hidden=quiet or self._lines,
        )

    def __enter__(self) -> Self:
        self._bar.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.__exit__(kind, error, trace)

    def started(self, stage: str) -> None:
        """Show what is being done."""
        self._bar.update(0, stage)

    def finished(self, report: StageReport) -> None:
        """Show that it is done."""
        self._bar.update(1, report.stage)
        if self._lines:
            took = "cached" if report.cached else f"{report.seconds:.2f} s"
            click.echo(f"{report.stage}: {took}", err=True)

    def said(self, text: str) -> None:
        """Show how far a long stage is: at once on a terminal, else a line every few seconds."""
        self._bar.update(0, text)
        if self._lines and time.monotonic() - self._last_line >= _LINE_EVERY_S:
            self._last_line = time.monotonic()
            click.echo(text, err=True)
