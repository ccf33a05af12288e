"""Headings for the parts of a talk, in its one or two languages.

A phrase that is said there and names what the part is about comes first: what is announced, asked or
claimed, cut out of its sentence; in the other language, of the sentence that translates it. Where no phrase
stands alone, the subjects that are said in the part more than elsewhere are listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from functools import partial

from msgspec import Struct

from studykit.faces import late
from studykit.languages import HAN
from studykit.segment.parts import chinese, english, nouns
from studykit.segment.parts.subject import Key, Subject
from studykit.types import Span, Token

__all__ = ["Heading", "Side", "headings"]

_LISTED = 3
_LEAST = 0.35
"""What a listed subject weighs at least, of the part's heaviest."""
_COVERED = 0.8
"""What the subjects of a phrase weigh together at least, of the part's heaviest."""
_ENOUGH = 1.5
"""Weighing more counts no more."""
_OPENING = 0.25
_KNOWN = 12
"""How many of a part's subjects count."""
_MEET = late(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{HAN}])")
_WORD = 2
"""Characters of a plain Chinese word."""
_NAME = 4
"""Letters of a name, "Git" being none that says enough alone."""
_WITHIN = 0.5
"""A word that is said in one phrase more often than this is named by the phrase."""
_TOGETHER = 0.5
"""How often a subject and its translation are said together, at least (Dice)."""
_RIVAL = 1.2
"""A translation is another subject's if it is said with that so much more often."""


class Heading(Struct, frozen=True, kw_only=True):
    """A part's heading in each language; None in one that the talk lacks, or if the part says nothing."""

    english: str | None = None
    chinese: str | None = None


class Side(Struct, frozen=True, kw_only=True):
    """One text: its sentences and the part of each."""

    texts: Sequence[str]
    part_of: Sequence[int]
    tagged: Sequence[Sequence[Token]] = ()
    """The tokens of English sentences."""


def headings(
    sides: Mapping[str, Side],
    parts: int,
    pairs: Sequence[tuple[Span, Span]] = (),
    *,
    whole: bool = False,
) -> list[Heading]:
    """A heading for each of ``parts``; ``sides`` by language.

    ``pairs`` are their aligned sentences, English first. No two parts have the same heading in one
    language. For a ``whole`` talk, a phrase counts only if its first quarter announces or asks it.
    """
    en, zh = sides.get("en"), sides.get("zh")
    nothing: list[list[Subject]] = [[] for _ in range(parts)]
    about = nouns.subjects(en.tagged, en.part_of, parts) if en else nothing
    about_zh = chinese.subjects(zh.texts, zh.part_of, parts) if zh else nothing
    chinese_of = {i: target for source, target in pairs for i in source}
    made: list[Heading] = []
    for part in range(parts):
        taken = {it.english for it in made}
        said = _said(en, part, about[part], taken, whole=whole) if en else None
        listed = () if said else _listed(about[part])
        title = said.text if said else _distinct(listed, _in_english, taken)
        title_zh, taken_zh = None, {it.chinese for it in made}
        if zh and said:
            title_zh = _translation(zh, chinese_of.get(said.sentence, ()), about_zh[part])
        if zh and title_zh in {None, *taken_zh}:
            pairs_said = () if said else _translated(about[part], about_zh[part], chinese_of)
            both = _in_both(pairs_said, taken, taken_zh)
            title_zh = _distinct(_listed(about_zh[part]), _in_chinese, taken_zh)
            title, title_zh = both or (title, title_zh)
        if title_zh == title:
            title_zh = None  # a name that both languages write alike
        made.append(Heading(english=title, chinese=title_zh))
    return made


def _in_both(
    pairs: Sequence[tuple[Subject, Subject]], taken: Set[str | None], taken_zh: Set[str | None]
) -> tuple[str, str] | None:
    """One list in both languages, of subjects that translate each other; no plain word stands alone."""
    for count in range(len(pairs), 0, -1):
        mine, theirs = zip(*pairs[:count], strict=True)
        title, title_zh = _in_english([it.text for it in mine]), _in_chinese([it.text for it in theirs])
        says_enough = count > 1 or (
            len(theirs[0].text) > _WORD and (len(mine[0].key) > 1 or _is_name(mine[0].text))
        )
        if says_enough and title not in taken and title_zh not in taken_zh:
            return title, title_zh
    return None


class _Said(Struct, frozen=True):
    text: str
    sentence: int


