"""English as clauses of words, each affirmed or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct, field

from studykit.types import Token

__all__ = ["COMPARATIVES", "DENIALS", "Polarity", "clauses", "content_words", "polarity"]

COMPARATIVES = frozenset({"JJR", "RBR"})
"""Tags of larger, more quickly."""
_CONTENT = frozenset({"NOUN", "PROPN", "VERB", "ADJ", "ADV", "NUM"})
_LIGHT = frozenset(
    """be have do get go make take come let put say tell thing way kind lot bit much many very really just
    only also even still then there here so too well now once ever again back up out on off over down in about
    other another such own same all every each any some no not never more most less least than what how why
    when where who one two can could will would should may might must think mean like
    used people something anything nothing everything somebody anybody everybody nobody""".split()
)
_BREAKS = frozenset(",.;:!?—–-()") | {
    *("but", "and", "because", "so", "while", "whereas", "although", "though", "which", "who", "than", "or"),
    "since",
}
_CONDITIONS = frozenset({"if", "unless", "until", "when", "whether"})
"""They open a clause that asserts nothing."""
DENIALS = frozenset(
    "not n't n’t nt never no none nothing nobody nowhere cannot without neither nor unable unlike".split()
)
_PAIRS_THAT_DENY = frozenset({("instead", "of"), ("rather", "than"), ("far", "from"), ("fail", "to")})
_NO_DENIALS = (
    ("have", "to"),
    ("need", "to"),
    ("all",),
    ("every",),
    ("always",),
    ("equally",),
    ("only",),
    ("just",),
    ("necessarily",),
    ("matter",),
    ("until",),
    ("doubt",),
    ("sure",),
)
"""After a denial, these leave the words behind them as they are: "you don't have to", "not only"."""
_SOFT = frozenset(
    """hardly barely scarcely rarely seldom few little hard difficult bad badly poor poorly lack avoid stop
    prevent refuse fail miss forget lose ignore skip wrong impossible useless only unless instead rather
    except less fewer worse reduce against""".split()
)
"""Words that deny by what they mean: beside them nothing is concluded."""


class Polarity(Struct):
    """Lemmas of content words that a text affirms, denies, or has beside a word that denies by itself."""

    affirmed: set[str] = field(default_factory=set)
    denied: set[str] = field(default_factory=set)
    soft: set[str] = field(default_factory=set)


def content_words(tokens: Iterable[Token]) -> list[str]:
    """Lemmas, in lower case, of the words that carry the meaning."""
    return [lemma for token in tokens if (lemma := _content(token))]


def _content(token: Token) -> str | None:
    lemma = token.lemma.lower()
    if token.upos not in _CONTENT or lemma in _LIGHT or not re.search(r"[a-z0-9]", lemma):
        return None
    return lemma


def clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Runs of tokens without a mark or a conjunction; "rather than" breaks none."""
    run: list[Token] = []
    for before, token in zip([None, *tokens], tokens, strict=False):
        word = token.text.lower()
        joined = before is not None and (before.text.lower(), word) in _PAIRS_THAT_DENY
        if (word in _BREAKS and not joined) or word in _CONDITIONS:
            if run:
                yield run
            run = [token] if word in _CONDITIONS else []
        else:
            run.append(token)
    if run:
        yield run


def polarity(tokens: Sequence[Token]) -> Polarity:
    """What a text affirms and denies: a denial denies what follows it in its clause and depends on the word
    that it denies."""
    found = Polarity()
    index = {token.start: i for i, token in enumerate(tokens)}
    for clause in clauses(tokens):
        lemmas = [token.lemma.lower() for token in clause]
        soft = not _SOFT.isdisjoint(lemmas) or lemmas[0] in _CONDITIONS
        denier: int | None = None
        for i, token in enumerate(clause):
            if tuple(lemmas[i : i + 2]) in _PAIRS_THAT_DENY:
                soft = True  # what the one has in place of the other, it may still have
            elif token.text.lower() in DENIALS or lemmas[i] in DENIALS:
                is_none = any(tuple(lemmas[i + 1 : i + 1 + len(no)]) == no for no in _NO_DENIALS)
                denier = None if is_none else index[token.start]
            elif lemma := _content(token):
                own = denier is not None and tokens[denier] is clause[0]  # "it's A, not B": all of B
                denied = denier is not None and (own or _depends(index[token.start], denier, tokens))
                (found.soft if soft else found.denied if denied else found.affirmed).add(lemma)
    return found


def _depends(at: int, denier: int, tokens: Sequence[Token]) -> bool:
    """Whether a word depends on the one that a denial belongs to, or on the denial itself."""
    above = {denier, tokens[denier].head}
    for _ in tokens:
        if at in above:
            return True
        if tokens[at].head == at:
            return False
        at = tokens[at].head
    return False
