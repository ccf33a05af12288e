"""Which of its meanings a verb with a particle has here, by its object, its subject and what follows.

"Pick up Spanish" is learnt, "pick up my son" is fetched. Lists of words decide, written for each meaning;
what they do not show stays open.
"""

from __future__ import annotations

from collections.abc import Sequence

from studykit.annotate.vocabulary.listed.entry import Expression, Sense
from studykit.types import Token

__all__ = ["sense_here"]

_OBJECTS = {"dobj", "nsubjpass"}
_PEOPLE = {
    *("me", "us", "him", "her", "someone", "somebody", "everyone", "everybody", "anyone", "anybody"),
    *("people", "person", "man", "woman", "guy", "boy", "girl", "kid", "child", "baby", "son", "daughter"),
    *("mother", "father", "mom", "mum", "dad", "parent", "brother", "sister", "wife", "husband", "friend"),
    *("girlfriend", "boyfriend", "guest", "passenger", "client", "student", "teacher", "boss", "colleague"),
}
_SHE_OR_HER = "her"


def sense_here(
    entry: Expression, tokens: Sequence[Token], indices: Sequence[int], matched: Sequence[int]
) -> str | None:
    """The Chinese of the meaning that is shown, if just one is.

    ``tokens`` are what patterns see of a sentence, ``matched`` the places of the entry's words among them,
    ``indices`` the tokens' places in the parsed text, which their heads refer to.
    """
    if not entry.senses:
        return None
    verb, particle = matched[0], matched[-1]
    hang = [token for token in tokens if token.head == indices[verb] and token is not tokens[verb]]
    found = next((token for token in hang if token.dep in _OBJECTS), None)
    if found is None and tokens[particle].dep == "prep":
        found = next((t for t in tokens if t.dep == "pobj" and t.head == indices[particle]), None)
    if found is None:  # "since we're making it up, …", whatever the parser makes of it
        between = tokens[verb + 1 : particle]
        found = next((t for t in reversed(between) if t.upos in {"NOUN", "PRON", "PROPN"}), None)
    # The object of a clause may stand before it, that of a passive is its subject, or another verb's.
    passive = tokens[verb].tag == "VBN" and not any(token.lemma.lower() == "have" for token in hang)
    elsewhere = passive or tokens[verb].dep in {"relcl", "acl"}
    objects = _names(found) if found else set() if elsewhere else {"@none"}
    subject = next((token for token in hang if token.dep == "nsubj"), None)
    after = tokens[particle + 1].text.lower() if particle + 1 < len(tokens) else ""
    shown = {
        sense.chinese
        for sense in entry.senses
        if _shows(sense, objects, _names(subject) if subject else set(), after)
    }
    return shown.pop() if len(shown) == 1 else None


def _shows(sense: Sense, objects: set[str], subjects: set[str], after: str) -> bool:
    return (
        (not sense.object or not sense.object.isdisjoint(objects))
        and (not sense.subject or not sense.subject.isdisjoint(subjects))
        and (not sense.before or after in sense.before)
    )


def _names(token: Token) -> set[str]:
    """What a sense may call the token: its lemma, and whether it is a person."""
    text = token.text.lower()
    person = text in _PEOPLE or token.lemma.lower() in _PEOPLE or token.entity == "PERSON"
    return {token.lemma.lower(), text} | ({"@person"} if person else set())
