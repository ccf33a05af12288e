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
    owners = _Owners(own)
    kept: list[Located] = []
    said: list[str] = []
    moved: dict[str, str] = {}
    for term in built_in:
        entry = term.entry
        same = by_id.get(entry.id) or owners.first(_names(entry))
        left = None if same else _without(entry, owners)
        if left is None:
            same = same or owners.first(_forms(entry))
            assert same  # a term loses forms to another only
            moved[entry.id] = same.entry.id
            said.append(f"{same.where} replaces the built-in {entry.id!r}")
            continue
        taken = [form for form in _forms(entry) if form not in _forms(left)]
        said += [f"{owners.where(form)} takes {form!r} from the built-in {entry.id!r}" for form in taken]
        kept.append(replace(term, entry=left))
    return [replace(term, entry=_relinked(term.entry, moved)) for term in kept], said


def _names(entry: Entry) -> tuple[str, ...]:
    return (entry.english, entry.abbreviation) if entry.abbreviation else (entry.english,)


def _forms(entry: Entry) -> tuple[str, ...]:
    return (*entry.english_forms, *entry.chinese_forms)


class _Owners:
    """Which of a user's terms has a form."""

    def __init__(self, own: Sequence[Located]) -> None:
        self._by_spelling = {
            spelling: term for term in own for form in _forms(term.entry) for spelling in spellings(form)
        }
        self._beginnings = {"", *(_beginning(spelling.text) for spelling in self._by_spelling)}

    def of(self, form: str) -> Located | None:
        """The term that has ``form``; most forms are not spelled, since no term has one that begins so."""
        if _beginning(form) not in self._beginnings:
            return None
        found = (self._by_spelling.get(spelling) for spelling in sorted(spellings(form)))
        return next((term for term in found if term), None)

    def first(self, forms: Sequence[str]) -> Located | None:
        """The term that has the first form that any has."""
        return next((term for form in forms if (term := self.of(form))), None)

    def where(self, form: str) -> str:
        """The place of the term that has ``form``, which one must have."""
        term = self.of(form)
        assert term
        return term.where

    def heard(self, text: str) -> bool:
        """Whether a mis-hearing is a form of a term."""
        written = straighten(text)
        return any(
            spelling in self._by_spelling
            for spelling in (Spelling(written, True), Spelling(fold(written), False))
        )


def _beginning(form: str) -> str:
    """Two letters that all spellings of a form begin with; empty for forms of fewer than three."""
    letters = fold(straighten(form)).replace(" ", "")
    return letters[:2] if len(letters) > 2 else ""


def _without(entry: Entry, owners: _Owners) -> Entry | None:
    """The entry less the forms and mis-hearings that are forms of a user's; None if it has no head left."""

    def free(forms: Sequence[str]) -> list[str]:
        return [form for form in forms if not owners.of(form)]

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
        misheard=tuple(text for text in entry.misheard if not owners.heard(text)),
    )


def _relinked(entry: Entry, moved: dict[str, str]) -> Entry:
    """The entry with its links leading to the terms that took the place of others."""

    def led(ids: Sequence[str]) -> tuple[str, ...]:
        found = dict.fromkeys(moved.get(other, other) for other in ids)
        return tuple(other for other in found if other != entry.id)

    return replace(entry, see_also=led(entry.see_also), company=led(entry.company))
