"""Glossary terms that the Chinese leaves out, or renders now this way, now that."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from studykit.check.passage import Passage
from studykit.glossary import Entry, Glossary
from studykit.types import Finding, Term

__all__ = ["check_terms"]


def check_terms(passages: Sequence[Passage], terms: Sequence[Term], glossary: Glossary) -> Iterator[Finding]:
    """At most one finding of each sort for a term, where it happens first.

    Only terms that cannot be ordinary words are missed: those of several words, and abbreviations.
    """
    for term in terms:
        entry = glossary.get(term.entry_id)
        if entry is None:
            continue
        said = {at.sentence for at in term.occurrences if at.language == "en"}
        where = [p for p in passages if p.chinese and any(i in said for i in p.source)]
        if not where:
            continue
        written = {at.sentence for at in term.occurrences if at.language == "zh"}
        if _is_unmistakable(entry):
            missing = [p for p in where if not _rendered(entry, p) and not any(i in written for i in p.target)]
            if missing:
                more = f"; so in {len(missing)} of {len(where)} places" if len(missing) > 1 else ""
                message = f"{entry.english} ({entry.chinese}) not in the Chinese{more}"
                yield missing[0].finding("term", "medium" if len(missing) == len(where) else "low", message)
        yield from _mixed(entry, where)


def _is_unmistakable(entry: Entry) -> bool:
    head = entry.english
    return " " in head or "-" in head or any(char.isupper() for char in head[1:])


def _rendered(entry: Entry, passage: Passage) -> bool:
    near = passage.near_chinese.lower()
    return any(form.lower() in near for form in (*entry.chinese_forms, *entry.english_forms))


def _mixed(entry: Entry, where: Sequence[Passage]) -> Iterator[Finding]:
    """The same term in several Chinese forms."""
    used: Counter[str] = Counter()
    first: dict[str, Passage] = {}
    for passage in where:
        text = passage.chinese.lower()
        for form in sorted(entry.chinese_forms, key=len, reverse=True):
            if form.lower() in text and not form.isascii():
                used[form] += 1
                first.setdefault(form, passage)
                text = text.replace(form.lower(), " ")
    if len(used) > 1:
        common, *others = [form for form, _ in used.most_common()]
        counts = ", ".join(f"{form} ({used[form]})" for form in (common, *others))
        yield first[others[0]].finding("term", "low", f"{entry.english} in several forms: {counts}")
