"""A user's terms before the built-in ones, wherever the two claim the same id or form."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from studykit.glossary.entry import Entry
from studykit.glossary.forms import Spelling, fold, spellings, straighten
from studykit.glossary.rules import Located

__all__ = ["outranked"]


def outranked(built_in: Sequence[Located], own: Sequence[Located]) -> tuple[list[Located], list[str]]:
    """What is left of the built-in terms beside a user's own, and each change as a sentence.

    A term of the same id, or whose English head or abbreviation is a form of a user's term, gives way;
    links to it lead to that term. Any other form that the two share is taken from the built-in term,
    whose next Chinese form becomes its head; without one it gives way too.
    """
    by_id = {term.entry.id: term for term in own}
    owner = {spelling: term for term in own for form in _forms(term.entry) for spelling in spellings(form)}
    kept: list[Located] = []
    said: list[str] = []
    moved: dict[str, str] = {}
    for term in built_in:
        entry = term.entry
        same = by_id.get(entry.id) or _first(owner, _names(entry))
        left = None if same else _without(entry, owner)
        if left is None:
            same = same or _first(owner, _forms(entry))
            assert same  # a term loses forms to another only
            moved[entry.id] = same.entry.id
            said.append(f"{same.where} replaces the built-in {entry.id!r}")
            continue
        taken = [form for form in _forms(entry) if form not in _forms(left)]
        said += [f"{_owner(owner, form)} takes {form!r} from the built-in {entry.id!r}" for form in taken]
        kept.append(replace(term, entry=left))
    return [replace(term, entry=_relinked(term.entry, moved)) for term in kept], said


def _names(entry: Entry) -> tuple[str, ...]:
    return (entry.english, entry.abbreviation) if entry.abbreviation else (entry.english,)


def _forms(entry: Entry) -> tuple[str, ...]:
    return (*entry.english_forms, *entry.chinese_forms)


def _first(owner: dict[Spelling, Located], forms: Sequence[str]) -> Located | None:
    found = (owner.get(spelling) for form in forms for spelling in sorted(spellings(form)))
    return next((term for term in found if term), None)


def _owner(owner: dict[Spelling, Located], form: str) -> str:
    term = _first(owner, [form])
    assert term
    return term.where


def _without(entry: Entry, owner: dict[Spelling, Located]) -> Entry | None:
    """The entry less the forms and mis-hearings that are forms of ``owner``; None if it has no head left."""

    def free(forms: Sequence[str]) -> list[str]:
        return [form for form in forms if owner.keys().isdisjoint(spellings(form))]

    def heard(text: str) -> bool:
        written = straighten(text)
        return Spelling(written, True) in owner or Spelling(fold(written), False) in owner

    chinese = free(entry.chinese_forms)
    if not chinese:
        return None
    aliases = free(entry.aliases)
    return replace(
        entry,
        aliases=tuple(aliases),
        chinese=chinese[0],
        chinese_accepted=tuple(chinese[1:]),
        ambiguous=tuple(free(entry.ambiguous)),
        misheard=tuple(text for text in entry.misheard if not heard(text)),
    )


def _relinked(entry: Entry, moved: dict[str, str]) -> Entry:
    """The entry with its links leading to the terms that took the place of others."""

    def led(ids: Sequence[str]) -> tuple[str, ...]:
        found = dict.fromkeys(moved.get(other, other) for other in ids)
        return tuple(other for other in found if other != entry.id)

    return replace(entry, see_also=led(entry.see_also), company=led(entry.company))
