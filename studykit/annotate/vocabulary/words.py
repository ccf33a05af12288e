"""Words of a tagged sentence as items: which tokens are words, in what form and as which part of speech."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.annotate.vocabulary.candidate import Found
from studykit.lexicon.levels import base_form, could_be, level_of, level_value, zipf
from studykit.lexicon.supplement import supplement_parts
from studykit.types import Token

__all__ = ["is_piece", "is_word", "word_item"]

_CONTENT = {"NOUN", "VERB", "ADJ", "ADV"}
_LINKING = {"SCONJ", "ADP", "CCONJ"}
"""Words of these count too when they are rare: albeit, whereas, via."""
_RARE_LINK_ZIPF = 5.0
_NO_WORDS = {
    "PERSON",
    "ORG",
    "GPE",
    "LOC",
    "NORP",
    "FAC",
    "PRODUCT",
    "WORK_OF_ART",
    "LANGUAGE",
    "EVENT",
    "CARDINAL",
}
_SHORTEST_WORD = 3
_MISHEARD_ZIPF = 1.5
"""What is rarer is more often a slip of the recogniser than a word."""
_PREFIXES = frozenset(
    "anti co counter de dis ex inter mis multi non post pre re semi sub un hyper super".split()
)
_ENDINGS = frozenset("ing ed er ish esque ness wise".split())
_MIXED_UP = {("NOUN", "ADJ"), ("NOUN", "ADV"), ("ADJ", "NOUN")}
"""What taggers take words for that they have hardly seen, and what those are: "janky", "a ripple effect"."""
_SEEN_ZIPF = 5.0
_OF_NOUNS = {"nsubj", "nsubjpass", "dobj", "pobj"}
"""What only nouns are to a verb or a preposition."""
_NOUN_ENDINGS = ("tion", "sion", "ness", "ment", "ism", "logy", "pathy", "graphy", "ship", "hood")
_ADJECTIVE_ENDINGS = ("ic", "ous", "able", "ible")
_OWN_FORMS = {"born": "ADJ"}
"""Forms that mean something else than the word that they are a form of, with their part of speech."""


def is_word(token: Token) -> bool:
    linking = token.upos in _LINKING and zipf(token.text.lower()) < _RARE_LINK_ZIPF
    return (
        (token.upos in _CONTENT or linking)
        and token.text.isalpha()
        and (token.text[1:].islower() or token.text.isupper())  # SaaS is an abbreviation
        and len(token.text) >= _SHORTEST_WORD
        and token.entity not in _NO_WORDS
        and zipf(token.text.lower()) >= _MISHEARD_ZIPF
    )


def is_piece(tokens: Sequence[Token], i: int) -> bool:
    """Whether a hyphen ties a prefix or an ending to a word: "re-offend" is not "offend"."""
    text = tokens[i].text.lower()
    before = i > 1 and tokens[i - 1].text == "-" and tokens[i - 2].end + 1 == tokens[i].start
    after = i + 1 < len(tokens) and tokens[i + 1].text == "-" and tokens[i + 1].start == tokens[i].end
    return (before and (tokens[i - 2].text.lower() in _PREFIXES or text in _ENDINGS)) or (
        after and text in _PREFIXES
    )


def word_item(token: Token) -> Found:
    lemma, upos = _positive(token) or _describing(token) or (_lemma(token), None)
    upos = _OWN_FORMS.get(lemma) or upos or _part_of_speech(lemma, token)
    value = level_value(lemma, upos)
    return Found(
        head=lemma,
        kind="word",
        lemma=lemma,
        upos=upos,
        level=level_of(value),
        level_value=value,
        zipf=zipf(lemma),
    )


def _positive(token: Token) -> tuple[str, str] | None:
    """The adjective of a comparative that is taken for a verb or an adjective of its own: "pilots bolder"."""
    text = token.text.lower()
    if token.upos not in {"VERB", "ADJ"} or token.lemma.lower() != text or supplement_parts(text):
        return None
    stem = text.removesuffix("er")
    stems = [stem, f"{stem}e", stem[:-1] if stem[-2:-1] == stem[-1:] else "", f"{stem.removesuffix('i')}y"]
    adjectives = [one for one in stems if one and "ADJ" in supplement_parts(one)] if stem != text else []
    return (adjectives[0], "ADJ") if adjectives else None


def _describing(token: Token) -> tuple[str, str] | None:
    """A participle before a noun that our dictionary has as an adjective: "the underlying partition"."""
    text = token.text.lower()
    describes = token.upos == "VERB" and token.dep == "amod" and token.tag in {"VBG", "VBN"}
    return (text, "ADJ") if describes and "ADJ" in supplement_parts(text) else None


def _lemma(token: Token) -> str:
    """The dictionary form; a plural that is a word of its own stays: analytics, kudos."""
    text = token.text.lower()
    if text in _OWN_FORMS:
        return text
    lemma = base_form(text, token.lemma.lower(), token.upos)
    if token.upos == "NOUN" and text.endswith("ies") and zipf(text[:-1]) > zipf(lemma):
        lemma = text[:-1]  # junkies
    own = token.upos == "NOUN" and "NOUN" in supplement_parts(text)
    return text if own and ("NOUN" not in supplement_parts(lemma) or zipf(text) > zipf(lemma)) else lemma


def _part_of_speech(lemma: str, token: Token) -> str:
    """As tagged, or as the one that our dictionary, the CEFR list or its ending tells where taggers slip."""
    listed = supplement_parts(lemma)
    known = listed or tuple(upos for upos in sorted(_CONTENT) if could_be(lemma, upos))
    if token.upos in listed:
        return token.upos
    unstripped = token.text.lower() == lemma
    if len(known) == 1 and token.tag != "NNS" and zipf(lemma) < _SEEN_ZIPF:
        pair = (token.upos, *known)
        participle = pair == ("VERB", "ADJ") and lemma.endswith(("ing", "ed"))
        as_said = pair == ("ADJ", "NOUN") and lemma.endswith(_ADJECTIVE_ENDINGS)  # analytic
        if (pair in _MIXED_UP and not as_said) or (
            listed and unstripped and (participle or pair == ("ADJ", "VERB"))
        ):
            return known[0]
    unknown = len(known) == len(_CONTENT)
    rare = unknown and zipf(lemma) < _SEEN_ZIPF
    if token.dep in _OF_NOUNS and token.upos == "ADJ" and "NOUN" in known and (rare or "ADJ" not in known):
        return "NOUN"
    return _by_ending(lemma, token)


def _by_ending(lemma: str, token: Token) -> str:
    """The part of speech where the ending tells it and the tagger slips: -pathy, -ic; responders."""
    if token.upos == "VERB" and lemma.endswith(("er", "or")) and not token.text.lower().endswith("ed"):
        stem = lemma[:-2]
        if any("VERB" in supplement_parts(verb) for verb in (stem, f"{stem}e")):
            return "NOUN"
    if token.upos in {"ADJ", "ADV"} and lemma.endswith(_NOUN_ENDINGS):
        return "NOUN"
    return "ADJ" if token.upos == "ADV" and lemma.endswith(_ADJECTIVE_ENDINGS) else token.upos
