"""``studykit export``: every format at once, and decks into a running Anki."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from msgspec.structs import replace

from studykit.cli.library.export import export
from studykit.export import FORMATS
from studykit.fingerprint import digest_file
from studykit.store import Store, TalkSource, add_source
from studykit.talk.write.files import recording_of
from studykit.types import VARIANTS, Notes, Variant
from tests.cli.calls import Command, calls_in
from tests.export.speech import spoken_talk
from tests.talks import SMALL_TALK, span


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    with Store(tmp_path / "study.db") as store:
        store.save(SMALL_TALK, key="1")
    return calls_in(tmp_path, monkeypatch, capsys)


@dataclass
class FakeAnki:
    """What AnkiConnect was asked, and what it answers."""

    url: str = ""
    version: Any = 6
    imports: bool = True
    error: str | None = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    imported: list[bytes] = field(default_factory=list)

    def answer(self, action: str, params: dict[str, Any]) -> Any:
        if action == "version":
            return self.version
        if action == "importPackage":
            self.imported.append(Path(params["path"]).read_bytes())
            return self.imports
        assert action == "findNotes"
        return [1, 2, 3, 4]


@pytest.fixture
def anki(monkeypatch: pytest.MonkeyPatch, studykit: Command) -> Iterator[FakeAnki]:
    """Something on this machine that speaks the add-on's protocol, version 6."""
    fake = FakeAnki()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            assert asked["version"] == 6
            fake.asked.append(asked)
            failed = fake.error if asked["action"] != "version" else None
            result = None if failed else fake.answer(asked["action"], asked["params"])
            body = json.dumps({"result": result, "error": failed}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    fake.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("STUDYKIT_ANKI_URL", fake.url)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield fake
    server.shutdown()
    thread.join()
    server.server_close()


def test_all_writes_every_format_and_nothing_else(studykit: Command, tmp_path: Path) -> None:
    done = studykit("export", "caches", "--format", "all", "-o", "out/all", "--quiet")
    written = [path.name for path in (tmp_path / "out" / "all").iterdir()]
    skipped = [line.split()[1].rstrip(":") for line in done.err.splitlines() if line.startswith("skipped")]
    assert done.code == 0
    assert sorted(Path(line).name for line in done.out.splitlines()) == sorted(written)
    assert len(written) + len(skipped) == len(FORMATS)
    assert not [name for name in skipped if FORMATS[name].suffix != ".notes.pdf"]  # needs a browser
    again = studykit("export", "caches", "--format", "all", "-o", "out/all")
    assert "export epub: cached" in again.err


def test_what_cannot_be_made_is_skipped_with_the_reason(
    studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "genanki", None)
    done = studykit("export", "caches", "--format", "all", "--languages", "zh", "-o", "out", "--quiet")
    assert done.code == 0
    assert "skipped apkg: the package genanki is missing" in done.err
    assert "pip install 'studykit[anki]'" in done.err
    assert not list((tmp_path / "out").glob("*.apkg"))
    assert studykit("export", "caches", "--format", "apkg").code == 3


def _in_one_language(language: str) -> Notes:
    """The small talk without what is in the other language."""
    nothing = span(0, 0)
    paragraphs = tuple(
        replace(para, introduces=(), score=None, **{"chinese" if language == "en" else "english": nothing})
        for para in SMALL_TALK.paragraphs
    )
    vocabulary = SMALL_TALK.vocabulary if language == "en" else ()
    alone = replace(SMALL_TALK, alignment=None, terms=(), claims=(), findings=(), vocabulary=vocabulary)
    if language == "en":
        return replace(alone, chinese=(), paragraphs=paragraphs)
    source = replace(SMALL_TALK.source, language="zh")
    return replace(alone, source=source, english=(), paragraphs=paragraphs)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "lacking"),
    [
        ("en", {"chinese", "side-by-side", "translate"}),
        ("zh", {"english", "side-by-side", "cloze", "dictation", "translate"}),
    ],
)
@pytest.mark.parametrize("variant", VARIANTS)
def test_all_skips_a_sheet_that_the_talk_cannot_give_and_writes_the_rest(
    studykit: Command, tmp_path: Path, variant: Variant, language: str, lacking: set[Variant]
) -> None:
    with Store(tmp_path / "study.db") as store:
        store.save(_in_one_language(language), key="2")
    done = studykit("export", "caches", "--format", "all", "--variant", variant, "-o", "out", "--quiet")
    assert done.code == 0, done.err
    skipped = {line.split()[1].rstrip(":") for line in done.err.splitlines() if line.startswith("skipped ")}
    written = {Path(line).name for line in done.out.split("\n") if line}
    assert {path.name for path in (tmp_path / "out").iterdir()} == written
    assert ("html" in skipped) == (variant in lacking)
    assert len(written) + len(skipped) == len(FORMATS)
    # Without times in the Chinese there are no subtitles; a pair needs two texts; programs may be missing.
    assert skipped <= {"html", "pdf", "tmx", "apkg", *({"srt", "vtt", "ass"} if language == "zh" else ())}


