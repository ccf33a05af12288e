"""``notes`` and ``fetch`` on links, with yt-dlp itself, against a site on this machine."""

from __future__ import annotations

import gc
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit import engines
from studykit.export import LABELS
from studykit.fingerprint import digest_file
from studykit.glossary import Glossary
from studykit.ingest import Ingested
from studykit.options import Options
from studykit.talk.cache import Cache, Result
from studykit.talk.read import link
from studykit.types import Segment, Source, Transcript
from tests.align.bags import BagEncoder
from tests.chat_server import serving_chat
from tests.cli.calls import Command, calls_in
from tests.web import Site, json3, serving

URL = "https://www.youtube.com/watch?v=abc123XYZ_0"
LINES = [
    (1.0, "Good morning everyone."),
    (3.5, "A language model predicts the next token."),
    (7.25, "It learns its weights from text."),
    (11.0, "Thank you."),
]
CHINESE = ["大家早上好。", "语言模型预测下一个词元。", "它从文本中学习权重。", "谢谢。"]
FACTS = {
    "channel": "The Model Channel",
    "upload_date": "20240131",
    "duration": 15,
    "description": "About models.\n0:00 Opening\n0:03 Models\n0:11 Close",
    "thumbnail": "https://i.ytimg.com/vi/abc/hq.jpg",
    "language": "en",
    "webpage_url": URL,
}
TRUE_ENCODER = engines.encoder
AUDIO = bytes(range(256)) * 400


pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def _leftovers() -> Iterator[None]:
    """yt-dlp leaves connections of refused requests to the garbage, which would warn in another test."""
    gc.freeze()  # what is there already need not be searched
    yield
    gc.collect()
    gc.unfreeze()


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with serving() as site:
        monkeypatch.setattr(engines, "fetcher", site.fetcher)
        monkeypatch.setattr(engines, "encoder", lambda name: BagEncoder())
        monkeypatch.setattr("studykit.talk.open.load_glossary", lambda paths: Glossary([]))
        yield site


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    run = calls_in(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    return run


def vtt(lines: list[str]) -> bytes:
    cues = [f"00:{i * 3:02}.000 --> 00:{i * 3 + 3:02}.000\n{line}\n" for i, line in enumerate(lines)]
    return ("WEBVTT\n\n" + "\n".join(cues)).encode()


def english(site: Site) -> list[dict[str, str]]:
    return site.captions("/caps/en.json3", json3(LINES))


def cached_audio(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "cache" / "audio").rglob("audio*"))


def test_captions_in_both_languages_become_notes(site: Site, studykit: Command, tmp_path: Path) -> None:
    site.talk(
        "abc123XYZ_0",
        **FACTS,
        subtitles={"zh-Hant": site.captions("/t.vtt", b""), "zh-CN": site.captions("/zh.vtt", vtt(CHINESE))},
        automatic_captions={"en-orig": english(site), "fr": site.captions("/fr?tlang=fr", b"")},
    )
    done = studykit("notes", URL, "--json", "--format", "md,json")
    assert (done.code, done.json["warnings"]) == (0, [])
    assert done.json["captions"] == [
        {"language": "en", "kind": "automatic"},
        {"language": "zh-CN", "kind": "manual"},
    ]
    assert (done.json["title"], done.json["channel"], done.json["published"]) == (
        "A talk about models",
        "The Model Channel",
        "2024-01-31",
    )
    assert site.asked == ["/info/abc123XYZ_0", "/caps/en.json3", "/zh.vtt"]
    text = (tmp_path / "A talk about models.notes.md").read_text(encoding="utf-8")
    assert "The Model Channel, 2024-01-31" in text
    assert f"<{URL}&t=3s>" in text
    assert "大家早上好。" in text
    assert "Models" in text
    notes = json.loads((tmp_path / "A talk about models.notes.json").read_text(encoding="utf-8"))
    assert [chapter["start_s"] for chapter in notes["source"]["chapters"]] == [0, 3, 11]
    assert (notes["source"]["kind"], notes["source"]["translation"]) == ("url", "manual")
    assert "(The Model Channel, 2024-01-31)" in studykit("talks").out


def test_a_second_run_asks_nothing_and_refresh_asks_again(site: Site, studykit: Command) -> None:
    site.talk("abc123XYZ_0", **FACTS, automatic_captions={"en-orig": english(site)})
    first = studykit("notes", URL, "--json").json
    asked = len(site.asked)
    again = studykit("notes", URL, "--json").json
    assert all(again["cached"].values())
    assert again["source_id"] == first["source_id"]
    assert len(site.asked) == asked
    fresh = studykit("notes", URL, "--json", "--refresh").json
    assert (fresh["cached"]["fetch"], fresh["cached"]["segment"]) == (False, True)
    assert len(site.asked) == 2 * asked


