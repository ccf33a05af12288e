"""Anki decks: identities that stay, fields that are inert, clips that are whole."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from studykit.engines.programs.ffmpeg import SAMPLE_RATE
from studykit.engines.programs.genanki import package
from studykit.export.anki import anki_deck, notes_tsv
from studykit.export.anki.clips import cut_sentence
from studykit.export.anki.deck import example_sentences
from studykit.export.anki.note_types import CLOZE, LISTENING, VOCABULARY
from studykit.formats.anki_deck import Clip, Deck
from studykit.types import Gloss, Notes
from tests import strategies
from tests.talks import SMALL_TALK, span

CLIP = Clip(name="a.mp3", content=b"sound")
CLIPS = dict.fromkeys(range(10), CLIP)


def fields(deck: Deck, kind: str, number: int = 0) -> dict[str, str]:
    note = [note for note in deck.notes if note.type.name == f"studykit {kind}"][number]
    return dict(zip(note.type.fields, note.fields, strict=True))


def with_sentence(talk: Notes, index: int, text: str, start: int, end: int) -> Notes:
    """The talk with another text, in which its only item stands at ``[start, end)``."""
    english = list(talk.english)
    english[index] = replace(english[index], text=text)
    (item,) = talk.vocabulary
    (at,) = item.occurrences
    there = replace(at, span=span(start, end))
    return replace(talk, english=tuple(english), vocabulary=(replace(item, occurrences=(there,)),), terms=())


def test_a_deck_has_vocabulary_cloze_and_listening_notes() -> None:
    deck = anki_deck(SMALL_TALK, {2: CLIP})
    assert deck.name == "studykit::Caches & costs"
    assert [note.type.name.split()[1] for note in deck.notes] == [
        "vocabulary", "cloze", "vocabulary", "cloze", "listening",
    ]  # fmt: skip
    word = fields(deck, "vocabulary", 1)
    assert word == {
        "Head": "a different story",
        "IPA": "",
        "Level": "B2",
        "Meaning": "另一回事",
        "Definition": "",
        "Remark": "",
        "Example": "Quantization is <b>a different story</b>.",
        "ExampleChinese": "量化是另一回事。",
        "Source": 'Caches &amp; costs <a href="https://www.youtube.com/watch?v=abc&amp;t=70s">01:10</a>',
        "Audio": "[sound:a.mp3]",
    }
    assert fields(deck, "vocabulary")["Audio"] == ""
    assert fields(deck, "cloze", 1)["Text"] == "Quantization is {{c1::a different story}}."
    assert fields(deck, "listening")["Sentence"] == "Quantization is a different story."
    assert deck.clips == (CLIP,)
    assert deck.notes[2].tags == (
        "studykit", "studykit::Caches_&_costs", "studykit::kind::idiom", "studykit::level::B2",
    )  # fmt: skip


def test_identities_stay_when_gloss_level_example_and_translation_change() -> None:
    (item,) = SMALL_TALK.vocabulary
    changed = replace(
        SMALL_TALK,
        source=replace(SMALL_TALK.source, title="Another title", url=None),
        vocabulary=(
            replace(item, glosses=(Gloss(text="那是后话", language="zh", source="x"),), cefr="C1", ipa="x"),
        ),
        terms=tuple(replace(term, chinese="缓存") for term in SMALL_TALK.terms),
        english=tuple(replace(sent, text=f"{sent.text} Indeed.") for sent in SMALL_TALK.english),
        alignment=None,
        chinese=(),
    )
    before, after = (anki_deck(talk, CLIPS) for talk in (SMALL_TALK, changed))
    assert [note.guid for note in before.notes] == [note.guid for note in after.notes]
    assert before.id == after.id
    assert all(a.fields != b.fields for a, b in zip(before.notes, after.notes, strict=True))
    other = anki_deck(replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="0" * 64)), CLIPS)
    assert not {note.guid for note in other.notes} & {note.guid for note in before.notes}


def test_ids_of_note_types_and_their_fields_never_change() -> None:
    assert [(kind.id, len(kind.fields), kind.fields[-1]) for kind in (VOCABULARY, CLOZE, LISTENING)] == [
        (1710461201, 10, "Audio"),
        (1710461202, 6, "Audio"),
        (1710461203, 4, "Audio"),
    ]


def test_what_comes_from_outside_is_shown_as_it_is() -> None:
    text = 'Say {{c2::x}} [sound:evil.mp3] \\(x\\) <script>alert("1")</script> std::vector, ok'
    at = text.index("std::vector")
    deck = anki_deck(with_sentence(SMALL_TALK, 2, text, at, at + len("std::vector")))
    shown = fields(deck, "cloze")["Text"]
    assert re.findall(r"\{\{.*?\}\}", shown) == ["{{c1::std&#58;&#58;vector}}"]
    assert "<script" not in shown
    assert "[sound" not in shown
    assert "\\(" not in shown


@settings(max_examples=30, deadline=None)
@given(strategies.notes())
def test_any_talk_makes_a_deck_and_a_table(talk: Notes) -> None:
    english = tuple(replace(sent, text=sent.text.ljust(60, ".")) for sent in talk.english)
    talk = replace(talk, english=english)
    deck = anki_deck(talk, CLIPS)
    guids = [note.guid for note in deck.notes]
    assert len(guids) == len(set(guids))
    for note in deck.notes:
        assert not any(" " in tag for tag in note.tags)
        assert sum(field.count("{{") for field in note.fields) == (1 if note.type is CLOZE else 0)
        assert all(field == "[sound:a.mp3]" or "[" not in field for field in note.fields)
    lines = notes_tsv(talk).splitlines()
    rows = list(csv.reader(io.StringIO("\n".join(lines[7:])), delimiter="\t"))
    expected = [note for note in anki_deck(talk).notes if note.type is not LISTENING]
    assert [row[0] for row in rows] == [note.guid for note in expected]
    assert [len(row) - 4 for row in rows] == [len(note.fields) - 1 for note in expected]


def test_the_table_says_what_its_columns_are() -> None:
    assert notes_tsv(SMALL_TALK).splitlines()[:6] == [
        "#separator:tab",
        "#html:true",
        "#guid column:1",
        "#notetype column:2",
        "#deck column:3",
        "#tags column:4",
    ]


def test_a_package_holds_deck_notes_and_sound(tmp_path: Path) -> None:
    deck = anki_deck(SMALL_TALK, CLIPS)
    data = package(deck, modified_s=1_700_000_000)
    with zipfile.ZipFile(io.BytesIO(data)) as made:
        assert made.read("media") == b'{"0": "a.mp3"}'
        assert made.read("0") == b"sound"
        made.extract("collection.anki2", tmp_path)
    db = sqlite3.connect(tmp_path / "collection.anki2")
    assert [row[0] for row in db.execute("SELECT guid FROM notes ORDER BY id")] == [
        n.guid for n in deck.notes
    ]
    # A vocabulary note asks both ways, the others once.
    assert db.execute("SELECT count(*) FROM cards").fetchone()[0] == 2 * 2 + 2 + 2
    db.close()


def tone(seconds: float, level: float = 0.3) -> np.ndarray:
    at = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    return (level * np.sin(2 * np.pi * 220 * at)).astype(np.float32)


def quiet(seconds: float) -> np.ndarray:
    return np.full(round(seconds * SAMPLE_RATE), 1e-4, dtype=np.float32)


def test_a_package_is_made_without_temporary_files_and_alike_at_the_same_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("genanki")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deck = anki_deck(SMALL_TALK, CLIPS)
    assert package(deck, modified_s=1.6e9) == package(deck, modified_s=1.6e9)
    assert not list(tmp_path.iterdir())


def test_a_clip_is_cut_where_nobody_speaks() -> None:
    # A neighbour's word, a pause, the sentence (0.4 to 1.4 s), a pause, a word; times 0.15 s off.
    around = np.concatenate([tone(0.3), quiet(0.1), tone(1.0), quiet(0.1), tone(0.3)])
    clip = cut_sentence(around, 0.5, 1.3)
    assert clip is not None
    loud = np.flatnonzero(np.abs(clip) > 0.01)
    assert (loud[-1] - loud[0]) / SAMPLE_RATE == pytest.approx(1.0, abs=0.02)
    assert not clip[: round(0.14 * SAMPLE_RATE)].any()
    assert not clip[-round(0.14 * SAMPLE_RATE) :].any()


@settings(max_examples=20, deadline=None)
@given(st.floats(0.002, 0.9))
def test_clips_are_equally_loud(level: float) -> None:
    around = np.concatenate([quiet(0.2), tone(1.0, level), quiet(0.2)])
    clip = cut_sentence(around, 0.2, 1.2)
    assert clip is not None
    spoken = clip[np.abs(clip) > 0]
    assert float(np.sqrt(np.mean(spoken.astype(np.float64) ** 2))) == pytest.approx(0.1, rel=0.1)
    assert np.abs(clip).max() <= 0.9


def test_silence_makes_no_clip() -> None:
    assert cut_sentence(np.zeros(SAMPLE_RATE, dtype=np.float32), 0.2, 0.8) is None
    assert cut_sentence(np.zeros(0, dtype=np.float32), 0.2, 0.8) is None


def test_the_sentences_whose_sound_is_wanted_are_those_on_cards() -> None:
    assert [sent.index for sent in example_sentences(SMALL_TALK)] == [0, 2]
