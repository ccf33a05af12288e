"""What a part is about in Chinese: its words, and phrases of its sentences that can stand as a heading.

Words are those of the dictionary, and runs of Latin letters; a text is cut into the longest that fit.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from math import log, log10

from studykit.faces import late
from studykit.languages import HAN
from studykit.lexicon.dictionary import LONGEST_WORD, chinese_frequency, load_cedict
from studykit.lexicon.levels import could_be
from studykit.segment.parts.subject import Key, Mention, Subject, rank

__all__ = ["phrase", "subjects"]

_FEWEST, _MOST = 5, 18
"""Characters of a phrase."""
_COMMON = 1.2e-4
"""How often a word is used, as a share, from which it makes no subject by itself."""
_SELDOM_APART = 0.5
_COST = 2.0
"""What each word costs on the way through a run of characters: few long ones are likelier."""
_BASE, _RAREST = 2.5, 3.0
"""Rarity is the distance of the frequency's logarithm from the one, the other at most."""
_LATIN = re.compile(
    r"[A-Za-z][A-Za-z0-9+#-]*(?:\.[A-Za-z0-9]+)*(?: [A-Za-z][A-Za-z0-9+#-]*(?:\.[A-Za-z0-9]+)*)*"
)
_MOST_LATIN = 3
"""Words of a term in Latin letters: "next token prediction"."""
_BETWEEN = frozenset("a an and are as at be by for from in is it of on or that the this to with you".split())
_RUN = late(rf"[{HAN}]+|{_LATIN.pattern}")
_EMPTY = frozenset(
    "这个 那个 一个 我们 你们 他们 它们 大家 什么 怎么 如何 这样 "
    "那样 这里 那里 这些 那些 一些 一下 一种 可以 可能 能够 需要 "
    "应该 必须 但是 因为 所以 如果 然后 现在 之后 之前 以后 以前 "
    "时候 时间 东西 事情 问题 方面 情况 方式 方法 部分 例子 意思 "
    "例如 比如 其实 实际 实际上 真的 非常 比较 特别 首先 其次 "
    "接下来 接着 最后 开始 继续 进行 使用 利用 通过 提供 包括 包含 "
    "得到 获得 看到 知道 觉得 认为 想要 希望 告诉 发现 存在 出现 "
    "成为 不同 相同 一样 同样 类似 主要 重要 简单 容易 整个 所有 "
    "每个 其他 其它 另外 此外 今天 视频 欢迎 谢谢 今后 而言 来说 "
    "起来 出来 下来 一起 一直 一次 第一 第二 第三 个人 有人 人们 "
    "对于 关于 根据 由于 以及 或者 并且 而且 虽然 尽管 不过 只是 "
    "只有 就是 还是 不是 没有 不会 不能 是否 正如 好像 似乎 也许 "
    "当然 确实 于是 因此 从而 甚至 某种 某个 任何 各种 多个 许多 "
    "很多 大量 更多 至少 最多 大概 大约 左右 上面 下面 里面 其中 "
    "之间 本身 自己 就是说 比如说 所以说 里边 外边 上边 下边 中间 下一个 "
    "上一个 每一个 对对对 对吧 什么样 节目 播客 主持人 听众 嘉宾".split()
)
_LEAD_IN = re.compile(
    r"^(?:那么|那|然后|所以|但是|但|不过|而且|并且|因为|好的?|嗯|呃|哦|啊|对|其实|就是说?|也就是说|接下来|首先|最后|现在|另外|此外|"
    r"因此|当然|实际上|事实上|例如|比如说?|我觉得|我认为|我想|可以说|[，、\s])+"
)
_SPEAKER = late(rf"(?<=我是|我叫|叫我) ?[A-Z][A-Za-z]+|(?<=我叫|叫我)[{HAN}]{{2,3}}")
"""Who speaks is not what is spoken of."""
_ANNOUNCED = re.compile(
    r"(?:我们|我|一起|来|让我们)[^，。]{0,6}?(?:看看|看一?下|讲讲|讲一?下|聊聊|聊一?下|谈谈|谈一?下|说说|介绍一?下?|讨论一?下?|学习|了解一?下?|探讨|研究)"
    r"(?P<topic>[^，。！？；：]+)"
)
_SPEAKERS = re.compile(r"[我你您咱]|大家")
_LEANING = re.compile(
    r"^[它他她这那其此该前上]|这[个些种样里是就]|那[个些种样里]|它们?|他们?|她们?|上述|之前|刚才|以上|如下"
)
_BROKEN = re.compile(
    r"^(?:的|了|着|过|和|与|或|及|而|地|得|在|被|把|将|也|都|就|还|又|再|从|对|于|让|使|给|向|以|为|会|能|可以|来|时|后)|"
    r"(?:的|和|与|或|及|在|被|把|将|也|都|就|还|从|对|于|让|使|给|向|以|为|是|有|会|能|可以|一个|一种|了|时|后|中)$"
)
_ASIDE = re.compile(r"[（(\[【][^（(\[【）)\]】]*[）)\]】]")
"""What is seen or heard (掌声), or added."""
_CLAUSE_END = re.compile(r"[，。！？；：…,?!]")
_TRAILING = re.compile(r"(?<![的了吧呢啊吗“])[的了吧呢啊吗“]+$")
_HAN = late(f"[{HAN}]")


