"""Sentences cut into what can translate each other: Chinese words and runs of them, English words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import accumulate

from msgspec import Struct

from studykit.faces import late
from studykit.languages import HAN
from studykit.lexicon.dictionary import Cedict, chinese_frequency
from studykit.lexicon.pinyin import chinese_words
from studykit.types import Token

__all__ = ["ChineseUnit", "EnglishUnit", "chinese_units", "content_words", "core"]

_HAN_RUN = late(f"[{HAN}]+")
_LONGEST_UNIT, _LONGEST_TEXT = 4, 8
"""Words and characters of a run that stands for one item."""
_LEAST_ACROSS = 3
"""Characters of a known word that may begin or end within a word of the sentence."""
_GRAMMATICAL = frozenset(
    (
        "的 了 在 是 和 与 及 或 就 也 都 而 但 不 "
        "没 有 没有 个 一个 这 那 这个 那个 这些 那些 我 你 您 他 "
        "她 它 我们 你们 您们 他们 它们 把 被 让 给 对 从 向 到 以 于 为 等 着 过 吗 呢 吧 啊 会 能 要 可 "
        "得 地 所 其 该 之 并 且 如果 因为 所以 但是 可以 一些 "
        "某 每 各 很 更 最 还 又 再 只 才 呀 嘛 来 去 "
        "上 下 里 中 一 种 些 如何 什么 怎么 哪 请 将 进行 使 "
        "由 用 比 跟 同 因 若 那么 当 时 后 前 另 另外 此 几 "
        "出 正 应 需 则 它的 自己的 我的 我们的"
    ).split()
)
"""Words that begin and end no unit: they carry grammar, or mean too many things alone."""
_INSIDE = {"的", "之", "和", "与", "地"}
"""Such words may stand inside a unit."""
_NEGATIONS = {"不", "无", "非", "未", "不可", "不能"}
_SUFFIXES = frozenset("化式性型率度者家学名位条句张份部处种类项次")
"""Characters that end words or count things; a unit that begins with one alone was cut from a word."""
_MEASURE, _COUNTS = "个", tuple("一二两三四五六七八九十几每这那哪各某0123456789")
_BOUND = frozenset("器者率性度化型式")
"""Endings that are never words themselves."""
_PREFIXES = frozenset("预超亚子元伪微逆")
"""Beginnings that are hardly ever words: 预训练 and 子序列 are one word to those who speak of them."""
_LINKING = frozenset(
    "就是 都是 也是 还是 只是 不是 而是 这是 那是 是否 及其 除了 之外 还有 并且 通过 以及 或者 "
    "然后 自己 那样 这样 比如 例如 对于 关于 应该 能够 可能 需要 想要 只有 为了 因此 由于 虽然 但 "
    "以便 与其".split()
)
"""Words that say something by themselves, but begin and end no longer unit."""
_HALVES = frozenset("令人 使人 让人 引人 感到 觉得 重新 相互 互相".split())
"""Words that say nothing without the next: 令人 of 令人困惑."""
_ABLE, _PAIR = "可", 2
"""With the verb after it 可 is what English says by -able."""
_ENDINGS = "的地得了着过们"
_WHOLE = {"意味着", "紧接着"}
"""Words that their ending belongs to."""
_CONTENT = {"NOUN", "VERB", "ADJ", "ADV", "PROPN", "NUM"}
_LIGHT = {
    "be",
    "have",
    "do",
    "get",
    "go",
    "make",
    "let",
    "so",
    "just",
    "here",
    "there",
}


class ChineseUnit(Struct, frozen=True):
    """``text`` at a code point of its sentence; ``middle``: where in the bead, 0 to 1."""

    sentence: int
    start: int
    text: str
    parts: tuple[str, ...]
    """Its words."""
    middle: float
    inside: bool
    """Whether it is a part of a longer word."""

    @property
    def end(self) -> int:
        """The code point after it."""
        return self.start + len(self.text)


class EnglishUnit(Struct, frozen=True):
    """A content word of a bead, or an item that is explained; ``span`` in code points of its sentence."""

    sentence: int
    start: int
    end: int
    lemma: str
    upos: str | None
    middle: float


def core(text: str) -> str:
    """A unit without the particle that ends it: 显著 of 显著地."""
    return text[:-1] if len(text) > 2 and text[-1] in _ENDINGS and text not in _WHOLE else text


def chinese_units(
    sentences: Sequence[tuple[int, str]], cedict: Cedict, known: AbstractSet[str] = frozenset()
) -> list[ChineseUnit]:
    """Every run of one to four words of a bead's Chinese sentences (index, text); runs overlap.

    ``known``: Chinese that is a unit whatever its words are. Long words of the dictionary are given
    together with the words in them.
    """
    total = sum(len(text) for _, text in sentences) or 1
    made, before = [], 0
    for sentence, text in sentences:
        for run in _HAN_RUN.finditer(text):
            words = _whole(chinese_words(run.group()))
            runs = [
                *((*found, False) for found in _runs(words, cedict, known)),
                *((*found, True) for found in _inside_words(words, cedict)),
            ]
            for start, unit, parts, inside in runs:
                at = run.start() + start
                if unit[0] == _MEASURE and text[:at].endswith(_COUNTS):
                    continue  # of 一个子网 nothing begins with 个
                middle = (before + at + len(unit) / 2) / total
                made.append(ChineseUnit(sentence, at, unit, parts, middle, inside))
        before += len(text)
    return made


def _whole(words: Sequence[str]) -> list[str]:
    """Words with the endings that the dictionary does not know them with: 优化器 for 优化 and 器."""
    made: list[str] = []
    for word in words:
        ends = word in _BOUND and bool(made) and len(made[-1]) > 1 and made[-1] not in _GRAMMATICAL
        if ends or (made and made[-1] in _PREFIXES and len(word) > 1):
            made[-1] += word
        else:
            made.append(word)
    return made


def _inside_words(words: Sequence[str], cedict: Cedict) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The two words of a long one: 认知 and 心理学 in 认知心理学."""
    at = 0
    for word in words:
        cuts = (cut for cut in range(2, len(word) - 1) if word[:cut] in cedict and word[cut:] in cedict)
        cut = next(cuts, 0)
        if cut and min(chinese_frequency(word[:cut]), chinese_frequency(word[cut:])) > 0:
            yield at, word[:cut], (word[:cut],)
            yield at + cut, word[cut:], (word[cut:],)
        at += len(word)


