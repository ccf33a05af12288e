"""Which items come first: set phrases and hard words before terms that everybody in the field knows."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from studykit.annotate.vocabulary.candidate import Found
from studykit.annotate.vocabulary.listed.marker_use import load_marker_use
from studykit.annotate.vocabulary.worth import worth
from studykit.faces import late
from studykit.languages import HAN
from studykit.lexicon import known_key
from studykit.types import CEFR_LEVELS, CefrLevel, Span

__all__ = ["ranked", "within_paragraphs", "worth_printing"]

_WORTH_PRINTING = -2.0
"""Log-odds from which on an item is printed: of those at the edge a teacher takes one in eight."""
_SHARE = 20
"""So many items have one point of grammar and one frame at least: a teacher's have one point in 16."""
_PHRASES = {"expression", "idiom", "phrasal_verb"}
_SLOTS = {"sth", "sb", "…", "one's", "oneself"}
_HAN = late(f"[{HAN}]{{2,}}")
_BEGINNERS = {"A1", "A2"}
_SHORTEST_STEM = 2
_SAID_BEFORE = 1.5
"""What a word loses that is listed before as another part of speech, and a phrase in another form."""


def ranked(
    items: Sequence[Found],
    *,
    level: CefrLevel,
    known: AbstractSet[str],
    score: Callable[[Found, int], float] = worth,
) -> list[tuple[Found, float]]:
    """Items to study with their scores, best first; without known ones and those below ``level``.

    ``score`` is given the least level that counts. ``known`` holds keys of ``known_key``. What stands
    only inside better items is left out too. One item in ``_SHARE`` is a point of grammar and one a frame,
    as far as there are any; what comes earlier for that has the score of what it precedes.
    """
    needed = CEFR_LEVELS.index(level) + 1
    kept = [
        (item, score(item, needed))
        for item in items
        if known.isdisjoint({known_key(item.head), known_key(item.lemma)})
        and (item.level_value is None or round(item.level_value) >= needed or item.source == "glossary")
    ]
    once = _one_part_of_speech_first(sorted(kept, key=_best_first))
    one_form = _one_form_first(sorted(once, key=_best_first))
    whole = _in_compounds(list(one_form))
    listed = list(_not_inside(sorted(whole, key=_best_first)))
    for shared in (_is_grammar, _is_frame):
        listed = _with_a_share(listed, shared)
    return listed


def _best_first(scored: tuple[Found, float]) -> tuple[float, int, str]:
    item, score = scored
    return -score, item.places[0].sentence, item.head


def _one_part_of_speech_first(scored: Iterable[tuple[Found, float]]) -> Iterator[tuple[Found, float]]:
    """With words set back that stand before as another part of speech, "pad" is learnt once, or as the verb
    that they are a form of: "diminishing" after "diminish"."""
    seen: set[str] = set()
    for item, value in scored:
        again = item.kind == "word" and not seen.isdisjoint({item.head, *_verbs_of(item.head)})
        if item.kind == "word":
            seen.add(item.head)
        yield item, value - _SAID_BEFORE * again


def _verbs_of(word: str) -> Iterator[str]:
    """The verbs that it may be a participle or a gerund of."""
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > _SHORTEST_STEM:
            yield from (stem, f"{stem}e", stem[:-1] if stem[-1] == stem[-2] else stem)


def _is_grammar(item: Found) -> bool:
    return item.kind == "grammar"


def _is_frame(item: Found) -> bool:
    return item.listed_in == "frames"


