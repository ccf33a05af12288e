"""A statement that says the opposite of what was said.

Three signs: words denied by one and affirmed by the other; opposites, one in place of the other; and two
things compared, or one acting on the other, that have changed places. Two turns make none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from studykit.check.counts.english import find_english_numbers
from studykit.check.statements.words import COMPARATIVES, DENIALS, clauses, content_words, polarity
from studykit.types import Token

__all__ = ["denies", "denies_chinese", "is_turned", "is_turned_chinese"]

_OPPOSITES = """
increase decrease|increase reduce|rise fall|rise drop|raise lower|grow shrink|more less|more few
most least|large small|big small|high low|long short|fast slow|quick slow|good bad|well badly|easy hard
easy difficult|simple complex|simple complicated|cheap expensive|cheap costly|strong weak|early late
before after|first last|left right|above below|inside outside|open close|enable disable|succeed fail
success failure|work fail|correct wrong|right wrong|true false|same different|similar different
similar differ|same differ|alike different|alike differ|both neither|always never|everything nothing
everybody nobody|everyone nobody|many few|accept reject|allow forbid|allow prevent|agree disagree
love hate|like dislike|positive negative|win lose|buy sell|input output|encode decode|encoder decoder
add remove|upload download|remember forget|keep lose|young old|rich poor|alive dead|safe dangerous
possible impossible|likely unlikely|useful useless|common rare|often rarely|efficient inefficient
help harm|improve worsen|hot cold|warm cold|full empty|deep shallow|wide narrow|heavy light|save waste
include exclude|attract repel|lend borrow|arrive leave|build destroy|advantage disadvantage
benefit drawback|optimist pessimist|underestimate overestimate|ancient modern|compress expand
freeze thaw|minimum maximum|minimise maximise|minimize maximize|majority minority|public private|push pull
short lengthen|long shorten|internal external
fixed variable|allow block|supervised unsupervised|static dynamic|local remote|absolute relative
beginning end|open closed|small maximum|large minimum|low maximum|high minimum
"""
_COMPARISON = re.compile(
    r"\b(?:than|versus|vs|instead of|rather than|compared (?:to|with)|divided by|before|after)\b"
)
_IN_PLACE = frozenset({("instead", "of"), ("rather", "than")})
_PREFERRED = re.compile(r"\bprefer\w*\b(?P<one>.*?)\b(?:to|over)\b", re.IGNORECASE)
_SHORTEST = 4
"""Letters of a word that a prefix may deny: no unit is denied by "it"."""
_FAILING = frozenset({"fail", "refuse", "forget", "decline"})
_SUBJECTS, _OBJECTS = frozenset({"nsubj"}), frozenset({"dobj", "obj"})
_DENIAL_ZH = "不没沒未无無非别勿"
_NO_DENIAL_ZH = re.compile(
    "不过|不断|不管|不论|不同|不仅|不但|不只|不如|不少|不错|没错|非常|无论|特别|区别|类别|级别|识别|分别|别人|别的"
    "|未来|除非|差不多|是不是|能不能|会不会|有没有|对不对|要不|恨不得|不得不|无非|不必|不用"
)
_HELPERS_ZH = "是会能要可以太再有过曾须需用必想敢"


def _table() -> dict[str, set[str]]:
    table: dict[str, set[str]] = {}
    for pair in _OPPOSITES.replace("\n", "|").strip("|").split("|"):
        one, other = pair.split()
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return table


_OPPOSITE = _table()
_MORE = frozenset({"high", "large", "big", "great", "long", "more", "many", "much", "strong", "good", "fast"})
_LESS = frozenset({"low", "small", "short", "less", "few", "little", "weak", "bad", "slow"})
_GROWS, _SHRINKS = (
    frozenset({"increase", "grow", "rise", "raise"}),
    frozenset({"decrease", "reduce", "fall", "drop", "shrink"}),
)
"""A comparative and a verb may be opposites too: a higher score, a score that is decreased."""


def is_turned(statement: Sequence[Token], said: Sequence[Token]) -> bool:
    """Whether an English statement turns what was said into its opposite."""
    if _is_denied(statement, said) or _has_failed(statement, said) or _has_failed(said, statement):
        return True
    turns = _is_opposite(statement, said) + (_is_exchanged(statement, said) or _has_swapped(statement, said))
    return turns % 2 == 1


def denies(tokens: Sequence[Token]) -> bool:
    """Whether an English text has a word that denies."""
    return any(token.text.lower() in DENIALS for token in tokens)


def denies_chinese(text: str) -> bool:
    """Whether a Chinese text has a character that denies."""
    return bool(re.search(f"[{_DENIAL_ZH}]", _NO_DENIAL_ZH.sub("，", text)))


def _is_denied(statement: Sequence[Token], said: Sequence[Token]) -> bool:
    """Whether more words change from affirmed to denied, or back, than are denied by both."""
    here, there = polarity(statement), polarity(said)
    unsure = here.soft | there.soft
    changed = (here.affirmed - here.denied) & (there.denied - there.affirmed)
    changed |= (here.denied - here.affirmed) & (there.affirmed - there.denied)
    return len(changed - unsure) > len(here.denied & there.denied)


def _has_failed(one: Sequence[Token], other: Sequence[Token]) -> bool:
    """Whether the one says that something failed or refused to happen, and the other that it happened."""
    lemmas, there = ([token.lemma.lower() for token in tokens] for tokens in (one, other))
    if not _FAILING.isdisjoint(there) or not {"if", "when", "unless"}.isdisjoint(lemmas):
        return False
    happened = polarity(other)
    return any(
        lemmas[i] in _FAILING and lemmas[i + 1] == "to" and lemmas[i + 2] in happened.affirmed - happened.soft
        for i in range(len(lemmas) - 2)
        if not DENIALS & set(lemmas[max(0, i - 3) : i])
    )


def _is_opposite(statement: Sequence[Token], said: Sequence[Token]) -> bool:
    """Whether one of two opposites stands for the other, and as often denied."""
    mine = {token.lemma.lower() for token in statement}
    theirs = {token.lemma.lower() for token in said}
    for word in mine - theirs:
        others = {*_OPPOSITE.get(word, ()), *_negated(word, theirs), *_changes(word, statement)}
        for met in (others & theirs) - mine:
            here, there = _denials_beside(word, statement), _denials_beside(met, said)
            if here is not None and there is not None and here % 2 == there % 2:
                return True
    return False


def _changes(word: str, tokens: Sequence[Token]) -> frozenset[str]:
    """The verbs that say the opposite of a comparative."""
    if not any(token.lemma.lower() == word and token.tag in COMPARATIVES for token in tokens):
        return frozenset()
    return _SHRINKS if word in _MORE else _GROWS if word in _LESS else frozenset()


def _denials_beside(word: str, tokens: Sequence[Token]) -> int | None:
    """How often the clause with the word denies; None where "only" leaves open what it says."""
    for clause in clauses(tokens):
        lemmas = [token.lemma.lower() for token in clause]
        if word in lemmas:
            return None if "only" in lemmas else sum(token.text.lower() in DENIALS for token in clause)
    return None


def _negated(word: str, words: set[str]) -> Iterator[str]:
    """The word with a prefix that denies it, or without one, if it is among ``words``."""
    for prefix in ("un", "in", "im", "ir", "il", "dis", "non"):
        if len(word) >= _SHORTEST and prefix + word in words:
            yield prefix + word
        if word.startswith(prefix) and len(word) >= len(prefix) + _SHORTEST and word[len(prefix) :] in words:
            yield word[len(prefix) :]


def _sides(tokens: Sequence[Token]) -> tuple[set[str], set[str]] | None:
    """Content words before and after what compares two things."""
    lowered = "".join(f"{token.text.lower()} " for token in tokens)
    match = next((one for one in _COMPARISON.finditer(lowered) if not _is_amount(lowered[one.end() :])), None)
    if match:
        start, end = match.span()
    elif found := _PREFERRED.search(lowered):
        start = end = found.end()
    else:
        return None
    at = 0
    before: list[Token] = []
    after: list[Token] = []
    for token in tokens:
        if at < start:
            before.append(token)
        elif at >= end:
            after.append(token)
        at += len(token.text) + 1
    return set(content_words(before)), set(content_words(after))


def _is_amount(after: str) -> bool:
    """Whether a number follows: "more than 40 times" compares nothing."""
    words = after.split()
    return bool(words) and bool(find_english_numbers(words[0]))


def _is_exchanged(statement: Sequence[Token], said: Sequence[Token]) -> bool:
    if any((other, one) in set(_number_pairs(said)) for one, other in _number_pairs(statement)):
        return True
    here, there = _sides(statement), _sides(said)
    if here and not there and any(token.tag in COMPARATIVES for token in said):
        words = set(content_words(said))  # "simpler by using B" is not "A is simpler than B"
        return bool(here[1]) and here[1] <= words and not here[0] <= words
    if not here or not there:
        return False
    return bool(here[0] & there[1] and here[1] & there[0] and not here[1] & there[1])


def _number_pairs(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """The two numbers in "four bits instead of sixteen"."""
    for i in range(len(tokens) - 2):
        words = tokens[i].text.lower(), tokens[i + 1].text.lower()
        if words in _IN_PLACE and tokens[i + 2].tag == "CD":
            before = [token.text.lower() for token in tokens[max(0, i - 3) : i] if token.tag == "CD"]
            yield from ((number, tokens[i + 2].text.lower()) for number in before[-1:])


def _has_swapped(statement: Sequence[Token], said: Sequence[Token]) -> bool:
    """Whether who does something to whom has changed places."""
    done = set(_acts(said))
    return any(
        (other, verb, one) in done and (one, verb, other) not in done for one, verb, other in _acts(statement)
    )


def _acts(tokens: Sequence[Token]) -> Iterator[tuple[str, str, str]]:
    """Subject, verb and object, as lemmas."""
    roles: dict[int, dict[str, str]] = {}
    for token in tokens:
        if token.head < len(tokens) and (role := _role(token.dep)):
            roles.setdefault(token.head, {})[role] = token.lemma.lower()
    for verb, found in roles.items():
        if len(found) == len(("one", "other")) and found["one"] != found["other"]:
            yield found["one"], tokens[verb].lemma.lower(), found["other"]


def _role(dep: str) -> str | None:
    return "one" if dep in _SUBJECTS else "other" if dep in _OBJECTS else None


def is_turned_chinese(statement: str, said: str) -> bool:
    """Whether a Chinese statement denies what was affirmed, or affirms what was denied."""
    here, there = _denied_chinese(statement), _denied_chinese(said)
    plain_here, plain_there = _without_denials(statement), _without_denials(said)
    lost = {word for word in there - here if word in plain_here and word not in plain_there}
    gained = {word for word in here - there if word in plain_there and word not in plain_here}
    return len(lost | gained) > len(here & there)


def _denied_chinese(text: str) -> set[str]:
    """The two characters after each denial, past verbs that only help."""
    plain = _NO_DENIAL_ZH.sub("，", text)
    return set(re.findall(rf"[{_DENIAL_ZH}][{_HELPERS_ZH}]*([\u4e00-\u9fff]{{2}})", plain))


def _without_denials(text: str) -> str:
    plain = _NO_DENIAL_ZH.sub("，", text)
    return re.sub(rf"[{_DENIAL_ZH}][{_HELPERS_ZH}]*[\u4e00-\u9fff]{{2}}", "，", plain)
