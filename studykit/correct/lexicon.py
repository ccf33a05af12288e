"""What may have been said: the glossary's English forms and a list of names, by spelling and by sound."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from itertools import filterfalse

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from studykit.correct.names import ABBREVIATIONS, name_table
from studykit.correct.sound import codes, likeness, pieces, squashed
from studykit.glossary import Glossary
from studykit.glossary.forms import has_han
from studykit.glossary.load import load_glossary, shipped
from studykit.tables.compiled import Compiled
from studykit.tables.frequencies import LISTS, zipf_frequency

__all__ = ["TABLE", "Lexicon", "Target", "is_everyday", "words_of"]

_FEWEST_SOUNDS = 3
_FEWEST_LETTERS = 3
_SURNAME = 6
"""A person's last name is looked for by itself when it is rare and has so many letters."""
_COMMON_ZIPF = 2.2
_ROUGHLY = 0.5
"""How alike codes must be, by plain edit distance, before they are compared in earnest."""


class Target(Struct, frozen=True, kw_only=True):
    """A right form and the glossary entry it belongs to, if any."""

    text: str
    entry_id: str | None
    is_cased: bool
    """Whether its capitals matter, in this or another of the entry's forms."""


def words_of(text: str) -> list[str]:
    """Words in lower case, cut at hyphens too."""
    return text.lower().replace("-", " ").split()


def is_everyday(word: str, at_least: float = 3.0) -> bool:
    """Whether a word is common in English at large: said once in a million words (Zipf 3) or more."""
    return zipf_frequency(word.lower()) >= at_least


class _Stored(Struct, frozen=True):
    """What is known beforehand of the built-in terms."""

    common: dict[str, bool] = {}
    """Whether a form in lower case has common words alone."""
    meant: dict[str, str] = {}
    """The form that a listed mis-hearing stands for, by both and the others; see ``_key``."""


def _is_common(form: str) -> bool:
    """Whether a form is no name and has common words alone."""
    if form != form.lower():
        return False
    known = _stored().common.get(form)
    return _has_common_words(form) if known is None else known


def _has_common_words(form: str) -> bool:
    return all(is_everyday(word, _COMMON_ZIPF) for word in words_of(form))


def _meant(heard: str, forms: Sequence[str]) -> str:
    """Which form of a term a mis-hearing stands for."""
    return _stored().meant.get(_key(heard, forms)) or _likest(heard, forms)


def _likest(heard: str, forms: Sequence[str]) -> str:
    return max(forms, key=lambda form: likeness(heard, form))


def _key(heard: str, forms: Sequence[str]) -> str:
    return "\n".join((heard, *forms))


@cache
def _stored() -> _Stored:
    found = TABLE.table.get(_BUILT_IN)
    return msgspec.msgpack.decode(found, type=_Stored) if found else _Stored()


def _contents() -> dict[str, bytes]:
    entries = load_glossary().entries
    forms = {form for entry in entries for form in entry.english_forms if form == form.lower()}
    stored = _Stored(
        common={form: _has_common_words(form) for form in sorted(forms)},
        meant={
            _key(heard, entry.english_forms): _likest(heard, entry.english_forms)
            for entry in entries
            for heard in entry.misheard
            if not has_han(heard)
        },
    )
    return {_BUILT_IN: msgspec.msgpack.encode(stored)}


_BUILT_IN = "built-in terms"
TABLE = Compiled(
    "misheard",
    _contents,
    lambda: [*shipped(), *LISTS["english"].sources()],
    ("correct/lexicon", "correct/sound", "tables/frequencies", "glossary/load", "glossary/entry"),
)


