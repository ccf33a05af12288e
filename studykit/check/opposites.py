"""Words that became their opposites: larger, 更小; before, 之后; encoder, 解码器.

Opposites come in pairs that both languages have. One is lost and the other stands in its place: the
Chinese has none of the one and more of the other than the English. Where either language denies
something nothing is said, for "not large" may well be 小.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from studykit.check.messages import became
from studykit.check.passage import Passage
from studykit.faces import late
from studykit.lexicon.pinyin import word_edges
from studykit.types import Finding

__all__ = ["check_opposites"]

_TABLE = """
increas* grow* ris* rose rais* more | 增加 增长 增大 上升 增多
decreas* reduc* fall* fell drop* less fewer down shrink* shrank | 减少 减小 下降 降低

improv* rais* increas* ris* boost* higher | 提高 提升 升高
reduc* lower* decreas* drop* cut* fall* | 降低 减低 下降

larger bigger greater more | 更大 较大
smaller less fewer tinier | 更小 较小

more | 更多 较多
fewer less lack*? | 更少 较少

faster quicker | 更快 较快
slower | 更慢 较慢

better | 更好 较好
worse poorer | 更差 更糟 更坏 较差

high* more greater | 更高 较高
low* less fewer | 更低 较低

longer | 更长 较长
shorter | 更短 较短

stronger | 更强 较强
weaker | 更弱 较弱

easier | 更容易 更简单 更轻松
harder tougher | 更难 更困难

cheaper | 更便宜
expensive dearer costlier | 更贵 更昂贵

earlier sooner | 更早 较早
later | 更晚 更迟 较晚

largest biggest greatest maxim* most | 最大
smallest least minim* | 最小

best better | 最好 最佳
worst worse | 最差 最糟 最坏

highest maxim* most best | 最高
lowest least minim* | 最低

longest | 最长
shortest | 最短

fastest quickest | 最快
slowest | 最慢

easiest simplest | 最简单 最容易
hardest difficult* | 最难 最困难 最复杂

before prior previous* earlier ago past already until | 之前 以前 前面
after* later following next since future when once then | 之后 以后 后面

first initial* | 第一个 首先 最先
last final* | 最后一个 最后 末尾

left | 左边 左侧 左手 左面
right | 右边 右侧 右手 右面

above upper top over | 上面 上方 上边
below lower bottom under* beneath | 下面 下方 下边

inside indoors within inner internal* in? | 里面 里边 屋里 内部
outside outdoors outer external* | 外面 外边 屋外 外部

start* begin* began begun first onset go launch* initial* | 开始
end* finish* stop* clos* over complet* | 结束 停止

open* | 打开 张开 敞开
clos* shut* | 关上 关闭 合上

enabl* turn* on | 启用 开启
disabl* turn* off | 禁用

easy easily simpl* straightforward effortless* | 容易 轻松 简单
hard difficult* tough* complex* complicated intricate advanced tricky pain* trouble | 困难 艰难 复杂

cheap* inexpensive | 便宜
expensive costly dear | 昂贵 很贵

success* succeed* work* | 成功
fail* | 失败

correct* right proper* accurate* good well true okay precise* | 正确
incorrect* wrong* error* mistake* false bug* bad | 错误

same identical equal* alike like similar* | 一样 相同 同样
differ* vari* unlike distinct diverse | 不同 不一样

always | 总是 始终 一直
never | 从不 从来不 从未

all every* each entire* whole most | 所有 全部 大多数
few* minority some small? minimal? handful? only? | 少数 极少数

accept* | 接受
reject* refus* declin* | 拒绝

allow* permit* let* | 允许
forbid* prohibit* ban* | 禁止

agree* | 同意 赞成
disagree* object* oppos* | 反对

positive* | 积极 正面
negative* | 消极 负面

true | 真的 为真
false* | 假的 为假

strong* | 强大
weak* | 虚弱 薄弱

win* won | 赢 获胜
los* lost | 输了 输掉 失利

buy* bought | 买
sell* sold | 卖

input* | 输入
output* | 输出

encod* | 编码器 编码
decod* | 解码器 解码

