"""One talk that a batch makes notes of, as the user listed it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from studykit.fingerprint import digest
from studykit.ingest import file_title, is_link

__all__ = ["Job", "Listed"]


class Job(Struct, frozen=True, kw_only=True):
    """A talk, its other files, and the settings that hold for it alone."""

    source: str
    """A link, or the absolute path of a file."""
    translation: Path | None = None
    chapters: Path | None = None
    translate: str | None = None
    """The engine that translates the talk if it has no translation."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """By key, such as ``ingest.title``, in the types of the options."""
    course: str | None = None
    """The course that it belongs to."""
    title: str = ""
    """What its list calls it, for display."""

    @property
    def is_link(self) -> bool:
        """Whether the source has to be fetched."""
        return is_link(self.source)

    @property
    def name(self) -> str:
        """What messages call the talk."""
        stated = self.settings.get("ingest.title") or self.title
        return str(stated or (self.source if self.is_link else Path(self.source).name))

    @property
    def stem(self) -> str | None:
        """What its files are named after, None if only the site knows its title."""
        return None if self.is_link else file_title(Path(self.source))

    def key(self, folder: Path) -> str:
        """What tells the talk from others in the database's records; ``folder`` gets its files."""
        return digest("batch", self.source, str(folder.resolve()))

    def state(self, options: object) -> str:
        """A digest of what its notes depend on and what a user may change; see ``docs/batch.md``.

        Files count by size and time, since a list may hold hundreds of films.
        """
        files = [self.translation, self.chapters, None if self.is_link else Path(self.source)]
        stated = {key: str(value) for key, value in sorted(self.settings.items())}
        return digest([_stamp(file) for file in files], stated, self.translate, options)


def _stamp(path: Path | None) -> list[object] | None:
    if path is None:
        return None
    try:
        stat = path.stat()
    except OSError:
        return [str(path), "missing"]
    return [str(path), stat.st_size, stat.st_mtime_ns]


class Listed(Struct, frozen=True, kw_only=True):
    """The talks of a manifest, playlist or folder, and remarks about what was left out."""

    jobs: tuple[Job, ...]
    remarks: tuple[str, ...] = ()
