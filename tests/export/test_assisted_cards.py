"""What a language model wrote, on cards and in word lists."""

from __future__ import annotations

import csv
import io

from studykit.export import FORMATS
from studykit.export.anki.deck import anki_deck, example_sentences
from tests.assisted import ASSISTED_TALK
from tests.export.test_outputs import options
from tests.talks import SMALL_TALK


def test_cards_ask_the_questions_and_show_the_quote() -> None:
    deck = anki_deck(ASSISTED_TALK)
    asked = [dict(zip(note.type.fields, note.fields, strict=True)) for note in deck.notes][-2:]
    assert asked[0]["Question"] == "What happens at every new token without a cache?"
    assert asked[0]["AnswerChinese"] == "没有缓存，每生成一个词元，模型都要把整个提示重读一遍。"
    assert asked[0]["Quote"] == "every new token costs you the whole prompt again"
    assert "t=62s" in asked[0]["Source"]
    assert [sent.index for sent in example_sentences(ASSISTED_TALK)] == [0, 1, 2]
    cards = {note.fields[0]: note.fields for note in deck.notes if note.type.name == "studykit vocabulary"}
    assert cards["a different story"][3] == "完全是两码事"
    assert cards["a different story"][5].endswith("（译文用了别的说法）")
    assert "matter" not in cards
    assert str(FORMATS["anki-tsv"].make(ASSISTED_TALK, options("zh"))).count("studykit question") == 2


def test_the_word_list_has_the_senses() -> None:
    made = str(FORMATS["csv"].make(ASSISTED_TALK, options("zh"))).removeprefix("\ufeff")
    rows = {row["head"]: row for row in csv.DictReader(io.StringIO(made))}
    assert "matter" not in rows
    assert rows["a different story"]["gloss_zh"] == "完全是两码事"
    assert rows["a different story"]["gloss_source"] == "ollama:qwen3-14b"
    assert "译文用了别的说法" in rows["a different story"]["note"]
    assert rows["cost sb sth"]["example"] == SMALL_TALK.english[1].text
