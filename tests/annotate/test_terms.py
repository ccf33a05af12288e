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


def test_the_translation_tells_which_sense_an_ordinary_word_has() -> None:
    paint = sentences("Drag the gradient over it.", "A learning rate is another thing.")
    assert "gradient" in {match.entry_id for match in find_terms({"en": paint}, GLOSSARY)}
    assert "gradient" not in places(paint, sentences("把渐变拖过去。", "学习率是另一回事。"))
    shell = sentences("It shows a prompt.", "The prompt is short.")
    assert "prompt" not in places(shell, sentences("它显示提示符。", "提示符很短。"))
    assert (
        places(shell, sentences("它显示提示词。", "提示词很短。"))["prompt"]
        == ["prompt"] * 2 + ["提示词"] * 2
    )


def test_a_word_vouched_for_by_its_translation_vouches_for_others() -> None:
    english = sentences("The prompt is long.", "So context isn't free.")
    assert "model-context" not in places(english, sentences("提示符很长。", "上下文不是免费的。"))
    assert places(english, sentences("提示词很长。", "上下文不是免费的。"))["model-context"] == [
        "context",
        "上下文",
    ]


def test_words_of_the_field_have_its_sense_where_the_talk_is_of_the_field() -> None:
    manual = ("The shell shows a prompt.", "Training new users takes time.", "Press F1.", "Use IDE disks.")
    assert not find_terms({"en": sentences(*manual)}, GLOSSARY)
    talk = sentences("We want to fine-tune GPT-2 with LoRA.", *["Right."] * 9, "When do I fine-tune?")
    said = {match.entry_id: match.occurrences for match in find_terms({"en": talk}, GLOSSARY)}
    assert [at.sentence for at in said["fine-tuning"]] == [0, 10]


def test_a_word_that_is_once_in_company_keeps_its_sense_if_the_talk_has_much_of_it() -> None:
    company = [f"The learning rate of run {i} is low." for i in range(3)]
    far = [*["Right."] * 4, "This gradient is noisy."] * 3
    alone = find_terms({"en": sentences("The gradient is steep.", company[0], *far)}, GLOSSARY)
    much = find_terms(
        {"en": sentences("The gradient is steep.", *company, *["No."] * 4, company[0], *far)}, GLOSSARY
    )
    uses = [
        sum(len(match.occurrences) for match in found if match.entry_id == "gradient")
        for found in (alone, much)
    ]
    assert uses == [1, 4]


def test_a_translation_by_an_ordinary_word_proves_nothing() -> None:
    english = sentences("It is a loss of revenue.", "A service stopped.")
    assert "loss" not in places(english, sentences("这是收入损失。", "服务中断了。"))
    english = sentences("The loss is low.", "Gradient descent lowers it.")
    assert places(english, sentences("损失很低。", "梯度下降会降低它。"))["loss"] == ["loss", "损失"]


def test_english_that_was_left_in_a_translation_proves_nothing() -> None:
    english = sentences("The list will be fine-tuned later.", "Packages are chosen.")
    chinese = sentences("The list will be fine-tuned later.", "软件包已选定。")
    assert "fine-tuning" not in places(english, chinese)
