"""The files of the example talk, and the gold alignment made from it, must tell the same story."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLES = ROOT / "examples"
BENCHMARKS = ROOT / "benchmarks" / "data"
DATA = Path(__file__).parent / "data"

CUE = re.compile(r"(\d\d):(\d\d):(\d\d)\.(\d{3}) --> (\d\d):(\d\d):(\d\d)\.(\d{3})(?: .*)?")
BEAD = re.compile(r"\[((?:\d+(?:,\d+)*)?)\]:\[((?:\d+(?:,\d+)*)?)\]")
CHAPTER = re.compile(r"(\d\d):(\d\d) (\S.*)")
SENTENCE_END = (".", "?", "!")


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines()


def cues(path: Path) -> list[tuple[int, int, str]]:
    """(start in ms, end in ms, text) of each cue. Read here by hand, not with studykit's own reader:
    these files are what that reader is tested with."""
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        head, _, text = block.strip("\n").partition("\n")
        if match := CUE.fullmatch(head):
            h1, m1, s1, ms1, h2, m2, s2, ms2 = map(int, match.groups())
            start_ms = ((h1 * 60 + m1) * 60 + s1) * 1000 + ms1
            end_ms = ((h2 * 60 + m2) * 60 + s2) * 1000 + ms2
            found.append((start_ms, end_ms, text))
    return found


def spoken(text: str) -> list[str]:
    """The words of a cue, without the mark of a new speaker."""
    return [word for word in text.split() if word != ">>"]


def gold_beads() -> list[tuple[list[int], list[int]]]:
    beads = []
    for line in lines(BENCHMARKS / "lecture.beads.txt"):
        match = BEAD.fullmatch(line)
        assert match, line
        src, tgt = ([int(n) for n in side.split(",") if n] for side in match.groups())
        beads.append((src, tgt))
    return beads


def test_sentences_are_the_captions_words() -> None:
    captions = [word for _, _, text in cues(EXAMPLES / "lecture.en.vtt") for word in spoken(text)]
    sentences = lines(BENCHMARKS / "lecture.en.txt")
    assert captions == " ".join(sentences).split()
    assert 1_200 <= len(captions) <= 1_800
    assert 110 <= len(sentences) <= 150
    assert all(sentence.endswith(SENTENCE_END) for sentence in sentences)


def test_chinese_paragraphs_are_whole_sentences() -> None:
    sentences = iter(lines(BENCHMARKS / "lecture.zh.txt"))
    for paragraph in lines(EXAMPLES / "lecture.zh.txt"):
        rest = paragraph
        while rest:
            sentence = next(sentences)
            assert rest.startswith(sentence), (sentence, rest)
            rest = rest.removeprefix(sentence)
    assert not list(sentences)


def test_gold_beads_cover_each_sentence_once_in_order() -> None:
    beads = gold_beads()
    for side, name in enumerate(("lecture.en.txt", "lecture.zh.txt")):
        covered = [index for bead in beads for index in bead[side]]
        assert covered == list(range(len(lines(BENCHMARKS / name))))
    assert all(src or tgt for src, tgt in beads)


def test_gold_beads_have_every_shape_a_translator_makes() -> None:
    shapes = Counter((len(src), len(tgt)) for src, tgt in gold_beads())
    assert 0.70 <= shapes[1, 1] / shapes.total() <= 0.78
    assert {(1, 0), (0, 1), (1, 2), (1, 3), (2, 1), (2, 2)} <= shapes.keys()


def test_captions_are_shaped_as_people_make_them() -> None:
    talk = cues(EXAMPLES / "lecture.en.vtt")
    for (_, end_ms, _), (start_ms, _, _) in pairwise(talk):
        assert end_ms <= start_ms
    for start_ms, end_ms, text in talk:
        assert 2_000 <= end_ms - start_ms <= 6_000, text
        assert len(text) <= 80, text
        assert text.count("\n") <= 1, text
    cut = sum(not text.endswith(SENTENCE_END) for _, _, text in talk)
    assert cut > len(talk) / 3, "most captions end where a sentence ends: too tidy to test with"
    assert sum(text.count(">>") for _, _, text in talk) >= 4


def test_chapters_start_where_a_sentence_starts() -> None:
    talk = cues(EXAMPLES / "lecture.en.vtt")
    # Sentences repeat ("Yeah?"), so the place is counted in words, not looked up by text.
    starts_at, words = set(), 0
    for sentence in lines(BENCHMARKS / "lecture.en.txt"):
        starts_at.add(words)
        words += len(sentence.split())
    place, words = {}, 0
    for start_ms, _, text in talk:
        place[start_ms] = words
        words += len(spoken(text))

    chapters = [CHAPTER.fullmatch(line) for line in lines(EXAMPLES / "lecture.chapters.txt")]
    seconds = [int(match[1]) * 60 + int(match[2]) for match in chapters if match]
    assert len(seconds) == len(chapters)
    assert 5 <= len(chapters) <= 7
    assert seconds[0] == 0
    for chapter_s in seconds:
        # A chapter list has whole seconds, rounded down; the first one stands at zero.
        cue_ms = min(start_ms for start_ms in place if start_ms >= chapter_s * 1000)
        assert chapter_s == 0 or cue_ms - chapter_s * 1000 < 1_000
        assert place[cue_ms] in starts_at


def test_rolling_captions_hold_the_true_words() -> None:
    """Each line of a rolling track stands in three cues; only once does it carry word times."""
    rolling = cues(DATA / "rolling.en.vtt")
    words = []
    for start_ms, end_ms, text in rolling:
        if end_ms - start_ms > 10:
            timed = text.split("\n")[-1]
            words += re.sub(r"<[^>]*>", "", timed).split()
    assert words == lines(DATA / "rolling.words.txt")
    assert all(one[1] == two[0] for one, two in pairwise(rolling))
    assert sum(end_ms - start_ms == 10 for start_ms, end_ms, _ in rolling) == len(rolling) / 2