def _with_a_share(
    scored: Sequence[tuple[Found, float]], shared: Callable[[Found], bool]
) -> list[tuple[Found, float]]:
    """With the best of a kind at every ``_SHARE``-th place at the latest.

    A whole talk has only a few of these kinds, which rarity does not tell apart from others.
    """
    mine = deque(entry for entry in scored if shared(entry[0]))
    rest = deque(entry for entry in scored if not shared(entry[0]))
    listed: list[tuple[Found, float]] = []
    taken = 0
    while mine or rest:
        due = len(listed) + 1 >= _SHARE * (taken + 1)
        if mine and (due or not rest or _best_first(mine[0]) <= _best_first(rest[0])):
            item, value = mine.popleft()
            listed.append((item, max(value, rest[0][1]) if rest else value))
            taken += 1
        else:
            listed.append(rest.popleft())
    return listed


def worth_printing(score: float, level: CefrLevel = "B1") -> bool:
    """Whether a teacher might well choose an item of that score for a learner; notes print no other.

    Those from whom the weights are learnt teach learners of B1 and above, who know what everybody says.
    To beginners anything that is listed may be new.
    """
    return level in _BEGINNERS or score >= _WORTH_PRINTING


def _in_compounds(scored: Sequence[tuple[Found, float]]) -> Iterator[tuple[Found, float]]:
    """Without words that stand only inside one term of a dictionary, which takes their place: *magnifying* is
    learnt with its glass."""
    around = defaultdict[tuple[int, int], set[str]](set)
    for item, _ in scored:
        if item.kind == "term" and " " in item.head and item.in_dictionary:
            for place in item.places:
                for at in place.span:
                    around[place.sentence, at].add(item.head)
    worth = dict[str, float]()
    left = []
    for item, score in scored:
        whole = set[str]()
        if item.kind == "word":
            ends = [around.get((place.sentence, place.span.start), set[str]()) for place in item.places]
            whole = set.intersection(*ends)
        for head in whole:
            worth[head] = max(score, worth.get(head, score))
        if not whole:
            left.append((item, score))
    return ((item, max(score, worth.get(item.head, score))) for item, score in left)


def _not_inside(scored: Iterable[tuple[Found, float]]) -> Iterator[tuple[Found, float]]:
    """All but the words and terms that stand only inside better terms.

    What is part of an expression was never found apart; what stands in its gap is no part of it.
    """
    covered: dict[int, list[Span]] = {}
    for item, score in scored:
        inside = item.kind in {"word", "term"} and all(
            any(
                span.start <= place.span.start and place.span.end <= span.end
                for span in covered.get(place.sentence, ())
            )
            for place in item.places
        )
        if inside:
            continue
        if item.kind == "term" and " " in item.head:
            for place in item.places:
                covered.setdefault(place.sentence, []).append(place.span)
        yield item, score


def _one_form_first(scored: Iterable[tuple[Found, float]]) -> Iterator[tuple[Found, float]]:
    """With phrases set back that are a better one with words added or left out and mean the same.

    "Stuff like that" after "and stuff like that", "turn into" after "turn sth into". Markers are themselves:
    "you know" is not "you know what".
    """
    better: list[tuple[str, list[str]]] = []
    for item, score in scored:
        again = False
        if item.kind in _PHRASES and item.lemma not in load_marker_use().forms:
            words = f" {' '.join(word for word in item.head.lower().split() if word not in _SLOTS)} "
            meant = [run for text in item.chinese for run in _HAN.findall(text)]
            again = any((words in other or other in words) and _alike(meant, same) for other, same in better)
            better.append((words, meant))
        yield item, score - _SAID_BEFORE * again


def _alike(some: Iterable[str], others: Iterable[str]) -> bool:
    """Whether a Chinese word of one is in one of the other."""
    return any(a in b or b in a for a in some for b in others)


def within_paragraphs(
    scored: Sequence[tuple[Found, float]], paragraph_of: Callable[[int], int], most: int
) -> Iterator[bool]:
    """For each item, best first, whether its paragraph has fewer than ``most`` better ones."""
    taken: dict[int, int] = {}
    for item, _ in scored:
        paragraph = paragraph_of(item.places[0].sentence)
        taken[paragraph] = taken.get(paragraph, 0) + 1
        yield taken[paragraph] <= most