def subjects(texts: Sequence[str], part_of: Sequence[int], parts: int) -> list[list[Subject]]:
    """The subjects of each part, heaviest first. ``texts`` are the sentences, ``part_of`` their parts."""
    said = [(key, at, written) for at, text in enumerate(texts) for key, written in _keys(text)]
    speakers = {name.lower().strip() for text in texts for name in _SPEAKER.findall(text)}
    said = [mention for mention in said if speakers.isdisjoint(mention[0])]
    times = Counter(key for key, _, _ in said)
    firm = {key for key in times if len(key) == 1 or _is_firm(key, times)}
    mentions = (Mention(key, at, written) for key, at, written in said if key in firm and _may_name(key))
    return rank(mentions, part_of, parts, _rarity)


def _is_firm(key: Key, times: Mapping[Key, int]) -> bool:
    """Whether two words are one: nouns both, or seldom said apart."""
    if key[0].isascii():
        return _may_be_noun(key[-1])
    apart = min(times[word,] for word in key)
    return all(map(_may_be_noun, key)) or times[key] > _SELDOM_APART * apart


def _may_name(key: Key) -> bool:
    return len(key) > 1 or (
        _may_be_noun(key[0]) and (key[0].isascii() or chinese_frequency(key[0]) < _COMMON)
    )


def _keys(text: str) -> Iterator[tuple[Key, str]]:
    """Words and two in a row, in Latin letters up to three, with how they are written."""
    for run in _RUN.finditer(text):
        if run[0].isascii():
            yield from _latin_keys(run[0].split())
            continue
        words = _cut(run[0])
        for before, word in zip(("", *words), words, strict=False):
            if _may_stand(word):
                yield (word,), word
                if _may_stand(before):
                    yield (before, word), before + word


def _latin_keys(words: Sequence[str]) -> Iterator[tuple[Key, str]]:
    for first in range(len(words)):
        for end in range(first + 1, min(len(words), first + _MOST_LATIN) + 1):
            key = tuple(word.lower() for word in words[first:end])
            if not _BETWEEN.intersection(key) and len(key[-1]) > 1:
                yield key, " ".join(words[first:end])


def _rarity(key: Key) -> float:
    return min(_RAREST, -log10(min(chinese_frequency(word) or 1e-8 for word in key)) - _BASE)


@lru_cache(maxsize=65_536)
def _cut(run: str) -> tuple[str, ...]:
    """The way through a run of characters that the dictionary makes likeliest."""
    best = [0.0] + [-1e9] * len(run)
    before = [0] * (len(run) + 1)
    for end in range(1, len(run) + 1):
        for start in range(max(0, end - LONGEST_WORD), end):
            likely = _likelihood(run[start:end])
            if likely is not None and (score := best[start] + likely - _COST) > best[end]:
                best[end], before[end] = score, start
    pieces: list[str] = []
    at = len(run)
    while at:
        pieces.append(run[before[at] : at])
        at = before[at]
    return tuple(reversed(pieces))


@lru_cache(maxsize=65_536)
def _likelihood(word: str) -> float | None:
    """The logarithm of a word's share of running text; None of what is no word."""
    if len(word) > 1 and word not in load_cedict():
        return None
    return log(chinese_frequency(word) or 1e-8)


def _may_stand(word: str) -> bool:
    return len(word) > 1 and word not in _EMPTY


def _may_be_noun(word: str) -> bool:
    """Whether a meaning in the dictionary is a noun, or none is known."""
    if word.isascii():
        return could_be(word, "NOUN")
    meanings = load_cedict().explained(word)
    if not meanings:
        return True
    return any(not verb and could_be(plain.rpartition(" ")[2], "NOUN") for plain, verb in meanings[:3])


def phrase(sentence: str, known: Collection[str]) -> str | None:
    """What a sentence announces, or the clause with most of ``known`` in it, if it reads as a heading."""
    best: tuple[float, str] | None = None
    sentence = _ASIDE.sub(" ", sentence).strip(" -–—")
    announced = _ANNOUNCED.search(sentence)
    clauses = [(announced["topic"], 1.0)] if announced else []
    clauses += [(clause, 0.0) for clause in _CLAUSE_END.split(sentence)]
    for clause, bonus in clauses:
        text = _TRAILING.sub("", _LEAD_IN.sub("", clause.strip('“”"「」 ')))
        about = sum(word in text for word in known)
        if about + bonus and _stands_alone(text) and (best is None or about + bonus > best[0]):
            best = (about + bonus, text)
    return best[1] if best else None


def _stands_alone(text: str) -> bool:
    size = len(_LATIN.sub("字", text))
    if not _FEWEST <= size <= _MOST or text.count("“") != text.count("”") or not _HAN.search(text):
        return False
    return not any(pattern.search(text) for pattern in (_SPEAKERS, _LEANING, _BROKEN))
