"""Subtitles in two languages are taken apart, whatever their layout; those in one language never are."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.formats import parse
from studykit.formats.bilingual.one_line import cut_line
from tests.formats.bilingual_files import LAYOUTS, Cue, Shown, srt

LINES = [
    ("Good morning, and thank you for coming.", "早上好，谢谢大家来。"),
    ("Today we look at how a cache works,", "今天我们来看缓存是怎么工作的，"),
    ("and why the KV cache is so large.", "以及为什么 KV cache 这么大。"),
    ("GPT-4", "GPT-4"),
    ("- Yes.", "- 是的。"),
    ("The word 你好 means hello in this data set.", "“你好”这个词在这个数据集里的意思是 hello。"),
    ("Then there is the Trainer API.", "然后是 Trainer API。"),
    ("BERT", "BERT。"),
    ("It was trained in 2018 on books.", "它在 2018 年用书训练。"),
    ("You can use it for many things,", "你可以用它做很多事，"),
    ("as we will see in the next part.", "我们在下一部分会看到。"),
    ("What is it that the model has learnt?", "模型学到的是什么？"),
]
CUES = [
    Cue(round(2.5 * i + 0.4, 3), round(2.5 * i + 2.5, 3), english, chinese)
    for i, (english, chinese) in enumerate(LINES)
]


def texts(text: str, name: str) -> tuple[list[str], list[str]]:
    parsed = parse(text, Path(name))
    return [seg.text for seg in parsed.segments], [seg.text for seg in parsed.chinese]


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "one row" not in name])
def test_each_language_gets_its_rows(layout: str) -> None:
    name, write = LAYOUTS[layout]
    parsed = parse(write(CUES), Path(name))
    assert parsed.language == "en"
    assert [seg.text for seg in parsed.segments] == [cue.english for cue in CUES]
    assert [seg.text for seg in parsed.chinese] == [cue.chinese for cue in CUES]
    assert [seg.start_s for seg in parsed.chinese] == pytest.approx([cue.start_s for cue in CUES], abs=0.011)
    assert [seg.end_s for seg in parsed.segments] == pytest.approx([cue.end_s for cue in CUES], abs=0.051)


@pytest.mark.parametrize("layout", [name for name in LAYOUTS if "one row" in name])
def test_one_row_is_cut_between_its_languages(layout: str) -> None:
    cues = [cue for cue in CUES if cue.english[0] not in "GB" and "你好" not in cue.english]
    name, write = LAYOUTS[layout]
    english, chinese = texts(write(cues), name)
    assert (english, chinese) == ([cue.english for cue in cues], [cue.chinese for cue in cues])


@pytest.mark.parametrize(
    ("line", "chinese", "english"),
    [
        ("包括 GPT Including GPT", "包括 GPT", "Including GPT"),
        ("您乘以 40 you're multiplying times 40", "您乘以 40", "you're multiplying times 40"),
        ("我们用 Trainer API。 We use it.", "我们用 Trainer API。", "We use it."),
        ("哪些 token which of the tokens", "哪些 token", "which of the tokens"),
        ("我是 Ann - I'm Ann", "我是 Ann", "- I'm Ann"),
        ("其中，Trainer API However, the Trainer API", "其中，Trainer API", "However, the Trainer API"),
        ("BERT | BERT", "BERT", "BERT"),
        ("模型\t The model", "模型", "The model"),
    ],
)
def test_latin_words_beside_the_cut(line: str, chinese: str, english: str) -> None:
    assert cut_line(line, chinese_first=True) == (chinese, english)


@pytest.mark.parametrize(
    ("line", "chinese", "english"),
    [
        ("and that it is good 很好", "很好", "and that it is good"),
        ("the end of 2022. 到 2022 年底。", "到 2022 年底。", "the end of 2022."),
        ("It's new. GPT 很好", "GPT 很好", "It's new."),
        ("This is BERT BERT 是模型", "BERT 是模型", "This is BERT"),
        ("- Yes. - 是的。", "- 是的。", "- Yes."),
    ],
)
def test_latin_words_beside_the_cut_with_english_first(line: str, chinese: str, english: str) -> None:
    assert cut_line(line, chinese_first=False) == (chinese, english)


def shown(cues: list[tuple[str, ...]]) -> str:
    times = "00:00:{:02},000 --> 00:00:{:02},000"
    return "\n\n".join(
        f"{i + 1}\n{times.format(3 * i, 3 * i + 3)}\n" + "\n".join(rows) for i, rows in enumerate(cues)
    )


def test_rows_of_names_fall_to_the_language_that_lacks_one() -> None:
    rows = [(cue.chinese, cue.english) for cue in CUES]
    extra = [
        ("我们使用", "Hugging Face", "We use Hugging Face."),
        ("它支持", "(又叫 HF)", "It supports that."),
        ("。", "."),
        ("Well, that is all there is.",),
    ]
    english, chinese = texts(shown(rows + extra), "t.srt")
    assert english[-4:] == ["We use Hugging Face.", "It supports that.", ".", "Well, that is all there is."]
    assert chinese[-3:] == ["我们使用 Hugging Face", "它支持 (又叫 HF)", "。"]


def test_sounds_are_left_out_in_both() -> None:
    rows = [(cue.chinese, cue.english) for cue in CUES]
    english, chinese = texts(shown([("（音乐）", "(music)"), *rows]), "t.srt")
    assert english[0] == CUES[0].english
    assert chinese[0] == CUES[0].chinese


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([(cue.english,) for cue in CUES], id="English with a Chinese word"),
        pytest.param([(cue.chinese,) for cue in CUES], id="Chinese with English terms"),
        pytest.param(
            [(cue.chinese, "the Trainer API" if i % 3 else "KV cache") for i, cue in enumerate(CUES)],
            id="Chinese with a row of terms in every caption",
        ),
        pytest.param([(cue.chinese + " Attention Is All You Need",) for cue in CUES], id="a title in each"),
        pytest.param(
            [(cue.chinese if i % 2 else cue.english,) for i, cue in enumerate(CUES)],
            id="two speakers, each in a language",
        ),
        pytest.param(
            [(cue.english, "谢谢") if i % 3 else (cue.english,) for i, cue in enumerate(CUES)],
            id="English with Chinese notes",
        ),
    ],
)
def test_one_language_is_never_taken_for_two(rows: list[tuple[str, ...]]) -> None:
    parsed = parse(shown(rows), Path("t.srt"))
    assert not parsed.chinese
    assert parsed.language is None
    assert len(parsed.segments) == len(rows)


def test_one_language_may_lack_captions_here_and_there() -> None:
    rows = [(cue.chinese, cue.english) if i % 4 else (cue.english,) for i, cue in enumerate(CUES)]
    english, chinese = texts(shown(rows), "t.srt")
    assert english == [cue.english for cue in CUES]
    assert chinese == [cue.chinese for i, cue in enumerate(CUES) if i % 4]


def test_tracks_with_times_of_their_own() -> None:
    """Two translations of a film, each cut as its maker liked."""
    clear = [cue for cue in CUES if len(cue.chinese) > 5 and "你好" not in cue.english]
    english = [Shown(cue.start_s, cue.end_s, (cue.english,)) for cue in clear]
    chinese = [Shown(cue.start_s + 0.3, cue.end_s - 0.2, (cue.chinese,)) for cue in clear]
    found_english, found_chinese = texts(srt([*english, *chinese]), "t.srt")
    assert found_english == [cue.english for cue in clear]
    assert found_chinese == [cue.chinese for cue in clear]
