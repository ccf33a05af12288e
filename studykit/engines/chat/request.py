"""What is sent to a service, and what is left out once it refuses it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field

from studykit.chat import Message

__all__ = ["Asked", "Taken", "body"]

_MENTIONED = {
    "json_schema": re.compile(r"response[_ ]?format|json[_ ]schema|\bschema|grammar|guided|structured", re.I),
    "json_object": re.compile(r"response[_ ]?format|json[_ ]object|json mode", re.I),
    "stream_options": re.compile(r"stream_options|include_usage", re.I),
    "stream": re.compile(r"\bstream(?:ing|ed)?\b", re.I),
    "temperature": re.compile(r"temperature", re.I),
    "max_tokens": re.compile(r"max_tokens", re.I),
}
"""Optional parts of a request, and how the text of a refusal names them; the first one named is left out."""
_NAMED_AT = {400, 404, 405, 415, 422, 501}
_UNNAMED_AT = {400, 415, 422, 501}
"""Statuses of a refusal that says what it does not like, and of one that need not."""
_FORMS = {"json_schema", "json_object"}
"""Some servers fail (500) where they cannot keep to a form; other words in such an error mean nothing."""


class Asked(Struct, frozen=True):
    """One question: the conversation, and what its answer may be.

    ``most_tokens`` is sent as a limit; an answer of more than ``longest_chars`` is read no further.
    """

    conversation: Sequence[Message]
    most_tokens: int | None
    schema: Mapping[str, Any] | None
    longest_chars: int


class Taken(Struct):
    """What a service takes; shared by all requests to it. ``refused`` holds names of ``_MENTIONED``."""

    refused: set[str] = field(default_factory=set)

    def sent(self, asked: Asked) -> frozenset[str]:
        """The optional parts of a request to this service."""
        parts = {"temperature", "stream", "stream_options"} - self.refused
        if "stream" in self.refused:
            parts.discard("stream_options")
        if asked.schema is not None:
            parts |= {name for name in ("json_schema", "json_object") if name not in self.refused}
            if "json_schema" in parts:
                parts.discard("json_object")
        if asked.most_tokens is not None and "max_tokens" not in self.refused:
            parts.add("max_tokens")
        return frozenset(parts)

    def learn(self, status: int, text: str, sent: frozenset[str]) -> bool:
        """Leave out from now on what a refusal names; returns False if it names nothing that was sent."""
        named = next((name for name, said in _MENTIONED.items() if name in sent and said.search(text)), None)
        if not named or not (status in _NAMED_AT or (status == 500 and named in _FORMS)):
            return False
        self.refused.add(named)
        return True

    def bare(self, asked: Asked) -> frozenset[str]:
        """The optional parts of a request that has as few as can be."""
        return frozenset({"max_tokens"} - self.refused if asked.most_tokens is not None else ())

    def keep_bare(self, asked: Asked) -> None:
        """Send only such requests from now on."""
        self.refused |= {"temperature", "stream", "stream_options"}
        if asked.schema is not None:
            self.refused |= {"json_schema", "json_object"}

    def may_be_bare(self, status: int, sent: frozenset[str]) -> bool:
        """Whether a refusal that names nothing may be one of the optional parts in ``sent``."""
        return status in _UNNAMED_AT and bool(sent - {"max_tokens"})


def body(model: str, asked: Asked, sent: frozenset[str]) -> dict[str, Any]:
    """The document to send, with the optional parts in ``sent``."""
    made: dict[str, Any] = {
        "model": model,
        "messages": list(asked.conversation),
        "stream": "stream" in sent,
    }
    if "stream_options" in sent:
        made["stream_options"] = {"include_usage": True}
    if "temperature" in sent:
        made["temperature"] = 0
    if asked.most_tokens is not None:
        made["max_tokens" if "max_tokens" in sent else "max_completion_tokens"] = asked.most_tokens
    if "json_schema" in sent:
        schema = {"name": "answer", "strict": True, "schema": dict(asked.schema or {})}
        made["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif "json_object" in sent:
        made["response_format"] = {"type": "json_object"}
    return made
