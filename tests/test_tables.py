"""Tables that are compiled once and read in place."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studykit.engines.compiled import TABLES, compile_into
from studykit.tables.compiled import Compiled
from studykit.tables.frequencies import frequencies, top_words, zipf_frequency
from studykit.tables.table import Table, packed
from studykit.tables.trie import Trie, trie_parts

ENTRIES = {"rag": b"1", "": b"nothing", "权重": b"weights", "kv cache": b""}


@given(st.dictionaries(st.text(), st.binary(max_size=20), max_size=60), st.lists(st.text(), max_size=20))
def test_a_table_answers_as_a_dictionary_does(entries: dict[str, bytes], others: list[str]) -> None:
    table = Table(packed(entries.items()))
    assert list(table.keys()) == list(entries)
    assert len(table) == len(entries)
    for key in [*entries, *others]:
        assert table.get(key) == entries.get(key)
        assert (key in table) == (key in entries)


def walked(trie: Trie, text: str) -> int | None:
    """The number at the end of a walk; None where it leads nowhere."""
    node = 0
    for char in text:
        at = trie.first[node] + trie.codes.get(char, 0)
        if trie.owner[at] != node:
            return None
        node = at
    return trie.numbers[node]


WORDS = st.text(alphabet="abcd中文\U0001f642", min_size=1, max_size=6)


@given(st.sets(WORDS, max_size=80), st.lists(WORDS, max_size=20))
def test_a_trie_knows_strings_and_their_beginnings(strings: set[str], others: list[str]) -> None:
    numbers = {text: number for number, text in enumerate(sorted(strings), 1)}
    trie = Trie.opened(trie_parts(numbers))
    beginnings = {text[:end] for text in strings for end in range(len(text))}
    for text in (*strings, *beginnings, *others):
        wanted = numbers.get(text, 0 if text in beginnings or text == "" else None)
        assert walked(trie, text) == wanted


def test_a_trie_holds_strings_as_tightly_as_it_can() -> None:
    numbers = {f"{number:05}": number for number in range(1, 20_000)}
    trie = Trie.opened(trie_parts(numbers))
    assert all(walked(trie, text) == number for text, number in numbers.items())
    nodes = len({text[:end] for text in numbers for end in range(6)})
    assert len(trie.owner) < 1.1 * nodes


@pytest.mark.parametrize("end", [0, 10, 30, 60, -1])
def test_a_part_of_a_table_is_none(end: int) -> None:
    with pytest.raises(ValueError, match="table"):
        Table(packed(ENTRIES.items())[:end])


class Source:
    """A table whose source is a file; counts how often it is compiled."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "source.txt"
        self.file.write_text("one", encoding="utf-8")
        self.times = 0

    def entries(self) -> Mapping[str, bytes]:
        self.times += 1
        return {"text": self.file.read_bytes()}

    def open(self) -> Table:
        """As a new process would."""
        return Compiled("a", self.entries, lambda: [self.file]).table


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    return Source(tmp_path)


def kept(folder: Path) -> list[Path]:
    return list((folder / "cache" / "tables").iterdir())


def test_it_is_compiled_once_and_again_when_the_source_changes(source: Source, tmp_path: Path) -> None:
    assert [source.open().get("text") for _ in range(2)] == [b"one"] * 2
    assert source.times == 1
    source.file.write_text("two", encoding="utf-8")
    assert source.open().get("text") == b"two"
    assert len(kept(tmp_path)) == 1, "the old one is deleted"


@pytest.mark.parametrize("damage", [b"", b"studykit table 1 and more", bytes(5000)])
def test_a_damaged_one_is_compiled_again(source: Source, tmp_path: Path, damage: bytes) -> None:
    source.open()
    (file,) = kept(tmp_path)
    file.write_bytes(damage)
    assert source.open().get("text") == b"one"
    assert source.times == 2
    assert source.open().get("text") == b"one"
    assert source.times == 2


def test_a_slot_that_points_elsewhere_is_noticed(source: Source, tmp_path: Path) -> None:
    source.open()
    (file,) = kept(tmp_path)
    stored = bytearray(file.read_bytes())
    stored[40] ^= 1
    file.write_bytes(stored)
    assert source.open().get("text") == b"one"
    assert source.times == 2


def test_without_a_cache_it_works_all_the_same(source: Source, tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be", encoding="utf-8")
    assert source.open().get("text") == b"one"


def test_two_processes_at_once_leave_one_whole_table(source: Source, tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from studykit.engines.compiled import TABLES, compile_into
from studykit.tables.compiled import Compiled
entries = {{str(i): b"%d" % i for i in range(50_000)}}
print(Compiled("a", lambda: entries, lambda: [Path({str(source.file)!r})]).table.get("49999"))
"""
    env = {"STUDYKIT_CACHE": str(tmp_path / "cache"), "PYTHONPATH": str(Path(__file__).parent.parent)}
    both = [
        subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    assert {process.communicate()[0].strip() for process in both} == {"b'49999'"}
    assert [path.suffix for path in kept(tmp_path)] == [".table"]


def test_what_the_wheel_carries_is_what_is_asked_for(tmp_path: Path) -> None:
    for name in ("cefr-0000000000000000.table", *(table.file_name for table in TABLES)):
        (tmp_path / name).touch()
    compile_into(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {table.file_name for table in TABLES}


def test_frequencies_are_those_of_wordfreq() -> None:
    # From wordfreq 3.1.1: benchmarks/convert_frequencies.py --compare asks for a hundred thousand more.
    theirs = {
        "the": 7.73, "token": 3.82, "KV cache": 3.01, "don’t": 6.2, "l'arc": 4.16, "state-of-the-art": 5.16,
        "2024": 4.71,
        "3.14": 2.85, "1,000,000": 0.0, "naïve": 3.07, "qqzzxx": 0.0, "": 0.0, "…": 0.0, "10x": 2.15,
    }  # fmt: skip
    assert {text: zipf_frequency(text) for text in theirs} == theirs


@pytest.mark.slow
def test_every_list_is_as_wordfreq_has_it() -> None:
    wordfreq = pytest.importorskip("wordfreq")
    for name, (language, wordlist) in {
        "english": ("en", "large"), "chinese": ("zh", "large"), "chinese-common": ("zh", "small"),
    }.items():  # fmt: skip
        assert dict(frequencies(name)) == wordfreq.get_frequency_dict(language, wordlist)
    assert list(top_words(2000)) == wordfreq.top_n_list("en", 2000)


@given(st.text(alphabet="abcdeilnorstu ABC'’-.,:;0123456789é@_", max_size=14))
def test_a_phrase_is_as_common_as_wordfreq_says(text: str) -> None:
    wordfreq = pytest.importorskip("wordfreq")
    assert zipf_frequency(text) == wordfreq.zipf_frequency(text, "en")
