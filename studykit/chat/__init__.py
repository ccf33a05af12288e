"""Conversations with a language model: the messages, the model's interface, its answers, their cost.

Used by every stage that asks a model. Who wants a model to say something in a form reads it with
``reply.json_in``; the engines behind ``ChatModel`` are in ``engines/chat``.
"""

from studykit.chat.asking import Replied, replies
from studykit.chat.cost import Budget, cost, count_tokens
from studykit.chat.model import ChatModel, Completion, Message
from studykit.chat.reply import json_in

__all__ = [
    "Budget",
    "ChatModel",
    "Completion",
    "Message",
    "Replied",
    "cost",
    "count_tokens",
    "json_in",
    "replies",
]
