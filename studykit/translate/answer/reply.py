"""Finds the translations in a model's answer without trusting it.

A sentence's translation is what stands under its key (``numbering``) and is text; whatever else the answer
holds is ignored. Models wrap the object, make a list of it, or write numbered lines.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any

from studykit.chat.reply import is_refusal, json_values, without_thinking
from studykit.faces import late
from studykit.languages import HAN
from studykit.translate.answer.numbering import number_in, sentences_meant
from studykit.translate.answer.tidy import cleaned
from studykit.types import Language

__all__ = ["parse_reply", "plausible"]

_HAN_CHAR = late(f"[{HAN}]")
_WORD = re.compile(r"[A-Za-z]{2,}")
_ORDINARY_WORD = re.compile(r"\b[a-z]{2,}")  # a name may stay as it is

_WRAPPERS = ("translations", "sentences", "translation", "result", "results", "answer", "output", "data")
_CONTEXT = {"around", "before", "after", "terms"}
"""What the request gives as context; some models repeat it."""
_ID_FIELDS = ("id", "key", "number", "num", "no", "n", "index", "idx", "i", "sentence_id", "line", "sentence")
_TEXT_FIELDS = ("translation", "translated", "target", "译文", "翻译")
_TEXT_FIELDS_OF = {"zh": ("zh", "chinese", "zh-cn", "中文"), "en": ("en", "english", "英文")}
_PLAIN_FIELDS = ("text", "value", "content")

_FENCE_LINE = re.compile(r"^[ \t]*```.*$", re.MULTILINE)
_NUMBERED = re.compile(
    r"[\s*#>\-]*[\[(（【]?((?:[A-Za-z]{1,10}|第)? ?\d{1,4})"
    r"(?:[\])）】][.、:：]?|句?[.、:：)）|])\**(?!\d)\s*(\S.*)"
)


def parse_reply(
    text: str,
    wanted: Collection[int],
    *,
    total: int | None = None,
    target: Language = "zh",
    cut: bool = False,
) -> dict[int, str]:
    """The translations in ``text`` by sentence, counted from 0; keys in ``text`` count from 1.

    ``total`` is the number of sentences in the paragraph, by default those up to the last wanted one.
    Of an answer that was ``cut``, only what is whole in JSON counts.
    """
    total = max(wanted, default=-1) + 1 if total is None else total
    for value in reversed(json_values(text, members=True)):
        if found := _by_sentence(_rows(value, target), wanted, total):
            return found
        if len(wanted) == 1 and (alone := _without_key(value, target)):
            return _told({min(wanted): alone})
    if cut or is_refusal(text):
        return {}
    said = _FENCE_LINE.sub("", without_thinking(text))
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    found = _by_sentence(_numbered(lines), wanted, total)
    if len(found) == len(wanted):
        return found
    spoken = _HAN_CHAR if target == "zh" else _WORD
    plain = len(lines) == 1 and not lines[0].startswith(("{", "[")) and "\ufffd" not in lines[0]
    return _told({min(wanted): lines[0]}) if plain and len(wanted) == 1 and spoken.search(lines[0]) else {}


def _without_key(value: Any, target: Language) -> str | None:
    """The text of a sentence that was asked for alone: in a list of one, or ``{"translation": …}``."""
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
        return value if isinstance(value, str) else None
    if isinstance(value, dict) and not any(number_in(key) for key in value):
        return _text_of(value, target)
    return None


def _told(texts: dict[int, str]) -> dict[int, str]:
    made = {i: cleaned(text) for i, text in texts.items()}
    return {i: text for i, text in made.items() if text}


def _by_sentence(rows: list[tuple[str, str | None]], wanted: Collection[int], total: int) -> dict[int, str]:
    """The texts of ``rows`` of key and text; a key that occurs twice with different texts is none."""
    texts: dict[str, str | None] = {}
    for key, text in rows:
        texts[key] = text if texts.get(key, text) == text else None
    meant = sentences_meant(texts, wanted, total)
    return _told({i: text for key, i in meant.items() if (text := texts[key])})


def _rows(value: Any, target: Language, *, unwrap: bool = True) -> list[tuple[str, str | None]]:
    """Key and text of every sentence in a JSON value; no text where there is a key and nothing usable."""
    if isinstance(value, list):
        return [row for item in value if isinstance(item, dict) for row in _rows_of_item(item, target)]
    if not isinstance(value, dict):
        return []
    keyed = [(key, _text_of(said, target)) for key, said in value.items() if number_in(key)]
    if any(text for _, text in keyed):
        return keyed
    own = list(_rows_of_item(value, target))
    if any(text for _, text in own) or not unwrap:
        return own
    inner = {key.casefold(): said for key, said in value.items() if isinstance(said, (dict, list))}
    inner = {key: said for key, said in inner.items() if key not in _CONTEXT}
    named = [inner[name] for name in _WRAPPERS if name in inner]
    chosen = named[:1] or (list(inner.values()) if len(inner) == 1 else [])
    return [row for said in chosen for row in _rows(said, target, unwrap=False)]


def _rows_of_item(item: dict[str, Any], target: Language) -> Iterator[tuple[str, str | None]]:
    """The row of ``{"id": 1, "text": …}``, or the rows of ``{"1": …}`` as an item of a list."""
    fields = {key.casefold(): said for key, said in item.items()}
    for name in _ID_FIELDS:
        if name in fields and number_in(fields[name]):
            rest = {key: said for key, said in fields.items() if key != name}
            yield str(fields[name]), _text_of(rest, target)
            return
    for key, said in item.items():
        if number_in(key):
            yield key, _text_of(said, target)


def _text_of(said: Any, target: Language) -> str | None:
    """The translation in a key's value: text, or an object that names it."""
    if isinstance(said, str):
        return said
    if not isinstance(said, dict):
        return None
    fields = {key.casefold(): text for key, text in said.items() if isinstance(text, str)}
    for name in (*_TEXT_FIELDS, *_TEXT_FIELDS_OF[target], *_PLAIN_FIELDS):
        if name in fields:
            return fields[name]
    return None


def _numbered(lines: list[str]) -> list[tuple[str, str | None]]:
    """The rows of numbered lines that follow each other; a remark may stand before and behind them."""
    found = [_NUMBERED.fullmatch(line) for line in lines]
    at = [i for i, match in enumerate(found) if match]
    if not at or at[-1] - at[0] + 1 != len(at):
        return []
    return [(match.group(1), match.group(2)) for match in found if match]


def plausible(source: str, target: str, language: Language) -> bool:
    """Whether ``target`` could be a translation of ``source`` into ``language``.

    It must be in that language, unless there is little to translate, and not many times too long:
    Chinese needs about a third of the characters that English needs.
    """
    han, words = len(_HAN_CHAR.findall(target)), len(_WORD.findall(target))
    if language == "zh":
        untranslated = not han and len(_ORDINARY_WORD.findall(source)) > 2
        return not untranslated and len(target) <= 2 * len(source) + 40
    untranslated = han > 2 * words + 4 or (not words and len(_HAN_CHAR.findall(source)) > 4)
    return not untranslated and len(target) <= 10 * len(source) + 80
