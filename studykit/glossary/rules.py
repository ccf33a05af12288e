"""The rules of the glossary format (docs/glossary-format.md): of one term, and between terms."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence, Set
from typing import Any

from msgspec import Struct

from studykit.faces import late
from studykit.glossary.entry import CATEGORIES, VERDICTS, Entry, SpokenClaim
from studykit.glossary.forms import Spelling, fold, has_han, spellings, straighten

__all__ = ["Located", "is_id", "loose_ends", "read_table", "shared_problems"]

_REQUIRED = ("id", "english", "chinese", "category", "definition_en", "definition_zh", "source")
_TEXTS = (*_REQUIRED, "abbreviation", "demo", "note_en", "note_zh", "reference")
_LISTS = ("aliases", "chinese_accepted", "ambiguous", "company", "not_in", "misheard", "see_also")
_FLAGS = ("keep_english",)
_FIELDS = (*_TEXTS, *_LISTS, *_FLAGS, "claims")
_CLAIM_REQUIRED = ("talk", "where", "said", "holds")
_CLAIM_TEXTS = (*_CLAIM_REQUIRED, "remark")

_ENGLISH_FORMS = ("english", "abbreviation", "aliases")
_CHINESE_FORMS = ("chinese", "chinese_accepted")

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DEMO = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_LOOSE_SPACE = re.compile("^ | $|  ")
# What XML 1.0 cannot carry (section 2.2), and what readers cannot see: no format may lose anything.
_NOT_TEXT = late("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_MAX_DEFINITION_EN = 300
_MAX_DEFINITION_ZH = 150


class Located(Struct, frozen=True, kw_only=True):
    """An entry and where it stands, ``file: term 'id'``."""

    where: str
    entry: Entry


def is_id(text: str) -> bool:
    """Whether ``text`` may be the id of a term."""
    return _SLUG.fullmatch(text) is not None


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
        elif key == "claims":
            fields[key], found = _claims(value)
            unusable += found
    found = [*unusable, *wrong]
    for rule in (_content_problems, _text_problems, _form_problems, _ambiguity_problems):
        found += rule(fields)
    return (None if unusable else fields), found


def _claims(tables: Any) -> tuple[tuple[SpokenClaim, ...], list[str]]:
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        return (), ["'claims' must be tables, written [[term.claims]]"]
    claims: list[SpokenClaim] = []
    problems: list[str] = []
    for table in tables:
        wrong = [f"'claims' has an unknown key {key!r}" for key in table if key not in _CLAIM_TEXTS]
        wrong += [f"'claims' lacks {key!r}" for key in _CLAIM_REQUIRED if key not in table]
        wrong += [
            f"'claims': {key!r} must be a text that is not empty"
            for key, value in table.items()
            if key in _CLAIM_TEXTS and not (isinstance(value, str) and value.strip())
        ]
        if not wrong and table["holds"] not in VERDICTS:
            wrong.append(f"'claims': 'holds' must be one of {', '.join(VERDICTS)}: {table['holds']!r}")
        if not wrong and table["holds"] in {"partly", "no"} and "remark" not in table:
            wrong.append("'claims': what does not hold needs a 'remark' that says why")
        problems += wrong
        if not wrong:
            claims.append(SpokenClaim(**table))
    return tuple(claims), problems


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
    if ("note_en" in fields) != ("note_zh" in fields):
        yield "a note stands in both languages or in none: 'note_en', 'note_zh'"
    for key, limit in (("note_en", _MAX_DEFINITION_EN), ("note_zh", _MAX_DEFINITION_ZH)):
        if len(fields.get(key, "")) > limit:
            yield f"{key!r} has {len(fields[key])} characters, at most {limit} are allowed"
    if fields.get("id") in fields.get("see_also", ()):
        yield "'see_also' names the term itself"


def _text_problems(fields: dict[str, Any]) -> Iterator[str]:
    """Rules of all texts, wherever they stand."""
    texts = [(repr(key), text) for key in (*_TEXTS, *_LISTS) for text in _as_tuple(fields.get(key, ()))]
    for claim in fields.get("claims", ()):
        held = [(key, getattr(claim, key)) for key in _CLAIM_TEXTS]
        texts += [(f"'claims': {key!r}", text) for key, text in held if text is not None]
    for name, text in texts:
        if _LOOSE_SPACE.search(text):
            yield f"{name} has white space too much: {text!r}"
        if _NOT_TEXT.search(text):
            yield f"{name} holds a line break or control character: {text!r}"


def _form_problems(fields: dict[str, Any]) -> Iterator[str]:
    for key in (*_ENGLISH_FORMS, *_CHINESE_FORMS, "misheard"):
        for form in _as_tuple(fields.get(key, ())):
            if form != " ".join(form.split()) and not _LOOSE_SPACE.search(form):
                yield f"{key!r} has a space that is no plain one: {form!r}"
            if len(form) < 2:
                yield f"{key!r} is too short to be told from other words: {form!r}"
            if key in _ENGLISH_FORMS and has_han(form):
                yield f"{key!r} holds Chinese: {form!r}"


def _ambiguity_problems(fields: dict[str, Any]) -> Iterator[str]:
    forms = {form for key in (*_ENGLISH_FORMS, *_CHINESE_FORMS) for form in _as_tuple(fields.get(key, ()))}
    for form in fields.get("ambiguous", ()):
        if form not in forms:
            yield f"'ambiguous' names no form of this term: {form!r}"
    if fields.get("ambiguous") and not (fields.get("see_also") or fields.get("company")):
        yield "'ambiguous' forms need 'see_also' or 'company': they count only near such terms"
    for phrase in fields.get("not_in", ()):
        if not any(fold(straighten(form)) in fold(straighten(phrase)) for form in forms):
            yield f"'not_in' holds no form of this term: {phrase!r}"


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
        problems += [
            f"{term.where}: 'company' names no term and no category: {other!r}"
            for other in entry.company
            if other not in ids and other not in CATEGORIES
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


def loose_ends(located: Sequence[Located], demos: Collection[str]) -> list[str]:
    """What is not wrong but unfinished: terms that no link leads from or to, demos that are not there."""
    linked = {other for term in located for other in term.entry.see_also}
    problems = []
    for term in located:
        entry = term.entry
        if not entry.see_also and entry.id not in linked:
            problems.append(f"{term.where}: stands alone; 'see_also' leads neither from it nor to it")
        if entry.demo is not None and entry.demo not in demos:
            problems.append(f"{term.where}: there is no demo {entry.demo!r}")
    return problems


def _as_tuple(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value
