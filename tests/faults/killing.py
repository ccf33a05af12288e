"""Kills commands at chosen points, and compares what is left with a run that was not disturbed.

``python -m tests.faults.killing COMMAND POINTS [ERROR]`` prints JSON. With the name of an error, such as
``EIO``, calls of the system fail with it instead; with ``FULL``, no file can grow beyond some size. One warm
process prepares the folder and forks for every run, so that a run costs what its work costs. A point is a
statement of SQL, an fsync, a change of the folder (rename, unlink, mkdir), before it happens, or a wait for
another program, such as the browser that prints. The clock stands still.
"""

from __future__ import annotations

import errno
import io
import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from studykit import demos, files
from studykit.cli.main import main
from studykit.glossary import Glossary, load_glossary
from tests.faults.left import difference, half_done, state, visible

TALK = [
    "Okay, so what does a KV cache hold? It holds the keys and values of every token the model has read.",
    "Without it, every new token costs you the whole prompt again. That is why people keep it around.",
    "Quantization is a different story. You store each weight in four bits, and hardly anybody can tell.",
    "We threw out the rest, and by and large it worked out fine.",
]
CHINESE = [
    "好，那么键值缓存里存的是什么？存的是模型读过的每个词元的键和值。",
    "没有它，每生成一个新词元都要把整个提示重算一遍。所以大家都把它留着。",
    "量化是另一回事。每个权重只用四个比特来存，几乎没有人看得出差别。",
    "其余的我们都扔掉了，总的来说效果还不错。",
]
NOTES = ("notes", "talk.vtt", "--translation", "talk.zh.txt", "--format", "md,html,json,srt", "--quiet")
EDITED = ("notes", "talk.vtt", "--translation", "edited.zh.txt", "--format", "md,html,json,srt", "--quiet")
COMMANDS: dict[str, tuple[Sequence[Sequence[str]], Sequence[str]]] = {
    # name: (what has been run before, what is killed)
    "notes": ((), NOTES),
    "notes again": ((NOTES,), EDITED),
    "import": ((), ("import", "talk.vtt", "--quiet")),
    "fix": ((NOTES,), ("review", "talk", "fix", "merge", "1", "2")),
    "known": ((NOTES,), ("known", "add", "by and large", "throw out", "cache")),
    "site": ((NOTES,), ("site", "-o", "site")),
    "course": (
        (NOTES,),
        ("course", "Models", "talk", "--format", "epub,apkg", "-o", "course", "--quiet"),
    ),
    "remove": ((NOTES,), ("talks", "rm", "talk", "--yes")),
    "backup": ((NOTES,), ("db", "backup", "copy.db")),
    # Over a file of the user's, which is renamed.
    "export over": ((NOTES,), ("export", "talk", "--format", "tmx", "-o", "edited.zh.txt", "--quiet")),
    **{
        f"export {format}": (
            (NOTES,),
            ("export", "talk", "--format", format, "-o", f"out.{suffix}", "--quiet"),
        )
        for format, suffix in (
            ("epub", "epub"),
            ("apkg", "apkg"),
            ("pdf", "pdf"),
            ("csv", "csv"),
            ("tmx", "tmx"),
            ("anki-tsv", "tsv"),
            ("vtt", "vtt"),
            ("ass", "ass"),
            ("md-numbered", "md"),
            ("md-captions", "md"),
        )
    },
}
_NOW_S = 1.8e9
_GRACE_S, _ENDS_WITHIN_S = 0.5, 30.0
"""How long another program may run before we are killed, and after."""
_NAMES = ("fsync", "replace", "rename", "unlink", "mkdir", "link")


@dataclass(frozen=True)
class Disturbance:
    """A run is killed before event ``at``, that event fails with ``error``, or files end at ``at`` bytes."""

    at: int
    error: str = "KILL"


def main_killing(name: str, most: int, error: str = "KILL") -> dict[str, Any]:
    """Disturb the command at up to ``most`` points, evenly spread; the problems found, and counts."""
    before, command = COMMANDS[name]
    _take_few_terms()
    _warm_up([*before, command])
    with tempfile.TemporaryDirectory(prefix="faults-") as root:
        # All runs have the same path, which the database records.
        base, folder = Path(root, "base"), Path(root, "run")
        _prepare(folder)
        for earlier in before:
            assert _forked(folder, earlier) == 0, earlier
        shutil.copytree(folder, base)
        total = _events(folder, command, statements=error == "KILL")
        expected = state(folder)
        if error == "FULL":
            total = max(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        problems: list[str] = []
        points = sorted({1 + round(i * (total - 1) / max(1, most - 1)) for i in range(most)})
        for point in points:
            shutil.rmtree(folder)
            shutil.copytree(base, folder)
            found = _disturbed(folder, command, Disturbance(point, error))
            found += half_done(folder, state(base), expected)
            if not found and visible(state(folder)) == visible(expected):  # after its last change
                continue
            if _forked(folder, command) != 0:
                found.append("the next run failed")
            elif (after := state(folder)) != expected:
                found.append(f"the next run ended elsewhere: {difference(after, expected)}")
            problems += [f"{error} at {point} of {total}: {text}" for text in found]
    return {"command": name, "events": total, "kills": len(points), "problems": problems}


def _disturbed(folder: Path, command: Sequence[str], disturbance: Disturbance) -> list[str]:
    """Run a command and disturb it; what is wrong with how it ended."""
    code = _forked(folder, command, disturbance)
    if disturbance.error == "KILL":
        if left := _still_running(folder):
            return [f"still runs after {_ENDS_WITHIN_S:.0f} s: {left}"]
        # The cache may be warm by now, so that there are a few events less than were counted.
        return [] if code in {-signal.SIGKILL, 0} else [f"exit code {code} instead of being killed"]
    said = (folder / ".said").read_text(encoding="utf-8")
    (folder / ".said").unlink()
    if "Traceback" in said:
        return [f"a traceback: {said[-300:]}"]
    # Some failures, such as that of a cache, change nothing.
    return [] if code == 0 or (code == 1 and said.strip()) else [f"exit code {code}: {said!r}"]


def _still_running(folder: Path) -> str:
    """The command line of another program of this folder that does not end, if any (on Linux)."""
    end = time.monotonic() + _ENDS_WITHIN_S
    while True:
        left = ""
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):  # ended meanwhile
                line = path.read_bytes()
                left = line.decode(errors="replace") if os.fsencode(folder) in line else left
        if not left or time.monotonic() > end:
            return left
        time.sleep(0.05)


