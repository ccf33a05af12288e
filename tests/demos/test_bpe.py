from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.bpe import encode, train, vocabulary


def test_the_textbook_example() -> None:
    """The worked example of Wikipedia's article on byte pair encoding, merge by merge."""
    symbols, learned, _ = train(b"aaabdaaabac", merges=3)
    known = vocabulary(learned)
    assert [known[symbol] for symbol in symbols] == [b"aaab", b"d", b"aaab", b"a", b"c"]


@given(st.binary(max_size=200))
def test_round_trip(data: bytes) -> None:
    symbols, learned, _ = train(data, merges=20)
    known = vocabulary(learned)
    assert b"".join(known[symbol] for symbol in symbols) == data
    assert encode(data, learned) == symbols
