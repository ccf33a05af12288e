"""Settings of the current folder, used only if the user trusts whoever wrote them.

A settings file can name addresses that text and keys are sent to, templates, and folders with models. One
that came with a folder from somebody else must not. What the user trusts is recorded in the folder for
settings, by the file's path and these very values.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from studykit.errors import UntrustedError
from studykit.options import CONFIG_NAME, Options, load_options, risky_settings
from studykit.resources import config_dir

__all__ = ["load_settings", "trust"]


def load_settings(path: Path | None, overrides: Mapping[str, Any]) -> Options:
    """All settings, as ``load_options``; on a terminal, asks once about a file that is not yet trusted."""
    given: dict[str, Any] = {
        "overrides": overrides,
        "home": config_dir() / CONFIG_NAME,
        "trusted": _is_trusted,
    }
    try:
        return load_options(path, os.environ, Path(), **given)
    except UntrustedError as error:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise
        click.echo(f"{error.where} sets", err=True)
        for key, risk in error.risks.items():
            click.echo(f"  {key}: {risk}", err=True)
        if not click.confirm("Did you write it, or do you trust who did?", err=True):
            raise
        _record(Path(error.where), trusted=True)
    return load_options(path, os.environ, Path(), **given)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
@click.option("--revoke", is_flag=True, help="Do not trust the folder any longer.")
def trust(folder: Path, revoke: bool) -> None:
    """Trust the settings file of a folder, the current one if not given.

    Some settings could do harm in a file from somebody else: addresses that your text and keys are sent
    to, templates, folders with models. Such a file is used only when you trust it. You are asked again
    when one of these settings changes.

    \b
    studykit trust
    studykit trust ~/courses/llm --revoke
    """
    file = folder / CONFIG_NAME
    if not file.is_file():
        raise click.BadParameter(f"{file} does not exist", param_hint="FOLDER")
    _record(file, trusted=not revoke)
    risky = risky_settings(file)
    click.echo(f"{file}: {'no longer trusted' if revoke else 'trusted'}")
    for key, value in risky.items():
        click.echo(f"  {key} = {value!r}")


def _records() -> dict[str, Any]:
    """By path of a settings file, the risky settings that the user accepted."""
    try:
        kept = json.loads(_path().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return kept if isinstance(kept, dict) else {}


def _is_trusted(file: Path, risky: Mapping[str, Any]) -> bool:
    return bool(_records().get(str(file.resolve())) == dict(risky))


def _record(file: Path, *, trusted: bool) -> None:
    from studykit.files import write_whole

    records = _records()
    records.pop(str(file.resolve()), None)
    if trusted:
        records[str(file.resolve())] = risky_settings(file)
    _path().parent.mkdir(parents=True, exist_ok=True)
    write_whole(_path(), json.dumps(records, ensure_ascii=False, indent=2) + "\n")


def _path() -> Path:
    return config_dir() / "trusted.json"
