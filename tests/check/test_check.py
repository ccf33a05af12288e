"""Findings about a translation: what is found, and what is left in peace."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import get_args

import pytest
from msgspec.structs import replace

from studykit.annotate import find_terms
from studykit.check import (
    check,
    relation_of,
    require_same_talk,
    slipped,
    summarised,
)
from studykit.check.messages import MESSAGES
from studykit.compose import compose
from studykit.errors import InputError
from studykit.export import FORMATS, ExportOptions
from studykit.export.doubts import doubtful_paragraphs
from studykit.export.page.labels import LABELS
from studykit.export.page.notes_context import notes_context
from studykit.glossary import Entry, Glossary
from studykit.types import (
    Alignment,
    Annotations,
    Bead,
    Document,
    Finding,
    FindingKind,
    Notes,
    NotesParagraph,
    Paragraph,
    Part,
    Sentence,
    Source,
    Span,
)


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
    return check(notes_of(*pairs), GLOSSARY)


def notes_of(*pairs: tuple[str, str], glossary: Glossary = GLOSSARY) -> Notes:
    """Of sentences that are aligned one to one; an empty text is no sentence."""
    english = document("en", [en for en, _ in pairs if en])
    chinese = document("zh", [zh for _, zh in pairs if zh])
    beads, at = [], [0, 0]
    for pair in pairs:
        ends = [at[side] + bool(pair[side]) for side in (0, 1)]
        source, target = (Span(start=at[side], end=ends[side]) for side in (0, 1))
        beads.append(Bead(source=source, target=target, score=0.9))
        at = ends
    return compose(
        source=Source(id="0", kind="text", language="en", title="A talk"),
        timing="none",
        lead=english,
        other=chinese,
        alignment=Alignment(source_id="en", target_id="zh", beads=tuple(beads), encoder="none"),
        annotations=Annotations(
            terms=find_terms({"en": english.sentences, "zh": chinese.sentences}, glossary)
        ),
        glossary=glossary,
    )


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
        ("One is that the data is not it's not exactly what we want.", "第一，数据不完全是我们想要的。"),
        ("It is not only fast.", "它又快又好。"),
        ("Gradient descent finds it.", "用梯度的下降就能找到。"),
        ("The store took about half of it.", "商店拿走了大约一半。"),
        ("So gp4 can do it.", "所以 GPT-4 能做到。"),
        ("Look at this URL.", "看看这个网址。"),
        ("I sat in that office, and it was pouring.", "我坐在办公室里，外面下着大雨。"),
        ("We asked Zanzibart about TinyStories.", "我们问了 Zanzi Bart，关于 Tiny Stories 的事。"),
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
        ("We use gradient descent.", "我们用老办法。", ("term", "low")),
        ("We use gradient descent.", "我们用词元。", ("term", "high")),
        ("The model does not forget.", "模型会忘记。", ("negation", "medium")),
        ("It does not forget what it did not see.", "它不会忘记它见过的。", ("negation", "low")),
        (
            "Obviously it can't. They are shared weights.",
            "显然它能。它们的权重非常特别。",
            ("negation", "medium"),
        ),
        ("We can start at once.", "我们不能马上开始。", ("negation", "medium")),
        ("It runs every day.", "它每周运行一次。", ("number", "high")),
        ("He comes every Sunday.", "他每周四都来。", ("number", "high")),
        ("They queue each morning.", "他们每天晚上排队。", ("number", "high")),
        ("The second word counts.", "第三个词才算数。", ("number", "medium")),
        ("H appears four times and U four times.", "H 出现四次，U 出现五次。", ("number", "medium")),
        ("The loss decreases with size.", "损失随规模增加。", ("opposite", "medium")),
        ("A decoder follows the encoder.", "编码器后面是编码器。", ("opposite", "medium")),
        (
            "The tool reads the right words, not the others.",
            "工具读错误的词，而不是别的词。",
            ("opposite", "medium"),
        ),
        ("It has a start time and an end time.", "它有结束时间和结束时间。", ("opposite", "medium")),
        ("The process is quite straightforward.", "这个过程相当复杂。", ("opposite", "medium")),
        ("We waited inside the house.", "我们在屋外等着。", ("opposite", "medium")),
        ("You should ignore it.", "你不应该忽略它。", ("negation", "medium")),
        ("I can hardly see it.", "我能看见它。", ("negation", "medium")),
        ("We use neural nets.", "我们用梯度下降。", ("term", "low")),
        ("It costs millions.", "它要花数百。", ("number", "medium")),
        ("It has three heads.", "它有四个头。", ("number", "medium")),
        ("9.11 is smaller than 9.9, you see.", "9.11 大于 9.9。", ("number", "high")),
        ("He works at Stanford now.", "他现在在 MIT 工作。", ("name", "high")),
        ("I lived in San Francisco then.", "我那时住在纽约。", ("name", "high")),
        ("I asked about Tajikistan.", "我问的是哈萨克斯坦。", ("name", "high")),
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


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("The jacket is 100% wool.", "这件外套是 100% 的羊毛。"),
        ("The shed holds nearly two dozen bicycles.", "车棚里放着二十多辆自行车。"),
        ("It plays 16/32 bit sound and runs 24/7.", "它播放 16 / 32 位的声音，24/7 全天运行。"),
        ("Rule No. 1 is to wash your hands.", "第一条规则是洗手。"),
        ("Such files belong to the user nobody.", "这类文件属于 nobody 用户。"),
        ("The pump might not start in winter.", "水泵在冬天可能不能启动。"),
        ("He has not even opened the letter.", "他未必打开过那封信。"),
        ("On Unix-like systems these are special files.", "在 Unix 上，它们是不同的特殊文件。"),
        ("Besides all the above, we did this.", "除了以上这些，我们还做了以下方面的工作。"),
        ("All of it leaves through a small number of doors.", "只能从极少数门出去。"),
        ("We can word it well. This Letter is Rude.", "信也可以写得文雅一点。"),
        ("Winning Free Tickets is possible.", "中奖是确定的。"),
        ("It explains HTTP and the web (WWW).", "它讲解 HTTP 和万维网。"),
        ("We read the Safe Kitchen Rules (SKR) first.", "我们先读安全厨房规则。"),
        ("The GNU GPL is a licence. They like the GPL terms.", "GNU 通用公共许可协议是一种许可证。"),
        ("It has FAQs and a mini-FAQ.", "它有 FAQ 和迷你 FAQ。"),
        ("It follows the Linux Filesystem Rules.", "它遵循 Linux 文件系统规则。"),
        ("Bakers Corp has its own.", "Bakers 公司有自己的。"),
        ("It runs on Microsoft Windows and Apples Mac OS.", "它在微软的 Windows 和苹果的 Mac OS 上运行。"),
    ],
)
def test_manuals_are_left_in_peace(english: str, chinese: str) -> None:
    assert kinds(english, chinese) == []


def test_what_is_left_in_english_is_one_finding_and_no_more() -> None:
    left = ("It is not easy to find them.", "No one has more than three of these.", "It takes time to learn.")
    found = findings(("Good.", "好。"), *((text, text) for text in left))
    assert [(f.kind, f.severity, f.english) for f in found] == [("untranslated", "high", " ".join(left))]
    assert found[0].message.startswith("left in English: It is not easy to find them … No one has more than")
    mixed = findings((f"Scope. {left[0]}", f"本章范围 {left[0]}"))
    assert [f.kind for f in mixed] == ["untranslated"]
    apart = findings(("Good.", "好。"), ("It is not easy to find them all.", ""), ("", left[0]))
    assert [f.kind for f in apart] == ["untranslated"]


def test_a_sentence_that_only_one_side_has() -> None:
    whole = "This sentence tells you how all of it works in the end."
    lost = findings(("Good.", "好。"), (whole, ""), ("Yeah.", ""))
    assert [(f.kind, f.english, f.chinese) for f in lost] == [("omitted", f"{whole} Yeah.", "")]
    added = findings(("Good.", "好。"), ("", "这句话完整地告诉了你这一切到底是怎么运作的。"))
    assert [(f.kind, f.english) for f in added] == [("omitted", "")]
    assert findings(("Good.", "好。"), ("Yeah.", "")) == ()


def test_a_term_in_several_forms_is_told_once() -> None:
    found = findings(
        ("A token costs.", "一个标记要花钱。"),
        ("Each token.", "每个标记。"),
        ("A token.", "一个标记。"),
        ("Some token.", "某个标记。"),
        ("No other token.", "别的标记都不是。"),
        ("The token.", "这个令牌。"),
    )
    assert [(f.kind, f.message) for f in found] == [("term", "token in several forms: 标记 (5), 令牌 (1)")]


def test_a_number_may_stand_in_the_neighbouring_sentence() -> None:
    assert findings(("It took 17 days.", "花了些时间。"), ("Then it ran.", "17 天后它跑起来了。")) == ()


def test_length_out_of_proportion() -> None:
    long = "We took the data and cut it into pieces and trained the model on all of them for weeks and weeks"
    assert ("length", "medium") in kinds(long, "训练了。")


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("It uses a Mixture of Experts.", "它用混合专家模型。"),
        ("I am a Machine Learning Engineer there.", "我在那里当机器学习工程师。"),
        ("(music) - Let's look at it.", "（音乐）- 我们来看看。"),
        ("Hi, my name is Matthew.", "嗨，我叫马修。"),
        ("The CO2 of it, in your UI.", "界面里能看到它的二氧化碳。"),
        ("GPT two is small.", "GPT-2 很小。"),
        ("You get something once or not at all, I don't know, twice.", "要么一次，要么没有，大概两次。"),
        ("Do it differently, and it works.", "换个不同的做法就行。"),
        ("It is not only a number.", "它不只是一个数字。"),
        ("Two weeks later, every year.", "两周以后，每年如此。"),
        ("9.11 is bigger than 9.9, it said.", "它说 9.11 比 9.9 大。"),
        ("It doesn't get larger.", "它不会更大，反而更小。"),
        ("I have never gone there.", "我一直没去过那里。"),
        ("The well is the Qiu family's.", "井是邱家的。"),
        ("Have you read them?", "你看过没有？"),
        ("He came at night, years ago.", "几年前，他夜里来过。"),
    ],
)
def test_what_is_translated_freely_is_left_in_peace(english: str, chinese: str) -> None:
    assert [(f.kind, f.message) for f in findings((english, chinese))] == []


def test_messages_stand_in_both_languages_with_the_same_values() -> None:
    for key, (english, chinese) in MESSAGES.items():
        fields = re.findall(r"{\w+}", english)
        assert sorted(fields) == sorted(re.findall(r"{\w+}", chinese)), key
        assert not re.search(r"[A-Za-z]", re.sub(r"{\w+}", "", chinese)), key
        assert not re.search(r"[\u4e00-\u9fff]", english), key
    (found,) = findings(("It has 14 million rows.", "它有 1400 行。"))
    assert found.message_zh == "英文 14 million，中文 1400，只有前者的 1/10,000"


def test_every_kind_of_finding_has_a_label_in_both_languages() -> None:
    for labels in LABELS.values():
        assert set(labels.checks) == set(get_args(FindingKind))
    assert not re.search("[A-Za-z]", "".join(LABELS["zh"].checks.values()))


ENGLISH = [
    f"This is sentence number {word} of a talk on models." for word in "one two three four".split()
] * 3
CHINESE = ["这是一场模型演讲里的一句话。"] * 12


def test_a_summary_is_held_only_to_what_it_says() -> None:
    long = "And then he goes on for quite a while about this and that, with many words, as one does in talks."
    text = [("It has 1.6 billion parameters, all in all.", "它有1.6亿个参数。")]
    text += [(long, "")] * 30 + [("So it goes.", "如此。")] * 8
    notes = notes_of(*text)
    assert relation_of(notes).kind == "summary"
    assert [f.kind for f in check(notes, GLOSSARY)] == ["number"]


def test_a_translation_of_another_talk_is_refused_with_figures() -> None:
    apart = [(text, "") for text in ENGLISH] + [("", text) for text in CHINESE]
    with pytest.raises(InputError, match=r"only 0% of the English and 0% of the Chinese"):
        require_same_talk(notes_of(*apart), "other.zh.txt")
    together = notes_of(*zip(ENGLISH, CHINESE, strict=True))
    assert require_same_talk(together, "own.zh.txt").kind == "translation"


def test_a_sentence_that_slipped_is_missing_in_its_own_paragraph() -> None:
    notes = notes_of(*[("One is here.", "一。"), ("Two is here.", "二。"), ("Three is here.", "三。")])
    assert notes.alignment
    english = [Span(start=0, end=2), Span(start=2, end=3)]
    assert slipped(notes.alignment, english, english) == []
    (slip,) = slipped(notes.alignment, english, [Span(start=0, end=1), Span(start=1, end=3)])
    assert (slip.paragraph, slip.stands_in, slip.target) == (0, 1, Span(start=1, end=2))
    (finding,) = check(notes, GLOSSARY, [slip])
    assert (finding.kind, finding.english, finding.chinese) == ("slipped", "Two is here.", "二。")
    assert finding.message == "the Chinese stands in paragraph 2, its English in paragraph 1"
    assert finding.message_zh == "这句中文在第 2 段，对应的英文在第 1 段"


def test_half_of_a_translated_sentence_may_slip() -> None:
    beads = (
        Bead(source=Span(start=0, end=1), target=Span(start=0, end=2), score=0.9),
        Bead(source=Span(start=1, end=2), target=Span(start=2, end=3), score=0.9),
    )
    alignment = Alignment(source_id="en", target_id="zh", beads=beads, encoder="none")
    english = [Span(start=0, end=1), Span(start=1, end=2)]
    right = [Span(start=0, end=2), Span(start=2, end=3)]
    assert slipped(alignment, english, right) == []
    (slip,) = slipped(alignment, english, [Span(start=0, end=1), Span(start=1, end=3)])
    assert slip.target == Span(start=1, end=2)


def test_where_translation_turns_into_summary_each_is_held_to_its_own() -> None:
    long = "And then he goes on for quite a while about this and that, with many words, as one does in talks."
    whole = "然后他像做演讲的人那样，用了许多话，把这个那个讲了好一阵子，讲得没完没了，谁也拦不住他。"
    lost = "This sentence was left out of a text that has all the others of its paragraph in it."
    notes = notes_of(*[(long, whole)] * 6, (lost, ""), *[(long, whole)] * 13, *[(long, "")] * 20)
    ends = list(range(0, 44, 4))
    chinese = [min(end - (end > 6), 19) for end in ends]
    paragraphs = tuple(
        NotesParagraph(index=i, english=Span(start=a, end=b), chinese=Span(start=c, end=d))
        for i, (a, b, c, d) in enumerate(zip(ends, ends[1:], chinese, chinese[1:], strict=False))
    )
    part = Part(index=0, title=None, paragraphs=Span(start=0, end=10))
    notes = replace(notes, paragraphs=paragraphs, parts=(part,))
    assert summarised(notes) == set(range(3, 10))
    assert [(f.kind, f.english) for f in check(notes, GLOSSARY)] == [("omitted", lost)]
    by_machine = replace(notes, source=replace(notes.source, translation="translated"))
    assert summarised(by_machine) == set()  # machines sum nothing up
    all_low = replace(notes, paragraphs=tuple(replace(para, doubtful=True) for para in paragraphs))
    assert doubtful_paragraphs(all_low) == {0, 1, 2}
    for labels in LABELS.values():
        context = notes_context(all_low, labels)
        shown = [para.doubtful for part in context.parts for para in part.paragraphs]
        assert shown == [True] * 3 + [False] * 7
        assert context.summarised == 7
        page = FORMATS["md"].make(all_low, ExportOptions(labels=labels))
        assert labels.summarised.format(7) in page
        assert page.count(labels.doubtful) == 3
