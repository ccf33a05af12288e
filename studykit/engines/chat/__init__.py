"""Language models behind OpenAI's interface: the client that every stage shares."""

from studykit.engines.chat.client import OpenAIChat

__all__ = ["OpenAIChat"]
