"""Patterns over tagged words: how an entry of the expression list is found in a sentence.

A pattern is words with spaces between; hyphens count as spaces, in patterns and in text::

    in a nutshell            these words; where the section says so, in any inflection
    get/find                 either word
    (very)                   may be absent
    throw | out              up to six words, no verb among them, may stand at the bar
    take {sth} for granted   one to six such words must stand there; {sb} is the same
    in the ~ direction       one to three modifiers
    a (~) subset of          none to two modifiers
    the {er} ... the {er}    up to twelve words of the same sentence
    {one's} {oneself} {adj} {er} {n} {num} {verb} {vbn} {ving}   one word of that kind

Knows tokens, not what a match is worth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct

from studykit.faces import late
from studykit.types import Token

__all__ = ["Element", "Pattern", "parse", "words_of"]

_CLITIC = late(r"(?<=[A-Za-z])(n't|'(?:s|re|ve|ll|d|m))$", re.IGNORECASE)
_VERBS = {"VERB", "AUX"}
_CLAUSE_ENDS = {".", "?", "!", ";", ":", "…"}
_REFLEXIVE = {
    *("myself", "yourself", "himself", "herself", "itself", "oneself"),
    *("ourselves", "yourselves", "themselves"),
}
_PREPOSITIONS_TOO = {"on", "in", "over", "off", "around"}
"""Particles that are often prepositions: "put on the table" is no "put on"."""

_CLASSES: dict[str, Callable[[Token], bool]] = {
    "one's": lambda t: t.tag in {"PRP$", "POS"},
    "oneself": lambda t: t.text.lower() in _REFLEXIVE,
    "adj": lambda t: t.upos in {"ADJ", "ADV"},
    "er": lambda t: t.tag in {"JJR", "RBR"},
    "n": lambda t: t.upos == "NOUN",
    "num": lambda t: t.upos == "NUM",
    "verb": lambda t: t.tag in {"VB", "VBP"},
    "vbn": lambda t: t.tag == "VBN",
    "ving": lambda t: t.tag == "VBG" and t.upos == "VERB",
}
_GAPS = {"|": (0, 6), "{sth}": (1, 6), "{sb}": (1, 6), "~": (1, 3), "(~)": (0, 2), "...": (1, 12)}

_OBJECTS = {"{sth}", "{sb}"}
_NO_OBJECTS = {"ADV", "ADP", "PART", "INTJ", "CCONJ"}
"""Parts of speech that make no object by themselves: "applies primarily to" applies nothing."""
_SUBJECTS_ONLY = {"i", "we", "he", "she", "they"}
"""Pronouns that begin another clause: "and we have we need data"."""


class Element(Struct, frozen=True, kw_only=True):
    """One place of a pattern: words, a class of words, or a gap of ``shortest`` to ``longest`` words."""

    words: frozenset[str] = frozenset()
    word_class: str | None = None
    optional: bool = False
    gap: str | None = None
    shortest: int = 0
    longest: int = 0


class Pattern(Struct, frozen=True, kw_only=True, dict=True):
    """A parsed pattern. ``inflected``: words match by lemma as well as by what is written."""

    elements: tuple[Element, ...]
    inflected: bool
    verb_first: bool
    """Whether the first word must be used as a verb, and a particle must belong to it."""

    @cached_property
    def needed(self) -> tuple[frozenset[str], ...]:
        """Words after the first place, of each of which a sentence that matches must have one."""
        return tuple(place.words for place in self.elements[1:] if place.words and not place.optional)

    def match(self, tokens: Sequence[Token], indices: Sequence[int], start: int) -> tuple[int, ...] | None:
        """The places in ``tokens`` of the words that match from ``start`` on, gaps left out.

        ``indices`` are the tokens' places in the parsed text, which their heads refer to.
        """
        if self.verb_first and tokens[start].upos not in _VERBS:
            return None
        return next(self._match(tokens, indices, (), start, 0), None)

    def _match(
        self,
        tokens: Sequence[Token],
        indices: Sequence[int],
        matched: tuple[int, ...],
        at: int,
        element: int,
    ) -> Iterator[tuple[int, ...]]:
        if element == len(self.elements):
            yield matched
            return
        place = self.elements[element]
        if place.gap:
            for length in range(place.shortest, place.longest + 1):
                end = at + length
                if end >= len(tokens) or (length and not _may_stand_in(tokens[end - 1], place.gap)):
                    return
                if length == 1 and place.gap in _OBJECTS and tokens[at].tag == "IN":
                    return  # "replaced by a letter with a dot": what follows is no object
                if place.gap in _OBJECTS and _NO_OBJECTS.issuperset(t.upos for t in tokens[at:end]):
                    continue
                if length and (_goes_with(tokens[end - 1], tokens[end]) or _is_own_way(tokens, end)):
                    continue
                if length and place.gap in _OBJECTS and _determines(tokens[end - 1], indices[end]):
                    continue
                if place.gap == "|" and not _belongs(tokens[end], indices[matched[0]], separated=length > 0):
                    continue
                yield from self._match(tokens, indices, matched, end, element + 1)
            return
        if at < len(tokens) and self._fits(tokens[at], place):
            yield from self._match(tokens, indices, (*matched, at), at + 1, element + 1)
        if place.optional:
            yield from self._match(tokens, indices, matched, at, element + 1)

    def _fits(self, token: Token, place: Element) -> bool:
        if place.word_class:
            return _CLASSES[place.word_class](token)
        return bool(place.words & words_of(token, inflected=self.inflected))


def words_of(token: Token, *, inflected: bool) -> set[str]:
    """What a pattern may call the token: as written and, when ``inflected``, its lemma.

    A name in capitals is no word of a pattern: "configure APT to look".
    """
    if token.upos == "PROPN" and len(token.text) > 1 and token.text.isupper():
        return {token.text}
    text = token.text.lower().replace("’", "'")
    return {text, token.lemma.lower()} if inflected else {text}


def _may_stand_in(token: Token, gap: str) -> bool:
    if token.text in _CLAUSE_ENDS:
        return False
    return gap == "..." or (
        token.upos not in {*_VERBS, "PUNCT", "SCONJ"}
        and token.tag not in {"TO", "WDT", "WP"}
        and token.text.lower() not in _SUBJECTS_ONLY
    )


def _is_own_way(tokens: Sequence[Token], end: int) -> bool:
    """Whether a way ends there: "buy your way up the list" buys nothing up, "block the way out" blocks
    nothing out."""
    if end < 2 or tokens[end - 1].text.lower() != "way":
        return False
    return tokens[end - 2].tag == "PRP$" or tokens[end].text.lower() in {"in", "out"}


def _goes_with(token: Token, after: Token) -> bool:
    """Whether both are one: "provide it along with a list" does not provide with a list, "sign it right
    away" signs nothing away."""
    said = token.text.lower(), after.text.lower()
    along = said[0] in {"along", "alongside", "together"} and said[1] == "with"
    return along or said in {("right", "away"), ("straight", "away")}


