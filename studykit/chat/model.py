"""The interface of chat models."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple, Protocol, TypedDict

from studykit.types import Usage

__all__ = ["ChatModel", "Completion", "Message"]


class Message(TypedDict):
    """One message of a conversation; ``role`` is system, user or assistant."""

    role: str
    content: str


class Completion(NamedTuple):
    """A model's answer, and the tokens used, if reported."""

    text: str
    usage: Usage | None
    cut: bool = False
    """Whether the answer ends where the allowed number of tokens did."""


class ChatModel(Protocol):
    """Completes a conversation. Called from several threads if ``parallel`` is above 1."""

    @property
    def name(self) -> str:
        """Engine and model with every option that affects the answers."""

    @property
    def model(self) -> str:
        """The model's own name."""

    @property
    def parallel(self) -> int:
        """Maximum number of simultaneous conversations."""

    def complete(
        self,
        conversation: Sequence[Message],
        *,
        most_tokens: int,
        limited: bool,
        cancelled: Callable[[], bool],
        schema: Mapping[str, Any] | None = None,
    ) -> Completion:
        """The answer. ``most_tokens`` is enough for it; with ``limited``, it must not be longer.

        ``schema`` is the JSON Schema of the answer wanted; a model that knows none may ignore it, so the
        answer has to be checked all the same. Raises ``EngineError`` and ``MissingError``.
        """
