"""The site's folder: what is written, left alone and removed."""

from __future__ import annotations

import json
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from msgspec.structs import replace

from studykit.errors import InputError
from studykit.export.site import SITE_LABELS, Page, pages
from studykit.fingerprint import digest_bytes
from studykit.glossary import Entry, Glossary
from studykit.store import Store
from studykit.talk.write import site as module
from studykit.talk.write.site import (
    MANIFEST,
    SiteWritten,
    TodaysNotes,
    site_notes,
    site_talks,
    with_terms_of,
    write_site,
    written_before,
)
from studykit.types import Notes
from tests.small_site import DEMO, ENTRIES
from tests.talks import SMALL_TALK

PAGES = {"index.html": "start\n", "terms/a.html": "a\n", "terms/b.html": "b\n"}


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_a_site_is_written_and_an_unchanged_page_is_not_written_again(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "site"
    made = write_site(folder, PAGES.items())
    assert (made.written, made.unchanged, made.removed, made.kept) == (3, 0, 0, ())
    assert made.index == folder / "index.html"
    assert files(folder) == PAGES
    before = {path: path.stat().st_ino for path in folder.rglob("*")}  # a written file is a new one
    again = write_site(folder, {**PAGES, "terms/b.html": "B\n"}.items())
    assert (again.written, again.unchanged, again.removed) == (1, 2, 0)
    after = {path: path.stat().st_ino for path in folder.rglob("*")}
    changed = {path.name for path in after if after[path] != before[path]}
    assert changed == {"b.html", MANIFEST}


def test_pages_no_longer_needed_are_removed_and_nothing_else(tmp_path: Path) -> None:
    write_site(tmp_path, PAGES.items())
    (tmp_path / "terms" / "mine.html").write_text("mine", encoding="utf-8")
    (tmp_path / "terms" / "b.html").write_text("edited by hand", encoding="utf-8")
    made = write_site(tmp_path, [("index.html", "start\n")])
    assert (made.written, made.unchanged, made.removed) == (0, 1, 1)
    assert files(tmp_path) == {
        "index.html": "start\n",
        "terms/mine.html": "mine",
        "terms/b.html": "edited by hand",
    }


def test_a_users_file_in_the_way_is_kept_under_another_name(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("my own start page", encoding="utf-8")
    made = write_site(tmp_path, PAGES.items())
    assert made.kept == (tmp_path / "index.html.1",)
    assert (tmp_path / "index.html.1").read_text(encoding="utf-8") == "my own start page"
    (tmp_path / "terms" / "a.html").write_text("with my remarks", encoding="utf-8")
    again = write_site(tmp_path, PAGES.items())
    assert again.kept == (tmp_path / "terms" / "a.html.1",)
    assert files(tmp_path)["terms/a.html"] == "a\n"


def test_a_run_that_was_killed_leaves_no_page_without_an_owner(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_site(tmp_path, PAGES.items())
    whole = module.put

    def dies(path: Path, text: str, *, ours: Collection[str] = ()) -> Path | None:
        if path.name == "b.html":
            raise KeyboardInterrupt
        return whole(path, text, ours=ours)

    monkeypatch.setattr(module, "put", dies)
    with pytest.raises(KeyboardInterrupt):
        write_site(tmp_path, [("index.html", "2\n"), ("terms/new.html", "2\n"), ("terms/b.html", "2\n")])
    monkeypatch.setattr(module, "put", whole)
    made = write_site(tmp_path, [("index.html", "3\n"), ("terms/b.html", "3\n")])
    assert not made.kept
    assert files(tmp_path) == {"index.html": "3\n", "terms/b.html": "3\n"}


@pytest.mark.parametrize(
    "manifest",
    [
        "",
        "{}",
        "[1]",
        '{"files": 3}',
        json.dumps({"files": {"../precious.txt": [digest_bytes(b"keep")], "/etc/passwd": []}}),
    ],
)
def test_a_strange_manifest_does_no_harm(tmp_path: Path, manifest: str) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (tmp_path / "precious.txt").write_text("keep", encoding="utf-8")
    (folder / MANIFEST).write_text(manifest, encoding="utf-8")
    assert write_site(folder, PAGES.items()).written == 3
    assert (tmp_path / "precious.txt").read_text(encoding="utf-8") == "keep"


def test_a_folder_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "terms").write_text("a file", encoding="utf-8")
    with pytest.raises(InputError, match=r"terms.*cannot be written"):
        write_site(tmp_path, PAGES.items())


def test_stored_notes_get_the_terms_of_todays_glossary() -> None:
    notes = with_terms_of(SMALL_TALK, Glossary(ENTRIES))
    assert [(term.entry_id, len(term.occurrences)) for term in notes.terms] == [
        ("kv-cache", 2),
        ("quantization", 2),
    ]
    assert [para.introduces for para in notes.paragraphs] == [("kv-cache",), ("quantization",)]
    assert notes.claims == SMALL_TALK.claims
    assert not with_terms_of(SMALL_TALK, Glossary(())).terms


def test_two_runs_in_one_folder_rename_no_page(tmp_path: Path) -> None:
    def run(language: str) -> SiteWritten:
        return write_site(tmp_path, [(f"{number}.html", f"{language} {number}\n") for number in range(60)])

    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(run, ["en", "zh", "en", "zh"]))
    assert not any(made.kept for made in runs)
    assert not list(tmp_path.glob("*.1"))
    assert len({path.read_text(encoding="utf-8").split()[0] for path in tmp_path.glob("*.html")}) == 1


def test_no_term_is_taken_from_a_sentence_that_was_hardly_heard() -> None:
    english = (replace(SMALL_TALK.english[0], doubtful=True), *SMALL_TALK.english[1:])
    notes = with_terms_of(replace(SMALL_TALK, english=english), Glossary(ENTRIES))
    assert [term.entry_id for term in notes.terms] == ["quantization"]
    assert notes.english == english


def test_a_file_is_known_with_its_key_until_somebody_changes_it(tmp_path: Path) -> None:
    def write(key: str, content: bytes) -> None:
        write_site(tmp_path, [("a.bin", content)], manifest=".mine.json", keys={"a.bin": key})

    def present() -> tuple[str, bytes] | None:
        return written_before(tmp_path, "a.bin", manifest=".mine.json")

    assert present() is None
    write("k", b"\x00first")
    assert present() == ("k", b"\x00first")
    assert written_before(tmp_path, "a.bin") is None
    (tmp_path / "a.bin").write_bytes(b"edited")
    assert present() is None
    write("k", b"second")
    assert (tmp_path / "a.bin.1").read_bytes() == b"edited"
    assert present() == ("k", b"second")


def test_a_page_is_made_only_if_what_it_is_made_from_has_changed(tmp_path: Path) -> None:
    made: list[str] = []

    def page(name: str, key: str) -> tuple[str, Page]:
        def make() -> str:
            made.append(name)
            return f"{name} of {key}\n"

        return name, Page(key=key, make=make)

    def run(*pages: tuple[str, Page], made_by: str = "code") -> list[str]:
        made.clear()
        write_site(tmp_path, pages, made_by=made_by)
        return list(made)

    assert run(page("a.html", "1"), page("b.html", "1")) == ["a.html", "b.html"]
    assert run(page("a.html", "1"), page("b.html", "1")) == []
    assert run(page("a.html", "1"), page("b.html", "2")) == ["b.html"]
    assert (tmp_path / "b.html").read_text(encoding="utf-8") == "b.html of 2\n"
    (tmp_path / "a.html").write_text("mine", encoding="utf-8")
    assert run(page("a.html", "1"), page("b.html", "2")) == ["a.html"]
    assert (tmp_path / "a.html.1").read_text(encoding="utf-8") == "mine"
    assert run(page("a.html", "1"), page("b.html", "2"), made_by="other code") == ["a.html", "b.html"]
    assert run(page("b.html", "2"), made_by="other code") == []
    assert not (tmp_path / "a.html").exists()


def test_the_site_reads_notes_only_where_they_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="b" * 64, title="Again"))
    read: list[str] = []
    load = Store.load

    def loaded(store: Store, talk_id: str, *, terms: bool = True) -> Notes:
        read.append(talk_id[:1])
        return load(store, talk_id, terms=terms)

    monkeypatch.setattr(Store, "load", loaded)
    with Store(tmp_path / "study.db") as store:

        def run(entries: tuple[Entry, ...] = ENTRIES) -> tuple[list[str], int]:
            read.clear()
            todays = TodaysNotes(store, Glossary(entries))
            files = pages(
                glossary=todays.glossary,
                talks=list(site_talks(todays)),
                notes_of=partial(site_notes, todays),
                demos=[DEMO],
                labels=SITE_LABELS["zh"],
            )
            written = write_site(tmp_path / "site", files).written
            return read.copy(), written

        store.save(SMALL_TALK, key="1")
        first = SMALL_TALK.source.id[:1]
        assert run()[0] == [first], "once for other pages and its own"
        assert run() == ([], 0)
        store.save(other, key="2")
        reads, written = run()
        assert reads == ["b"]
        assert written > 2, "its page, those of its terms, the lists"
        assert run() == ([], 0)
        changed = (replace(ENTRIES[0], definition_en="Another definition."), *ENTRIES[1:])
        assert sorted(run(changed)[0]) == [first, "b"]
        assert run(changed) == ([], 0)


def test_claims_stored_earlier_lead_to_the_demos_of_today(tmp_path: Path) -> None:
    (old,) = SMALL_TALK.claims
    claims = (
        replace(old, statement="Models cannot count the letters of a word.", demo=None, verdict=""),
        replace(old, statement="Tea is nice.", demo="gone"),
        replace(old, evidence=(), part=0, statement="A base model is just an expensive autocomplete."),
    )
    with Store(tmp_path / "study.db") as store:
        store.save(replace(SMALL_TALK, claims=claims), key="1")
        todays = TodaysNotes(store, Glossary(ENTRIES))
        ((talk, _),) = site_talks(todays)
        assert [(one.claim.demo, one.start_s, one.paragraph) for one in talk.tested] == [
            ("strawberry", 62.5, 1),
            ("base_autocomplete", None, None),
        ]
        shown = site_notes(todays, talk)
        assert [claim.demo for claim in shown.claims] == ["strawberry", None, "base_autocomplete"]
