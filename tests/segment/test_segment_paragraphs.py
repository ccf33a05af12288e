"""Paragraphs: where they end, and what they never do."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from studykit.options import SegmentOptions
from studykit.segment import segment
from studykit.segment.markers import Opening, is_back_channel, is_question, opening
from studykit.segment.paragraphs import group
from studykit.types import Chapter, Document, Segment, Transcript

TALK = """Okay, so let's talk about how a lighthouse works. There is a lamp at the top, and a lens turns.
The lens gathers the light into a beam. It reaches much further than the lamp alone would.
Now let's look at the keeper's day. He wakes before dusk and cleans the glass.
He fills the lamp with oil, and he writes the weather into a book.
Then he waits for the night, which is long in winter.
So why did the keepers disappear? The lamps became electric, and a clock could switch them on.
A clock does not sleep, and it asks for no pay.
Another question is what becomes of the towers. Some are museums now, and some are places to stay.
You can sleep under the lens if you climb all the steps."""

GOLDEN = [
    "Okay, so let's talk about how a lighthouse works. There is a lamp at the top, and a lens turns. "
    "The lens gathers the light into a beam. It reaches much further than the lamp alone would.",
    "Now let's look at the keeper's day. He wakes before dusk and cleans the glass. "
    "He fills the lamp with oil, and he writes the weather into a book. "
    "Then he waits for the night, which is long in winter.",
    "So why did the keepers disappear? The lamps became electric, and a clock could switch them on. "
    "A clock does not sleep, and it asks for no pay.",
    "Another question is what becomes of the towers. Some are museums now, and some are places to stay. "
    "You can sleep under the lens if you climb all the steps.",
]


def captions(*texts: str, language: str = "en", step_s: float = 6.0, speakers: str = "") -> Transcript:
    segments = tuple(
        Segment(
            text=text,
            start_s=i * step_s,
            end_s=(i + 1) * step_s,
            speaker=speakers[i] if speakers else None,
        )
        for i, text in enumerate(texts)
    )
    return Transcript(source_id="t", language=language, segments=segments, engine="vtt", timing="captions")


def written(*texts: str, language: str = "en") -> Transcript:
    segments = tuple(Segment(text=text) for text in texts)
    return Transcript(source_id="t", language=language, segments=segments, engine="text", timing="none")


def paragraphs(doc: Document) -> list[str]:
    joint = "" if doc.language == "zh" else " "
    return [joint.join(doc.sentences[i].text for i in para.sentences) for para in doc.paragraphs]


def test_golden_talk() -> None:
    assert paragraphs(segment(captions(*TALK.splitlines()))) == GOLDEN


def test_golden_talk_without_times() -> None:
    assert paragraphs(segment(written(TALK))) == GOLDEN


def test_lengths_follow_the_target() -> None:
    talk = captions(*[f"The boat number {i} leaves the harbour at noon." for i in range(60)])
    for target_s in (12.0, 24.0, 60.0):
        doc = segment(talk, options=SegmentOptions(target_s=target_s, max_s=60.0))
        assert len(doc.paragraphs) == 360 / target_s


class Undecided:
    """A model that finds every sentence's start as likely a paragraph's as not."""

    length_cost = 0.0
    name = "undecided"

    def __init__(self, *sure: int) -> None:
        self.sure = sure

    def scores(self, words: Sequence[str]) -> list[float]:
        return [0.0] * len(words)

    def paragraphs(self, sentences: Sequence[str]) -> list[float]:
        return [4.0 if i in self.sure else 0.0 for i in range(len(sentences))]


def test_lengths_follow_the_target_with_a_model_too() -> None:
    talk = captions(*[f"The boat number {i} leaves the harbour at noon." for i in range(60)])
    counts = [
        len(segment(talk, options=SegmentOptions(target_s=t, max_s=60.0), boundaries=Undecided()).paragraphs)
        for t in (12.0, 18.0, 36.0)
    ]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[2]


def test_a_model_that_is_sure_makes_a_paragraph_of_one_word() -> None:
    talk = captions(*[f"The boat number {i} leaves the harbour at noon." for i in range(9)])
    starts = [p.sentences.start for p in segment(talk, boundaries=Undecided(4, 5)).paragraphs]
    assert {4, 5} <= set(starts)


def test_a_paragraph_does_not_end_where_a_sentence_hardly_does() -> None:
    class Doubting(Undecided):
        def scores(self, words: Sequence[str]) -> list[float]:
            return [{"so": 3.0, "and": 0.1}.get(word, -9.0) for word in words]

    talk = written("we went to the sea " + "and it was cold so we went home " * 6)
    doc = segment(talk, boundaries=Doubting(1, 2, 3, 4, 5, 6))
    first = [doc.sentences[para.sentences.start].raw.split()[0] for para in doc.paragraphs]
    assert set(first[1:]) == {"so"}


def test_no_paragraph_is_longer_than_allowed_unless_one_sentence_is() -> None:
    texts = ["It is small.", "And it is old.", "because " + "we keep " * 30 + "it.", "And it works."] * 10
    doc = segment(captions(*texts, step_s=11.0), options=SegmentOptions(target_s=20.0, max_s=25.0))
    for para in doc.paragraphs:
        first, last = doc.sentences[para.sentences.start], doc.sentences[para.sentences.end - 1]
        assert first.start_s is not None
        assert last.end_s is not None
        assert last.end_s - first.start_s <= 25.0 or len(para.sentences) == 1


@pytest.mark.parametrize(("target_s", "max_s"), [(0.0, 10.0), (-1.0, 10.0), (20.0, 10.0)])
def test_options_that_cannot_be(target_s: float, max_s: float) -> None:
    with pytest.raises(ValueError, match="target_s"):
        SegmentOptions(target_s=target_s, max_s=max_s)


def test_a_long_silence_ends_a_paragraph() -> None:
    segments = [
        Segment(
            text=f"The boat number {i} leaves.",
            start_s=i * 3.0 + (i >= 3) * 6,
            end_s=i * 3.0 + (i >= 3) * 6 + 3,
        )
        for i in range(8)
    ]
    transcript = Transcript(
        source_id="t", language="en", segments=tuple(segments), engine="vtt", timing="captions"
    )
    assert [para.sentences.start for para in segment(transcript).paragraphs] == [0, 3]


def test_a_word_that_lasts_too_long_hides_a_silence() -> None:
    even = [
        Segment(text=f"The boat number {i} leaves.", start_s=i * 3.0, end_s=i * 3.0 + 3) for i in range(3)
    ]
    slow = Segment(text="The boat leaves.", start_s=9.0, end_s=18.0)
    rest = [
        Segment(text=f"The ship number {i} stays.", start_s=18 + i * 3.0, end_s=21 + i * 3.0)
        for i in range(4)
    ]
    transcript = Transcript(
        source_id="t", language="en", segments=(*even, slow, *rest), engine="vtt", timing="captions"
    )
    assert [para.sentences.start for para in segment(transcript).paragraphs] == [0, 4]


def test_a_reaction_stays_with_what_follows_from_it() -> None:
    texts = [
        "We count all the birds on the island every spring.",
        "Yeah.",
        "The gulls are the loudest of them.",
    ]
    starts = {para.sentences.start for para in segment(captions(*texts, *texts, *texts)).paragraphs}
    assert len(starts) > 1
    assert not starts & {2, 5, 8}


def test_a_paragraph_has_one_speaker() -> None:
    doc = segment(captions("It rains.", "It pours.", "Really?", "Yes.", speakers="AABA", step_s=2.0))
    assert [[doc.sentences[i].speaker for i in para.sentences] for para in doc.paragraphs] == [
        ["A", "A"],
        ["B"],
        ["A"],
    ]


def test_a_mark_of_another_speaker_ends_the_paragraph() -> None:
    doc = segment(captions("It rains. >> Does it? I see", "none. >> It does.", step_s=2.0))
    assert paragraphs(doc) == ["It rains.", "Does it? I see none.", "It does."]


def test_chapters_begin_at_the_nearest_sentence() -> None:
    doc = segment(
        captions(*[f"The boat number {i} leaves the harbour." for i in range(10)]),
        chapters=[
            Chapter(title="start", start_s=7.0),
            Chapter(title="one", start_s=26.0),
            Chapter(title="skipped", start_s=28.0),
            Chapter(title="two", start_s=31.0),
            Chapter(title="late", start_s=500.0),
        ],
    )
    chapter_of = {i: para.chapter for para in doc.paragraphs for i in para.sentences}
    assert [chapter_of[i] for i in range(10)] == [None, 0, 0, 0, 1, 3, 3, 3, 3, 3]


def test_chapters_are_ignored_without_times() -> None:
    doc = segment(written(TALK), chapters=[Chapter(title="start", start_s=0.0)])
    assert {para.chapter for para in doc.paragraphs} == {None}


def test_paragraphs_that_a_person_wrote_are_kept() -> None:
    texts = [
        "It rains. We wait.",
        "Now the sun is out, so we go. It is warm. We swim",
        "Then we eat. It was good.",
    ]
    assert paragraphs(segment(written(*texts))) == texts
    chinese = ["下雨了。我们等。", "现在出太阳了，所以我们走吧。很暖和。", "然后吃饭。很好。"]
    assert paragraphs(segment(written(*chinese, language="zh"))) == chinese


def test_headings_and_items_between_paragraphs_stay_by_themselves() -> None:
    texts = [
        "Weather",
        "1.1.2. Rain",
        *["It rains. We wait. It goes on like that all day."] * 2,
        "1. Boats",
        "Swim",
    ]
    assert paragraphs(segment(written(*texts))) == texts
    chinese = ["天气", "1.1.2. 下雨", *["下雨了。我们等。一整天都是这样，没有停过。"] * 4, "1. 船", "游泳"]
    assert paragraphs(segment(written(*chinese, language="zh"))) == chinese


@pytest.mark.parametrize(
    ("text", "language", "sentences"),
    [
        (
            "14.7.1. Seeing it. See 3.2.1.1. It is long.",
            "en",
            ["14.7.1. Seeing it.", "See 3.2.1.1.", "It is long."],
        ),
        ("We saw it. 14.7.2. Going off-line.", "en", ["We saw it.", "14.7.2. Going off-line."]),
        ("How many? 42. That is right.", "en", ["How many?", "42.", "That is right."]),
        ("2. 第二项。很好。", "zh", ["2. 第二项。", "很好。"]),
        ("1.", "en", ["1."]),
    ],
)
def test_the_number_of_a_heading_is_no_sentence(text: str, language: str, sentences: list[str]) -> None:
    assert [sent.text for sent in segment(written(text, language=language)).sentences] == sentences


def test_a_very_long_paragraph_that_a_person_wrote_is_split() -> None:
    long = " ".join(f"The boat number {i} leaves the harbour at noon." for i in range(60))
    doc = segment(written("It rains. We wait.", long))
    assert paragraphs(doc)[0] == "It rains. We wait."
    assert len(doc.paragraphs) > 8


def test_one_sentence_a_line_is_no_paragraph_a_line() -> None:
    doc = segment(written(*[f"The boat number {i} leaves the harbour at noon." for i in range(30)]))
    assert len(doc.sentences) == 30
    assert len(doc.paragraphs) < 12


def test_empty_and_tiny_texts() -> None:
    assert segment(written()).sentences == ()
    assert segment(written("", "  ", ">>")).paragraphs == ()
    assert paragraphs(segment(written("Hello"))) == ["Hello"]
    assert paragraphs(segment(written("好", language="zh"))) == ["好"]


def test_chinese_talk() -> None:
    texts = [
        "首先我们来看面粉。面粉一定要新鲜。",
        "而且不能放在潮湿的地方，不然很快就坏了。",
        "还要看它磨得细不细。",
    ]
    texts += [
        "接下来我们说说水。水不能太多。",
        "因为面团会粘手，也很难成形，烤出来会塌。",
        "也不能太少，不然会很硬。",
    ]
    doc = segment(captions(*texts, language="zh", step_s=5.0))
    assert [text[:3] for text in paragraphs(doc)] == ["首先我", "接下来"]


@pytest.mark.parametrize(
    ("text", "chinese", "expected"),
    [
        ("Um, so let's begin.", False, Opening.TOPIC),
        ("Okay, fine.", False, Opening.TOPIC),
        ("So the tower fell.", False, Opening.MARKER),
        ("And that was all.", False, Opening.CONTINUING),
        ("Towers fall.", False, Opening.PLAIN),
        ("Sober people rest.", False, Opening.PLAIN),
        ("好，接下来看水。", True, Opening.TOPIC),
        ("所以要等。", True, Opening.MARKER),
        ("而且要快。", True, Opening.CONTINUING),
        ("因為水太多。", True, Opening.CONTINUING),
        ("面粉要好。", True, Opening.PLAIN),
    ],
)
def test_openings(text: str, chinese: bool, expected: Opening) -> None:
    assert opening(text, chinese=chinese) is expected


def test_reactions_and_questions() -> None:
    assert all(map(is_back_channel, ["Yeah.", "Okay, cool.", "Right, right.", "对对对", "嗯，没错。"]))
    assert not any(map(is_back_channel, ["Yeah, it rains.", "Nothing.", "对我来说", "好大家好"]))
    assert all(map(is_question, ["Is it?", 'He asked, "why?"', "好吗？", "你去吗"]))
    assert not any(map(is_question, ["It is.", "好吧。"]))


def test_group_takes_the_cheapest_boundaries() -> None:
    # Four sentences of 10 s and a target of 20 s: two and two, unless a boundary elsewhere earns more.
    assert group([10.0] * 4, [0.0] * 4, [0], target_s=20.0, max_s=60.0) == [0, 2]
    assert group([10.0] * 4, [0.0, 0.0, 0.0, 2.0], [0], target_s=20.0, max_s=60.0) == [0, 3]
    assert group([10.0] * 4, [0.0] * 4, [0, 1], target_s=20.0, max_s=30.0) == [0, 1]
    assert group([10.0] * 4, [0.0] * 4, [0], target_s=20.0, max_s=60.0, whole_up_to_s=40.0) == [0]
