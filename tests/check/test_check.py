"""Findings about a translation: what is found, and what is left in peace."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studykit.annotate import find_terms
from studykit.check import check
from studykit.compose import compose
from studykit.glossary import Entry, Glossary
from studykit.types import Alignment, Annotations, Bead, Document, Finding, Paragraph, Sentence, Source, Span


def entry(entry_id: str, english: str, chinese: str, *accepted: str) -> Entry:
    return Entry(
        id=entry_id,
        english=english,
        chinese=chinese,
        chinese_accepted=accepted,
        category="general",
        definition_en="A thing.",
        definition_zh="某物。",
        source="test",
    )


GLOSSARY = Glossary(
    [
        entry("token", "token", "词元", "标记", "令牌"),
        entry("gradient-descent", "gradient descent", "梯度下降"),
        entry("deepseek", "DeepSeek", "DeepSeek", "深度求索"),
    ]
)


def document(language: str, texts: Sequence[str]) -> Document:
    return Document(
        id=language,
        language=language,
        sentences=tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts)),
        paragraphs=(Paragraph(index=0, sentences=Span(start=0, end=len(texts))),),
    )


def findings(*pairs: tuple[str, str]) -> tuple[Finding, ...]:
    """Of sentences that are aligned one to one; an empty text is no sentence."""
    english = document("en", [en for en, _ in pairs if en])
    chinese = document("zh", [zh for _, zh in pairs if zh])
    beads, at = [], [0, 0]
    for pair in pairs:
        ends = [at[side] + bool(pair[side]) for side in (0, 1)]
        source, target = (Span(start=at[side], end=ends[side]) for side in (0, 1))
        beads.append(Bead(source=source, target=target, score=0.9))
        at = ends
    notes = compose(
        source=Source(id="0", kind="text", language="en", title="A talk"),
        timing="none",
        lead=english,
        other=chinese,
        alignment=Alignment(source_id="en", target_id="zh", beads=tuple(beads), encoder="none"),
        annotations=Annotations(
            terms=find_terms({"en": english.sentences, "zh": chinese.sentences}, GLOSSARY)
        ),
        glossary=GLOSSARY,
    )
    return check(notes, GLOSSARY)


def kinds(english: str, chinese: str) -> list[tuple[str, str]]:
    return [(finding.kind, finding.severity) for finding in findings((english, chinese))]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It has 1.6 billion parameters.", "它有16亿个参数。"),
        ("We met in November, and Claude was there.", "我们十一月见面，克劳德也在。"),
        ("I asked about Tajikistan.", "我问的是塔吉克斯坦。"),
        ("Then DeepSeek came.", "后来深度求索来了。"),
        ("Isn't it nice?", "很好吧？"),
        ("It is not only fast.", "它又快又好。"),
        ("Gradient descent finds it.", "用梯度的下降就能找到。"),
        ("The store took about half of it.", "商店拿走了大约一半。"),
        ("So gp4 can do it.", "所以 GPT-4 能做到。"),
    ],
)
def test_good_translations_are_left_in_peace(english: str, chinese: str) -> None:
    assert findings((english, chinese)) == ()


@pytest.mark.parametrize(
    ("english", "chinese", "found"),
    [
        ("It has 1.6 billion parameters.", "它有1.6亿个参数。", ("number", "high")),
        ("About 1 in 10,000 fail.", "大约十万分之一会失败。", ("number", "high")),
        ("It holds 44 terabytes.", "它有 44 GB。", ("number", "high")),
        ("It took 17 days.", "它花了很久。", ("number", "medium")),
        ("It took days.", "它花了 17 天。", ("number", "medium")),
        ("Then GPT-4o answered.", "然后 Claude 回答了。", ("name", "high")),
        ("See app.hyper.xyz for it.", "见 hyper.la。", ("name", "high")),
        ("Then DeepSeek came.", "后来深势科技来了。", ("name", "medium")),
        ("We use gradient descent.", "我们用老办法。", ("term", "medium")),
        ("The model does not forget.", "模型会忘记。", ("negation", "medium")),
        (
            "We saw that it works quite well.",
            "我们 saw that it works quite well。",
            ("untranslated", "medium"),
        ),
    ],
)
def test_what_is_wrong_is_found(english: str, chinese: str, found: tuple[str, str]) -> None:
    assert found in kinds(english, chinese)


@pytest.mark.parametrize(
    "names", ["Sam Altman and Greg Brockman", "University of California in Berkeley", "The New York Times"]
)
def test_names_of_several_words_may_stay_in_english(names: str) -> None:
    assert "untranslated" not in {kind for kind, _ in kinds(f"We met {names}.", f"我们遇到了 {names}。")}


def test_a_sentence_that_only_one_side_has() -> None:
    whole = "This sentence tells you how all of it works in the end."
    lost = findings(("Good.", "好。"), (whole, ""), ("Yeah.", ""))
    assert [(f.kind, f.english, f.chinese) for f in lost] == [("omitted", f"{whole} Yeah.", "")]
    added = findings(("Good.", "好。"), ("", "这句话完整地告诉了你这一切到底是怎么运作的。"))
    assert [(f.kind, f.english) for f in added] == [("omitted", "")]
    assert findings(("Good.", "好。"), ("Yeah.", "")) == ()


def test_a_term_in_several_forms_is_told_once() -> None:
    found = findings(
        ("A token costs.", "一个标记要花钱。"), ("Each token.", "每个标记。"), ("The token.", "这个令牌。")
    )
    assert [(f.kind, f.message) for f in found] == [("term", "token in several forms: 标记 (2), 令牌 (1)")]


def test_a_number_may_stand_in_the_neighbouring_sentence() -> None:
    assert findings(("It took 17 days.", "花了些时间。"), ("Then it ran.", "17 天后它跑起来了。")) == ()


def test_length_out_of_proportion() -> None:
    long = "We took the data and cut it into pieces and trained the model on all of them for weeks and weeks"
    assert ("length", "medium") in kinds(long, "训练了。")
