"""Key claims: what is chosen, and that no quote can be made up."""

from __future__ import annotations

import numpy as np
import pytest
from msgspec.structs import replace

from studykit import engines
from studykit.annotate import find_claims, gists, notable_claims
from studykit.annotate.claims import find
from studykit.annotate.claims.cues import wording
from studykit.annotate.claims.features import stands_alone
from studykit.annotate.claims.find import quote
from studykit.annotate.claims.grammar import GRAMMAR, grammar
from studykit.annotate.claims.score import _BLOCK, _UNFIT, DIMENSIONS, PLACE, _stated, likelihood, place
from studykit.annotate.claims.statement import gist, statement_of
from studykit.types import Alignment, Bead, Document, Paragraph, Quote, Sentence, Span
from tests.talks import SMALL_TALK

ENGLISH = (
    "Good morning, and thanks for coming.",
    "So I think a small model with clean data is better than a large model with dirty data.",
    "Let's look at the slide here.",
    "Um, and you should always measure memory before you buy a bigger machine.",
    "What do you think?",
    "Yeah.",
    "I think a small model with clean data beats a large model with dirty data.",
    "Yesterday I went home and we had soup.",
)
CHINESE = (
    "早上好。",
    "我认为数据干净的小模型比数据脏的大模型更好。",
    "买更大的机器之前，你应该先测内存。",
    "你怎么看？",
)
VECTORS = np.eye(8, dtype=np.float32)
VECTORS[6] = VECTORS[1]


