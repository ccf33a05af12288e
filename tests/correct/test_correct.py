"""Mis-heard and mistranslated terms: what is put right, what is left, and how it is undone."""

from __future__ import annotations

import gc
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.correct import Corrected, correct, lexicon
from studykit.correct.lexicon import Lexicon
from studykit.fingerprint import digest_texts
from studykit.glossary import Glossary, load
from studykit.resources import data_dir
from studykit.types import Decision, Document, Paragraph, Sentence, Span

GLOSSARY: Glossary = load([data_dir("glossaries")])
FIELD = "We train a large language model with backpropagation, RLHF and retrieval-augmented generation."
FIELD_ZH = "我们用反向传播训练大语言模型，再做后训练和人类反馈强化学习，还有检索增强生成。"


def document(sentences: Sequence[str], language: str = "en") -> Document:
    return Document(
        id=digest_texts(language, sentences),
        language=language,
        sentences=tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(sentences)),
        paragraphs=(Paragraph(index=0, sentences=Span(start=0, end=len(sentences))),),
    )


def corrected(*sentences: str, language: str = "en") -> Corrected:
    return correct(document(sentences, language), GLOSSARY)


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("so I opened Chachi PT again", "so I opened ChatGPT again"),
        ("and then chad gbt came out", "and then ChatGPT came out"),
        ("the gpd2 paper", "the GPT-2 paper"),
        ("on the hugging phase hub", "on the Hugging Face Hub"),
        ("ask Sam Alman about it", "ask Sam Altman about it"),
        ("this is lama 3 here", "this is Llama 3 here"),
        ("we call it agentic rag", "we call it agentic RAG"),
        ("I count it as rag too", "I count it as RAG too"),
        ("by hand with bite pair encoding", "by hand with byte-pair encoding"),
        ("the folks at open ai said", "the folks at OpenAI said"),
        ("a model on huging phase", "a model on Hugging Face"),
        ("two Nemotrun layers", "two Nemotron layers"),
    ],
)
def test_what_sounds_like_a_term_becomes_the_term(heard: str, meant: str) -> None:
    assert corrected(FIELD, heard).document.sentences[1].text == meant


@pytest.mark.parametrize(
    "text",
    [
        "She wiped the table with a rag.",
        "The lama lives in a monastery in Tibet.",
        "He was kept in detention after school.",
        "Tie the rope to the boat and bring some yarn.",
        "The Rashkov family runs a bakery in Plovdiv.",
    ],
)
def test_the_same_words_in_other_talks_stay(text: str) -> None:
    other = "We fold the dough, let it rest for an hour and bake it."
    assert not corrected(other, text, other).corrections


@pytest.mark.parametrize(
    "text",
    [
        "The data center parallelizes what we concatenate.",
        "OpenAI's chatbot is parameterized, and we embed the tokens.",
        "See chat.openai.com/g or my_rag_test for CSS and PDFs.",
        "What is a base model what does it do?",
        "He held a wet rag, and the rag dripped on the GPU.",
        "The README is for human writers who scour the web for an entrypoint.",
        "Token IDs are numbers.",
        "TensorRT is a tool, and AIs watch it.",
        "Nick Bostrom wrote a book on it.",
        "the healthcare ais I mentioned",
        "Load the distilbert-base-uncased-finetuned-sst-2-english checkpoint.",
        "It is trained like roberta-base-squad.",
        'We tokenize the word "huggingface" first.',
        "Send the model and your dataloaders to the GPU.",
    ],
)
def test_right_words_in_a_talk_of_the_field_stay(text: str) -> None:
    assert not corrected(FIELD, text).corrections


@pytest.mark.parametrize(
    "text",
    [
        "At a later date senator Kim asked about the reward model and the policy.",
        "The reward model and the policy were in a tight mix.",
    ],
)
def test_everyday_words_that_only_nearly_sound_like_a_term_are_not_even_proposed(text: str) -> None:
    made = corrected(FIELD, text)  # "date senator" has the consonants of "data center"
    assert not made.corrections
    assert not made.proposals


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("模型一次生成一个代币。", "模型一次生成一个词元。"),
        ("法学硕士会产生幻觉。", "大语言模型会产生幻觉。"),
        ("深潜发布了新的推理模型。", "DeepSeek发布了新的推理模型。"),
        ("变 压器模块里有注意力机制。", "Transformer模块里有注意力机制。"),
        ("现在大家都用ChaiGBT写代码。", "现在大家都用ChatGPT写代码。"),
    ],
)
def test_mistranslated_terms_in_chinese(read: str, meant: str) -> None:
    assert corrected(FIELD_ZH, read, language="zh").document.sentences[1].text == meant


def test_chinese_words_in_other_talks_stay() -> None:
    texts = ("她读完法学硕士就去做律师了。", "他卖掉了全部代币。", "变压器昨天烧坏了。", "潜水员准备深潜。")
    assert not corrected(*texts, language="zh").corrections


def test_a_word_that_is_spoken_of_stays() -> None:
    assert not corrected(FIELD_ZH, "“双子座”指的是星座。", language="zh").corrections


def test_doubtful_corrections_are_only_proposed() -> None:
    found = corrected(FIELD, "He took a rag.")
    assert not found.corrections
    assert [proposal.right for proposal in found.proposals] == ["RAG"]


