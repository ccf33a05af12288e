"""Mis-heard terms and names in Latin letters, in English text and inside Chinese.

Four rules. *listed*: a form that the glossary lists as a mis-hearing. *spelling*: a name in another
case or with other spaces ("open ai", "lama 3"). *pattern*: letters and a number that are a model's name
(``patterns.py``). *sound*: words that are no everyday English and sound like a term or a name, or everyday
words that sound exactly like a term of several ("bite pair encoding"); made only where nothing speaks
against it (``doubt.py``). Everyday words are touched only where the words around them speak of the same
things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

from msgspec.structs import replace

from studykit.correct.candidate import PROPOSE, Candidate
from studykit.correct.context import Context
from studykit.correct.latin.doubt import Doubt, doubt_of, has_more
from studykit.correct.latin.patterns import model_names
from studykit.correct.latin.spoken import OFTEN, episodes
from studykit.correct.latin.windows import Window, tokens_of, windows
from studykit.correct.lexicon import Lexicon, Target, is_everyday, words_of
from studykit.correct.sound import code, likeness, pieces, squashed
from studykit.faces import late

__all__ = ["candidates"]

_ABBREVIATION = late(r"[A-Z]{2,3}")
_PREFIX = re.compile(r"^(?:non|anti|pre|post|multi|ex)-(?=\w)", re.IGNORECASE)
_PROPOSE = 0.66
_SHORT = 3
_SHORTEST_PLURAL = 3
_IN_DOUBT = 0.6
_WORD_ZIPF = 1.8
_DETERMINERS = frozenset("a an the this that my your his her our their old wet dirty clean damp red".split())


def candidates(text: str, sentence: int, lexicon: Lexicon, context: Context) -> Iterator[Candidate]:
    """Everything in a sentence's raw ``text`` that may be mis-heard; candidates may overlap."""
    yield from model_names(text, sentence, context)
    found_windows = list(windows(text))
    settled = [(w.start, w.end) for w in found_windows if _is_right(w.text, lexicon)]
    for window in found_windows:
        if any(a <= window.start and window.end <= b for a, b in settled):
            continue
        inside = [text[a:b] for a, b in settled if window.start <= a and b <= window.end]
        tokens = frozenset(token for right in inside for token in tokens_of(right))
        seen = replace(window, settled=tokens) if tokens else window
        found = _decide(seen, sentence, lexicon, context)
        if found and not any(_repeats(found.right, right) for right in inside):
            yield found


def _repeats(right: str, inside: str) -> bool:
    """Whether a right form is already there, inside the words that it would replace."""
    return squashed(right).startswith(squashed(inside)) or likeness(inside, right) > 0.85


