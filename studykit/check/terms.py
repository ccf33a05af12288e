"""Glossary terms that the Chinese leaves out, or renders now this way, now that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from studykit.check.messages import message
from studykit.check.passage import Passage
from studykit.faces import late
from studykit.glossary import Entry, Glossary, Matcher
from studykit.languages import HAN
from studykit.lexicon.glossed import is_explained, may_say
from studykit.tables.frequencies import zipf_frequency
from studykit.types import Finding, Term

__all__ = ["check_terms"]


_HAN = late(f"[{HAN}]")
_GONE = "〇"
"""Stands where a term was, so that what stood next to it does not seem to stand alone."""
_POINTING = re.compile(r"\b(?:it|its|one|ones|they|them|their|these|those)\b")
"""A translator may name what the speaker points back to."""
_STRUCTURE = set("的之在中里上时每")
_MOST = 0.7
_HALF = 0.5
_STEM = 5
_WIDTH = 2
_LONG_FORM, _HEAD = 4, 2
_WORD, _CAPITALS = 3, 2
_FEWEST_USES = 6
_RARE = 3.3


def check_terms(passages: Sequence[Passage], terms: Sequence[Term], glossary: Glossary) -> Iterator[Finding]:
    """Terms that another has taken the place of, each; else one finding of each sort for a term.

    Only terms that cannot be ordinary words are missed: those of several words, abbreviations, rare
    words. One that is missing in most places has a translation that the glossary lacks. Terms that
    Chinese leaves in English are names, and checked as such.
    """
    exchanged = _Exchanges(terms, glossary)
    replaced: set[tuple[int, str]] = set()
    for term in terms:
        entry = glossary.get(term.entry_id)
        if entry is None:
            continue
        said = {at.sentence for at in term.occurrences if at.language == "en"}
        where = [p for p in passages if any(i in said for i in p.source)]
        written = {at.sentence for at in term.occurrences if at.language == "zh"}
        for passage in where:
            times = sum(at.sentence in passage.source for at in term.occurrences if at.language == "en")
            if other := exchanged.instead_of(entry, passage, times):
                told = message("term", en=entry.english, usual=entry.chinese, zh=other)
                replaced.add((passage.source.start, other))
                yield passage.finding("term", "high", told)
        if _is_unmistakable(entry):
            missing = [
                p
                for p in where
                if p.chinese
                and not any(i in written for i in p.target)
                and not any(_rendered(other, p) for other in (entry, *exchanged.relatives(entry)))
                and not exchanged.instead_of(entry, p, 1)
                and not _in_other_words(entry, p.english.lower(), p.chinese)
            ]
            if missing and (len(where) == 1 or len(missing) <= len(where) // 2):
                key = "term_lost_often" if len(missing) > 1 else "term_lost"
                told = message(key, en=entry.english, usual=entry.chinese, more=len(missing) - 1)
                yield missing[0].finding("term", "low", told)
        yield from _mixed(entry, where)
    for passage in passages:
        form, usual = exchanged.added(passage)
        if form and (passage.source.start, form) not in replaced:
            yield passage.finding("term", "low", message("term_added", zh=form, usual=usual))


class _Exchanges:
    """Terms that stand in the Chinese in place of others."""

    def __init__(self, terms: Sequence[Term], glossary: Glossary) -> None:
        self._glossary = glossary
        self._matcher = Matcher(glossary, "zh")
        self._said = {term.entry_id for term in terms if any(at.language == "en" for at in term.occurrences)}

    def relatives(self, entry: Entry) -> list[Entry]:
        """Entries whose English begins like this one's: token and tokenization."""
        stem = entry.english[:_STEM].lower()
        return [e for e in self._glossary.entries if e.english.lower().startswith(stem) and e.id != entry.id]

    def instead_of(self, entry: Entry, passage: Passage, times: int) -> str | None:
        """A term that the English does not have, where ``entry``, said that many ``times``, is missing."""
        chinese = passage.chinese
        if (
            not chinese
            or entry.chinese.isascii()
            or _uses(entry, chinese) >= times
            or _kept_in_part(entry, chinese, passage.english)
        ):
            return None
        own, english = passage.english.lower(), passage.near_english.lower()
        is_elsewhere = _uses(entry, passage.near_chinese) > _uses(entry, chinese)
        around = 2 if is_elsewhere or _POINTING.search(own) else 1
        for match in self._matcher.find(chinese):
            other = self._glossary.get(match.entry_id)
            form = chinese[match.span.start : match.span.end]
            if other is None or other.id == entry.id or form.isascii():
                continue
            if _is_near(entry, form) or _is_clear_head(other, entry, own):
                continue
            if any(_is_hinted(other, text) or is_explained(form, text) for text in (own, english)[:around]):
                continue
            rest = re.sub("|".join(map(re.escape, (form, *entry.chinese_forms))), _GONE, chinese)
            if not _taken_apart_in(entry, rest) and not _in_other_words(entry, own, rest):
                return form
        return None

    def added(self, passage: Passage) -> tuple[str, str]:
        """A form of four characters and more that nothing in the English is like, with its English."""
        english = passage.near_english.lower()
        for match in self._matcher.find(passage.chinese) if passage.english else ():
            other = self._glossary.get(match.entry_id)
            form = passage.chinese[match.span.start : match.span.end]
            if other is None or other.id in self._said or len(_HAN.findall(form)) < _LONG_FORM:
                continue
            if not _is_hinted_at(other, english):
                return form, other.english
        return "", ""


