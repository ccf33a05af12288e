"""What captions and transcripts have beside speech: sounds, which nobody says, and names of speakers.

Sounds are ``[Music]`` or ``♪``; names stand in brackets after a dash, ``- [Instructor] Today we ...``, or
before a colon, ``Dr. Park: Pain is not damage.``
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from studykit.faces import late
from studykit.formats.base import Draft

__all__ = ["name_speakers", "without_sounds"]

_SQUARE = late(r"[\[【]([^\[\]【】]{1,60})[\]】]")
# Round brackets also contain asides, so they count only if nothing else is said.
_ROUND = re.compile(r"[(（]([^()（）]{1,60})[)）]")
_NOTES = re.compile("[♩♪♫♬]+")
_SOUNDS = late(
    r"\b(?:music|musical|applause|applauding|laughs?|laughter|laughing|chuckles?|chuckling|giggles?|cheers?"
    r"|cheering|claps?|clapping|coughs?|coughing|sighs?|sneezes?|gasps?|silence|noises?|static|beeps?"
    r"|beeping|blank_audio|foreign)\b"
    r"|音乐|音樂|掌声|掌聲|鼓掌|笑声|笑聲|大笑|欢呼|歡呼|^笑$",
    re.IGNORECASE,
)
# What captions for the deaf call any other sound, as all that a caption says: "(object whooshing)".
_ONLY_A_SOUND = late(
    r"[(（](?!.*\b(?:a|an|the|is|are|was|were|be|it|this|that|we|you|i|to|of|no|any|some|every)\b)"
    r"(?:[a-z][a-z'-]* ){0,3}[a-z-]{2,}ing[)）]"
    r"|[(（][^()（），。]{0,8}(?:声|聲|作响|作響|呼啸|呼嘯|呼呼|嗖嗖)(?:而过|而過)?[)）]"
)
# "[upbeat music playing]" is a caption of a sound; a whole sentence in brackets is not.
_MOST_WORDS = 5
_LABEL = late(r"[-–—] ?\[([^\[\]]{1,40})\]:? *(?=\w)")
_NAME = late(r"(?:[A-Z][\w.'’-]*(?: |$)){1,4}|[\u3400-\u9fff·]{2,12}$")
_NO_NAME = re.compile(
    r"inaudible|unintelligible|indistinct|crosstalk|overlapping|speaking|听不清|聽不清", re.I
)
_DASH = re.compile(r"[-–—] ?\w")
_CAPITALISED = r"(?:(?:al|bin|da|de|del|den|der|di|du|el|la|le|ten|ter|van|von) ){0,2}[A-ZÀ-Þ][\w.'’-]*"
_BEFORE_COLON = late(
    r"(?:[-–—] |>> ?)?(?:\*\*)?"
    r"((?:Speaker|SPEAKER|Participant|Voice|发言人|说话人) ?\d{1,2}"
    rf"|{_CAPITALISED}(?: {_CAPITALISED}){{0,3}}|[\u3400-\u9fff·]{{1,8}})"
    r"(?:\*\*)?\s?[:：](?:\*\*)?\s*(?=\S)"
)
_ROLES = frozenset(
    """announcer attendee audience caller chair customer doctor guest host instructor interviewee interviewer
    journalist lecturer man moderator narrator nurse panelist patient presenter professor reporter speaker
    student teacher woman q a 主持 主持人 嘉宾 记者 老师 教师 教授 学生 同学 医生 护士 患者 旁白 观众 听众
    采访者 受访者 访谈者 讲者 演讲者 男 女 男声 女声 问 答""".split()
)
"""Labels that are no names, but can only be somebody who speaks."""
_HEADINGS = frozenset(
    """abstract action aim answer answers background benefit benefits caution chapter conclusion cons context
    definition description details disclaimer example examples exercise fact figure goal hint idea important
    input instructions keywords lesson link links location method myth note notes objective output part
    problem proof pros question questions reason recap reference references remember remark requirement
    response result results rule section solution source step subject subtitle summary table task theorem
    time tip tips title topic translation translator update url usage verdict video warning why wrong right
    before after first second third finally however but and so then yes no""".split()
)
"""What stands before colons without speaking."""
_NO_HAN_NAME = late(
    r"[的是了在我你他她它这那有不个们就都也和与或如例注要会能很把被让给对比]|[说問问道想写讲喊叫答曰云]$"
)
_FEWEST_TURNS = 4
_ENDS = late(r"[.?!](?=\s|[\"”’]|$)|[。？！…]")
_ENDED = 0.7
"""Least share of somebody's turns that have the end of a sentence in them."""