def _determines(token: Token, after: int) -> bool:
    """Whether a word only begins what goes on at ``after``: "keep the company" keeps nobody company."""
    whole = token.tag == "PRP$" or token.text.lower() in {"a", "an", "the", "no"}
    return whole or (token.dep in {"det", "poss", "nummod"} and token.head == after)


def _belongs(particle: Token, verb: int, *, separated: bool) -> bool:
    """Whether the particle is the verb's own: the parser says so, or nothing speaks against it."""
    if particle.dep == "prep" and particle.text.lower() in _PREPOSITIONS_TOO:
        return False
    return not separated or particle.head == verb


def parse(text: str, *, inflected: bool, verb_first: bool) -> Pattern:
    """Read a pattern; raises ``ValueError`` for a slot that does not exist."""
    elements = [element for word in _pieces(text) for element in _elements(word)]
    if not elements or elements[0].gap or elements[-1].gap or elements[0].optional:
        raise ValueError(f"a pattern begins and ends with a word: {text!r}")
    return Pattern(elements=tuple(elements), inflected=inflected, verb_first=verb_first)


def _pieces(text: str) -> list[str]:
    return text.replace("-", " ").split()


def _elements(word: str) -> Iterator[Element]:
    if word in _GAPS:
        shortest, longest = _GAPS[word]
        yield Element(gap=word, shortest=shortest, longest=longest)
    elif word.startswith("{"):
        name = word.strip("{}")
        if name not in _CLASSES:
            raise ValueError(f"no slot {word}; there are {', '.join(sorted([*_CLASSES, 'sth', 'sb']))}")
        yield Element(word_class=name)
        if name == "one's":  # "make up your own mind"
            yield Element(words=frozenset({"own"}), optional=True)
    else:
        optional = word.startswith("(")
        alternatives = word.strip("()").lower().split("/")
        # spaCy cuts contractions: the pattern is cut alike.
        stems = [_CLITIC.sub("", alternative) for alternative in alternatives]
        yield Element(words=frozenset(stems), optional=optional)
        clitics = {found.group(1) for a in alternatives if (found := _CLITIC.search(a))}
        if clitics:
            yield Element(words=frozenset(clitics), optional=optional)