def _uses(entry: Entry, text: str) -> int:
    """How often the text has one of the term's forms, in either language."""
    forms = sorted((*entry.chinese_forms, *entry.english_forms), key=len, reverse=True)
    return len(re.findall("|".join(re.escape(form.lower()) for form in forms), text.lower()))


def _form_in(entry: Entry, english: str) -> str:
    """The term as the English, in lower case, says it."""
    forms = entry.english_forms
    return next((f for f in forms if _stand_together(re.findall(r"[a-z]+", f.lower()), english)), forms[0])


def _in_other_words(entry: Entry, english: str, chinese: str) -> bool:
    """Whether the dictionary explains words of the Chinese by the term's, its head is written alone (参数 for
    函数参数), or other words stand before its last character (评估集 for 验证集)."""
    said = _form_in(entry, english)
    if may_say(said, chinese):
        return True
    forms = [form for form in entry.chinese_forms if not form.isascii()]
    heads = {form[-_HEAD:] for form in forms if len(_HAN.findall(form)) >= _LONG_FORM}
    if any(re.search(f"(?<![{HAN}{_GONE}]){head}", chinese) for head in map(re.escape, heads)):
        return True
    before, _, _ = said.replace("-", " ").rpartition(" ")
    return bool(before) and any(
        may_say(before, chinese[max(0, match.start() - _HEAD) : match.start()])
        for end in {form[-1] for form in forms}
        for match in re.finditer(re.escape(end), chinese)
    )


def _taken_apart_in(entry: Entry, text: str) -> bool:
    return any(_taken_apart(form, text) for form in entry.chinese_forms)


def _is_hinted(entry: Entry, english: str) -> bool:
    """Whether the English has the term's words together, in another form perhaps: "contextual" for 上下文."""
    return any(_stand_together(re.findall(r"[a-z]+", form.lower()), english) for form in entry.english_forms)


def _is_clear_head(entry: Entry, replaced: Entry, english: str) -> bool:
    """Whether the English says the last word alone, which is not the other term's: package, 软件包."""
    heads = {form.lower().rpartition(" ")[2] for form in entry.english_forms if " " in form}
    taken = "|".join(rf"{re.escape(form.lower())}\W*\w+" for form in replaced.english_forms)
    rest = re.sub(taken, " ", english)
    own = re.findall(r"[a-z]+", " ".join(replaced.english_forms).lower())
    return any(re.search(rf"\b{re.escape(head)}s?\b", rest) for head in heads - set(own))


