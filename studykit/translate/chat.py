"""Translation by a model that chats."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol

from studykit.fingerprint import code_digest
from studykit.translate.cost import count_tokens, expected_completion
from studykit.translate.engine import Answer, Passage
from studykit.translate.prompt import Message, messages
from studykit.translate.reply import parse_reply
from studykit.types import Usage

__all__ = ["ChatModel", "ChatTranslator", "Completion"]


class Completion(NamedTuple):
    """What a model said, and the tokens it took where it tells."""

    text: str
    usage: Usage | None


class ChatModel(Protocol):
    """Completes a conversation."""

    @property
    def name(self) -> str:
        """Engine and model with everything that changes the answers."""

    @property
    def model(self) -> str:
        """The model's own name."""

    @property
    def parallel(self) -> int:
        """How many conversations may go on at the same time."""

    def complete(
        self, said: Sequence[Message], *, most_tokens: int, limited: bool, cancelled: Callable[[], bool]
    ) -> Completion:
        """The answer. ``most_tokens`` is enough for it; ``limited``: it may not have more.

        Raises ``EngineError`` and ``MissingError``.
        """


class ChatTranslator:
    """Asks a chat model for one passage at a time."""

    at_once = 1
    attempts = 3

    def __init__(self, chat: ChatModel) -> None:
        self._chat = chat

    @property
    def name(self) -> str:
        """The model's name and a digest of how it is asked."""
        return f"{self._chat.name} prompt {code_digest('translate/prompt', 'translate/reply')[:8]}"

    @property
    def model(self) -> str:
        """The model's own name."""
        return self._chat.model

    @property
    def parallel(self) -> int:
        """As the model allows."""
        return self._chat.parallel

    def estimate(self, passage: Passage) -> Usage:
        """The tokens that a passage will about take."""
        said = messages(passage)
        prompt = sum(count_tokens(message["content"]) + 4 for message in said)
        return Usage(prompt=prompt, completion=expected_completion(passage))

    def translate(
        self, passages: Sequence[Passage], *, most_tokens: int | None, cancelled: Callable[[], bool]
    ) -> list[Answer]:
        """An answer for each passage; what the model did not key properly is not in it."""
        return [self._translated(passage, most_tokens, cancelled) for passage in passages]

    def _translated(self, passage: Passage, most_tokens: int | None, cancelled: Callable[[], bool]) -> Answer:
        expected = self.estimate(passage)
        done = self._chat.complete(
            messages(passage),
            most_tokens=2 * expected.completion + 100 if most_tokens is None else most_tokens,
            limited=most_tokens is not None,
            cancelled=cancelled,
        )
        usage = done.usage or Usage(prompt=expected.prompt, completion=count_tokens(done.text))
        return Answer(sentences=parse_reply(done.text, passage.wanted), usage=usage)
