"""Writes the site to disk: writes only what has changed, removes only what studykit wrote.

A manifest in the site's folder records which files studykit wrote and their digests. It is written before
the first page and after the last, so that a killed run leaves no page unaccounted for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from studykit.errors import InputError
from studykit.export.site import Page
from studykit.files import one_at_a_time, write_whole
from studykit.fingerprint import digest, digest_bytes
from studykit.talk.write.children import in_children
from studykit.talk.write.output import put

__all__ = ["MANIFEST", "SiteWritten", "pages_of", "write_site", "written_before"]

MANIFEST = ".studykit-site.json"
_VERSION = 1
_AT_A_TIME = 16
"""Pages written at once: nearly all of the time is waiting until the disk has them."""
_MADE_AT_ONCE = 200
"""Pages that a child process makes: a tenth of a second's work."""
_NO_KEYS: Mapping[str, str] = MappingProxyType({})


class SiteWritten(Struct, frozen=True, kw_only=True):
    """The result of a run: numbers of files, and the new names of the user's own files."""

    index: Path
    written: int
    unchanged: int
    removed: int
    kept: tuple[Path, ...]


def write_site(
    folder: Path,
    pages: Iterable[tuple[str, str | bytes | Page]],
    *,
    manifest: str = MANIFEST,
    keys: Mapping[str, str] = _NO_KEYS,
    made_by: str = "",
) -> SiteWritten:
    """Make ``folder`` hold ``pages`` (path and content), and none of the pages of an earlier run.

    ``manifest`` names the file that records them; ``keys`` are digests of what a page was made from, for
    ``written_before``. A ``Page`` is made only if its key, or ``made_by``, a digest of the code, has changed,
    or somebody has changed its file.

    A file that studykit did not write, or that has since been edited, is renamed before it is replaced,
    and never removed. Raises ``InputError`` if the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with one_at_a_time(folder):  # two runs would rename each other's pages
            before = _read_manifest(folder / manifest)
            content, own_keys = dict[str, bytes | None](), dict[str, str]()
            out_of_date = dict[str, Page]()
            for name, page in pages:
                if isinstance(page, Page):
                    own_keys[name] = digest(made_by, page.key)
                    content[name] = None
                    if before.keys.get(name) != own_keys[name] or not before.holds(folder, name):
                        out_of_date[name] = page
                else:
                    content[name] = _bytes(page)
            content.update(_made(out_of_date))
            return _write_site(folder, content, folder / manifest, {**own_keys, **keys})
    except OSError as error:
        raise InputError(error.filename or folder, f"cannot be written: {error.strerror or error}") from error


def _made(pages: Mapping[str, Page]) -> Iterator[tuple[str, bytes]]:
    """The pages, those made by child processes last."""
    apart = dict[str, Page]()
    for name, page in pages.items():
        if page.text is None and not page.reads:
            apart[name] = page
        else:
            yield name, _bytes(page.make() if page.text is None else page.text)
    made = in_children(lambda page: _bytes(page.make()), apart.values(), at_once=_MADE_AT_ONCE)
    yield from zip(apart, made, strict=True)


def pages_of(folder: Path, *, made_by: str) -> Callable[[str, str], bool]:
    """Whether a site has a page, by its path and the key of ``Page``; it may have been edited since."""
    keys = _read_manifest(folder / MANIFEST).keys
    return lambda name, key: keys.get(name) == digest(made_by, key)


def written_before(folder: Path, name: str, *, manifest: str = MANIFEST) -> tuple[str, bytes] | None:
    """A page's key and content as they were written, unless somebody has changed it since."""
    record = _read_manifest(folder / manifest)
    path = folder / name
    if name not in record.keys or not record.holds(folder, name):
        return None
    return record.keys[name], path.read_bytes()


def _bytes(page: str | bytes) -> bytes:
    return page if isinstance(page, bytes) else page.encode()


def _write_site(
    folder: Path, pages: Mapping[str, bytes | None], manifest: Path, keys: Mapping[str, str]
) -> SiteWritten:
    """``None`` is a page that is up to date."""
    for name in {str(PurePosixPath(name).parent) for name in pages}:
        (folder / name).mkdir(exist_ok=True)
    ours = _read_manifest(manifest).files
    wanted = {name: ours[name][-1] if page is None else digest_bytes(page) for name, page in pages.items()}
    before = {name: {*ours.get(name, ()), wanted.get(name)} - {None} for name in {*ours, *wanted}}
    _write_manifest(manifest, {name: sorted(filter(None, digests)) for name, digests in before.items()}, {})
    changed = {
        name: page
        for name, page in pages.items()
        if page is not None and _digest_of(folder / name) != wanted[name]
    }
    with ThreadPoolExecutor(_AT_A_TIME) as pool:
        asides = pool.map(lambda name: put(folder / name, changed[name], ours=ours.get(name, ())), changed)
        kept = tuple(filter(None, asides))
    removed = 0
    for name in sorted(set(ours) - set(wanted)):
        path = folder / name
        if _digest_of(path) in ours[name]:
            path.unlink()
            removed += 1
    _write_manifest(manifest, {name: [content] for name, content in wanted.items()}, keys)
    return SiteWritten(
        index=folder / "index.html",
        written=len(changed),
        unchanged=len(pages) - len(changed),
        removed=removed,
        kept=kept,
    )


def _digest_of(path: Path) -> str | None:
    return digest_bytes(path.read_bytes()) if path.is_file() else None


class _Record(Struct, frozen=True, kw_only=True):
    """What a manifest says: the digests of each file that studykit wrote, and the keys of some."""

    files: Mapping[str, list[str]]
    keys: Mapping[str, str]

    def holds(self, folder: Path, name: str) -> bool:
        """Whether a file is as it was written."""
        return _digest_of(folder / name) in self.files.get(name, ())


def _read_manifest(path: Path) -> _Record:
    """Empty if there is no valid manifest.

    Names that point outside the folder, which studykit never writes, are ignored.
    """
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        files = {
            name: [str(content) for content in contents]
            for name, contents in stored["files"].items()
            if not PurePosixPath(name).is_absolute() and ".." not in PurePosixPath(name).parts
        }
        return _Record(files=files, keys={name: str(key) for name, key in stored.get("keys", {}).items()})
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return _Record(files={}, keys={})


def _write_manifest(path: Path, files: Mapping[str, list[str]], keys: Mapping[str, str]) -> None:
    stored = {"studykit": _VERSION, "files": dict(sorted(files.items()))}
    text = json.dumps(stored | ({"keys": dict(sorted(keys.items()))} if keys else {}), indent=0) + "\n"
    if _digest_of(path) != digest_bytes(text.encode()):
        write_whole(path, text)
