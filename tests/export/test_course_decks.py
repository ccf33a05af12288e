"""The decks of a course: no head twice, and identities that neither order nor other decks change."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.export.anki import anki_deck
from studykit.export.course import course_decks
from studykit.formats.anki_deck import Clip, Deck, Note
from studykit.types import Notes
from tests.small_course import LECTURES, another
from tests.talks import SMALL_TALK


def decks(
    *lectures: Notes, origins: dict[tuple[str, str], tuple[str, ...]] | None = None
) -> tuple[Deck, ...]:
    return course_decks("Models", lectures, origins=origins or {}).decks


def notes(made: tuple[Deck, ...]) -> list[Note]:
    return [note for deck in made for note in deck.notes]


def heads(made: tuple[Deck, ...]) -> list[str]:
    return [note.fields[0] for note in notes(made) if note.type.name == "studykit vocabulary"]


def with_head(number: int, head: str, title: str = "") -> Notes:
    """A lecture whose item is another one."""
    talk = another(number, title)
    return replace(talk, vocabulary=(replace(talk.vocabulary[0], head=head),))


def test_a_lecture_has_a_deck_below_the_courses_with_what_is_new_in_it() -> None:
    made = decks(SMALL_TALK, with_head(2, "from scratch", "A::B"), another(3))
    assert [deck.name for deck in made] == [
        "studykit::Models::01 Caches & costs", "studykit::Models::02 A B",
    ]  # fmt: skip
    assert heads(made) == ["KV cache", "a different story", "from scratch"]


def test_no_head_comes_twice_and_another_part_of_speech_says_which() -> None:
    made = decks(another(1, upos="NOUN"), another(2, upos="ADJ"), another(3, upos="NOUN"), SMALL_TALK)
    assert heads(made) == [
        "KV cache",
        "a different story",
        "a different story (adj.)",
        "a different story (idiom)",
    ]
    guids = [note.guid for note in notes(made)]
    assert len(guids) == len(set(guids))


def test_notes_are_those_of_the_talks_own_deck() -> None:
    own = {note.guid for note in anki_deck(SMALL_TALK).notes}
    assert {note.guid for note in notes(decks(*LECTURES))} == own
    assert [note.fields for note in decks(*LECTURES)[0].notes] == [
        note.fields for note in anki_deck(SMALL_TALK).notes
    ]


def test_another_order_makes_no_second_notes() -> None:
    first = course_decks("Models", LECTURES, origins={})
    turned = tuple(reversed(LECTURES))
    again = course_decks("Models", turned, origins=first.origins)
    assert [note.guid for note in notes(again.decks)] == [note.guid for note in notes(first.decks)]
    assert again.origins == first.origins
    unknown = course_decks("Models", turned, origins={})
    assert [note.guid for note in notes(unknown.decks)] != [note.guid for note in notes(first.decks)]


def test_a_new_lecture_changes_no_identity() -> None:
    before = notes(decks(*LECTURES))
    after = notes(decks(*LECTURES, with_head(4, "from scratch")))
    assert [note.guid for note in after[: len(before)]] == [note.guid for note in before]
    assert len(after) > len(before)


def test_ids_of_decks_stay_when_titles_change() -> None:
    (deck,) = decks(SMALL_TALK)
    (renamed,) = decks(replace(SMALL_TALK, source=replace(SMALL_TALK.source, title="Else")))
    assert (deck.id, deck.name) != (renamed.id, renamed.name)
    assert deck.id == renamed.id
    assert deck.id != anki_deck(SMALL_TALK).id


def test_a_persons_own_words_come_before_the_glossarys() -> None:
    (item,) = SMALL_TALK.vocabulary
    own = replace(item, kind="term", head="KVC (KV cache)", upos=None)
    by_hand = replace(SMALL_TALK, source=replace(SMALL_TALK.source, kind="notes"), vocabulary=(own,))
    assert heads(decks(by_hand, another(2))) == ["KVC (KV cache)", "a different story"]
    later = replace(another(2), vocabulary=(own,))
    assert heads(decks(SMALL_TALK, later)) == ["KV cache", "a different story"]


def test_sound_comes_with_the_lecture_that_has_it() -> None:
    clip = Clip(name="a.mp3", content=b"sound")
    later = with_head(2, "from scratch")
    made = course_decks("Models", [SMALL_TALK, later], origins={}, clips={later.source.id: {2: clip}})
    assert [len(deck.clips) for deck in made.decks] == [0, 1]
    assert [note.type.name for note in made.decks[1].notes if note.type.name.endswith("listening")] == [
        "studykit listening"
    ]


def test_a_term_that_was_a_mere_noun_before_is_learned_as_a_term() -> None:
    (item,) = SMALL_TALK.vocabulary
    noun = replace(item, head="KV cache", kind="word", upos="NOUN")
    word = replace(another(2), vocabulary=(noun,), terms=())
    assert heads(decks(word, SMALL_TALK)) == ["KV cache", "KV cache (term)", "a different story"]
    assert heads(decks(SMALL_TALK, word)) == ["KV cache", "a different story"]
