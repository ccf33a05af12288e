"""What a recogniser was unsure of is text in the notes, and nothing is made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from studykit.store import Store
from tests.cli.calls import calls_in

SURE = (
    "A transformer predicts the next token.",
    "Attention lets every token gather information from the tokens before it.",
    "We pretrain a large language model on text from the web.",
    "The loss goes down because the gradient points the way.",
)
UNSURE = "MNIST is the most important data set for reinforcement learning, and it turns out to be meticulous."


def transcript(unsure: bool) -> str:
    texts = [*SURE[:2], UNSURE, *SURE[2:]]
    return json.dumps(
        {
            "language": "en",
            "segments": [
                {
                    "start": 5.0 * i,
                    "end": 5.0 * i + 4,
                    "text": text,
                    "doubtful": unsure and text is UNSURE,
                }
                for i, text in enumerate(texts)
            ],
        }
    )


def notes(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, unsure: bool
) -> dict[str, Any]:
    studykit = calls_in(folder, monkeypatch, capsys)
    (folder / "talk.json").write_text(transcript(unsure), encoding="utf-8")
    done = studykit("notes", "talk.json", "--format", "md,json", "--db", "study.db", "-q")
    assert done.code == 0, done.err
    made: dict[str, Any] = json.loads((folder / "talk.notes.json").read_text(encoding="utf-8"))
    return made


def test_no_term_item_or_claim_comes_from_what_was_hardly_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    control = notes(tmp_path, monkeypatch, capsys, unsure=False)
    terms = {term["english"] for term in control["terms"]}
    assert {"MNIST", "reinforcement learning"} <= terms  # otherwise this would test nothing
    made = notes(tmp_path, monkeypatch, capsys, unsure=True)
    everything = json.dumps([made["terms"], made["vocabulary"], made["claims"]])
    for word in ("MNIST", "reinforcement", "meticulous"):
        assert word not in everything
    assert {term["english"] for term in made["terms"]} >= {"attention", "transformer"}
    (place,) = (sent for para in made["paragraphs"] for sent in para["english"] if sent.get("doubtful"))
    assert place["text"].startswith("MNIST is")
    page = (tmp_path / "talk.notes.md").read_text(encoding="utf-8")
    assert "MNIST is the most important" in page
    assert page.count("此段录音听不太清") == 1
    assert "**MNIST**" not in page
    with Store(tmp_path / "study.db") as store:
        stored = store.load(store.find("talk"))
    assert [sent.doubtful for sent in stored.english] == [False, False, True, False, False]
