"""The options of what is done with talks: where they are kept, how notes look, how many are made at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studykit.options.setting import setting
from studykit.types import Language

__all__ = ["AnkiOptions", "BatchOptions", "GlossaryOptions", "NotesOptions", "StoreOptions"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreOptions:
    """Where data is kept."""

    db: Path = setting(Path("study.db"), "the study database", metavar="PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesOptions:
    """What notes contain, and which files are written."""

    labels: Language = setting("zh", "language of headings")
    formats: tuple[str, ...] = setting(
        ("md", "html"),
        "formats that `studykit notes` writes, comma-separated; see `studykit export`",
        option="--format",
        metavar="LIST",
    )
    doubtful_below: float = setting(
        0.65, "mark paragraphs whose alignment scores less than this (0-1) as doubtful", metavar="SCORE"
    )
    edited: bool = setting(True, "whether to trim fillers and stutters from the English")
    templates: Path | None = setting(
        None,
        "folder with your own templates, which override the built-in ones",
        metavar="DIR",
        risk="decides what is written into your files",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchOptions:
    """How many talks are made at once, and how a site is spared."""

    engine: Literal["local", "ray"] = setting(
        "local",
        "where the notes of a batch are made: local, processes of this machine; ray, a Ray cluster",
        env="STUDYKIT_BATCH_ENGINE",
    )
    address: str | None = setting(
        None,
        "address of the Ray cluster; without one that of RAY_ADDRESS, or one on this machine",
        env="STUDYKIT_BATCH_ADDRESS",
        metavar="HOST:PORT",
        risk="an address that your talks are sent to",
    )
    workers: int = setting(
        0,
        "number of processes that make notes at once; 0: one for each core, of the cluster if it is Ray's",
        metavar="N",
    )
    sleep_s: float = setting(
        5.0, "seconds to wait between two talks of one site", option="--sleep", metavar="SECONDS"
    )
    pause_s: float = setting(
        900.0,
        "seconds to wait when a site refuses further requests; after three refusals in a row, "
        "its other talks are left for the next run",
        option="--pause",
        metavar="SECONDS",
    )

    def __post_init__(self) -> None:
        if self.workers < 0 or self.sleep_s < 0 or self.pause_s < 0:
            raise ValueError("batch.workers, batch.sleep_s and batch.pause_s must be at least 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnkiOptions:
    """How to reach Anki on this machine."""

    url: str = setting(
        "http://127.0.0.1:8765",
        "address of Anki's add-on AnkiConnect",
        env="STUDYKIT_ANKI_URL",
        risk="an address that your cards are sent to",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GlossaryOptions:
    """The user's own terms."""

    paths: tuple[Path, ...] = setting(
        (),
        "your own glossary files or folders, used with the built-in ones",
        env="STUDYKIT_GLOSSARIES",
        option="--glossary",
        metavar="FILE",
    )
