"""Translation by a sequence-to-sequence model, which takes single sentences without instructions.

Terms are preserved by placeholders (Crego et al. 2016, "SYSTRAN's Pure Neural Machine Translation
Systems", section 3.2): a term is replaced by a code before translation, and the code by the wanted
form after it. Models may fail to copy codes, so this is checked: if a code is lost or duplicated, the
sentence is translated without placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from studykit.chat import count_tokens
from studykit.faces import late
from studykit.fingerprint import code_digest
from studykit.languages import HAN
from studykit.translate.answer.tidy import cleaned
from studykit.translate.engine import Answer, SourceParagraph, TermRow
from studykit.translate.expected import expected_completion
from studykit.types import Language, Usage

__all__ = ["SequenceModel", "SequenceTranslator", "masked", "unmasked"]

_CODE = "XT{}"
_ANY_CODE = re.compile(r"XT\d")
_AROUND = r"(?<![A-Za-z0-9]){}(?![A-Za-z0-9])"
_GAP = late(rf"(?<=[{HAN}，。、；：（]) (?=[{HAN}，。、；：）])")


class SequenceModel(Protocol):
    """Translates sentences, each on its own."""

    @property
    def name(self) -> str:
        """Engine and model with every option that affects the translations."""

    @property
    def model(self) -> str:
        """The model's own name."""

    def generate(self, sentences: Sequence[str], source: Language, target: Language) -> list[str]:
        """The translations. Raises ``EngineError`` and ``MissingError``."""


class SequenceTranslator:
    """Passes sentences to a model in batches, and inserts the terms afterwards."""

    parallel = 1
    attempts = 1

    def __init__(self, sequences: SequenceModel, *, batch: int) -> None:
        self._sequences = sequences
        # A paragraph has about four sentences, each translated with and without placeholders.
        self.at_once = max(1, batch // 4)

    @property
    def name(self) -> str:
        """The model's name and a digest of how terms are preserved."""
        return f"{self._sequences.name} placeholders {code_digest('translate/sequence')[:8]}"

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._sequences.model

    def estimate(self, paragraph: SourceParagraph) -> Usage:
        """An estimate of the tokens for a paragraph."""
        prompt = sum(count_tokens(paragraph.sentences[i]) for i in paragraph.wanted)
        return Usage(prompt=prompt, completion=expected_completion(paragraph))

    def translate(
        self,
        paragraphs: Sequence[SourceParagraph],
        *,
        most_tokens: int | None,  # noqa: ARG002  nothing here costs money
        cancelled: Callable[[], bool],  # noqa: ARG002  a batch takes seconds
    ) -> list[Answer]:
        """An answer for each paragraph."""
        if not paragraphs:
            return []
        wanted = [(k, i) for k, paragraph in enumerate(paragraphs) for i in paragraph.wanted]
        plain = [paragraphs[k].sentences[i] for k, i in wanted]
        codes = [masked(paragraphs[k].sentences[i], paragraphs[k].terms) for k, i in wanted]
        language = paragraphs[0].source, paragraphs[0].target
        tried = self._sequences.generate([text for text, _ in codes], *language)
        texts = [unmasked(text, used) for text, (_, used) in zip(tried, codes, strict=True)]
        lost = [n for n, text in enumerate(texts) if text is None]
        if lost:
            untouched = self._sequences.generate([plain[n] for n in lost], *language)
            for n, plain_text in zip(lost, untouched, strict=True):
                texts[n] = plain_text
        sentences: list[dict[int, str]] = [{} for _ in paragraphs]
        for (k, i), made in zip(wanted, texts, strict=True):
            if made and (line := cleaned(made)):
                sentences[k][i] = line
        return [
            Answer(sentences=found, usage=self.estimate(paragraph))
            for found, paragraph in zip(sentences, paragraphs, strict=True)
        ]


def masked(sentence: str, terms: Sequence[TermRow]) -> tuple[str, dict[str, str]]:
    """``sentence`` with codes in place of its terms, and what each code stands for."""
    used: dict[str, str] = {}
    if _ANY_CODE.search(sentence):
        return sentence, used
    for row in sorted(terms, key=lambda row: -len(row.source)):
        code = _CODE.format(len(used) + 1)
        around = _AROUND if row.source.isascii() else "{}"
        # A form with a capital after its first letter (RAG) is matched case-sensitively.
        flags = re.IGNORECASE if row.source[1:] == row.source[1:].lower() else 0
        at = re.compile(around.format(re.escape(row.source)), flags)
        sentence, times = at.subn(code, sentence, count=1)
        if times:
            used[code] = row.target
    return sentence, used


def unmasked(translation: str, used: dict[str, str]) -> str | None:
    """``translation`` with terms in place of their codes; None unless each code occurs exactly once."""
    for code, wanted in used.items():
        at = re.compile(_AROUND.format(code), re.IGNORECASE)
        if len(at.findall(translation)) != 1:
            return None
        translation = wanted.join(at.split(translation))
    return _GAP.sub("", translation)
