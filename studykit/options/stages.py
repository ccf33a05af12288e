"""The options of all stages and services: one class for each table of the settings file.

To add a setting, add a field here. The file, the environment, the docs and every command that lists its
key then know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from studykit.options.setting import setting
from studykit.types import CefrLevel, Chapter, Device, Language

__all__ = [
    "AlignOptions",
    "AnkiOptions",
    "AudioUse",
    "FetchOptions",
    "GlossaryOptions",
    "IngestOptions",
    "NotesOptions",
    "Prices",
    "SegmentOptions",
    "StoreOptions",
    "TranscribeOptions",
    "TranslateOptions",
    "VocabularyOptions",
]

AudioUse = Literal["auto", "always", "never"]
Prices = Mapping[str, tuple[float, float]]
"""By model: the prices of a million tokens, input and output."""


def _prices(value: Any) -> Prices:
    """``{model: (in, out)}``, or ``model=in/out, …`` as text."""
    if isinstance(value, str):
        pairs = [item.rpartition("=") for item in value.split(",") if item.strip()]
        value = {name.strip(): price.split("/") for name, _, price in pairs}
    if not isinstance(value, dict):
        raise ValueError("expected a table of models")
    prices = {}
    for model, price in value.items():
        if not model.strip() or not isinstance(price, list) or len(price) != 2:
            raise ValueError(f"{model!r} needs two prices, per million tokens of input and output")
        prices[model.strip()] = (float(price[0]), float(price[1]))
        if not all(0 <= part < float("inf") for part in prices[model.strip()]):
            raise ValueError(f"{model!r} has a price that is negative or infinite")
    return prices


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
        None, "folder with your own templates, which override the built-in ones", metavar="DIR"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnkiOptions:
    """How to reach Anki on this machine."""

    url: str = setting(
        "http://127.0.0.1:8765", "address of Anki's add-on AnkiConnect", env="STUDYKIT_ANKI_URL"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOptions:
    """What the user states about a talk; it outranks what the file says."""

    language: Language | None = setting(None, "language of the talk; detected if not given", in_file=False)
    title: str | None = setting(
        None, "the talk's title; from the file or its name if not given", in_file=False, metavar="TEXT"
    )
    url: str | None = setting(
        None, "address of the talk's video; times in the notes link to it", in_file=False, metavar="URL"
    )
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """How to fetch a talk behind a link. The values of cookies, proxy and rate are yt-dlp's own."""

    transcribe: AudioUse = setting(
        "auto",
        "when to download and transcribe the audio of a link; auto: if it has no captions",
        in_file=False,
    )
    refresh: bool = setting(False, "download again what was downloaded before", in_file=False)
    cookies: Path | None = setting(
        None, "file of cookies exported from a browser, for sites that need a login", metavar="FILE"
    )
    cookies_from_browser: str | None = setting(
        None, "browser to read cookies from, as in yt-dlp: `firefox`, `chrome:Profile 1`", metavar="BROWSER"
    )
    proxy: str | None = setting(None, "proxy, such as `socks5://127.0.0.1:1080`", metavar="URL")
    limit_rate: str | None = setting(
        None, "maximum download rate in bytes per second, such as `2M`", metavar="RATE"
    )
    sleep_requests: float | None = setting(
        None, "seconds to wait between two requests to a site", metavar="SECONDS"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentOptions:
    """Where sentences end, and how long paragraphs are, in seconds of speech."""

    target_s: float = setting(18.0, "usual length of a paragraph, in seconds of speech")
    max_s: float = setting(45.0, "longest paragraph, in seconds of speech, unless one sentence is longer")
    part_s: float = setting(
        420.0, "usual length of a part in a long talk without chapters, in seconds; 0 for no parts"
    )
    boundaries: str = setting(
        "fast",
        "model that finds sentences in unpunctuated English: fast, rules, lm[:MODEL] or sat[:MODEL]",
        metavar="NAME[:MODEL]",
    )

    def __post_init__(self) -> None:
        if not 0 < self.target_s <= self.max_s:
            raise ValueError(
                f"target_s and max_s must satisfy 0 < target_s <= max_s, not {self.target_s} and {self.max_s}"
            )
        if self.part_s < 0:
            raise ValueError(f"part_s must be at least 0, not {self.part_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """How to transcribe; ``device`` does not affect the result."""

    engine: Literal["faster-whisper", "whisperx"] = setting("faster-whisper", "speech recogniser")
    model: str = setting(
        "whisper-base",
        "speech model: a name in `studykit models list`, OWNER/NAME on the hub, or a folder",
        metavar="NAME_OR_PATH",
    )
    device: Device = setting("auto", "device for speech recognition")
    language: str | None = None
    """ISO 639-1; detected if None."""
    diarize: bool = setting(False, "label speakers (pyannote; needs HF_TOKEN)", in_file=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOptions:
    """How to align; the defaults suit both complete and partial translations."""

    encoder: str = setting(
        "usem", "sentence encoder: usem, or sentence-transformers:MODEL_OR_FOLDER", metavar="NAME"
    )
    max_bead: int = setting(12, "maximum number of sentences in one bead, both sides together")

    def __post_init__(self) -> None:
        if self.max_bead < 2:
            raise ValueError(f"max_bead must be at least 2, not {self.max_bead}")


@dataclass(frozen=True, slots=True, kw_only=True)
class VocabularyOptions:
    """Which words and expressions are worth explaining to this learner."""

    level: CefrLevel = setting("B1", "your level; easier items are left out")
    per_paragraph: int = setting(
        5, "maximum number of items that notes explain in one paragraph, glossary terms not counted"
    )
    known: tuple[Path, ...] = setting(
        (),
        "lists of words to leave out (CSV, Anki text export, .apkg), together with `studykit known`",
        metavar="FILE",
    )
    ecdict: Path | None = setting(
        None, "an ECDICT file (ecdict.csv), preferred to CC-CEDICT for Chinese meanings", metavar="FILE"
    )

    def __post_init__(self) -> None:
        if self.per_paragraph < 0:
            raise ValueError(f"per_paragraph must be at least 0, not {self.per_paragraph}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateOptions:
    """How to translate; each engine uses the options that apply to it."""

    engine: str = setting(
        "transformers",
        "translation engine: openai:MODEL, transformers[:MODEL_OR_FOLDER] or captions",
        env="STUDYKIT_TRANSLATOR",
        metavar="ENGINE[:MODEL]",
    )
    base_url: str = setting(
        "https://api.openai.com/v1",
        "address of the service for `openai`; any with OpenAI's `/chat/completions`",
    )
    api_key: str | None = setting(
        None, "API key of the service; for OpenAI itself, `OPENAI_API_KEY` works too", secret=True
    )
    prices: Prices = setting(
        {},
        "your prices per million tokens of input and output: `MODEL = [0.15, 0.6]` under "
        "`[translate.prices]`, or `MODEL=0.15/0.6` in the variable",
        read=_prices,
    )
    parallel: int = setting(4, "number of simultaneous requests to a service")
    requests_per_minute: float | None = setting(None, "maximum number of requests to a service per minute")
    timeout_s: float = setting(120.0, "how long to wait for an answer of a service, in seconds")
    retries: int = setting(5, "how often to repeat a request that a service refused or failed to answer")
    device: Device = setting("auto", "device for `transformers`", env="STUDYKIT_TRANSLATE_DEVICE")
    beams: int = setting(4, "beam size of `transformers`; 1 is fastest")
    length_penalty: float = setting(
        1.0, "length penalty of `transformers`; above 1, it prefers longer translations"
    )
    batch: int = setting(
        32, "number of sentences that `transformers` translates together", env="STUDYKIT_TRANSLATE_BATCH"
    )
    budget: float | None = setting(
        None, "never spend more than this on one translation, in the currency of the prices", metavar="MONEY"
    )
    fix: bool = setting(
        False, "correct terms in the translation where that is safe", env="STUDYKIT_FIX_TERMS"
    )

    def __post_init__(self) -> None:
        for name in ("parallel", "timeout_s", "beams", "batch", "length_penalty"):
            if getattr(self, name) <= 0:
                raise ValueError(f"translate.{name} must be above 0")
        if self.requests_per_minute is not None and self.requests_per_minute <= 0:
            raise ValueError("translate.requests_per_minute must be above 0")
        if self.retries < 0:
            raise ValueError("translate.retries must be at least 0")
