"""What the wording of a sentence says about whether it states something worth keeping.

Cue phrases (Edmundson 1969, "New Methods in Automatic Extracting") for English and Chinese, in the
five kinds a reader asks for: a position, a cause, a comparison, advice, a number; and wordings that
speak against: asking, announcing, telling a story, pointing at what cannot be seen in print. They are
structure words only, no subject matter.
"""

from __future__ import annotations

import re

from msgspec import Struct

from studykit.faces import late
from studykit.languages import HAN

__all__ = ["Wording", "wording"]


class Wording(Struct, frozen=True, kw_only=True):
    """``cues``: which kinds of statement it sounds like; ``against``: what speaks against it."""

    cues: frozenset[str]
    against: frozenset[str]
    content: int
    """How many words carry content (English), or characters in pairs (Chinese)."""


def _any(*patterns: str) -> re.Pattern[str]:
    return late("|".join(patterns), re.IGNORECASE)


_CUES = {
    "stance": _any(
        r"^(?:\W*\b(?:so|and|now|um|uh|well|yeah|like|but|okay|actually|since \w+)\b)*\W*"
        r"(?:i(?:['’]d)?(?: \w+ly| really| just| also| still)? "
        r"(?:think|believe|argue|claim|suspect|expect|bet|guess)|"
        r"(?:my|our) (?:\w+ )?(?:argument|point|claim|view|opinion|guess|bet|belief|take|advice)|"
        r"the (?:\w+ )?(?:point|key|lesson|truth|fact|problem|trick|idea|takeaway|upshot|reason)|"
        r"it turns out|in fact)\b",
    ),
    "position": _any(
        r"\b(?:i|we)(?:['’]d|['’]m| would| do| am)?(?: \w+ly| really| just| also| still)? "
        r"(?:think|believe|argue|arguing|claim|suspect|expect|bet|guess|suggest|predict|disagree|agree)\b",
        r"\b(?:my|our) (?:\w+ )?(?:argument|point|claim|view|opinion|guess|bet|belief|take|conclusion)",
        r"\bthe (?:\w+ )?(?:point|key|lesson|truth|fact|problem|trick|idea|goal|takeaway|issue)\b.* is\b",
        r"\b(?:it )?turns out\b",
        r"\b(?:one|two|three|four|five|\d|several|few) (?:\w+ )?"
        r"(?:things|reasons|problems|ways|kinds|types|parts|steps|stages|points|issues|challenges)\b",
        r"\bin (?:fact|general|principle|practice|theory|essence|other words)\b",
        r"\b(?:important|crucial|essential|fundamental|necessary|impossible|critical)(?:ly)?\b",
        r"\b(?:clearly|essentially|fundamentally|ultimately|surprisingly|unfortunately|crucially)\b",
        r"\bwhat (?:you|we|i|they) (?:really |actually )?(?:want|need|care)\b",
        r"\bwhat (?:really )?matters\b",
        r"\bi (?:want|wanted|['’]d like|would like) to (?:point out|argue|stress|emphasi[sz]e|say|claim)\b",
    ),
    "judgement": _any(
        r"\b(?:is|are|was|be|['’]s|['’]re|seems?|looks?|gets?|got) (?:\w+ ){0,4}?"
        r"(?:good|great|bad|right|wrong|better|worse|terrible|expensive|cheap|hard|difficult|easy|tough|useful|"
        r"powerful|limited|fixed|promising|true|false|possible|impossible|enough|efficient|correct|safe|dangerous|"
        r"likely|unlikely|valuable|simple|complex|bottleneck|mistake|problem|advantage|magic\w*|amazing)\b",
    ),
    "cause": _any(
        r"\b(?:because|cuz|therefore|thus|hence|due to|thanks to|so that|in order to|as a result)\b",
        r"\b(?:that['’]s|this is|which is) why\b",
        r"\b(?:the|one|a|main) reasons?\b",
        r"\b(?:leads?|led|leading) to\b",
        r"\b(?:result(?:s|ed)? in|mean(?:s|ing) that|which means|depends? on|comes? from|driven by)\b",
        r"\b(?:causes?|allows?|enables?|prevents?|makes? (?:it|them|the|us|you))\b",
        r"\b(?:if|when|once|unless|the more) (?:you|we|it|they|the|your|there)\b",
    ),
    "comparison": _any(
        r"\b(?:than|compared (?:to|with)|versus|unlike|whereas|rather|instead|as opposed to)\b",
        r"\b(?:different|differs?|difference|same|similar|equivalent|trade-?offs?)\b",
        r"\b(?:again|no longer|used to be|nowadays|these days|anymore)\b",
        r"\b(?:better|worse|cheaper|faster|slower|larger|smaller|bigger|stronger|weaker|harder|easier)\b",
        r"\bthe (?:\w+est|most|least|only)\b",
        r"\b(?:more|less) (?!of\b|about\b|or\b|time\b)\w+",
    ),
    "advice": _any(
        r"\b(?:should|must|ought|never|always|cannot|can['’]?t)\b",
        r"\b(?:need|needs|have|has|had better|gonna have|got) to\b(?! (?:do with|be honest|say|talk|show))",
        r"\b(?:make sure|recommend|avoid|be careful|don['’]?t (?:want|need|have) to|you want to|try to)\b",
    ),
    "number": _any(
        # Begins at the beginning of digits only, and gives none of them back.
        r"(?<![\d.,])[.,]*+\d[\d.,]*+\s*+(?:%|x\b|[kmbt]b?\b|[a-z]{2,})",
        r"\b(?:hundreds?|thousands?|millions?|billions?|trillions?|percent|half|twice|double|times)\b",
    ),
    "general": _any(
        r"\b(?:all|every|any|anything|nothing|everything|everyone|nobody|none|most|only|entire|whole)\b",
        r"\b(?:no longer|not (?:really|just|only|enough|exactly)|limited|fixed|usually|typically)\b",
    ),
}
_AGAINST = {
    "asks": _any(
        r"[?？]\W*$",
        r"\bquestions?\b",
        r"\b(?:how|why|what|where) (?:do|does|did|can|could|should|are|is|will|would) (?:we|you|i|they|it)\b",
    ),
    "announces": _any(
        r"^(?:\W*\b(?:so|and|now|okay|um|uh|well|then|first|but|also|next|like)\b)*\W*"
        r"(?:let['’]?s|let me|here(?:['’]s| is| are)?\b|thank|thanks|welcome|hello|hi\b|sorry|good\b|shout|"
        r"i(?:['’]ll| will|['’]m going to| am going to)\b|"
        r"i(?:['’]d like to| want to| wanted to)\b(?! (?:point out|argue|stress|emphasi[sz]e|say|claim))|"
        r"we(?:['’]re going to| are going to| will|['’]ll)\b|"
        r"(?:say|suppose|imagine|maybe|remember|getting back|as (?:you|we|i)|to give you)\b)",
    ),
    "hedges": _any(
        r"\b(?:maybe|perhaps|probably|i guess|(?:not|n['’]t) (?:really )?(?:sure|know)|in theory)\b",
    ),
    "narrates": _any(
        r"\b(?:i|we|he|she|they|someone|you)(?: \w+ly)? "
        r"(?:asked|said|was|were|did|had|went|got|started|decided|tried|saw|made|built|took|told|came|gave)\b",
        r"\b(?:people|(?:a|one|some) (?:guy|friend))(?: \w+ly)? \w{2,}ed\b",
        r"\b(?:last|this) (?:week|morning|year)\b",
    ),
    "points": _any(
        r"\b(?:slides?|(?:over |right |down |up )here|(?:you|we) (?:can )?see|"
        r"this (?:picture|plot|chart|video)|"
        r"on the (?:left|right|screen)|scroll|click|zoom)\b",
    ),
    "leans": _any(
        r"^(?:\W*\b(?:so|and|now|um|uh|well|yeah|like|but|or|because|also|then)\b)*\W*"
        r"(?:it|this|that|these|those|they|he|she|which|who)\b",
    ),
}
_FUNCTION = frozenset(
    """a about actually after again all also am an and any are as at be because been before being but by can
    could did do does doing don for from get gets getting go goes going gonna good got had has have having he
    her here him his how i if in into is it its just kind know let like little ll lot make maybe me mean might
    more much my no not now of oh okay on one or our out over pretty put re really right s say see she should
    so some sort stuff such t take than that the their them then there these they thing things think this
    those to too two uh um up us use used using ve very want was way we well were what when where which who
    why will with would yeah yes you your""".split()
)
_WORD = late(r"[a-z]+", re.IGNORECASE)

