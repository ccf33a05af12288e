from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studykit.align import CachedEncoder, align, align_sentences
from studykit.options import AlignOptions
from studykit.types import Bead, Document, Paragraph, Sentence, Span
from tests.align.bags import BagEncoder

WORDS = [f"w{i}" for i in range(60)]
sentence = st.sets(st.sampled_from(WORDS), max_size=12).map(sorted).map(" ".join)
text = st.lists(sentence, max_size=24)


def story(count: int, seed: int = 0, words: int = 8) -> list[str]:
    """Sentences of rare words, so that each is recognisable."""
    draw = random.Random(seed)
    return [" ".join(f"s{seed}x{draw.randrange(4000)}" for _ in range(words)) for _ in range(count)]


def pairs(beads: Sequence[Bead]) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
    return [(tuple(bead.source), tuple(bead.target)) for bead in beads]


def bead(source: tuple[int, int], target: tuple[int, int], *, score: float = 0.5) -> Bead:
    return Bead(
        source=Span(start=source[0], end=source[1]),
        target=Span(start=target[0], end=target[1]),
        score=score,
        locked=True,
    )


def check_cover(beads: Sequence[Bead], n: int, m: int, max_bead: int = 12) -> None:
    source = target = 0
    for bead in beads:
        assert (bead.source.start, bead.target.start) == (source, target)
        source, target = bead.source.end, bead.target.end
        size = len(bead.source) + len(bead.target)
        assert size == 1 or (size <= max_bead and len(bead.source) and len(bead.target))
        assert 0 <= bead.score <= 1
    assert (source, target) == (n, m)


@settings(max_examples=60, deadline=None)
@given(text, text)
def test_every_sentence_stands_in_exactly_one_bead_in_order(source: list[str], target: list[str]) -> None:
    check_cover(align_sentences(source, target, encoder=BagEncoder()), len(source), len(target))


@settings(max_examples=60, deadline=None)
@given(text, text)
def test_exchanging_the_sides_mirrors_the_beads(source: list[str], target: list[str]) -> None:
    one = align_sentences(source, target, encoder=BagEncoder())
    two = align_sentences(target, source, encoder=BagEncoder())
    assert pairs(one) == [(b, a) for a, b in pairs(two)]
    assert [bead.score for bead in one] == pytest.approx([bead.score for bead in two], abs=1e-3)


@settings(max_examples=25, deadline=None)
@given(st.lists(sentence.filter(lambda text: len(set(text.split())) > 2), min_size=1, unique_by=frozenset))
def test_a_text_and_itself_align_one_to_one(source: list[str]) -> None:
    beads = align_sentences(source, source, encoder=BagEncoder())
    assert pairs(beads) == [((i,), (i,)) for i in range(len(source))]


def test_scores_of_a_text_and_itself_are_near_one() -> None:
    source = story(40)
    assert min(bead.score for bead in align_sentences(source, source, encoder=BagEncoder())) > 0.95


@settings(max_examples=30, deadline=None)
@given(text, text, st.data())
def test_locked_beads_are_kept_exactly(source: list[str], target: list[str], data: st.DataObject) -> None:
    locked: list[Bead] = []
    row = column = 0
    for _ in range(data.draw(st.integers(0, 4))):
        top = data.draw(st.integers(row, len(source)))
        left = data.draw(st.integers(column, len(target)))
        row = data.draw(st.integers(top, min(top + 3, len(source))))
        column = data.draw(st.integers(left, min(left + 3, len(target))))
        if row > top or column > left:
            locked.append(bead((top, row), (left, column)))
    beads = align_sentences(source, target, encoder=BagEncoder(), locked=locked)
    assert [bead for bead in beads if bead.locked] == locked
    source_at = target_at = 0
    for found in beads:
        assert (found.source.start, found.target.start) == (source_at, target_at)
        source_at, target_at = found.source.end, found.target.end
    assert (source_at, target_at) == (len(source), len(target))


