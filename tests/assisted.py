"""The small talk with everything that a language model may write about it."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.types import (
    Assistance,
    Backed,
    Bilingual,
    Dropped,
    Misreading,
    Notes,
    Occurrence,
    Question,
    Quote,
    Span,
    Veto,
    VocabularyItem,
    WrittenClaim,
    WrittenItem,
    WrittenPart,
)
from tests.talks import SMALL_TALK

__all__ = ["ASSISTED_TALK"]


def _quote(sentence: int, words: str) -> Quote:
    text = SMALL_TALK.english[sentence].raw
    at = text.index(words)
    return Quote(sentence=sentence, span=Span(start=at, end=at + len(words)), quote=words)


def _place(sentence: int, words: str) -> Occurrence:
    return Occurrence(language="en", sentence=sentence, span=_quote(sentence, words).span)


_COST = "every new token costs you the whole prompt again"
_OTHER = "Quantization is a different story"

_COSTS = Backed(
    english="Without a cache, each new token makes the model read the whole prompt again.",
    chinese="没有缓存，每生成一个词元，模型都要把整个提示重读一遍。",
    evidence=(_quote(1, _COST),),
)
_APART = Backed(
    english="Quantization is a separate matter.",
    chinese="量化是另外一个话题。",
    evidence=(_quote(2, _OTHER),),
)

_ODD = VocabularyItem(
    head="matter",
    kind="word",
    lemma="matter",
    upos="NOUN",
    cefr="A1",
    zipf=5.0,
    glosses=(),
    occurrences=(_place(0, "matter"),),
)

ASSISTED_TALK: Notes = replace(
    SMALL_TALK,
    vocabulary=(*SMALL_TALK.vocabulary, _ODD),
    assistance=Assistance(
        model="ollama:qwen3-14b",
        written_on="2026-11-30",
        title=Bilingual(english="What a cache saves", chinese="缓存省下了什么"),
        line=Backed(
            english="Why a KV cache matters, and why quantization is another matter.",
            chinese="讲键值缓存为什么重要，以及量化为什么是另一回事。",
            evidence=(_quote(0, "why does a KV cache matter"), _quote(2, _OTHER)),
        ),
        summary=(_COSTS, _APART),
        parts=(
            WrittenPart(
                part=0,
                heading=Bilingual(english="What a KV cache is for", chinese="键值缓存的用处"),
                summary=(_COSTS,),
            ),
            WrittenPart(part=1, heading=None, summary=(_APART,)),
        ),
        claims=(
            WrittenClaim(
                statement=Backed(
                    english="A KV cache saves the cost of the prompt.",
                    chinese="键值缓存省去重复处理提示的开销。",
                    evidence=(_quote(0, "why does a KV cache matter"), _quote(1, _COST)),
                ),
                points=(_COSTS, _APART),
            ),
        ),
        items=(
            WrittenItem(
                head="a different story",
                kind="idiom",
                gloss="完全是两码事",
                note="story 不是故事，指情况；用来转折，引出另一个话题。",
                occurrence=_place(2, "a different story"),
                in_translation=False,
                listed=True,
            ),
            WrittenItem(
                head="cost sb sth",
                kind="expression",
                gloss="让某人付出",
                note=None,
                occurrence=_place(1, "costs you"),
                in_translation=True,
                listed=False,
            ),
        ),
        vetoes=(Veto(head="matter", kind="word", why="这里是动词，意思是“重要”，不是名词。"),),
        misread=(
            Misreading(
                head="costs you",
                literal="花你的钱",
                meant="让你付出代价，这里指多算一遍",
                occurrence=_place(1, "costs you"),
            ),
        ),
        questions=(
            Question(
                part=0,
                question=Bilingual(
                    english="What happens at every new token without a cache?",
                    chinese="没有缓存，每个新词元会带来什么？",
                ),
                answer=_COSTS,
            ),
            Question(
                part=1,
                question=Bilingual(
                    english="Does quantization do the same?", chinese="量化起的是同样的作用吗？"
                ),
                answer=_APART,
            ),
        ),
        dropped=(
            Dropped(feature="claims", reason="number", count=2),
            Dropped(feature="overview", reason="quote", count=1),
        ),
    ),
)
"""Has what the outputs show of a model's writing: also a heading that is missing, another wording, a veto."""
