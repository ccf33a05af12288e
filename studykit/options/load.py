"""Collects all settings: the command line outranks the environment, the file and the defaults, in this
order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from studykit.errors import ConfigError, UntrustedError
from studykit.options.setting import Setting, settings_of
from studykit.options.sources import FetchOptions, IngestOptions, TranscribeOptions
from studykit.options.stages import (
    AlignOptions,
    AssistOptions,
    SegmentOptions,
    TranslateOptions,
    VocabularyOptions,
)
from studykit.options.uses import AnkiOptions, BatchOptions, GlossaryOptions, NotesOptions, StoreOptions

__all__ = ["CONFIG_NAME", "SETTINGS", "Options", "load_options", "risky_settings"]

CONFIG_NAME = "studykit.toml"


class Options(Struct, frozen=True, kw_only=True):
    """All options, grouped by the tables of the settings file."""

    store: StoreOptions = StoreOptions()
    notes: NotesOptions = NotesOptions()
    glossary: GlossaryOptions = GlossaryOptions()
    ingest: IngestOptions = IngestOptions()
    fetch: FetchOptions = FetchOptions()
    transcribe: TranscribeOptions = TranscribeOptions()
    segment: SegmentOptions = SegmentOptions()
    align: AlignOptions = AlignOptions()
    vocabulary: VocabularyOptions = VocabularyOptions()
    translate: TranslateOptions = TranslateOptions()
    assist: AssistOptions = AssistOptions()
    batch: BatchOptions = BatchOptions()
    anki: AnkiOptions = AnkiOptions()

    def updated(self, values: Mapping[str, Any]) -> Options:
        """A copy with other values for some settings, by key: ``{"align.max_bead": 6}``.

        Raises ``ValueError`` for a value that is not allowed.
        """
        tables: dict[str, dict[str, Any]] = {}
        for key, value in values.items():
            table, _, name = key.partition(".")
            tables.setdefault(table, {})[name] = value
        return replace(self, **{table: replace(getattr(self, table), **new) for table, new in tables.items()})


SETTINGS: dict[str, Setting] = {setting.key: setting for setting in settings_of(Options)}
"""Every setting by its key."""


Trust = Callable[[Path, Mapping[str, Any]], bool]
"""Whether a settings file may state these risky settings."""


def load_options(
    path: Path | None,
    environ: Mapping[str, str],
    folder: Path,
    *,
    overrides: Mapping[str, Any] | None = None,
    home: Path | None = None,
    trusted: Trust | None = None,
) -> Options:
    """The settings in the file ``path`` (or ``studykit.toml`` in ``folder``, if any) and ``environ``.

    ``overrides`` outrank both, by key; lists of files are added to those in the file. ``home`` is a
    settings file of the user's, which all others outrank. Paths in a file are relative to its folder.
    Raises ``ConfigError`` with the file or variable, the setting and the allowed values, and
    ``UntrustedError`` for a file found in ``folder`` with risky settings (see ``Setting.risk``) for which
    ``trusted`` does not vouch.
    """
    file = path or folder / CONFIG_NAME
    if path and not path.is_file():
        raise ConfigError(path, "no such file")
    files = [home, file] if home and home.is_file() else [file]
    stated = {name: _read_file(name) for name in files if name.is_file()}
    if not path and file in stated:
        _refuse_untrusted(file, stated[file], trusted)
    by_key = {key: (value, name) for name, content in stated.items() for key, value in content.items()}
    values: dict[str, Any] = {}
    for setting in SETTINGS.values():
        if setting.in_file and environ.get(setting.env, "").strip():
            values[setting.key] = _checked(setting, environ[setting.env], setting.env, folder)
        elif setting.key in by_key:
            value, name = by_key[setting.key]
            values[setting.key] = _checked(setting, value, name, name.parent)
        elif setting.is_path and setting.default:
            values[setting.key] = _checked(setting, setting.default, file, folder)
    for key, value in (overrides or {}).items():
        added = key in values and isinstance(value, tuple)  # files named on the command line
        values[key] = (*values[key], *value) if added and SETTINGS[key].is_path else value
    try:
        return _with_openai_key(Options().updated(values), environ)
    except ValueError as error:
        raise ConfigError(next(reversed(stated), "options"), str(error)) from error


def risky_settings(file: Path) -> dict[str, Any]:
    """The settings in a file that need the user's trust, by key. Raises ``ConfigError``."""
    return _risky(file, _read_file(file))


def _risky(file: Path, stated: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in stated.items() if SETTINGS[key].is_risky(value, file.parent)}


def _refuse_untrusted(file: Path, stated: Mapping[str, Any], trusted: Trust | None) -> None:
    risky = _risky(file, stated)
    if risky and not (trusted and trusted(file, risky)):
        raise UntrustedError(file, {key: SETTINGS[key].risk for key in risky})


def _with_openai_key(options: Options, environ: Mapping[str, str]) -> Options:
    """Use ``OPENAI_API_KEY``, but never send it to another service."""
    chosen = options.translate
    if chosen.api_key or chosen.base_url != TranslateOptions().base_url:
        return options
    return options.updated({"translate.api_key": environ.get("OPENAI_API_KEY") or None})


def _read_file(file: Path) -> dict[str, Any]:
    """The settings in a file, by key."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(file, f"cannot be read: {error}") from error
    stated: dict[str, Any] = {}
    for table, content in tables.items():
        if not isinstance(content, dict):
            raise ConfigError(file, f"{table!r} is outside of any [table]")
        stated.update({f"{table}.{name}": value for name, value in content.items()})
    known = [setting.key for setting in SETTINGS.values() if setting.in_file]
    unknown = sorted(set(stated) - set(known))
    if unknown:
        raise ConfigError(file, f"unknown setting {unknown[0]!r}; choose one of {', '.join(known)}")
    return stated


def _checked(setting: Setting, value: Any, where: Path | str, folder: Path) -> Any:
    try:
        read = setting.read(value)
    except ValueError as error:
        raise ConfigError(where, f"{setting.key} = {value!r}: {error}") from error
    if not setting.is_path:
        return read
    try:
        if isinstance(read, tuple):
            return tuple(folder / item.expanduser() for item in read)
        return folder / read.expanduser()
    except RuntimeError as error:  # ~nobody, or a user without a home
        raise ConfigError(where, f"{setting.key} = {value!r}: {error}") from error
