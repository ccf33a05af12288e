from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.bits_bytes_tokens import from_bits, lines, run, sentences, to_bits


def test_the_letter_a_and_a_chinese_character() -> None:
    """ASCII's A is 65; RFC 3629 gives U+65E5 (日) as the bytes E6 97 A5."""
    assert to_bits(b"A") == "01000001"
    assert from_bits("111001101001011110100101").decode() == "日"


@given(st.binary(max_size=100))
def test_round_trip(data: bytes) -> None:
    assert from_bits(to_bits(data)) == data


def test_every_sentence_stands_in_both_languages() -> None:
    for line in sentences(random.Random(3), 30).splitlines():
        english, chinese = line.split(". ")
        assert english.isascii()
        assert not any(c.isascii() for c in chinese)


def test_a_text_of_your_own() -> None:
    numbers = run(text="no Chinese here, no repetition either")
    assert numbers["chinese_characters"] == 0
    assert numbers["lossless"]
    assert len(lines(numbers)) >= 5
    assert run(text="x")["lossless"]
