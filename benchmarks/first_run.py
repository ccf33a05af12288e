"""What a user waits for: whole processes from start to end, beside another checkout in the same run.

    python benchmarks/first_run.py                          # this checkout alone
    python benchmarks/first_run.py --before ../old          # both in turn, with ratios
    python benchmarks/first_run.py --talk talk.en.vtt talk.zh.txt --only talk
    python benchmarks/first_run.py --installed              # the studykit that this Python has installed

Prints the median of ``--runs`` of wall time, CPU time (user and system, children included) and peak memory.
A busy machine lengthens wall time more than CPU time, and both checkouts alike: the ratio says most.
``nothing cached`` starts with an empty cache folder and without a database. The glossary file whose gloss is
edited is written by the benchmark.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SENTENCES = 100
"""Of the example, repeated, in each file for `align`."""
GLOSSARY = """[[term]]
id = "language-model"
english = "language model"
chinese = "语言模型"
category = "general"
definition_en = "A model of language, %s."
definition_zh = "语言的模型。"
source = "benchmark"
"""

Command = tuple[str, ...]


@dataclass(slots=True)
class Used:
    """What processes used: seconds, CPU seconds, megabytes."""

    wall_s: list[float] = field(default_factory=list)
    cpu_s: list[float] = field(default_factory=list)
    peak_mb: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Side:
    """A checkout, or what is installed (no ``root``)."""

    name: str
    root: Path | None

    def run(self, command: Command, folder: Path, used: Used | None) -> None:
        """Run ``python -m studykit`` or, when it begins with ``-c``, that code; raises if it fails."""
        env = {**os.environ, "STUDYKIT_CACHE": str(folder / "cache")}
        env.pop("PYTHONPATH", None)
        env.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installed has its bytecode
        if self.root:
            env["PYTHONPATH"] = str(self.root)
        start = time.perf_counter()
        args = [sys.executable, *(command if command[0] == "-c" else ("-m", "studykit", *command))]
        with (folder / "output").open("wb") as output:
            process = subprocess.Popen(args, cwd=folder, env=env, stdout=output, stderr=output)
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{self.name}: {' '.join(args)}\n{(folder / 'output').read_text()}")
        if used:
            used.wall_s.append(time.perf_counter() - start)
            used.cpu_s.append(usage.ru_utime + usage.ru_stime)
            used.peak_mb.append(usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10))


Case = Callable[[Side, Path, dict[str, Used]], None]


def notes_case(name: str, talk: Sequence[str]) -> Case:
    """`studykit notes` with nothing cached, again, and after one definition has changed."""

    def run(side: Side, folder: Path, used: dict[str, Used]) -> None:
        command = ("notes", *talk, "--glossary", "terms.toml", "-q")
        for what in ("nothing cached", "second run", "one gloss edited"):
            words = "edited" if what == "one gloss edited" else "as first written"
            (folder / "terms.toml").write_text(GLOSSARY % words, encoding="utf-8")
            side.run(command, folder, used.setdefault(f"{name}, {what}", Used()))

    return run


def small_case(name: str, command: Command) -> Case:
    """One command, with language data in place (it has run before) but no result stored."""

    def run(side: Side, folder: Path, used: dict[str, Used]) -> None:
        side.run(command, folder, None)
        (folder / "study.db").unlink(missing_ok=True)
        side.run(command, folder, used.setdefault(name, Used()))

    return run


def cases(talk: Sequence[str] | None) -> dict[str, Case]:
    """All cases by the name that ``--only`` takes."""
    example = ROOT / "examples"
    english, chinese = str(example / "lecture.en.vtt"), str(example / "lecture.zh.txt")
    chapters = str(example / "lecture.chapters.txt")
    found = {
        "example": notes_case("example", [english, "--translation", chinese, "--chapters", chapters]),
        "glossary": small_case("glossary show", ("glossary", "show", "KV cache")),
        "demo": small_case("demo run kv_cache", ("demo", "run", "kv_cache")),
        "demo alone": small_case(
            "the demo by itself",
            ("-c", "from studykit.demos import kv_cache; kv_cache.run()"),
        ),
        "vocab": small_case("vocab", ("vocab", english, "-q")),
        "claims": small_case("claims", ("claims", english, "-q")),
        "check": small_case("check", ("check", english, chinese, "-q")),
        "align": small_case(f"align of {SENTENCES} sentences", ("align", "align.en.txt", "align.zh.txt")),
    }
    if talk:
        source, *translation = (str(Path(path).resolve()) for path in talk)
        found["talk"] = notes_case(
            "talk", [source, *(arg for path in translation for arg in ("--translation", path))]
        )
    return found


def write_sentences(folder: Path) -> None:
    """Two files of ``SENTENCES`` lines for `align`, from those that another benchmark has."""
    data = ROOT / "benchmarks" / "data"
    for language in ("en", "zh"):
        lines = [
            line
            for path in sorted(data.glob(f"story*.{language}.txt"))
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.strip()
        ]
        (folder / f"align.{language}.txt").write_text("\n".join(lines[:SENTENCES]) + "\n", encoding="utf-8")


def main() -> None:
    """Run all cases, the sides in turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--before", type=Path, metavar="PATH", help="another checkout to compare with")
    parser.add_argument("--installed", action="store_true", help="measure what is installed")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", metavar="NAMES", help="cases, comma-separated")
    parser.add_argument("--talk", nargs="+", metavar="FILE", help="a talk, and its translation")
    options = parser.parse_args()
    sides = [Side("now", None if options.installed else ROOT)]
    if options.before:
        sides.insert(0, Side("before", options.before.resolve()))
    all_cases = cases(options.talk)
    names = options.only.split(",") if options.only else list(all_cases)
    used: dict[str, dict[str, Used]] = {side.name: {} for side in sides}
    for name in names:
        for _ in range(options.runs):
            for side in sides:
                with tempfile.TemporaryDirectory() as folder:
                    write_sentences(Path(folder))
                    all_cases[name](side, Path(folder), used[side.name])
    report([used[side.name] for side in sides], [side.name for side in sides])


def report(used: Sequence[dict[str, Used]], names: Sequence[str]) -> None:
    """The medians of each case, a row for each checkout and the ratio between them."""
    print(f"{'':34}{'':8}{'wall s':>8}{'CPU s':>8}{'MB':>7}")
    for what in used[-1]:
        medians = [
            [statistics.median(values) for values in (one[what].wall_s, one[what].cpu_s, one[what].peak_mb)]
            for one in used
        ]
        for name, (wall_s, cpu_s, peak_mb) in zip(names, medians, strict=True):
            print(f"{what:34}{name:8}{wall_s:8.2f}{cpu_s:8.2f}{peak_mb:7.0f}")
        if len(medians) == 2:
            ratios = [now / before for before, now in zip(*medians, strict=True)]
            print(f"{'':34}{'ratio':8}{ratios[0]:8.2f}{ratios[1]:8.2f}{ratios[2]:7.2f}")


if __name__ == "__main__":
    main()
