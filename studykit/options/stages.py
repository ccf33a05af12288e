"""The options of every stage, and of what stands around them: one class for each table of the file.

To add a setting: a field here. The file, the environment, the docs and every command that lists its
key know it then.
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
"""By model, of a million tokens in and out."""


def _prices(value: Any) -> Prices:
    """``{model: (in, out)}``, or ``model=in/out, …`` as text."""
    if isinstance(value, str):
        pairs = [item.rpartition("=") for item in value.split(",") if item.strip()]
        value = {name.strip(): price.split("/") for name, _, price in pairs}
    if not isinstance(value, dict):
        raise ValueError("a table of models is needed")
    prices = {}
    for model, price in value.items():
        if not model.strip() or not isinstance(price, list) or len(price) != 2:
            raise ValueError(f"{model!r} needs two prices, of a million tokens in and out")
        prices[model.strip()] = (float(price[0]), float(price[1]))
        if not all(0 <= part < float("inf") for part in prices[model.strip()]):
            raise ValueError(f"{model!r} has a price below 0 or without end")
    return prices


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreOptions:
    """Where everything is kept."""

    db: Path = setting(Path("study.db"), "the study database", metavar="PATH")


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesOptions:
    """What notes hold and what is written of them."""

    labels: Language = setting("zh", "language of headings")
    formats: tuple[str, ...] = setting(
        ("md", "html"),
        "what `studykit notes` writes: formats of `studykit export`, comma-separated",
        option="--format",
        metavar="LIST",
    )
    doubtful_below: float = setting(
        0.5, "paragraphs whose alignment scores less than this (0-1) are marked doubtful", metavar="SCORE"
    )
    edited: bool = setting(True, "whether fillers and stutters are trimmed from the English")
    templates: Path | None = setting(
        None, "folder of your own templates, which outrank the built-in ones", metavar="DIR"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class AnkiOptions:
    """The Anki that runs on this machine."""

    url: str = setting(
        "http://127.0.0.1:8765", "where Anki's add-on AnkiConnect answers", env="STUDYKIT_ANKI_URL"
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
    """What the user says about a talk; each outranks what its file says about itself."""

    language: Language | None = setting(None, "language of the talk; detected if not given", in_file=False)
    title: str | None = setting(
        None, "the talk's title, else as the file says, else its name", in_file=False, metavar="TEXT"
    )
    url: str | None = setting(
        None, "where the talk can be watched; times link there", in_file=False, metavar="URL"
    )
    chapters: tuple[Chapter, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """How to fetch a talk behind a link. The values of cookies, proxy and rate are yt-dlp's own."""

    transcribe: AudioUse = setting(
        "auto", "when to fetch and transcribe the audio of a link; auto: if it has no captions", in_file=False
    )
    refresh: bool = setting(False, "fetch again what was fetched before", in_file=False)
    cookies: Path | None = setting(
        None, "cookies for sites that need a login, a file as browsers export it", metavar="FILE"
    )
    cookies_from_browser: str | None = setting(
        None, "browser to take cookies from, as in yt-dlp: `firefox`, `chrome:Profile 1`", metavar="BROWSER"
    )
    proxy: str | None = setting(None, "proxy, such as `socks5://127.0.0.1:1080`", metavar="URL")
    limit_rate: str | None = setting(None, "maximum bytes per second, such as `2M`", metavar="RATE")
    sleep_requests: float | None = setting(
        None, "seconds to wait between two requests to a site", metavar="SECONDS"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentOptions:
    """Where sentences end, and how long paragraphs are, in seconds of speech."""

    target_s: float = setting(18.0, "usual length of a paragraph, in seconds of speech")
    max_s: float = setting(45.0, "longest paragraph, in seconds of speech, unless one sentence is longer")
    part_s: float = setting(
        420.0, "usual length of a part in a long talk without chapters, in seconds; 0 makes no parts"
    )
    boundaries: str = setting(
        "fast",
        "what finds sentences in English without punctuation: fast, rules, lm[:MODEL] or sat[:MODEL]",
        metavar="NAME[:MODEL]",
    )

    def __post_init__(self) -> None:
        if not 0 < self.target_s <= self.max_s:
            raise ValueError(f"not 0 < target_s <= max_s: {self.target_s}, {self.max_s}")
        if self.part_s < 0:
            raise ValueError(f"part_s is below 0: {self.part_s}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """How to transcribe; ``device`` says where it runs and is no part of what comes out."""

    engine: Literal["faster-whisper", "whisperx"] = setting("faster-whisper", "speech recogniser")
    model: str = setting(
        "whisper-base",
        "speech model: a name in `studykit models list`, OWNER/NAME on the hub, or a folder",
        metavar="NAME_OR_PATH",
    )
    device: Device = setting("auto", "where speech recognition runs")
    language: str | None = None
    """ISO 639-1; detected when not given."""
    diarize: bool = setting(False, "label speakers (pyannote; needs HF_TOKEN)", in_file=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOptions:
    """What a user may change; the defaults are right for complete and for holed translations."""

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
        None, "an ECDICT file (ecdict.csv), whose Chinese comes before CC-CEDICT's", metavar="FILE"
    )

    def __post_init__(self) -> None:
        if self.per_paragraph < 0:
            raise ValueError(f"items per paragraph cannot be fewer than 0: {self.per_paragraph}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslateOptions:
    """How to translate; each engine takes what concerns it."""

    engine: str = setting(
        "transformers",
        "translation engine: openai:MODEL, transformers[:MODEL_OR_FOLDER] or captions",
        env="STUDYKIT_TRANSLATOR",
        metavar="ENGINE[:MODEL]",
    )
    base_url: str = setting(
        "https://api.openai.com/v1", "address for `openai`: any service with OpenAI's `/chat/completions`"
    )
    api_key: str | None = setting(
        None, "the service's key; for OpenAI itself also `OPENAI_API_KEY`", secret=True
    )
    prices: Prices = setting(
        {},
        "your price table, of a million tokens in and out: `MODEL = [0.15, 0.6]` under "
        "`[translate.prices]`, or `MODEL=0.15/0.6` in the variable",
        read=_prices,
    )
    parallel: int = setting(4, "requests to a service at the same time")
    requests_per_minute: float | None = setting(None, "maximum number of requests to a service per minute")
    timeout_s: float = setting(120.0, "how long an answer of a service may take, in seconds")
    retries: int = setting(
        5, "how often a request is sent again after a service refused it or could not answer"
    )
    device: Device = setting("auto", "where `transformers` computes", env="STUDYKIT_TRANSLATE_DEVICE")
    beams: int = setting(4, "how many translations `transformers` weighs up at a time; 1 is fastest")
    length_penalty: float = setting(1.0, "above 1, `transformers` prefers longer translations")
    batch: int = setting(
        32, "sentences that `transformers` translates at the same time", env="STUDYKIT_TRANSLATE_BATCH"
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
                raise ValueError(f"translate.{name} has to be above 0")
        if self.requests_per_minute is not None and self.requests_per_minute <= 0:
            raise ValueError("translate.requests_per_minute has to be above 0")
        if self.retries < 0:
            raise ValueError("translate.retries cannot be below 0")