class Lexicon:
    """The forms of a glossary and the names, by spelling and by sound."""

    def __init__(self, glossary: Glossary) -> None:
        self._by_spelling: dict[str, Target] = {}
        self.listed: dict[str, Target] = {}
        self.listed_capitals: set[str] = set()
        """Keys of listed mis-hearings in capitals: only they are found in capitals."""
        self.right: set[str] = set(ABBREVIATIONS)
        """Every right form as it is written."""
        self._unheard: set[str] = set()
        """Keys of forms that a recogniser knows as well as any word: nothing is mis-heard for them."""
        for entry in glossary.entries:
            for form in entry.english_forms:
                self._add(form, entry.id)
                if _is_common(form) or (form in entry.ambiguous and form == form.lower()):
                    self._unheard.add(squashed(form))
        for name, wrongs in name_table().items():
            self._add(name, None)
            for wrong in filterfalse(has_han, wrongs):
                self.listed[squashed(wrong)] = self._by_spelling[squashed(name)]
                if wrong.isupper():
                    self.listed_capitals.add(squashed(wrong))
            surname = name.split()[-1]
            if " " in name and len(surname) >= _SURNAME and not is_everyday(surname):
                self._add(surname, None)
        for entry in glossary.entries:
            for heard in entry.misheard:
                if not has_han(heard):
                    target = self._by_spelling[squashed(_meant(heard, entry.english_forms))]
                    self.listed[squashed(heard)] = target
                    if heard.isupper():
                        self.listed_capitals.add(squashed(heard))
        self.known_words = {
            word.strip(".,;:()'’\"").removesuffix("'s")
            for entry in glossary.entries
            for form in entry.english_forms
            for word in words_of(form)
        }
        """Words of the field, which are no sign of a mis-hearing however rare they are elsewhere."""
        self._odd: dict[str, bool] = {}

    def _add(self, form: str, entry_id: str | None) -> None:
        self.right.add(form)
        key = squashed(form)
        cased = form != form.lower()
        present = self._by_spelling.get(key)
        if present is None:
            self._by_spelling[key] = Target(text=form, entry_id=entry_id, is_cased=cased)
        elif cased and not present.is_cased:
            self._by_spelling[key] = replace(present, is_cased=True)

    @property
    def targets(self) -> Iterable[Target]:
        """All forms, one of each spelling."""
        return self._by_spelling.values()

    def spelt(self, key: str) -> Target | None:
        """The form with these letters and digits, whatever its case and spaces."""
        return self._by_spelling.get(key)

    @cached_property
    def _by_code(self) -> dict[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for target in self.targets:
            key = squashed(target.text)
            # Of several words, common ones too: else "machime learning" would be machine unlearning.
            is_heard = target.is_cased or " " in target.text or key not in self._unheard
            if len(key) >= _FEWEST_LETTERS and is_heard:
                for code in codes(target.text):
                    if len(code) >= _FEWEST_SOUNDS:
                        found.setdefault(code, []).append(target)
        return found

    def is_odd(self, token: str) -> bool:
        """Whether a token is neither everyday English nor a word of the field."""
        if token not in self._odd:
            self._odd[token] = self._seems_odd(token)
        return self._odd[token]

    def _seems_odd(self, token: str) -> bool:
        word = token.lower().split("'")[0].split("’")[0]
        letters = "".join(char for char in word if char.isalpha())
        known = self.known_words
        if len(letters) < 2 or word != token.lower() or word in known or letters in known:
            return False
        parts = [part.lower() for part in pieces(token)]
        if len(parts) > 1 and all(len(part) > 2 and (part in known or is_everyday(part)) for part in parts):
            return False  # two words in one, such as AutoEncoder
        if not set(letters) & set("aeiouy"):
            return not is_everyday(letters, 4.0)
        if is_everyday(letters):
            return letters != word and not is_everyday(word)
        # Longer words in small letters that a dictionary has are learned words, not noises.
        return not (token == letters and len(letters) > 5 and is_everyday(letters, 1.2))

    def alike(self, heard: str, at_least: float) -> list[tuple[float, Target]]:
        """The forms that sound like ``heard``, the likest first."""
        near: dict[str, float] = {}
        for code in codes(heard):
            for other, *_ in process.extract(
                code,
                self._by_code.keys(),
                scorer=Levenshtein.normalized_similarity,
                score_cutoff=_ROUGHLY,
                limit=40,
            ):
                for target in self._by_code[other]:
                    near.setdefault(target.text, likeness(heard, target.text))
        found = [
            (score, self._by_spelling[squashed(text)]) for text, score in near.items() if score >= at_least
        ]
        return sorted(found, key=lambda pair: (-pair[0], pair[1].text))

    def same_sound(self, heard: str) -> list[Target]:
        """The forms with the very code of ``heard``."""
        return [target for code in codes(heard) for target in self._by_code.get(code, ())]
