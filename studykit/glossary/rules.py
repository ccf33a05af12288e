"""The rules of the glossary format (docs/glossary-format.md): of one term, and between terms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

from studykit.glossary.entry import CATEGORIES, Entry
from studykit.glossary.forms import Spelling, fold, has_han, spellings, straighten

__all__ = ["Located", "read_table", "shared_problems"]

_REQUIRED = ("id", "english", "chinese", "category", "definition_en", "definition_zh", "source")
_TEXTS = (*_REQUIRED, "abbreviation", "demo", "reference")
_LISTS = ("aliases", "chinese_accepted", "misheard", "see_also")
_FLAGS = ("keep_english",)
_FIELDS = (*_TEXTS, *_LISTS, *_FLAGS)

_ENGLISH_FORMS = ("english", "abbreviation", "aliases")
_CHINESE_FORMS = ("chinese", "chinese_accepted")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DEMO = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_MAX_DEFINITION_EN = 300
_MAX_DEFINITION_ZH = 150


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    """An entry and where it stands, ``file: term 'id'``."""

    where: str
    entry: Entry


def read_table(table: dict[str, Any]) -> tuple[dict[str, Any] | None, list[str]]:
    """The fields of an ``Entry`` from one ``[[term]]``, and what is wrong with them.

    No fields when one is missing or of the wrong type, so that there can be no entry.
    """
    wrong: list[str] = [f"unknown key {key!r}" for key in table if key not in _FIELDS]
    fields: dict[str, Any] = {}
    unusable: list[str] = [f"{key!r} is missing" for key in _REQUIRED if key not in table]
    for key, value in table.items():
        if key in _TEXTS:
            if isinstance(value, str) and value.strip():
                fields[key] = value
            else:
                unusable.append(f"{key!r} must be a text that is not empty")
        elif key in _LISTS:
            if isinstance(value, list) and all(isinstance(item, str) and item.strip() for item in value):
                fields[key] = tuple(value)
            else:
                unusable.append(f"{key!r} must be a list of texts that are not empty")
        elif key in _FLAGS:
            if isinstance(value, bool):
                fields[key] = value
            else:
                unusable.append(f"{key!r} must be true or false")
    found = [*unusable, *wrong, *_content_problems(fields), *_form_problems(fields)]
    return (None if unusable else fields), found


def _content_problems(fields: dict[str, Any]) -> Iterator[str]:
    """Rules of single fields; ``fields`` has the right types but may lack some."""
    for key, form, joint in (("id", _SLUG, "hyphens"), ("demo", _DEMO, "underscores")):
        if key in fields and not form.fullmatch(fields[key]):
            yield f"{key!r} must be lower-case letters and digits joined by {joint}: {fields[key]!r}"
    if "category" in fields and fields["category"] not in CATEGORIES:
        yield f"unknown category {fields['category']!r}; one of {', '.join(CATEGORIES)}"
    for key, limit in (("definition_en", _MAX_DEFINITION_EN), ("definition_zh", _MAX_DEFINITION_ZH)):
        if len(fields.get(key, "")) > limit:
            yield f"{key!r} has {len(fields[key])} characters, at most {limit} are allowed"
    if "definition_zh" in fields and not has_han(fields["definition_zh"]):
        yield "'definition_zh' is not Chinese"
    if "chinese" in fields and not has_han(fields["chinese"]) and not fields.get("keep_english", False):
        yield "'chinese' is not Chinese; if the term stays English, set keep_english = true"
    if fields.get("id") in fields.get("see_also", ()):
        yield "'see_also' names the term itself"


def _form_problems(fields: dict[str, Any]) -> Iterator[str]:
    for key in (*_ENGLISH_FORMS, *_CHINESE_FORMS, "misheard"):
        for form in _as_tuple(fields.get(key, ())):
            if form != " ".join(form.split()):
                yield f"{key!r} has white space too much: {form!r}"
            if len(form) < 2:
                yield f"{key!r} is too short to be told from other words: {form!r}"
            if key in _ENGLISH_FORMS and has_han(form):
                yield f"{key!r} holds Chinese: {form!r}"


def shared_problems(located: Sequence[Located], ids: Set[str]) -> list[str]:
    """Rules between terms; ``ids`` are those of all terms, even of broken ones."""
    problems: list[str] = []
    first_with_id: dict[str, Located] = {}
    owner: dict[Spelling, str] = {}
    for term in located:
        entry = term.entry
        first = first_with_id.setdefault(entry.id, term)
        if first is not term:
            problems.append(f"{term.where}: the id is taken; see {first.where}")
            continue
        problems += [
            f"{term.where}: 'see_also' names no term: {other!r}"
            for other in entry.see_also
            if other not in ids
        ]
        for form in (*entry.english_forms, *entry.chinese_forms):
            others = {owner.setdefault(spelling, entry.id) for spelling in spellings(form)} - {entry.id}
            problems += [f"{term.where}: {form!r} is also a form of {other!r}" for other in sorted(others)]
    for term in located:
        for heard in term.entry.misheard:
            written = straighten(heard)
            taken = owner.get(Spelling(written, True)) or owner.get(Spelling(fold(written), False))
            if taken:
                problems.append(f"{term.where}: misheard {heard!r} is a right form of {taken!r}")
    return problems


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
