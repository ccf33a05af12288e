"""Glossary terms in two languages at once."""

from __future__ import annotations

from collections.abc import Sequence

from studykit.annotate import find_terms
from studykit.glossary import Glossary, load
from studykit.resources import data_dir
from studykit.types import Alignment, Bead, Sentence, Span

GLOSSARY: Glossary = load([data_dir("glossaries")])


def sentences(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts))


def paired(count: int) -> Alignment:
    beads = tuple(
        Bead(source=Span(start=i, end=i + 1), target=Span(start=i, end=i + 1), score=0.9)
        for i in range(count)
    )
    return Alignment(source_id="e", target_id="z", beads=beads, encoder="none")


def places(
    english: Sequence[Sentence], chinese: Sequence[Sentence], lead: str = "en"
) -> dict[str, list[str]]:
    texts = {"en": english, "zh": chinese}
    found = find_terms(texts, GLOSSARY, paired(len(english)), lead=lead)
    return {
        match.entry_id: [
            texts[at.language][at.sentence].text[at.span.start : at.span.end] for at in match.occurrences
        ]
        for match in found
    }


def test_what_was_said_decides_what_the_translation_means() -> None:
    english = sentences("It reasons about everything.", *["Fine."] * 4, "Inference is cheap.")
    chinese = sentences("它对一切都要推理。", *["好。"] * 4, "推理很便宜。")
    assert places(english, chinese)["inference"] == ["Inference", "推理"]


def test_a_translator_may_move_a_term_to_the_next_sentence() -> None:
    english = sentences("Inference is cheap.", "It runs all day.")
    chinese = sentences("这很便宜。", "推理整天都在跑。")
    assert places(english, chinese)["inference"] == ["Inference", "推理"]


def test_in_a_chinese_talk_the_chinese_decides() -> None:
    english = sentences("Inference is cheap.")
    chinese = sentences("这很便宜。")
    assert "inference" not in places(english, chinese, lead="zh")


def test_without_an_alignment_every_place_counts() -> None:
    found = find_terms({"zh": sentences("它要推理。")}, GLOSSARY)
    assert [match.entry_id for match in found] == ["inference"]