def test_a_translation_by_a_machine_is_a_last_resort_and_marked(
    site: Site, studykit: Command, tmp_path: Path
) -> None:
    translated = site.captions("/caps/zh.vtt?tlang=zh-Hans", vtt(CHINESE))
    site.talk("abc123XYZ_0", **FACTS, automatic_captions={"en-orig": english(site), "zh-Hans": translated})
    done = studykit("notes", URL, "--json")
    assert done.json["captions"][1] == {"language": "zh-Hans", "kind": "translated"}
    (warning,) = done.json["warnings"]
    assert "were machine-translated" in warning
    assert "--translation FILE replaces them" in done.err
    assert "机器翻译" in (tmp_path / "A talk about models.notes.md").read_text(encoding="utf-8")

    own = tmp_path / "own.txt"
    own.write_text("\n".join(CHINESE), encoding="utf-8")
    replaced = studykit("notes", URL, "--translation", str(own), "--json").json
    assert (replaced["warnings"], replaced["beads"] > 0) == ([], True)
    assert [track["language"] for track in replaced["captions"]] == ["en"]
    assert "机器翻译" not in (tmp_path / "A talk about models.notes.md").read_text(encoding="utf-8")


def test_captions_that_break_off_leave_nothing(site: Site, studykit: Command, tmp_path: Path) -> None:
    site.talk("abc123XYZ_0", **FACTS, automatic_captions={"en-orig": english(site)})
    site.cut["/caps/en.json3"] = 100
    done = studykit("notes", URL)
    assert done.code == 1
    assert "yt-dlp: " in done.err
    assert "use captions that you have: " in done.err
    assert "No talks yet" in studykit("talks").out
    assert not list(tmp_path.glob("*.notes.*"))
    assert studykit("fetch", URL, "-o", "made").code == 1
    assert not list((tmp_path / "made").glob("*"))
    site.cut.clear()
    assert studykit("notes", URL).code == 0


def test_a_translation_that_breaks_off_is_a_warning(site: Site, studykit: Command) -> None:
    site.talk(
        "abc123XYZ_0",
        **FACTS,
        subtitles={"zh-Hans": [{"ext": "vtt", "url": f"{site.base}/gone.vtt"}]},
        automatic_captions={"en-orig": english(site)},
    )
    done = studykit("notes", URL, "--json")
    assert done.code == 0
    assert "HTTP Error 404" in done.json["warnings"][0]
    assert "--refresh tries again" in done.json["warnings"][0]
    site.captions("/gone.vtt", vtt(CHINESE))
    assert studykit("notes", URL, "--json", "--refresh").json["beads"] > 0


def test_empty_captions_are_refused(site: Site, studykit: Command) -> None:
    site.talk("abc123XYZ_0", **FACTS, subtitles={"en": site.captions("/caps/en.vtt", b"\n")})
    done = studykit("notes", URL)
    assert done.code == 1
    assert "the captions 'en' are empty" in done.err


def test_a_video_that_is_gone_says_so(site: Site, studykit: Command, tmp_path: Path) -> None:
    done = studykit("notes", "https://youtu.be/gone", "--out", "made")
    assert done.code == 1
    assert "Video unavailable. This video has been removed by the uploader" in done.err
    assert "studykit notes talk.mp3 --url https://youtu.be/gone" in done.err


def test_a_talk_that_is_still_live_waits(site: Site, studykit: Command) -> None:
    site.talk("live", **FACTS, is_live=True, formats=[site.audio("/a.webm", AUDIO)])
    done = studykit("notes", "https://youtu.be/live")
    assert (done.code, "still live" in done.err) == (1, True)


def test_a_playlist_is_a_list(site: Site, studykit: Command, tmp_path: Path) -> None:
    link = "https://www.youtube.com/playlist?list=PL1"
    talks = [("https://youtu.be/one", "First\ntalk"), ("https://youtu.be/two", "Second")]
    site.talk("PL1", title="All talks", talks=talks)
    done = studykit("notes", link)
    assert done.code == 1
    assert "a list of talks (All talks), not a single talk" in done.err
    assert f"studykit fetch '{link}'" in done.err
    made = studykit("fetch", link, "-o", "made", "--json").json
    assert [talk["url"] for talk in made["talks"]] == ["https://youtu.be/one", "https://youtu.be/two"]
    (file,) = made["files"]
    lines = (tmp_path / file).read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if line and not line.startswith("#")] == [talk[0] for talk in talks]


