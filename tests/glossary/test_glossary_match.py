from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.glossary import Entry, Glossary, Matcher, load_glossary
from studykit.glossary.forms import Spelling, fold, spellings, straighten
from studykit.glossary.load import built_in_spellings

MakeEntry = Callable[..., Entry]


@pytest.fixture(scope="module")
def glossary(make_entry: MakeEntry) -> Glossary:
    return Glossary(
        [
            make_entry("rag", "retrieval-augmented generation", abbreviation="RAG", chinese="检索增强生成"),
            make_entry("lora", "low-rank adaptation", abbreviation="LoRA", chinese="低秩适配"),
            make_entry("gpu", "graphics processing unit", abbreviation="GPU", aliases=("gpu",)),
            make_entry("fine-tuning", "fine-tuning", chinese="微调"),
            make_entry("full-fine-tuning", "full fine-tuning", chinese="全量微调"),
            make_entry("token", "token", chinese="词元", chinese_accepted=("标记",)),
            make_entry(
                "next-token", "next-token prediction", chinese="下一个 token 预测", chinese_accepted=()
            ),
            make_entry("kv-cache", "KV cache", chinese="KV 缓存"),
            make_entry("policy", "policy", chinese="策略"),
            make_entry("loss", "loss", chinese="损失"),
            make_entry("epoch", "epoch", chinese="轮次"),
            make_entry("batch", "batch", chinese="批次"),
            make_entry("seal", "self-adapting model", abbreviation="SEAL"),
            make_entry("seal-animal", "seal", chinese="海豹"),
            make_entry("moore", "Moore's law", chinese="摩尔定律"),
            make_entry("training", "training", chinese="训练"),
            make_entry("pre-training", "pre-training", chinese="预训练"),
        ]
    )


def found(glossary: Glossary, language: str, text: str) -> list[tuple[str, str]]:
    return [
        (match.entry_id, text[match.span.start : match.span.end])
        for match in Matcher(glossary, language).find(text)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("We use RAG here.", [("rag", "RAG")]),
        ("a rag and a Rag", []),
        ("two RAGs, one RAG's index", [("rag", "RAGs"), ("rag", "RAG")]),
        ("DRAG RAGE RAG2 my_RAG", []),
        ("non-RAG (RAG)/RAG", [("rag", "RAG")] * 3),
        ("gpus and GPUs and a Gpu", [("gpu", "gpus"), ("gpu", "GPUs"), ("gpu", "Gpu")]),
        (
            "fine-tuning, Fine tuning, finetuning, fine\u2011tuning, fine\ntuning",
            [
                ("fine-tuning", "fine-tuning"),
                ("fine-tuning", "Fine tuning"),
                ("fine-tuning", "finetuning"),
                ("fine-tuning", "fine\u2011tuning"),
                ("fine-tuning", "fine\ntuning"),
            ],
        ),
        ("full fine tuning", [("full-fine-tuning", "full fine tuning")]),
        ("tokens, tokenization, TOKEN", [("token", "tokens"), ("token", "TOKEN")]),
        ("the next token prediction task", [("next-token", "next token prediction")]),
        ("the next token", [("token", "token")]),
        ("policies and losses", [("policy", "policies"), ("loss", "losses")]),
        ("three epochs, two batches", [("epoch", "epochs"), ("batch", "batches")]),
        ("the kv-cache", [("kv-cache", "kv-cache")]),
        ("SEAL learns, seals swim", [("seal", "SEAL"), ("seal-animal", "seals")]),
        ("Moore\u2019s law", [("moore", "Moore\u2019s law")]),
        ("", []),
    ],
)  # fmt: skip
def test_english(glossary: Glossary, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(glossary, "en", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我们做RAG的时候", [("rag", "RAG")]),
        ("检索增强生成（RAG）", [("rag", "检索增强生成"), ("rag", "RAG")]),
        ("把标记叫做词元", [("token", "标记"), ("token", "词元")]),
        ("下一个token预测", [("next-token", "下一个token预测")]),
        ("下一个 token 预测", [("next-token", "下一个 token 预测")]),
        ("KV缓存和kv 缓存", [("kv-cache", "KV缓存"), ("kv-cache", "kv 缓存")]),
        ("先预训练再训练", [("pre-training", "预训练"), ("training", "训练")]),
        ("全量微调不是微调", [("full-fine-tuning", "全量微调"), ("fine-tuning", "微调")]),
        ("用LoRA做fine tuning", [("lora", "LoRA"), ("fine-tuning", "fine tuning")]),
        ("DRAG的", []),
    ],
)
def test_chinese(glossary: Glossary, text: str, expected: list[tuple[str, str]]) -> None:
    assert found(glossary, "zh-Hans", text) == expected