def _is_hinted_at(entry: Entry, english: str) -> bool:
    """Whether the English has any word of the term."""
    words = {word for form in entry.english_forms for word in re.findall(r"[a-z]+", form.lower())}
    return any(word[:_STEM] in english for word in words if len(word) >= _WORD)


def _stand_together(words: Sequence[str], english: str) -> bool:
    """Whether words that begin so follow each other, with few others between."""
    if not words:
        return False
    between = r"\w*(?:\W+\w+){0,2}\W*"
    return re.search(r"\b" + between.join(re.escape(word[:_STEM]) for word in words), english) is not None


def _is_near(entry: Entry, form: str) -> bool:
    """Whether one term's Chinese holds the other, so that one may stand for the other."""
    return any(own in form or form in own for own in entry.chinese_forms)


def _is_unmistakable(entry: Entry) -> bool:
    head = entry.english
    if entry.chinese.isascii():
        return False
    is_several = " " in head or "-" in head or any(char.isupper() for char in head[1:])
    return is_several or zipf_frequency(head) < _RARE


def _rendered(entry: Entry, passage: Passage) -> bool:
    near = passage.near_chinese.lower()
    if _kept_in_part(entry, passage.chinese):
        return True
    if any(form.lower() in near for form in (*entry.chinese_forms, *entry.english_forms)):
        return True
    return any(_taken_apart(form, passage.chinese, _HALF) for form in entry.chinese_forms)


def _kept_in_part(entry: Entry, chinese: str, english: str = "") -> bool:
    """Whether it stays in English, or a part of it does, as often as it is said: 未知的 token.

    A clipping stands for its word: ID for identifier, repo for repository.
    """
    latin = re.findall(r"[A-Za-z]+", chinese)
    said = english.lower().split()
    form = _form_in(entry, english.lower())
    for word in re.findall(r"[a-z]{4,}", form.lower()):
        kept = sum(word[:_STEM] in other.lower() or _is_clipped(other, word) for other in latin)
        if kept and kept >= sum(word[:_STEM] in other for other in said):
            return True
    return False


def _is_clipped(short: str, word: str) -> bool:
    return len(short) >= (_CAPITALS if short.isupper() else _WORD) and word.startswith(short.lower())


def _taken_apart(form: str, text: str, most: float = _MOST) -> bool:
    """Whether most of the form's characters stand near each other in the text: 固定容量 as 固定的容量."""
    characters = set(_HAN.findall(form)) - _STRUCTURE
    width = _WIDTH * len(form)
    windows = (set(text[i : i + width]) for i, char in enumerate(text) if char in characters)
    return len(characters) > 1 and any(
        len(characters & window) >= most * len(characters) for window in windows
    )


def _varies(form: str, used: Counter[str]) -> bool:
    """Whether it is a longer or shorter way to say a form that was seen."""
    return any(form != other and (form in other or other in form or form[:2] == other[:2]) for other in used)


def _mixed(entry: Entry, where: Sequence[Passage]) -> Iterator[Finding]:
    """The same term in several Chinese forms."""
    used: Counter[str] = Counter()
    first: dict[str, Passage] = {}
    for passage in where:
        text = (passage.chinese or passage.near_chinese).lower()
        for form in sorted(entry.chinese_forms, key=len, reverse=True):
            if form.lower() in text and not form.isascii() and not _varies(form, used):
                used[form] += 1
                first.setdefault(form, passage)
                text = text.replace(form.lower(), " ")
    if len(used) > 1 and used.total() >= _FEWEST_USES:
        common, *others = [form for form, _ in used.most_common()]
        counts = ", ".join(f"{form} ({used[form]})" for form in (common, *others))
        told = message("term_mixed", en=entry.english, forms=counts)
        yield first[others[0]].finding("term", "low", told)
