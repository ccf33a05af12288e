"""Which Chinese characters stood where several are possible: words, and what likes to follow what.

A lattice of words over the candidates, each word with its frequency (Speer 2022), each
step from word to word with the pointwise mutual information of the two characters that meet, counted
in Chinese text that is at hand. Sums over all ways through the lattice, forward and backward, give
each candidate a probability; the likeliest is chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise, product
from math import exp, log, prod

from msgspec import Struct

from studykit.faces import late
from studykit.languages import HAN
from studykit.tables.frequencies import frequencies

__all__ = ["ChineseGuesser", "Guess"]

_LONGEST = 5
_MOST_FILLINGS = 4096
"""A stretch that can be filled in more ways is read as several shorter words."""
_KEPT, _POSSIBLE = 4, 0.005
"""So many candidates of a place are told, and none less likely."""
_MEETING = 0.5
"""How much the meeting of two words counts; .5 and 1 were tried."""
_PRIOR = 10.0
"""So many sightings of a character it takes before its neighbours count as much as its frequency."""
_EXPECTED = 3e-5
_UNKNOWN = log(1e-9)
_OTHER = log(1e-10)
# Shares of running text, roughly; lists count words only.
_MARKS = {
    **dict.fromkeys("，。", 0.04),
    **dict.fromkeys("、：", 0.01),
    **dict.fromkeys("？！（）“”", 0.004),
    **dict.fromkeys("；…—《》‘’", 0.001),
    **dict.fromkeys("「」『』【】", 0.0002),
}
_HAN = late(f"[{HAN}]")
_RUN = late(f"[{HAN}{''.join(_MARKS)}]+")


class Guess(Struct, frozen=True, kw_only=True):
    """The character chosen, with the probability that it is right given the model."""

    char: str
    confidence: float
    others: tuple[tuple[str, float], ...] = ()
    """The next likeliest, likeliest first, with their probabilities."""


class ChineseGuesser:
    """Chooses by word frequencies and by the characters' neighbours in ``known`` texts.

    ``words`` are expected where general frequencies would not expect them.
    """

    def __init__(self, known: Iterable[str] = (), *, words: Iterable[str] = ()) -> None:
        self._usual = frequencies("chinese")
        self._expected = {word: max(_EXPECTED, self._usual.get(word, 0.0)) for word in words}
        self._singles: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for text in known:
            for run in _RUN.findall(text):
                self._singles.update(run)
                self._pairs.update(a + b for a, b in pairwise(run))
        self._total = self._singles.total() + 1.0

    def guess(self, places: Sequence[Sequence[str]]) -> list[Guess]:
        """One character for each place, of its candidates; a single candidate is certain.

        Places where there is a choice inform each other as far as no text without Chinese
        characters lies between them.
        """
        guesses: list[Guess] = []
        for run in _runs(places):
            if any(len(candidates) > 1 for candidates in run):
                guesses += self._guess_run(run)
            else:
                guesses += [Guess(char=candidates[0], confidence=1.0) for candidates in run]
        return guesses

    def _guess_run(self, run: Sequence[Sequence[str]]) -> list[Guess]:
        words = [list(self._words_at(run, at)) for at in range(len(run))]
        forward = self._sums(run, words)
        count = len(run)
        # How likely the rest is, given that a word ended before `at` in the character `last`.
        backward: list[dict[str, float]] = [{} for _ in range(count)]
        backward.append(dict.fromkeys(forward[count], 0.0))
        ways: list[list[tuple[str, float]]] = [[] for _ in range(count)]
        whole = _log_sum(forward[count].values())
        for at in range(count - 1, -1, -1):
            for last, before in forward[at].items():
                rest: list[float] = []
                for word, cost in words[at]:
                    after = backward[at + len(word)].get(word[-1])
                    if after is not None:
                        value = cost + self._meeting(last, word[0]) + after
                        rest.append(value)
                        ways[at].append((word, before + value - whole))
                if rest:
                    backward[at][last] = _log_sum(rest)
        chances: list[dict[str, float]] = [{} for _ in range(count)]
        for at, found in enumerate(ways):
            for word, chance in found:
                for i, char in enumerate(word):
                    chances[at + i][char] = chances[at + i].get(char, 0.0) + exp(chance)
        return [_guess(chance) for chance in chances]

    def _sums(
        self, run: Sequence[Sequence[str]], words: Sequence[Sequence[tuple[str, float]]]
    ) -> list[dict[str, float]]:
        """For each position and last character: the log of the sum over all ways to get there."""
        sums: list[dict[str, list[float]]] = [{} for _ in range(len(run) + 1)]
        done: list[dict[str, float]] = []
        sums[0][""] = [0.0]
        for at in range(len(run) + 1):
            done.append({last: _log_sum(values) for last, values in sums[at].items()})
            if at == len(run):
                break
            for last, before in done[at].items():
                for word, cost in words[at]:
                    value = before + cost + self._meeting(last, word[0])
                    sums[at + len(word)].setdefault(word[-1], []).append(value)
        return done

    def _words_at(self, run: Sequence[Sequence[str]], at: int) -> Iterator[tuple[str, float]]:
        """Words that may begin at a place, with the logs of their frequencies."""
        for char in run[at]:
            frequency = self._frequency(char)
            yield char, log(frequency) if frequency else _rarity(char)
        for length in range(2, min(_LONGEST, len(run) - at) + 1):
            stretch = run[at : at + length]
            if prod(map(len, stretch)) > _MOST_FILLINGS:
                return
            for chars in product(*stretch):
                word = "".join(chars)
                if frequency := self._frequency(word):
                    yield word, log(frequency)

    def _frequency(self, word: str) -> float:
        return self._expected.get(word) or self._usual.get(word, 0.0)

    def _meeting(self, before: str, after: str) -> float:
        """Pointwise mutual information of two neighbours, drawn to 0 where little was seen."""
        if not before or not self._singles:
            return 0.0
        expected = (self._singles[after] + 0.5) / self._total
        seen = self._pairs[before + after] + _PRIOR * expected
        return _MEETING * log(seen / (self._singles[before] + _PRIOR) / expected)


def _guess(chances: Mapping[str, float]) -> Guess:
    ranked = sorted(chances.items(), key=lambda item: (item[1], item[0]), reverse=True)
    (char, chance), *others = ((char, round(min(1.0, chance), 4)) for char, chance in ranked[:_KEPT])
    return Guess(char=char, confidence=chance, others=tuple(o for o in others if o[1] >= _POSSIBLE))


def _rarity(char: str) -> float:
    if _HAN.match(char):
        return _UNKNOWN
    return log(_MARKS[char]) if char in _MARKS else _OTHER


def _runs(places: Sequence[Sequence[str]]) -> Iterator[Sequence[Sequence[str]]]:
    """Stretches of Chinese and of other text, in turn."""
    start = 0
    for i in range(1, len(places) + 1):
        if i == len(places) or _is_chinese(places[i]) != _is_chinese(places[i - 1]):
            yield places[start:i]
            start = i


def _is_chinese(candidates: Sequence[str]) -> bool:
    return any(_HAN.match(char) or char in _MARKS for char in candidates)


def _log_sum(values: Iterable[float]) -> float:
    found = list(values)
    top = max(found)
    return top + log(sum(exp(value - top) for value in found))
