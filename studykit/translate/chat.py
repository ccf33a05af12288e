"""Translation by a chat model."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from studykit.chat import ChatModel, count_tokens
from studykit.fingerprint import code_digest
from studykit.translate.answer.reply import parse_reply
from studykit.translate.answer.tidy import bare
from studykit.translate.engine import Answer, SourceParagraph
from studykit.translate.expected import expected_completion
from studykit.translate.prompt import messages, schema
from studykit.types import Usage

__all__ = ["ChatTranslator"]


_CODE = ("translate/prompt", "translate/answer")
"""What decides on a translation besides the model."""


class ChatTranslator:
    """Translates with a chat model, one paragraph per request."""

    at_once = 1
    attempts = 3

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat

    @property
    def name(self) -> str:
        """The model's name and a digest of the prompt."""
        return f"{self._chat.name} prompt {code_digest(*_CODE)[:8]}"

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._chat.model

    @property
    def parallel(self) -> int:
        """As many as the model allows."""
        return self._chat.parallel

    def estimate(self, paragraph: SourceParagraph) -> Usage:
        """An estimate of the tokens for a paragraph."""
        conversation = messages(paragraph)
        prompt = sum(count_tokens(message["content"]) + 4 for message in conversation)
        return Usage(prompt=prompt, completion=expected_completion(paragraph))

    def translate(
        self, paragraphs: Sequence[SourceParagraph], *, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> list[Answer]:
        """An answer for each paragraph, without the parts that have wrong keys."""
        return [self._translated(paragraph, most_tokens, cancelled) for paragraph in paragraphs]

    def _translated(
        self, paragraph: SourceParagraph, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> Answer:
        expected = self.estimate(paragraph)
        done = self._chat.complete(
            messages(paragraph),
            most_tokens=2 * expected.completion + 100 if most_tokens is None else most_tokens,
            limited=most_tokens is not None,
            cancelled=cancelled,
            schema=schema(paragraph),
        )
        found = parse_reply(
            done.text,
            paragraph.wanted,
            total=len(paragraph.sentences),
            target=paragraph.target,
            cut=done.cut,
        )
        texts = {i: bare(text, paragraph.sentences[i], i + 1) for i, text in found.items()}
        return Answer(
            sentences={i: text for i, text in texts.items() if text},
            usage=done.usage or Usage(prompt=expected.prompt, completion=count_tokens(done.text)),
            said=done.text,
            cut=done.cut,
        )
