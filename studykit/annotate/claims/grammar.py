"""What the grammar of an English sentence says about whether it stands as a statement.

Figures from tags and dependencies alone: whether a main clause with a subject states something, what sort
of subject it is about, and what in it only the sentences before could explain.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from studykit.types import Token

__all__ = ["GRAMMAR", "grammar"]

_SUBJECTS = {"nsubj", "nsubjpass", "csubj", "csubjpass", "expl"}
_NOUNS = {"NOUN", "PROPN"}
_FINITE = {"VBZ", "VBP", "VBD", "MD"}
_POINTERS = {"it", "they", "them", "he", "she", "him", "this", "that", "these", "those", "one", "ones"}
_DEMONSTRATIVES = {"this", "that", "these", "those", "such", "another", "same", "other"}
_POSSESSIVES = {"its", "their", "his", "her"}
_SPEAKER = {"i", "we"}
_OPENERS = {"because", "which", "who", "where", "than", "or", "whereas"}
_SUBORDINATORS = {"when", "if", "while", "although", "though", "unless", "until", "whereas"}
_DEMONSTRATIVE_PRONOUNS = {"this", "that", "these", "those"}
_LISTED = {
    "first",
    "second",
    "third",
    "fourth",
    "next",
    "last",
    "final",
    "another",
    "other",
    "finally",
    "lastly",
}
_COMPARING = {"JJR", "RBR", "JJS", "RBS"}
GRAMMAR = (
    "no_subject", "no_finite", "about_noun", "about_name", "about_speaker", "about_you", "about_pointer",
    "about_there", "about_clause", "subject_plural", "subject_the", "subject_a", "subject_of", "past_root",
    "modal", "progressive", "copula", "copula_noun", "object", "unresolved", "demonstratives", "possessives",
    "definite", "nouns", "names", "verbs", "entities", "numbers", "dates", "comparing", "if_clause",
    "opens_late", "opens_with_cause", "relative", "negated", "interjections", "questioning", "dense",
    "persons", "question_mark", "about_person", "bare_demonstratives", "listed", "one_of",
)  # fmt: skip
"""In the order of the vector."""


def grammar(tokens: Sequence[Token]) -> NDArray[np.float64]:
    """A vector of ``GRAMMAR`` for the tokens of one sentence."""
    words = [token.text.lower() for token in tokens]
    kinds = [token.upos for token in tokens]
    count = max(1, sum(kind != "PUNCT" for kind in kinds))
    root = next((i for i, token in enumerate(tokens) if token.head == i and token.upos != "PUNCT"), None)
    children = [i for i, token in enumerate(tokens) if token.head == root and i != root]
    subject = next((i for i in children if tokens[i].dep in _SUBJECTS), None)
    found = {
        **_clause(tokens, root, children, subject),
        **_subject(tokens, words, subject),
        **_leaning(tokens, words, kinds),
    }
    verbs = sum(token.upos in {"VERB", "AUX"} for token in tokens)
    nouns = sum(kind in _NOUNS for kind in kinds)
    found |= {
        "nouns": min(nouns, 8) / 8,
        "names": min(kinds.count("PROPN"), 4) / 4,
        "verbs": min(verbs, 8) / 8,
        "entities": float(any(t.entity in {"ORG", "PRODUCT", "WORK_OF_ART"} for t in tokens)),
        "persons": float(any(t.entity == "PERSON" for t in tokens)),
        "numbers": float(any(t.entity in {"PERCENT", "MONEY", "QUANTITY"} for t in tokens)),
        "dates": float(any(t.entity in {"DATE", "TIME"} for t in tokens)),
        "comparing": float(any(t.tag in _COMPARING for t in tokens)),
        "if_clause": float(any(w in {"if", "when", "once", "unless"} for w in words)),
        "relative": float(any(t.dep == "relcl" for t in tokens)),
        "negated": float(any(t.dep == "neg" for t in tokens)),
        "interjections": float("INTJ" in kinds),
        "questioning": float(any(w in {"how", "why"} for w in words)),
        "question_mark": float("?" in words),
        "dense": sum(kind in {"NOUN", "PROPN", "ADJ"} for kind in kinds) / count,
    }
    return np.array([found[name] for name in GRAMMAR])


def _clause(
    tokens: Sequence[Token], root: int | None, children: Sequence[int], subject: int | None
) -> dict[str, float]:
    """The main clause: whether it is one, and of what shape."""
    auxiliaries = [tokens[i] for i in children if tokens[i].dep in {"aux", "auxpass"}]
    tags = {token.tag for token in auxiliaries} | ({tokens[root].tag} if root is not None else set())
    copula = root is not None and tokens[root].lemma.lower() == "be"
    opens = range(subject if subject is not None else root or 0)
    subordinate = any(i in opens and tokens[i].text.lower() in _SUBORDINATORS for i in children)
    attributes = [tokens[i] for i in children if tokens[i].dep in {"attr", "acomp", "prep"}] if copula else []
    return {
        "no_subject": float(subject is None),
        "no_finite": float(tags.isdisjoint(_FINITE) or subordinate),  # "When you start building a product."
        "past_root": float("VBD" in tags),
        "modal": float(any(token.tag == "MD" for token in auxiliaries)),
        "progressive": float(root is not None and tokens[root].tag == "VBG"),
        "copula": float(copula),
        "copula_noun": float(any(token.upos in _NOUNS for token in attributes)),
        "object": float(any(tokens[i].dep == "dobj" and tokens[i].upos in _NOUNS for i in children)),
    }


def _subject(tokens: Sequence[Token], words: Sequence[str], at: int | None) -> dict[str, float]:
    """What the main clause is about."""
    told = dict.fromkeys((name for name in GRAMMAR if name.startswith(("about_", "subject_"))), 0.0)
    if at is None:
        return told
    subject = tokens[at]
    below = [i for i, token in enumerate(tokens) if token.head == at and i != at]
    told |= {
        "about_noun": float(subject.upos == "NOUN"),
        "about_name": float(subject.upos == "PROPN"),
        "about_speaker": float(words[at] in _SPEAKER),
        "about_you": float(words[at] == "you"),
        "about_pointer": float(words[at] in _POINTERS),
        "about_there": float(subject.dep == "expl"),
        "about_person": float(subject.entity == "PERSON"),
        "about_clause": float(subject.dep.startswith("csubj")),
        "subject_plural": float(subject.tag in {"NNS", "NNPS"}),
        "subject_the": float(any(words[i] == "the" for i in below)),
        "subject_a": float(
            any(words[i] in {"a", "an", "any", "every", "each", "all", "most"} for i in below)
        ),
        "subject_of": float(any(tokens[i].dep in {"prep", "relcl", "acl"} for i in below)),
    }
    return told


def _leaning(tokens: Sequence[Token], words: Sequence[str], kinds: Sequence[str]) -> dict[str, float]:
    """What in it only other sentences explain."""
    unresolved = 0
    for i, word in enumerate(words):
        is_pronoun = word in _POINTERS and kinds[i] in {"PRON", "NOUN", "NUM"}
        is_empty = tokens[i].dep == "expl" or (word == "that" and tokens[i].dep != "nsubj" and i > 0)
        unresolved += is_pronoun and not is_empty and not any(kind in _NOUNS for kind in kinds[:i])
    definite = sum(
        word == "the"
        and kinds[token.head] == "NOUN"
        and not any(other.head == token.head and other.dep in {"prep", "relcl", "acl"} for other in tokens)
        for word, token in zip(words, tokens, strict=True)
    )
    bare = sum(
        word in _DEMONSTRATIVE_PRONOUNS
        and kinds[i] == "PRON"
        and tokens[i].dep in {"pobj", "dobj", "nsubj"}
        and tokens[i].tag == "DT"
        for i, word in enumerate(words)
    )
    first = next((i for i, kind in enumerate(kinds) if kind not in {"PUNCT", "SPACE"}), 0)
    return {
        "unresolved": min(unresolved, 3) / 3,
        "bare_demonstratives": float(bare > 0),
        "listed": float(any(word in _LISTED for word in words[first : first + 3])),
        "one_of": float(words[first : first + 2] in (["one", "of"], ["one", "is"], ["another", "one"])),
        "demonstratives": min(
            sum(
                w in _DEMONSTRATIVES and t.dep in {"det", "amod"} for w, t in zip(words, tokens, strict=True)
            ),
            2,
        )
        / 2,
        "possessives": float(any(word in _POSSESSIVES for word in words)),
        "definite": min(definite, 4) / 4,
        "opens_late": float(bool(kinds) and kinds[first] == "CCONJ"),
        "opens_with_cause": float(any(word in _OPENERS for word in words[first : first + 2])),
    }
