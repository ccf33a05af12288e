"""Two numbers compared one way in English and the other way in Chinese: 9.11 > 9.9."""

from __future__ import annotations

from collections.abc import Iterator

from studykit.check.messages import became
from studykit.check.passage import Passage
from studykit.faces import late
from studykit.types import Finding

__all__ = ["check_comparisons"]

_N = r"(?P<{}>\d+(?:\.\d+)?)"
_A, _B = _N.format("a"), _N.format("b")
_SIGNS = (
    (">", "bigger larger greater higher more 大于 高于 多于 大过 > ＞ 大 高 多".split()),
    ("<", "smaller less lower fewer 小于 低于 少于 < ＜ 小 低 少".split()),
)
_SIGN_OF = {word: sign for sign, words in _SIGNS for word in words}
_FORMS = (
    late(
        rf"(?<!\d){_A} (?:is |was |are |being )?"
        rf"(?P<how>bigger|larger|greater|higher|more|smaller|less|lower) than {_B}"
    ),
    late(rf"(?<!\d){_A}\s*(?:要|会|是)?(?P<how>大于|小于|高于|低于|多于|少于|大过|[<>＜＞])\s*{_B}"),
    late(rf"(?<!\d){_A}\s*比\s*{_B}\s*(?:更|要|还|來得|来得)?(?P<how>[大小高低多少])"),
)


def check_comparisons(passage: Passage) -> Iterator[Finding]:
    """Comparisons of the same two numbers that contradict each other."""
    near = dict(_comparisons(passage.near_english))
    for numbers, (sign, text) in _comparisons(passage.chinese):
        if numbers in near and near[numbers][0] != sign:
            yield passage.finding("number", "high", became("comparison", near[numbers][1], text))


def _comparisons(text: str) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Two numbers in the order of their digits, with the sign between them and the words."""
    for form in _FORMS:
        for match in form.finditer(text):
            one, other, sign = match["a"], match["b"], _SIGN_OF[match["how"]]
            if one > other:
                one, other, sign = other, one, "<" if sign == ">" else ">"
            yield (one, other), (sign, match[0])
