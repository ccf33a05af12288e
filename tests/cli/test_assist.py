"""``studykit notes --assist`` with a scripted model on this machine."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from studykit.resources import data_dir
from studykit.types import AssistFeature
from tests.assist.lecture import GOOD
from tests.assist.service import WritingService, good_answer, serving_answers
from tests.cli.calls import Command, Run, calls_in

PRICES = "[translate.prices]\nfake = [1.0, 2.0]\n"


def good(feature: AssistFeature, document: dict[str, Any]) -> Any:
    return good_answer(GOOD, feature, document)


@pytest.fixture
def service() -> Iterator[WritingService]:
    with serving_answers(good) as service:
        yield service


@pytest.fixture
def studykit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], lecture_db: Path
) -> Command:
    shutil.copy(lecture_db, tmp_path / "study.db")
    for name in ("lecture.en.vtt", "lecture.zh.txt", "lecture.chapters.txt"):
        shutil.copy(data_dir("examples") / name, tmp_path)
    (tmp_path / "prices.toml").write_text(PRICES)
    return calls_in(tmp_path, monkeypatch, capsys)


@pytest.fixture
def assisted(studykit: Command, service: WritingService) -> Callable[..., Run]:
    def run(*more: str) -> Run:
        return studykit(
            *("notes", "lecture.en.vtt", "--translation", "lecture.zh.txt"),
            *("--chapters", "lecture.chapters.txt", "--format", "json", "-q", "--config", "prices.toml"),
            *("--assist", "openai:fake", "--base-url", service.url, *more),
        )

    return run


def written(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("*.notes.json")
    made: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["assistance"]
    return made


def test_what_a_good_model_writes_is_in_the_notes(
    assisted: Callable[..., Run], service: WritingService, tmp_path: Path
) -> None:
    ran = assisted("--json")
    assert ran.code == 0, ran.err
    assert ran.json["claims"] == len(GOOD["claims"]), "those that the notes show"
    told = ran.json["assistance"]
    assert told["model"] == "fake"
    assert told["dropped"] == []
    made = written(tmp_path)
    assert made["title"]["chinese"] == GOOD["overview"]["title"]["zh"]
    assert len(made["summary"]) == 5
    assert [part["part"] for part in made["parts"]] == list(range(7))
    assert all(part["heading"] and len(part["summary"]) == 2 for part in made["parts"])
    assert len(made["claims"]) == len(GOOD["claims"])
    assert len(made["questions"]) == len(GOOD["questions"])
    assert {item["head"] for item in made["items"]} >= {one["head"] for one in GOOD["items"]}
    assert [veto["head"] for veto in made["vetoes"]] == ["megabyte"]
    assert len(made["misread"]) == len(GOOD["misread"])
    # Again, nothing is sent.
    sent = len(service.asked)
    again = assisted("--json")
    assert len(service.asked) == sent
    assert again.json["cached"]["assist"]
    assert again.json["cached"]["prove"]


def test_without_a_model_everything_is_as_before(studykit: Command, tmp_path: Path) -> None:
    ran = studykit("notes", "lecture.en.vtt", "--format", "json", "-q", "--json")
    assert ran.code == 0
    assert "assistance" not in ran.json
    (path,) = tmp_path.glob("*.notes.json")
    assert "assistance" not in json.loads(path.read_text(encoding="utf-8"))


def test_notes_made_again_without_a_model_keep_what_holds_and_say_what_they_lose(
    assisted: Callable[..., Run], service: WritingService, studykit: Command, tmp_path: Path
) -> None:
    same = ("notes", "lecture.en.vtt", "--chapters", "lecture.chapters.txt", "--format", "json", "-q")
    both = (*same, "--translation", "lecture.zh.txt")
    assisted("--assist-features", "misread")
    sent, wrote = len(service.asked), written(tmp_path)
    again = studykit(*both)
    assert again.code == 0
    assert "had what" not in again.err
    assert written(tmp_path) == wrote
    text = (tmp_path / "lecture.en.vtt").read_text(encoding="utf-8")
    (tmp_path / "lecture.en.vtt").write_text(text.replace("junk", "rubbish"), encoding="utf-8")
    changed = studykit(*both)
    assert "had what fake wrote about another text" in changed.err
    (tmp_path / "lecture.en.vtt").write_text(text, encoding="utf-8")
    assisted("--assist-features", "misread")
    none = studykit(*both, "--assist", "none")
    assert none.code == 0
    assert "had what" not in none.err
    (path,) = tmp_path.glob("*.notes.json")
    assert "assistance" not in json.loads(path.read_text(encoding="utf-8"))
    assert len(service.asked) == sent
    back = assisted("--assist-features", "misread")
    assert back.code == 0
    assert "had what" not in back.err
    assert len(service.asked) == sent
    assert written(tmp_path)["misread"]


def test_a_run_that_broke_off_goes_on_without_paying_again(
    assisted: Callable[..., Run], service: WritingService
) -> None:
    service.fail_after = 4
    broken = assisted()
    assert broken.code == 1
    assert "no more" in broken.err
    assert len(service.asked) == 4
    service.fail_after = None
    assert assisted().code == 0
    asked = [json.dumps(one) for one in service.asked]
    assert len(asked) == len(set(asked))


def test_features_are_asked_for_one_by_one(assisted: Callable[..., Run], service: WritingService) -> None:
    ran = assisted("--assist-features", "claims,misread", "--json")
    assert ran.code == 0
    assert {feature for feature, _ in service.asked} == {"claims", "misread"}


def test_a_dry_run_sends_and_writes_nothing_and_counts_by_feature(
    assisted: Callable[..., Run], service: WritingService, tmp_path: Path
) -> None:
    dry = assisted("--dry-run", "--json")
    assert dry.code == 0, dry.err
    assert not service.asked
    assert not list(tmp_path.glob("*.notes.json"))
    features = dry.json["features"]
    assert {one["feature"] for one in features} == {
        *("overview", "parts", "claims", "items", "misread", "questions")
    }
    assert all(one["missing"] == one["requests"] and one["cost"] > 0 for one in features)
    shown = assisted("--dry-run")
    rows = [line.split() for line in shown.out.splitlines()]
    (claims,) = (row for row in rows if row[:1] == ["claims"])
    made = next(one for one in features if one["feature"] == "claims")
    assert claims[1:4] == [str(made["missing"]), "of", str(made["requests"])]
    assert [row[0] for row in rows][-1] == "together"
    assisted()
    assert [one["missing"] for one in assisted("--dry-run", "--json").json["features"]] == [0] * 6
    prompt = sum(one["tokens"]["prompt"] for one in features)
    assert abs(prompt - service.prompt_tokens) <= 0.01 * service.prompt_tokens
    elsewhere = assisted("--dry-run", "--out", "new", "--db", "new/study.db")
    assert elsewhere.code == 0, elsewhere.err
    assert not (tmp_path / "new").exists()


@pytest.mark.slow
def test_a_budget_is_never_exceeded_and_what_was_paid_is_kept(
    assisted: Callable[..., Run], service: WritingService
) -> None:
    ran = assisted("--budget", "0.03")
    assert ran.code == 1
    assert "budget" in ran.err
    sent = len(service.asked)
    spent = (service.prompt_tokens + 2 * service.completion_tokens) / 1e6
    assert 0 < spent <= 0.03
    assert "run the command again." in ran.err
    assert ran.err.rstrip().endswith("Notes with what there is: --assist-features overview,parts")
    assert assisted("--assist-features", "overview,parts").code == 0
    assert len(service.asked) == sent, "nothing is paid for twice"
    assert assisted("--budget", "9").code == 0
    assert len({json.dumps(one) for one in service.asked}) == len(service.asked) > sent


def test_a_model_that_writes_no_json_is_told_with_its_words(studykit: Command, tmp_path: Path) -> None:
    with serving_answers(lambda *_: "As a poet I prefer to sing of the sea.") as service:
        ran = studykit(
            *("notes", "lecture.en.vtt", "-q", "--assist", "openai:fake", "--base-url", service.url)
        )
    assert ran.code == 1
    assert "As a poet" in ran.err
    assert len(service.asked) <= 8


def test_nonsense_in_the_right_form_is_dropped_and_told(studykit: Command) -> None:
    claim = {
        "en": "Cats rule the moon.",
        "zh": "猫统治月球。",
        "evidence": [{"sentence": 1, "quote": "Cats"}],
    }

    def nonsense(feature: AssistFeature, _: dict[str, Any]) -> Any:
        return {"claims": [claim]} if feature == "claims" else {}

    with serving_answers(nonsense) as service:
        ran = studykit(
            *("notes", "lecture.en.vtt", "-q", "--assist", "openai:fake", "--base-url", service.url),
            *("--assist-features", "claims"),
        )
    assert ran.code == 1
    assert "its quote is not in the sentence" in ran.out


@pytest.mark.slow
def test_a_killed_run_goes_on(assisted: Callable[..., Run], service: WritingService, tmp_path: Path) -> None:
    service.slow_s = 0.3
    command = (
        *(sys.executable, "-m", "studykit", "notes", "lecture.en.vtt", "--translation", "lecture.zh.txt"),
        *("--chapters", "lecture.chapters.txt", "--format", "json", "-q", "--config", "prices.toml"),
        *("--assist", "openai:fake", "--base-url", service.url, "--context", "4096"),
    )
    child = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while len(service.asked) < 9:
        assert child.poll() is None
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert child.returncode == -signal.SIGKILL
    service.slow_s = 0.0
    made = assisted("--context", "4096", "--json")
    assert made.code == 0
    assert made.json["assistance"]["dropped"] == []
    # What was under way when it was killed is asked for again, four requests at most; nothing else is.
    asked = [json.dumps(one) for one in service.asked]
    assert len(asked) - len(set(asked)) <= 4
    assert len(set(asked)) > 9
