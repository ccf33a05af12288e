"""Chinese without marks: where its sentences end, and how it is then written.

The same as for English, on the units of ``boundaries.ChineseMarks``. Marks that are there stay, and
sentences end at them.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from math import inf

from studykit.faces import late
from studykit.languages import join_pieces
from studykit.segment.boundaries import ChineseMarker, ChineseMarks
from studykit.segment.timeline import Turn

__all__ = ["ChineseReading", "asks"]

_LONGEST = 90
"""Characters a sentence may have at most, if there is a unit to cut at."""
_CERTAIN = 1000.0
"""Where a mark stands that ends sentences."""
_PAUSE_SCORE = 1.0
"""For each second of silence, up to one."""
_ASKED_SCORE = 2.0
"""After a word that ends questions, where a line or a phrase ends."""
_TAIL = 6
"""Characters that such a word has at most."""
_SURE, _DOUBT = 1.0, -3.0
"""Log odds of a question mark between which the form of the words decides."""

_MARK = late(r"[，、；：。！？,;:!?….]")
_END = late(r"[。！？!?…]")
_CLOSERS = late(r"[”’」』）》〉】\"')\]]*")
_CLOSED = late(rf"{_MARK.pattern}{_CLOSERS.pattern}$")
_TAG = re.compile(
    r"(?:吗|对吧|是吧|对不对|是不是|好不好|行不行|(?:怎么样|怎么办|为什么|什么|怎么说|谁|哪里)呢)$"
)
_WH_WORD = late("什么|怎么|为何|哪|谁|多少|多久|几[个年天次点]|多[大长高远快]")
_WH = late(
    r"^(?:那|但|而|可是|所以|但是)?(?:为什么|怎么|什么是|什么叫|谁|哪)\S*呢?$"
    r"|(?:怎么样|怎么办|为什么|是什么|有没有|能不能|可不可以)[啊呀]?$"
)


def asks(text: str) -> bool:
    """Whether the words have the form of a question."""
    if text.endswith("呢") and _WH_WORD.search(text.removesuffix("呢")):
        return True
    return bool(_TAG.search(text) or _WH.search(text))


def _closed(text: str, end: int) -> int:
    """Where the quotes and brackets end that close after ``end``."""
    found = _CLOSERS.match(text, end)
    return found.end() if found else end


class ChineseReading:
    """The units of a turn, and the model's marks: asked once, and only when somebody wants to know."""

    def __init__(self, turn: Turn, model: ChineseMarker) -> None:
        self.turn = turn
        self.model = model

    @cached_property
    def marks(self) -> ChineseMarks:
        """What stands after each unit."""
        return self.model.chinese_marks(self.turn.text, self.turn.pieces[1:])

    @cached_property
    def _lines(self) -> set[int]:
        return set(self.turn.pieces)

    def sentence_starts(self) -> list[int]:
        """Code points of the turn's text where sentences start, in order; the first is the text's."""
        text, marks = self.turn.text, self.marks
        count = len(marks.starts)
        if not count:
            return [len(text) - len(text.lstrip())] if text.strip() else []
        gains = [self._gain(unit) for unit in range(count)]
        best = [0.0] + [-inf] * count
        previous = [0] * (count + 1)
        for to in range(1, count + 1):
            at = to - 1
            while at >= 0 and (at == to - 1 or marks.ends[to - 1] - marks.starts[at] <= _LONGEST):
                value = best[at] + gains[to - 1]
                if value > best[to]:
                    best[to], previous[to] = value, at
                if gains[at - 1] == _CERTAIN:
                    break  # nothing reaches over a mark
                at -= 1
        starts: list[int] = []
        at = count
        while at > 0:
            at = previous[at]
            starts.append(marks.starts[at])
        starts.reverse()
        return [len(text) - len(text.lstrip()), *(self._opened(start) for start in starts[1:])]

    def written(self, start: int, end: int) -> str:
        """The text between two places, with commas and an end."""
        text, marks = self.turn.text, self.marks
        first, last = bisect_left(marks.starts, start), bisect_left(marks.starts, end)
        pieces: list[str] = []
        at = start
        for unit in range(first, last - 1):
            if marks.commas[unit] and not _MARK.search(text, marks.ends[unit], marks.starts[unit + 1]):
                closed = _closed(text, marks.ends[unit])
                pieces += [text[at:closed], "，"]
                at = closed + len(text[closed:end]) - len(text[closed:end].lstrip())
        pieces.append(text[at:end])
        whole = join_pieces(["".join(pieces)], "zh")
        if first == last or _CLOSED.search(whole):
            return whole
        odds = marks.questions[last - 1]
        question = odds > _SURE or (odds > _DOUBT and asks(whole))
        return whole + ("？" if question else "。")

    def strength(self, start: int) -> float:
        """The log odds that a sentence starts at ``start``; the first of a turn certainly does."""
        unit = bisect_left(self.marks.starts, start) - 1
        return self._gain(unit) if unit >= 0 else inf

    def _gain(self, unit: int) -> float:
        """What a sentence's end after the unit earns."""
        marks = self.marks
        if unit + 1 == len(marks.starts):
            return 0.0
        between = (marks.ends[unit], marks.starts[unit + 1])
        if _END.search(self.turn.text, *between):
            return _CERTAIN
        if _MARK.search(self.turn.text, *between):
            return min(marks.scores[unit], -1.0)
        score = marks.scores[unit] + _PAUSE_SCORE * min(1.0, self.turn.pause_s(between[1]))
        ended = marks.commas[unit] or between[1] in self._lines
        asked = ended and _TAG.search(self.turn.text, max(0, between[0] - _TAIL), between[0])
        return score + _ASKED_SCORE * bool(asked)

    def _opened(self, start: int) -> int:
        """``start``, or where the quotes and brackets that open before it do."""
        text = self.turn.text
        while start > 0 and text[start - 1] in "“‘「『（《〈【(":
            start -= 1
        return start
