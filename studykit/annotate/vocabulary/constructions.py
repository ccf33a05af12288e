"""Grammar that trips Chinese readers and that only the parse shows: what hangs on what, and in which order.

The inventory follows what Chinese and English order differently (Swan & Smith, *Learner English*, "Chinese
speakers"); each point says in Chinese what it does in this very sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from studykit.annotate.vocabulary.grammar import GrammarPoint
from studykit.types import Span, Token

__all__ = ["constructions"]

Found = tuple[GrammarPoint, Span]

_CONJUNCTIONS = {"when", "if", "while", "once", "unless", "until", "where", "though", "although"}
_NEGATIVES = {"never", "rarely", "seldom", "nowhere", "hardly", "scarcely", "neither", "nor", "not", "only"}
_NO_FRONT = {"here", "there", "so", "now", "how", "why", "where", "when"}
_WH_TAGS = {"WP", "WDT", "WRB"}
_INVERTED = {"be", "come", "lie", "follow"}
_ADVERBIAL = {"time", "way", "reason", "moment", "day", "minute", "second", "week", "year"}
"""Nouns whose clause lacks no object: "by the time you type it in"."""
_NEVER_STRANDED = {"like", "unlike", "because", "than", "as"}
_ATTRIBUTES = {"amod", "compound", "nsubj", "nsubjpass"}
"""What "breaking" is in "when breaking changes are made"."""
_SUBJECT_WITHIN = 4
"""Words after the comma, of which the subject of the main clause is one."""
_GUIDES = {
    "speak",
    "talk",
    "go",
    "come",
    "move",
    "tie",
    "switch",
    "look",
    "depend",
    "bar",
    "judge",
    "consider",
    "assume",
}
"""Participles that guide the listener and have no doer: "going back to that, …"."""
_NO_DOER = {"it", "there", "that", "this", "what"}
_WH = {"what", "who", "whom", "which", "where", "that"}
_SUBJECTS = {"nsubj", "nsubjpass", "csubj", "expl"}
_FINITE = {"VBP", "VBZ", "MD"}
_BETWEEN = {"ADV", "PART", "PUNCT"}
"""What may stand between a noun and its participle; "this sequence of snake eating" is about the snake."""
_CLAUSE_OPENERS = {"whether", "how", "why", "who", "when", "where", "which"}
_CONDITIONS = {"had", "should", "were"}
_STATES = {"be", "have"}
_SHARES = {"each", "both", "all", "some", "most", "many", "more", "his", "her", "its", "their"}
"""What begins a participle's own subject; else a list or an apposition looks alike."""
_OBJECT_FORMS = {"it", "them", "him", "her"}


def constructions(tokens: Sequence[Token]) -> Iterator[Found]:
    """The constructions of a parsed sentence with the code points where they show."""
    for find in _FINDERS:
        yield from find(tokens)


def _point(head: str, chinese: str, note: str, level: str = "B2") -> GrammarPoint:
    return GrammarPoint(head=head, chinese=chinese, note=note, level=level)  # type: ignore[arg-type]


def _span(first: Token, last: Token) -> Span:
    return Span(start=first.start, end=last.end)


def _text(tokens: Sequence[Token]) -> str:
    """The words as they stand, for a note."""
    return "".join(
        f"{'' if not i or token.start == tokens[i - 1].end else ' '}{token.text}"
        for i, token in enumerate(tokens)
    )


def _opens(tokens: Sequence[Token], i: int) -> bool:
    return not i or tokens[i - 1].upos in {"PUNCT", "SPACE"} or tokens[i - 1].dep == "cc"


def _with_participle(tokens: Sequence[Token]) -> Iterator[Found]:
    """ ", with each score given to its token": a noun and what it does or undergoes, without a verb."""
    for i, token in enumerate(tokens):
        if token.text.lower() != "with" or not _opens(tokens, i):
            continue
        for j in range(i + 2, min(i + 8, len(tokens))):
            part = tokens[j]
            if part.upos == "PUNCT" or part.dep == "relcl":
                break
            if part.tag in _FINITE or part.tag in _WH_TAGS:
                break
            noun = tokens[part.head]
            apart = part.dep == "acl" and any(t.upos not in _BETWEEN for t in tokens[part.head + 1 : j])
            if part.tag in {"VBN", "VBG", "VBD"} and not apart and _is_of_with(part, i, j, token.head):
                name = noun.text if part.dep == "acl" else _text(_without_adverb(tokens[i + 1 : j]))
                doing = "主动" if part.tag == "VBG" else "被动"
                note = f"with 复合结构作伴随状语：{name} 是逻辑主语，{part.text} 表示{doing}的状态"
                yield _point("with + noun + participle", "伴随着……；而……则……", note), _span(token, part)
                break