def test_a_person_outranks_the_score() -> None:
    doc = document([FIELD, "I count it as rag too."])
    first = correct(doc, GLOSSARY).corrections[0]
    decision = Decision(
        language="en", sentence=doc.sentences[1].raw, span=first.span, right="RAG", accepted=False
    )
    rejected = correct(doc, GLOSSARY, decisions=[decision])
    assert rejected.document == doc
    assert rejected.proposals == (first,)
    cloth = document([FIELD, "He took a rag."])
    proposal = correct(cloth, GLOSSARY).proposals[0]
    accepted = Decision(
        language="en", sentence=cloth.sentences[1].raw, span=proposal.span, right="RAG", accepted=True
    )
    assert correct(cloth, GLOSSARY, decisions=[accepted]).corrections == (proposal,)


def test_a_decision_about_a_word_holds_in_every_sentence() -> None:
    doc = document([FIELD, "I count it as rag too.", "And he calls it rag again."])
    first, second = correct(doc, GLOSSARY).corrections
    everywhere = Decision(
        language="en",
        sentence=doc.sentences[1].raw,
        span=first.span,
        right="RAG",
        accepted=False,
        everywhere=True,
    )
    assert not correct(doc, GLOSSARY, decisions=[everywhere]).corrections
    here = Decision(
        language="en", sentence=doc.sentences[2].raw, span=second.span, right="RAG", accepted=True
    )
    assert correct(doc, GLOSSARY, decisions=[everywhere, here]).corrections == (second,)


@pytest.mark.parametrize(
    ("wrong", "right", "text", "found"),
    [
        ("tri dow", "Tri Dao", "Tri  Dow and tri down, TRI DOW.", ["Tri  Dow"]),
        ("TRI", "Tri Dao", "A tri of TRI.", ["tri", "TRI"]),
        ("c plus", "C++", "in c plus, c plusses, 用c plus写", ["c plus", "c plus"]),
        ("深潜", "DeepSeek", "我用深潜写。", ["深潜"]),
    ],
)
def test_accepted_words_are_found_as_words(wrong: str, right: str, text: str, found: list[str]) -> None:
    language = "zh" if right == "DeepSeek" else "en"
    decision = Decision(
        language=language,
        sentence=wrong,
        span=Span(start=0, end=len(wrong)),
        right=right,
        accepted=True,
        everywhere=True,
    )
    made = correct(document([text], language), GLOSSARY, decisions=[decision]).corrections
    assert [one.wrong for one in made] == found
    assert {(one.right, one.rule) for one in made} == {(right, "decided")}


def test_corrections_reach_a_text_whose_case_and_marks_were_restored() -> None:
    raw = "uh detention is what the chachi pt model learns"
    doc = document([FIELD, raw])
    shown = "Uh, detention is what the Chachi PT model learns."
    restored = Document(
        id=doc.id,
        language="en",
        sentences=(doc.sentences[0], Sentence(index=1, text=shown, raw=raw)),
        paragraphs=doc.paragraphs,
    )
    assert (
        correct(restored, GLOSSARY).document.sentences[1].text
        == "Uh, attention is what the ChatGPT model learns."
    )


def test_the_example_talk_has_nothing_to_correct() -> None:
    for name, language in (("lecture.en.txt", "en"), ("lecture.zh.txt", "zh")):
        lines = (data_dir("benchmarks") / "data" / name).read_text(encoding="utf-8").splitlines()
        found = corrected(*filter(None, lines), language=language)
        assert not found.corrections
        assert not found.proposals


WORDS = st.sampled_from(
    "rag lama Chachi PT gpd2 open ai the a and model, LLM 代币 法学硕士 深潜 uh. bite pair encoding".split()
)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), min_size=1, max_size=4))
def test_undoing_all_corrections_restores_the_text(texts: list[str]) -> None:
    for language in ("en", "zh"):
        found = corrected(FIELD, FIELD_ZH, *texts, language=language)
        for sent in found.document.sentences:
            mine = [c for c in found.corrections if c.sentence == sent.index]
            assert all(sent.raw[c.span.start : c.span.end] == c.wrong for c in mine)
            assert all(a.span.end <= b.span.start for a, b in pairwise(mine))
            undone = sent.text
            for c in reversed(mine):
                at = c.span.start + sum(
                    len(d.right) - len(d.wrong) for d in mine if d.span.start < c.span.start
                )
                assert undone[at : at + len(c.right)] == c.right
                undone = undone[:at] + c.wrong + undone[at + len(c.right) :]
            assert undone == sent.raw


def test_what_is_made_of_a_glossary_goes_when_others_come() -> None:
    def living() -> int:
        gc.collect()
        return sum(isinstance(one, Lexicon) for one in gc.get_objects())

    few = GLOSSARY.entries[:20]
    before = living()
    for _ in range(6):
        correct(document([FIELD, "so I opened Chachi PT again"]), Glossary(few))
    assert living() <= before + 2


def test_what_is_stored_of_built_in_terms_is_what_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = Lexicon(GLOSSARY)
    known = lexicon._stored()
    assert len(known.common) > 1000
    assert len(known.meant) > 100
    monkeypatch.setattr(lexicon, "_stored", lexicon._Stored)
    found = Lexicon(GLOSSARY)
    for name in ("listed", "listed_capitals", "right", "known_words", "_unheard", "_by_spelling"):
        assert getattr(stored, name) == getattr(found, name), name
