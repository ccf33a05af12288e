"""Batches against single runs: are the files the same, and what does a talk cost?

    python benchmarks/batch.py MANIFEST [--first N] [--cold N] [--workers-on N] [--keep DIR]

Makes the notes of every talk of a manifest in four ways, each with a database of its own:

1. ``studykit notes`` on each talk, each time with a new database: on the first ``--cold`` talks in a new
   process, as a user without ``batch`` would, on the others in this one, to save time;
2. ``studykit batch`` with one worker, on the first talk alone and then on ``--workers-on`` talks;
3. the same with two workers;
4. on all talks with two workers, killed (``SIGKILL``) after a third and after two thirds, and run again.

Prints JSON: CPU and wall seconds of each, talks whose files differ from those of way 1 by a byte, what failed
and whether it failed in both, sources that the database takes for states of one talk, and the cost of a talk
after the first.
"""

from __future__ import annotations

import argparse
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
from collections import Counter
from collections.abc import Collection
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from studykit.batch import Job
from studykit.batch.lists.manifest import read_manifest
from studykit.cli.main import main as cli

FORMATS = "md,html,json,srt"
STUDYKIT = [sys.executable, "-m", "studykit"]


def measured(command: list[str]) -> tuple[dict[str, float], subprocess.CompletedProcess[str]]:
    """Run a command; CPU seconds of it and all its processes, and wall seconds."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": round(cpu_s, 1), "wall_s": round(time.perf_counter() - begin, 1)}, done


def singly(jobs: list[Job], root: Path, cold: int) -> tuple[dict[str, float], dict[str, str]]:
    """Notes of each talk with a database of its own: the mean cost of the cold ones, the errors by source."""
    total, errors = {"cpu_s": 0.0, "wall_s": 0.0}, {}
    for number, job in enumerate(jobs):
        arguments = ["notes", job.source, "--db", str(root / f"{number}.db"), "--quiet"]
        arguments += ["--format", FORMATS, "--out", str(root / str(number))]
        arguments += ["--translation", str(job.translation)] if job.translation else []
        if number < cold:
            took, done = measured([*STUDYKIT, *arguments])
            total = {name: total[name] + took[name] for name in total}
            code, said = done.returncode, done.stderr
        else:
            code, said = here(arguments)
        if code:
            errors[job.source] = said.strip().partition("\n")[0]
    return {name: round(value / cold, 1) for name, value in total.items()}, errors


def here(arguments: list[str]) -> tuple[int, str]:
    """Run a command in this process; its exit code and what it said on stderr."""
    said = io.StringIO()
    with redirect_stderr(said), redirect_stdout(io.StringIO()):
        try:
            cli(arguments)
        except SystemExit as end:
            return int(end.code or 0), said.getvalue()
    return 0, said.getvalue()


def batch_command(manifest: Path, root: Path, workers: int) -> list[str]:
    files = ["--db", str(root / "study.db"), "--out", str(root / "files"), "--format", FORMATS]
    return [*STUDYKIT, "batch", str(manifest), *files, "--workers", str(workers), "--quiet", "--json"]


def ended(root: Path) -> int:
    """How many talks have a record that says done or failed."""
    try:
        with closing(sqlite3.connect(root / "study.db")) as db:
            (count,) = db.execute(
                "SELECT count(*) FROM batch_records WHERE status IN ('done', 'failed')"
            ).fetchone()
            return int(count)
    except sqlite3.Error:
        return 0


def killed(manifest: Path, root: Path, talks: int) -> tuple[list[int], list[dict[str, Any]]]:
    """Two runs, killed after a third and two thirds: talks that had ended then, the last run's records."""
    seen = []
    for share in (1, 2):
        process = subprocess.Popen(batch_command(manifest, root, 2), stdout=subprocess.DEVNULL)
        while ended(root) < talks * share // 3 and process.poll() is None:
            time.sleep(0.2)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        seen.append(ended(root))
    _, done = measured(batch_command(manifest, root, 2))
    return seen, json.loads(done.stdout)


