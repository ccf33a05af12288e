"""Courses: what was met is linked instead of explained, and everything leads somewhere."""

from __future__ import annotations

import posixpath
import re
from html.parser import HTMLParser

import pytest
from msgspec.structs import replace

from studykit.check.consistency import mixed_terms
from studykit.export import LABELS
from studykit.export.course import course_json, course_pages
from studykit.export.course.context import CourseContext, course_context
from studykit.export.course.places import Place, met_before
from studykit.types import Notes
from tests.check.test_consistency import FIRST, GLOSSARY, SECOND
from tests.export.test_outputs import HOSTILE, hostile_talk
from tests.small_course import LECTURES, another
from tests.talks import SMALL_TALK

WITHOUT_TERMS = tuple(replace(para, introduces=()) for para in SMALL_TALK.paragraphs)


def context(*lectures: Notes, labels: str = "zh") -> CourseContext:
    def link(place: Place) -> str:
        return f"{place.lecture}#{place.paragraph}"

    return course_context("Models", lectures, LABELS[labels], level="B1", inside=link, outside=link)


def pages(*lectures: Notes, labels: str = "zh") -> dict[str, str]:
    return dict(course_pages("A <course> & more", lectures, labels=LABELS[labels], level="B1"))


def test_what_an_earlier_lecture_explains_is_met_at_its_first_place() -> None:
    first, second, third = met_before(LECTURES)
    assert first == {}
    assert second.keys() == third.keys() == {"kv-cache", "item-1"}
    assert third["kv-cache"].place == Place(lecture=1, paragraph=1, time_s=60.0)
    assert third["item-1"].place == Place(lecture=1, paragraph=2, time_s=70.0)


def test_another_meaning_is_said_and_the_same_is_not() -> None:
    _, second, third = met_before(LECTURES)
    assert (second["item-1"].gloss, third["item-1"].gloss) == ("", "两码事")
    _, part = met_before([another(1, gloss="另一回事；两码事"), another(2, gloss="两码事")])
    assert part["item-1"].gloss == ""


def test_another_part_of_speech_is_another_word() -> None:
    _, second = met_before([another(1, upos="NOUN"), another(2, upos="ADJ")])
    assert second.keys() == {"kv-cache"}


def test_a_term_is_known_by_its_abbreviation_too() -> None:
    (term,) = SMALL_TALK.terms
    (item,) = SMALL_TALK.vocabulary
    with_short = replace(SMALL_TALK, terms=(replace(term, abbreviation="KVC"),))
    later = replace(another(2), vocabulary=(replace(item, head="KVC", kind="word", upos="NOUN"),))
    _, second = met_before([with_short, later])
    assert "item-1" in second


def test_a_noun_is_known_from_a_term_but_no_term_from_a_mere_noun() -> None:
    (item,) = SMALL_TALK.vocabulary
    noun = replace(item, head="KV cache", kind="word", upos="NOUN")
    word = replace(another(2), vocabulary=(noun,), terms=(), paragraphs=WITHOUT_TERMS)
    assert met_before([SMALL_TALK, word])[1].keys() == {"item-1"}
    assert met_before([word, SMALL_TALK])[1] == {}


def test_explanations_of_a_person_stay() -> None:
    by_hand = replace(another(2), source=replace(another(2).source, kind="notes"))
    _, second = context(SMALL_TALK, by_hand).lectures
    (item,) = [item for _, items in second.notes.vocabulary for item in items]
    assert item.met is None
    assert second.new_heads == ()


def test_without_times_the_paragraph_is_named() -> None:
    untimed = replace(
        SMALL_TALK,
        english=tuple(replace(sent, start_s=None, end_s=None) for sent in SMALL_TALK.english),
        paragraphs=tuple(replace(para, start_s=None, end_s=None) for para in SMALL_TALK.paragraphs),
    )
    for labels, told in (("zh", "第 1 讲第 2 段见过"), ("en", "seen in lecture 1, paragraph 2")):
        found = context(untimed, another(2), labels=labels).lectures[1]
        (item,) = [item for _, items in found.notes.vocabulary for item in items]
        assert item.met
        assert item.met.label == told


