"""Declares settings: each is a field of a ``Table``, annotated with ``setting``.

Its name in the file, environment variable, command option, type and default follow from the field
unless set explicitly. This module does not know which settings exist.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

__all__ = ["LOADS_CODE", "Setting", "Table", "setting", "settings_of"]

LOADS_CODE = "loads a model from a folder, which may bring code"


class _Declared(Struct, frozen=True, kw_only=True):
    """What is said of a setting where it is declared."""

    help: str
    env: str | None
    option: str | None
    metavar: str | None
    in_file: bool
    reader: Callable[[Any], Any] | None
    secret: bool
    risk: str


class Table(Struct, frozen=True, kw_only=True):
    """Base of option classes: a table of the settings file. Secrets are not shown in its ``repr``."""

    def __repr__(self) -> str:
        secret = {name for name, (_, declared) in _declared(type(self)).items() if declared.secret}
        shown = (f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__ if name not in secret)
        return f"{type(self).__name__}({', '.join(shown)})"


class Setting(Struct, frozen=True, kw_only=True):
    """A setting of one table. ``key`` is ``table.name``, as in the file and on ``Options``."""

    key: str
    help: str
    default: Any
    type: Any
    """The annotated type without None."""
    env: str
    option: str
    """As on the command line: ``--max-bead``."""
    metavar: str | None
    in_file: bool
    """Whether the file and the environment may set it; otherwise only a command can, for one talk."""
    reader: Callable[[Any], Any] | None
    risk: str
    """What a settings file from somebody else could do with it; empty if nothing."""

    def is_risky(self, value: Any, folder: Path) -> bool:
        """Whether ``value`` in a settings file of ``folder`` may be used only if the user trusts it."""
        if self.risk == LOADS_CODE:  # a model is harmless by its name
            place = str(value).rpartition(":")[2]
            return place.startswith((".", "/", "~", "\\")) or (bool(place) and (folder / place).exists())
        return bool(self.risk)

    @property
    def choices(self) -> tuple[str, ...]:
        """The allowed values; empty if the type does not list them."""
        return tuple(map(str, get_args(self.type))) if get_origin(self.type) is Literal else ()

    @property
    def is_path(self) -> bool:
        """Whether its values are paths, which are relative to the folder of the settings file."""
        return self.type is Path or self.type == tuple[Path, ...]

    def read(self, value: Any) -> Any:
        """``value`` from a file, the environment or a command line, converted to the setting's type.

        Raises ``ValueError`` with what is expected instead.
        """
        if self.reader:
            return self.reader(value)
        if choices := self.choices:
            return _chosen(value, choices)
        return _READERS[self.type](value)


def setting(
    help: str,
    *,
    env: str | None = None,
    option: str | None = None,
    metavar: str | None = None,
    in_file: bool = True,
    read: Callable[[Any], Any] | None = None,
    secret: bool = False,
    risk: str = "",
) -> object:
    """In the annotation of a field, ``Annotated[TYPE, setting(...)]``: users may set it.

    ``read`` checks a raw value of an unusual type. ``risk``: what the setting could do in a file from
    somebody else; such a file must be trusted first.
    """
    return _Declared(
        help=help,
        env=env,
        option=option,
        metavar=metavar,
        in_file=in_file,
        reader=read,
        secret=secret,
        risk=risk,
    )


def settings_of(options: type) -> Iterator[Setting]:
    """The settings of a class whose fields are tables."""
    for table, kind in get_type_hints(options).items():
        if isinstance(kind, type) and issubclass(kind, Table):
            yield from _settings_of_table(table, kind)


def _settings_of_table(table: str, kind: type[Table]) -> Iterator[Setting]:
    defaults = kind()
    for name, (hint, declared) in _declared(kind).items():
        yield Setting(
            key=f"{table}.{name}",
            help=declared.help,
            default=getattr(defaults, name),
            type=_without_none(hint),
            env=declared.env or f"STUDYKIT_{name.upper()}",
            option=declared.option or f"--{name.replace('_', '-')}",
            metavar=declared.metavar,
            in_file=declared.in_file,
            reader=declared.reader,
            risk=declared.risk,
        )


def _declared(table: type) -> dict[str, tuple[Any, _Declared]]:
    """The settings of a table by name: the annotated type, and what is declared."""
    found: dict[str, tuple[Any, _Declared]] = {}
    for name, hint in get_type_hints(table, include_extras=True).items():
        if get_origin(hint) is Annotated:
            kind, *extras = get_args(hint)
            found.update((name, (kind, extra)) for extra in extras if isinstance(extra, _Declared))
    return found


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in {Union, types.UnionType}:
        (kind,) = (part for part in get_args(hint) if part is not type(None))
        return kind
    return hint


def _chosen(value: Any, choices: tuple[str, ...]) -> str:
    by_name = {choice.casefold(): choice for choice in choices}
    try:
        return by_name[_text(value).casefold()]
    except KeyError:
        raise ValueError(f"choose one of {', '.join(choices)}") from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("expected text")
    return value.strip()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("expected a number")
    return float(value)


def _whole(value: Any) -> int:
    number = _number(value)
    if not number.is_integer():  # inf and nan included
        raise ValueError("expected a whole number")
    return int(number)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).strip().lower() in {"true", "false"}:
        return str(value).strip().lower() == "true"
    raise ValueError("expected true or false")


def _texts(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise ValueError("expected a list")
    return tuple(_text(item) for item in items)


def _path(value: Any) -> Path:
    return value if isinstance(value, Path) else Path(_text(value))


def _paths(value: Any) -> tuple[Path, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, (list, tuple)):
        raise ValueError("expected a list")
    return tuple(map(_path, items))


_READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    float: _number,
    int: _whole,
    bool: _truth,
    tuple[str, ...]: _texts,
    Path: _path,
    tuple[Path, ...]: _paths,
}
