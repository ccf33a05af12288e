"""The English of a paragraph is asked what a damaged character of its Chinese was."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from studykit.formats import Restored
from studykit.glossary import Entry, Glossary
from studykit.lexicon.glossed import is_glossed
from studykit.talk.read.asked import Asker

GLOSSARY = Glossary(
    [
        Entry(
            id="part-of-speech",
            english="part of speech",
            chinese="词性",
            category="general",
            definition_en="A thing.",
            definition_zh="某物。",
            source="test",
        )
    ]
)


class Blind:
    """An encoder to which all sentences are the same."""

    name = "blind"

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        return np.tile(np.array([1.0, 0.0], dtype=np.float32), (len(texts), 1))


def asked(english: str, chinese: str, at: int, *others: tuple[str, float], turns: bool = False) -> Restored:
    char = Restored(at=at, char=chinese[at], confidence=0.6, found="?", others=others, turns=turns)
    text, answered = Asker(Blind(), GLOSSARY).ask(english, chinese, {at: char})
    assert text[at] == answered[at].char
    return answered[at]


def test_a_term_of_the_english_decides() -> None:
    assert asked("Its part of speech is shown.", "它的药性标出来了。", 2, ("词", 0.4)).char == "词"
    assert asked("The drug is shown.", "它的药性标出来了。", 2, ("词", 0.4)).char == "药"


def test_a_denial_decides_but_stays_in_doubt() -> None:
    denied = asked("It does not exist in the data.", "它在数据里中存在。", 5, ("不", 0.3), turns=True)
    assert (denied.char, denied.confidence < 0.7) == ("不", True)
    kept = asked("It exists in the data.", "它在数据里不存在。", 5, ("中", 0.3), turns=True)
    assert (kept.char, kept.confidence < 0.7) == ("中", True)


def test_a_number_decides() -> None:
    assert asked("It has three heads.", "它有二个头。", 2, ("三", 0.3)).char == "三"


def test_nothing_is_asked_without_english_or_choice() -> None:
    char = Restored(at=0, char="像", confidence=0.99, found="?", others=(("吃", 0.01),))
    assert Asker(Blind(), GLOSSARY).ask("Eat it.", "像它。", {0: char}) == ("像它。", {0: char})
    open_char = Restored(at=0, char="像", confidence=0.6, found="?", others=(("吃", 0.4),))
    assert Asker(Blind(), GLOSSARY).ask(" ", "像它。", {0: open_char})[0] == "像它。"


def test_words_of_the_dictionary() -> None:
    assert is_glossed("他吃苹果", 1, "He eats an apple.")
    assert is_glossed("他吃苹果", 2, "He has an apple.")
    assert not is_glossed("他吃苹果", 1, "He likes pears.")
