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
from studykit.export.site import SITE_LABELS, Page, TalkPages, pages
from studykit.fingerprint import digest_bytes
from studykit.glossary import Entry, Glossary
from studykit.store import Store
from studykit.talk.write import children
from studykit.talk.write import site as module
from studykit.talk.write.shown import with_terms_of
from studykit.talk.write.site import MANIFEST, SiteWritten, pages_of, write_site, written_before
from studykit.talk.write.site_talks import site_talks
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


class Run:
    """A run over a store: which talks were read, which pages of talks and terms were made."""

    def __init__(self, store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.store, self.folder = store, folder
        self.read: list[str] = []
        load = Store.load

        def loaded(store: Store, talk_id: str, *, terms: bool = True) -> Notes:
            self.read.append(talk_id[:1])
            return load(store, talk_id, terms=terms)

        monkeypatch.setattr(Store, "load", loaded)

    def __call__(self, entries: tuple[Entry, ...] = ENTRIES) -> tuple[list[str], list[str]]:
        self.read.clear()
        made: list[str] = []
        glossary, words = Glossary(entries), SITE_LABELS["zh"]
        talk_pages = TalkPages(glossary, [DEMO.name], words)
        talks = site_talks(self.store, glossary, talk_pages, pages_of(self.folder, made_by="code"))
        files = dict(pages(glossary=glossary, talks=talks, demos=[DEMO], labels=words))
        for name, page in files.items():
            if isinstance(page, Page):
                made += [name] if page.text is not None else []
                files[name] = replace(page, make=partial(self._make, made, name, page))
        write_site(self.folder, files.items(), made_by="code")
        return self.read.copy(), sorted(name for name in made if name.startswith(("talks/", "terms/")))

    @staticmethod
    def _make(made: list[str], name: str, page: Page) -> str:
        made.append(name)
        return page.make()


def test_the_site_reads_notes_only_where_they_have_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="b" * 64, title="Again"))
    first = SMALL_TALK.source.id[:1]
    with Store(tmp_path / "study.db") as store:
        run = Run(store, tmp_path / "site", monkeypatch)
        store.save(SMALL_TALK, key="1")
        assert run()[0] == [first], "once for other pages and its own"
        assert run() == ([], [])
        store.save(other, key="2")
        read, made = run()
        assert read == ["b"]
        assert made == [f"talks/{'b' * 16}.html", "terms/kv-cache.html", "terms/quantization.html"]
        assert run() == ([], [])


def test_after_an_edit_only_pages_that_show_what_was_edited_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    attention, cache, quantization = ENTRIES
    talk = f"talks/{SMALL_TALK.source.id[:16]}.html"
    first = SMALL_TALK.source.id[:1]
    with Store(tmp_path / "study.db") as store:
        run = Run(store, tmp_path / "site", monkeypatch)
        store.save(SMALL_TALK, key="1")
        run()

        def edited(entry: Entry) -> tuple[list[str], list[str]]:
            entries = tuple(entry if entry.id == old.id else old for old in ENTRIES)
            found = run(entries)
            assert run(entries) == ([], [])
            run()
            return found

        said = replace(cache, definition_zh="另一个定义。")
        read, made = edited(said)
        assert read == [first]
        assert talk in made
        assert "terms/attention.html" not in made, "it links to the term, and does not define it"
        text = (tmp_path / "site" / talk).read_text(encoding="utf-8")
        run((attention, said, quantization))
        assert "另一个定义。" in (tmp_path / "site" / talk).read_text(encoding="utf-8")
        run()
        assert (tmp_path / "site" / talk).read_text(encoding="utf-8") == text

        read, made = edited(replace(cache, definition_en="Another definition."))
        assert not read
        assert talk not in made, "a Chinese site shows the Chinese definition there"
        read, made = edited(replace(attention, definition_zh="没有讲座说到它。"))
        assert not read
        assert talk not in made
        for entry in (attention, cache):  # a term that is new to the talk, and new places of one
            read, made = edited(replace(entry, aliases=(SMALL_TALK.english[0].text.split()[0],)))
            assert read == [first], "forms are looked for again"
            assert talk in made
        read, made = edited(replace(attention, aliases=("never said",)))
        assert read == [first]
        assert talk not in made


def test_a_page_that_somebody_has_edited_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = f"talks/{SMALL_TALK.source.id[:16]}.html"
    with Store(tmp_path / "study.db") as store:
        run = Run(store, tmp_path / "site", monkeypatch)
        store.save(SMALL_TALK, key="1")
        run()
        page = tmp_path / "site" / talk
        text = page.read_text(encoding="utf-8")
        page.write_text("mine", encoding="utf-8")
        assert run()[1] == [talk]
        assert page.read_text(encoding="utf-8") == text
        assert page.with_name(f"{page.name}.1").read_text(encoding="utf-8") == "mine"


def test_children_make_the_same_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    talks = [
        replace(SMALL_TALK, source=replace(SMALL_TALK.source, id=f"{i:02}" * 32, title=f"Talk {i}"))
        for i in range(9)
    ]
    with Store(tmp_path / "study.db") as store:
        for talk in talks:
            store.save(talk, key="1")
        glossary, words = Glossary(ENTRIES), SITE_LABELS["en"]
        sites = []
        for processes in (1, 3):
            monkeypatch.setattr(children, "_processes", lambda processes=processes: processes)
            monkeypatch.setattr(module, "_MADE_AT_ONCE", 1)
            store.db.execute("DELETE FROM stage_results")
            folder = tmp_path / str(processes)
            found = site_talks(
                store, glossary, TalkPages(glossary, [DEMO.name], words), pages_of(folder, made_by="")
            )
            write_site(folder, pages(glossary=glossary, talks=found, demos=[DEMO], labels=words))
            sites.append(files(folder))
    assert sites[0] == sites[1]
    assert sum(name.startswith("talks/") for name in sites[0]) == 9


def test_claims_stored_earlier_lead_to_the_demos_of_today(tmp_path: Path) -> None:
    (old,) = SMALL_TALK.claims
    claims = (
        replace(old, statement="Models cannot count the letters of a word.", demo=None, verdict=""),
        replace(old, statement="Tea is nice.", demo="gone"),
        replace(old, evidence=(), part=0, statement="A base model is just an expensive autocomplete."),
    )
    glossary, words = Glossary(ENTRIES), SITE_LABELS["zh"]
    with Store(tmp_path / "study.db") as store:
        store.save(replace(SMALL_TALK, claims=claims), key="1")
        talk_pages = TalkPages(glossary, ["strawberry"], words)
        ((talk, _, page),) = site_talks(store, glossary, talk_pages, lambda *_: False)
    assert [(one.claim.demo, one.start_s, one.paragraph) for one in talk.tested] == [
        ("strawberry", 62.5, 1),
        ("base_autocomplete", None, None),
    ]
    assert page.text
    assert '<a href="../demos/strawberry.html">' in page.text
    assert "studykit demo run base_autocomplete" in page.text
    assert "gone" not in page.text
