"""A small talk, made by hand, whose notes tests can look at."""

from __future__ import annotations

from studykit.types import (
    Alignment,
    Bead,
    Chapter,
    Claim,
    Finding,
    Gloss,
    Notes,
    NotesParagraph,
    Occurrence,
    Part,
    Quote,
    Sentence,
    Source,
    Span,
    Term,
    VocabularyItem,
)

__all__ = ["SMALL_TALK", "span"]


def span(start: int, end: int) -> Span:
    """``Span`` in short."""
    return Span(start=start, end=end)


_ENGLISH = (
    ("So why does a KV cache matter?", 60.0, 62.5),
    ("Because without it, every new token costs you the whole prompt again.", 62.5, 67.0),
    ("Quantization is a different story.", 70.0, 72.0),
)
_CHINESE = ("那为什么键值缓存重要？", "因为没有它，每个新词元都要把整个提示重算一遍。", "量化是另一回事。")

SMALL_TALK = Notes(
    source=Source(
        id="5ma11" + "0" * 59,
        kind="captions",
        language="en",
        title="Caches & costs",
        url="https://www.youtube.com/watch?v=abc",
        duration_s=72.0,
        chapters=(Chapter(title="Caching", start_s=60.0), Chapter(title="Fewer bits", start_s=70.0)),
    ),
    timing="captions",
    english=tuple(
        Sentence(index=i, text=text, raw=text, start_s=start_s, end_s=end_s)
        for i, (text, start_s, end_s) in enumerate(_ENGLISH)
    ),
    chinese=tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(_CHINESE)),
    alignment=Alignment(
        source_id="en",
        target_id="zh",
        beads=tuple(
            Bead(source=span(i, i + 1), target=span(i, i + 1), score=score)
            for i, score in enumerate((0.98, 0.97, 0.31))
        ),
        encoder="fake",
    ),
    parts=(
        Part(index=0, title="Caching", paragraphs=span(0, 1)),
        Part(index=1, title="Fewer bits", paragraphs=span(1, 2)),
    ),
    paragraphs=(
        NotesParagraph(
            index=0,
            english=span(0, 2),
            chinese=span(0, 2),
            start_s=60.0,
            end_s=67.0,
            score=0.97,
            introduces=("kv-cache",),
        ),
        NotesParagraph(
            index=1,
            english=span(2, 3),
            chinese=span(2, 3),
            start_s=70.0,
            end_s=72.0,
            score=0.31,
            doubtful=True,
        ),
    ),
    terms=(
        Term(
            entry_id="kv-cache",
            english="KV cache",
            abbreviation=None,
            chinese="键值缓存",
            category="inference",
            glosses=(
                Gloss(text="Keys and values kept for later tokens.", language="en", source="test"),
                Gloss(text="留给后续词元用的键和值。", language="zh", source="test"),
            ),
            demo="kv_cache",
            occurrences=(
                Occurrence(language="en", sentence=0, span=span(14, 22)),
                Occurrence(language="zh", sentence=0, span=span(4, 8)),
            ),
        ),
    ),
    vocabulary=(
        VocabularyItem(
            head="a different story",
            kind="idiom",
            lemma="a different story",
            upos=None,
            cefr="B2",
            zipf=3.0,
            glosses=(Gloss(text="另一回事", language="zh", source="test"),),
            occurrences=(Occurrence(language="en", sentence=2, span=span(16, 33)),),
        ),
    ),
    claims=(
        Claim(
            statement="Without a cache the prompt is paid for at every token.",
            statement_zh="没有缓存，每个词元都要重付一次提示的代价。",
            evidence=(Quote(sentence=1, span=span(20, 68), quote=_ENGLISH[1][0][20:68]),),
            score=0.9,
            demo="kv_cache",
            verdict="Work is saved, not memory.",
            verdict_zh="省的是计算，不是内存。",
        ),
    ),
    findings=(
        Finding(
            kind="number",
            severity="high",
            paragraph=1,
            english=_ENGLISH[2][0],
            chinese=_CHINESE[2],
            message="English 4 bits, Chinese 40 比特, 10 times too large",
            message_zh="英文 4 bits，中文 40 比特，是前者的 10 倍",
        ),
    ),
)
