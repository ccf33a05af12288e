"""What a chat model's answer says of which sentence, and what of it can be a translation."""

from studykit.translate.answer.reply import parse_reply, plausible
from studykit.translate.answer.tidy import bare, cleaned

__all__ = ["bare", "cleaned", "parse_reply", "plausible"]
