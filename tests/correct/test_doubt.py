"""What sounds like a term and is none: such words are proposed at most."""

from __future__ import annotations

import pytest

from studykit.correct.latin.spoken import OFTEN, episodes
from tests.correct.test_correct import FIELD, corrected

CHAT = "ChatGPT by OpenAI, and a language model from Hugging Face, learn by deep learning."


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("They trid it again with a larger model.", "tried is likelier than Tri Dao"),
        ("A senetor asked for a model card.", "senator"),
        ("A stochastic parot repeats its data.", "parrot"),
        ("We rerun the training with other data.", "an English word"),
        ("This is the competation of the gradients.", "computation"),
        ("The confodence of the model is low.", "confidence"),
        ("It is a model of onedimensional sequences.", "a derived word"),
        ("My automatation of the pipeline.", "derived from automate, near enough"),
        ("Manish is the CEO of Dgraph, which trains models.", "names of their own"),
        ("I work at SIL on NLP and CPP.", "abbreviations of their own"),
        ("There are GNN architectures as well.", "an abbreviation that nobody has listed"),
        ("We fine-tune another non-GPT model.", "no nanoGPT"),
        ("The New York Stock Exchange uses language models.", "an everyday phrase"),
        ("We see it in fat comtext.", "a word would be lost"),
        ("It helped me grok a moonshot.", "words, where others have capitals"),
        ("It costs less than 10k a year, and the 10-K says so: 10k.", "a sum"),
        ("It has a single file model of the world.", "everyday words, two"),
    ],
)
def test_other_words_that_sound_alike_stay(text: str, why: str) -> None:
    assert not corrected(FIELD, CHAT, text).corrections, why


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("I asked Chatgpd about it.", "I asked ChatGPT about it."),
        ("It is on the huging phase hub.", "It is on the Hugging Face hub."),
        ("Then Ronda santis spoke.", "Then Ron DeSantis spoke."),
        ("It was trained by openi.", "It was trained by OpenAI."),
    ],
)
def test_words_that_are_none_become_what_the_talk_speaks_of(heard: str, meant: str) -> None:
    assert corrected(FIELD, CHAT, heard).document.sentences[2].text == meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("We asked gpt 4 o first.", "We asked GPT-4o first."),
        ("We asked gpd 3.5 first.", "We asked GPT-3.5 first."),
        ("Then O3 mini came.", "Then o3-mini came."),
        ("Then OpenAI O1 came.", "Then OpenAI o1 came."),
        ("Then deep seek are one came.", "Then DeepSeek-R1 came."),
        ("Then cloud opus 4.5 came.", "Then Claude Opus 4.5 came."),
    ],
)
def test_models_by_letter_and_number(heard: str, meant: str) -> None:
    assert corrected(FIELD, CHAT, heard).document.sentences[2].text == meant


@pytest.mark.parametrize(
    "text", ["GPT-4o and o3-mini.", "It costs GPT 4 million dollars.", "In 2,013 or 0.3."]
)
def test_numbers_that_are_right_stay(text: str) -> None:
    assert not corrected(FIELD, CHAT, text).corrections


def test_a_rare_name_needs_the_talk_to_speak_of_it() -> None:
    heard = "That is what Trydao wrote."
    assert not corrected(FIELD, CHAT, heard).corrections


def test_what_is_doubtful_is_proposed_and_the_likest_is_the_surest() -> None:
    proposals = corrected(FIELD, CHAT, "The deepsee model.", "The senetor.").proposals
    assert "DeepSeek" in {proposal.right for proposal in proposals}
    assert all(proposal.confidence < 0.75 for proposal in proposals)


def test_what_is_said_in_talks_is_known() -> None:
    assert episodes("chatgpt") >= OFTEN
    assert episodes("grep") > 0
    assert episodes("the") == 0


def test_capitals_become_others_only_where_the_talk_says_them() -> None:
    heard = "Whether it is a CMN, or a heavy one, does not matter for images."
    assert not corrected(FIELD, CHAT, heard).corrections
    said = corrected(FIELD, "A CNN is a neural network for images.", heard)
    assert [(made.wrong, made.right) for made in said.corrections] == [("CMN", "CNN")]
