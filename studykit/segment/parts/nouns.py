"""The subjects of parts in English: noun phrases of up to three words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from studykit.lexicon.levels import zipf
from studykit.segment.parts.subject import Key, Mention, Subject, rank
from studykit.types import Token

__all__ = ["lemmas", "subjects"]

_LONGEST = 3
_COMMON = 5.2
"""Zipf frequency from which a word makes no subject by itself."""
_BASE, _RAREST = 6.0, 3.0
"""Rarity is the distance from the one, the other at most: slips of hearing are the rarest words."""
_ODD = 1.5
"""A singular this much rarer than its plural is not in use."""
_OPEN = frozenset({"NOUN", "PROPN", "ADJ"})
_EMPTY = frozenset(
    "thing way lot kind sort stuff bit something anything everything nothing people person guy time day week "
    "month year hour minute point part number example fact case reason question answer idea sense term word "
    "side end place bunch couple piece level type area topic episode podcast show audience listener folk "
    "conversation discussion talk video slide today tomorrow yesterday thank thanks congrat welcome hello "
    "yeah okay wow hey gosh lol oh um uh etc cetera".split()
)
_VAGUE = frozenset(
    "other own same different certain new old good great bad big small little whole last next first second "
    "third many more most few several much real right wrong sure able interesting cool nice super amazing "
    "awesome main such specific various particular kind only full entire single common general actual "
    "important huge fun exciting typical similar et".split()
)


def lemmas(tokens: Sequence[Token]) -> Key:
    """What words are known by: lower case, nouns in the singular."""
    return tuple(map(_lemma, tokens))


def _lemma(token: Token) -> str:
    form, lemma = token.text.lower(), token.lemma.lower()
    # "Data" is known by itself, not by "datum".
    return lemma if token.upos == "NOUN" and zipf(form) - zipf(lemma) < _ODD else form


def subjects(tagged: Sequence[Sequence[Token]], part_of: Sequence[int], parts: int) -> list[list[Subject]]:
    """The subjects of each part, heaviest first. ``tagged`` are the sentences, ``part_of`` their parts."""
    mentions = (
        Mention(lemmas(phrase), at, _written(phrase))
        for at, tokens in enumerate(tagged)
        for phrase in _phrases(tokens)
    )
    return rank(mentions, part_of, parts, _rarity)


def _rarity(key: Key) -> float:
    if len(key) == 1 and zipf(key[0]) >= _COMMON:
        return 0.0
    return min(_RAREST, _BASE - min(map(zipf, key)))


def _phrases(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of adjectives and nouns, with all shorter ones that end them; not what brackets hold."""
    run: list[Token] = []
    depth = 0
    for token in (*_hyphened(tokens), None):
        if token is not None:
            depth = max(0, depth + (token.text in "([") - (token.text in ")]"))
            if not depth and _may_stand(token):
                run.append(token)
                continue
        while run and run[-1].upos == "ADJ":
            run.pop()
        for size in range(1, min(_LONGEST, len(run)) + 1):
            phrase = run[-size:]
            if not (size == 1 and phrase[0].entity == "PERSON"):  # the speakers' first names
                yield phrase
        run = []


def _hyphened(tokens: Sequence[Token]) -> Iterator[Token]:
    """With "few", "-", "shot" as one token, of the last one's kind."""
    held: list[Token] = []
    for at, token in enumerate(tokens):
        held.append(token)
        rest = tokens[at + 1 : at + 2]
        glued = bool(rest) and rest[0].start == token.end and "-" in {token.text, rest[0].text}
        if glued:
            continue
        if len(held) > 1 and token.text != "-":
            text = "".join(it.text for it in held)
            lemma = text[: -len(token.text)] + token.lemma
            yield replace(token, text=text, start=held[0].start, lemma=lemma)
        else:
            yield from held
        held = []


def _may_stand(token: Token) -> bool:
    word = token.lemma.lower()
    if token.upos not in _OPEN or not token.text.replace("-", "").isalnum() or len(token.text) < 2:
        return False
    if word in _EMPTY or not any(char.isalpha() for char in word):
        return False
    return not (token.upos == "ADJ" and word in _VAGUE)


def _written(phrase: Sequence[Token]) -> str:
    text = ""
    before = phrase[0]
    for token in phrase:
        # A sentence's first word has its capital for that alone.
        plain = not token.start and token.text[1:].islower() and token.upos != "PROPN"
        text += " " * (before.end < token.start) + (token.text.lower() if plain else token.text)
        before = token
    return text