def _without_adverb(tokens: Sequence[Token]) -> Sequence[Token]:
    return tokens[:-1] if tokens[-1].upos == "ADV" else tokens


def _is_of_with(part: Token, preposition: int, at: int, head: int) -> bool:
    """Whether a participle says what the noun after "with" does, as the parser may see it in three ways."""
    if part.dep == "acl":
        return preposition < part.head < at
    return part.head == preposition if part.dep == "pcomp" else part.dep == "advcl" and head == at


def _conjunction_participle(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "when given a name": subject and "be" left out."""
    for token, part in pairwise(tokens):
        word = token.text.lower()
        if part.dep in _ATTRIBUTES or word not in _CONJUNCTIONS:
            continue
        if part.tag == "VBN" or (part.tag == "VBG" and word in {"when", "while"}):
            kind = "past participle" if part.tag == "VBN" else "-ing"
            note = f"状语从句省略主语和 be：{word} … {part.text} 的逻辑主语就是主句的主语"
            yield _point(f"{word} + {kind}", "……时；……的话（从句的省略）", note), _span(token, part)


def _gerund_subject(tokens: Sequence[Token]) -> Iterator[Found]:
    for i, token in enumerate(tokens):
        if (
            token.tag == "VBG"
            and token.dep in {"csubj", "csubjpass"}
            and _opens(tokens, i)
            and token.head > i
        ):
            verb = tokens[token.head]
            note = f"动名词短语作主语：{token.text}… 整个短语是 {verb.text} 的主语，谓语用单数"
            yield _point("gerund as subject", "动名词短语作主语", note), _span(token, token)


def _inversion(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "Not only does it …", "Below is …": the verb before its subject, in no question."""
    spoken = [i for i, t in enumerate(tokens) if t.upos not in {"PUNCT", "SPACE"} and t.dep != "cc"]
    if not spoken or any(token.text == "?" for token in tokens):
        return
    opening = tokens[spoken[0]]
    for i, token in enumerate(tokens):
        if token.dep not in {"nsubj", "nsubjpass"} or token.head >= len(tokens) or token.tag == "WP":
            continue
        verb = tokens[token.head]
        before = [t for t in tokens[max(0, i - 3) : i] if t.upos == "AUX" and t.head in {token.head, i}]
        if before and opening.text.lower() in _NEGATIVES:
            note = f"否定或限制的词语 {opening.text} 放在句首，助动词 {before[0].text} 提到主语前"
            yield _point("inversion", "部分倒装", note), _span(before[0], token)
        elif token.head < i and _is_fronted(tokens[spoken[0] : token.head], verb):
            note = f"状语或表语提前，主语 {token.text} 放到动词 {verb.text} 之后"
            yield _point("inversion", "完全倒装", note), _span(verb, token)
        return


def _is_fronted(before: Sequence[Token], verb: Token) -> bool:
    """Whether what stands before the verb is an adverbial or a participle alone: "Below", "With that"."""
    if not before or before[0].text.lower() in _NO_FRONT or verb.lemma.lower() not in _INVERTED:
        return False
    clause = any(t.tag in _WH_TAGS or t.dep in _SUBJECTS or t.upos in {"VERB", "AUX"} for t in before[1:])
    leads = {"ADP"} if verb.lemma.lower() == "be" else {"ADP", "ADV"}
    return not clause and (before[0].upos in leads or before[0].tag == "VBN" or before[0].text == "Below")


def _emphatic_do(tokens: Sequence[Token]) -> Iterator[Found]:
    for i, token in enumerate(tokens):
        if token.lemma.lower() != "do" or token.upos != "AUX" or token.dep != "aux" or token.head <= i:
            continue
        verb = tokens[token.head]
        if any(t.lemma.lower() == "do" and t.dep == "aux" and t.head == token.head for t in tokens[:i]):
            continue
        between = tokens[i + 1 : token.head]
        subject = next((t for t in reversed(tokens[:i]) if t.dep in _SUBJECTS and t.head == token.head), None)
        if verb.tag == "VB" and subject and all(t.upos == "ADV" and t.dep != "neg" for t in between):
            note = f"{token.text} 加动词原形 {verb.text}，强调确实如此；要重读"
            yield _point("emphatic do", "确实；真的", note, "B1"), _span(token, verb)


def _stranded(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "the thing we talked about": the preposition keeps its place when its noun moves."""
    governs = {token.head for token in tokens if token.dep in {"pobj", "pcomp", "prep"}}
    for i, token in enumerate(tokens):
        after = tokens[i + 1] if i + 1 < len(tokens) else None
        if token.text.lower() in _NEVER_STRANDED or token.dep != "prep" or i in governs:
            continue
        if after and after.upos not in {"PUNCT", "AUX", "VERB"}:
            continue
        verb = tokens[token.head]
        moved = [t for t in tokens[:i] if t.text.lower() in _WH and t.tag in {"WP", "WDT"}]
        if any(t.dep == "nsubj" and t.head == token.head for t in moved) or token.upos == "PART":
            continue  # "what's up", "who is in"; "we don't want it to"
        wh = any(t.dep not in _SUBJECTS for t in moved) and verb.dep in {"ccomp", "pcomp", "csubj", "ROOT"}
        if wh or (verb.dep == "relcl" and tokens[verb.head].lemma.lower() not in _ADVERBIAL):
            note = f"{token.text} 的宾语移到了前面，介词留在从句末尾：{verb.text} … {token.text}"
            yield _point("preposition at the end of a clause", "介词后置", note), _span(token, token)


def _fronted_participle(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "Given a name, the function …": who does it stands in the main clause, right after the comma."""
    for i, token in enumerate(tokens):
        fronted = token.tag in {"VBN", "VBG"} and token.dep == "advcl" and token.head > i
        if not fronted or not _opens(tokens, i) or token.lemma.lower() in _GUIDES:
            continue
        if any(t.head == i and t.dep in {*_SUBJECTS, "mark", "aux"} for t in tokens):
            continue
        comma = next((j for j in range(i, token.head) if tokens[j].text == ","), None)
        subject = next((j for j, t in enumerate(tokens) if t.head == token.head and t.dep in _SUBJECTS), None)
        if comma is None or subject is None or not comma < subject <= comma + _SUBJECT_WITHIN:
            continue
        if tokens[subject].text.lower() not in _NO_DOER:
            doing = "主动" if token.tag == "VBG" else "被动"
            note = f"分词短语作状语，{token.text} 与主句主语 {tokens[subject].text} 是{doing}关系"
            yield _point("participle clause", "分词短语作状语", note), _span(token, token)


def _clause_as_subject(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "Whether it works depends on …": a clause with a verb of its own stands before the verb.

    Not "what matters is …", which everybody says and the list has, nor in questions.
    """
    if any(token.text == "?" for token in tokens):
        return
    for i, token in enumerate(tokens):
        if token.dep not in {"csubj", "csubjpass"} or token.head <= i:
            continue
        verb = tokens[token.head]
        mine = [j for j, t in enumerate(tokens[:i]) if t.head == i and t.upos != "PUNCT"]
        first = min(mine, default=i)
        opener = tokens[first].text.lower()
        if opener not in _CLAUSE_OPENERS or not _opens(tokens, first):
            continue
        clause = tokens[first:i]
        if any(t.text.startswith("-") for t in clause) or not any(
            t.dep in _SUBJECTS or t.tag == "TO" for t in clause
        ):
            continue
        note = f"{tokens[first].text} 引导的从句放在句首作主语，谓语是 {verb.text}"
        yield _point("clause as subject", "从句作主语", note), _span(tokens[first], token)


def _inverted_condition(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "Had we known, …", "Should you need it, …": "if" is left out, and the verb stands first."""
    for i, (token, after) in enumerate(pairwise(tokens)):
        if token.text.lower() not in _CONDITIONS or not _opens(tokens, i) or after.dep not in _SUBJECTS:
            continue
        clause = i if token.dep == "advcl" else token.head
        if tokens[clause].dep == "advcl" and after.head == clause and tokens[clause].head < len(tokens):
            note = (
                f"省略 if，{token.text} 提到主语 {after.text} 之前，等于 if {after.text} {token.text.lower()}"
            )
            point = _point("inverted condition", "假如……（省略 if 的倒装）", note, "C1")
            yield point, _span(token, tokens[clause])


def _perfect_participle(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "Having escaped, he …": what was done before the main clause."""
    for i, (token, part) in enumerate(pairwise(tokens)):
        if (
            token.text.lower() != "having"
            or part.tag != "VBN"
            or part.dep != "advcl"
            or not _opens(tokens, i)
        ):
            continue
        subject = next((j for j, t in enumerate(tokens) if t.head == part.head and t.dep in _SUBJECTS), None)
        if subject is not None and part.head > i and tokens[subject].text.lower() not in _NO_DOER:
            doer = tokens[subject].text
            note = f"分词的完成式作状语：{token.text} {part.text} 先于主句的动作，动作者是主句主语 {doer}"
            yield _point("having done", "……之后；由于已经……", note), _span(token, part)


def _absolute(tokens: Sequence[Token]) -> Iterator[Found]:
    """ ", each merchant taking his cut": a participle with a subject of its own, and no verb."""
    for i, part in enumerate(tokens):
        if part.tag != "VBG" or part.dep != "advcl" or part.head >= len(tokens):
            continue
        mine = [j for j, t in enumerate(tokens[:i]) if t.head == i and t.upos != "PUNCT"]
        doers = [j for j in mine if tokens[j].dep == "nsubj" and tokens[j].upos in {"NOUN", "PROPN"}]
        if len(doers) != 1 or any(tokens[j].dep in {"mark", "aux", "cc", "prep"} for j in mine):
            continue
        first = min(j for j, t in enumerate(tokens[:i]) if j in mine or t.head == doers[0])
        main = [t for t in tokens if t.head == part.head and t.dep in _SUBJECTS]
        beside = tokens[first - 1].text if first else ""
        sure = part.lemma.lower() in _STATES or tokens[first].text.lower() in _SHARES
        inside = tokens[first:i]
        broken = any(t.upos == "PUNCT" or t.tag in _WH_TAGS for t in inside)
        if beside not in {"", ","} or not main or broken or not sure:
            continue
        name = _text(tokens[first : doers[0] + 1])
        note = f"独立主格结构：{name} 是 {part.text} 自己的逻辑主语，整个结构作状语，没有谓语动词"
        yield _point("absolute construction", "（同时）……；因为……", note, "C1"), _span(tokens[first], part)


def _have_done(tokens: Sequence[Token]) -> Iterator[Found]:
    """ "Have it checked": an imperative, which parsers take for a perfect."""
    if any(token.text == "?" for token in tokens):
        return
    for i, token in enumerate(tokens):
        if (
            token.text.lower() != "have"
            or token.dep != "aux"
            or token.head >= len(tokens)
            or not _opens(tokens, i)
        ):
            continue
        part = tokens[token.head]
        between = tokens[i + 1 : token.head]
        done = part.tag == "VBN" and between and between[-1].dep in {"nsubj", "nsubjpass"}
        if done and between[-1].text.lower() in _OBJECT_FORMS and len(between) == 1:
            note = "have 后接宾语和过去分词：请人做、使处于某种状态，或遭遇"
            yield _point("have sth done", "让人把……；使……处于……的状态", note), _span(token, part)


_FINDERS: tuple[Callable[[Sequence[Token]], Iterator[Found]], ...] = (
    _with_participle,
    _conjunction_participle,
    _gerund_subject,
    _inversion,
    _emphatic_do,
    _stranded,
    _fronted_participle,
    _clause_as_subject,
    _inverted_condition,
    _perfect_participle,
    _absolute,
    _have_done,
)
