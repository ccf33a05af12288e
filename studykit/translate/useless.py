"""Stops a run whose answers are of no use, before it costs what a good one would."""

from __future__ import annotations

from studykit.chat.reply import first_words, is_refusal
from studykit.errors import EngineError
from studykit.languages import counted
from studykit.translate.engine import Answer

__all__ = ["Usefulness"]

_MOST_USELESS = 5
"""Answers in a row from which nothing was taken."""
_LEAST_MISSING = 0.5
"""A run is stopped only while this part of the talk is missing: later on, what is left is what is hard."""


class Usefulness:
    """Counts the answers of ``model`` from which nothing could be taken."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._in_a_row: list[Answer] = []
        self.error: EngineError | None = None
        """Why nothing more should be sent."""
        self.refused = 0
        """Number of answers that were refusals."""

    def note(self, answer: Answer, *, taken: int, missing: float) -> None:
        """Count an answer of which ``taken`` sentences were taken; ``missing``: the part still without.

        After several from which nothing was taken there is an ``error``, with the beginning of the last.
        """
        if taken:
            self._in_a_row.clear()
            return
        self._in_a_row.append(answer)
        self.refused += is_refusal(answer.said)
        if len(self._in_a_row) >= _MOST_USELESS and missing >= _LEAST_MISSING:
            self.error = self._error(f"{counted(len(self._in_a_row), 'answer')} in a row could not be used")

    def nothing_came(self, sentences: int) -> EngineError:
        """The error for a run that ends without any translation."""
        return self._error(f"none of {counted(sentences, 'sentence')} was translated")

    def _error(self, problem: str) -> EngineError:
        last = next((answer for answer in reversed(self._in_a_row) if answer.said.strip()), None)
        cut = [answer for answer in self._in_a_row if answer.cut]
        if cut and not any(answer.said.strip() for answer in cut):
            most = max(answer.usage.completion for answer in cut)
            return EngineError(
                self._model,
                f"{problem}: the model used up {most} tokens before it said anything.",
                hint="If it thinks, switch that off at the service or choose another model.",
            )
        if last is None:
            return EngineError(self._model, f"{problem}.", hint="Choose another model.")
        kind = "refused" if is_refusal(last.said) else "said"
        return EngineError(
            self._model,
            f"{problem}. It {kind}: {first_words(last.said)}",
            hint="Choose another model; what was translated before is kept.",
        )
