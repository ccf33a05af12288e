"""Terms that the translations of a course render in more than one way.

Only what the alignment and the glossary show together: sentences that surely belong together, the term in
the English, always under the same name, and one of its Chinese forms in the Chinese. What the glossary has
no form for, and a term that is left in English, say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from studykit.check.relation import summarised
from studykit.glossary import Entry, Glossary
from studykit.glossary.forms import fold, spellings, straighten
from studykit.types import Notes, Span

__all__ = ["MixedTerm", "Rendering", "TermUse", "mixed_terms"]

_SURE = 0.8
"""Score of a bead from which on its sentences are taken to belong together."""
_ALIKE = 2
"""Forms that share their first characters are one translation, longer or shorter: 注意力, 注意力机制."""


class TermUse(Struct, frozen=True, kw_only=True):
    """A pair of sentences that has the term in both languages."""

    lecture: int
    """Index of the talk."""
    paragraph: int
    """Index of the paragraph."""
    english: Span
    """Sentences, and so is ``chinese``."""
    chinese: Span


class Rendering(Struct, frozen=True, kw_only=True):
    """One Chinese form and where it is used."""

    form: str
    uses: tuple[TermUse, ...]


class MixedTerm(Struct, frozen=True, kw_only=True):
    """A term and its translations, the commonest first; ``usual`` is the one that the glossary prefers."""

    entry_id: str
    english: str
    usual: str
    renderings: tuple[Rendering, ...]


def mixed_terms(lectures: Sequence[Notes], glossary: Glossary) -> tuple[MixedTerm, ...]:
    """The terms with more than one translation, most uses of the rarer ones first."""
    used: dict[tuple[str, str], dict[str, list[TermUse]]] = {}
    for number, notes in enumerate(lectures):
        for entry, english, form, use in _uses(number, notes, glossary):
            forms = used.setdefault((entry.id, english), {})
            uses = forms.setdefault(_known(form, forms), [])
            if use not in uses:
                uses.append(use)
    made = []
    for (entry_id, english), forms in used.items():
        known = glossary.get(entry_id)
        if known and len(forms) > 1:
            ordered = sorted(forms.items(), key=lambda row: (-len(row[1]), row[0]))
            made.append(
                MixedTerm(
                    entry_id=entry_id,
                    english=english,
                    usual=known.chinese,
                    renderings=tuple(Rendering(form=form, uses=tuple(uses)) for form, uses in ordered),
                )
            )
    return tuple(sorted(made, key=lambda term: (-_rarer(term), term.english)))


def _rarer(term: MixedTerm) -> int:
    return sum(len(rendering.uses) for rendering in term.renderings[1:])


def _known(form: str, forms: dict[str, list[TermUse]]) -> str:
    """The form that was seen, if it is a longer or shorter way to say the same."""

    def alike(other: str) -> bool:
        here, there = form.casefold(), other.casefold()
        return here in there or there in here or here[:_ALIKE] == there[:_ALIKE]

    return next(filter(alike, forms), form)


def _uses(number: int, notes: Notes, glossary: Glossary) -> Iterator[tuple[Entry, str, str, TermUse]]:
    """Every sure use of a term: its entry, its English and its Chinese form, and where."""
    if notes.alignment is None:
        return
    unsure = summarised(notes) | {para.index for para in notes.paragraphs if para.doubtful}
    english, chinese = (_by_sentence(notes, language, glossary) for language in ("en", "zh"))
    for bead in notes.alignment.beads:
        if bead.score < _SURE or not len(bead.source) or not len(bead.target):
            continue
        paragraph = notes.paragraph_of("en", bead.source.start)
        sentences = [notes.english[i] for i in bead.source] + [notes.chinese[i] for i in bead.target]
        if paragraph in unsure or any(sent.doubtful for sent in sentences):
            continue
        said: dict[str, set[str]] = {}
        for entry, text in (one for i in bead.source for one in english.get(i, ())):
            said.setdefault(entry.id, set()).add(_name(entry, text))
        use = TermUse(lecture=number, paragraph=paragraph, english=bead.source, chinese=bead.target)
        for entry, form in (one for i in bead.target for one in chinese.get(i, ())):
            if len(names := said.get(entry.id, ())) == 1 and not form.isascii():
                yield entry, next(iter(names)), form, use


def _name(entry: Entry, text: str) -> str:
    """Which of the entry's English forms a text is."""
    said = fold(straighten(text))
    forms = (form for form in entry.english_forms if said in {fold(one.text) for one in spellings(form)})
    return next(forms, said)


def _by_sentence(notes: Notes, language: str, glossary: Glossary) -> dict[int, list[tuple[Entry, str]]]:
    """By sentence, its terms with the words that stand for them."""
    sentences = notes.sentences(language)
    found: dict[int, list[tuple[Entry, str]]] = {}
    for term in notes.terms:
        entry = glossary.get(term.entry_id)
        for at in term.occurrences if entry else ():
            if entry and at.language == language:
                text = sentences[at.sentence].text[at.span.start : at.span.end]
                found.setdefault(at.sentence, []).append((entry, text))
    return found