def _is_right(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is a form, singular or plural, as it should be written."""
    bare = _PREFIX.sub("", text)  # non-GPT
    for form in (text, text.removesuffix("s"), *((bare,) if bare != text else ())):
        target = lexicon.spelt(squashed(form))
        if form in lexicon.right or (target and not target.is_cased and squashed(form) not in lexicon.listed):
            return True
    return False


def _decide(window: Window, sentence: int, lexicon: Lexicon, context: Context) -> Candidate | None:
    """The surest candidate that a rule has for a window."""
    near = partial(context.terms_near, sentence, window.start, window.end)
    best: Candidate | None = None
    rules = (
        ("listed", _listed(window, near, lexicon, context)),
        ("spelling", _spelling(window, near, lexicon, context, sentence)),
        ("sound", _sounding(window, near, lexicon, context, sentence)),
    )
    for name, found in rules:
        if found and (best is None or found[1] > best.confidence):
            target, sure = found
            best = Candidate(
                start=window.start,
                end=window.end,
                right=_shaped(target.text, window),
                rule=name,
                confidence=round(min(0.99, max(0.0, sure)), 2),
            )
    return best if best and best.right != window.text else None


_Found = tuple[Target, float] | None
_Near = Callable[[], set[str]]
"""The terms near a window, looked for only if a rule asks."""


def _listed(window: Window, near: _Near, lexicon: Lexicon, context: Context) -> _Found:
    key = squashed(window.text)
    target = lexicon.listed.get(key) or lexicon.listed.get(key.removesuffix("s"))
    if target is None or (window.text.isupper() and key not in lexicon.listed_capitals):
        return None
    if any(lexicon.is_odd(token) for token in window.tokens):
        return target, 0.95 if near() else 0.8 if context.is_of_the_field else 0.6
    if _differs_by_spaces(window.text, target.text):
        return target, 0.9 if near() else 0.5
    return target, _in_context(window, target, near(), context)


def _in_context(window: Window, target: Target, near: set[str], context: Context) -> float:
    """How sure it is that everyday words stand for a term: by what is spoken of around them."""
    if not near:
        return 0.3
    sure = 0.72 + 0.06 * min(len(near), 3) + (0.08 if context.is_related(target.entry_id, near) else 0)
    # "A rag" is a cloth, and "as rag" is not: a countable noun wants its article.
    if len(window.tokens) == 1 and window.before in _DETERMINERS:
        sure -= 0.25
    return sure


def _spelling(window: Window, near: _Near, lexicon: Lexicon, context: Context, sentence: int) -> _Found:
    key = squashed(window.text)
    # "ais" is as likely "as I" as it is two AIs.
    is_plural = window.text.endswith("s") and len(key) > _SHORTEST_PLURAL
    target = lexicon.spelt(key) or (lexicon.spelt(key[:-1]) if is_plural else None)
    if target is None or not target.is_cased or window.text in lexicon.right:
        return None
    is_same = window.text.islower() and target.text.islower()  # dataloader: nobody misheard it
    is_same |= _differs_by_hyphens(window.text, target.text) or _opens_a_sentence(window.text, target.text)
    if is_same:
        return None
    if _may_be_words(window, target, context, sentence):
        return target, _IN_DOUBT
    if not all(is_everyday(word, 3.4) or word.isdigit() for word in words_of(window.text)):
        return target, 0.95 if near() or context.is_of_the_field else 0.7
    # Everyday words in another case are a name only when they are several and it is written as one,
    # and letters only when they are written as letters.
    is_name = any(piece != piece.lower() for piece in target.text[1:].split())
    if len(window.tokens) == 1 or not is_name or (target.text.isupper() and not window.text.isupper()):
        return None
    return target, (0.8 if " " not in target.text else 0.72) + 0.05 * min(len(near()), 3)


def _may_be_words(window: Window, target: Target, context: Context, sentence: int) -> bool:
    """Whether a name's letters may be something else: the rest of a word (rl), a sum (10k), "self-study"."""
    text, key = window.text, squashed(window.text)
    if key[0].isdigit():
        return True
    if text.islower() and target.text.isupper() and len(key) <= _SHORT:
        is_said = context.is_said(target.entry_id, target.text, sentence) or episodes(key) >= OFTEN
        return len(key) < _SHORT or not is_said
    is_word = len(window.tokens) == 1 and text.islower() and is_everyday(text, _WORD_ZIPF)
    if is_word and context.is_cased:  # "to grok", "a moonshot": whoever writes capitals would have set one
        return not context.is_said(None, target.text, sentence)
    is_everyday_text = all(is_everyday(word, 3.4) for word in words_of(text))
    return is_everyday_text and text.lower() == target.text.lower() and "-" in target.text


def _sounding(window: Window, near: _Near, lexicon: Lexicon, context: Context, sentence: int) -> _Found:
    """The form that a window sounds like."""
    if lexicon.spelt(squashed(window.text)):
        return None
    odd = [
        token
        for token in window.tokens
        if (token in window.settled and token.isupper() and len(token) < 5 and lexicon.spelt(token.lower()))
        or (token not in window.settled and lexicon.is_odd(token))
    ]
    if odd and not {window.tokens[0], window.tokens[-1]} & set(odd):
        return None
    found = _alike(window, odd, lexicon) if odd else _exactly_alike(window, lexicon)
    if found is None:
        return None
    target, alike = found
    terms = len(near())
    support = 0.06 if terms >= 2 else 0.03 if terms else -0.02 if context.is_of_the_field else -0.2
    sure = round(alike + support, 2)
    if sure < PROPOSE or has_more(window, target):
        return None
    doubt = doubt_of(window, odd, target, context, sentence)
    if doubt is Doubt.STRONG:
        return None
    if doubt is Doubt.SOME:
        sure = min(sure, PROPOSE + 0.19 * (alike - _PROPOSE) / (1 - _PROPOSE))
    return target, sure


def _exactly_alike(window: Window, lexicon: Lexicon) -> _Found:
    """Everyday words that sound exactly like a term of several words."""
    for target in lexicon.same_sound(window.text) if len(window.tokens) > 1 else ():
        several = len(words_of(target.text)) > 1
        alike = likeness(window.text, target.text) if several else 0.0
        if alike > 0.85 and _can_stand_for(window, target):
            return target, alike - 0.1
    return None


def _alike(window: Window, odd: Sequence[str], lexicon: Lexicon) -> _Found:
    """The form that words with ``odd`` ones among them sound like."""
    found = [
        (alike, target)
        for alike, target in lexicon.alike(window.text, _PROPOSE)
        if _can_stand_for(window, target)
    ]
    if not found:
        return None
    alike, target = found[0]
    if window.settled.issuperset(odd) and (
        len(window.tokens) > 2 or " " in target.text or len(pieces(target.text)) < 2
    ):
        return None  # an abbreviation may be the end of a name in one word: "Chai GPT"
    alike -= {2: 0.15, 3: 0.07, 4: 0.03}.get(len(code(target.text)), 0.0)  # short codes collide
    if len(window.tokens) > 1 and len(words_of(target.text)) == 1 and not target.is_cased:
        alike -= 0.12  # two words are seldom one everyday term
    if not target.is_cased and all(token.istitle() for token in odd):
        alike -= 0.15  # a name, as it seems, and the target is none
    if len(found) > 1 and found[0][0] - found[1][0] < 0.02:
        alike -= 0.06
    return target, alike


def _can_stand_for(window: Window, target: Target) -> bool:
    """Whether a mis-hearing may tell the two apart: they are no forms of one word, and no part of either
    is left over."""
    heard, meant = squashed(window.text), squashed(target.text)
    is_same = heard == meant or (meant in heard and len(heard) > len(meant) + 2)
    is_same |= heard in {meant + ending for ending in ("s", "ed", "er", "es")}
    is_form = (
        len(window.tokens) == 1 and len(heard) > 4 and meant.startswith(heard[:5]) and is_everyday(heard, 1.0)
    )
    return not is_same and not is_form and _matches_in_parts(window, target, heard, meant)


def _matches_in_parts(window: Window, target: Target, heard: str, meant: str) -> bool:
    if _ABBREVIATION.fullmatch(target.text) and len(heard) != len(meant):
        return False  # so few letters that a lost one leaves nothing to know it by
    words, meant_words = words_of(window.text), words_of(target.text)
    edges = {words[0], words[-1]} - set(meant_words)
    strange = [
        word for word in edges if len(word) < 3 or not (meant.startswith(word) or meant.endswith(word))
    ]
    if not target.text.isupper() and any(is_everyday(word, 5.3) for word in strange):
        return False  # "model what" is no model weight
    if len(words) == len(meant_words) > 1:
        return all(a == b or likeness(a, b) > 0.6 for a, b in zip(words, meant_words, strict=True))
    parts, meant_parts = pieces(window.text), pieces(target.text)
    if len(parts) == len(meant_parts) > 1 and any(
        likeness(a, b) < 0.4 for a, b in zip(parts, meant_parts, strict=True)
    ):
        return False
    shortest = 0.85 if len(meant) > 12 else 0.55
    return min(len(heard), len(meant)) > shortest * max(len(heard), len(meant))


def _differs_by_spaces(heard: str, meant: str) -> bool:
    return heard != meant and squashed(heard) == squashed(meant) and " " in heard


def _opens_a_sentence(heard: str, meant: str) -> bool:
    """Whether only a capital differs that the beginning of a sentence asks for."""
    return heard[1:].removesuffix("s") == meant[1:].removesuffix("s") and meant[0].islower()


def _differs_by_hyphens(heard: str, meant: str) -> bool:
    return heard.removesuffix("s").replace("-", " ") == meant.removesuffix("s").replace("-", " ")


def _shaped(right: str, window: Window) -> str:
    """The right form in the window's number."""
    heard, last = window.text, window.tokens[-1]
    if last.endswith("s") and not right.endswith("s") and not last.isupper():
        of_one = squashed(heard[:-1])
        if of_one == squashed(right) or likeness(heard[:-1], right) > likeness(heard, right):
            return right + "s"
    return right
