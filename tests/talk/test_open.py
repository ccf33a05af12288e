"""One door: whatever holds the talk, ``open_talk`` gives the same talk."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import studykit
from studykit.errors import ConfigError, NoSuchTalkError, TalkNotFoundError
from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.glossary import Glossary
from studykit.ingest import link_of
from studykit.options import Options
from studykit.store import IN_MEMORY, Store, decide, locks_of, sources_of
from studykit.talk import SILENT, make_notes, open_talk
from studykit.talk.cache import Cache
from studykit.talk.read import READERS, ReadRequest, kind_of
from studykit.talk.write.files import path_for, write_notes
from studykit.types import Decision, Span
from tests.align.bags import BagEncoder
from tests.formats.test_study_notes import NUMBERED

ENGLISH = """1
00:00:01,000 --> 00:00:04,000
The cache is a promise, and we keep it small.

2
00:00:04,500 --> 00:00:09,000
It weeds out what nobody asked for in a long time.

3
00:00:09,500 --> 00:00:12,000
So we measure it with LEMMA every single day.
"""
OTHER = """1
00:00:01,000 --> 00:00:04,000
Welcome to our kitchen, today we bake a cake.

2
00:00:04,500 --> 00:00:09,000
Mix the flour with sugar and wait for half an hour.
"""
CHINESE = "缓存是一个承诺，我们让它保持小。\n它会清除很久没有人要的东西。\n所以我们每天都测量它。\n"

pytestmark = pytest.mark.usefixtures("bags")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "study.db") as store:
        yield store


@pytest.fixture
def captions(tmp_path: Path) -> Path:
    path = tmp_path / "talk.en.srt"
    path.write_text(ENGLISH, encoding="utf-8")
    (tmp_path / "talk.zh.txt").write_text(CHINESE, encoding="utf-8")
    return path


def opened(source: Path | str, store: Store, translation: Path | None = None) -> studykit.Talk:
    return open_talk(source, translation=translation, store=store, glossary=Glossary([]))


def test_a_source_is_what_it_holds(tmp_path: Path, captions: Path, store: Store) -> None:
    make_notes(opened(captions, store))
    sound = tmp_path / "talk.mp3"
    sound.write_bytes(b"ID3\x04\x00" + bytes(100))

    def kind(source: str | Path) -> str:
        cache = Cache(store=store, source_id="", progress=SILENT)
        return kind_of(
            ReadRequest(
                source=str(source), translation=None, cache=cache, glossary=Glossary([]), options=Options()
            )
        )

    kinds = {
        kind("https://www.youtube.com/watch?v=abc"): "link",
        kind("youtube.com/watch?v=abc"): "link",
        kind(sound): "recording",
        kind(captions): "file",
        kind("talk"): "stored talk",
    }
    assert all(found == expected for found, expected in kinds.items())
    assert set(kinds) == set(READERS)


def test_links_need_no_https() -> None:
    assert link_of("youtube.com/watch?v=abc") == "https://youtube.com/watch?v=abc"
    assert link_of("youtu.be/abc") == "https://youtu.be/abc"
    assert link_of("www.example.org/talk") == "https://www.example.org/talk"
    assert link_of("HTTP://example.org/talk") == "HTTP://example.org/talk"
    for path in (
        "talks/talk.vtt",
        "my.folder/talk.vtt",
        "youtube.com",
        "talk.vtt",
        "C:/youtube.com/talk.vtt",
    ):
        assert link_of(path) is None


def test_a_stored_talk_is_opened_by_id_and_title_and_gives_the_same(captions: Path, store: Store) -> None:
    fresh = opened(captions, store, captions.with_name("talk.zh.txt"))
    made = make_notes(fresh).notes
    for name in (made.source.id, made.source.id[:8], "talk"):
        again = opened(name, store)
        assert again.texts == fresh.texts
        assert again.alignment == made.alignment
        assert again.notes == made
        assert [item.item for item in again.study_items] == [item.item for item in fresh.study_items]
        assert again.best_claims(3) == fresh.best_claims(3)
        assert again.findings == fresh.findings


def test_without_a_store_nothing_is_left_behind(captions: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(captions.parent)
    before = sorted(captions.parent.iterdir())
    talk = studykit.open_talk(captions)
    assert talk.texts.english
    assert talk.texts.english.sentences[0].text == "The cache is a promise, and we keep it small."
    assert talk.cache.store.path == IN_MEMORY
    assert sorted(captions.parent.iterdir()) == before


def test_neither_a_file_nor_a_talk(store: Store) -> None:
    with pytest.raises(
        NoSuchTalkError, match=r"nothing.vtt: no such file, and no talk with that name in .*db"
    ):
        opened("nothing.vtt", store)
    with pytest.raises(NoSuchTalkError, match=r"^nothing.vtt: no such file\nCheck the path"):
        studykit.open_talk("nothing.vtt")


def test_a_name_that_fits_two_talks_lists_them(tmp_path: Path, captions: Path, store: Store) -> None:
    make_notes(opened(captions, store))
    other = tmp_path / "talk two.srt"
    other.write_text(OTHER, encoding="utf-8")
    make_notes(opened(other, store))
    with pytest.raises(TalkNotFoundError, match="matches several talks"):
        opened("tal", store)


def test_edited_captions_are_a_new_state_of_the_same_talk(captions: Path, store: Store) -> None:
    first = make_notes(opened(captions, store)).notes
    rejected = Decision(
        language="en",
        sentence="So we measure it with LEMMA every single day.",
        span=Span(start=22, end=27),
        right="Llama",
        accepted=False,
    )
    decide(store, first.source.id, [rejected])
    captions.write_text(ENGLISH.replace("a promise", "a contract"), encoding="utf-8")
    second = make_notes(opened(captions, store))
    assert second.notes.source.id == first.source.id
    assert "contract" in second.notes.english[0].text
    assert not second.warnings
    assert [row.id for row in store.talks()] == [first.source.id]
    assert len(sources_of(store, first.source.id)) == 2

    captions.write_text(ENGLISH.replace("every single day", "every night"), encoding="utf-8")
    third = make_notes(opened(captions, store))
    assert third.notes.source.id == first.source.id
    assert "1 decision about a correction does not apply" in third.warnings[0]
    captions.write_text(ENGLISH, encoding="utf-8")
    assert not make_notes(opened(captions, store)).warnings


def test_another_talk_under_the_same_path_is_another_talk(captions: Path, store: Store) -> None:
    first = make_notes(opened(captions, store)).notes
    captions.write_text(OTHER, encoding="utf-8")
    second = make_notes(opened(captions, store)).notes
    assert second.source.id != first.source.id
    assert len(store.talks()) == 2
    assert store.load(first.source.id) == first
    assert locks_of(store, second.source.id) == []


def test_notes_made_elsewhere_and_our_own_do_not_replace_each_other(tmp_path: Path, store: Store) -> None:
    notes = tmp_path / "notes.md"
    notes.write_text(NUMBERED, encoding="utf-8")
    imported = make_notes(opened(notes, store)).notes
    plain = tmp_path / "plain.txt"
    plain.write_text("\n".join(sent.raw for sent in imported.english), encoding="utf-8")
    assert make_notes(opened(plain, store)).notes.source.id != imported.source.id
    assert store.load(imported.source.id) == imported


def test_two_talks_of_one_name_do_not_overwrite_each_others_notes(tmp_path: Path, store: Store) -> None:
    written = []
    for folder, text in (("a", ENGLISH), ("b", OTHER)):
        path = tmp_path / folder / "talk.srt"
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
        made = make_notes(opened(path, store))
        options = ExportOptions(labels=LABELS["en"])
        place = path_for(made.notes, tmp_path, "talk", FORMATS["md"], options=options, store=store)
        written.append(
            write_notes(
                made.notes, made.key, place, FORMATS["md"], options=options, store=store, progress=SILENT
            ).path
        )
    assert written[0].name == "talk.notes.md"
    assert written[1].name != written[0].name
    assert "promise" in written[0].read_text(encoding="utf-8")
    assert "kitchen" in written[1].read_text(encoding="utf-8")


def test_a_stored_talk_takes_a_translation(captions: Path, store: Store, bags: BagEncoder) -> None:
    made = make_notes(opened(captions, store)).notes
    assert not made.chinese
    talk = opened(made.source.id, store, captions.with_name("talk.zh.txt"))
    again = make_notes(talk)
    assert len(again.notes.chinese) == 3
    assert again.notes.alignment
    assert again.notes.source.id == made.source.id


def test_translations_to_nothing_are_refused_when_opened_not_after_four_stages(captions: Path) -> None:
    with pytest.raises(ConfigError, match="'foo' is unknown; choose captions, openai:MODEL or transformers"):
        open_talk(captions, options={"translate.engine": "foo"}, translating=True)


def test_what_the_user_said_of_a_talk_holds_until_something_else_is_said(
    captions: Path, store: Store, bags: BagEncoder
) -> None:
    address = "https://example.org/watch"
    first = open_talk(captions, store=store, options={"ingest.title": "My own title", "ingest.url": address})
    make_notes(first)
    again = open_talk(captions, store=store)
    assert (again.read.source.title, again.read.source.url) == ("My own title", address)
    make_notes(again)
    other = open_talk(captions, store=store, options={"ingest.title": "Another"})
    make_notes(other)
    last = open_talk(captions, store=store)
    assert (last.read.source.title, last.read.source.url) == ("Another", address)


def test_marks_that_turn_text_around_do_not_reach_a_title(captions: Path) -> None:
    talk = open_talk(captions, options={"ingest.title": "safe\u202egnp.exe\u2069 \u200b👩\u200d🏫\n"})
    assert talk.read.source.title == "safe gnp.exe 👩\u200d🏫"
