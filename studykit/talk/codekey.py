"""What a function's result depends on: its source, found by following imports, and the data it reads.

The key changes when any module that the function can reach has changed, without anyone having to
remember it. Names are followed through packages that only re-export them, so that a function does not
depend on its neighbours in the same package. The idea is redun's: a task's hash comes from its own code.

Keys are kept in the cache, for as long as size and time of every file that counts stay the same; Python
trusts its bytecode by the same signs.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from types import FunctionType

import msgspec

from studykit.files import write_whole
from studykit.fingerprint import digest, digest_bytes
from studykit.resources import cache_dir, data_dir

__all__ = ["code_key", "modules_of"]

_PACKAGE = Path(__file__).parent.parent
_NAME = _PACKAGE.name
# Imports are found by patterns: parsing every file with ast would take longer than most stages. Each begins
# with letters that are looked for as such, which is ten times faster than the beginning of a line or word.
_FROM = re.compile(rf"from ({_NAME}(?:\.\w+)*) import (\([^)]*\)|[^\n#]+)")
_WHOLE = re.compile(rf"import ({_NAME}(?:\.\w+)+)")
_LATE = re.compile(rf'Late\(\s*"({_NAME}[\w.]*)",\s*"(\w+)"')
_FOR_TYPES = re.compile(r"\nif TYPE_CHECKING:\n(?:[ \t]+[^\n]*\n|\n)*")
_DOCSTRING = re.compile(r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""')
_DATA = re.compile(r'data_dir\(\s*"(\w+)"')


def code_key(*things: object) -> str:
    """SHA-256 of all source code and data that functions, classes or objects' classes can reach."""
    names = sorted({module for thing in things for module in _modules_of(thing)})
    return _key_of(tuple(names))


def modules_of(thing: object) -> frozenset[str]:
    """The modules of studykit that a function, class or object can reach, including its own."""
    return frozenset().union(*map(_reached, _modules_of(thing)))


def _modules_of(thing: object) -> list[str]:
    """Where a thing is defined; a lambda counts as the functions that it calls."""
    if isinstance(thing, FunctionType) and thing.__name__ == "<lambda>":
        called = [thing.__globals__.get(name) for name in thing.__code__.co_names]
        return [str(function.__module__) for function in called if hasattr(function, "__qualname__")]
    owner = thing if hasattr(thing, "__qualname__") else type(thing)
    return [str(owner.__module__)]


@cache
def _key_of(names: tuple[str, ...]) -> str:
    path = cache_dir() / "codekeys" / digest(str(_PACKAGE), names)[:32]
    kept = _Kept.read(path)
    if kept and kept.state == _state(kept.modules, kept.folders):
        return kept.key
    modules = frozenset().union(*map(_reached, names))
    folders = {folder for module in modules for folder in _source(module).folders}
    key = digest(
        {name: _source(name).digest for name in modules},
        {folder: _folder_digest(folder) for folder in folders},
    )
    _Kept(key, sorted(modules), sorted(folders), _state(modules, folders)).write(path)
    return key


class _Kept(msgspec.Struct):
    """A key, what it was made of, and the state that these files were in."""

    key: str
    modules: list[str]
    folders: list[str]
    state: str

    @classmethod
    def read(cls, path: Path) -> _Kept | None:
        try:
            return msgspec.json.decode(path.read_bytes(), type=cls)
        except (OSError, msgspec.DecodeError):
            return None

    def write(self, path: Path) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_whole(path, msgspec.json.encode(self), lasting=False)
        except OSError:  # a cache that cannot be written
            pass


def _state(modules: Iterable[str], folders: Iterable[str]) -> str:
    """The digest of sizes and times of the files; it differs where one is missing or new."""
    return digest(
        sorted((name, *_stat(_path(name))) for name in modules),
        {name: _folder_stats(name) for name in folders},
    )


@cache
def _stat(path: Path | None) -> tuple[int, int]:
    if path is None:
        return 0, 0
    found = path.stat()
    return found.st_size, found.st_mtime_ns


@cache
def _folder_stats(name: str) -> list[tuple[str, int, int]]:
    found = (Path(folder, file) for folder, _, files in os.walk(data_dir(name)) for file in files)
    return sorted((str(path), *_stat(path)) for path in found)


class _Source:
    """One module's file: its digest, what it imports of studykit, the data folders it opens."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        text = data.decode("utf-8")
        self.is_package = path.name == "__init__.py"
        self.digest = digest_bytes(data)
        self.folders = frozenset(_DATA.findall(text))
        code = _DOCSTRING.sub("", text)
        self.imports = tuple(_imports(_FOR_TYPES.sub("\n", code)))
        # A package that loads its names lazily imports them for type checkers only.
        self.passed_on = {local: (module, name) for module, names in _imports(code) for name, local in names}
        """By public name: the module that it comes from, and its name there."""


def _imports(text: str) -> Iterator[tuple[str, tuple[tuple[str, str], ...]]]:
    """Each import statement's module, and the names taken from it with their local names."""
    for module, name in _LATE.findall(text):
        yield module, ((name, name),)
    for module in _WHOLE.findall(text):
        yield module, ()
    for module, listed in _FROM.findall(text):
        names = re.sub(r"#[^\n]*", "", listed).strip("() \n\t")
        pairs = (item.split() for item in names.split(",") if item.strip())
        yield module, tuple((words[0], words[-1]) for words in pairs)


@cache
def _path(module: str) -> Path | None:
    base = f"{_PACKAGE.parent}/{module.replace('.', '/')}"  # thousands are asked for, few are there
    return next((path for path in map(Path, (f"{base}/__init__.py", f"{base}.py")) if path.is_file()), None)


@cache
def _source(module: str) -> _Source:
    path = _path(module)
    assert path, f"{module} has no file"
    return _Source(path)


@cache
def _reached(start: str) -> frozenset[str]:
    if _path(start) is None:  # a fake in a test, or a class from elsewhere
        return frozenset()
    found = {start}
    waiting = [start]
    while waiting:
        for module, names in _source(waiting.pop()).imports:
            for target in ({_home(module, name) for name, _ in names} or {module}) - found:
                found.add(target)
                waiting.append(target)
    return frozenset(found)


def _home(module: str, name: str) -> str:
    """The module that ``from module import name`` needs, past packages that only re-export it."""
    if _path(f"{module}.{name}"):
        return f"{module}.{name}"
    source = _source(module)
    passed_on = source.passed_on.get(name) if source.is_package else None
    return _home(*passed_on) if passed_on else module


@cache
def _folder_digest(name: str) -> str:
    folder = data_dir(name)
    return digest(
        {
            path.relative_to(folder).as_posix(): digest_bytes(path.read_bytes())
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    )