def _spans(pattern: re.Pattern[str], text: str) -> list[tuple[int, int]]:
    return [
        match.span()
        for match in pattern.finditer(text)
        if len(match[1].split()) <= _MOST_WORDS and _SOUNDS.search(match[1])
    ]


def _cut(draft: Draft, spans: list[tuple[int, int]]) -> None:
    """Remove ``spans`` (code points) from the draft's text and words."""
    text, words, at = draft.text, [], 0
    for word in draft.words:
        start = text.find(word.text, at)
        if start < 0:  # the words do not match the text; repair reports that
            words = draft.words
            break
        at = start + len(word.text)
        if not any(low < at and start < high for low, high in spans):
            words.append(word)
    pieces, end = [], 0
    for low, high in spans:
        pieces.append(text[end:low])
        end = high
    draft.text = " ".join(" ".join([*pieces, text[end:]]).split())
    draft.words = words


def without_sounds(draft: Draft) -> bool:
    """Remove captions of sounds from ``draft``; returns False if no speech remains."""
    if not draft.text:
        return False
    if not any(mark in draft.text for mark in "[【(（♩♪♫♬"):
        return True
    if _ONLY_A_SOUND.fullmatch(draft.text.strip()):
        return False
    spans = sorted(_spans(_SQUARE, draft.text) + [match.span() for match in _NOTES.finditer(draft.text)])
    _cut(draft, spans)
    if not re.search(r"\w", _ROUND.sub("", draft.text)):
        rounds = _spans(_ROUND, draft.text)
        _cut(draft, rounds)
        spans += rounds
    return not spans or re.search(r"\w", draft.text) is not None


def name_speakers(drafts: Sequence[Draft]) -> None:
    """Take the labels out of drafts in order of time.

    Who is named goes on to speak until another is, or a dash begins somebody else's words. One name alone
    tells of nobody else, and is dropped. Names before colons count where two of them take turns.
    """
    named = _names_before_colons(drafts)
    labels = [_label(draft) or _label_of(draft, named) for draft in drafts]
    is_conversation = len(set(filter(None, labels))) > 1
    speaking: str | None = None
    for draft, label in zip(drafts, labels, strict=True):
        if label:
            speaking = label
        elif _DASH.match(draft.text):
            speaking = None
        if is_conversation:
            draft.speaker = draft.speaker or speaking


def _names_before_colons(drafts: Sequence[Draft]) -> set[str]:
    """The names of those who speak, if at least two stand twice or more at the beginning of drafts.

    What they say has marks of sentences, mostly: fields of a form ("License: GPL-2") have none. Then roles
    and full names count that stand there once.
    """
    turns = defaultdict[str, list[bool]](list)  # whether a sentence ends in each of somebody's turns
    turn = [False]
    for draft in drafts:
        found = _BEFORE_COLON.match(draft.text)
        if found and _may_speak(found[1]):
            turn = turns[found[1]]
            turn.append(False)
        start = found.end() if found else 0  # "Dr. Park:" ends no sentence
        turn[-1] = turn[-1] or _ENDS.search(draft.text, start) is not None
    named = {
        name: ended for name, ended in turns.items() if len(ended) > 1 and sum(ended) >= _ENDED * len(ended)
    }
    if len(named) < 2 or sum(map(len, named.values())) < _FEWEST_TURNS:
        return set()
    return {*named, *(name for name in turns if name.casefold() in _ROLES or " " in name)}


def _may_speak(name: str) -> bool:
    if name.casefold() in _ROLES:
        return True
    if name[0] < "\u3400":
        return name.casefold() not in _HEADINGS
    return len(name) > 1 and not _NO_HAN_NAME.search(name)


def _label_of(draft: Draft, named: set[str]) -> str | None:
    """The name out of ``named`` that a draft begins with before a colon, cut from it."""
    found = _BEFORE_COLON.match(draft.text)
    if not found or found[1] not in named:
        return None
    _cut(draft, [found.span()])
    return found[1]


def _label(draft: Draft) -> str | None:
    """The name that a draft begins with, cut from it."""
    found = _LABEL.match(draft.text)
    if not found or not _NAME.fullmatch(found[1].strip()) or _NO_NAME.search(found[1]):
        return None
    _cut(draft, [found.span()])
    return found[1].strip()
