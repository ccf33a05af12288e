"""What a model wrote earlier stays as far as it holds."""

from __future__ import annotations

from msgspec.structs import replace

from studykit.talk.assisting import kept_assistance
from studykit.types import Assistance, Bilingual, Misreading, Notes, Occurrence, Span, WrittenItem
from tests.assist.lecture import lecture_notes

TITLE = Bilingual(english="Tokens", chinese="词元")


def at(sentence: int) -> Occurrence:
    return Occurrence(language="en", sentence=sentence, span=Span(start=0, end=3))


def assisted() -> Notes:
    notes = lecture_notes()
    item = notes.vocabulary[0]
    senses = [
        WrittenItem(
            head=head,
            kind=item.kind,
            gloss="意思",
            note=None,
            occurrence=at(i),
            in_translation=True,
            listed=listed,
        )
        for i, (head, listed) in enumerate([(item.head, True), ("no item", False), ("far away", False)])
    ]
    senses[-1] = replace(senses[-1], occurrence=at(100))
    misread = (Misreading(head="so", literal="字面", meant="实际", occurrence=at(100)),)
    made = Assistance(model="m", written_on="2026-01-31", title=TITLE, items=tuple(senses), misread=misread)
    return replace(notes, assistance=made)


def test_everything_stays_where_nothing_has_changed() -> None:
    before = assisted()
    assert kept_assistance(lecture_notes(), before) == before.assistance
    assert kept_assistance(lecture_notes(), lecture_notes()) is None


def test_nothing_stays_of_another_text_or_other_parts() -> None:
    before, notes = assisted(), lecture_notes()
    english = (replace(notes.english[0], text="Other."), *notes.english[1:])
    assert kept_assistance(replace(notes, english=english), before) is None
    assert kept_assistance(replace(notes, parts=notes.parts[:-1]), before) is None
    turned = replace(notes, source=replace(notes.source, language="zh"), claims=(), parts=())
    assert kept_assistance(turned, before) is None


def test_a_sense_stays_with_its_translation_and_while_its_item_is_listed() -> None:
    before, notes = assisted(), lecture_notes()
    last = notes.counterparts("en", 100)
    chinese = tuple(replace(sent, text="另一句。") if sent.index in last else sent for sent in notes.chinese)
    kept = kept_assistance(replace(notes, chinese=chinese), before)
    assert kept
    assert [item.head for item in kept.items] == [notes.vocabulary[0].head, "no item"]
    assert kept.misread == ()
    without = kept_assistance(replace(notes, vocabulary=notes.vocabulary[1:]), before)
    assert without
    assert [item.head for item in without.items] == ["no item", "far away"]
    assert without.title == TITLE


def test_an_assistance_without_a_text_is_none() -> None:
    empty = replace(lecture_notes(), assistance=Assistance(model="m", written_on="2026-01-31"))
    assert kept_assistance(lecture_notes(), empty) is None
