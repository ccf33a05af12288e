"""Puts an answer together from what services call its parts."""

from __future__ import annotations

import json
from typing import Any

from studykit.chat import Completion, count_tokens
from studykit.chat.reply import REFUSED
from studykit.types import Usage

__all__ = ["Collected"]

_MOST_TOKENS = 10**9
_CUT = {"length", "max_tokens", "model_length", "max_output_tokens"}
_FILTERED = {"content_filter", "safety", "prohibited_content", "recitation", "sensitive"}
_THOUGHT = ("reasoning_content", "reasoning", "thinking")
_SPOKEN = ("text", "content", "value")


class Collected:
    """The parts of one answer, from one document or from many."""

    def __init__(self) -> None:
        self.choices = 0
        self.chars = 0
        """Characters of the answer, without thoughts."""
        self.finish = ""
        self._text: list[str] = []
        self._thoughts: list[str] = []
        self._refusal: list[str] = []
        self._calls: dict[int, list[str]] = {}
        self._usage: Usage | None = None

    def add(self, document: dict[str, Any]) -> None:
        """Take what a document has: a whole message, or the next piece of one."""
        self._usage = _usage(document.get("usage")) or self._usage
        choices = document.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if not isinstance(choice, dict) or choice.get("index") not in (None, 0):
                continue
            self.choices += 1
            message = choice.get("delta") or choice.get("message") or {"content": choice.get("text")}
            if isinstance(message, dict):
                self._take(message)
            if isinstance(reason := choice.get("finish_reason"), str) and reason:
                self.finish = reason.casefold()

    def completion(self, *, cut: bool = False) -> Completion:
        """The answer as far as it has come; ``cut`` if it was not read to its end.

        If the service reports no tokens, those of the answer are estimated and those of the prompt are 0.
        """
        text = "".join(self._text)
        thoughts = "".join(self._thoughts)
        cut = cut or self.finish in _CUT
        calls = ["".join(pieces) for _, pieces in sorted(self._calls.items())]
        if "{" not in text:  # beside a call, the text is a remark
            text = next(filter(str.strip, calls), text)
        if not text.strip() and (self._refusal or self.finish in _FILTERED):
            text = f"{REFUSED} {''.join(self._refusal) or self.finish}"
        if not text.strip() and not cut:
            text = thoughts  # some servers take all that a model says for thoughts
        return Completion(text, self._usage or Usage(completion=count_tokens(text + thoughts)), cut)

    def _take(self, message: dict[str, Any]) -> None:
        self._content(message.get("content"))
        for name in _THOUGHT:
            if said := _words(message.get(name)):
                self._thoughts.append(said)
                break
        if isinstance(refusal := message.get("refusal"), str):
            self._refusal.append(refusal)
        calls = message.get("tool_calls")
        listed = [call for call in calls if isinstance(call, dict)] if isinstance(calls, list) else []
        for i, call in enumerate(listed):
            at = call.get("index")
            self._call(at if isinstance(at, int) else i, call.get("function"))
        self._call(0, message.get("function_call"))

    def _content(self, content: Any) -> None:
        """Text, or a list of parts, some of which may be thoughts."""
        for part in content if isinstance(content, list) else [content]:
            thought = isinstance(part, dict) and str(part.get("type")) in {*_THOUGHT, "redacted_thinking"}
            said = _words(part)
            if thought:
                self._thoughts.append(said)
            else:
                self._text.append(said)
                self.chars += len(said)

    def _call(self, at: int, function: Any) -> None:
        """What a model gives to a tool that it takes the schema for."""
        said = function.get("arguments") if isinstance(function, dict) else None
        if isinstance(said, dict):
            said = json.dumps(said, ensure_ascii=False)
        if isinstance(said, str):
            self._calls.setdefault(at, []).append(said)
            self.chars += len(said)


def _words(said: Any) -> str:
    """The text in a part: plain, in one of its fields, or in a list of parts."""
    if isinstance(said, str):
        return said
    if isinstance(said, list):
        return "".join(_words(part) for part in said if isinstance(part, (str, dict)))
    if isinstance(said, dict):
        for name in (*_SPOKEN, *_THOUGHT):
            if isinstance(said.get(name), (str, list)):
                return _words(said[name])
    return ""


def _usage(counted: Any) -> Usage | None:
    """The tokens that a service counted, if it reports them and can have meant them."""
    if not isinstance(counted, dict):
        return None
    prompt, completion = counted.get("prompt_tokens"), counted.get("completion_tokens")
    if not isinstance(prompt, int) or not isinstance(completion, int):
        return None
    total = counted.get("total_tokens")
    if isinstance(total, int):  # some count thoughts in the total alone
        completion = max(completion, total - prompt)
    if not all(0 <= number <= _MOST_TOKENS for number in (prompt, completion)):
        return None
    return Usage(prompt=prompt, completion=completion)
