"""All items of a talk, each once with everywhere it stands, before they are ranked and glossed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from studykit.annotate.vocabulary.candidate import Found, Place
from studykit.annotate.vocabulary.constructions import constructions
from studykit.annotate.vocabulary.expressions import ExpressionMatch, Expressions
from studykit.annotate.vocabulary.grammar import GrammarPoint, grammar_points
from studykit.annotate.vocabulary.listed.entry import Expression
from studykit.annotate.vocabulary.noun_phrases import c_values, compounds, is_free, noun_phrases
from studykit.annotate.vocabulary.words import is_piece, is_word, word_item
from studykit.faces import late
from studykit.glossary import Entry, Glossary
from studykit.glossary.forms import fold, spellings, straighten
from studykit.lexicon import known_key
from studykit.lexicon.dictionary import load_cedict
from studykit.lexicon.levels import level_of, level_value, zipf
from studykit.types import CEFR_LEVELS, Sentence, Span, TermMatch, Token

__all__ = ["EXPRESSION_LIST", "GLOSSARY", "find_items"]

GLOSSARY = "glossary"
EXPRESSION_LIST = "studykit"

_REMARK = late(r"[(\[](?:[a-z]+ ){0,3}[a-z]+[)\]]")


class _Collection:
    """Items by kind and head, words by part of speech too: a marker and the word spelt like it are two."""

    def __init__(self) -> None:
        self.items: dict[tuple[str, ...], Found] = {}

    def add(self, item: Found, sentence: int, span: Span, *, key: str | None = None) -> Found:
        upos = (item.upos or "") if item.kind == "word" else ""
        kept = self.items.setdefault((item.kind, key or known_key(item.head), upos), item)
        kept.places.append(Place(sentence=sentence, span=span))
        return kept

    def add_sense(self, hit: ExpressionMatch, sentence: int) -> None:
        """An expression, with the meaning that it has here if it has the same at all its places."""
        item = _expression(hit.expression, hit.sense)
        kept = self.add(item, sentence, hit.span)
        if kept.chinese != item.chinese:
            several = _expression(hit.expression, None)
            kept.chinese, kept.also = several.chinese, several.also


def find_items(
    sentences: Sequence[Sentence],
    tagged: Sequence[Sequence[Token]],
    *,
    terms: Iterable[TermMatch],
    glossary: Glossary,
    expressions: Expressions,
) -> list[Found]:
    """Terms, expressions, grammar points, term candidates and words of English sentences.

    ``tagged`` holds the tokens of each sentence's text. What is part of a glossary term or an
    expression is not also a word; the same head counts once, as what it was found as first.
    """
    found = _Collection()
    covered = {sent.index: _remarks(sent.text) for sent in sentences}
    mentioned = _add_terms(found, sentences, terms, glossary, covered)
    in_terms = {sentence: set(points) for sentence, points in covered.items()}
    for sent, tokens in zip(sentences, tagged, strict=True):
        for hit in expressions.find(tokens):
            mine = {point for i in hit.tokens for point in range(tokens[i].start, tokens[i].end)}
            if not mine & in_terms[sent.index]:
                found.add_sense(hit, sent.index)
                covered[sent.index] |= mine
        for point, span in (*grammar_points(tokens), *constructions(tokens)):
            found.add(_grammar(point), sent.index, span)
        for word, span in compounds(tokens):
            if covered[sent.index].isdisjoint(span):
                found.add(_compound(word), sent.index, span)
                covered[sent.index].update(span)
    _add_candidates(found, sentences, tagged, covered)
    _add_words(found, zip(sentences, tagged, strict=True), glossary, mentioned, covered)
    return list(found.items.values())


def _remarks(text: str) -> set[int]:
    """The code points of what captions say of sounds, "(air whooshing)": nobody said it."""
    return {point for remark in _REMARK.finditer(text) for point in range(*remark.span())}


def _add_terms(
    found: _Collection,
    sentences: Sequence[Sentence],
    terms: Iterable[TermMatch],
    glossary: Glossary,
    covered: Mapping[int, set[int]],
) -> set[str]:
    """The glossary's terms; returns the ids of those that are mentioned."""
    mentioned = set()
    for match in terms:
        entry = glossary.get(match.entry_id)
        assert entry
        mentioned.add(entry.id)
        for at in match.occurrences:
            if at.language == "en":
                said = sentences[at.sentence].text[at.span.start : at.span.end]
                found.add(_term(entry, said), at.sentence, at.span, key=entry.id)
                covered[at.sentence].update(at.span)
    return mentioned


def _add_words(
    found: _Collection,
    tagged: Iterable[tuple[Sentence, Sequence[Token]]],
    glossary: Glossary,
    mentioned: AbstractSet[str],
    covered: Mapping[int, AbstractSet[int]],
) -> None:
    tagged = list(tagged)
    names = _names(tokens for _, tokens in tagged)
    for sent, tokens in tagged:
        for i, token in enumerate(tokens):
            span = Span(start=token.start, end=token.end)
            if not is_word(token) or token.text in names or not covered[sent.index].isdisjoint(span):
                continue
            if is_piece(tokens, i):
                continue
            entry = glossary.look_up(token.text)
            if entry is None:
                found.add(word_item(token), sent.index, span)
            elif entry.id in mentioned:  # "rag" in automatic captions of a talk on RAG
                found.add(_term(entry, token.text), sent.index, span, key=entry.id)


