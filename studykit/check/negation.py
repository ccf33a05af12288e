"""A negation that only one language has.

Chinese writes 不 and 没 inside words that deny nothing (不过, 不同, 差不多), and denies with words that have
neither (拒绝, 缺乏); English does both as well (rhetorical "isn't it", "fail to", "instead of"). What is left
after these is counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from studykit.check.messages import message
from studykit.check.passage import Passage
from studykit.faces import late
from studykit.types import Finding, Severity

__all__ = ["check_negation", "count_denials", "denies"]

_DENIAL = late(
    r"\b(?:not|never|no|none|nothing|nobody|nowhere|cannot|without|neither|nor|hardly|barely|scarcely|unable)\b|\b\w+n['’]t\b"
    r"|\b(?:do|does|did|wo|ca|is|are|was|were|have|has|would|could|should)nt\b",
    re.IGNORECASE,
)
_NO_DENIAL = late(
    r"\b(?:is|are|was|were|do|does|did|have|has|wo|would|ca|could|should)n['’]t "
    r"(?:it|that|this|they|you|we|i|he|she|the)\b"
    r"|\bwhy (?:not|don['’]t)\b|\bnot (?:only|just|to mention|sure if|necessarily)\b|\bor not\b"
    r"|\bno (?:matter|doubt|wonder)\b|\bnot until\b"
    r"|\b(?:do|does|did)n['’]t (?:matter|mind)\b|\bcan['’]?t (?:wait|help)\b|\bnothing (?:but|more)\b"
    r"|\bif not\b|\bno (?:\w+er|more|less) than\b|\bI don['’]t know\b(?=[,.])"
    r"|\bno\. ?\d|^\W*no\b(?! one)\W|\bno\.?$|,\s*no,|\b(?:isn|aren)['’]t in the\b|\bdon['’]?t you\b",
    re.IGNORECASE,
)
_NEAR_DENIAL = late(
    r"\bun(?!der|til|it|ion|iq|less)[a-z]{3,}|\b(?:im(?:poss|prop|perf)|in(?:cap|corr|suff|val|vis|acc|comp)|ir(?:rel|reg)|dis(?:ab|ag|li|ca)|mis|non-)\w+"
    r"|\b\w+less\b|\b(?:few|little|less|fewer|hardly|barely|rarely|seldom"
    r"|scarcely|instead|rather|avoid\w*|fail\w*|lack\w*|refuse\w*|stop\w*|unless|until|except|wrong|different\w*"
    r"|hard|difficult|far from|rid|prevent\w*|miss\w*|out of|ignor\w*|skip\w*|forget\w*|forgot\w*|bad|worse"
    r"|constant\w*|whether|regardless|sorry|beyond|worry|anymore|exclud\w*|remov\w*|otherwise|or else|must"
    r"|keep|kept|remain\w*|go(?:es)? away|went away|vanish\w*|disappear\w*)\b",
    re.IGNORECASE,
)
_RESTARTED = late(
    r"\b(?:not|n['’]t)"
    r"(?= (?:(?:it|that|this|they|we|you|i|he|she)(?:['’]\w+)? |is |are )*(?:not|\w+n['’]t)\b)",
    re.IGNORECASE,
)
"""The first of two denials with nothing said between them: "is not it's not exactly"."""
_DENIAL_ZH = late(
    r"[不没沒無无非未别別勿莫否]|缺|禁止|难以|難以|拒|失去|以外|停止|空白|哪有|何必|免得|避免|以免|零|毫|反对|反對|很少|极少|少有|很难|勉强|除外|除了"
)
_PLAIN_DENIAL_ZH = late(r"[不没沒](?:能|会|會|可|要|是|有|需|该|該|应|應|用|再|想|知|喜|太|必|行)|无法|無法")
_NO_DENIAL_ZH = late(
    "不过|不過|不断|不斷|不管|不论|不論|不错|不錯|差不多|不得不|不妨|不禁|不久"
    "|非常|非洲|除非|特别|特別|区别|區別|类别|類別|级别|級別|识别|識別|分别|分別|别人|別人|别的|別的|鉴别|判别|辨别|性别|个别"
    "|未来|未來|无论|無論|无非|无疑|没错|沒錯|没关系|莫名|除以|除此|不少|缺点"
    "|否则|否則|不能再|再.{1,4}不过|错误|免费|零件|(?<![但于可])是不是|(?<!可)能不能|(?<!机)会不会|(?<!所)有没有|(?<!需)要不要|可不可以|好不好|对不对|行不行|没有问题|(?<=[了过])没有(?=[。？”，]|$)|没有(?=[？?])|还.{0,4}没有(?=[。”」]*$)|好不容易|要不然|不一会"
)
_HALF_DENIAL_ZH = late("不同|不仅|不僅|不只|不一定|未必|不止|不如|不但|不光")
"""They stand for an English "not" (not the same, not just, not necessarily), and need none."""
_FIRM_NEAR_DENIAL = late(
    r"\bun(?!der|til|it|ion|iq|less)[a-z]{3,}|\b(?:im(?:poss|prop|perf)|in(?:cap|corr|suff|val|vis|acc|comp)"
    r"|ir(?:rel|reg)|dis(?:ab|ag|li|ca))\w+|\b\w+less\b"
    r"|(?<!\ba )\b(?:few|little)\b|\b(?:less|fewer|rarely|seldom|instead|rather|avoid\w*|fail\w*|lack\w*"
    r"|refuse\w*|unless|prevent\w*|far from|hard|difficult)\b",
    re.IGNORECASE,
)
_MODALS = (
    (
        late("[不没沒](?:能|可以|可能)|无法"),
        late(r"\b(?:can|could|able|may|might|possible|let)\b", re.IGNORECASE),
    ),
    (
        late("不会(?!再)|不會"),
        late(r"\b(?:will|would|might|may|gonna|going to|can)\b|['’](?:ll|d)\b", re.IGNORECASE),
    ),
    (
        late("不需要|不用|无需"),
        late(r"\b(?:needs?|needed|ha(?:ve|s|d) to|requires?d?|takes?)\b", re.IGNORECASE),
    ),
    (late("不应|不该"), re.compile(r"\b(?:should|ought|supposed)\b", re.IGNORECASE)),
    (
        late("不想|不要"),
        late(r"\b(?:wants?|wanted|wanna|would like|['’]d like)\b", re.IGNORECASE),
    ),
    (late("不知道"), re.compile(r"\b(?:knows?|knew|known)\b", re.IGNORECASE)),
    (late("不喜欢"), re.compile(r"\b(?:likes?|liked|loves?|loved|enjoy\w*)\b", re.IGNORECASE)),
)
"""What Chinese denies, and the English that affirms it: then a word such as "ignore" is no excuse."""
_KEPT = re.compile(r"\b[A-Za-z]{4,}\b")
"""Words that the Chinese may keep as they are: the user "nobody" denies nothing."""
_UNSURE = 0.3
"""Beads with lower scores say nothing about their wording."""
_MOST_COUNTED = 3
"""With more negations than that, some are put another way."""


def check_negation(passage: Passage) -> Iterator[Finding]:
    """One language denies, and the other has no word to deny with; or twice and once."""
    if not passage.chinese or not passage.english or passage.score < _UNSURE:
        return
    if passage.english.rstrip().endswith("?"):
        return
    said = _KEPT.sub(lambda word: " " if word[0] in passage.chinese else word[0], passage.english)
    english, chinese = count_denials(said, passage.chinese)
    if chinese < english:
        if not chinese or english <= _MOST_COUNTED:
            denial = _DENIAL.findall(_NO_DENIAL.sub(" ", said))[0]
            if chinese:
                told = message("denied_more_in_english", english=english, chinese=chinese)
            else:
                told = message("denied_in_english", en=denial)
            severity: Severity = "low" if chinese else "medium"
            yield passage.finding("negation", severity, told)
        return
    bare = _bare_chinese(passage.chinese)
    plain = _PLAIN_DENIAL_ZH.search(bare)
    if not plain or _DENIAL.search(passage.english):
        return
    affirmed = next((m for zh, en in _MODALS if (m := zh.search(bare)) and en.search(passage.english)), None)
    if affirmed and not _FIRM_NEAR_DENIAL.search(passage.english):
        yield passage.finding("negation", "medium", message("denied_in_chinese", zh=affirmed[0]))
    elif not _NEAR_DENIAL.search(passage.english):
        yield passage.finding("negation", "medium", message("denied_in_chinese", zh=plain[0]))


def denies(english: str, chinese: str) -> bool:
    """Whether either says that something is not so."""
    return bool(_DENIAL.search(english) or _PLAIN_DENIAL_ZH.search(_bare_chinese(chinese)))


def count_denials(english: str, chinese: str) -> tuple[int, int]:
    """How often each denies something."""
    return (
        len(_DENIAL.findall(_NO_DENIAL.sub(" ", _RESTARTED.sub(" ", english)))),
        len(_DENIAL_ZH.findall(_NO_DENIAL_ZH.sub(" ", chinese))),
    )


def _bare_chinese(text: str) -> str:
    return _HALF_DENIAL_ZH.sub(" ", _NO_DENIAL_ZH.sub(" ", text))
