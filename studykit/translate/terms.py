"""Glossary terms in a translation: the wanted forms, the actual forms, and safe corrections.

A term is *right* if the sentence's translation contains its wanted form, a *variant* if it contains
another form of the same entry, and otherwise *missing*. Each term counts once per sentence.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from studykit.faces import late
from studykit.glossary import Entry, Glossary, Match, Matcher
from studykit.glossary.forms import fold, has_han, straighten
from studykit.languages import HAN
from studykit.translate.engine import TermRow
from studykit.translate.repair import may_replace
from studykit.types import Language

__all__ = ["TermBook", "TermStatus", "TermUse"]

TermStatus = Literal["right", "variant", "missing"]

_HAN_THEN_LATIN = late(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{HAN}])")


class TermUse(Struct, frozen=True, kw_only=True):
    """A term in a sentence and its ``status`` in the translation; None if there is no translation yet."""

    entry_id: str
    en: str
    zh: str
    """The form in the text, and the form that its translation should have."""
    status: TermStatus | None


class TermBook:
    """A glossary prepared for translation from ``source`` into ``target``."""

    def __init__(self, glossary: Glossary, source: Language, target: Language) -> None:
        self._glossary = glossary
        self.source, self.target = source, target
        self._in_source = Matcher(glossary, source)
        self._in_target = Matcher(glossary, target, lenient=True)

    def rows(self, sentences: Iterable[str]) -> tuple[TermRow, ...]:
        """The entries that occur in ``sentences``, in the order of their first occurrence."""
        found: dict[str, TermRow] = {}
        texts = list(sentences)
        for sentence, matches in zip(texts, self._in_source.find_in(texts), strict=True):
            for match in matches:
                if match.entry_id not in found:
                    found[match.entry_id] = self._row(match, sentence)
        return tuple(found.values())

    def check(self, source: str, target: str | None) -> tuple[TermUse, ...]:
        """The terms of a sentence and their status in its translation."""
        return tuple(self._use(row, target) for row in self.rows([source]))

    def fixed(self, source: str, target: str) -> str:
        """``target`` with variants replaced by the wanted form where that is safe, in Chinese only.

        Chinese does not inflect, so one form of an entry can replace another (``repair.may_replace``).
        English is left alone: articles, plurals and capitals would have to change too.
        """
        if self.target == "en":
            return target
        for row in self.rows([source]):
            if self._use(row, target).status == "variant":
                entry = self._entry(row.entry_id)
                found = [match for match in self._in_target.find(target) if match.entry_id == row.entry_id]
                safe = [match for match in found if may_replace(row, entry, target, match.span)]
                for match in reversed(safe):
                    target = _replaced(target, match, row.target)
        return target

    def introduced(self, pairs: Sequence[tuple[str, str | None]]) -> list[str | None]:
        """The translations of (sentence, translation) pairs, with both languages at a term's first mention.

        ``键值缓存（KV cache）``, ``LoRA（低秩适配）``; nothing is added if both are already there.
        """
        texts = [target for _, target in pairs]
        known: set[str] = set()
        for i, (source, target) in enumerate(pairs):
            if target is None:
                continue
            for row in self.rows([source]):
                found = row.entry_id not in known and self._mention(row, texts[i] or "")
                if found:
                    texts[i] = found
                    known.add(row.entry_id)
        return texts

    def _mention(self, row: TermRow, target: str) -> str | None:
        """``target`` with the other language after the term; None if the term is not there."""
        at = next((match for match in self._in_target.find(target) if match.entry_id == row.entry_id), None)
        if at is None:
            return None
        entry = self._entry(row.entry_id)
        said = target[at.span.start : at.span.end]
        other = self._english(row.source, entry) if has_han(said) else entry.chinese
        both = fold(other) in fold(target) or fold(said) in fold(other)
        if both or has_han(other) == has_han(said):
            return target
        opened, closed, rest = " (", ")", target[at.span.end :]
        if self.target == "zh":
            opened, closed, rest = "（", "）", rest.lstrip(" ")
        return f"{target[: at.span.end]}{opened}{other}{closed}{rest}"

    def _entry(self, entry_id: str) -> Entry:
        entry = self._glossary.get(entry_id)
        assert entry  # a matcher only finds entries of its own glossary
        return entry

    def _row(self, match: Match, sentence: str) -> TermRow:
        entry = self._entry(match.entry_id)
        said = sentence[match.span.start : match.span.end]
        if self.target == "zh":
            said_form = self._english(said, entry)
            target = said_form if entry.keep_english and _is_name(said_form) else entry.chinese
            forms = (*entry.chinese_forms, *entry.english_forms)
        else:
            # Technical Chinese keeps many terms in English, so what is already English stays.
            target = entry.english if has_han(said) else self._english(said, entry)
            forms = entry.english_forms
        return TermRow(
            entry_id=entry.id,
            source=said,
            target=target,
            accepted=tuple(form for form in dict.fromkeys(forms) if form != target),
        )

    @staticmethod
    def _english(said: str, entry: Entry) -> str:
        """The English form that was said, in the singular, or the entry's head if it was said in Chinese."""
        folded = fold(straighten(said))
        fits = [form for form in entry.english_forms if folded.startswith(fold(straighten(form)))]
        return max(fits, key=len, default=entry.english)

    def _use(self, row: TermRow, target: str | None) -> TermUse:
        status = None if target is None else self._status(row, target)
        en, zh = (row.source, row.target) if self.source == "en" else (row.target, row.source)
        return TermUse(entry_id=row.entry_id, en=en, zh=zh, status=status)

    def _status(self, row: TermRow, target: str) -> TermStatus:
        entry = self._entry(row.entry_id)
        said = {
            target[match.span.start : match.span.end]
            for match in self._in_target.find(target)
            if match.entry_id == row.entry_id
        }
        # Part of a longer term, which the matcher prefers: 注意力 in 多头注意力.
        said |= {form for form in (row.target, *row.accepted) if has_han(form) and form in target}
        if not said:
            return "missing"
        wanted = {row.target}
        if self.target == "en":
            wanted |= {entry.english, entry.abbreviation or entry.english}
        elif entry.abbreviation and fold(row.source) == fold(entry.abbreviation):
            wanted.add(entry.abbreviation)  # the speaker's own abbreviation is fine too
        right = any(self._same(form, want) for form in said for want in wanted)
        return "right" if right else "variant"

    @staticmethod
    def _same(form: str, want: str) -> bool:
        """Whether ``form``, as in the translation, is or contains the form ``want``, or its plural.

        Spaces between Chinese and Latin do not matter; 训练脚本 contains 脚本.
        """
        if has_han(want) or has_han(form):
            return fold(want).replace(" ", "") in fold(form).replace(" ", "")
        return fold(straighten(form)).startswith(fold(straighten(want))) and len(form) <= len(want) + 2


def _is_name(form: str) -> bool:
    """Whether Chinese leaves a form in English: one word, or several that are all names or numbers.

    ``RAG`` and ``LoRA Without Regret`` stay; "retrieval-augmented generation" is said in Chinese.
    """
    words = form.split()
    return len(words) == 1 or all(any(char.isupper() or char.isdigit() for char in word) for word in words)


def _replaced(text: str, match: Match, wanted: str) -> str:
    """``text`` with ``wanted`` in place of a match, and spaces only between Chinese and Latin."""
    left, right = text[: match.span.start].rstrip(" "), text[match.span.end :].lstrip(" ")
    joined = left + wanted + right
    at = {len(left), len(left) + len(wanted)}
    cuts = [m.start() for m in _HAN_THEN_LATIN.finditer(joined) if m.start() in at]
    for cut in reversed(cuts):
        joined = f"{joined[:cut]} {joined[cut:]}"
    return joined