def test_what_is_new_is_what_no_earlier_lecture_has() -> None:
    first, second, _ = context(*LECTURES).lectures
    assert first.new_heads == ("KV cache", "a different story")
    assert (second.new_heads, second.new_terms, second.new_vocabulary) == ((), (), ())


def test_the_glossary_says_where_first_and_how_often() -> None:
    (term,) = context(*LECTURES).terms
    assert (term.first.label, term.first.url) == ("第 1 讲 01:00", "1#1")
    assert [(said.lecture, said.count) for said in term.said] == [(1, 1), (2, 1), (3, 1)]


def test_a_page_links_what_was_met_and_explains_what_is_new() -> None:
    made = pages(*LECTURES)
    first, third = (made[f"lectures/{notes.source.id[:16]}.html"] for notes in (LECTURES[0], LECTURES[2]))
    definition = "留给后续词元用的键和值。"
    assert definition in first
    assert definition not in third
    assert f'<a href="{LECTURES[0].source.id[:16]}.html#p2">第 1 讲 01:10 见过</a>' in third
    assert '<span lang="zh-Hans">两码事</span>' in third
    english = pages(*LECTURES, labels="en")[f"lectures/{LECTURES[2].source.id[:16]}.html"]
    assert "seen in lecture 1, 01:10" in english


class Links(HTMLParser):
    """The ids of a page, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.ids.append(value)
            elif name == "href" and value:
                self.links.append(value)


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_every_link_leads_somewhere_and_ids_are_unique(labels: str) -> None:
    made = pages(*LECTURES, labels=labels)
    parsed = {path: Links(text) for path, text in made.items() if path.endswith(".html")}
    for path, page in parsed.items():
        assert len(page.ids) == len(set(page.ids)), path
        for link in page.links:
            if re.match(r"https?:", link):
                continue
            target, _, fragment = link.partition("#")
            there = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            assert there in made, link
            assert not fragment or fragment in parsed[there].ids, link


@pytest.mark.parametrize("labels", ["zh", "en"])
def test_text_from_outside_stays_text(labels: str) -> None:
    talk = hostile_talk()
    later = replace(talk, source=replace(talk.source, id="b" * 64))
    for path, text in pages(talk, later, labels=labels).items():
        assert "<script" not in text, path
        assert "javascript:" not in "".join(Links(text).links), path
    assert HOSTILE


def test_a_course_gives_the_same_bytes_each_time() -> None:
    assert pages(*LECTURES) == pages(*LECTURES)


def test_terms_with_several_translations_have_a_page_of_their_own() -> None:
    lectures = (FIRST, replace(SECOND, source=replace(SECOND.source, id="e" * 64)))
    mixed = mixed_terms(lectures, GLOSSARY)
    made = dict(course_pages("Models", lectures, labels=LABELS["zh"], level="B1", mixed=mixed))
    page = made["translations.html"]
    assert "Here is a <mark>token</mark>." in page
    assert "这是一个<mark>标记</mark>。" in page
    assert f'<a href="lectures/{"e" * 16}.html#p1">第 2 讲 00:00</a>' in page
    assert 'href="translations.html"' in made["index.html"]
    assert "translations.html" not in pages(*LECTURES)["index.html"]
    (told,) = course_json(lectures, mixed)["findings"]
    assert [(row["chinese"], row["count"]) for row in told["translations"]] == [("词元", 2), ("标记", 1)]
    assert told["translations"][1]["places"][0]["chinese"] == "这是一个标记。"
    assert told["translations"][1]["places"][0]["lecture"] == 2


def test_scripts_get_what_is_new_and_terms_over_time() -> None:
    made = course_json(LECTURES, [])
    assert [(row["new_terms"], row["new_vocabulary"]) for row in made["lectures"]] == [
        (["KV cache"], ["a different story"]), ([], []), ([], []),
    ]  # fmt: skip
    (term,) = made["terms"]
    assert term["first"] == {
        "lecture": 1, "paragraph": 1, "time_s": 60.0, "link": "https://www.youtube.com/watch?v=abc&t=60s",
    }  # fmt: skip
    assert term["said"] == [{"lecture": number, "count": 1} for number in (1, 2, 3)]
