"""Phrases of a sentence that can stand as a heading, cut along its parse.

People say what comes next ("let's look at the tokenizer"), ask it ("what is a reward model?"), or state it
("vector databases are distinct from indices"). What leans on the talk around it ("it", "this one"), or is
about the people who speak, offers nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec import Struct

from studykit.types import Token

__all__ = ["ANNOUNCED", "ASKED", "CLAIMED", "Phrase", "phrases"]

ANNOUNCED, ASKED, CLAIMED = 1.0, 0.9, 0.7
"""How much a kind of phrase is like a heading."""

_MOST = 9
"""Words."""
_FEWEST_OF_CLAIM, _FEWEST_OF_TOPIC = 4, 2
_ANNOUNCING = frozenset(
    "talk speak discuss cover look explain see introduce explore learn study dive start turn move focus "
    "describe understand build compare go get take show review define consider examine".split()
)
_TOWARDS = frozenset("about at into through on with over of to".split())
_SPEAKERS = frozenset("i we you me us my our your mine ours yours myself ourselves yourself let".split())
_LEANING = frozenset(
    "it its he him his she her they them their this that these those here there such same one ones another "
    "other others former latter else everyone somebody someone everybody something anything "
    "everything nothing both either neither some".split()
)
_FAMILIAR = frozenset(
    "thing stuff lot guy kind sort bit way first second third last next hey similar".split()
)
_NOT_A_HEAD = frozenset({"PRON", "DET", "NUM", "ADV", "ADJ", "X", "SYM"})
_LEFT_OUT = frozenset({"advcl", "relcl", "conj", "cc", "parataxis", "punct", "ccomp", "intj", "dep", "mark"})
_WH = frozenset({"WDT", "WP", "WP$", "WRB"})
_SPARE = frozenset({"intj", "advmod"})
_NO_END = frozenset("ADP DET AUX PART SCONJ CCONJ PRON ADV".split())
_OPENING = frozenset({"advmod", "intj", "cc", "punct", "npadvmod", "mark", "prep", "dep", "advcl"})


class Phrase(Struct, frozen=True):
    """Tokens of a sentence in order, and how much such a phrase is like a heading."""

    tokens: tuple[Token, ...]
    kind: float

    @property
    def text(self) -> str:
        """With a capital, as printed."""
        text = ""
        end = self.tokens[0].start
        for token in self.tokens:
            text += " " * (token.start > end) + token.text
            end = token.end
        text = text.strip(" ,.;:-–—")
        text = text[:1].upper() + text[1:]
        return text + "?" if self.kind == ASKED else text


def phrases(tokens: Sequence[Token]) -> Iterator[Phrase]:
    """What a sentence offers."""
    tree = _Tree(tokens)
    for root in tree.roots():
        yield from _asked(tree, root)
        yield from _claimed(tree, root)
    for at, token in enumerate(tokens):
        if token.upos == "VERB" and token.lemma in _ANNOUNCING and tree.is_announced(at):
            yield from _announced(tree, at)


class _Tree:
    """A parsed sentence."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.children: list[list[int]] = [[] for _ in tokens]
        for at, token in enumerate(tokens):
            if token.head != at:
                self.children[token.head].append(at)

    def roots(self) -> Iterator[int]:
        """Heads of main clauses; behind "I think", of what is thought."""
        for at, token in enumerate(self.tokens):
            if token.head == at:
                yield at
            elif token.dep == "ccomp" and self.tokens[token.head].head == token.head:
                above = self.children[token.head]
                if any(self.tokens[i].dep == "nsubj" and self.lower(i) in _SPEAKERS for i in above):
                    yield at

    def lower(self, at: int) -> str:
        return self.tokens[at].text.lower()

    def under(self, at: int, left_out: frozenset[str] = frozenset()) -> list[int]:
        """``at`` and all that depends on it, in order; not what hangs on ``at`` itself by ``left_out``."""
        found = [at]
        for child in self.children[at]:
            if self.tokens[child].dep not in left_out:
                found += self.under(child)
        return sorted(found)

    def is_announced(self, at: int) -> bool:
        """Whether the speakers say that they will do it: "let's", "we're going to", "I want to"."""
        before = {self.lower(i) for i in range(max(0, at - 7), at)}
        mine = before & {"i", "we", "let", "us", "me"}
        return bool(
            mine
            and before & {"let", "will", "'ll", "’ll", "going", "gonna", "want", "wanted", "like", "today"}
        )

    def is_present(self, root: int) -> bool:
        helpers = [i for i in self.children[root] if self.tokens[i].dep in {"aux", "auxpass"}]
        finite = self.tokens[helpers[0] if helpers else root]
        plural = any(self.tokens[i].tag in {"NNS", "NNPS"} for i in self.children[root] if i < root)
        slip = plural and finite.tag == "VBZ"  # of the tongue or of the parser
        return finite.tag in {"VBZ", "VBP", "MD"} and finite.text[0] not in "'’" and not slip

    def leaves_hole(self, root: int, found: Sequence[int]) -> bool:
        """Whether more than an adverb is missing between the tokens ``found``, or a "not"."""
        missing = {i for a, b in pairwise(found) for i in range(a + 1, b)}
        if any(self.tokens[i].upos != "PUNCT" and self.tokens[i].dep not in _SPARE for i in missing):
            return True
        return any(self.tokens[i].dep == "neg" and i not in found for i in self.children[root])


