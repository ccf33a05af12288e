"""Finds the JSON in a model's answer."""

from __future__ import annotations

import json
import re
from typing import Any

__all__ = ["json_in"]

_FENCE = re.compile(r"\A```(?:json)?[^\S\n]*\n(.*)\n```\Z", re.DOTALL)
_THINKING = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)  # as reasoning models write it into the answer


def json_in(text: str) -> Any | None:
    """The JSON value in ``text``, alone or in a code fence; None if there is none."""
    text = _THINKING.sub("", text).strip()
    fenced = _FENCE.match(text)
    try:
        return json.loads(fenced.group(1) if fenced else text)
    except (ValueError, RecursionError):
        return None
