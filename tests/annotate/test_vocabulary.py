"""A small talk of our own, from sentences to ranked items with the Chinese that fits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from studykit import engines
from studykit.annotate import find_terms, find_vocabulary
from studykit.annotate.vocabulary.candidate import Found, Place
from studykit.annotate.vocabulary.gloss import IN_TRANSLATION, Glosser
from studykit.annotate.vocabulary.ranking import ranked, within_paragraphs
from studykit.annotate.vocabulary.study import StudyItem
from studykit.errors import FormatError, UnreadableError
from studykit.glossary import Entry, Glossary
from studykit.lexicon import known_key
from studykit.lexicon.dictionary import Cedict, load_cedict, load_ecdict
from studykit.options import VocabularyOptions
from studykit.types import Alignment, Bead, CefrLevel, ItemKind, Sentence, Span
from tests.talk.small import document

ENGLISH = (
    "So I guess the reservoir, you know, was built from scratch.",
    "The engineers threw most of the original blueprints out.",
    "The tidal turbine is an elegant machine, and the tidal turbine pays for itself.",
    "Um, the reservoir leaked.",
)
CHINESE = (
    "我想这座水库是从零开始建的。",
    "工程师们把大部分原始蓝图都丢弃了。",
    "潮汐涡轮机是一台优雅的机器，而且能收回成本。",
    "水库漏水了。",
)
TURBINE = Entry(
    id="tidal-turbine",
    english="tidal turbine",
    chinese="潮汐水轮机",
    chinese_accepted=("潮汐涡轮机",),
    category="general",
    definition_en="A wheel that the tide turns.",
    definition_zh="潮水推动的轮机。",
    source="test",
)


class Flat:
    """An embedder to which all texts are equally near, so that it never decides."""

    name = "flat"

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.full((len(texts), 4), 0.25, dtype=np.float32)


def study(
    *,
    known: Collection[str] = (),
    level: CefrLevel = "B1",
    per_paragraph: int = 5,
    translated: bool = True,
    extra: dict[str, list[str]] | None = None,
) -> dict[str, StudyItem]:
    english, chinese = document("en", ENGLISH), document("zh", CHINESE)
    glossary = Glossary([TURBINE])
    alignment = Alignment(
        source_id="en",
        target_id="zh",
        beads=tuple(
            Bead(source=Span(start=i, end=i + 1), target=Span(start=i, end=i + 1), score=1.0)
            for i in range(4)
        ),
        encoder="fake",
    )
    found = find_vocabulary(
        english,
        chinese if translated else None,
        alignment if translated else None,
        terms=find_terms({"en": english.sentences}, glossary),
        glossary=glossary,
        tagger=engines.tagger(),
        embedder=Flat(),
        known={known_key(word) for word in known},
        extra=("mine", lambda words: {w: z for w, z in (extra or {}).items() if w in words}),
        options=VocabularyOptions(level=level, per_paragraph=per_paragraph),
    )
    assert len({study.item.head for study in found}) == len(found)
    return {study.item.head: study for study in found}


def gloss(study: StudyItem) -> tuple[str, str]:
    (found,) = study.item.glosses
    return found.text, found.source


def test_every_kind_is_found_with_what_the_translation_says() -> None:
    items = study()
    assert {
        items[head].item.kind for head in ("I guess", "throw out", "reservoir", "tidal turbine", "um / uh")
    } == {*("expression", "phrasal_verb", "word", "term", "grammar")}
    assert gloss(items["tidal turbine"]) == ("潮汐涡轮机", f"glossary, {IN_TRANSLATION}")
    assert gloss(items["throw out"]) == ("丢弃", f"studykit, {IN_TRANSLATION}")
    assert gloss(items["elegant"])[0] == "优雅"
    assert gloss(items["reservoir"]) == ("水库", f"CC-CEDICT, {IN_TRANSLATION}")


def test_the_chinese_that_was_found_is_an_occurrence() -> None:
    item = study()["throw out"].item
    (said, translated) = item.occurrences
    assert ENGLISH[1][said.span.start : said.span.end] == "threw most of the original blueprints out"
    assert (translated.language, translated.sentence) == ("zh", 1)
    assert CHINESE[1][translated.span.start : translated.span.end] == "丢弃"


def test_an_item_comes_once_with_all_its_places() -> None:
    items = study()
    assert [at.sentence for at in items["reservoir"].item.occurrences if at.language == "en"] == [0, 3]
    assert "turbine" not in items  # part of a term


def test_without_a_translation_dictionaries_say_that_they_guess() -> None:
    items = study(translated=False)
    text, source = gloss(items["elegant"])
    assert source == "CC-CEDICT, commonest"
    assert len(text.split("；")) == 2
    assert gloss(items["tidal turbine"]) == ("潮汐水轮机；潮汐涡轮机", "glossary")


def test_a_users_dictionary_comes_first() -> None:
    items = study(translated=False, extra={"reservoir": ["蓄水池"]})
    assert gloss(items["reservoir"]) == ("蓄水池", "mine, commonest")


def test_known_items_are_left_out_however_spelt() -> None:
    assert {"I guess", "reservoir"} & set(study()) == {"I guess", "reservoir"}
    assert not {"I guess", "reservoir"} & set(study(known=["i  GUESS", "Reservoir"]))


def test_the_level_decides_what_is_too_easy() -> None:
    easy, hard = study(level="A1"), study(level="C1")
    assert "machine" in easy
    assert "machine" not in hard
    assert "I guess" not in hard
    assert "tidal turbine" in hard  # terms are not a matter of level


def test_a_handful_per_paragraph() -> None:
    items = study(per_paragraph=2)
    printed = [study for study in items.values() if study.item.glosses and not study.in_glossary]
    shown = [study for study in printed if not study.crowded]
    assert len(shown) == 2
    order = list(items.values())
    assert [study.crowded for study in order] == sorted(study.crowded for study in order)
    with pytest.raises(ValueError, match="fewer than 0"):
        VocabularyOptions(per_paragraph=-1)


def made(
    head: str, *, kind: ItemKind = "word", zipf: float = 3.0, places: int = 1, sentence: int = 0
) -> Found:
    place = Place(sentence=sentence, span=Span(start=0, end=1))
    return Found(
        head=head,
        kind=kind,
        lemma=head,
        upos=None,
        level="B2",
        level_value=4.0,
        zipf=zipf,
        places=[place] * places,
    )


def test_rare_and_repeated_items_come_first() -> None:
    items = [made("common", zipf=5.0), made("rare", zipf=2.5), made("repeated", zipf=2.5, places=6)]
    order = [item.head for item, _ in ranked(items, level="B1", known=set(), words=2000)]
    assert order == ["repeated", "rare", "common"]


def test_the_cap_counts_by_first_paragraph() -> None:
    scored = [(made(str(i), sentence=i % 2), 1.0) for i in range(5)]
    assert list(within_paragraphs(scored, {0: 0, 1: 1}.__getitem__, 2)) == [True, True, True, True, False]


class Near(Flat):
    """An embedder by table: texts of one number point the same way."""

    def __init__(self, groups: dict[str, int]) -> None:
        self.groups = groups

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 16), dtype=np.float32)
        for i, text in enumerate(texts):
            rows[i, self.groups.get(text, 15)] = 1
        return rows


def glosser(english: str, chinese: str, embedder: Flat) -> Glosser:
    def sentences(text: str) -> tuple[Sentence, ...]:
        return (Sentence(index=0, text=text, raw=text),) if text else ()

    aligned = {0: Span(start=0, end=1)} if chinese else {}
    return Glosser(
        sentences(english),
        sentences(chinese),
        aligned,
        cedict=load_cedict(),
        embedder=embedder,
        extra={},
        extra_name="",
    )


def test_a_phrase_that_no_dictionary_has_is_found_by_meaning() -> None:
    near = Near({"weird structure": 1, "结构很奇怪": 1})
    item = made("weird structure", kind="term")
    ((found, (at,)),) = glosser("It has a weird structure.", "它的结构很奇怪。", near).choose([item])
    assert found
    assert (found.text, found.source) == ("结构很奇怪", f"flat, {IN_TRANSLATION}")
    assert (at.span.start, at.span.end) == (2, 7)


def test_the_sentence_settles_between_senses_when_it_can() -> None:
    item = made("bank")
    senses = load_cedict().chinese("bank")
    text = "The boat lay at the bank."
    near = Near({text: 1, senses[1]: 1})
    ((found, places),) = glosser(text, "", near).choose([item])
    assert found
    assert (found.text, found.source, places) == (senses[1], "CC-CEDICT, nearest to the sentence", ())


def test_cedict_both_ways() -> None:
    cedict = Cedict(
        [
            "# a remark",
            "水庫 水库 [shui3 ku4] /reservoir/CL:座[zuo4]/",
            "蓄水池 蓄水池 [xu4 shui3 chi2] /(old) reservoir; tank/",
            "注入 注入 [zhu4 ru4] /to pour into/to inject/",
            "庫 库 [ku4] /variant of 裤/",
        ]
    )
    assert cedict.chinese("reservoir") == ["水库"]  # the other is rare
    assert cedict.chinese("tank") == ["蓄水池"]
    assert cedict.chinese("inject") == ["注入"]
    assert cedict.definitions("注入") == ["pour into", "inject"]
    assert cedict.words_in("水库里") == [(0, "水库")]
    assert "库" not in cedict


def test_an_ecdict_file(tmp_path: Path) -> None:
    path = tmp_path / "ecdict.csv"
    path.write_text(
        "word,phonetic,definition,translation\n"
        'Trade,,,"n. 贸易, 交易\\nvt. 交换\\n[网络] 行业"\nhouse,,,n. 房子\n',
        encoding="utf-8",
    )
    assert load_ecdict(path, ["trade", "absent"]) == {"trade": ["贸易", "交易", "交换"]}
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FormatError, match="no ECDICT file"):
        load_ecdict(path, ["a"])
    with pytest.raises(UnreadableError):
        load_ecdict(tmp_path / "absent.csv", ["a"])
