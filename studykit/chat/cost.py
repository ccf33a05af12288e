"""Tokens, cost, and a budget that is never exceeded."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from studykit.faces import late
from studykit.languages import HAN
from studykit.options import Prices
from studykit.types import Usage

__all__ = ["Budget", "cost", "count_tokens"]

_HAN_CHAR = late(f"[{HAN}]")
_OTHER = late(rf"[A-Za-z]+|\d|[^\sA-Za-z\d{HAN}]")

# Tokens per character, word or mark; on the high side, since budgets depend on them.
_PER_HAN = 1.0
_PER_WORD = 1.35
_PER_MARK = 1.0
_ROOMS = (4096, 16_384)
"""Steps of ``Budget.room``: thoughts are often thousands of tokens long."""


def count_tokens(text: str) -> int:
    """An estimate of the number of tokens in ``text``."""
    han = len(_HAN_CHAR.findall(text))
    tokens = 0.0
    for piece in _OTHER.findall(text):
        tokens += _PER_WORD if piece.isalpha() else _PER_MARK
    return round(tokens + _PER_HAN * han)


def cost(usage: Usage, price: tuple[float, float]) -> float:
    """The cost of ``usage``; ``price`` is for a million tokens of input and output."""
    return (usage.prompt * price[0] + usage.completion * price[1]) / 1e6


class Budget(Struct):
    """A limit and the amount spent; call ``reserve`` before a request and ``settle`` after it."""

    price: tuple[float, float] | None
    budget: float | None
    spent: float = 0.0
    reserved: float = 0.0
    room: int = 0
    """Tokens that an answer may have besides, for models that think before they answer."""

    @classmethod
    def of(cls, model: str, prices: Prices, budget: float | None) -> Budget:
        """A budget for one run with ``model``; without a price, nothing is counted."""
        return cls(prices.get(model), budget)

    def most_tokens(self, usages: Iterable[Usage]) -> int | None:
        """Maximum length of an answer: about twice the expected one, and ``room``; None without a budget."""
        if self.budget is None or self.price is None:
            return None
        return 2 * max(usage.completion for usage in usages) + 100 + self.room

    def make_room(self, had: int) -> bool:
        """Allow longer answers after one that was cut although it ``had`` so much room.

        Returns False if that was the most there is, or if answers have no limit.
        """
        if self.budget is None or self.price is None:
            return False
        if had == self.room:
            self.room = next((room for room in _ROOMS if room > had), had)
        return self.room > had

    def most(self, usages: list[Usage]) -> float:
        """The maximum cost of a request for ``usages``."""
        limit = self.most_tokens(usages)
        if limit is None or self.price is None:
            return 0.0
        # A quarter more than counted, since tokenizers differ.
        return sum(
            cost(Usage(prompt=round(1.25 * usage.prompt), completion=limit), self.price) for usage in usages
        )

    def reserve(self, amount: float) -> bool:
        """Set ``amount`` aside; returns False if the budget does not allow it."""
        if self.budget is not None and self.spent + self.reserved + amount > self.budget:
            return False
        self.reserved += amount
        return True

    def settle(self, amount: float, usage: Usage) -> None:
        """Replace the reserved ``amount`` by the cost of ``usage``."""
        self.reserved -= amount
        if self.price:
            self.spent += cost(usage, self.price)
