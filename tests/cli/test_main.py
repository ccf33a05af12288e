"""The command group: help, exit codes, the table of commands."""

from __future__ import annotations

import os
import re
import runpy
import subprocess
import sys
from pathlib import Path

import click
import pytest

from studykit.cli.main import COMMANDS, _described, cli, main
from studykit.errors import (
    ConfigError,
    EngineError,
    FormatError,
    MissingExtraError,
    StudykitError,
    TalkNotFoundError,
)

ROOT = Path(__file__).parent.parent.parent


def commands() -> list[tuple[str, click.Command]]:
    context = click.Context(cli)
    found = []
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command
        found.append((name, command))
        if isinstance(command, click.Group):
            found += [(f"{name} {child}", sub) for child, sub in command.commands.items()]
    return found


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_command_says(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command
    assert COMMANDS[name][1] == (command.help or "").split("\n", maxsplit=1)[0]


@pytest.mark.parametrize(("name", "command"), commands(), ids=[name for name, _ in commands()])
def test_every_command_has_help_and_an_example(name: str, command: click.Command) -> None:
    assert command.help
    # An argument of the group may stand between: studykit review TALK fix.
    assert re.search(rf"studykit {name.replace(' ', '( [^ -]+)? ')}", command.help)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (StudykitError("x"), 1),
        (FormatError("talk.srt", "not captions", line=3), 1),
        (TalkNotFoundError("study.db", "x"), 1),
        (EngineError("usem", "no"), 1),
        (ConfigError("studykit.toml", "no"), 2),
        (click.UsageError("no"), 2),
        (MissingExtraError("sentence-transformers", "embed"), 3),
        (KeyboardInterrupt(), 130),
        (FileNotFoundError(2, "No such file or directory", "x.toml"), 1),
    ],
)
def test_errors_become_messages_and_exit_codes(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("studykit.cli.common.load_settings", fail)
    with pytest.raises(SystemExit) as caught:
        main(["talks"])
    assert caught.value.code == code
    printed = capsys.readouterr()
    assert not printed.out
    assert printed.err
    assert "Traceback" not in printed.err


def test_a_missing_extra_names_the_command_that_gets_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "pip install 'studykit[embed]'" in str(MissingExtraError("sentence-transformers", "embed"))


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    command = f"{sys.executable} -m studykit glossary list | head -n 1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.count("\n") == 1
    assert not done.stderr


@pytest.mark.parametrize("page", ["cli.md", "configuration.md", "demos.md", "../CONTRIBUTING.md"])
def test_generated_pages_are_up_to_date(page: str) -> None:
    make = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"][page]
    assert make() == (ROOT / "docs" / page).read_text(encoding="utf-8"), "run: python docs/generate.py"


@pytest.mark.parametrize(
    "args", [("glossary", "show", "KV cache"), ("notes", "名字.vtt"), ("search", "模型")]
)
def test_a_locale_without_chinese_gives_a_line_not_a_traceback(tmp_path: Path, args: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "studykit", *args],
        capture_output=True,
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert done.returncode in {0, 1}
    if args[0] == "glossary":
        assert "缓存".encode() in done.stdout


def test_an_argument_that_the_locale_could_not_decode_is_not_blamed_on_utf_8() -> None:
    undecoded = "模型".encode().decode("ascii", "surrogateescape")
    with pytest.raises(UnicodeEncodeError) as caught:
        undecoded.encode("utf-8")
    said = _described(caught.value)
    assert "no text in the encoding of the locale; set PYTHONUTF8=1" in said
    assert "utf-8" not in said


@pytest.mark.parametrize(("mistyped", "meant"), [("ntoes", "notes"), ("transcibe", "transcribe")])
def test_a_mistyped_command_names_the_nearest(
    mistyped: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        main([mistyped, "talk.srt"])
    assert left.value.code == 2
    assert f"Did you mean {meant}" in capsys.readouterr().err


def test_a_process_ends_with_its_code_after_what_was_left_for_the_end(tmp_path: Path) -> None:
    code = (
        "import atexit, sys; from studykit.cli.main import main; atexit.register(print, 'the end');"
        "sys.argv = ['studykit', 'glossary', 'show', 'no such term']; main(); print('never')"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "the end\n")
    assert "no such term" in done.stderr
