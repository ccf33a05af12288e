"""Which encoding a text without a byte order mark is in: UTF-8, UTF-16, GB18030, Big5 or cp1252.

UTF-8 proves itself: other texts of some length are hardly ever valid UTF-8. Among the rest the
decodings that succeed are compared by how usual their characters are. charset-normalizer is not
used, because it takes short Chinese captions for other encodings (see ``docs/formats.md``).
"""

from __future__ import annotations

import re
import string

from studykit.faces import late

__all__ = ["damaged_utf8_at", "guess_encoding"]

_SAMPLE_CHARS = 20_000
# The most frequent characters of Chinese running text, in both scripts.
_FREQUENT = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道"
    "行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意"
    "无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利什"
    "二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义"
    "各入几口认条平系气题活尔更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管期市直德资命山金"
    "指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求"
    "据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笔"
    "這個們來為國說時會對於著過發後裡裏種經麼學現當沒動還進樣開從實軍無與長機業將兩間問並應戰頭體見產話關點內"
    "給門兒東聲員論處義幾認條係氣題爾別變總電數報結務場計資許統區隊決馬書則聽卻達難權設記類據張該規萬覺術領確"
    "傳師觀讓識帶導爭運筆"
    "吗嗎吧呢啊哦呀谢謝请請您谁誰怎哪嗯喂爸妈媽钱錢爱愛快走找叫字词詞句语語言课課欢迎歡今晚早再见见吃喝模型训訓练練"
    "，。？！、：；“”‘’（）《》…—「」『』"
)
_HAN = late("[\u4e00-\u9fff]")
# Kana stand in GB 2312 where Japanese encodings have them, so they mark a Japanese text.
_UNUSUAL = late("[\x00-\x08\x0e-\x1f\x7f-\x9f\u3041-\u30fa\ue000-\uf8ff\ufffd\U000e0000-\U0010ffff]")
# What cp1252 adds to ASCII in Western texts, alone or in pairs; longer runs are not cp1252.
_WESTERN = late(r"(?<![^\x00-\x7f])[À-ÖØ-öø-ÿŒœŠšŸŽž‘’“”–—…•€£©®°«»¿¡·\xa0]{1,2}(?![^\x00-\x7f])")
_LATIN = re.compile("[A-Za-z0-9]")
_NON_ASCII = re.compile(r"[^\x00-\x7f]")
_ENOUGH = 0.25
_CERTAIN = 0.9
_FEW = 8
_ESCAPED = re.compile("[\udc80-\udcff]")
_PRINTABLE = frozenset(string.printable)
_CODECS = ("gb18030", "big5", "cp1252", "utf-16-le", "utf-16-be")


def damaged_utf8_at(data: bytes, guess: str | None) -> int | None:
    """The offset of the first wrong byte if ``data`` is UTF-8 but for a few bytes, else None.

    ``guess`` is what ``guess_encoding`` takes it for. In GB18030 and Big5 some byte pairs look like
    UTF-8 by chance; in Windows-1252 none do.
    """
    if guess == "utf-8":
        return None
    text = data.decode("utf-8", "surrogateescape")
    wrong = len(_ESCAPED.findall(text))
    right = len(_NON_ASCII.findall(text)) - wrong
    at = _ESCAPED.search(text)
    least = {"cp1252": 1, None: wrong}.get(guess, 4 * wrong)
    if at is None or right < least:
        return None
    return len(text[: at.start()].encode("utf-8"))


def _value(char: str, codec: str) -> float:
    if char in _FREQUENT:
        return 1.0
    if _UNUSUAL.match(char):
        return -1.0
    return 0.35 if _HAN.match(char) and _is_first_level(char, codec) else 0.0


def _is_first_level(char: str, codec: str) -> bool:
    """Whether the character stands in the first, common level of Big5 or, else, of GB 2312."""
    low, high = (0xA4, 0xC6) if codec == "big5" else (0xB0, 0xD7)
    try:
        return low <= char.encode("big5" if codec == "big5" else "gb2312")[0] <= high
    except UnicodeEncodeError:
        return False


def _chinese_score(text: str, codec: str) -> float:
    """At most 1: how usual the characters of a Chinese text are, those outside ASCII counted alone."""
    found = _NON_ASCII.findall(text[:_SAMPLE_CHARS])
    return sum(_value(char, codec) for char in found) / len(found) if found else 0.0


def _western_score(text: str) -> float:
    """At most 1: how many characters outside ASCII stand singly or in pairs among Latin letters."""
    sample = text[:_SAMPLE_CHARS]
    found = len(_NON_ASCII.findall(sample))
    if found > len(_LATIN.findall(sample)) or _UNUSUAL.search(sample):
        return 0.0
    return sum(len(match[0]) for match in _WESTERN.finditer(sample)) / max(1, found)


def _is_chance_utf8(text: str) -> bool:
    """Whether this may be a few Chinese characters whose bytes are valid UTF-8 by chance.

    Two GB18030 characters can look like two Cyrillic or Arabic letters, as in ``谢谢``; three-byte
    UTF-8 or Western letters do not come about like that.
    """
    found = _NON_ASCII.findall(text[:_SAMPLE_CHARS])
    return 0 < len(found) <= _FEW and all("\u0100" <= char < "\u0800" for char in found)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _utf16_score(text: str) -> float:
    """Unlike above, ASCII counts: read in the wrong byte order it becomes rare Chinese."""
    sample = text[:_SAMPLE_CHARS]
    return sum(1.0 if char in _PRINTABLE else _value(char, "utf-16") for char in sample) / max(1, len(sample))


def guess_encoding(data: bytes) -> str | None:
    """A codec that decodes ``data`` strictly and gives usual characters, None when there is none."""
    binary = b"\0" in data
    utf8 = None if binary else _decoded(data, "utf-8")
    if utf8 is not None and not _is_chance_utf8(utf8):
        return "utf-8"
    scores: list[tuple[float, str]] = []
    for codec in ("utf-16-le", "utf-16-be") if binary else _CODECS:
        text = _decoded(data, codec)
        if text is not None and "\0" not in text:
            scores.append((_score(text, codec), codec))
    score, codec = max(scores, default=(0.0, ""), key=lambda scored: scored[0])
    if utf8 is not None and (score < _CERTAIN or codec not in {"gb18030", "big5"}):
        return "utf-8"
    return codec if score >= _ENOUGH else None


def _score(text: str, codec: str) -> float:
    if codec == "cp1252":
        return _western_score(text)
    return _utf16_score(text) if codec.startswith("utf-16") else _chinese_score(text, codec)
