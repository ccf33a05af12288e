"""The options of the stages of a talk: one class for each table of the settings file.

To add a setting, add a field here or in ``uses.py``. The file, the environment, the docs and every command
that lists its key then know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from studykit.options.setting import LOADS_CODE, setting
from studykit.types import AssistFeature, CefrLevel, Chapter, ComputeType, Device, Language, is_device

__all__ = [
    "AlignOptions",
    "AssistOptions",
    "AudioUse",
    "FetchOptions",
    "IngestOptions",
    "Prices",
    "SegmentOptions",
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
        "when to transcribe the audio of a link or film; auto: if it has no captions",
        in_file=False,
    )
    refresh: bool = setting(False, "download again what was downloaded before", in_file=False)
    cookies: Path | None = setting(
        None,
        "file of cookies exported from a browser, for sites that need a login",
        metavar="FILE",
        risk="a file whose content is sent to sites",
    )
    cookies_from_browser: str | None = setting(
        None,
        "browser to read cookies from, as in yt-dlp: `firefox`, `chrome:Profile 1`",
        metavar="BROWSER",
        risk="reads the cookies of your browser",
    )
    proxy: str | None = setting(
        None,
        "proxy, such as `socks5://127.0.0.1:1080`",
        metavar="URL",
        risk="an address that all downloads go through",
    )
    limit_rate: str | None = setting(
        None, "maximum download rate in bytes per second, such as `2M`", metavar="RATE"
    )
    sleep_requests: float | None = setting(
        None, "seconds to wait between two requests to a site", metavar="SECONDS"
    )
    yt_dlp_args: str | None = setting(
        None,
        "more options for yt-dlp in quotes, such as `'--js-runtimes node'`",
        metavar="OPTIONS",
        risk="options for yt-dlp, which may read cookies and log in",
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
        "model that finds sentences in unpunctuated text: fast, rules, lm[:MODEL] or sat[:MODEL]",
        metavar="NAME[:MODEL]",
        risk=LOADS_CODE,
    )

    def __post_init__(self) -> None:
        if not 0 < self.target_s <= self.max_s:
            raise ValueError(
                f"target_s and max_s must satisfy 0 < target_s <= max_s, not {self.target_s} and {self.max_s}"
            )
        if self.part_s < 0:
            raise ValueError(f"part_s must be at least 0, not {self.part_s}")


def _device(value: Any) -> str:
    name = "".join(value.split()).lower() if isinstance(value, str) else ""
    if not is_device(name):
        raise ValueError("choose auto, cpu, cuda or cuda:N; several as cuda:0,cuda:1")
    return name


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscribeOptions:
    """How to transcribe; device and batch size do not affect the result, a stated compute type may."""

    engine: Literal["auto", "faster-whisper", "whisperx"] = setting(
        "auto", "speech recogniser; auto: whisperx on a GPU if it is installed, otherwise faster-whisper"
    )
    model: str = setting(
        "auto",
        "speech model: auto (by the machine), a name in `studykit models list`, OWNER/NAME on the hub, "
        "or a folder",
        metavar="NAME_OR_PATH",
        risk=LOADS_CODE,
    )
    device: str = setting(
        "auto",
        "device for speech recognition: auto, cpu, cuda or cuda:N, as CUDA counts GPUs; several GPUs, for "
        "several recordings, as cuda:0,cuda:1",
        metavar="DEVICE",
        read=_device,
    )
    compute_type: ComputeType = setting(
        "auto", "numbers to compute with; auto: the best that the device has and its memory holds"
    )
    batch_size: int | None = setting(
        None, "windows of 30 s recognised at a time; by memory if not given", metavar="N"
    )
    language: str | None = None
    """ISO 639-1; detected if None."""
    hot_words: bool = setting(True, "give the recogniser glossary terms that are often mis-heard")
    diarize: bool = setting(False, "label speakers (pyannote; needs HF_TOKEN)", in_file=False)
    min_speakers: int | None = setting(None, "at least so many speakers", in_file=False, metavar="N")
    max_speakers: int | None = setting(None, "at most so many speakers", in_file=False, metavar="N")
    hear_again: bool = setting(
        False, "transcribe again what was transcribed before, as after changes in the glossary", in_file=False
    )

    def __post_init__(self) -> None:
        for name in ("batch_size", "min_speakers", "max_speakers"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"transcribe.{name} must be at least 1, not {value}")
        if not self.diarize and (self.min_speakers or self.max_speakers):
            raise ValueError("a number of speakers needs --diarize")
        if self.min_speakers and self.max_speakers and self.min_speakers > self.max_speakers:
            raise ValueError(
                f"min_speakers {self.min_speakers} is more than max_speakers {self.max_speakers}"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class AlignOptions:
    """How to align; the defaults suit both complete and partial translations."""

    encoder: str = setting(
        "usem",
        "sentence encoder: usem, or sentence-transformers:MODEL_OR_FOLDER",
        metavar="NAME",
        risk=LOADS_CODE,
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
        risk=LOADS_CODE,
    )
    base_url: str = setting(
        "https://api.openai.com/v1",
        "address of the service for `openai`; any with OpenAI's `/chat/completions`",
        risk="an address that your text and API key are sent to",
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
    timeout_s: float = setting(
        120.0, "how long a service may send nothing, in seconds; a slow model streams as it writes"
    )
    longest_answer_s: float = setting(
        1800.0, "how long one answer of a service may take from beginning to end, in seconds"
    )
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
        for name in ("parallel", "timeout_s", "longest_answer_s", "beams", "batch", "length_penalty"):
            if getattr(self, name) <= 0:
                raise ValueError(f"translate.{name} must be above 0")
        if self.requests_per_minute is not None and self.requests_per_minute <= 0:
            raise ValueError("translate.requests_per_minute must be above 0")
        if self.retries < 0:
            raise ValueError("translate.retries must be at least 0")


_SMALLEST_CONTEXT = 2048


def _features(value: Any) -> tuple[str, ...]:
    names = [name.strip() for name in value.split(",")] if isinstance(value, str) else value
    known: tuple[str, ...] = get_args(AssistFeature)
    if not isinstance(names, (list, tuple)) or not names or any(name not in known for name in names):
        raise ValueError(f"choose some of {', '.join(known)}")
    return tuple(name for name in known if name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class AssistOptions:
    """What a language model writes about a talk; address, key, prices and limits are those of translation."""

    engine: str | None = setting(
        None,
        "language model that writes summaries, headings, claims, explanations and questions, each held "
        "against the talk: openai:MODEL, at translate.base_url, or transformers:MODEL_OR_FOLDER; none leaves "
        "out what one wrote earlier",
        env="STUDYKIT_ASSIST",
        option="--assist",
        metavar="ENGINE:MODEL",
        risk="sends your talks to a language model",
    )
    features: tuple[str, ...] = setting(
        get_args(AssistFeature),
        f"what it writes, comma-separated: {', '.join(get_args(AssistFeature))}",
        env="STUDYKIT_ASSIST_FEATURES",
        option="--assist-features",
        metavar="LIST",
        read=_features,
    )
    context: int = setting(
        8192,
        "how many tokens the model can read and write in one request; a talk is shown in so many pieces",
        env="STUDYKIT_ASSIST_CONTEXT",
        metavar="TOKENS",
    )
    budget: float | None = setting(
        None,
        "never spend more than this on what is written about one talk, in the currency of the prices",
        env="STUDYKIT_ASSIST_BUDGET",
        metavar="MONEY",
    )

    @property
    def asks(self) -> bool:
        """Whether a language model is asked."""
        return self.engine not in {None, "none"}

    def __post_init__(self) -> None:
        if self.context < _SMALLEST_CONTEXT:
            raise ValueError(f"assist.context must be at least {_SMALLEST_CONTEXT}, not {self.context}")
