"""What commands share: options declared by settings, JSON output, the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from studykit.cli.trust import load_settings
from studykit.languages import counted
from studykit.options import CONFIG_NAME, SETTINGS, Options, Setting

if TYPE_CHECKING:
    from studykit.store import Store
    from studykit.talk.write.files import Written

__all__ = [
    "FETCHING",
    "RECOGNITION",
    "counted",
    "echo_json",
    "json_option",
    "output_option",
    "quiet_option",
    "read_store",
    "takes",
    "translation_option",
    "warn",
    "warn_of_kept",
    "write_output",
]

F = TypeVar("F", bound=Callable[..., Any])

FETCHING = tuple(key for key in SETTINGS if key.startswith("fetch."))
"""Settings of commands that take a link."""
RECOGNITION = tuple(key for key in SETTINGS if key.startswith("transcribe."))
"""Settings of commands that take a recording."""

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Show no progress.")
translation_option = click.option(
    "--translation",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A file with the talk in the other language.",
)


def output_option(help: str, *, metavar: str = "PATH") -> Callable[[F], F]:
    """The option ``-o``."""
    return click.option("--output", "-o", type=click.Path(path_type=Path), metavar=metavar, help=help)


def takes(*keys: str, **renamed: str) -> Callable[[F], F]:
    """Add options for the settings ``keys``; the command gets all settings in ``options``.

    ``renamed`` maps another option name to a setting, as in ``engine="translate.engine"``, where its
    usual name means something else. Every command also takes ``--config``.
    """
    named = {SETTINGS[key].option: SETTINGS[key] for key in keys}
    named |= {f"--{name.replace('_', '-')}": SETTINGS[key] for name, key in renamed.items()}

    def decorate(command: F) -> F:
        @wraps(command)
        def collected(*passed: Any, config: Path | None, **arguments: Any) -> Any:
            given = {}
            for option, setting in named.items():
                value = arguments.pop(_parameter(option))
                if value not in {None, ()}:
                    given[setting.key] = _read(setting, option, value)
            options = load_settings(config, given)
            return command(*passed, options=options, **arguments)

        click.option(
            "--config",
            type=click.Path(path_type=Path),
            envvar="STUDYKIT_CONFIG",
            help=f"Settings file.  [default: {CONFIG_NAME}, if there is one and it is trusted]",
        )(collected)
        for option, setting in reversed(named.items()):
            _as_option(option, setting)(collected)
        return cast(F, collected)

    return decorate


def _parameter(option: str) -> str:
    return f"setting_{option.removeprefix('--').replace('-', '_')}"


def _as_option(option: str, setting: Setting) -> Callable[[F], F]:
    flag = setting.type is bool
    kind: Any = None
    if setting.choices:
        kind = click.Choice(setting.choices, case_sensitive=False)
    elif setting.is_path:
        kind = click.Path(path_type=Path)
    elif setting.type in {int, float}:
        kind = setting.type
    many = setting.type == tuple[Path, ...]
    sentence = setting.help[0].upper() + setting.help[1:]
    default = ",".join(setting.default) if setting.type == tuple[str, ...] else setting.default
    shown = f"  [default: {default}]" if default not in {None, (), "", False} and not flag else ""
    return click.option(
        f"{option}/--no-{option[2:]}" if flag and setting.default else option,
        _parameter(option),
        type=kind,
        is_flag=flag,
        default=None,
        multiple=many,
        metavar=setting.metavar,
        help=f"{sentence}.{' May be repeated.' if many else ''}{shown}",
    )


def _read(setting: Setting, option: str, value: Any) -> Any:
    try:
        return setting.read(value)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint=option) from error


@contextmanager
def read_store(options: Options) -> Iterator[Store]:
    """The database, for a command that only computes: a missing one is not created.

    Results are kept in it unless it cannot be written to.
    """
    from studykit.store import IN_MEMORY, Store

    path = options.store.db
    with Store.existing(path) if path.is_file() else Store(IN_MEMORY) as store:
        yield store


def echo_json(value: Any) -> None:
    """Print one JSON document on stdout."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def write_output(path: Path, content: str | bytes) -> None:
    """Write the file that ``-o`` names, and report where a file of the user's was moved.

    Raises ``InputError`` if it cannot be written.
    """
    from studykit.talk.write.output import put_named

    _note_kept(path, put_named(path, content))


def warn_of_kept(written: Iterable[Written]) -> None:
    """Report where the user's own files were moved."""
    for file in written:
        _note_kept(file.path, file.kept)


def _note_kept(path: Path, kept: Path | None) -> None:
    if kept:
        click.echo(f"note: {path} was edited or not written by studykit; it is now {kept}", err=True)


def warn(warnings: Iterable[str]) -> None:
    """Print warnings on stderr."""
    for warning in warnings:
        click.echo(f"warning: {warning}", err=True)
