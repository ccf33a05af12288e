"""Glossary terms that the Chinese leaves out, or renders now this way, now that."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from studykit.check.passage import Passage
from studykit.glossary import Entry, Glossary
from studykit.languages import HAN
from studykit.types import Finding, Term

__all__ = ["check_terms"]


_HAN = re.compile(f"[{HAN}]")
_STRUCTURE = set("的之在中里上时每")
_MOST = 0.7


def check_terms(passages: Sequence[Passage], terms: Sequence[Term], glossary: Glossary) -> Iterator[Finding]:
    """At most one finding of each sort for a term, where it happens first.

    Only terms that cannot be ordinary words are missed: those of several words, and abbreviations.
    Terms that Chinese leaves in English are names, and checked as such.
    """
    for term in terms:
        entry = glossary.get(term.entry_id)
        if entry is None:
            continue
        said = {at.sentence for at in term.occurrences if at.language == "en"}
        where = [p for p in passages if any(i in said for i in p.source)]
        written = {at.sentence for at in term.occurrences if at.language == "zh"}
        if _is_unmistakable(entry):
            missing = [
                p
                for p in where
                if p.chinese and not _rendered(entry, p) and not any(i in written for i in p.target)
            ]
            if missing:
                more = f"; so in {len(missing)} of {len(where)} places" if len(missing) > 1 else ""
                message = f"{entry.english} ({entry.chinese}) not in the Chinese{more}"
                yield missing[0].finding("term", "medium" if len(missing) == len(where) else "low", message)
        yield from _mixed(entry, where)


def _is_unmistakable(entry: Entry) -> bool:
    head = entry.english
    if entry.chinese.isascii():
        return False
    return " " in head or "-" in head or any(char.isupper() for char in head[1:])


def _rendered(entry: Entry, passage: Passage) -> bool:
    near = passage.near_chinese.lower()
    if any(form.lower() in near for form in (*entry.chinese_forms, *entry.english_forms)):
        return True
    return any(_taken_apart(form, passage.chinese) for form in entry.chinese_forms)


def _taken_apart(form: str, text: str) -> bool:
    """Whether most of the form's characters stand in the text: 固定容量 as 固定的容量."""
    characters = set(_HAN.findall(form)) - _STRUCTURE
    return len(characters) > 1 and len(characters & set(text)) >= _MOST * len(characters)


def _varies(form: str, used: Counter[str]) -> bool:
    """Whether it is a longer or shorter way to say a form that was seen."""
    return any(form != other and (form in other or other in form) for other in used)


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
    if len(used) > 1:
        common, *others = [form for form, _ in used.most_common()]
        counts = ", ".join(f"{form} ({used[form]})" for form in (common, *others))
        yield first[others[0]].finding("term", "low", f"{entry.english} in several forms: {counts}")
