"""``studykit demo`` as readers call it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest

from studykit import demos
from studykit.demos import NAMES, load
from studykit.demos.path import path
from studykit.demos.record import recorded, recorded_control
from studykit.demos.told import LANGUAGES, told
from tests.cli.test_commands import Command, studykit

__all__ = ["studykit"]  # the fixture


def test_a_run_prints_what_was_recorded_and_that_the_claim_holds(studykit: Command) -> None:
    done = studykit("demo", "run", "param_count")
    assert done.code == 0
    assert recorded("param_count") in done.out
    assert f"Holds: {load('param_count').demo.claim}" in done.out


@pytest.mark.parametrize("columns", ["80", "250"])
def test_the_control_stands_beside_the_claim_and_what_differs_is_marked(
    studykit: Command, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    done = studykit("demo", "run", "rope", "--control")
    assert done.code == 0
    assert "Switched off: turning – places are added to query and key instead." in done.out
    assert "With it switched off, the claim fails at: at one distance the match is the same" in done.out
    run, control = recorded("rope").splitlines(), recorded_control("rope").splitlines()
    beside = [line for line in done.out.splitlines() if line.startswith("* ")]
    if columns == "250":
        width = max(map(len, run))
        assert beside == [
            f"* {a:<{width}}   {b}".rstrip() for a, b in zip(run, control, strict=True) if a != b
        ]
    else:
        assert beside == [
            f"* {line}" for mine, other in ((run, control), (control, run))
            for line, at in zip(mine, other, strict=True) if line != at
        ]  # fmt: skip
    assert all(line in done.out for line in control)


def test_the_control_as_json(studykit: Command) -> None:
    made = studykit("demo", "run", "rope", "--control", "--json").json
    assert made["switched_off"].startswith("turning – ")
    assert made["run"]["lines"] == recorded("rope").splitlines()
    assert made["control"]["lines"] == recorded_control("rope").splitlines()
    assert made["run"]["problem"] is None
    assert made["control"]["problem"]
    assert made["run"]["numbers"] == studykit("demo", "run", "rope", "--json").json


def test_something_is_turned(studykit: Command) -> None:
    made = studykit("demo", "run", "bpe", "--set", "merges=3", "--json").json
    assert len(made["learned"]) == 3
    done = studykit("demo", "run", "bpe", "--set", "merges=3")
    assert done.code == 0
    assert "As set, the claim fails at:" in done.out


@pytest.mark.parametrize(
    ("assignment", "problem"),
    [
        ("merges", "--set takes NAME=VALUE, not 'merges'"),
        ("clop=1", "bpe can set merges, length, repeats, not 'clop'"),
        ("merges=many", "merges is a whole number from 0 to 500, not 'many'"),
        ("merges=501", "merges is a whole number from 0 to 500, not '501'"),
        ("merges=1.5", "merges is a whole number from 0 to 500, not '1.5'"),
        ("repeats=perhaps", "repeats is yes or no, not 'perhaps'"),
    ],
)
def test_what_cannot_be_set_is_refused_with_what_can(
    studykit: Command, assignment: str, problem: str
) -> None:
    done = studykit("demo", "run", "bpe", "--set", assignment)
    assert done.code == 2
    assert problem in done.err
    assert "`studykit demo show bpe` lists what can be set" in done.err


def test_a_number_that_may_be_none(studykit: Command) -> None:
    assert studykit("demo", "run", "ppo_clip", "--set", "clip=none", "--json").json["clip"] is None
    assert "from 0.01 to 10, or none" in studykit("demo", "run", "ppo_clip", "--set", "clip=nan").err


def test_the_control_sets_its_switch_itself(studykit: Command) -> None:
    done = studykit("demo", "run", "rope", "--control", "--set", "rotated=no")
    assert (done.code, "leave it out of --set" in done.err) == (2, True)


def test_show_lists_what_can_be_set_and_stays_a_program(studykit: Command) -> None:
    out = studykit("demo", "show", "bpe").out
    assert "#   merges: a whole number from 0 to 500 [40]. how many pairs" in out
    assert "#   repeats: yes or no [yes]. no switches off repetition – " in out
    compile(out, "bpe.py", "exec")


def test_demos_are_listed_shown_and_run_in_chinese(studykit: Command) -> None:
    texts = told(load("rope").demo, "zh")
    listed = studykit("demo", "list", "--language", "zh").out
    assert f"  rope                   {texts.title}\n" in listed
    assert "训练目标与架构\n" in listed
    found = next(
        each for each in studykit("demo", "list", "--language", "zh", "--json").json if each["name"] == "rope"
    )
    assert (found["claim"], found["layer"]) == (texts.claim, texts.layer)
    shown = studykit("demo", "show", "rope", "--language", "zh").out
    assert shown.startswith(f"# {texts.title}\n# 说法：{texts.claim}\n# 怎么看输出：{texts.printed}\n")
    compile(shown, "rope.py", "exec")
    done = studykit("demo", "run", "rope", "--language", "zh")
    assert recorded("rope") in done.out
    for line in (f"怎么看输出：{texts.printed}", f"成立：{texts.claim}", f"演示不了的：{texts.cannot_show}"):
        assert f"{line}\n" in done.out


def test_the_control_in_chinese_stands_under_its_heading(
    studykit: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    out = studykit("demo", "run", "rope", "--control", "--language", "zh").out
    assert f"关掉关键机制：{told(load('rope').demo, 'zh').switched_off}\n" in out
    assert "关掉之后，说法不成立，错在：at one distance" in out
    width = max(map(len, recorded("rope").splitlines()))
    assert f"  原样运行{' ' * (width - 8)}   关掉关键机制\n" in out  # eight columns wide


@pytest.mark.parametrize("term", ["KV cache", "kv-cache", "KV 缓存", "kv cach"])
def test_a_term_runs_its_demo(studykit: Command, term: str) -> None:
    done = studykit("demo", "show", term)
    assert done.err == "KV cache: the demo kv_cache\n"
    assert 'name="kv_cache"' in done.out


def test_what_is_no_demo_and_no_term_is_refused(studykit: Command) -> None:
    done = studykit("demo", "run", "qqqqzzzz")
    assert done.code == 2
    assert "'qqqqzzzz' is neither a demo nor a term" in done.err
    assert "`studykit demo list`" in done.err


def test_what_a_demo_says_against_a_text_is_told(studykit: Command) -> None:
    done = studykit("demo", "run", "jagged", "--text", "1.5")
    assert done.code == 2
    assert "--text: the text needs two numbers" in done.err


def test_a_run_loads_what_it_needs_and_no_more() -> None:
    """It starts within tenths of a second of the demo's own time, as long as this holds."""
    program = (
        "import sys; from studykit.cli.main import _run; _run(['demo', 'run', 'param_count']);"
        "print(*(name for name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    demos = {name.removeprefix("studykit.demos.") for name in loaded if name.startswith("studykit.demos.")}
    assert demos & set(NAMES) == {"param_count"}
    heavy = {
        "numpy",
        "jinja2",
        "sqlite3",
        "rapidfuzz",
        "studykit.glossary",
        "studykit.store",
        "studykit.export",
    }
    assert not loaded & heavy


def test_a_run_ends_with_what_to_try_unless_something_was_set(studykit: Command) -> None:
    said = "Try this: studykit demo run autograd --set hidden=1"
    assert studykit("demo", "run", "autograd").out.rstrip().endswith(said)
    assert (
        studykit("demo", "run", "autograd", "--language", "zh")
        .out.rstrip()
        .endswith("可以试试：studykit demo run autograd --set hidden=1")
    )
    assert "Try this" not in studykit("demo", "run", "autograd", "--set", "hidden=1").out
    assert studykit("demo", "run", "autograd", "--json").json
    typed = said.partition(": studykit ")[2].split()
    assert studykit(*typed).code == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_show_tells_what_to_try(studykit: Command, language: str) -> None:
    shown = studykit("demo", "show", "autograd", "--language", language).out
    for then in told(load("autograd").demo, language).tries:
        assert f"#     {then}\n" in shown
    assert "#   studykit demo run autograd --set step_size=10\n" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_path_says_what_is_new(studykit: Command, language: str) -> None:
    steps = studykit("demo", "path", "--language", language, "--json").json
    assert [step["name"] for step in steps] == [step.demo for step in path()]
    assert steps[3]["new"] == path()[3].new(language)
    assert steps[3]["title"] == told(load("tiny_gpt").demo, language).title
    printed = studykit("demo", "path", "--language", language).out
    assert f" 4. {steps[3]['title']}\n    {steps[3]['new']}\n    studykit demo run tiny_gpt\n" in printed


def test_check_of_all_tries_each_with_its_control(studykit: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    """That every demo passes is tested in tests/demos/test_all.py; here are two quick ones."""
    monkeypatch.setattr(demos, "NAMES", ("param_count", "rope"))
    done = studykit("demo", "check", "--all", "--seeds", "2")
    assert done.code == 0
    assert [(line.split()[0], line.split()[-1]) for line in done.out.splitlines()] == [
        ("param_count", "ok"), ("rope", "ok"),
    ]  # fmt: skip
    rope = load("rope")
    for run, problem in (
        (rope.control, "seed 0: the claim fails at"),
        (rope.run, "seed 0: the claim holds without its mechanism too"),
    ):
        broken = replace(rope, run=lambda seed, run=run, **_: run(seed))
        monkeypatch.setattr(demos, "load", {"param_count": load("param_count"), "rope": broken}.__getitem__)
        done = studykit("demo", "check", "--all", "--json")
        assert done.code == 1
        assert [made["holds"] for made in done.json] == [True, False]
        assert problem in done.json[1]["problem"]
