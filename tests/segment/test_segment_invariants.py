"""What holds for every transcript, whatever it says."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.fingerprint import digest_texts
from studykit.languages import speech_s
from studykit.options import SegmentOptions
from studykit.segment import segment
from studykit.types import Chapter, Segment, Transcript

TEXT = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="ab .?!,\"'…。，好>>I\n", max_size=80),
    st.lists(
        st.sampled_from(["So", "and then", "yeah.", "It is late.", "um", "3.5", "好。", "然后", ">>"]),
        max_size=12,
    ).map(" ".join),
)


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    segments: list[Segment] = []
    at_s = 0.0
    for text in draw(st.lists(TEXT, max_size=8)):
        timed = draw(st.booleans())
        at_s += draw(st.floats(0, 100)) if timed else 0.0
        length_s = draw(st.one_of(st.none(), st.floats(0, 20)))
        segments.append(
            Segment(
                text=text,
                start_s=at_s if timed else None,
                end_s=at_s + length_s if timed and length_s is not None else None,
                speaker=draw(st.sampled_from([None, None, "A", "B"])),
            )
        )
    language = draw(st.sampled_from(["en", "zh", "zh-Hant"]))
    return Transcript(
        source_id="t", language=language, segments=tuple(segments), engine="test", timing="captions"
    )


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def letters(text: str) -> str:
    """What restored capitals and stops leave as it is."""
    return re.sub(r"\W", "", text).casefold()


@settings(max_examples=300, deadline=None)
@given(transcripts())
def test_the_words_are_all_there_in_order(transcript: Transcript) -> None:
    doc = segment(transcript)
    read = "".join(re.sub(r"(?:^|(?<=\s))>{2,}", "", seg.text) for seg in transcript.segments)
    assert squeezed("".join(sent.raw for sent in doc.sentences)) == squeezed(read)
    assert all(letters(sent.text) == letters(sent.raw) and squeezed(sent.raw) for sent in doc.sentences)
    assert doc.language == transcript.language
    assert doc.id == digest_texts(doc.language, (sent.text for sent in doc.sentences))


@settings(max_examples=200, deadline=None)
@given(transcripts(), st.lists(st.floats(0, 400), max_size=4).map(sorted))
def test_paragraphs_keep_to_speakers_chapters_and_length(
    transcript: Transcript, chapter_starts: list[float]
) -> None:
    chapters = [Chapter(title=str(i), start_s=start_s) for i, start_s in enumerate(chapter_starts)]
    options = SegmentOptions(target_s=5.0, max_s=8.0)
    doc = segment(transcript, chapters=chapters, options=options)
    assert doc == segment(transcript, chapters=chapters, options=options)
    timed = any(seg.start_s is not None for seg in transcript.segments)
    for para in doc.paragraphs:
        spoken_s = sum(speech_s(doc.sentences[i]) for i in para.sentences)
        if timed:
            assert spoken_s <= 8.0 + 1e-9 or len(para.sentences) == 1
        assert len({doc.sentences[i].speaker for i in para.sentences}) == 1
    chapter_of = [-1 if para.chapter is None else para.chapter for para in doc.paragraphs]
    assert chapter_of == sorted(chapter_of)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["It is late.", "we go", "so we", "Why?"]), st.floats(0.1, 9)), max_size=12
    )
)
def test_times_run_forward(rows: list[tuple[str, float]]) -> None:
    at_s = 0.0
    segments: list[Segment] = []
    for text, length_s in rows:
        segments.append(Segment(text=text, start_s=at_s, end_s=at_s + length_s))
        at_s += length_s
    doc = segment(
        Transcript(source_id="t", language="en", segments=tuple(segments), engine="test", timing="captions")
    )
    for sent in doc.sentences:
        assert sent.start_s is not None
        assert sent.end_s is not None
        assert sent.start_s <= sent.end_s
    for sent, following in pairwise(doc.sentences):
        assert sent.end_s is not None
        assert following.start_s is not None
        assert sent.end_s <= following.start_s + 1e-9
