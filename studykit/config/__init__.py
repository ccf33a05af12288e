"""Settings from ``studykit.toml`` and the environment, turned into the stages' options.

What is given on the command line outranks the environment, which outranks the file, which
outranks the defaults. Every setting stands in ``SETTINGS``; docs/configuration.md lists them all.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studykit.align import AlignOptions
from studykit.annotate import VocabularyOptions
from studykit.compose import ComposeOptions
from studykit.config.settings import SETTINGS, Setting
from studykit.errors import ConfigError
from studykit.ingest import FetchOptions
from studykit.segment import SegmentOptions
from studykit.transcribe import TranscribeOptions
from studykit.translate import TranslateOptions

__all__ = ["CONFIG_NAME", "SETTINGS", "Config", "Setting", "load_config"]

CONFIG_NAME = "studykit.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """All settings, checked."""

    db: Path
    labels: str
    formats: tuple[str, ...]
    edited: bool
    templates: Path | None
    anki_url: str
    glossaries: tuple[Path, ...]
    encoder: str
    fetch: FetchOptions
    boundaries: str
    transcribe: TranscribeOptions
    segment: SegmentOptions
    align: AlignOptions
    compose: ComposeOptions
    vocabulary: VocabularyOptions
    known: tuple[Path, ...]
    ecdict: Path | None
    translate: TranslateOptions


def load_config(path: Path | None, environ: Mapping[str, str], folder: Path) -> Config:
    """Settings of the file ``path`` (else ``studykit.toml`` in ``folder``, if any) and ``environ``.

    Paths in the file count from the file's own folder. Raises ``ConfigError`` naming the file or
    variable, the setting and what is allowed.
    """
    file = path or folder / CONFIG_NAME
    if path and not path.is_file():
        raise ConfigError(path, "there is no such file")
    stated = _read_file(file) if file.is_file() else {}
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        if setting.env in environ and environ[setting.env].strip():
            values[setting.key] = _checked(setting, environ[setting.env], setting.env, folder)
        elif setting.key in stated:
            values[setting.key] = _checked(setting, stated[setting.key], file, file.parent)
        else:
            values[setting.key] = (
                _checked(setting, setting.default, file, folder) if setting.is_path else setting.default
            )
    try:
        return Config(
            db=values["store.db"],
            labels=values["notes.labels"],
            formats=values["notes.formats"],
            edited=values["notes.edited"],
            templates=values["notes.templates"],
            anki_url=values["anki.url"],
            glossaries=values["glossary.paths"],
            encoder=values["align.encoder"],
            fetch=FetchOptions(
                **{
                    key.removeprefix("fetch."): value
                    for key, value in values.items()
                    if key.startswith("fetch.")
                }
            ),
            boundaries=values["segment.boundaries"],
            transcribe=TranscribeOptions(
                engine=values["transcribe.engine"],
                model=values["transcribe.model"],
                device=values["transcribe.device"],
            ),
            segment=SegmentOptions(
                target_s=values["segment.target_s"],
                max_s=values["segment.max_s"],
                part_s=values["segment.part_s"],
            ),
            align=AlignOptions(max_bead=values["align.max_bead"]),
            compose=ComposeOptions(doubtful_below=values["notes.doubtful_below"]),
            vocabulary=VocabularyOptions(
                level=values["vocabulary.level"], per_paragraph=values["vocabulary.per_paragraph"]
            ),
            known=values["vocabulary.known"],
            ecdict=values["vocabulary.ecdict"],
            translate=_translate_options(values, environ),
        )
    except ValueError as error:
        raise ConfigError(file, str(error)) from error


def _translate_options(values: Mapping[str, Any], environ: Mapping[str, str]) -> TranslateOptions:
    stated = {
        key.removeprefix("translate."): value
        for key, value in values.items()
        if key.startswith("translate.") and value is not None
    }
    options = TranslateOptions(**stated)
    if options.api_key or options.base_url != TranslateOptions().base_url:
        return options  # OpenAI's key goes to nobody else
    return replace(options, api_key=environ.get("OPENAI_API_KEY") or None)


def _read_file(file: Path) -> dict[str, Any]:
    """The settings that a file states, by key."""
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(file, f"cannot be read: {error}") from error
    stated: dict[str, Any] = {}
    for table, content in tables.items():
        if not isinstance(content, dict):
            raise ConfigError(file, f"{table!r} stands outside a [table]")
        stated.update({f"{table}.{name}": value for name, value in content.items()})
    known = [setting.key for setting in SETTINGS]
    unknown = sorted(set(stated) - set(known))
    if unknown:
        raise ConfigError(file, f"unknown setting {unknown[0]!r}; there are {', '.join(known)}")
    return stated


def _checked(setting: Setting, value: Any, where: Path | str, folder: Path) -> Any:
    if value is None:
        return None
    try:
        read = value if value == setting.default else setting.read(value)
    except ValueError as error:
        raise ConfigError(where, f"{setting.key} = {value!r}: {error}") from error
    if not setting.is_path:
        return read
    if isinstance(read, tuple):
        return tuple(folder / Path(item).expanduser() for item in read)
    return folder / Path(read).expanduser()
