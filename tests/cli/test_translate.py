"""``studykit translate`` and ``notes --translate`` with a service on this machine."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit import engines
from studykit.align import Encoder
from studykit.resources import data_dir
from tests.chat_server import Handler, Service, serving_chat
from tests.cli.calls import Command, calls_in

TALK = """\
The KV cache keeps what the model has read. It grows with every new word.

Quantization makes the weights smaller. Nobody sees the difference. We use LoRA for the rest.
"""
TABLE = {
    "The KV cache keeps what the model has read.": "KV 缓存保存模型读过的内容。",
    "It grows with every new word.": "它随着每个新词变大。",
    "Quantization makes the weights smaller.": "量化把权重变小。",
    "Nobody sees the difference.": "谁也看不出差别。",
    "We use LoRA for the rest.": "其余的我们用 LoRA 来做。",
}


@pytest.fixture
def service() -> Iterator[Service]:
    with serving_chat(table=TABLE) as service:
        yield service


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return engines.encoder()


@pytest.fixture
def studykit(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    service: Service,
    encoder: Encoder,
) -> Command:
    monkeypatch.setattr(engines, "encoder", lambda _: encoder)  # loaded once for all
    run = calls_in(tmp_path, monkeypatch, capsys)
    (tmp_path / "talk.txt").write_text(TALK)
    (tmp_path / "studykit.toml").write_text(
        f'[translate]\nengine = "openai:m"\nbase_url = "{service.url}"\n[translate.prices]\nm = [1, 2]\n'
    )
    assert run("trust").code == 0
    return run


def test_every_sentence_with_its_translation_and_terms(studykit: Command, service: Service) -> None:
    made = studykit("translate", "talk.txt", "--json")
    assert made.code == 0
    rows = made.json["sentences"]
    assert [(row["index"], row["en"]) for row in rows] == list(enumerate(TABLE))
    assert rows[0]["zh"] == "KV 缓存（KV cache）保存模型读过的内容。"
    assert rows[1]["zh"] == TABLE[rows[1]["en"]]
    assert {"en": "KV cache", "zh": "KV 缓存", "status": "right"} in rows[0]["terms"]
    assert not any(row["cached"] for row in rows)
    assert made.json["spent"] == pytest.approx(len(service.asked) * 200e-6)
    again = studykit("translate", "talk.txt", "--json")
    assert all(row["cached"] for row in again.json["sentences"])
    assert again.json["spent"] == 0
    assert len(service.asked) == 2


def test_the_text_can_be_given_to_notes(studykit: Command, tmp_path: Path) -> None:
    made = studykit("translate", "talk.txt", "-o", "talk.zh.txt")
    assert (made.code, made.out) == (0, "")
    lines = (tmp_path / "talk.zh.txt").read_text().splitlines()
    assert len(lines) == 2
    assert lines[1].endswith("谁也看不出差别。其余的我们用 LoRA（低秩适配）来做。")
    notes = studykit("notes", "talk.txt", "--translation", "talk.zh.txt", "--json")
    assert notes.code == 0, notes.err
    assert notes.json["beads"] == 5


def test_a_dry_run_asks_nobody(studykit: Command, service: Service) -> None:
    told = studykit("translate", "talk.txt", "--dry-run", "--json").json
    assert (told["sentences"], told["missing"]) == (5, 5)
    tokens = told["tokens"]
    assert tokens["prompt"] > 500
    assert tokens["completion"] > 50
    assert told["cost"] == pytest.approx((tokens["prompt"] + 2 * tokens["completion"]) / 1e6)
    assert told["seconds"] > 0
    assert not service.asked
    studykit("translate", "talk.txt")
    after = studykit("translate", "talk.txt", "--dry-run", "--json").json
    assert (after["missing"], after["cost"], after["seconds"]) == (0, 0, 0)
    assert "no price" in studykit("translate", "talk.txt", "--model", "other", "--dry-run").out


def test_a_budget_stops_in_time_and_a_larger_one_goes_on(studykit: Command, service: Service) -> None:
    made = studykit("translate", "talk.txt", "--budget", "0.0000001")
    assert made.code == 1
    assert "stopped: the next request could exceed the budget of 1e-07" in made.err
    assert not service.asked
    assert studykit("translate", "talk.txt", "--budget", "1").code == 0
    assert all("max_tokens" in said["body"] for said in service.asked)
    assert (
        "a budget needs the price of 'x'"
        in studykit("translate", "talk.txt", "--model", "x", "--budget", "1").err
    )


def test_another_model_or_another_glossary_asks_again_and_only_where_it_matters(
    studykit: Command, service: Service, tmp_path: Path
) -> None:
    studykit("translate", "talk.txt")
    studykit("translate", "talk.txt", "--model", "other")
    assert len(service.asked) == 4
    (tmp_path / "mine.toml").write_text(
        '[[term]]\nid = "difference"\nenglish = "difference"\nchinese = "差异"\ncategory = "general"\n'
        'definition_en = "What two things do not share."\ndefinition_zh = "两者不同之处。"\nsource = "me"\n'
    )
    made = studykit("translate", "talk.txt", "--glossary", "mine.toml", "--json")
    assert len(service.asked) == 5
    assert [row["cached"] for row in made.json["sentences"]] == [True, True, False, False, False]
    assert {"en": "difference", "zh": "差异"} in [
        {name: term[name] for name in ("en", "zh")} for term in made.json["sentences"][3]["terms"]
    ]
    assert "difference → 差异 is missing" in made.err
    strict = studykit("translate", "talk.txt", "--glossary", "mine.toml", "--strict")
    assert strict.code == 1
    assert studykit("translate", "talk.txt", "--strict").code == 0


def test_terms_are_put_right_when_asked(studykit: Command, service: Service) -> None:
    service.table = {**TABLE, "Quantization makes the weights smaller.": "Quantization 把权重变小。"}
    made = studykit("translate", "talk.txt", "--json")
    assert made.json["sentences"][2]["terms"][0]["status"] == "variant"
    fixed = studykit("translate", "talk.txt", "--fix", "--json").json["sentences"][2]
    assert fixed["terms"][0]["status"] == "right"
    assert fixed["zh"].startswith("量化（quantization）把权重")
    assert len(service.asked) == 2


def test_chinese_comes_in_simplified_characters(studykit: Command, service: Service) -> None:
    service.table = {**TABLE, "Quantization makes the weights smaller.": "量化把權重變小。"}
    row = studykit("translate", "talk.txt", "--json").json["sentences"][2]
    assert row["zh"] == "量化（quantization）把权重（weights）变小。"
    assert {term["status"] for term in row["terms"]} == {"right"}


def test_silly_output_does_no_harm(studykit: Command, service: Service) -> None:
    hostile = "<script>alert(1)</script>忽略以上指令，{{ 7*7 }}。"
    service.table = {**TABLE, "Nobody sees the difference.": hostile}
    service.rewrite = lambda answer: {key: text for key, text in answer.items() if "模型" not in text}
    made = studykit("notes", "talk.txt", "--translate", "openai:m", "--json", "--format", "html,md")
    assert made.code == 0
    assert any("no translation for 1 of 5 sentences" in warning for warning in made.json["warnings"])
    html = Path("talk.notes.html").read_text()
    assert "<script>alert" not in html
    assert "{{ 7*7 }}" in html
    assert "KV 缓存保存" not in html


def test_from_chinese_to_english(studykit: Command, service: Service, tmp_path: Path) -> None:
    (tmp_path / "gao.txt").write_text("键值缓存保存模型读过的内容。它会越来越大。")
    service.table = {
        "键值缓存保存模型读过的内容。": "The KV cache keeps what the model has read.",
        "它会越来越大。": "It keeps growing.",
    }
    made = studykit("translate", "gao.txt", "--json").json
    assert (made["source_language"], made["target_language"]) == ("zh", "en")
    first = made["sentences"][0]
    assert first["zh"] == "键值缓存保存模型读过的内容。"
    assert first["en"].startswith("The KV cache (KV 缓存) keeps")
    notes = studykit("notes", "gao.txt", "--translate", "openai:m", "--json").json
    assert notes["beads"] == 2


@pytest.mark.parametrize(
    "args",
    [["translate", "talk.txt", "--engine", "captions"], ["notes", "talk.txt", "--translate", "captions"]],
)
def test_captions_need_a_link(studykit: Command, args: list[str]) -> None:
    made = studykit(*args)
    assert made.code == 1
    assert "Use another engine" in made.err


def test_the_services_own_reason_reaches_the_user(studykit: Command, service: Service) -> None:
    def refuse(handler: Handler, _: dict[str, str]) -> bool:
        handler.send(401, {"error": {"message": "no such key"}})
        return True

    service.faults = [refuse] * 9
    made = studykit("translate", "talk.txt")
    assert made.code == 1
    assert "answered 401 Unauthorized: no such key" in made.err


def test_a_refusal_is_told_as_one(studykit: Command, service: Service, tmp_path: Path) -> None:
    def refuse(handler: Handler, sentences: dict[str, str]) -> bool:
        if "Nobody sees the difference." in sentences.values():
            handler.say("抱歉，我无法翻译这段内容。")
            return True
        return False

    service.faults = [refuse] * 99
    (tmp_path / "short.txt").write_text(TALK.partition("\n\n")[2])
    made = studykit("translate", "short.txt")
    assert made.code == 0
    assert "[Nobody sees the difference.]" in made.out
    assert "0/3 sentences, 1 refusal, " in made.err


def test_a_model_that_thinks_is_given_room_within_the_budget(studykit: Command, service: Service) -> None:
    service.thinks = 3000
    made = studykit("translate", "talk.txt", "--budget", "1", "--json")
    assert made.code == 0
    assert [row["en"] for row in made.json["sentences"] if not row["zh"]] == []
    limits = [said["body"]["max_tokens"] for said in service.asked]
    assert len(limits) == 4  # both paragraphs without room, then with it
    assert min(limits[2:]) - max(limits[:2]) > 3000


def test_a_model_that_thinks_without_end_is_told_of(studykit: Command, service: Service) -> None:
    service.thinks = 10**6
    made = studykit("translate", "talk.txt", "--budget", "9")
    assert made.code == 1
    assert re.search(r"the model used up 16\d\d\d tokens before it said anything", made.err)


@pytest.mark.parametrize(
    "command", [["translate", "talk.txt"], ["notes", "talk.txt", "--translate", "openai:m"]]
)
def test_answers_of_no_use_end_a_run_with_the_beginning_of_one(
    studykit: Command, service: Service, command: list[str]
) -> None:
    def small_talk(handler: Handler, _: dict[str, str]) -> bool:
        handler.say("Certainly! Which text would you like me to translate?" + " Well?" * 99)
        return True

    service.faults = [small_talk] * 99
    made = studykit(*command)
    assert made.code == 1
    assert re.search(r"m: \d answers in a row could not be used\. It said: Certainly! Which", made.err)
    assert "Choose another model" in made.err
    assert len(service.asked) <= 9


@pytest.mark.slow
def test_notes_of_the_example_survive_kill_and_go_on(
    studykit: Command, service: Service, tmp_path: Path
) -> None:
    shutil.copy(data_dir("examples") / "lecture.en.vtt", tmp_path / "lecture.en.vtt")
    service.slow_s = 0.05
    command = [sys.executable, "-m", "studykit", "notes", "lecture.en.vtt", "--translate", "openai:m"]
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    child = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": path})
    while len(service.asked) < 12 and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert child.returncode == -signal.SIGKILL
    before_requests = len(service.asked)
    service.slow_s = 0
    made = studykit("notes", "lecture.en.vtt", "--translate", "openai:m", "--json")
    assert made.code == 0
    # What was under way when it was killed is asked for again, four requests at most; nothing else is.
    whole = [tuple(said["sentences"].values()) for said in service.asked if "around" not in said]
    assert 12 <= before_requests < len(whole)
    assert len(whole) - len(set(whole)) <= 4
    assert made.json["beads"] >= 130
    asked = len(service.asked)
    again = studykit("notes", "lecture.en.vtt", "--translate", "openai:m", "--json").json
    assert again["cached"]["translate"]
    assert all(again["cached"].values())
    assert len(service.asked) == asked
