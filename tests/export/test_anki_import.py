"""Decks in the real Anki: imported, studied, made again with changes, imported again.

Needs the package ``anki``, which is no part of an extra; CI installs it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.engines.programs.genanki import package
from studykit.export.anki import anki_deck, notes_tsv
from studykit.export.anki.clips import sentence_clips
from studykit.export.course import course_decks
from studykit.files import safe_stem
from studykit.formats.anki_deck import Deck
from studykit.types import Gloss, Notes
from tests.export.speech import spoken_talk
from tests.small_course import another
from tests.talks import SMALL_TALK

anki_collection = pytest.importorskip("anki.collection")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("default")]


@pytest.fixture
def collection(tmp_path: Path) -> Iterator[Any]:
    opened = anki_collection.Collection(str(tmp_path / "collection.anki2"))
    yield opened
    opened.close()


def put_in(collection: Any, *decks: Deck, path: Path, modified_s: float) -> None:
    """Import a package as the user does, with Anki's usual choices."""
    path.write_bytes(package(*decks, modified_s=modified_s))
    options = anki_collection.ImportAnkiPackageOptions()
    request = anki_collection.ImportAnkiPackageRequest(package_path=str(path), options=options)
    collection.import_anki_package(request)


def with_another_gloss(talk: Notes) -> Notes:
    (item,) = talk.vocabulary
    gloss = Gloss(text="那是后话", language="zh", source="test")
    return replace(talk, vocabulary=(replace(item, glosses=(gloss,), cefr="C1"),))


def test_a_second_import_updates_the_notes_and_keeps_the_schedule(collection: Any, tmp_path: Path) -> None:
    put_in(collection, anki_deck(SMALL_TALK), path=tmp_path / "1.apkg", modified_s=1_700_000_000)
    assert collection.note_count() == 4
    assert collection.card_count() == 6
    assert {deck.name for deck in collection.decks.all_names_and_ids()} >= {
        "studykit", "studykit::Caches & costs",
    }  # fmt: skip

    (card_id,) = collection.find_cards('Head:"a different story" card:Meaning')
    collection.decks.select(collection.decks.id("studykit::Caches & costs"))
    while (card := collection.sched.getCard()).id != card_id:
        collection.sched.bury_cards([card.id])
    collection.sched.answerCard(card, 4)
    studied = collection.get_card(card_id)
    assert studied.reps == 1
    assert studied.ivl > 0

    deck = anki_deck(with_another_gloss(SMALL_TALK))
    put_in(collection, deck, path=tmp_path / "2.apkg", modified_s=1_700_000_100)
    assert collection.note_count() == 4
    again = collection.get_card(card_id)
    assert again.note()["Meaning"] == "那是后话"
    assert again.note()["Level"] == "C1"
    assert (again.reps, again.ivl, again.due) == (studied.reps, studied.ivl, studied.due)


def test_cards_show_what_they_should(collection: Any, tmp_path: Path) -> None:
    put_in(collection, anki_deck(SMALL_TALK), path=tmp_path / "1.apkg", modified_s=1_700_000_000)
    (card_id,) = collection.find_cards('"note:studykit cloze" Text:*different*')
    rendered = collection.get_card(card_id).render_output()
    assert "Quantization is" in rendered.question_text
    assert "different" not in rendered.question_text.replace('data-cloze="a&#x20;different&#x20;story"', "")
    assert "a different story" in rendered.answer_text
    (card_id,) = collection.find_cards('Head:"KV cache" card:Word')
    rendered = collection.get_card(card_id).render_output()
    assert "键值缓存" in rendered.question_text
    assert "KV cache" not in rendered.question_text
    assert 'href="https://www.youtube.com/watch?v=abc&amp;t=60s"' in rendered.answer_text


def test_the_table_updates_the_notes_of_the_package_and_leaves_their_sound(
    collection: Any, tmp_path: Path
) -> None:
    recording, talk = spoken_talk(tmp_path)
    deck = anki_deck(talk, sentence_clips(recording, talk.english))
    put_in(collection, deck, path=tmp_path / "1.apkg", modified_s=1_700_000_000)
    count = collection.note_count()
    table = tmp_path / "talk.tsv"
    table.write_text(notes_tsv(with_another_gloss(talk)), encoding="utf-8")
    metadata = collection.get_csv_metadata(str(table), None)
    collection.import_csv(anki_collection.ImportCsvRequest(path=str(table), metadata=metadata))
    assert collection.note_count() == count
    (note_id,) = collection.find_notes('Head:"a different story"')
    note = collection.get_note(note_id)
    assert note["Meaning"] == "那是后话"
    assert note["Audio"].startswith("[sound:studykit-")


def test_sound_arrives(collection: Any, tmp_path: Path) -> None:
    recording, talk = spoken_talk(tmp_path)
    path = tmp_path / "1.apkg"
    deck = anki_deck(talk, sentence_clips(recording, talk.english))
    put_in(collection, deck, path=path, modified_s=1_700_000_000)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as made:
        assert len(made.namelist()) == 2 + len(deck.clips)
    (note_id, *_) = collection.find_notes('"note:studykit listening"')
    name = collection.get_note(note_id)["Audio"].removeprefix("[sound:").removesuffix("]")
    assert (Path(collection.media.dir()) / name).stat().st_size > 2000
    assert not collection.media.check().missing


def test_a_course_after_its_talk_adds_only_what_is_new_and_keeps_the_schedule(
    collection: Any, tmp_path: Path
) -> None:
    """A studied card stays in the talk's deck; the same course again, and in another order, adds nothing."""
    put_in(collection, anki_deck(SMALL_TALK), path=tmp_path / "1.apkg", modified_s=1_700_000_000)
    (card_id,) = collection.find_cards('Head:"a different story" card:Meaning')
    collection.decks.select(collection.decks.id("studykit::Caches & costs"))
    while (card := collection.sched.getCard()).id != card_id:
        collection.sched.bury_cards([card.id])
    collection.sched.answerCard(card, 4)
    (item,) = SMALL_TALK.vocabulary
    later = replace(another(2), vocabulary=(replace(item, head="from scratch"),))
    made = course_decks("Models", [SMALL_TALK, later], origins={})
    put_in(collection, *made.decks, path=tmp_path / "2.apkg", modified_s=1_700_000_100)
    assert collection.note_count() == 6
    studied = collection.get_card(card_id)
    assert studied.reps == 1
    assert collection.decks.name(studied.did) == "studykit::Caches & costs"
    (new,) = collection.find_cards('Head:"from scratch" card:Meaning')
    assert (
        collection.decks.name(collection.get_card(new).did)
        == f"studykit::Models::02 {safe_stem(later.source.title)}"
    )
    turned = course_decks("Models", [later, SMALL_TALK], origins=made.origins)
    put_in(collection, *turned.decks, path=tmp_path / "3.apkg", modified_s=1_700_000_200)
    assert collection.note_count() == 6
