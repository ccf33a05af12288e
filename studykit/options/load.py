"""Collects all settings: the command line outranks the environment, the file and the defaults, in this
order.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from studykit.errors import ConfigError
from studykit.options.setting import Setting, settings_of
from studykit.options.stages import (
    AlignOptions,
    AnkiOptions,
    FetchOptions,
    GlossaryOptions,
    IngestOptions,
    NotesOptions,
    SegmentOptions,
    StoreOptions,
    TranscribeOptions,
    TranslateOptions,
    VocabularyOptions,
)

__all__ = ["CONFIG_NAME", "SETTINGS", "Options", "load_options"]

CONFIG_NAME = "studykit.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
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


def load_options(
    path: Path | None, environ: Mapping[str, str], folder: Path, *, overrides: Mapping[str, Any] | None = None
) -> Options:
    """The settings in the file ``path`` (or ``studykit.toml`` in ``folder``, if any) and ``environ``.

    ``overrides`` outrank both, by key; lists of files are added to those in the file. Paths in the file are
    relative to its folder. Raises ``ConfigError`` with the file or variable, the setting and the allowed
    values.
    """
    file = path or folder / CONFIG_NAME
    if path and not path.is_file():
        raise ConfigError(path, "no such file")
    stated = _read_file(file) if file.is_file() else {}
    values: dict[str, Any] = {}
    for setting in SETTINGS.values():
        if setting.in_file and environ.get(setting.env, "").strip():
            values[setting.key] = _checked(setting, environ[setting.env], setting.env, folder)
        elif setting.key in stated:
            values[setting.key] = _checked(setting, stated[setting.key], file, file.parent)
        elif setting.is_path and setting.default:
            values[setting.key] = _checked(setting, setting.default, file, folder)
    for key, value in (overrides or {}).items():
        added = key in values and isinstance(value, tuple)  # files named on the command line
        values[key] = (*values[key], *value) if added and SETTINGS[key].is_path else value
    try:
        return _with_openai_key(Options().updated(values), environ)
    except ValueError as error:
        raise ConfigError(file if stated else "options", str(error)) from error


def _with_openai_key(options: Options, environ: Mapping[str, str]) -> Options:
    """Use ``OPENAI_API_KEY``, but never send it to another service."""
    chosen = options.translate
    defaults = {item.name: item.default for item in fields(TranslateOptions)}
    if chosen.api_key or chosen.base_url != defaults["base_url"]:
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
    if isinstance(read, tuple):
        return tuple(folder / item.expanduser() for item in read)
    return folder / read.expanduser()
