"""Corrections in the file that the sentences were read from."""

from __future__ import annotations

from pathlib import Path

from studykit.correct import find
from studykit.correct.locate import locate, put_right
from studykit.formats import parse
from studykit.segment import segment
from studykit.types import Transcript
from tests.correct.test_correct import GLOSSARY

CAPTIONS = """WEBVTT

1
00:00:01.000 --> 00:00:04.000
A large language model like Chachi PT
learns by RLHF. I count it as <i>rag</i> too.

2
00:00:04.000 --> 00:00:06.000
The folks at huging

3
00:00:06.000 --> 00:00:09.000
phase ship backpropagation & more with the bite
pair encoding of 1998.
"""


def test_a_file_is_put_right_with_its_times_and_marks_kept() -> None:
    parsed = parse(CAPTIONS, Path("talk.vtt"))
    transcript = Transcript(
        source_id="", language="en", segments=parsed.segments, engine="test", timing=parsed.timing
    )
    doc = segment(transcript)
    made, _ = find(doc.sentences, "en", GLOSSARY)
    places = locate(CAPTIONS, doc.sentences, made)
    found = [
        (correction.right, [CAPTIONS[piece.start : piece.end] for piece in pieces])
        for correction, pieces in zip(made, places, strict=True)
    ]
    assert found == [
        ("ChatGPT", ["Chachi PT"]),
        ("RAG", ["rag"]),
        ("Hugging Face", ["huging", "phase"]),
        ("byte-pair encoding", ["bite\npair encoding"]),
    ]
    fixed = put_right(CAPTIONS, made, places)
    assert "model like ChatGPT\nlearns by RLHF. I count it as <i>RAG</i> too." in fixed
    assert "at Hugging Face\n\n3\n00:00:06.000 --> 00:00:09.000\n ship" in fixed
    assert "with the byte-pair encoding of 1998." in fixed
