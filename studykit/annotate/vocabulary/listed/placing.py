"""Whether words that match an entry are used as it asks, by what stands around them and the parse."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from studykit.annotate.vocabulary.listed.entry import Expression, Found
from studykit.types import Token

__all__ = ["cut_from_longer", "governed", "is_no_verb", "longest", "placed"]

_MARKS = {"", ",", ".", "...", "…", "?", "!", ";", ":", "-", "–", "—", "--"}
"""What sets words off; "" is the edge of a sentence."""
_QUOTES = {'"', "“", "”"}
_OPENERS = {"and", "but", "so"}
_MODIFIES = {"compound", "amod", "nmod", "nummod"}
"""How a word hangs on the noun that it describes."""
_TAKES = {
    **dict.fromkeys(("depend", "rely", "focus", "base", "insist", "concentrate"), "on"),
    **dict.fromkeys(("refer", "belong", "correspond"), "to"),
    **dict.fromkeys(("consist", "compose", "think"), "of"),
}
"""Verbs and the preposition that is theirs, whatever phrase it would begin: "depends on the job"."""
_LEADS = {"nsubj", "aux", "neg"}
"""What stands before a verb that is no auxiliary in a question."""


def is_no_verb(matched: Sequence[int], indices: Sequence[int], tokens: Sequence[Token]) -> bool:
    """Whether a hyphen joins a word of a match to another word, of the match ("a cut-off date"), before it
    ("on-call for") or after it ("won it back-to-back"), or its up is that of "uses up to 8"."""
    inside = (range(indices[a] + 1, indices[b]) for a, b in pairwise(matched) if b == a + 1)
    first, last = indices[matched[0]], indices[matched[-1]]
    before = range(max(0, first - 1), first if first and tokens[first - 1].end == tokens[first].start else 0)
    touched = last + 2 < len(tokens) and tokens[last].end == tokens[last + 1].start
    after = range(last + 1, last + 2 if touched and tokens[last + 1].end == tokens[last + 2].start else 0)
    joined = any(tokens[i].text in {"-", "‐"} for gap in (before, *inside, after) for i in gap)
    here = [tokens[i] for i in indices[matched[-1] : matched[-1] + 3]]
    limit = [token.text.lower() for token in here[:2]] == ["up", "to"]
    return joined or (limit and here[-1].upos == "NUM")


def longest(found: list[Found], tokens: Sequence[Token]) -> list[Found]:
    """Matches that share no word: the longest, and of two for the same words the one that says just these.

    "Depending on" is itself, not "depend on". Of two of one length a verb leaves its particle to a phrase
    that begins with it: "getting at least two".
    """
    begun = {matched[0] for matched, _ in found}

    def inflects(match: Found) -> bool:
        matched, entry = match
        return " ".join(tokens[i].text.lower() for i in matched) != entry.pattern.lower()

    def gives_way(match: Found) -> bool:
        matched, entry = match
        return entry.kind == "phrasal_verb" and matched[-1] in begun

    def order(match: Found) -> tuple[int, bool, tuple[int, ...], bool]:
        return -len(match[0]), gives_way(match), match[0], inflects(match)

    taken: set[int] = set()
    kept = []
    for matched, entry in sorted(found, key=order):
        if taken.isdisjoint(matched):
            taken.update(matched)
            kept.append((matched, entry))
    return sorted(kept, key=lambda match: match[0])


def placed(entry: Expression, tokens: Sequence[Token], start: int, end: int) -> bool:
    """Whether what stands around a match is what the entry asks for."""
    before = tokens[start - 1].text.lower() if start else ""
    further = _before_adverbs(tokens, start)
    after = tokens[end].text.lower() if end < len(tokens) else ""
    set_off = before in _MARKS | _QUOTES
    closes = after in _MARKS | _QUOTES
    stands = {
        None: True,
        "start": (set_off or before in _OPENERS) and (closes or end - start > 1),
        "tag": before in _MARKS - {""} and after in _MARKS | _QUOTES,
        "inserted": before == "," and after == ",",
        "alone": (set_off or before in _OPENERS) and closes,
        "opening": before in _MARKS - {","} or before in _QUOTES,
        "closing": closes,
    }[entry.where]
    last = tokens[end - 1]
    following = {after, tokens[end].upos, tokens[end].tag} if end < len(tokens) else {after}
    following |= {"VB"} if (last.tag, last.dep) == ("TO", "aux") else set()  # "used to quickly drain it"
    return (
        stands
        and entry.not_after.isdisjoint((before, further))
        and entry.not_before.isdisjoint(following)
        and (not entry.only_before or not entry.only_before.isdisjoint(following))
        and (not entry.only_after or before in entry.only_after)
        and (entry.only_as is None or entry.only_as in {last.upos, last.tag})
    )


def _before_adverbs(tokens: Sequence[Token], start: int) -> str:
    """The word before adverbs in -ly that stand before a place: "is customarily used to"."""
    while start and tokens[start - 1].upos == "ADV" and tokens[start - 1].text.endswith("ly"):
        start -= 1
    return tokens[start - 1].text.lower() if start else ""


def governed(
    entry: Expression, tokens: Sequence[Token], indices: Sequence[int], start: int, end: int
) -> bool:
    """Whether the last word hangs on the first as the entry asks, and the first is a verb of its own.

    It is none where it asks: "Have the guests arrived?"
    """
    if not entry.last_dep:
        return True
    last = tokens[end - 1]
    led = any(t.head == indices[start] and t.dep in _LEADS for t in tokens[:start])
    asks = tokens[-1].text == "?" or (
        tokens[-1].text in _QUOTES and len(tokens) > 1 and tokens[-2].text == "?"
    )
    return (
        tokens[start].upos == "VERB"
        and last.dep in entry.last_dep
        and last.head == indices[start]
        and (led or not asks)
    )


def cut_from_longer(tokens: Sequence[Token], indices: Sequence[int], start: int, end: int) -> bool:
    """Whether the first word is a preposition that the verb before takes, or what it governs comes after
    the match: "in the pipeline video", "keep my word file"."""
    last = tokens[end - 1]
    before = tokens[start - 1].lemma.lower() if start else ""
    if end - start > 1 and _TAKES.get(before) == tokens[start].text.lower():
        return True
    if last.dep not in _MODIFIES or last.head <= indices[end - 1]:
        return False
    if tokens[start].upos == "VERB":
        return last.dep == "compound" and last.upos == "NOUN"
    governing = next((t for i, t in zip(indices, tokens, strict=True) if i == last.head), None)
    to_it = governing is not None and governing.dep == "pobj" and governing.head == indices[start]
    return tokens[start].upos == "ADP" and to_it
