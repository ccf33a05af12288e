"""The options of what is done with talks: where they are kept, how notes look, how many are made at once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from studykit.options.setting import Table, setting
from studykit.types import Language

__all__ = ["AnkiOptions", "BatchOptions", "GlossaryOptions", "NotesOptions", "StoreOptions"]


class StoreOptions(Table, frozen=True, kw_only=True):
    """Where data is kept."""

    db: Annotated[Path, setting("the study database", metavar="PATH")] = Path("study.db")


class NotesOptions(Table, frozen=True, kw_only=True):
    """What notes contain, and which files are written."""

    labels: Annotated[Language, setting("language of headings")] = "zh"
    formats: Annotated[
        tuple[str, ...],
        setting(
            "formats that `studykit notes` writes, comma-separated; see `studykit export`",
            option="--format",
            metavar="LIST",
        ),
    ] = ("md", "html")
    doubtful_below: Annotated[
        float,
        setting("mark paragraphs whose alignment scores less than this (0-1) as doubtful", metavar="SCORE"),
    ] = 0.8
    edited: Annotated[bool, setting("whether to trim fillers and stutters from the English")] = True
    templates: Annotated[
        Path | None,
        setting(
            "folder with your own templates, which override the built-in ones",
            metavar="DIR",
            risk="decides what is written into your files",
        ),
    ] = None


class BatchOptions(Table, frozen=True, kw_only=True):
    """How many talks are made at once, and how a site is spared."""

    engine: Annotated[
        Literal["local", "ray"],
        setting(
            "where the notes of a batch are made: local, processes of this machine; ray, a Ray cluster",
            env="STUDYKIT_BATCH_ENGINE",
        ),
    ] = "local"
    address: Annotated[
        str | None,
        setting(
            "address of the Ray cluster; without one that of RAY_ADDRESS, or one on this machine",
            env="STUDYKIT_BATCH_ADDRESS",
            metavar="HOST:PORT",
            risk="an address that your talks are sent to",
        ),
    ] = None
    workers: Annotated[
        int,
        setting(
            "number of processes that make notes at once; 0: one for each core, of the cluster if it "
            "is Ray's",
            metavar="N",
        ),
    ] = 0
    sleep_s: Annotated[
        float, setting("seconds to wait between two talks of one site", option="--sleep", metavar="SECONDS")
    ] = 5.0
    pause_s: Annotated[
        float,
        setting(
            "seconds to wait when a site refuses further requests; after three refusals in a row, "
            "its other talks are left for the next run",
            option="--pause",
            metavar="SECONDS",
        ),
    ] = 900.0

    def __post_init__(self) -> None:
        if self.workers < 0 or self.sleep_s < 0 or self.pause_s < 0:
            raise ValueError("batch.workers, batch.sleep_s and batch.pause_s must be at least 0")


class AnkiOptions(Table, frozen=True, kw_only=True):
    """How to reach Anki on this machine."""

    url: Annotated[
        str,
        setting(
            "address of Anki's add-on AnkiConnect",
            env="STUDYKIT_ANKI_URL",
            risk="an address that your cards are sent to",
        ),
    ] = "http://127.0.0.1:8765"


class GlossaryOptions(Table, frozen=True, kw_only=True):
    """The user's own terms."""

    paths: Annotated[
        tuple[Path, ...],
        setting(
            "your own glossary files or folders, used with the built-in ones",
            env="STUDYKIT_GLOSSARIES",
            option="--glossary",
            metavar="FILE",
        ),
    ] = ()