def test_english_text_is_not_searched_for_chinese_forms(glossary: Glossary) -> None:
    assert found(glossary, "en", "微调 is fine-tuning") == [("fine-tuning", "fine-tuning")]


@pytest.mark.parametrize("before", ["😀🎓 ", "İİ ", "𝔸 ", "ﬁ ß ", "\ud83d "])
def test_offsets_count_code_points_of_the_text_as_given(glossary: Glossary, before: str) -> None:
    assert found(glossary, "en", f"{before}Tokens and RAG") == [("token", "Tokens"), ("rag", "RAG")]


def test_a_letter_that_grows_in_lower_case_can_be_part_of_a_form(make_entry: MakeEntry) -> None:
    city = Glossary([make_entry("city", "İstanbul corpus")])
    assert found(city, "en", "İ: the İstanbul Corpus") == [("city", "İstanbul Corpus")]


def test_an_empty_glossary_finds_nothing() -> None:
    assert Matcher(Glossary([]), "en").find("RAG") == []


PIECES = ["RAG", "rag", "LoRA", "fine-tuning", "finetuning", "fine", "tuning", "token", "Tokens", "next",
          "prediction", "KV", "缓存", "KV 缓存", "微调", "全量", "训练", "预", "loss", "losses", "s", "es",
          " ", " ", "-", "'", "\n", "İ", "😀", "的", "1", "_", "."]  # fmt: skip


@given(
    st.lists(st.sampled_from(PIECES), max_size=25).map("".join) | st.text(max_size=60),
    st.sampled_from(["en", "zh"]),
)
def test_matches_are_in_order_apart_and_forms_of_their_entry(
    glossary: Glossary, text: str, language: str
) -> None:
    matches = Matcher(glossary, language).find(text)
    assert all(left.span.end <= right.span.start for left, right in pairwise(matches))
    for match in matches:
        entry = glossary.get(match.entry_id)
        assert entry is not None
        written = straighten(text[match.span.start : match.span.end])
        allowed = {s for form in (*entry.english_forms, *entry.chinese_forms) for s in spellings(form)}
        assert {Spelling(written, True), Spelling(fold(written), False)} & allowed


@given(
    st.sampled_from(["RAG", "LoRA", "fine-tuning", "next-token prediction", "策略", "KV 缓存"]),
    st.text(alphabet="的，。 😀İ\n(", max_size=8),
    st.text(alphabet="的，。 😀\n)'", max_size=8),
)
def test_a_form_is_found_wherever_it_stands_alone(
    glossary: Glossary, form: str, before: str, after: str
) -> None:
    if before.endswith("İ") and form[0].isascii():
        before += " "
    found_spans = [
        (match.span.start, match.span.end) for match in Matcher(glossary, "zh").find(before + form + after)
    ]
    assert found_spans == [(len(before), len(before) + len(form))]


@given(st.text())
def test_folding_and_straightening_keep_every_offset(text: str) -> None:
    assert len(straighten(text)) == len(fold(text)) == len(text)


def test_four_hours_of_talk_against_ten_thousand_terms(make_entry: MakeEntry) -> None:
    terms = Glossary(make_entry(f"t{i}", f"word{i % 100} item{i}") for i in range(10_000))
    text = " ".join(f"word{i % 100} item{i % 20_000}" for i in range(20_000))
    assert len(Matcher(terms, "en").find(text)) == 10_000


@pytest.fixture(scope="module")
def code_terms(make_entry: MakeEntry) -> Glossary:
    return Glossary(
        [
            make_entry("function", "Python function", aliases=("def statement",)),
            make_entry(
                "argument",
                "function argument",
                aliases=("argument",),
                chinese="实参",
                chinese_accepted=("论元",),
                ambiguous=("argument", "论元"),
                not_in=("argument that",),
                see_also=("function", "return"),
                company=("data",),
                category="programming",
            ),
            make_entry(
                "return",
                "return value",
                aliases=("return",),
                ambiguous=("return",),
                see_also=("function",),
            ),
            make_entry("corpus", "corpus", category="data"),
            make_entry("attention", "attention", not_in=("pay attention", "paid attention")),
        ]
    )


def arguments(glossary: Glossary, *sentences: str, language: str = "en") -> list[int]:
    """In which sentences the ambiguous term is found."""
    matches = Matcher(glossary, language).find_in(sentences)
    return [i for i, found in enumerate(matches) if any(match.entry_id == "argument" for match in found)]


@given(st.lists(st.text(alphabet="KV cache-tokenİΣς\0。微调“’", max_size=12), max_size=6))
def test_sentences_are_searched_as_if_each_stood_alone(glossary: Glossary, texts: list[str]) -> None:
    for language in ("en", "zh"):
        matcher = Matcher(glossary, language)
        assert matcher.find_in(texts) == [matcher.find(text) for text in texts]