def _take_few_terms() -> None:
    """A site of forty files has the same moments as one of a thousand, which takes twenty times as long."""
    said = " ".join(TALK).lower()
    demos.NAMES = demos.NAMES[:4]
    entries = load_glossary().entries
    few = Glossary(each for each in entries if each.english.lower() in said or each.demo in demos.NAMES)
    import_module("studykit.glossary.load")._built_in = lambda folder: few  # type: ignore[attr-defined]


def _warm_up(commands: Sequence[Sequence[str]]) -> None:
    """Load in this process, once, what all its children need."""
    with tempfile.TemporaryDirectory(prefix="faults-") as root:
        folder = Path(root, "warm")
        _prepare(folder)
        here, out = Path.cwd(), io.StringIO()
        os.chdir(folder)
        for command in [NOTES, *commands]:
            with suppress(SystemExit), redirect_stdout(out), redirect_stderr(out):
                main(list(command))
        os.chdir(here)


def _prepare(folder: Path) -> None:
    (folder / ".tmp").mkdir(parents=True)
    cues = "".join(
        f"\n00:0{i}.000 --> 00:0{i + 1}.500\n{text}\n" for i, text in zip((0, 2, 4, 6), TALK, strict=True)
    )
    (folder / "talk.vtt").write_text(f"WEBVTT\n{cues}", encoding="utf-8")
    (folder / "talk.zh.txt").write_text("\n".join(CHINESE) + "\n", encoding="utf-8")
    (folder / "edited.zh.txt").write_text("\n".join(CHINESE).replace("大家", "人们") + "\n", encoding="utf-8")


def _forked(
    folder: Path, command: Sequence[str], disturbance: Disturbance | None = None, count: int | None = None
) -> int:
    """Run a command in a child; its exit code, or minus the signal. ``count``: a pipe for the events."""
    child = os.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["STUDYKIT_CACHE"] = str(folder.parent / "cache")
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder / ".tmp")
        time.time = lambda: _NOW_S
        told = disturbance is not None and disturbance.error != "KILL"
        said = os.open(".said" if told else os.devnull, os.O_WRONLY | os.O_CREAT)
        os.dup2(said, 1)
        os.dup2(said, 2)
        events = _watch(disturbance)
        code = 1
        try:
            main(list(command))
        except SystemExit as end:
            code = int(end.code or 0)
        except BaseException:
            traceback.print_exc()
            raise
        finally:
            if count is not None:
                os.write(count, str(events[0]).encode())
            os._exit(code)
    status = os.waitpid(child, 0)[1]
    return os.waitstatus_to_exitcode(status)


def _watch(disturbance: Disturbance | None) -> list[int]:
    """Count events in this process, and disturb it at one of them; returns the running number.

    Statements of SQL count only where a process is killed: no call of Python's can make them fail.
    """
    number = [0]
    at, error = (disturbance.at, disturbance.error) if disturbance else (0, "KILL")
    if error == "FULL":
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (at, at))
        return number

    def event(*_: Any) -> None:
        number[0] += 1
        if number[0] == at and error == "KILL":
            os.kill(os.getpid(), signal.SIGKILL)

    def watched(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any, **more: Any) -> Any:
            event()
            if number[0] == at:
                code = getattr(errno, error)
                raise OSError(code, os.strerror(code), str(args[0]) if args else None)
            return call(*args, **more)

        return counted

    for name in _NAMES:
        setattr(os, name, watched(getattr(os, name)))
    files._renameat2 = watched(files._renameat2)
    if error != "KILL":
        return number
    communicate, connect = subprocess.Popen.communicate, sqlite3.connect

    def waited(*args: Any, **more: Any) -> Any:
        time.sleep(_GRACE_S if number[0] + 1 == at else 0)
        event()
        return communicate(*args, **more)

    subprocess.Popen.communicate = waited  # type: ignore[method-assign]

    def traced(*args: Any, **more: Any) -> sqlite3.Connection:
        connection = connect(*args, **more)
        connection.set_trace_callback(event)
        return connection

    sqlite3.connect = traced  # type: ignore[assignment]
    return number


def _events(folder: Path, command: Sequence[str], *, statements: bool) -> int:
    """Run undisturbed; the number of points at which it can be disturbed."""
    reading, writing = os.pipe()
    nowhere = None if statements else Disturbance(0, "EIO")
    assert _forked(folder, command, nowhere, count=writing) == 0
    (folder / ".said").unlink(missing_ok=True)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        return int(pipe.read())


if __name__ == "__main__":
    print(json.dumps(main_killing(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])))
