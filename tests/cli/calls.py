"""Calling the command line as scripts do."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from studykit.cli.main import main

__all__ = ["Command", "Run", "calls_in"]


class Run:
    """What a command printed, and how it ended."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Command = Callable[..., Run]


def calls_in(folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """``studykit ARGS…`` run in ``folder``, without settings from outside."""
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith("STUDYKIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / ".config"))

    def run(*args: str) -> Run:
        capsys.readouterr()
        with pytest.raises(SystemExit) as caught:
            main(list(args))
        printed = capsys.readouterr()
        return Run(int(caught.value.code or 0), printed.out, printed.err)

    return run
