"""UTF-8 that was once read as a Windows code page and lost bytes on the way.

A character outside ASCII is two to four bytes in UTF-8. Read as Windows-1252 or -1254 each byte became
a character of its own; bytes that the code page lacks, and soft hyphens, were dropped. First bytes are
never among them, so it is always clear where a character began and how many of its bytes are gone: what
is whole comes back exactly, and for the rest there are a few dozen candidates at most, among which
``chinese_guess`` chooses. Text that was merely encoded twice, with nothing lost, is left to ftfy.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from itertools import combinations, product

from msgspec import Struct

from studykit.faces import late
from studykit.languages import HAN

__all__ = ["Repaired", "Restored", "may_be_damaged", "repair"]

_CODECS = ("cp1254", "cp1252")
_CHINESE = late(f"[{HAN}]")
_SOFT_HYPHEN = 0xAD
_LEAST, _SHARE = 8, 0.9
"""So many characters have to come out whole before a text counts as damaged, and this share of what is
outside ASCII has to look like UTF-8 with at most some bytes missing."""
_TURNS = frozenset("不没沒無无中有未非否勿莫别")
"""Characters that turn a statement round. 不 and 中 have lost the same byte, and words fit around either:
of a hundred places where one of these may have stood, twenty-two are filled wrongly."""
_CERTAIN, _IN_DOUBT = 0.999, 0.69
"""Below the first such a place is shown as doubtful, with the second as the most it can have."""
_HEADINGS = (
    "词性 词汇 词组 短语 表达 语法 句型 例句 解析 释义 含义 用法 说明 备注 音标 "
    "原文 译文 英文 中文 时间 小结 总结 "
    "术语 概念 核心观点 核心要点 关键词 学习笔记 段落 序号 地道表达 口语 搭配 难度 翻译"
)
"""What the heads of tables and sections in study notes are."""


class Restored(Struct, frozen=True, kw_only=True):
    """A character that had lost bytes: where it stands in the repaired text, and how sure it is."""

    at: int
    char: str
    confidence: float
    found: str
    """What stood there in the file."""
    others: tuple[tuple[str, float], ...] = ()
    """What else it may have been, likeliest first, with probabilities."""
    turns: bool = False
    """Whether it is one that turns a statement round, or may have been."""


class Repaired(Struct, frozen=True, kw_only=True):
    """A text as it was meant; ``restored`` lists the characters that were chosen among candidates."""

    text: str
    codec: str
    restored: tuple[Restored, ...]


class _Piece(Struct, frozen=True):
    """One character to be: its bytes as far as they are left, and what stood for it."""

    data: bytes
    missing: int
    found: str


def may_be_damaged(text: str) -> bool:
    """Whether ``repair`` is worth trying: damaged Chinese has no Chinese character left."""
    return sum(char > "\x7f" for char in text) >= _LEAST and not _CHINESE.search(text)


def repair(text: str, *, known: Iterable[str] = ()) -> Repaired | None:
    """The text as it was before the damage, None when it was not damaged in this way.

    ``known`` is Chinese text like the one that was damaged; it helps to choose.
    """
    if not may_be_damaged(text):
        return None
    readings = [(reading, codec) for codec in _CODECS if (reading := _read(text, codec))]
    if readings:
        # The code page that explains more of the text is the one it was read as.
        reading, codec = min(readings, key=lambda found: found[0].unexplained)
        return _restored(reading.pieces, codec, known)
    import ftfy

    fixed = ftfy.fix_encoding(text)
    return None if fixed == text else Repaired(text=fixed, codec="UTF-8 encoded twice", restored=())


class _Reading(Struct, frozen=True):
    """A text taken for UTF-8 that was read as some code page."""

    pieces: list[_Piece]
    unexplained: int
    """Characters outside ASCII that UTF-8 has no place for."""


def _read(text: str, codec: str) -> _Reading | None:
    """The characters to be, None when the text is no UTF-8 read as ``codec`` that has lost bytes."""
    pieces: list[_Piece] = []
    whole = odd = 0
    at = 0
    while at < len(text):
        byte = _byte(text[at], codec)
        needed = _continuations(byte)
        end = at + 1
        data = b"" if byte is None else bytes([byte])
        while needed and end < len(text) and len(data) <= needed:
            following = _byte(text[end], codec)
            if following is None or following & 0xC0 != 0x80:
                break
            data += bytes([following])
            end += 1
        missing = needed + 1 - len(data)
        if byte is None or not data.isascii():
            valid = needed > 0 and (missing > 0 or _decoded(data) is not None)
            whole += valid and missing == 0
            odd += not valid
        pieces.append(_Piece(data if needed or byte is not None else b"", missing, text[at:end]))
        at = end
    damaged = sum(piece.missing > 0 for piece in pieces)
    enough = whole >= _LEAST and whole + damaged > 0 and whole / (whole + odd) >= _SHARE
    return _Reading(pieces, odd) if enough and damaged else None


def _byte(char: str, codec: str) -> int | None:
    try:
        return char.encode(codec)[0]
    except UnicodeEncodeError:
        return None


def _continuations(byte: int | None) -> int:
    """How many bytes follow this first byte in UTF-8 (RFC 3629, section 3); 0 when it is none."""
    if byte is None or not 0xC2 <= byte <= 0xF4:
        return 0
    return 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3


def _decoded(data: bytes) -> str | None:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def _lost_bytes(codec: str) -> tuple[int, ...]:
    """The bytes that cannot have survived: undefined in the code page, or invisible."""
    undefined = [byte for byte in range(0x80, 0xC0) if not bytes([byte]).decode(codec, "ignore")]
    return (*undefined, _SOFT_HYPHEN)


def _candidates(piece: _Piece, lost: tuple[int, ...]) -> Iterator[str]:
    """The characters that a piece may have been."""
    length = len(piece.data) + piece.missing
    for places in combinations(range(1, length), piece.missing):
        for bytes_lost in product(lost, repeat=piece.missing):
            left = iter(piece.data)
            fill = dict(zip(places, bytes_lost, strict=True))
            char = _decoded(bytes(fill[i] if i in fill else next(left) for i in range(length)))
            if char is not None and unicodedata.category(char) not in {"Cn", "Co", "Cs"}:
                yield char


def _restored(pieces: list[_Piece], codec: str, known: Iterable[str]) -> Repaired:
    from studykit.formats.encodings.chinese_guess import ChineseGuesser

    lost = _lost_bytes(codec)
    places: list[tuple[str, ...]] = []
    for piece in pieces:
        if piece.missing:
            found = tuple(dict.fromkeys(_candidates(piece, lost)))
            places.append(found or (piece.found,))
        else:
            places.append((_decoded(piece.data) or piece.found,))
    guesses = ChineseGuesser(known, words=_HEADINGS.split()).guess(places)
    text = "".join(guess.char for guess in guesses)
    restored: list[Restored] = []
    at = 0
    for piece, guess, candidates in zip(pieces, guesses, places, strict=True):
        if piece.missing:
            sure = guess.confidence
            turns = sure < _CERTAIN and not _TURNS.isdisjoint(candidates)
            if turns:
                sure = min(sure, _IN_DOUBT)
            restored.append(
                Restored(
                    at=at,
                    char=guess.char,
                    confidence=sure,
                    found=piece.found,
                    others=guess.others,
                    turns=turns,
                )
            )
        at += len(guess.char)
    return Repaired(text=text, codec=codec, restored=tuple(restored))
