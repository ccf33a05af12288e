"""Translates with any service that has OpenAI's ``/v1/chat/completions``."""

from __future__ import annotations

from studykit.engines.chat import OpenAIChat
from studykit.options import TranslateOptions
from studykit.translate import ChatTranslator
from studykit.types import Language

__all__ = ["openai_translator"]


def openai_translator(model: str, options: TranslateOptions, _: Language) -> ChatTranslator:
    """A translator using a model of the service; raises what ``OpenAIChat`` raises."""
    return ChatTranslator(OpenAIChat(model, options))
