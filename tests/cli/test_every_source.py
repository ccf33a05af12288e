"""Every command that reads a talk takes every kind of source, and reads it as ``notes`` does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit import engines
from studykit.glossary import Glossary
from studykit.ingest import Ingested
from studykit.options import Options
from studykit.talk.cache import Cache, Result
from studykit.talk.read import recording
from studykit.types import Segment, Source, Transcript
from tests.align.bags import BagEncoder
from tests.chat_server import serving_chat
from tests.cli.calls import Command, calls_in
from tests.web import Site, json3, serving

URL = "www.youtube.com/watch?v=abc123XYZ_0"
LINES = [
    (1.0, "Good morning everyone, we throw the old caches out."),
    (3.5, "A language model predicts the next token of 14 million texts."),
    (7.25, "It learns its weights from scratch, I guess."),
]
CHINESE = [
    "大家早上好，我们扔掉旧的缓存。",
    "语言模型预测 1400 万篇文本的下一个词元。",
    "我猜它从零开始学习权重。",
]
NOTES = "\n\n---\n".join(
    f"({i}) [0:0{i}-0:0{i + 1}] **{english}**\n\n{chinese}"
    for i, ((_, english), chinese) in enumerate(zip(LINES, CHINESE, strict=True), 1)
)
SOURCES = ("talk.srt", "talk.txt", "talk.wav", "notes.md", URL, "stored", "id")
COMMANDS = {
    "notes": ("--json", "--format", "md"),
    "vocab": ("--json", "--level", "A1"),
    "claims": ("--json",),
    "segment": ("--json",),
    "correct": ("--json",),
    "translate": ("--json", "--engine", "openai", "--model", "m"),
    "check": ("--json",),
}


def _vtt(lines: list[str]) -> bytes:
    cues = [f"00:{i * 3:02}.000 --> 00:{i * 3 + 3:02}.000\n{line}\n" for i, line in enumerate(lines)]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def _heard(
    cache: Cache, audio: Path, data_digest: str, glossary: Glossary, options: Options
) -> Result[Ingested]:
    segments = tuple(Segment(text=text, start_s=start_s, end_s=start_s + 2) for start_s, text in LINES)
    transcript = Transcript(
        source_id=data_digest, language="en", segments=segments, engine="fake", timing="attention"
    )
    source = Source(id=data_digest, kind="media", language="en", title=audio.stem)
    return Result.of(Ingested(source=source, transcript=transcript))


@pytest.fixture
def studykit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Command]:
    """The command line in a folder with the talk in every kind of source."""
    run = calls_in(tmp_path, monkeypatch, capsys)
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(engines, "encoder", lambda name: BagEncoder())
    monkeypatch.setattr("studykit.talk.open.load_glossary", lambda paths: Glossary([]))
    monkeypatch.setattr(recording, "transcribed", _heard)
    cues = [f"{i}\n00:00:0{i},000 --> 00:00:0{i + 1},900\n{text}\n" for i, (_, text) in enumerate(LINES, 1)]
    Path("talk.srt").write_text("\n".join(cues), encoding="utf-8")
    Path("talk.txt").write_text("\n".join(text for _, text in LINES), encoding="utf-8")
    Path("talk.zh.txt").write_text("\n".join(CHINESE), encoding="utf-8")
    Path("talk.wav").write_bytes(b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(100))
    Path("notes.md").write_text(NOTES, encoding="utf-8")
    with serving() as site, serving_chat() as service:
        _publish(site)
        monkeypatch.setattr(engines, "fetcher", site.fetcher)
        monkeypatch.setenv("STUDYKIT_BASE_URL", service.url)
        yield run


def _publish(site: Site) -> None:
    site.talk(
        "abc123XYZ_0",
        subtitles={"zh-CN": site.captions("/zh.vtt", _vtt(CHINESE))},
        automatic_captions={"en-orig": site.captions("/caps/en.json3", json3(LINES))},
        duration=15,
        language="en",
        webpage_url=f"https://{URL}",
    )


@pytest.mark.parametrize("source", SOURCES)
def test_every_command_takes_it(source: str, studykit: Command) -> None:
    stored = source in {"stored", "id"}
    if stored:
        made = studykit("notes", "talk.srt", "--translation", "talk.zh.txt", "--title", "stored", "--json")
        source = made.json["source_id"][:8] if source == "id" else source
    # Notes, links and stored talks bring their Chinese; other sources get it from a file.
    own = stored or source in {"notes.md", URL}
    for command, arguments in COMMANDS.items():
        takes_chinese = command in {"notes", "vocab", "claims", "check"} and not own
        chinese = ("--translation", "talk.zh.txt") if takes_chinese else ()
        done = studykit(command, source, *chinese, *arguments, "-q")
        assert done.code == 0, f"{command} {source}: {done.err}"
        assert done.json is not None
    sentences = [sent["text"] for sent in studykit("segment", source, "--json", "-q").json["sentences"]]
    assert sentences == [text for _, text in LINES]
    items = {item["head"]: item for item in studykit("vocab", source, *COMMANDS["vocab"], "-q").json}
    assert "throw out" in items
    claims = studykit("claims", source, "--json", "-q").json["claims"]
    assert all(any(claim["quote"] in text for _, text in LINES) for claim in claims)


def test_segment_and_correct_cut_the_sentences_of_the_notes(studykit: Command) -> None:
    """With the settings of the notes: they once cut sentences of their own."""
    Path("studykit.toml").write_text('[segment]\nboundaries = "rules"\ntarget_s = 3\n', encoding="utf-8")
    words = "good morning everyone we start with the caches and then we look at the weights so that is it"
    Path("plain.txt").write_text(words, encoding="utf-8")
    studykit("notes", "plain.txt", "-q")
    stored = studykit("segment", "plain", "--json", "-q").json
    assert studykit("segment", "plain.txt", "--json", "-q").json == stored
    assert studykit("segment", "plain.txt", "--boundaries", "fast", "--json", "-q").json != stored


def test_import_follows_the_settings(studykit: Command) -> None:
    text = Path("talk.srt").read_text(encoding="utf-8").replace("I guess", "um, I guess")
    Path("talk.srt").write_text(text, encoding="utf-8")
    Path("studykit.toml").write_text(
        '[notes]\nedited = false\n[vocabulary]\nlevel = "C2"\nknown = ["mine.txt"]\n', encoding="utf-8"
    )
    Path("mine.txt").write_text("throw out\n", encoding="utf-8")
    imported = studykit("import", "talk.srt", "--json", "--db", "imported.db").json
    made = studykit("notes", "talk.srt", "--json", "--db", "made.db").json
    assert imported["entries"] == made["vocabulary"]
    shown = studykit("show", "talk", "--db", "imported.db", "--json").json
    sentences = [sent["text"] for para in shown["paragraphs"] for sent in para["english"]]
    assert any("um, I guess" in text for text in sentences)
    assert "throw out" not in {item["head"] for item in shown["vocabulary"]}


def test_a_link_without_https_is_a_link_and_a_missing_file_is_not(studykit: Command) -> None:
    assert studykit("vocab", URL, "--json", "-q").code == 0
    gone = studykit("vocab", "gone.vtt")
    assert gone.code == 1
    assert gone.err.startswith("studykit: gone.vtt: no such file\nCheck the path")
    studykit("notes", "talk.srt", "-q")
    assert "no such file, and no talk with that name in study.db" in studykit("vocab", "gone.vtt").err


def test_errors_name_the_file_as_it_was_given(studykit: Command) -> None:
    Path("folder").mkdir()
    Path("folder/empty.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\n\n", encoding="utf-8")
    for command in ("notes", "vocab", "segment"):
        assert (
            studykit(command, "folder/empty.srt")
            .err.splitlines()[-1]
            .startswith("studykit: folder/empty.srt")
        )


def test_reading_commands_make_no_database(studykit: Command) -> None:
    for command in ("vocab", "claims", "segment", "correct"):
        assert studykit(command, "talk.srt", "--json", "-q").code == 0
    assert not Path("study.db").exists()


def test_an_unknown_engine_is_refused_before_anything_is_read(studykit: Command) -> None:
    done = studykit("notes", "talk.srt", "--translate", "foo")
    assert done.code == 2
    assert "'foo' is unknown; choose captions, openai:MODEL or transformers[:MODEL_OR_FOLDER]" in done.err
    assert "ingest" not in done.err


def test_a_changed_language_of_subtitles_writes_them_again(studykit: Command) -> None:
    studykit("notes", "talk.srt", "--translation", "talk.zh.txt", "-q")
    for languages, first in (("en", "Good"), ("zh", "大家"), ("en", "Good")):
        done = studykit("export", "talk", "--format", "vtt", "--languages", languages, "-q")
        assert Path(done.out.strip()).read_text(encoding="utf-8").split("\n")[3].startswith(first)