def _runs(
    words: Sequence[str], cedict: Cedict, known: AbstractSet[str]
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    at = 0
    for first, word in enumerate(words):
        for last in range(first, min(first + _LONGEST_UNIT, len(words))):
            text = "".join(words[first : last + 1])
            if len(text) > _LONGEST_TEXT:
                break
            several = last > first and (text in cedict or text in known)
            if several or _may_stand(words[first : last + 1]):
                yield at, text, tuple(words[first : last + 1])
        at += len(word)
    yield from _across_words(words, cedict, known)


def _across_words(
    words: Sequence[str], cedict: Cedict, known: AbstractSet[str]
) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """Known words that cut one of ``words`` in two: 可再生 in 可 and 再生能源, of which 能源 is left."""
    text = "".join(words)
    edges = list(accumulate((len(word) for word in words), initial=0))
    for start in range(len(text)):
        for end in range(start + _LEAST_ACROSS, min(start + _LONGEST_TEXT, len(text)) + 1):
            if (start in edges) == (end in edges) or text[start:end] not in known:
                continue
            before = text[max(edge for edge in edges if edge <= start) : start]
            after = text[end : min(edge for edge in edges if edge >= end)]
            if (before or after) in cedict and len(before or after) > 1:
                yield start, text[start:end], (text[start:end],)


def _may_stand(words: Sequence[str]) -> bool:
    """Whether a run of words may translate something by itself."""
    if len(words) > 1 and words[-1] in {"的", "地"}:
        words = words[:-1]  # 显著地, 各自的
    first, last, inner = words[0], words[-1], words[1:-1]
    if first == _ABLE:
        return len(words) == _PAIR and len(last) > 1 and _may_stand(words[1:])  # 可信赖
    if len(words) == 1 and first in _HALVES:
        return False
    if len(words) > 1 and (first in _LINKING or last in _LINKING):
        return False
    if first in _SUFFIXES or (first in _GRAMMATICAL and not (first in _NEGATIONS and len(words) > 1)):
        return False
    return last not in _GRAMMATICAL and all(word in _INSIDE or word not in _GRAMMATICAL for word in inner)


def content_words(
    sentences: Sequence[tuple[int, str, Sequence[Token]]],
) -> list[EnglishUnit]:
    """The content words of a bead's English sentences (index, text, tokens)."""
    total = sum(len(text) for _, text, _ in sentences) or 1
    made, before = [], 0
    for sentence, text, tokens in sentences:
        for token in tokens:
            lemma = token.lemma.lower()
            if token.upos in _CONTENT and lemma not in _LIGHT and any(char.isalpha() for char in token.text):
                middle = (before + (token.start + token.end) / 2) / total
                made.append(EnglishUnit(sentence, token.start, token.end, lemma, token.upos, middle))
        before += len(text)
    return made
