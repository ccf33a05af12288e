"""Every setting: its name in the file and in the environment, how a value is read, its default.

To add one: a row in ``SETTINGS``, and where ``load_config`` turns it into a stage's option.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studykit.align import AlignOptions
from studykit.annotate import VocabularyOptions
from studykit.compose import ComposeOptions
from studykit.segment import SegmentOptions
from studykit.transcribe import TranscribeOptions
from studykit.translate import Prices, TranslateOptions
from studykit.types import CEFR_LEVELS

__all__ = ["SETTINGS", "Setting"]

CONFIG_NAME = "studykit.toml"


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("a text is needed")
    return value.strip()


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        raise ValueError("a number is needed")
    return float(value)


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise ValueError("a whole number is needed")
    return int(number)


def _level(value: Any) -> str:
    level = _text(value).upper()
    if level not in CEFR_LEVELS:
        raise ValueError(f"choose one of {', '.join(CEFR_LEVELS)}")
    return level


def _list(value: Any) -> tuple[str, ...]:
    items = value.split(",") if isinstance(value, str) else value
    if not isinstance(items, list):
        raise ValueError("a list is needed")
    return tuple(_text(item) for item in items)


def _prices(value: Any) -> Prices:
    """``{model: (in, out)}``, or ``model=in/out, …`` as text."""
    if isinstance(value, str):
        pairs = [item.rpartition("=") for item in value.split(",") if item.strip()]
        value = {name.strip(): price.split("/") for name, _, price in pairs}
    if not isinstance(value, dict):
        raise ValueError("a table of models is needed")
    prices = {}
    for model, price in value.items():
        if not isinstance(price, list) or len(price) != 2:
            raise ValueError(f"{model!r} needs two prices, of a million tokens in and out")
        prices[_text(model)] = (_number(price[0]), _number(price[1]))
        if not all(0 <= part < float("inf") for part in prices[model]):
            raise ValueError(f"{model!r} has a price below 0 or without end")
    return prices


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    if str(value).strip().lower() in {"true", "false"}:
        return str(value).strip().lower() == "true"
    raise ValueError("true or false is needed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """``key`` in the file (``table.name``) and ``env`` variable; ``read`` checks a raw value."""

    key: str
    env: str
    read: Callable[[Any], Any]
    default: Any
    help: str
    is_path: bool = False


SETTINGS = (
    Setting(
        key="store.db",
        env="STUDYKIT_DB",
        read=_text,
        default="study.db",
        help="the study database",
        is_path=True,
    ),
    Setting(
        key="notes.labels",
        env="STUDYKIT_LABELS",
        read=_text,
        default="zh",
        help="language of headings: zh or en",
    ),
    Setting(
        key="notes.formats",
        env="STUDYKIT_FORMATS",
        read=_list,
        default=("md", "html"),
        help="what `studykit notes` writes",
    ),
    Setting(
        key="notes.doubtful_below",
        env="STUDYKIT_DOUBTFUL_BELOW",
        read=_number,
        default=ComposeOptions().doubtful_below,
        help="paragraphs whose alignment scores less (0-1) are marked doubtful",
    ),
    Setting(
        key="notes.edited",
        env="STUDYKIT_EDITED",
        read=_truth,
        default=True,
        help="whether fillers and stutters are trimmed from the English",
    ),
    Setting(
        key="notes.templates",
        env="STUDYKIT_TEMPLATES",
        read=_text,
        default=None,
        help="folder of your own templates, which outrank the built-in ones",
        is_path=True,
    ),
    Setting(
        key="anki.url",
        env="STUDYKIT_ANKI_URL",
        read=_text,
        default="http://127.0.0.1:8765",
        help="where Anki's add-on AnkiConnect answers",
    ),
    Setting(
        key="glossary.paths",
        env="STUDYKIT_GLOSSARIES",
        read=_list,
        default=(),
        help="your own glossary files or folders, used beside the built-in ones",
        is_path=True,
    ),
    Setting(
        key="segment.target_s",
        env="STUDYKIT_TARGET_S",
        read=_number,
        default=SegmentOptions().target_s,
        help="usual length of a paragraph, in seconds of speech",
    ),
    Setting(
        key="segment.max_s",
        env="STUDYKIT_MAX_S",
        read=_number,
        default=SegmentOptions().max_s,
        help="longest paragraph, in seconds of speech",
    ),
    Setting(
        key="segment.part_s",
        env="STUDYKIT_PART_S",
        read=_number,
        default=SegmentOptions().part_s,
        help="usual length of a part in a long talk without chapters, in seconds; 0 makes no parts",
    ),
    Setting(
        key="segment.boundaries",
        env="STUDYKIT_BOUNDARIES",
        read=_text,
        default="fast",
        help="what finds sentences in English without marks: fast, rules, lm[:MODEL] or sat[:MODEL]",
    ),
    Setting(
        key="transcribe.engine",
        env="STUDYKIT_ENGINE",
        read=_text,
        default=TranscribeOptions().engine,
        help="speech recogniser: faster-whisper or whisperx",
    ),
    Setting(
        key="transcribe.model",
        env="STUDYKIT_MODEL",
        read=_text,
        default=TranscribeOptions().model,
        help="its model: a name in `studykit models list`, OWNER/NAME on the hub, or a folder",
    ),
    Setting(
        key="transcribe.device",
        env="STUDYKIT_DEVICE",
        read=_text,
        default=TranscribeOptions().device,
        help="auto, cpu or cuda",
    ),
    Setting(
        key="align.encoder",
        env="STUDYKIT_ENCODER",
        read=_text,
        default="usem",
        help="sentence encoder: usem, or sentence-transformers:MODEL_OR_FOLDER",
    ),
    Setting(
        key="align.max_bead",
        env="STUDYKIT_MAX_BEAD",
        read=_whole,
        default=AlignOptions().max_bead,
        help="most sentences in one bead, both sides together",
    ),
    Setting(
        key="translate.engine",
        env="STUDYKIT_TRANSLATOR",
        read=_text,
        default=TranslateOptions().engine,
        help="translation engine: `openai:MODEL`, `transformers[:MODEL_OR_FOLDER]` or `captions`",
    ),
    Setting(
        key="translate.base_url",
        env="STUDYKIT_BASE_URL",
        read=_text,
        default=TranslateOptions().base_url,
        help="where `openai` asks: any service with OpenAI's `/chat/completions`",
    ),
    Setting(
        key="translate.api_key",
        env="STUDYKIT_API_KEY",
        read=_text,
        default=None,
        help="its key; for OpenAI itself also `OPENAI_API_KEY`",
    ),
    Setting(
        key="translate.prices",
        env="STUDYKIT_PRICES",
        read=_prices,
        default=None,
        help="your price table, of a million tokens in and out: `MODEL = [0.15, 0.6]` under "
        "`[translate.prices]`, or `MODEL=0.15/0.6` in the variable",
    ),
    Setting(
        key="translate.parallel",
        env="STUDYKIT_PARALLEL",
        read=_whole,
        default=TranslateOptions().parallel,
        help="requests to a service at the same time",
    ),
    Setting(
        key="translate.requests_per_minute",
        env="STUDYKIT_REQUESTS_PER_MINUTE",
        read=_number,
        default=None,
        help="most requests to a service per minute",
    ),
    Setting(
        key="translate.timeout_s",
        env="STUDYKIT_TIMEOUT_S",
        read=_number,
        default=TranslateOptions().timeout_s,
        help="how long an answer of a service may take",
    ),
    Setting(
        key="translate.retries",
        env="STUDYKIT_RETRIES",
        read=_whole,
        default=TranslateOptions().retries,
        help="how often a request is sent again that a service refused or could not answer",
    ),
    Setting(
        key="translate.device",
        env="STUDYKIT_TRANSLATE_DEVICE",
        read=_text,
        default=TranslateOptions().device,
        help="where `transformers` computes: auto, cpu or cuda",
    ),
    Setting(
        key="translate.beams",
        env="STUDYKIT_BEAMS",
        read=_whole,
        default=TranslateOptions().beams,
        help="how many translations `transformers` weighs up at a time; 1 is fastest",
    ),
    Setting(
        key="translate.length_penalty",
        env="STUDYKIT_LENGTH_PENALTY",
        read=_number,
        default=TranslateOptions().length_penalty,
        help="above 1, `transformers` prefers longer translations",
    ),
    Setting(
        key="translate.batch",
        env="STUDYKIT_TRANSLATE_BATCH",
        read=_whole,
        default=TranslateOptions().batch,
        help="sentences that `transformers` translates at the same time",
    ),
    Setting(
        key="translate.budget",
        env="STUDYKIT_BUDGET",
        read=_number,
        default=None,
        help="what one translation may cost, in the currency of the prices",
    ),
    Setting(
        key="translate.fix",
        env="STUDYKIT_FIX_TERMS",
        read=_truth,
        default=False,
        help="put terms right in the translation where that is safe",
    ),
    Setting(
        key="fetch.cookies",
        env="STUDYKIT_COOKIES",
        read=_text,
        default=None,
        help="cookies for sites that ask for a login, a file as browsers export it",
        is_path=True,
    ),
    Setting(
        key="fetch.cookies_from_browser",
        env="STUDYKIT_COOKIES_FROM_BROWSER",
        read=_text,
        default=None,
        help="the browser to take cookies from, as in yt-dlp: `firefox`, `chrome:Profile 1`",
    ),
    Setting(
        key="fetch.proxy",
        env="STUDYKIT_PROXY",
        read=_text,
        default=None,
        help="proxy, such as `socks5://127.0.0.1:1080`",
    ),
    Setting(
        key="fetch.limit_rate",
        env="STUDYKIT_LIMIT_RATE",
        read=_text,
        default=None,
        help="most bytes per second, such as `2M`",
    ),
    Setting(
        key="fetch.sleep_requests",
        env="STUDYKIT_SLEEP_REQUESTS",
        read=_number,
        default=None,
        help="seconds to wait between two requests to a site",
    ),
    Setting(
        key="vocabulary.level",
        env="STUDYKIT_LEVEL",
        read=_level,
        default=VocabularyOptions().level,
        help="the learner's level, A1 to C2: easier items are left out",
    ),
    Setting(
        key="vocabulary.per_paragraph",
        env="STUDYKIT_PER_PARAGRAPH",
        read=_whole,
        default=VocabularyOptions().per_paragraph,
        help="most items that notes explain in one paragraph, beside the glossary's terms",
    ),
    Setting(
        key="vocabulary.known",
        env="STUDYKIT_KNOWN",
        read=_list,
        default=(),
        help="lists of words to leave out (CSV, Anki text export, .apkg), beside `studykit known`",
        is_path=True,
    ),
    Setting(
        key="vocabulary.ecdict",
        env="STUDYKIT_ECDICT",
        read=_text,
        default=None,
        help="an ECDICT file (ecdict.csv), whose Chinese comes before CC-CEDICT's",
        is_path=True,
    ),
)