@pytest.fixture
def _lenient(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small made-up talks, whose vectors say nothing, have claims."""
    monkeypatch.setattr(find, "_LIKELY", 0.0)
    monkeypatch.setattr(find, "_LIKELY_OF_ONE_VOICE", 0.0)
    monkeypatch.setattr(find, "_PERHAPS", 0.0)


def document(language: str, texts: tuple[str, ...], *, halves: bool = False) -> Document:
    cut = len(texts) // 2
    spans = [Span(start=0, end=cut), Span(start=cut, end=len(texts))]
    return Document(
        id=language,
        language=language,
        sentences=tuple(Sentence(index=i, text=text, raw=text) for i, text in enumerate(texts)),
        paragraphs=tuple(
            Paragraph(index=i, sentences=span, chapter=i if halves else None) for i, span in enumerate(spans)
        ),
    )


@pytest.mark.usefixtures("_lenient")
def test_positions_and_advice_come_first_and_nothing_twice() -> None:
    found = find_claims(document("en", ENGLISH), VECTORS, count=3)
    said = [claim.evidence[0].sentence for claim in found]
    assert set(said[:2]) <= {1, 3, 6}
    assert not {1, 6} <= set(said)
    assert [claim.score for claim in found] == sorted((claim.score for claim in found), reverse=True)


@pytest.mark.usefixtures("_lenient")
def test_the_quote_is_the_sentence_as_read_and_the_statement_reads_alone() -> None:
    claims = {c.evidence[0].sentence: c for c in find_claims(document("en", ENGLISH), VECTORS, count=3)}
    assert claims[3].evidence[0].quote == ENGLISH[3]
    assert claims[3].statement == "You should always measure memory before you buy a bigger machine."


@pytest.mark.usefixtures("_lenient")
def test_the_chinese_comes_from_the_bead() -> None:
    other = document("zh", CHINESE)
    pairs = [((0, 1), (0, 1)), ((1, 2), (1, 2)), ((2, 4), (2, 3)), ((4, 8), (3, 4))]
    beads = tuple(
        Bead(source=Span(start=a, end=b), target=Span(start=c, end=d), score=1.0) for (a, b), (c, d) in pairs
    )
    aligned = Alignment(source_id="en", target_id="zh", beads=beads, encoder="none")
    found = find_claims(document("en", ENGLISH), VECTORS, count=3, other=other, alignment=aligned)
    assert {c.evidence[0].sentence: c.statement_zh for c in found}[3] == CHINESE[2]


@pytest.mark.usefixtures("_lenient")
def test_a_chinese_talk_has_chinese_claims() -> None:
    doc = document("zh", CHINESE)
    (first, *_) = find_claims(doc, np.eye(4, dtype=np.float32), count=1)
    assert (first.statement, first.statement_zh) == ("", CHINESE[1])
    assert first.evidence[0].quote == CHINESE[1]


@pytest.mark.parametrize(
    "text",
    [
        "数据干净的小模型比数据脏的大模型更好",  # no mark: nobody knows where the sentence ends
        "数据干净的小模型 比数据脏的大模型要好得多。",
        "如果你对语言模型有很好的理解。",
        "所以我认为这比数据脏的大模型更好得多。",
        "例如数据干净的小模型比大模型更好。",
        "我认为要付费才行。",
    ],
)
def test_half_a_chinese_sentence_is_no_claim(text: str) -> None:
    doc = document("zh", (text, CHINESE[1]))
    found = find_claims(doc, np.eye(2, dtype=np.float32), count=2)
    assert [claim.evidence[0].sentence for claim in found] == [1]


def test_a_talk_whose_speakers_take_turns_needs_likelier_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "likelihood", lambda *_: np.array([0.9, 0.9, *(6 * [0.5])]))
    lecture = document("en", ENGLISH)
    named = replace(
        lecture,
        sentences=tuple(replace(sent, speaker="AB"[sent.index % 2]) for sent in lecture.sentences),
    )
    guessed = replace(
        lecture, paragraphs=tuple(replace(para, guessed_turn=True) for para in lecture.paragraphs)
    )
    vectors = np.eye(8, dtype=np.float32)
    assert [len(find_claims(doc, vectors, count=8)) for doc in (lecture, named, guessed)] == [8, 2, 2]


@pytest.mark.usefixtures("_lenient")
def test_notes_have_claims_of_every_chapter_in_order() -> None:
    found = notable_claims(document("en", ENGLISH, halves=True), VECTORS)
    said = [claim.evidence[0].sentence for claim in found]
    assert said == sorted(said)
    assert any(i < 4 for i in said)
    assert any(i >= 4 for i in said)


def test_an_empty_talk_claims_nothing() -> None:
    doc = Document(id="", language="en", sentences=(), paragraphs=())
    assert find_claims(doc, np.zeros((0, 8), dtype=np.float32), count=5) == ()
    assert gists(doc) == []


@pytest.mark.parametrize(
    "evidence",
    [
        Quote(sentence=1, span=Span(start=0, end=7), quote="Because it"),
        Quote(sentence=1, span=Span(start=1, end=8), quote="Because"),
        Quote(sentence=99, span=Span(start=0, end=7), quote="Because"),
        Quote(sentence=1, span=Span(start=0, end=0), quote=""),
    ],
)
def test_a_quote_that_is_not_in_the_transcript_cannot_exist(evidence: Quote) -> None:
    claim = replace(SMALL_TALK.claims[0], evidence=(evidence,))
    with pytest.raises(
        ValueError, match=r"quote from a sentence that does not exist|quote that is not in sentence"
    ):
        replace(SMALL_TALK, claims=(claim,))
    right = quote(SMALL_TALK.english[1], Span(start=0, end=7))
    assert right.quote == "Because"
    replace(SMALL_TALK, claims=(replace(claim, evidence=(right,)),))


@pytest.mark.parametrize(
    ("said", "statement"),
    [
        ("Um, so I think it it works.", "I think it works."),
        ("And uh so now that we have it, we go on", "Now that we have it, we go on."),
        ("So much for that.", "So much for that."),
        ("But the the model, um, forgets", "The model forgets."),
        ("It is very very slow.", "It is very very slow."),
        ("So.", "So."),
    ],
)
def test_statements(said: str, statement: str) -> None:
    assert statement_of(said, chinese=False) == statement


def test_chinese_statements_and_gists() -> None:
    assert statement_of("嗯，所以，我觉得模型会忘", chinese=True) == "我觉得模型会忘。"
    assert gist("um", chinese=False) == "um"
    assert gist("I think it's, like, really slow", chinese=False) == "it's, slow"


@pytest.mark.parametrize(
    "text",
    [
        "A model is only as good as the data that it can train on.",
        "If you own the model, you can do things that you could not do otherwise.",
        "Even a tiny computer can run hundreds of concurrent requests.",
    ],
)
def test_whole_statements_stand_alone(text: str) -> None:
    assert stands_alone(text, chinese=False)


@pytest.mark.parametrize(
    "text",
    [
        "And that is why the large model was better than the small one.",
        "So if you take them together, the model gets much better results.",
        "As you mentioned, the model is only as good as the data behind.",
        "Because the model never saw enough data of the right kind.",
        "Different language versions of the model, English or German.",
        "For example, the model can write a poem about large cats.",
        "What are the parts of the application that need evaluation?",
        "The model was large, and the data were...",
        'People ask "why is the model so slow on small machines", really.',
        "All of the managers who have people who are trying to find their way.",
        "Because pure companies, in theory, have every chance to make money.",
        "As a machine learning engineer, I work on the data of telephone networks.",
        "If you have any videos of the model, we would love to put them in the show notes.",
        "Think of all the applications that a large model has in a company.",
        "And notice that the model does not just take one example and train.",
        "Models are kind of large these days in many ways of the word.",
    ],
)
def test_what_needs_its_neighbours_does_not(text: str) -> None:
    assert not stands_alone(text, chinese=False)


def test_the_ranking_has_a_weight_for_every_figure() -> None:
    doc = document("en", ENGLISH)
    vectors = np.zeros((len(ENGLISH), DIMENSIONS), dtype=np.float32)
    for tagger in (None, engines.tagger()):
        assert likelihood(doc, vectors, (), tagger).shape == (len(ENGLISH),)
    assert set(_stated()["plain"]) < set(_stated()["full"])


def test_what_is_not_likely_a_claim_is_not_taken_however_many_are_asked_for() -> None:
    doc = document("en", ("Okay, thank you.", "What is it?", "And so he went there.", "Right."))
    assert find_claims(doc, np.eye(4, dtype=np.float32), count=3) == ()


@pytest.mark.parametrize(
    ("text", "unfit"),
    [
        ("A model is only as good as its data.", set()),
        ("Because the model never saw enough data.", {"opens_with_cause"}),
        ("Is the model larger than the data?", {"question_mark"}),
        ("A large number of very different models of language.", {"no_subject", "no_finite"}),
        ("When you start building a critical machine learning product.", {"no_finite"}),
        ("Mary Smith is the head of research at a large bank.", {"about_person"}),
    ],
)
def test_the_grammar_of_what_is_no_statement(text: str, unfit: set[str]) -> None:
    (tokens,) = engines.tagger().tag([text])
    figures = dict(zip(GRAMMAR, grammar(tokens), strict=True))
    assert {name for name in _UNFIT if figures[name]} == unfit


@pytest.mark.usefixtures("_lenient")
def test_what_says_the_same_is_taken_once() -> None:
    vectors = np.ones((8, 8), dtype=np.float32) / np.sqrt(8).astype(np.float32)
    assert len(find_claims(document("en", ENGLISH), vectors, count=5)) == 1


def test_wording_in_both_languages() -> None:
    assert {"stance", "advice"} <= wording("I think you should wait.", chinese=False).cues
    assert "comparison" in wording("它比那个更快。", chinese=True).cues
    assert "asks" in wording("Why do we need that?", chinese=False).against
    assert "announces" in wording("Okay, so let's start.", chinese=False).against


@pytest.mark.parametrize(
    ("answers", "times", "talking"), [(0, False, False), (2, False, True), (2, True, False)]
)
def test_a_transcript_whose_paragraphs_answer_is_a_conversation(
    answers: int, times: bool, talking: bool
) -> None:
    texts = ("Yeah, it is.", "Right, you measure first.")[:answers] + ("The model is small.",) * 10
    doc = document("en", texts)
    sentences = doc.sentences
    if times:  # turns would have been guessed
        sentences = tuple(
            replace(sent, start_s=float(sent.index), end_s=sent.index + 0.9) for sent in sentences
        )
    paragraphs = tuple(Paragraph(index=i, sentences=Span(start=i, end=i + 1)) for i in range(len(texts)))
    assert find.is_conversation(replace(doc, sentences=sentences, paragraphs=paragraphs)) is talking


def test_the_best_of_a_conversation_must_be_as_likely_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find, "likelihood", lambda *_: np.full(len(ENGLISH), 0.6))
    doc = document("en", ENGLISH)
    assert len(find_claims(doc, VECTORS, count=3)) == 3
    speakers = tuple(replace(sent, speaker="AB"[sent.index % 2]) for sent in doc.sentences)
    assert find_claims(replace(doc, sentences=speakers), VECTORS, count=3) == ()


@pytest.mark.parametrize("count", [1, 2, 3, 7, _BLOCK, 2 * _BLOCK + 5])
def test_likeness_to_neighbours_and_to_the_nearest_is_that_of_all_pairs(count: int) -> None:
    vectors = np.random.default_rng(count).normal(size=(count, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    made = place(["Some words."] * count, vectors, chinese=False)
    cosines = vectors @ vectors.T
    for i in range(count):
        others = np.delete(cosines[i], i)
        nearest = np.sort(others)[-5:].mean() if count > 1 else 0.0
        around = [cosines[i, j] for j in range(max(0, i - 3), min(count, i + 4)) if j != i]
        assert made[i, PLACE.index("repeated")] == pytest.approx(nearest, abs=1e-5)
        assert made[i, PLACE.index("nearby")] == pytest.approx(sum(around) / 6, abs=1e-5)