def test_no_term_begins_in_one_sentence_and_ends_in_the_next(glossary: Glossary) -> None:
    texts = ["We keep the KV", "cache. It is fine", "tuning of a token", "token"]
    found = Matcher(glossary, "en").find_in(texts)
    assert [[match.entry_id for match in here] for here in found] == [[], [], ["token"], ["token"]]
    assert [(match.span.start, match.span.end) for match in found[2]] == [(12, 17)]


def test_an_ordinary_word_counts_only_in_the_company_of_related_terms(code_terms: Glossary) -> None:
    assert arguments(code_terms, "We had an argument.") == []
    assert arguments(code_terms, "A Python function takes an argument.") == [0]
    assert arguments(code_terms, "Here is a def statement.", "It goes on.", "Two arguments.") == [2]
    assert arguments(code_terms, "A function argument.", "That argument is a list.") == [0, 1]
    assert arguments(code_terms, "An argument and a return.") == [0]
    assert arguments(code_terms, "A return.", "An argument.") == []
    assert arguments(code_terms, "An argument on the corpus.") == [0]
    assert arguments(code_terms, "load_corpus has an argument.") == [0]
    far = ["An argument.", "An argument.", "An argument.", *["Nothing."] * 3, "A Python function."]
    assert arguments(code_terms, *far) == []
    assert arguments(code_terms, "Python function", "这个论元", language="zh") == [1]


def test_a_word_keeps_its_sense_within_a_talk(code_terms: Glossary) -> None:
    talk = ["A Python function.", "An argument.", *["Nothing."] * 9, "The argument again."]
    assert arguments(code_terms, *talk) == [1, 11]


def test_an_ambiguous_form_is_no_verb(make_entry: MakeEntry) -> None:
    terms = Glossary(
        [
            make_entry("batch", "batch", ambiguous=("batch",), see_also=("gpu",)),
            make_entry("gpu", "GPU"),
        ]
    )
    text = "On a GPU we batch, you can also batch, to batch; a batch."
    spans = [match.span.start for match in Matcher(terms, "en").find(text) if match.entry_id == "batch"]
    assert spans == [text.index("a batch") + 2]


def test_a_form_that_is_always_a_verb_may_be_one(make_entry: MakeEntry) -> None:
    terms = Glossary(
        [
            make_entry("memorization", "memorization", aliases=("memorize",), ambiguous=("memorize",),
                       company=("gpu",)),
            make_entry("gpu", "GPU"),
        ]
    )  # fmt: skip
    found = Matcher(terms, "en").find_in(["On a GPU models learn to memorize.", *["So."] * 9, "I memorize."])
    assert [match.entry_id for match in found[0]] == ["gpu", "memorization"]
    assert not Matcher(terms, "en").find("She will memorize her lines.")


def test_what_is_borne_out_vouches_for_others(make_entry: MakeEntry) -> None:
    terms = Glossary(
        [
            make_entry("gpu", "GPU"),
            make_entry("token", "token", ambiguous=("token",), company=("gpu",)),
            make_entry("context", "context", ambiguous=("context",), company=("token",)),
        ]
    )
    talk = ["A GPU.", "Nothing.", "A token.", "Nothing.", "The context."]
    assert [m.entry_id for found in Matcher(terms, "en").find_in(talk) for m in found] == [
        "gpu", "token", "context",
    ]  # fmt: skip
    assert not any(Matcher(terms, "en").find_in(talk[1:]))


def test_english_in_chinese_text_needs_no_company(make_entry: MakeEntry) -> None:
    terms = Glossary([make_entry("token", "token", ambiguous=("token", "词语token"), company=("gpu",))])
    assert [match.span.start for match in Matcher(terms, "zh").find("每个 token 都要算。")] == [3]
    assert not Matcher(terms, "zh").find("每个词语token都要算。")
    assert not Matcher(terms, "en").find("A token of thanks.")


def test_a_phrase_can_take_a_form_away(code_terms: Glossary) -> None:
    text = "Pay attention: attention, and they paid attention to an argument that a Python function failed."
    ids = [match.entry_id for match in Matcher(code_terms, "en").find(text)]
    assert ids == ["attention", "function"]


def test_stored_spellings_are_those_of_the_forms() -> None:
    stored = built_in_spellings()
    forms = {
        form for entry in load_glossary().entries for form in (*entry.english_forms, *entry.chinese_forms)
    }
    assert forms <= stored.keys()
    for form, found in stored.items():
        assert len(found) == len(set(found))
        assert set(found) == spellings(form)