_CUES_ZH = {
    "stance": _any(
        r"^(?:\W|嗯|呃|对|所以|然后|而且|但|但是|就是|那)*(?:我|我们|我們)(?:个人|個人)?(?:其实|其實|也|就|还是|一直)?"
        r"(?:认为|認為|觉得|覺得|相信|主张|主張|的(?:观点|看法|观察|理解|判断))|"
        r"^\W*(?:关键|重点|核心|本质|问题|事实上|實際上|实际上)",
    ),
    "position": _any(
        "(?:我|我们|我們)(?:个人|個人)?(?:其实|其實|也|就|会|會|一直|是)?"
        "(?:认为|認為|觉得|覺得|相信|感觉|主张|主張|猜|预测|預測|不同意|同意)",
        "我的(?:观点|看法|观察|理解|意思|论点|結論|结论|判断)",
        "(?:关键|重点|核心|本质|问题|本質|關鍵|重點|問題|目标|目的|事实|好处|难点|优势)(?:就)?(?:在于|在於|是|上)",
        "(?:事实上|事實上|实际上|實際上|说白了|总之|总的来说|换句话说|归根结底|也就是说|原则上)",
        "(?:重要|必要|必须|根本|不可能|显然|顯然|毫无疑问|值得)",
    ),
    "judgement": _any(
        "(?:是|很|非常|更|太|比较|比較|特别|不太|相当)(?:好|差|坏|对|错|難|难|容易|贵|貴|便宜|快|慢|强|弱|重要|有用|有效|有限|正确|"
        "危险|简单|複雜|复杂|关键|可能|不可能|有意思|有价值|有前景|有挑战)"
    ),
    "cause": _any(
        "因为|因為|因此|由于|由於|所以|导致|導致|使得|以便|从而|從而|取决于|取決於|原因|造成|意味着|意味著|带来|使|让",
        "如果|只要|一旦|除非|越.{1,8}越",
    ),
    "comparison": _any(
        "比(?:较|較)?[^如方赛例]{1,14}(?:更|要|还|多|少|大|小|高|低|好|快|强|貴|贵|便宜)|相比|不同于|不同於|而不是|"
        "区别|區別|差别|差異|差异|不如|优于|優於|类似|類似|一样|一樣|相当于|相當於|权衡|最[^后近後初终]"
    ),
    "advice": _any("应该|應該|必须|必須|需要|不要|千万|最好|建议|建議|尽量|避免|得先|不能|不应|永远"),
    "number": _any(
        rf"(?<![\d.,])[.,]*+\d[\d.,]*+\s*+(?:%|％|[{HAN}a-z])|百分之|[一二三四五六七八九十百千万亿两]{{1,6}}(?:倍|万|亿|成|%)"
    ),
    "general": _any(
        "所有|任何|每个|每一|完全|总是|總是|从不|只有|唯一|无法|無法|有限|大多|大部分|通常|往往|本身"
    ),
}
_AGAINST_ZH = {
    "asks": _any(r"[?？]\W*$", "[吗嗎呢么][。，]?$", "怎么看|什么样的?$|是不是"),
    "announces": _any(
        r"^(?:\W|嗯|呃|好|那|那么|然后|首先|接下来|所以)*(?:让我|讓我|我们来|我們來|来聊|欢迎|歡迎|谢谢|謝謝|大家好|"
        "我想(?:问|請|请|先)|我会告诉|我是|假设|假設|想象|比如说你|回到|我们先)"
    ),
    "hedges": _any("也许|也許|或许|或許|大概|可能是|不知道|不确定|不確定|说不定|理论上|理論上"),
    "narrates": _any(
        "(?:当时|當時|有一次|那天|那个时候|那個時候|昨天|去年|后来|後來)|(?:我|我们|他|她|他们)(?:问|說|说|去|做|写)了"
    ),
    "points": _any("幻灯片|这张图|屏幕|你可以看到|你能看到|点击|视频里|订阅|赞助"),
    "leans": _any(r"^(?:\W|嗯|呃|对|所以|然后|而且|但|但是|就是|那)*(?:它|他|她|这|這|那|其)"),
}
_HAN = late(f"[{HAN}]")
_EMPTY_ZH = late(
    "我们|我們|你们|他们|这个|這個|那个|那個|一个|一個|就是|然后|然後|的时候|可能|什么|什麼|[的了是在我你他她它们也都就和有这那不会说要很]"
)


def wording(text: str, *, chinese: bool) -> Wording:
    """Look at one sentence."""
    cues, against = (_CUES_ZH, _AGAINST_ZH) if chinese else (_CUES, _AGAINST)
    return Wording(
        cues=frozenset(kind for kind, pattern in cues.items() if pattern.search(text)),
        against=frozenset(kind for kind, pattern in against.items() if pattern.search(text)),
        content=_content(text, chinese=chinese),
    )


def _content(text: str, *, chinese: bool) -> int:
    words = {word.lower() for word in _WORD.findall(text)} - _FUNCTION
    if not chinese:
        return len(words)
    return len(words) + len(_HAN.findall(_EMPTY_ZH.sub("", text))) // 2