def differing(jobs: list[Job], single: Path, root: Path, besides: Collection[str] = ()) -> list[str]:
    """Sources whose files are not those of a single run, byte for byte; also those of which none is there.

    Talks that failed alone (``besides``) wrote some of their formats, which a batch does not.
    """
    wrong = []
    for number, job in enumerate(jobs):
        if job.source in besides:
            continue
        alone = {path.name: path.read_bytes() for path in sorted((single / str(number)).glob("*"))}
        together = {name: root / "files" / name for name in alone}
        if any(not path.is_file() or path.read_bytes() != alone[name] for name, path in together.items()):
            wrong.append(job.source)
    return wrong


def of_one_talk(records: list[dict[str, Any]]) -> list[str]:
    """Sources that the database takes for two states of one talk, which has one id."""
    talks = Counter(record["talk"] for record in records if record["talk"])
    return [record["source"] for record in records if talks[record["talk"]] > 1]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--first", type=int, help="only so many talks")
    parser.add_argument("--cold", type=int, default=6)
    parser.add_argument("--workers-on", type=int, default=8)
    parser.add_argument("--keep", type=Path, help="folder for all that is made")
    asked = parser.parse_args()
    root = asked.keep or Path(tempfile.mkdtemp(prefix="batch-"))
    jobs = list(read_manifest(asked.manifest).jobs)[: asked.first]
    lists = {}
    some_jobs = jobs[: asked.workers_on]
    for name, some in (("first", jobs[:1]), ("some", some_jobs), ("all", jobs)):
        lists[name] = root / f"{name}.jsonl"
        lists[name].parent.mkdir(parents=True, exist_ok=True)
        lines = [
            {"source": job.source, **({"translation": str(job.translation)} if job.translation else {})}
            for job in some
        ]
        lists[name].write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    found: dict[str, Any] = {"talks": len(jobs), "formats": FORMATS, "load": os.getloadavg()}

    def tell(name: str, value: Any) -> None:
        found[name] = value
        print(f"{name}: {value}", file=sys.stderr, flush=True)

    single = root / "single"
    took, errors = singly(jobs, single, min(asked.cold, len(jobs)))
    tell("notes, a process each, mean", took)
    tell("failed alone", errors)
    for name, manifest, workers in (
        ("one talk", "first", 1),
        ("one worker", "some", 1),
        ("two workers", "some", 2),
    ):
        folder = root / name.replace(" ", "_")
        folder.mkdir()
        took, done = measured(batch_command(lists[manifest], folder, workers))
        tell(name, took)
        tell(
            f"{name}: files differ",
            differing(some_jobs[: len(json.loads(done.stdout))], single, folder, errors),
        )
    folder = root / "killed"
    folder.mkdir()
    seen, records = killed(lists["all"], folder, len(jobs))
    tell("ended when killed", seen)
    failed = {record["source"]: record["error"] for record in records if record["status"] != "done"}
    tell("killed twice: failed", failed)
    tell("killed twice: failed otherwise than alone", sorted(failed.keys() ^ errors.keys()))
    tell("killed twice: states of one talk", of_one_talk(records))
    tell("killed twice: files differ", differing(jobs, single, folder, errors))
    later = (found["one worker"]["cpu_s"] - found["one talk"]["cpu_s"]) / max(1, len(some_jobs) - 1)
    cold = found["notes, a process each, mean"]["cpu_s"]
    tell("CPU of a talk after the first / cold", round(later / cold, 3))
    tell("wall, one worker / two", round(found["one worker"]["wall_s"] / found["two workers"]["wall_s"], 2))
    print(json.dumps(found, ensure_ascii=False, indent=2))
    if asked.keep is None:
        shutil.rmtree(root)


if __name__ == "__main__":
    main()