add* plus | 添加 加上 增加
remov* delet* subtract* minus | 移除 删除 减去

upload* push* | 上传
download* | 下载

remember* | 记住 记得
forget* forgot* | 忘记 忘掉

alive liv* | 活着
dead die* dying | 死了 死去

old* | 年老 老人
young* | 年轻 年轻人

rich* wealthy | 富有 富人
poor* | 贫穷 穷人

love* lik* | 喜欢 喜爱 爱
hate* dislik* | 讨厌 厌恶 恨
"""
"""In pairs of lines, English | Chinese. A star stands for any ending. What has a question mark may be said of
anything: it excuses the Chinese, and is no evidence against it."""


class _Side:
    """One of two opposites. Patterns are compiled for what occurs: no talk says all."""

    def __init__(self, line: str) -> None:
        english, chinese = line.split(" | ")
        self._english = english.replace("?", "").split()
        self._telling = [word for word in english.split() if "?" not in word]
        self._chinese = sorted(chinese.split(), key=len, reverse=True)

    @cached_property
    def english(self) -> re.Pattern[str]:
        return _any_of(self._english)

    @cached_property
    def telling(self) -> re.Pattern[str]:
        return _any_of(self._telling)

    @cached_property
    def chinese(self) -> re.Pattern[str]:
        return re.compile(rf"(?<![不没未])(?:{'|'.join(self._chinese)})")

    def may_be_in(self, chinese: str) -> bool:
        return any(form in chinese for form in self._chinese)


def _any_of(words: Sequence[str]) -> re.Pattern[str]:
    forms = "|".join(re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"\b(?:{forms})\b", re.IGNORECASE)


def _pairs() -> Iterator[tuple[_Side, _Side]]:
    for pair in _TABLE.strip().split("\n\n"):
        one, other = pair.split("\n")
        yield _Side(one), _Side(other)


_PAIRS = tuple(_pairs())


_DENIAL = late(
    r"\b(?:not|never|no|none|nothing|nobody|cannot|without|neither|nor|hardly|barely|unable)\b|n['’]t\b",
    re.IGNORECASE,
)
_DENIAL_ZH = late("(?<!而)[不没沒无無非未]|避免|防止|缺")
_LIKE = re.compile(r"-like\b", re.IGNORECASE)
_WORDS_BEFORE, _CHARACTERS_BEFORE = 40, 8
"""How far before an opposite a denial may turn it round, in characters; in English some six words."""


def check_opposites(passage: Passage) -> Iterator[Finding]:
    """One of two opposites in the English, the other in the Chinese; at most one finding for a passage."""
    if not passage.english or not passage.chinese:
        return
    english = _LIKE.sub("     ", passage.english)  # Unix-like tells of no likeness
    for pair in _PAIRS:
        for one, other in (pair, pair[::-1]):
            if not other.may_be_in(passage.chinese):
                continue
            said = list(one.telling.finditer(english))
            written = list(other.chinese.finditer(passage.chinese))
            more = len(written) - len(other.english.findall(passage.english))
            if more <= 0 or len(said) <= len(one.chinese.findall(passage.chinese)):
                continue
            words = [match for match in written if _is_word(match)]
            if len(written) - len(words) < more and not _is_denied(passage, said[0], words[0]):
                yield passage.finding("opposite", "medium", became("opposite", said[0][0], words[0][0]))
                return


def _is_word(match: re.Match[str]) -> bool:
    """Whether a word of the Chinese begins or ends with it: 以下方面 has no 下方."""
    return not word_edges(match.string).isdisjoint(match.span())


def _is_denied(passage: Passage, said: re.Match[str], written: re.Match[str]) -> bool:
    """Whether a denial stands shortly before either word, or after the Chinese one."""
    before = passage.english[max(0, said.start() - _WORDS_BEFORE) : said.start()]
    before_zh = passage.chinese[max(0, written.start() - _CHARACTERS_BEFORE) : written.start()]
    after_zh = passage.chinese[written.end() : written.end() + 2]  # 一直没有
    return any((_DENIAL.search(before), _DENIAL_ZH.search(before_zh), _DENIAL_ZH.search(after_zh)))