@pytest.mark.parametrize(
    "locked",
    [
        [bead((0, 2), (0, 1)), bead((1, 3), (1, 2))],
        [bead((2, 3), (0, 1)), bead((0, 1), (1, 2))],
        [bead((3, 5), (3, 4))],
    ],
)
def test_locked_beads_that_cannot_stand_are_refused(locked: list[Bead]) -> None:
    with pytest.raises(ValueError, match="bead"):
        align_sentences(story(4), story(4), encoder=BagEncoder(), locked=locked)


@pytest.mark.parametrize(
    ("source", "target"),
    [([], []), (["a b"], []), ([], ["a b"]), (["a b"], ["a b"]), ([""], ["", ""]), (["a"] * 30, ["a"] * 20)],
)
def test_small_and_odd_texts(source: list[str], target: list[str]) -> None:
    check_cover(align_sentences(source, target, encoder=BagEncoder()), len(source), len(target))


def test_one_sentence_and_its_translation_belong_together() -> None:
    assert pairs(align_sentences(["one two"], ["ONE TWO"], encoder=BagEncoder())) == [((0,), (0,))]


def test_a_text_of_one_repeated_sentence_aligns_one_to_one() -> None:
    beads = align_sentences(["again and again"] * 50, ["AGAIN AND AGAIN"] * 50, encoder=BagEncoder())
    assert pairs(beads) == [((i,), (i,)) for i in range(50)]


def test_very_long_sentences() -> None:
    source = [text * 120 for text in story(6)]
    assert len(source[0]) > 5_000
    beads = align_sentences(source, [text.upper() for text in source], encoder=BagEncoder())
    assert pairs(beads) == [((i,), (i,)) for i in range(6)]


def test_merged_and_split_sentences() -> None:
    parts = story(40)
    source, target = parts.copy(), [text.upper() for text in parts]
    target[10:12] = [" ".join(target[10:12])]
    source[30:33] = [" ".join(source[30:33])]
    found = pairs(align_sentences(source, target, encoder=BagEncoder()))
    assert ((10, 11), (10,)) in found
    assert ((30,), (29, 30, 31)) in found
    assert len(found) == 40 - 3


@pytest.mark.parametrize("side", ["source", "target"])
@pytest.mark.parametrize("at", [0, 37, 80])
def test_a_long_insertion_stays_alone_and_harms_nothing(side: str, at: int) -> None:
    parts, advertisement = story(80), story(200, seed=1)
    source, target = parts.copy(), [text.upper() for text in parts]
    (source if side == "source" else target)[at:at] = advertisement
    beads = align_sentences(source, target, encoder=BagEncoder())
    alone = [bead for bead in beads if not (len(bead.source) and len(bead.target))]
    assert len(alone) == 200
    assert all(len(bead.source) + len(bead.target) == 1 for bead in alone)
    assert min(bead.score for bead in alone) > 0.5
    assert len(beads) == 280


def test_one_sentence_is_found_among_very_many() -> None:
    target = [text.upper() for text in story(2500)]
    beads = align_sentences(story(2500)[700:701], target, encoder=BagEncoder())
    assert ((0,), (700,)) in pairs(beads)
    assert len(beads) == 2500


def test_missing_sentences_on_both_sides() -> None:
    parts = story(120)
    draw = random.Random(5)
    no_source, no_target = set(draw.sample(range(120), 12)), set(draw.sample(range(120), 12))
    source = [i for i in range(120) if i not in no_source]
    target = [i for i in range(120) if i not in no_target]
    beads = align_sentences(
        [parts[i] for i in source], [parts[i].upper() for i in target], encoder=BagEncoder()
    )
    linked = {(source[i], target[j]) for bead in beads for i in bead.source for j in bead.target}
    assert linked == {(i, i) for i in range(120) if i not in no_source | no_target}


def test_texts_that_have_nothing_in_common_get_no_confident_bead() -> None:
    beads = align_sentences(story(60), story(60, seed=1), encoder=BagEncoder())
    linked = [bead for bead in beads if len(bead.source) and len(bead.target)]
    assert sum(bead.score > 0.9 for bead in linked) <= 6


