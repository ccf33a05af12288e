"""The options of the stages of a talk: one class for each table of the settings file.

To add a setting, add a field here, in ``sources.py`` or in ``uses.py``. The file, the environment, the docs
and every command that lists its key then know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, get_args

from msgspec import field

from studykit.options.setting import LOADS_CODE, Table, setting
from studykit.types import AssistFeature, CefrLevel, Device

__all__ = [
    "AlignOptions",
    "AssistOptions",
    "Prices",
    "SegmentOptions",
    "TranslateOptions",
    "VocabularyOptions",
]

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


class SegmentOptions(Table, frozen=True, kw_only=True):
    """Where sentences end, and how long paragraphs are, in seconds of speech."""

    target_s: Annotated[float, setting("usual length of a paragraph, in seconds of speech")] = 18.0
    max_s: Annotated[
        float, setting("longest paragraph, in seconds of speech, unless one sentence is longer")
    ] = 45.0
    part_s: Annotated[
        float, setting("usual length of a part in a long talk without chapters, in seconds; 0 for no parts")
    ] = 420.0
    boundaries: Annotated[
        str,
        setting(
            "model that finds sentences in unpunctuated text: fast, rules, lm[:MODEL] or sat[:MODEL]",
            metavar="NAME[:MODEL]",
            risk=LOADS_CODE,
        ),
    ] = "fast"

    def __post_init__(self) -> None:
        if not 0 < self.target_s <= self.max_s:
            raise ValueError(
                f"target_s and max_s must satisfy 0 < target_s <= max_s, not {self.target_s} and {self.max_s}"
            )
        if self.part_s < 0:
            raise ValueError(f"part_s must be at least 0, not {self.part_s}")


class AlignOptions(Table, frozen=True, kw_only=True):
    """How to align; the defaults suit both complete and partial translations."""

    encoder: Annotated[
        str,
        setting(
            "sentence encoder: usem, or sentence-transformers:MODEL_OR_FOLDER",
            metavar="NAME",
            risk=LOADS_CODE,
        ),
    ] = "usem"
    max_bead: Annotated[int, setting("maximum number of sentences in one bead, both sides together")] = 12

    def __post_init__(self) -> None:
        if self.max_bead < 2:
            raise ValueError(f"max_bead must be at least 2, not {self.max_bead}")


class VocabularyOptions(Table, frozen=True, kw_only=True):
    """Which words and expressions are worth explaining to this learner."""

    level: Annotated[CefrLevel, setting("your level; easier items are left out")] = "B1"
    per_paragraph: Annotated[
        int,
        setting("maximum number of items that notes explain in one paragraph, glossary terms not counted"),
    ] = 5
    known: Annotated[
        tuple[Path, ...],
        setting(
            "lists of words to leave out (CSV, Anki text export, .apkg), together with `studykit known`",
            metavar="FILE",
        ),
    ] = ()
    ecdict: Annotated[
        Path | None,
        setting("an ECDICT file (ecdict.csv), preferred to CC-CEDICT for Chinese meanings", metavar="FILE"),
    ] = None

    def __post_init__(self) -> None:
        if self.per_paragraph < 0:
            raise ValueError(f"per_paragraph must be at least 0, not {self.per_paragraph}")


class TranslateOptions(Table, frozen=True, kw_only=True):
    """How to translate; each engine uses the options that apply to it."""

    engine: Annotated[
        str,
        setting(
            "translation engine: openai:MODEL, transformers[:MODEL_OR_FOLDER] or captions",
            env="STUDYKIT_TRANSLATOR",
            metavar="ENGINE[:MODEL]",
            risk=LOADS_CODE,
        ),
    ] = "transformers"
    base_url: Annotated[
        str,
        setting(
            "address of the service for `openai`; any with OpenAI's `/chat/completions`",
            risk="an address that your text and API key are sent to",
        ),
    ] = "https://api.openai.com/v1"
    api_key: Annotated[
        str | None,
        setting("API key of the service; for OpenAI itself, `OPENAI_API_KEY` works too", secret=True),
    ] = None
    prices: Annotated[
        Prices,
        setting(
            "your prices per million tokens of input and output: `MODEL = [0.15, 0.6]` under "
            "`[translate.prices]`, or `MODEL=0.15/0.6` in the variable",
            read=_prices,
        ),
    ] = field(default_factory=dict)
    parallel: Annotated[int, setting("number of simultaneous requests to a service")] = 4
    requests_per_minute: Annotated[
        float | None, setting("maximum number of requests to a service per minute")
    ] = None
    timeout_s: Annotated[
        float, setting("how long a service may send nothing, in seconds; a slow model streams as it writes")
    ] = 120.0
    longest_answer_s: Annotated[
        float, setting("how long one answer of a service may take from beginning to end, in seconds")
    ] = 1800.0
    retries: Annotated[
        int, setting("how often to repeat a request that a service refused or failed to answer")
    ] = 5
    device: Annotated[Device, setting("device for `transformers`", env="STUDYKIT_TRANSLATE_DEVICE")] = "auto"
    beams: Annotated[int, setting("beam size of `transformers`; 1 is fastest")] = 4
    length_penalty: Annotated[
        float, setting("length penalty of `transformers`; above 1, it prefers longer translations")
    ] = 1.0
    batch: Annotated[
        int,
        setting(
            "number of sentences that `transformers` translates together", env="STUDYKIT_TRANSLATE_BATCH"
        ),
    ] = 32
    budget: Annotated[
        float | None,
        setting(
            "never spend more than this on one translation, in the currency of the prices", metavar="MONEY"
        ),
    ] = None
    fix: Annotated[
        bool, setting("correct terms in the translation where that is safe", env="STUDYKIT_FIX_TERMS")
    ] = False

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


class AssistOptions(Table, frozen=True, kw_only=True):
    """What a language model writes about a talk; address, key, prices and limits are those of translation."""

    engine: Annotated[
        str | None,
        setting(
            "language model that writes summaries, headings, claims, explanations and questions, each held "
            "against the talk: openai:MODEL, at translate.base_url, or transformers:MODEL_OR_FOLDER; none "
            "leaves out what one wrote earlier",
            env="STUDYKIT_ASSIST",
            option="--assist",
            metavar="ENGINE:MODEL",
            risk="sends your talks to a language model",
        ),
    ] = None
    features: Annotated[
        tuple[str, ...],
        setting(
            f"what it writes, comma-separated: {', '.join(get_args(AssistFeature))}",
            env="STUDYKIT_ASSIST_FEATURES",
            option="--assist-features",
            metavar="LIST",
            read=_features,
        ),
    ] = get_args(AssistFeature)
    context: Annotated[
        int,
        setting(
            "how many tokens the model can read and write in one request; a talk is shown in so many pieces",
            env="STUDYKIT_ASSIST_CONTEXT",
            metavar="TOKENS",
        ),
    ] = 8192
    budget: Annotated[
        float | None,
        setting(
            "never spend more than this on what is written about one talk, in the currency of the prices",
            env="STUDYKIT_ASSIST_BUDGET",
            metavar="MONEY",
        ),
    ] = None

    @property
    def asks(self) -> bool:
        """Whether a language model is asked."""
        return self.engine not in {None, "none"}

    def __post_init__(self) -> None:
        if self.context < _SMALLEST_CONTEXT:
            raise ValueError(f"assist.context must be at least {_SMALLEST_CONTEXT}, not {self.context}")