def test_a_video_opened_from_a_playlist_is_one_talk(site: Site, studykit: Command) -> None:
    site.talk("abc123XYZ_0", **FACTS, automatic_captions={"en-orig": english(site)})
    assert studykit("notes", f"{URL}&list=PL1&t=30").code == 0


def test_no_network_is_something_missing(
    studykit: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """yt-dlp's own extractor, behind a proxy that is not there."""
    done = studykit("notes", URL, "--proxy", "http://127.0.0.1:1")
    assert done.code == 3
    assert "a connection to www.youtube.com" in done.err
    assert "--proxy" in done.err


def test_a_site_that_is_no_video_site(site: Site, studykit: Command) -> None:
    site.files["/page"] = b"<html><body>Nothing to see</body></html>"
    done = studykit("notes", f"{site.base}/page")
    assert done.code == 1
    assert "Unsupported URL" in done.err


def test_a_page_with_a_video_on_another_site(site: Site, studykit: Command) -> None:
    """No extractor of ours: yt-dlp's generic one finds the captions on a page."""
    site.captions("/en.vtt", vtt([line for _, line in LINES]))
    site.audio("/talk.mp4", AUDIO)
    site.files["/page"] = (
        b"<html><head><title>Talk on a page</title></head><body><video src='/talk.mp4'>"
        b"<track kind='subtitles' srclang='en' src='/en.vtt'></video></body></html>"
    )
    done = studykit("notes", f"{site.base}/page", "--json")
    assert done.code == 0
    assert done.json["title"].startswith("Talk on a page")
    assert done.json["sentences"] == len(LINES)


@pytest.mark.parametrize(
    "options", [["--limit-rate", "quick"], ["--cookies-from-browser", "lynx"], ["--cookies", "gone.txt"]]
)
def test_wrong_options_are_named(options: list[str], site: Site, studykit: Command) -> None:
    done = studykit("notes", URL, *options)
    assert done.code == 2
    assert options[1] in done.err


def test_an_address_of_another_kind(studykit: Command) -> None:
    done = studykit("notes", "ftp://example.org/talk.vtt")
    assert (done.code, "links begin with http" in done.err) == (1, True)
    assert studykit("fetch", "talk.vtt").code == 2


def test_without_the_extra(studykit: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "yt_dlp", None)
    done = studykit("notes", URL)
    assert done.code == 3
    assert "pip install 'studykit[youtube]'" in done.err


def heard(
    cache: Cache, audio: Path, data_digest: str, glossary: Glossary, options: Options
) -> Result[Ingested]:
    """A recogniser that hears ``LINES`` in every file with the right bytes."""
    assert digest_file(audio) == data_digest
    assert audio.read_bytes() == AUDIO
    segments = tuple(Segment(text=text, start_s=start_s, end_s=start_s + 2) for start_s, text in LINES)
    transcript = Transcript(
        source_id=data_digest, language="en", segments=segments, engine="fake", timing="attention"
    )
    source = Source(id=data_digest, kind="media", language="en", title=audio.stem)
    return Result.of(Ingested(source=source, transcript=transcript))


def test_audio_where_there_are_no_captions(
    site: Site, studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "transcribed", heard)
    video = {"format_id": "18", "url": f"{site.base}/v.mp4", "ext": "mp4", "vcodec": "h264", "acodec": "aac"}
    site.talk("abc123XYZ_0", **FACTS, formats=[site.audio("/a.webm", AUDIO), video])
    done = studykit("notes", URL, "--json")
    assert (done.code, done.json["title"], done.json["captions"]) == (0, "A talk about models", [])
    assert cached_audio(tmp_path) == ["audio.webm"]
    assert "/v.mp4" not in site.asked
    asked = len(site.asked)
    assert studykit("notes", URL, "--json").json["cached"]["fetch audio"]
    assert len(site.asked) == asked
    elsewhere = studykit("notes", URL, "--db", "other.db", "--json").json
    assert not elsewhere["cached"]["fetch audio"]
    assert site.asked.count("/a.webm") == 1
    refused = studykit("notes", URL, "--transcribe", "never")
    assert refused.code == 1
    assert "--transcribe auto" in refused.err


WITHHELD = "There are missing subtitles languages because a PO token was not provided"
OTHER = "The page layout has changed"


def test_withheld_captions_are_told_before_the_audio_is_heard(
    site: Site, studykit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "transcribed", heard)
    site.talk(
        "abc123XYZ_0", **FACTS, warnings=[WITHHELD, OTHER, WITHHELD], formats=[site.audio("/a.webm", AUDIO)]
    )
    done = studykit("notes", URL)
    assert done.code == 0
    before, _, after = done.err.partition("fetch audio:")
    assert "no captions that can be read, so the audio (00:15) will be downloaded and transcribed" in before
    assert before.count(WITHHELD) == before.count(OTHER) == 1
    assert "JavaScript" in before
    assert WITHHELD in after
    again = studykit("notes", URL, "--json").json
    assert sum(WITHHELD in warning for warning in again["warnings"]) == 1


def test_a_warning_that_changes_nothing_is_not_told(site: Site, studykit: Command) -> None:
    chinese = site.captions("/caps/zh.vtt", vtt(CHINESE))
    told = [WITHHELD, OTHER]
    site.talk("abc123XYZ_0", **FACTS, warnings=told, subtitles={"en": english(site), "zh-Hans": chinese})
    assert studykit("notes", URL, "--json").json["warnings"] == []
    site.talk("abc123XYZ_0", **FACTS, warnings=told, subtitles={"en": english(site)})
    made = studykit("notes", URL, "--refresh", "--json").json
    assert sum(WITHHELD in warning for warning in made["warnings"]) == 1
    assert not any(OTHER in warning for warning in made["warnings"])


def test_bilingual_captions_of_a_site_give_both_texts(site: Site, studykit: Command) -> None:
    lines = [f"{there}\n{here}" for (_, here), there in zip(LINES, CHINESE, strict=True)]
    site.talk("abc123XYZ_0", **FACTS, subtitles={"en": site.captions("/caps/en.vtt", vtt(lines))})
    made = studykit("notes", URL, "--json").json
    assert made["beads"] > 0
    assert made["warnings"] == []


def test_a_chat_alone_is_no_caption(site: Site, studykit: Command) -> None:
    chat = {"live_chat": site.captions("/chat.json", b"{}")}
    site.talk("abc123XYZ_0", **FACTS, subtitles=chat)
    done = studykit("notes", URL)
    assert done.code == 1
    assert "it has no captions and no audio" in done.err


def test_too_many_requests_say_wait(site: Site, studykit: Command) -> None:
    site.talk("abc123XYZ_0", **FACTS, subtitles={"en": [{"ext": "vtt", "url": f"{site.base}/busy.vtt"}]})
    site.statuses["/busy.vtt"] = 429
    done = studykit("notes", URL)
    assert done.code == 1
    ways = done.err.partition("What you can do:")[2].split("\n")
    assert "wait an hour" in ways[1]
    assert "--sleep-requests" in ways[2]


def test_audio_when_asked_with_the_captions_as_translation(
    site: Site, studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "transcribed", heard)
    site.talk(
        "abc123XYZ_0",
        **FACTS,
        formats=[site.audio("/a.webm", AUDIO)],
        subtitles={"en": english(site), "zh-Hans": site.captions("/zh.vtt", vtt(CHINESE))},
    )
    done = studykit("notes", URL, "--transcribe", "always", "--json").json
    assert done["captions"] == [{"language": "zh-Hans", "kind": "manual"}]
    assert done["beads"] > 0
    assert "/caps/en.json3" not in site.asked


def test_captions_in_the_language_that_was_heard_are_no_translation(
    site: Site, studykit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "transcribed", heard)
    facts = {**FACTS, "language": "zh"}
    site.talk("abc123XYZ_0", **facts, formats=[site.audio("/a.webm", AUDIO)], subtitles={"en": english(site)})
    done = studykit("notes", URL, "--json")
    assert (done.code, done.json["captions"], done.json["beads"]) == (0, [], 0)


def test_a_broken_download_goes_on_where_it_was(
    site: Site, studykit: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link, "transcribed", heard)
    site.talk("abc123XYZ_0", **FACTS, formats=[site.audio("/a.webm", AUDIO)])
    site.cut["/a.webm"] = 10_000
    done = studykit("notes", URL, "--out", "made")
    assert done.code == 1
    assert cached_audio(tmp_path) == ["audio.webm.part"]
    assert not list((tmp_path / "made").glob("*"))
    site.cut.clear()
    site.ranges.clear()
    assert studykit("notes", URL).code == 0
    assert site.ranges[0] != "bytes=0-"
    assert cached_audio(tmp_path) == ["audio.webm"]


def test_fetch_writes_files_that_notes_can_read(site: Site, studykit: Command, tmp_path: Path) -> None:
    translated = site.captions("/caps/zh.vtt?tlang=zh-Hans", vtt(CHINESE))
    site.talk(
        "abc123XYZ_0",
        **{**FACTS, "title": "Models: what/why?"},
        formats=[site.audio("/a.webm", AUDIO)],
        automatic_captions={"en-orig": english(site), "zh-Hans": translated},
    )
    made = studykit("fetch", URL, "-o", "made", "--transcribe", "always", "--json").json
    assert made["languages"] == ["en", "zh-Hans"]
    assert [track["kind"] for track in made["captions"]] == ["automatic", "translated"]
    assert made["chapters"][1] == {"title": "Models", "start_s": 3.0, "translation": None}
    assert made["thumbnail_url"] == FACTS["thumbnail"]
    assert sorted(path.name for path in (tmp_path / "made").iterdir()) == [
        "Models what why.chapters.txt",
        "Models what why.en.json3",
        "Models what why.info.json",
        "Models what why.translated.zh-Hans.vtt",
        "Models what why.webm",
    ]
    assert Path(made["audio"]).read_bytes() == AUDIO
    asked = len(site.asked)
    again = studykit("fetch", URL, "-o", "made", "--transcribe", "always", "--json").json
    assert all(again["cached"].values())
    assert (len(site.asked), again["files"]) == (asked, made["files"])
    captions = [track["file"] for track in made["captions"]]
    chapters = made["files"][1]
    assert studykit("notes", captions[0], "--translation", captions[1], "--chapters", chapters).code == 0

    edited = tmp_path / captions[0]
    edited.write_text("my own edits", encoding="utf-8")
    studykit("fetch", URL, "-o", "made")
    assert edited.with_name(f"{edited.name}.1").read_text(encoding="utf-8") == "my own edits"


@pytest.mark.parametrize("kind", ["manual", "translated"])
def test_translate_takes_the_captions_of_the_other_language(
    site: Site, studykit: Command, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr(engines, "encoder", TRUE_ENCODER)
    track = site.captions("/zh.vtt?tlang=zh-Hans" if kind == "translated" else "/zh.vtt", vtt(CHINESE))
    made_by = {"manual": "subtitles", "translated": "automatic_captions"}[kind]
    site.talk(
        "abc123XYZ_0",
        **FACTS,
        **{"automatic_captions": {"en": english(site)}, made_by: {"zh-Hans": track, "en": english(site)}},
    )
    made = studykit("translate", URL, "--engine", "captions", "--json")
    assert made.code == 0
    assert made.json["engine"] == f"captions ({kind})"
    assert [row["en"] for row in made.json["sentences"]] == [text for _, text in LINES]
    said = [row["zh"] for row in made.json["sentences"] if row["zh"]]
    assert "".join(said) == "".join(CHINESE)
    assert all(row["zh"] or row["joined"] is not None for row in made.json["sentences"])
    assert ("machine-translated" in made.err) == (kind == "translated")
    dry = studykit("translate", URL, "--engine", "captions", "--dry-run", "--json").json
    assert (dry["sentences"], dry["missing"], dry["cost"]) == (len(LINES), 0, 0)


def test_an_engine_does_better_than_the_sites_machine_but_not_than_people(
    site: Site, studykit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "encoder", TRUE_ENCODER)  # a translation must be near its sentence
    table = {text: chinese for (_, text), chinese in zip(LINES, CHINESE, strict=True)}
    with serving_chat(table=table) as service:
        monkeypatch.setenv("STUDYKIT_BASE_URL", service.url)
        machine = site.captions("/zh.vtt?tlang=zh-Hans", vtt(["机器翻译。"] * 4))
        site.talk("abc123XYZ_0", **FACTS, automatic_captions={"zh-Hans": machine, "en": english(site)})
        made = studykit("notes", URL, "--translate", "openai:m", "--json", "--format", "md")
        assert made.json["warnings"] == []
        assert set(service.sentences) == set(table)
        text = Path("A talk about models.notes.md").read_text(encoding="utf-8").replace("**", "")
        assert "语言模型预测下一个词元。" in text
        assert "机器翻译。" not in text
        assert LABELS["zh"].machine_translated in text
        people = site.captions("/zh.vtt", vtt(CHINESE))
        site.talk("abc123XYZ_0", **FACTS, subtitles={"zh": people}, automatic_captions={"en": english(site)})
        asked = len(service.asked)
        made = studykit("notes", URL, "--translate", "openai:m", "--refresh", "--json").json
        assert [track["kind"] for track in made["captions"]] == ["automatic", "manual"]
        assert len(service.asked) == asked