def test_the_largest_bead_is_an_option() -> None:
    parts = story(30)
    target = [text.upper() for text in parts]
    target[8:14] = [" ".join(target[8:14])]
    found = pairs(align_sentences(parts, target, encoder=BagEncoder()))
    assert (tuple(range(8, 14)), (8,)) in found
    small = AlignOptions(max_bead=3)
    check_cover(align_sentences(parts, target, encoder=BagEncoder(), options=small), 30, 25, max_bead=3)
    with pytest.raises(ValueError, match="max_bead"):
        AlignOptions(max_bead=1)


def document(texts: Sequence[str], starts_s: Sequence[float] | None, language: str) -> Document:
    sentences = tuple(
        Sentence(
            index=i,
            text=text,
            raw=text,
            start_s=None if starts_s is None else starts_s[i],
            end_s=None if starts_s is None else starts_s[i] + 2,
        )
        for i, text in enumerate(texts)
    )
    paragraphs = (Paragraph(index=0, sentences=Span(start=0, end=len(texts))),) if texts else ()
    return Document(id=language, language=language, sentences=sentences, paragraphs=paragraphs)


def test_times_tell_repeated_passages_apart() -> None:
    texts = story(40)
    texts[16:24] = [texts[16], texts[17]] * 4
    target_of = [i for i in range(40) if i not in (20, 21)]  # the third time is left out
    source = document(texts, [3.0 * i for i in range(40)], "en")
    target = document([texts[i].upper() for i in target_of], [3.0 * i + 0.4 for i in target_of], "zh")
    timed = align(source, target, encoder=BagEncoder())
    expected = [((i,), (target_of.index(i),) if i in target_of else ()) for i in range(40)]
    assert pairs(timed.beads) == expected
    assert timed.encoder == "bags-1"
    assert (timed.source_id, timed.target_id) == ("en", "zh")


@pytest.mark.parametrize("off_s", [9.0, -9.0, 300.0])
def test_a_wrong_time_stamp_does_not_outweigh_the_words(off_s: float) -> None:
    texts = story(40)
    starts_s = [3.0 * i + 0.4 for i in range(40)]
    starts_s[20] += off_s
    found = align(
        document(texts, [3.0 * i for i in range(40)], "en"),
        document([text.upper() for text in texts], starts_s, "zh"),
        encoder=BagEncoder(),
    )
    assert pairs(found.beads) == [((i,), (i,)) for i in range(40)]


def test_times_of_another_recording_do_no_harm() -> None:
    texts = story(40)
    wrong_s = sorted(random.Random(3).uniform(0, 4000) for _ in texts)
    starts_s = [3.0 * i for i in range(40)]
    found = align(
        document(texts, starts_s, "en"),
        document([text.upper() for text in texts], wrong_s, "zh"),
        encoder=BagEncoder(),
    )
    assert pairs(found.beads) == [((i,), (i,)) for i in range(40)]


def test_the_same_input_gives_the_same_beads_and_is_left_as_it_was() -> None:
    source, target = story(30), [text.upper() for text in story(30)]
    before = source.copy(), target.copy()
    one = align_sentences(source, target, encoder=BagEncoder())
    assert one == align_sentences(source, target, encoder=BagEncoder())
    assert (source, target) == before


def test_few_passages_are_encoded() -> None:
    encoder = BagEncoder()
    parts = story(200)
    align_sentences(parts, [text.upper() for text in parts], encoder=encoder)
    assert len(encoder.encoded) < 2 * 400


def test_what_is_sure_is_not_encoded_clause_by_clause() -> None:
    encoder = BagEncoder()
    parts = [f"{one}, and {one} again{number}" for number, one in enumerate(story(100))]
    align_sentences(parts, [text.upper() for text in parts], encoder=encoder)
    assert len(set(encoder.encoded)) < 1.2 * 200


def test_a_cached_encoder_asks_for_the_name_once_a_call() -> None:
    class Slow(BagEncoder):
        asked = 0

        @property
        def name(self) -> str:  # type: ignore[override]
            self.asked += 1
            return "slow-1"

    encoder = Slow()
    cached = CachedEncoder(encoder, {})
    assert cached.encode(story(30)).tolist() == cached.encode(story(30)).tolist()
    assert encoder.asked <= 2
    assert len(encoder.encoded) == 30
