"""Two hundred thousand broken inputs: each is read, with sound times, or refused by our error, in time."""

from __future__ import annotations

import io
import random
import signal
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from studykit.engines.chat.answer import AnsweredError, completion_of
from studykit.errors import EngineError, StudykitError
from studykit.export import FORMATS as OUTPUTS
from studykit.export import ExportOptions, labels_named
from studykit.formats import FORMATS, parse, parse_chapters, read_known_words
from studykit.formats.study_notes import parse_notes
from studykit.formats.textfile import decode
from studykit.glossary.exchange.csv_exchange import to_csv
from studykit.glossary.exchange.incoming import read_incoming
from studykit.glossary.exchange.tbx import TBX_2008
from studykit.glossary.exchange.tbx_writer import to_tbx
from studykit.glossary.exchange.toml_writer import to_toml
from studykit.options import load_options
from studykit.translate.answer.reply import parse_reply
from tests.glossary.entries import FULL
from tests.talks import SMALL_TALK

pytestmark = [pytest.mark.slow, pytest.mark.faults]

INPUTS = 200_000
"""Of one run with ``--faults 1``, over all readers."""
FIXED_S, S_PER_CHARACTER = 1.0, 1e-4
"""How long an input may take, in seconds of processor time: grows with its length, and not faster."""

SAMPLES = Path(__file__).parent / "samples"
CAPTIONS = [path.read_text(encoding="utf-8") for path in sorted(SAMPLES.iterdir()) if path.name != "junk.txt"]
JUNK = [
    *(SAMPLES / "junk.txt").read_text(encoding="utf-8").splitlines(),
    *("\x00", "\u202e", "\ufeff", "\ud7ff", "\r", "\n\n", "\t", "\x85"),
]


def _mutated(text: str, others: list[str], draw: random.Random) -> str:
    for _ in range(draw.choice((1, 1, 1, 2, 4, 8))):
        text = _changed(text, others, draw)
    return text


def _changed(text: str, others: list[str], draw: random.Random) -> str:
    """``text`` with a piece cut, repeated, replaced, swapped for junk or another's end, or cut off."""
    at = draw.randrange(len(text) + 1)
    end = min(len(text), at + draw.choice((1, 2, 5, 20, 100)))
    middle = draw.choice(
        (
            "",
            text[at:end] * draw.choice((2, 3, 10)),
            draw.choice(JUNK),
            draw.choice(JUNK) + text[at:end],
            chr(draw.choice((draw.randrange(128), draw.randrange(0xD7FF)))),
            draw.choice(others)[-draw.randrange(1, 200) :],
        )
    )
    if draw.random() < 0.05:
        return text[:at]
    if draw.random() < 0.05:
        return text.replace(*draw.choice((("\n", "\r\n"), ("0", "00"), (":", "::"), (".", ","))))
    return text[:at] + middle + text[end:]


@contextmanager
def _in_time(size: int) -> Iterator[None]:
    """Raise ``AssertionError`` when an input of ``size`` characters has had its processor time."""
    allowed_s = FIXED_S + S_PER_CHARACTER * size

    def over(*_: Any) -> None:
        raise AssertionError(f"took more than {allowed_s:.1f} s for {size} characters")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, allowed_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def _captions(text: str, folder: Path) -> None:
    parsed = parse(text, folder / "talk.srt")
    starts = [segment.start_s for segment in parsed.segments if segment.start_s is not None]
    assert starts == sorted(starts)
    for segment in parsed.segments:
        assert segment.start_s is None or 0 <= segment.start_s <= (segment.end_s or segment.start_s) < float(
            "inf"
        )
        assert "\x00" not in segment.text


def _incoming(suffix: str) -> Callable[[str, Path], object]:
    def read(text: str, folder: Path) -> object:
        path = folder / f"terms.{suffix}"
        path.write_text(text, encoding="utf-8", newline="")
        return read_incoming(path)

    return read


def _settings(text: str, folder: Path) -> object:
    path = folder / "studykit.toml"
    path.write_text(text, encoding="utf-8", newline="")
    return load_options(path, {}, folder)


def _words(text: str, folder: Path) -> object:
    path = folder / "known.csv"
    path.write_text(text, encoding="utf-8", newline="")
    return read_known_words(path)


def _deck(text: str, folder: Path) -> object:
    """A deck whose bytes are the characters of ``text``."""
    path = folder / "deck.apkg"
    path.write_bytes(text.encode("latin-1", "ignore"))
    return read_known_words(path)


