"""A film is read by its captions, beside it or inside it, and heard only without them."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from studykit import engines
from studykit.engines.programs import film
from studykit.errors import InputError
from studykit.glossary import Glossary
from studykit.ingest import Ingested, captions_beside
from studykit.options import Options
from studykit.store import Store
from studykit.talk import SILENT, Talk, open_talk
from studykit.talk.cache import Result, StageReport
from studykit.talk.read import recording
from studykit.types import Segment, Source, Transcript
from tests.conftest import program
from tests.formats.bilingual_files import Shown, srt
from tests.formats.test_bilingual import CUES

pytestmark = pytest.mark.usefixtures("bags")

CLEAR = [cue for cue in CUES if len(cue.chinese) > 5 and "你好" not in cue.english]
MATROSKA = b"\x1aE\xdf\xa3" + bytes(100)


class Said:
    """Progress that keeps what was said."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def planned(self, stages: int) -> None: ...

    def started(self, stage: str) -> None: ...

    def finished(self, report: StageReport) -> None: ...

    def said(self, text: str) -> None: ...

    def noted(self, text: str) -> None:
        self.lines.append(text)


def captions(language: str) -> str:
    return srt(
        [Shown(cue.start_s, cue.end_s, (cue.english if language == "en" else cue.chinese,)) for cue in CLEAR]
    )


@pytest.fixture
def talk_mkv(tmp_path: Path) -> Path:
    """A film that nobody can hear or look into."""
    path = tmp_path / "talk.mkv"
    path.write_bytes(MATROSKA)
    return path


@pytest.fixture(params=["mkv", "mp4", "ass"])
def tracks(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A film with an English and a Chinese subtitle track, and sound said to be English."""
    inputs: list[str] = []
    for language in ("en", "zh"):
        (tmp_path / f"{language}.srt").write_text(captions(language), encoding="utf-8")
        inputs += ["-i", str(tmp_path / f"{language}.srt")]
    codec = {"mkv": "srt", "mp4": "mov_text", "ass": "ass"}[request.param]
    path = tmp_path / f"film.{request.param.replace('ass', 'mkv')}"
    subprocess.run(
        [
            *(program("ffmpeg"), "-v", "error", "-f", "lavfi", "-i", "sine=duration=30", *inputs),
            *("-map", "0:a", "-map", "1", "-map", "2", "-c:s", codec, "-metadata:s:a:0", "language=eng"),
            *("-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=chi", str(path)),
        ],
        check=True,
        stdin=subprocess.DEVNULL,
    )
    return path


@pytest.fixture(params=["PyAV", "ffmpeg"])
def reader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "PyAV":
        pytest.importorskip("av")
    else:
        program("ffprobe")
        monkeypatch.setattr(engines, "film_tracks", film._by_program)
    return str(request.param)


@pytest.fixture
def hearing(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What was heard; the recogniser always hears two English sentences."""
    heard: list[Path] = []

    def transcribed(cache: object, audio: Path, digest: str, *_: object) -> Result[Ingested]:
        heard.append(audio)
        segments = tuple(Segment(text=cue.english, start_s=cue.start_s, end_s=cue.end_s) for cue in CLEAR)
        transcript = Transcript(
            source_id=digest, language="en", segments=segments, engine="fake", timing="attention"
        )
        source = Source(id=digest, kind="media", language="en", title=audio.stem)
        return Result.of(Ingested(source=source, transcript=transcript))

    monkeypatch.setattr(recording, "transcribed", transcribed)
    return heard


def opened(path: Path, progress: object = SILENT, store: Store | None = None, **options: object) -> Talk:
    return open_talk(
        path,
        glossary=Glossary([]),
        options=Options().updated(options),
        store=store,
        progress=progress,  # type: ignore[arg-type]
    )


def both(talk: Talk) -> tuple[str, str | None]:
    return talk.texts.lead.language, talk.texts.other.language if talk.texts.other else None


def test_files_beside_a_film_are_found_by_name_and_told(talk_mkv: Path, hearing: list[Path]) -> None:
    for name, language in (("talk.en.srt", "en"), ("talk.zh.srt", "zh"), ("talk 2.srt", "en")):
        (talk_mkv.parent / name).write_text(captions(language), encoding="utf-8")
    progress = Said()
    talk = opened(talk_mkv, progress)
    assert both(talk) == ("en", "zh")
    assert talk.source.title == "talk"
    assert not hearing
    (told,) = [line for line in progress.lines if "read" in line]
    assert "talk.en.srt and talk.zh.srt" in told


@pytest.mark.parametrize("name", ["talk.srt", "talk.eng.vtt.srt", "talk.English.srt", "talk.zh-Hans.srt"])
def test_names_beside_a_film(talk_mkv: Path, name: str) -> None:
    (talk_mkv.parent / name).write_text("x")
    (talk_mkv.parent / "talk-2.srt").write_text("x")
    (talk_mkv.parent / "talk.info.json").write_text("x")
    found = [path.name for path in captions_beside(talk_mkv)]
    assert found == ([] if name.count(".") > 2 else [name])


def test_one_bilingual_file_beside_a_film_gives_both(talk_mkv: Path, hearing: list[Path]) -> None:
    rows = [Shown(cue.start_s, cue.end_s, (cue.chinese, cue.english)) for cue in CLEAR]
    (talk_mkv.parent / "talk.chs.srt").write_text(srt(rows), encoding="utf-8")
    assert both(opened(talk_mkv)) == ("en", "zh") or both(opened(talk_mkv)) == ("zh", "en")
    assert not hearing


def test_chinese_captions_alone_translate_what_is_heard(talk_mkv: Path, hearing: list[Path]) -> None:
    (talk_mkv.parent / "talk.zh.srt").write_text(captions("zh"), encoding="utf-8")
    talk = opened(talk_mkv)
    assert both(talk) == ("en", "zh")
    assert hearing == [talk_mkv]
    assert both(opened(talk_mkv, **{"ingest.language": "zh"})) == ("zh", None)
    assert len(hearing) == 1


def test_always_hears_and_never_refuses(talk_mkv: Path, hearing: list[Path]) -> None:
    (talk_mkv.parent / "talk.en.srt").write_text(captions("en"), encoding="utf-8")
    assert both(opened(talk_mkv, **{"fetch.transcribe": "always"})) == ("en", None)
    assert hearing
    (talk_mkv.parent / "talk.en.srt").unlink()
    with pytest.raises(InputError, match="no captions"):
        opened(talk_mkv, **{"fetch.transcribe": "never"})


def test_a_file_that_holds_nothing_is_told_and_passed_over(talk_mkv: Path, hearing: list[Path]) -> None:
    (talk_mkv.parent / "talk.en.srt").write_text("just words\n")
    talk = opened(talk_mkv)
    assert hearing
    assert "talk.en.srt: contains no cues" in talk.warnings[0]


def test_tracks_inside_a_film(tracks: Path, reader: str, hearing: list[Path]) -> None:
    found = engines.film_tracks(tracks)
    assert [track.language for track in found.tracks] == ["eng", "chi"]
    assert found.spoken == "eng"
    for name in ("en.srt", "zh.srt"):
        (tracks.parent / name).unlink()
    talk = opened(tracks)
    assert both(talk) == ("en", "zh")
    assert not hearing
    assert talk.texts.lead.sentences[0].text == CLEAR[0].english
    assert talk.texts.lead.sentences[0].start_s == pytest.approx(CLEAR[0].start_s, abs=0.02)


def test_a_film_without_tracks_has_none(talk_mkv: Path, reader: str) -> None:
    assert not engines.film_tracks(talk_mkv).tracks