def _said(
    side: Side, part: int, about: Sequence[Subject], taken: Set[str | None], *, whole: bool
) -> _Said | None:
    """The phrase of the part's sentences that names what it is about, if one does."""
    if not about:
        return None
    weights = {it.key: it.weight for it in about[:_KNOWN]}
    best: tuple[float, _Said] | None = None
    for at, (tokens, home) in enumerate(zip(side.tagged, side.part_of, strict=True)):
        for phrase in english.phrases(tokens) if home == part else ():
            words = nouns.lemmas(phrase.tokens)
            inside = [
                key for key in weights if any(words[i : i + len(key)] == key for i in range(len(words)))
            ]
            covered = sum(weights[key] for key in inside) / about[0].weight
            if whole and (not _opens(phrase) or at > _OPENING * len(side.texts)):
                continue
            score = phrase.kind * min(covered, _ENOUGH)
            if covered >= _COVERED and phrase.text not in taken and (best is None or score > best[0]):
                best = (score, _Said(phrase.text, at))
    return best[1] if best else None


def _opens(phrase: english.Phrase) -> bool:
    """Whether it can name a whole talk."""
    words = [token for token in phrase.tokens if token.upos in {"NOUN", "PROPN", "ADJ", "VERB"}]
    counts = any(token.upos == "NUM" for token in phrase.tokens)
    return phrase.kind > english.CLAIMED and len(words) > 1 and not counts


def _translation(side: Side, sentences: Iterable[int], about: Sequence[Subject]) -> str | None:
    known = [it.text for it in about[:_KNOWN]]
    found = (chinese.phrase(side.texts[i], known) for i in sentences)
    return next((phrase for phrase in found if phrase), None)


def _listed(about: Sequence[Subject]) -> tuple[Subject, ...]:
    """The heaviest subjects that share no word, three at most; a single plain word does not stand alone."""
    chosen: list[Subject] = []
    for it in map(partial(_longer, about=about), about):
        bare = all(len(other.key) == 1 and not _is_name(other.text) for other in chosen)
        light = it.weight < _LEAST * about[0].weight
        wanted = len(chosen) < _LISTED and (not light or (bare and len(chosen) == 1))
        if wanted and not any(_alike(it, other) for other in chosen):
            chosen.append(it)
    return tuple(chosen)


def _is_name(text: str) -> bool:
    return text[:1].isupper() and len(text) >= _NAME


def _longer(it: Subject, *, about: Sequence[Subject]) -> Subject:
    """The phrase that a word mostly stands in, or the word."""
    around = (
        other
        for other in about
        if len(other.key) == len(it.key) + 1
        and it.key in {other.key[1:], other.key[:-1]}
        and len(other.sentences) > _WITHIN * len(it.sentences)
    )
    return next(around, it)


def _alike(a: Subject, b: Subject) -> bool:
    return (
        bool(set(a.key) & set(b.key)) or a.text.lower() in b.text.lower() or b.text.lower() in a.text.lower()
    )


def _translated(
    about: Sequence[Subject], about_zh: Sequence[Subject], chinese_of: Mapping[int, Iterable[int]]
) -> list[tuple[Subject, Subject]]:
    """The heaviest subjects with the Chinese said together with each, if with no other more often."""
    found: dict[Key, Subject] = {}
    for it in about[:_KNOWN]:
        close = [(_together(it, other, chinese_of), other.weight, other) for other in about_zh]
        dice, _, other = max(close, key=lambda one: one[:2], default=(0.0, 0.0, it))
        if (
            dice >= _TOGETHER
            and not any(
                _together(rival, other, chinese_of) > _RIVAL * dice
                for rival in about
                if not _alike(rival, it)
            )
            and not any(_alike(other, theirs) for theirs in found.values())
        ):
            found[it.key] = other
    listed = _listed([it for it in about if it.key in found])
    return [(it, found[it.key]) for it in listed]


def _together(subject: Subject, other: Subject, chinese_of: Mapping[int, Iterable[int]]) -> float:
    """How often a subject is said together with a Chinese one, 0-1 (Dice); once is none."""
    places = {j for i in subject.sentences for j in chinese_of.get(i, ())}
    both = len(places & set(other.sentences))
    return 2 * both / (len(subject.sentences) + len(other.sentences)) if both > 1 else 0.0


def _distinct(
    listed: Sequence[Subject], written: Callable[[Sequence[str]], str], taken: Set[str | None]
) -> str | None:
    """The list as a heading; shorter ones if it stands over another part."""
    names = [it.text for it in listed]
    options = [names, *(names[:-n] for n in range(1, len(names)))]
    return next((title for some in options if some and (title := written(some)) not in taken), None)


def _in_english(names: Sequence[str]) -> str:
    text = ", ".join(names[:-1]) + " and " * (len(names) > 1) + names[-1]
    return text[:1].upper() + text[1:]


def _in_chinese(names: Sequence[str]) -> str:
    text = "、".join(names[:-1]) + "与" * (len(names) > 1) + names[-1]
    return _MEET.sub(" ", text)