def _names(tagged: Iterable[Sequence[Token]]) -> set[str]:
    """Words that are written with a capital inside sentences, and never without one: names."""
    inside: set[str] = set()
    small: set[str] = set()
    for tokens in tagged:
        words = [token for token in tokens if token.text.isalpha()]
        small.update(token.text.capitalize() for token in words if token.text.islower())
        for before, token in pairwise(words):
            if token.text.istitle() and before.end + 1 == token.start and token.text != before.text:
                inside.add(token.text)
    return inside - small


def _expression(entry: Expression, sense: str | None) -> Found:
    """With the Chinese of the one meaning that is shown; a translation may have that of another."""
    also = [text for text in (entry.also, entry.chinese if sense else None) if text]
    return Found(
        head=entry.head,
        kind=entry.kind,
        lemma=entry.head.lower(),
        upos="VERB" if entry.kind == "phrasal_verb" else None,
        level=entry.level,
        level_value=CEFR_LEVELS.index(entry.level) + 1.0,
        zipf=zipf(entry.head),
        chinese=(sense or entry.chinese,),
        also=tuple(also),
        source=EXPRESSION_LIST,
        unmistakable=entry.unmistakable,
        listed_in=entry.listed_in,
        note=_note(entry),
    )


def _note(entry: Expression) -> str | None:
    """What the words seem to say, then the remark."""
    seeming = f"字面像是“{entry.literal}”" if entry.literal else None
    return "；".join(part for part in (seeming, entry.note) if part) or None


def _grammar(point: GrammarPoint) -> Found:
    return Found(
        head=point.head,
        kind="grammar",
        lemma=point.head,
        upos=None,
        level=point.level,
        level_value=CEFR_LEVELS.index(point.level) + 1.0,
        zipf=0.0,
        chinese=(point.chinese,),
        source=EXPRESSION_LIST,
        note=point.note,
    )


def _term(entry: Entry, said: str) -> Found:
    """A glossary term under the form that is said first, a plural or a case aside."""
    head = next((form for form in entry.english_forms if _spells(form, said)), entry.english)
    if fold(straighten(head)) == fold(straighten(said)) and "-" in head + said:
        head = said  # hyphens as in the text
    full = f"{head} ({entry.english})" if head == entry.abbreviation != entry.english else head
    return Found(
        head=full,
        kind="term",
        lemma=entry.english.lower(),
        upos="NOUN",
        level=None,
        level_value=None,
        zipf=zipf(said),
        chinese=entry.chinese_forms,
        source=GLOSSARY,
    )


def _spells(form: str, said: str) -> bool:
    plain = fold(straighten(said))
    return any(fold(spelling.text) == plain for spelling in spellings(form))


def _add_candidates(
    found: _Collection,
    sentences: Sequence[Sentence],
    tagged: Sequence[Sequence[Token]],
    covered: Mapping[int, AbstractSet[int]],
) -> None:
    cedict = load_cedict()
    places: dict[str, list[Place]] = {}
    for sent, tokens in zip(sentences, tagged, strict=True):
        for head, span, ends in noun_phrases(tokens):
            letters = {point for point in span if not sent.text[point].isspace()}
            if not letters <= covered[sent.index] and (ends or cedict.chinese(head)):
                places.setdefault(head, []).append(Place(sentence=sent.index, span=span))
    values = c_values({head: len(where) for head, where in places.items()})
    for head, where in places.items():
        listed = cedict.chinese(head)
        in_dictionary = bool(listed)
        if listed and is_free(head, listed):
            continue
        if values[head] <= 0 or not (in_dictionary or _recurs(head, where, sentences)):
            continue
        hardest = max((level_value(word, None) or 0.0 for word in head.split()), default=0.0)
        item = Found(
            head=head,
            kind="term",
            lemma=head.lower(),
            upos="NOUN",
            level=None,
            level_value=hardest or None,
            zipf=zipf(head),
            in_dictionary=in_dictionary,
        )
        for place in where:
            found.add(item, place.sentence, place.span)


def _recurs(head: str, places: Sequence[Place], sentences: Sequence[Sentence]) -> bool:
    """Whether a phrase that no dictionary has is said again, in words that are no names or numbers."""
    plain = head.islower() and all(part.replace("-", "").isalpha() for part in head.split())
    return plain and len({sentences[place.sentence].text for place in places}) > 1


def _compound(word: str) -> Found:
    """A hyphenated word, as hard as its rarest part."""
    hardest = max((level_value(part, None) or 0.0 for part in word.split("-")), default=0.0)
    return Found(
        head=word,
        kind="word",
        lemma=word,
        upos="ADJ",
        level=level_of(hardest),
        level_value=hardest,
        zipf=zipf(word),
    )
