"""Runs ``notes`` on many generated talks in one process and one database, edits and deletes them.

``python -m tests.faults.soak TALKS`` prints JSON: what was reached after each step, as a curve.
"""

from __future__ import annotations

import io
import json
import os
import random
import resource
import statistics
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from studykit.cli.main import main
from studykit.store import damage

LINES = [
    ("So the first thing that people ask about is the {}.", "所以大家首先会问的就是{}。"),
    ("We tried a larger {}, and by and large it worked out fine.", "我们试了更大的{}，总的来说效果还不错。"),
    ("Nobody could tell why the {} got slower every week.", "没有人说得清为什么{}一周比一周慢。"),
    ("If you throw out the {}, you start from scratch again.", "如果把{}扔掉，你就得从头再来。"),
    ("The {} costs {} dollars a month, which is hardly cheap.", "{}每个月要花{}美元，可不便宜。"),
    ("I figured that the {} was the bottleneck, but it wasn't.", "我原以为瓶颈在{}，其实不是。"),
    ("That is a different story, because a {} has no memory.", "那就是另一回事了，因为{}没有记忆。"),
    ("Keep an eye on the {} when you train for {} steps.", "训练{1}步的时候，要留意{0}。"),
]
THINGS = [
    ("model", "模型"), ("cache", "缓存"), ("prompt", "提示词"), ("data set", "数据集"), ("reward", "奖励"),
    ("tokenizer", "分词器"), ("benchmark", "基准测试"), ("gradient", "梯度"), ("server", "服务器"),
    ("library", "程序库"), ("compiler", "编译器"), ("query", "查询"),
]  # fmt: skip
STEPS = 8
"""Points of the curve on the way to the last talk."""


def generated(number: int, edit: int = 0) -> tuple[str, str]:
    """Captions and their translation; each edit changes one line more."""
    draw, changes = random.Random(number), random.Random(f"{number} {edit}")
    pairs = [_line(draw) for _ in range(12)]
    for at in changes.sample(range(12), min(edit, 12)):
        pairs[at] = _line(changes)
    cues = [
        f"\n00:{at // 10:02}:{at % 10 * 6:02}.000 --> 00:{at // 10:02}:{at % 10 * 6 + 5:02}.000\n{english}\n"
        for at, (english, _) in enumerate(pairs)
    ]
    return "WEBVTT\n" + "".join(cues), "".join(f"{chinese}\n" for _, chinese in pairs)


def _line(draw: random.Random) -> tuple[str, str]:
    english, chinese = draw.choice(LINES)
    (thing, its), number = draw.choice(THINGS), draw.randrange(20, 900)
    return english.format(thing, number), chinese.format(its, number)


def _run(*command: str) -> float:
    """Run a command that must succeed; the processor time it took, in seconds."""
    start_s, out = time.process_time(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(out):
        try:
            main(list(command))
        except SystemExit as end:
            if end.code:
                raise RuntimeError(out.getvalue()) from end
    return time.process_time() - start_s


def _notes(number: int, edit: int = 0) -> float:
    captions, translation = generated(number, edit)
    Path(f"talk-{number}.vtt").write_text(captions, encoding="utf-8")
    Path(f"talk-{number}.zh.txt").write_text(translation, encoding="utf-8")
    return _run(
        *(
            "notes",
            f"talk-{number}.vtt",
            "--translation",
            f"talk-{number}.zh.txt",
            "--format",
            "md",
            "--quiet",
        )
    )


def _memory_mb() -> float:
    """What this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


def _reached(what: str, talks: int, times_s: list[float]) -> dict[str, Any]:
    return {
        "what": what,
        "talks": talks,
        "database_mb": round(Path("study.db").stat().st_size / 2**20, 2),
        "notes_s": round(statistics.median(times_s), 3),
        "search_s": round(_run("search", "bottleneck"), 3),
        "talks_s": round(_run("talks"), 3),
        "memory_mb": round(_memory_mb(), 1),
        "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10, 1),
    }


def soak(count: int) -> list[dict[str, Any]]:
    """Make ``count`` talks, edit a quarter of them twice, delete half; the curve, point by point."""
    draw = random.Random(23)
    curve, times_s = [], []
    for number in range(count):
        times_s.append(_notes(number))
        if (number + 1) % max(1, count // STEPS) == 0:
            curve.append(_reached("made", number + 1, times_s[-count // STEPS :]))
    for edit in (1, 2):
        edited = draw.sample(range(count), max(1, count // 4))
        curve.append(_reached("edited", count, [_notes(number, edit) for number in edited]))
    for number in range(count // 2, count):
        _run("talks", "rm", f"talk-{number}", "--yes")
    _run("talks", "prune")
    curve.append(_reached("half deleted", count // 2, [_notes(0, 3)]))
    _run("site", "-o", "site")
    curve.append(_reached("site", count // 2, [_notes(0, 4)]))
    assert damage(Path("study.db")) == []
    return curve


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="soak-") as root:
        os.chdir(root)
        os.environ["STUDYKIT_CACHE"] = str(Path(root, "cache"))
        print(json.dumps(soak(int(sys.argv[1]))))
