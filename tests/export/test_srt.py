"""Subtitles: no word lost, no cue overlapping another."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.errors import StudykitError
from studykit.export.srt import notes_cues, notes_srt, split_evenly
from studykit.types import Alignment, Bead, Sentence
from tests.talks import SMALL_TALK, span


def test_a_long_bead_is_shared_out_over_time() -> None:
    english = "Now the thing to see is that the cache grows with every token, layer by layer, " * 3
    chinese = "要看到的是，缓存会随着每个词元一层一层地增长，" * 3
    talk = replace(
        SMALL_TALK,
        english=(Sentence(index=0, text=english.strip(), raw="", start_s=10, end_s=22),),
        chinese=(Sentence(index=0, text=chinese, raw=""),),
        alignment=Alignment(
            source_id="",
            target_id="",
            beads=(Bead(source=span(0, 1), target=span(0, 1), score=1),),
            encoder="",
        ),
    )
    cues = list(notes_cues(talk))
    assert len(cues) == 3
    assert [cue.start_s for cue in cues] == [10, 14, 18]
    assert all(len(line) <= 42 for cue in cues for line in cue.lines)
    assert all(cue.lines[-1].endswith("，") for cue in cues)


def test_an_untimed_talk_cannot_be_subtitled() -> None:
    untimed = tuple(replace(sent, start_s=None, end_s=None) for sent in SMALL_TALK.english)
    with pytest.raises(StudykitError, match="need times"):
        notes_srt(replace(SMALL_TALK, english=untimed))


words = st.lists(st.text("abcdefghij,.", min_size=1, max_size=60), min_size=1, max_size=40)


@given(words, st.integers(1, 9))
def test_splitting_english_keeps_all_words(pieces_of: list[str], pieces: int) -> None:
    text = " ".join(pieces_of)
    split = split_evenly(text, pieces, "en")
    assert len(split) == pieces
    assert " ".join(part for part in split if part).split() == pieces_of


@given(st.text("的一是在，。Ab1 ", max_size=80), st.integers(1, 9))
def test_splitting_chinese_keeps_all_characters_and_latin_words(text: str, pieces: int) -> None:
    split = split_evenly(text, pieces, "zh")
    assert len(split) == pieces
    assert "".join(split).replace(" ", "") == text.replace(" ", "")
    whole = re.findall(r"[A-Za-z0-9]+", text)
    assert [word for part in split for word in re.findall(r"[A-Za-z0-9]+", part)] == whole


@given(
    st.lists(
        st.tuples(st.floats(0, 100), st.text("ab ,。的", min_size=1, max_size=200)), min_size=1, max_size=8
    )
)
def test_cues_are_in_order_and_hold_everything(said: list[tuple[float, str]]) -> None:
    starts = sorted(start for start, _ in said)
    english = tuple(
        Sentence(index=i, text=text, raw=text, start_s=start, end_s=start + 3)
        for i, (start, (_, text)) in enumerate(zip(starts, said, strict=True))
    )
    cues = list(notes_cues(replace(SMALL_TALK, english=english, chinese=(), alignment=None)))
    assert all(a.end_s <= b.start_s + 1e-9 for a, b in pairwise(cues))
    shown = "".join("".join(cue.lines) for cue in cues).replace(" ", "")
    assert shown == "".join(text for _, text in said).replace(" ", "")
