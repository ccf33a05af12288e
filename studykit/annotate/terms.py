"""Glossary terms in a talk's sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from studykit.glossary import Entry, Glossary, Matcher, Says
from studykit.lexicon.glossed import is_explained
from studykit.types import LANGUAGES, Alignment, Occurrence, Sentence, TermMatch

__all__ = ["find_terms"]


_NEAR = 2
"""So many beads apart a term may stand in the translation: translators move words between sentences."""


def find_terms(
    texts: Mapping[str, Sequence[Sentence]],
    glossary: Glossary,
    alignment: Alignment | None = None,
    *,
    lead: str = "en",
) -> tuple[TermMatch, ...]:
    """Every occurrence of every glossary entry in the sentences of each language (``en``, ``zh``).

    With an alignment, the translation of a talk in ``lead`` has a term only where the talk has it too:
    推理 stands for "inference" as well as for "reasons", and what was said decides; in the talk a form that
    is an ordinary word counts where its translation is the term's alone (prompt, 提示词), and where the
    translation has nothing of the term (提示符) only beside related ones. Entries come in
    the order of their first occurrence, all English ones before those that only the Chinese text
    has; occurrences within an entry likewise. Depends on the glossary's forms alone, so a changed
    definition does not change the result.
    """
    found: dict[str, list[Occurrence]] = {}
    says = _translation(texts, glossary, alignment, lead) if alignment is not None else None
    for language in sorted(texts):
        matcher = _matcher(glossary, language)
        matches = matcher.find_in([sent.text for sent in texts[language]], says if language == lead else None)
        for sent, found_here in zip(texts[language], matches, strict=True):
            for match in found_here:
                at = Occurrence(language=language, sentence=sent.index, span=match.span)
                found.setdefault(match.entry_id, []).append(at)
    if alignment is not None:
        beads = _beads_of(alignment)
        found = {entry: _borne_out(places, beads, lead) for entry, places in found.items()}
    return tuple(TermMatch(entry_id=entry, occurrences=tuple(at)) for entry, at in found.items() if at)


def _translation(
    texts: Mapping[str, Sequence[Sentence]], glossary: Glossary, alignment: Alignment, lead: str
) -> Says:
    """What a translation tells of a form in the talk's sentences: it has the term, or has nothing of it.

    A form that is an ordinary word in the translation as well tells neither, nor does one that was left as it
    is, or one by which the dictionary translates the ordinary word: 损失 is a loss of money too.
    """
    other = next(language for language in LANGUAGES if language != lead)
    written = [sent.text for sent in texts.get(other, ())]
    forms = _matcher(glossary, other).forms_in(written)
    sure: list[dict[str, str]] = []
    any_: list[set[str]] = []
    for bead in alignment.beads:
        here = [(match, ambiguous, i) for i in bead.side(other) for match, ambiguous in forms[i]]
        sure.append(
            {
                match.entry_id: written[i][match.span.start : match.span.end]
                for match, ambiguous, i in here
                if not ambiguous
            }
        )
        any_.append({match.entry_id for match, _, _ in here})
    beads = {i: k for k, bead in enumerate(alignment.beads) for i in bead.side(lead) if len(bead.side(other))}

    def says(entry_id: str, sentence: int) -> bool | None:
        at = beads.get(sentence)
        if at is None:
            return None
        if (form := sure[at].get(entry_id)) is not None:
            entry = glossary.get(entry_id)
            return True if entry and not _is_ordinary(form, entry) else None
        return None if any(entry_id in near for near in any_[max(0, at - _NEAR) : at + _NEAR + 1]) else False

    return says


def _is_ordinary(form: str, entry: Entry) -> bool:
    """Whether a form of the translation is no translation, or the dictionary's of an ordinary word."""
    return form.isascii() or any(is_explained(form, word.lower()) for word in entry.ambiguous)


def _beads_of(alignment: Alignment) -> dict[tuple[str, int], int]:
    """Language and sentence to the number of its bead."""
    return {
        (language, sentence): i
        for i, bead in enumerate(alignment.beads)
        for language in LANGUAGES
        for sentence in bead.side(language)
    }


def _borne_out(
    places: Sequence[Occurrence], beads: Mapping[tuple[str, int], int], lead: str
) -> list[Occurrence]:
    """The places in the talk's own language, and those in the other that lie near one of them."""
    said = {beads[at.language, at.sentence] for at in places if at.language == lead}
    return [
        at
        for at in places
        if at.language == lead
        or any(beads[at.language, at.sentence] + k in said for k in range(-_NEAR, _NEAR + 1))
    ]


@lru_cache(maxsize=2)
def _matcher(glossary: Glossary, language: str) -> Matcher:
    """Many talks are searched for the same terms: one automaton for each language."""
    return Matcher(glossary, language)