def _announced(tree: _Tree, verb: int) -> Iterator[Phrase]:
    for child in tree.children[verb]:
        token = tree.tokens[child]
        if token.dep == "prep" and tree.lower(child) in _TOWARDS:
            for topic in tree.children[child]:
                if tree.tokens[topic].dep in {"pobj", "pcomp"}:
                    yield from _topic(tree, topic)
        elif token.dep in {"dobj", "ccomp"}:
            yield from _topic(tree, child)


def _topic(tree: _Tree, head: int) -> Iterator[Phrase]:
    """What is announced: a noun phrase, or a clause with "how" or "why"."""
    if tree.tokens[head].upos in {"VERB", "AUX"}:
        found = tree.under(head, frozenset({"advcl", "cc", "conj", "punct", "parataxis"}))
        if tree.tokens[found[0]].tag not in _WH or not any(tree.tokens[i].dep == "nsubj" for i in found):
            return
    elif tree.tokens[head].upos in {"NOUN", "PROPN"}:
        found = tree.under(
            head, frozenset({"relcl", "punct", "appos", "acl", "advmod", "parataxis", "cc", "conj"})
        )
        while (
            found
            and tree.tokens[found[0]].upos in {"DET", "PUNCT", "PRON", "ADV"}
            and tree.lower(found[0]) not in _LEANING
        ):
            found = found[1:]
    else:
        return
    yield from _offer(tree, found, ANNOUNCED, fewest=_FEWEST_OF_TOPIC)


def _asked(tree: _Tree, root: int) -> Iterator[Phrase]:
    if not tree.tokens or not any(token.text == "?" for token in tree.tokens[-2:]):
        return
    found = tree.under(root, frozenset({"punct", "cc", "intj", "parataxis", "conj"}))
    while found and tree.tokens[found[0]].tag not in _WH:
        if tree.tokens[found[0]].dep not in _OPENING and tree.tokens[found[0]].upos not in {
            "SCONJ",
            "CCONJ",
            "INTJ",
            "ADV",
        }:
            return
        found = found[1:]
    subject = next((i for i in tree.children[root] if tree.tokens[i].dep in {"nsubj", "nsubjpass"}), None)
    verb = next((i for i in found if tree.tokens[i].upos in {"VERB", "AUX"}), None)
    inverted = subject is None or verb is None or subject in found[:1] or verb < subject
    if len(found) > 2 and inverted:
        yield from _offer(tree, found, ASKED, fewest=_FEWEST_OF_CLAIM)


def _claimed(tree: _Tree, root: int) -> Iterator[Phrase]:
    """Subject, verb and what completes it, without clauses that hang on it; in the present tense."""
    tokens = tree.tokens
    subjects = [i for i in tree.children[root] if tokens[i].dep in {"nsubj", "nsubjpass"}]
    if not tree.is_present(root) or len(subjects) != 1:
        return
    if tokens[subjects[0]].upos in _NOT_A_HEAD or tokens[subjects[0]].entity == "PERSON":
        return
    subject = tree.under(subjects[0])
    found = [i for i in tree.under(root, _LEFT_OUT) if i >= subject[0]]
    rest = [i for i in found if i > root]
    states = any(tokens[i].upos in {"NOUN", "PROPN"} for i in rest) and tree.lower(rest[0]) != "like"
    if states and tokens[found[-1]].upos not in _NO_END and not tree.leaves_hole(root, found):
        yield from _offer(tree, found, CLAIMED, fewest=_FEWEST_OF_CLAIM)


def _offer(tree: _Tree, found: Sequence[int], kind: float, *, fewest: int) -> Iterator[Phrase]:
    tokens = [tree.tokens[i] for i in found]
    words = [token for token in tokens if any(char.isalnum() for char in token.text)]
    if not fewest <= len(words) <= _MOST:
        return
    said = {token.text.lower() for token in words}
    if said & (_SPEAKERS | _LEANING) or {token.lemma.lower() for token in words} & _FAMILIAR:
        return
    if any(token.upos == "INTJ" or token.tag == "UH" for token in words):
        return
    if any(token.text[-1] in '-–—"“”' or token.text in {"...", "…", ":"} for token in tokens):
        return
    yield Phrase(tuple(tokens), kind)