def test_a_file_is_written_whole_or_not_at_all(
    studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "Caches & costs.apkg"
    assert studykit("export", "caches", "--format", "apkg").code == 0
    data = before.read_bytes()

    def breaks(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", breaks)
    recording = tmp_path / "x.txt"
    recording.write_text("changes what is made")
    monkeypatch.setattr("studykit.export.anki.files.sentence_clips", lambda *_: {})
    done = studykit("export", "caches", "--format", "apkg", "--audio", str(recording))
    assert done.code == 1
    assert "cannot be written: No space left" in done.err
    assert before.read_bytes() == data
    assert not list(tmp_path.glob(".*.part"))


def test_audio_puts_sound_on_cards(studykit: Command, tmp_path: Path) -> None:
    recording, talk = spoken_talk(tmp_path)
    with Store(tmp_path / "study.db") as store:
        store.save(talk, key="2")
    assert studykit("export", "caches", "--format", "apkg", "--audio", str(recording)).code == 0
    with_sound = (tmp_path / "Caches & costs.apkg").stat().st_size
    assert studykit("export", "caches", "--format", "apkg", "-o", "silent.apkg").code == 0
    assert with_sound > (tmp_path / "silent.apkg").stat().st_size + 10_000
    missing = studykit("export", "caches", "--format", "apkg", "--audio", "no.mp3")
    assert missing.code == 1
    assert "no.mp3" in missing.err


def test_a_talk_that_was_heard_knows_its_recording(tmp_path: Path) -> None:
    recording, talk = spoken_talk(tmp_path)
    heard = replace(talk, source=replace(talk.source, kind="media", id=digest_file(recording)))
    with Store(tmp_path / "heard.db") as store:
        store.save(heard, key="k")
        with store.transaction():
            add_source(store, heard.source.id, TalkSource(digest=heard.source.id, origin=str(recording)))
        assert recording_of(heard, store) == recording
        assert recording_of(talk, store) is None  # captions, even if a recording is known
        recording.write_bytes(b"another one")
        assert recording_of(heard, store) is None


def test_push_imports_the_package_into_anki(studykit: Command, anki: FakeAnki, tmp_path: Path) -> None:
    done = studykit("export", "caches", "--format", "apkg", "--push", "--quiet")
    assert done.code == 0
    assert done.out.splitlines()[-1] == "studykit::Caches & costs: 4 notes in Anki"
    assert [asked["action"] for asked in anki.asked] == ["version", "importPackage", "findNotes"]
    assert anki.imported == [(tmp_path / "Caches & costs.apkg").read_bytes()]
    assert anki.asked[2]["params"]["query"] == '"deck:studykit::Caches & costs"'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 5}, "too old"),
        ({"version": "no"}, "too old"),
        ({"imports": False}, "did not import"),
        ({"error": "collection is not available"}, "collection is not available"),
    ],
)
def test_what_anki_refuses_is_told(
    studykit: Command, anki: FakeAnki, change: dict[str, Any], message: str
) -> None:
    for name, value in change.items():
        setattr(anki, name, value)
    done = studykit("export", "caches", "--format", "apkg", "--push")
    assert done.code == 1
    assert message in done.err


def test_without_anki_the_way_by_hand_is_told(
    studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STUDYKIT_ANKI_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    done = studykit("export", "caches", "--format", "apkg", "--push")
    assert done.code == 1
    assert "Anki: does not answer at http://127.0.0.1:9" in done.err
    assert "AnkiConnect" in done.err
    assert "File > Import" in done.err
    assert (tmp_path / "Caches & costs.apkg").is_file()
    assert studykit("export", "caches", "--format", "epub", "--push").code == 2


def test_the_help_names_every_format() -> None:
    words = (export.help or "").replace(",", " ").split()
    assert not [name for name in FORMATS if name not in words]
