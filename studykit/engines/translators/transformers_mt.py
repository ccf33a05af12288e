"""Translation models from transformers (extra ``translate``), on the CPU or a CUDA device.

Sequence-to-sequence models: Marian and Opus-MT (Junczys-Dowmunt et al. 2018; Tiedemann & Thottingal
2020), NLLB-200 (2022), M2M100 and mBART-50 (Fan et al. 2021; Tang et al. 2021), MADLAD-400 (Kudugunta
et al. 2023). Any other model is used as a chat model, through its own template.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from studykit.chat import Completion, Message
from studykit.chat.reply import without_thinking
from studykit.engines.hub import found, model_identity
from studykit.errors import EngineError, MissingExtraError
from studykit.options import TranslateOptions
from studykit.translate import ChatTranslator, SequenceTranslator, Translator
from studykit.types import Language, Usage

__all__ = [
    "DEFAULT_MODELS",
    "TransformersChat",
    "TransformersSequences",
    "transformers_chat",
    "transformers_translator",
]

DEFAULT_MODELS = {"zh": "Helsinki-NLP/opus-mt-en-zh", "en": "Helsinki-NLP/opus-mt-zh-en"}
"""By target language."""

_PREFIXES = {"zh": (">>cmn_Hans<<", ">>zho_Hans<<", "<2zh>"), "en": (">>eng<<", "<2en>")}
"""Prefixes that set the target language of multilingual Opus-MT models and of MADLAD."""
_CODES = (
    {"en": "eng_Latn", "zh": "zho_Hans"},  # NLLB
    {"en": "en_XX", "zh": "zh_CN"},  # mBART-50
)
_LONGEST_RATIO, _LONGEST_REST = 3, 16
_ROOM_TO_THINK = 4096


def transformers_translator(model: str, options: TranslateOptions, target: Language) -> Translator:
    """A translator using a model by name or folder, of either kind.

    Raises ``MissingExtraError``, ``MissingModelError`` and, for a folder without a model, ``EngineError``.
    """
    _check_installed()
    from transformers import AutoConfig

    model = model or DEFAULT_MODELS[target]

    def load(name: str, local: bool) -> Any:
        return AutoConfig.from_pretrained(name, local_files_only=local)

    if found("transformers", model, load).is_encoder_decoder:
        return SequenceTranslator(TransformersSequences(model, options), batch=options.batch)
    return ChatTranslator(TransformersChat(model, options))


def transformers_chat(model: str, options: TranslateOptions) -> TransformersChat:
    """A chat model by name or folder; nothing is loaded yet. Raises ``MissingExtraError``."""
    _check_installed()
    return TransformersChat(model, options)


def _check_installed() -> None:
    for package in ("transformers", "torch", "sentencepiece"):
        try:
            version(package)
        except PackageNotFoundError:
            raise MissingExtraError(package, "translate") from None


@lru_cache(maxsize=1)
def _load(kind: str, model: str, device: str) -> tuple[Any, Any]:
    """Model and tokenizer; loaded once for all talks of a process, another model replaces them."""
    import transformers

    transformers.utils.logging.disable_progress_bar()

    def load(name: str, local: bool) -> Any:
        return (
            getattr(transformers, kind).from_pretrained(name, local_files_only=local),
            transformers.AutoTokenizer.from_pretrained(name, local_files_only=local),
        )

    loaded, tokenizer = found("transformers", model, load)
    try:
        return loaded.to(device).eval(), tokenizer
    except (RuntimeError, AssertionError) as error:
        raise EngineError("transformers", f"device {device!r}: {error}") from error


class _Loaded:
    """A model with its tokenizer, loaded when first used."""

    def __init__(self, model: str, options: TranslateOptions, kind: str) -> None:
        self.model = model
        self._options = options
        self._kind = kind
        self._identity = model_identity(model)
        self._loaded: tuple[Any, Any, str] | None = None

    def load(self) -> tuple[Any, Any, str]:
        """Model, tokenizer and device; raises ``EngineError`` and ``MissingModelError``."""
        if self._loaded is None:
            import torch

            device = self._options.device
            if device == "auto":
                device = "cuda" if torch.cuda.is_available() else "cpu"
            self._loaded = *_load(self._kind, self.model, device), device
        return self._loaded

    def generated(self, inputs: Any, **options: Any) -> Any:
        """The token ids that the model generates from ``inputs``."""
        import torch

        model, _, device = self.load()
        try:
            with torch.inference_mode():
                return model.generate(**inputs.to(device), do_sample=False, **options)
        except (RuntimeError, ValueError, IndexError) as error:
            raise EngineError("transformers", f"{self.model}: {error}") from error


class TransformersSequences(_Loaded):
    """A sequence-to-sequence model."""

    def __init__(self, model: str, options: TranslateOptions) -> None:
        super().__init__(model, options, "AutoModelForSeq2SeqLM")

    @property
    def name(self) -> str:
        """Package, version, model and search options."""
        return (
            f"transformers-{version('transformers')} {self._identity} "
            f"beams {self._options.beams} length {self._options.length_penalty:g}"
        )

    def generate(self, sentences: Sequence[str], source: Language, target: Language) -> list[str]:
        """The translations; sentences of similar length are translated together.

        A sentence that is too long for the model gets an empty translation instead of being cut.
        """
        model, tokenizer, _ = self.load()
        prefix, forced = _directed(tokenizer, source, target)
        texts = [prefix + sentence for sentence in sentences]
        lengths = [len(tokenizer(text).input_ids) for text in texts]
        most = getattr(model.config, "max_position_embeddings", None) or max(lengths, default=0)
        readable = sorted((i for i, length in enumerate(lengths) if length <= most), key=lambda i: lengths[i])
        made = [""] * len(texts)
        for start in range(0, len(readable), self._options.batch):
            batch = readable[start : start + self._options.batch]
            ids = self.generated(
                tokenizer([texts[i] for i in batch], return_tensors="pt", padding=True),
                num_beams=self._options.beams,
                length_penalty=self._options.length_penalty,
                max_new_tokens=min(_LONGEST_RATIO * lengths[batch[-1]] + _LONGEST_REST, most - 1),
                **forced,
            )
            for i, text in zip(batch, tokenizer.batch_decode(ids, skip_special_tokens=True), strict=True):
                made[i] = text
        return made


def _directed(tokenizer: Any, source: Language, target: Language) -> tuple[str, dict[str, int]]:
    """What sets the target language: a prefix of the text, or the first token to generate."""
    vocabulary = tokenizer.get_vocab()
    for prefix in _PREFIXES[target]:
        if prefix in vocabulary:
            return f"{prefix} ", {}
    for codes in _CODES:
        if codes[target] in vocabulary:
            tokenizer.src_lang = codes[source]
            return "", {"forced_bos_token_id": tokenizer.convert_tokens_to_ids(codes[target])}
    if hasattr(tokenizer, "get_lang_id"):  # M2M100
        tokenizer.src_lang = source
        return "", {"forced_bos_token_id": tokenizer.get_lang_id(target)}
    return "", {}


class TransformersChat(_Loaded):
    """A chat model, through its own template."""

    parallel = 1

    def __init__(self, model: str, options: TranslateOptions) -> None:
        super().__init__(model, options, "AutoModelForCausalLM")

    @property
    def name(self) -> str:
        """Package, version and model."""
        return f"transformers-{version('transformers')} {self._identity}"

    def complete(
        self,
        conversation: Sequence[Message],
        *,
        most_tokens: int,
        limited: bool,
        cancelled: Callable[[], bool],  # noqa: ARG002  an answer takes seconds
        schema: Mapping[str, Any] | None = None,  # noqa: ARG002  generation here knows no grammar
    ) -> Completion:
        """The most likely answer, with more tokens for one that is all thoughts.

        Raises ``EngineError`` for a model without a template.
        """
        _, tokenizer, _ = self.load()
        try:
            inputs = tokenizer.apply_chat_template(
                list(conversation), add_generation_prompt=True, return_tensors="pt", return_dict=True
            )
        except ValueError as error:
            raise EngineError("transformers", f"{self.model} is not a chat model: {error}") from error
        inputs.pop("token_type_ids", None)  # transformers 4 adds them; chat models reject them
        length = inputs["input_ids"].shape[1]
        for most in (most_tokens,) if limited else (most_tokens, most_tokens + _ROOM_TO_THINK):
            written = self.generated(inputs, max_new_tokens=most)[0][length:]
            text = tokenizer.decode(written, skip_special_tokens=True)
            if len(written) < most or without_thinking(text):
                break
        return Completion(text, Usage(prompt=length, completion=len(written)), len(written) >= most)