def _bytes(text: str, folder: Path) -> None:
    """A file whose bytes are the characters of ``text``, in any encoding."""
    data = text.encode("latin-1", "ignore")
    if data:
        _captions(decode(data, folder / "talk.srt"), folder)


def _bytes_seeds() -> list[str]:
    text = "1\n00:00:01,000 --> 00:00:02,000\n我们讲缓存。\n\n2\n00:00:03,000 --> 00:00:04,000\nYes.\n"
    return [
        text.encode(encoding).decode("latin-1")
        for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32", "gb18030")
    ]


def _answer(text: str, _: Path) -> object:
    """The body of a translation service's answer; the engine tries again after ``ValueError``."""
    try:
        return completion_of(text.encode("utf-8", "surrogatepass"))
    except (ValueError, AnsweredError) as error:
        raise EngineError("service", str(error)) from error


def _deck_seeds() -> list[str]:
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, flds TEXT)")
    database.executemany("INSERT INTO notes (flds) VALUES (?)", [("house\x1f房子",), ("trade-off\x1f权衡",)])
    database.commit()
    packages = []
    for packing in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", packing) as archive:
            archive.writestr("collection.anki2", database.serialize())
        packages.append(file.getvalue().decode("latin-1"))
    return packages


def _notes(name: str) -> str:
    made = OUTPUTS[name].make(SMALL_TALK, ExportOptions(labels=labels_named("zh")))
    assert isinstance(made, str)
    return made


READERS: dict[str, tuple[Callable[[str, Path], object], Callable[[], list[str]]]] = {
    "captions": (_captions, lambda: CAPTIONS),
    "study notes": (
        lambda text, folder: parse_notes(text, folder / "notes.md"),
        lambda: [_notes("md-numbered"), _notes("md-captions"), _notes("md")],
    ),
    "chapters": (lambda text, _: parse_chapters(text), lambda: ["0:00 Start\n12:30 Next\n1:02:03 End\n"]),
    "glossary as CSV": (_incoming("csv"), lambda: [to_csv([FULL])]),
    "glossary as TBX": (_incoming("tbx"), lambda: [to_tbx([FULL]), to_tbx([FULL], TBX_2008)]),
    "glossary as TOML": (_incoming("toml"), lambda: [to_toml([FULL])]),
    "settings": (_settings, lambda: ['[notes]\nlabels = "en"\nformats = ["md"]\n[align]\nmax_bead = 6\n']),
    "a model's reply": (
        lambda text, _: parse_reply(text, {0, 1, 2}),
        lambda: ['```json\n{"1": "你好。", "2": "再见。"}\n```', '<think>x</think>{"1": "你好"}'],
    ),
    "a service's answer": (
        _answer,
        lambda: [
            '{"choices": [{"message": {"content": "{\\"1\\": \\"你好\\"}"}}], "usage": {"prompt_tokens": 9, '
            '"completion_tokens": 7}}'
        ],
    ),
    "bytes": (_bytes, _bytes_seeds),
    "decks": (_deck, _deck_seeds),
    "known words": (
        _words,
        lambda: ["#separator:tab\n#html:true\nhouse\t<b>房子</b>\n", "head,gloss\nhouse,房子\n"],
    ),
}
SHARES = {"captions": 0.6}
"""Of all inputs; the other readers share the rest."""


def test_all_caption_formats_have_a_sample() -> None:
    assert {parse(text, Path("a")).format for text in CAPTIONS} == set(FORMATS)


@pytest.mark.parametrize("reader", READERS)
def test_any_input_is_read_or_refused_in_time(reader: str, tmp_path: Path, times: int) -> None:
    read, seeds_of = READERS[reader]
    seeds, draw = seeds_of(), random.Random(f"{reader} 23")
    share = SHARES.get(reader, (1 - sum(SHARES.values())) / (len(READERS) - len(SHARES)))
    count, refused = round(INPUTS * share) * times, 0
    for number in range(count):
        text = _mutated(draw.choice(seeds), seeds, draw)
        try:
            with _in_time(len(text)):
                read(text, tmp_path)
        except StudykitError:
            refused += 1
        except Exception as error:
            raise AssertionError(f"input {number}, {type(error).__name__}: {error}\n{text!r}") from error
    print(f"{reader}: {count} inputs, {refused} refused")
    assert refused < count
