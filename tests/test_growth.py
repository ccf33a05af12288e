"""No line, however long, keeps a reader busy: patterns that try every start and every end are quadratic.

Each text is read in a process that may use ten seconds of CPU: what grows with the length takes a fraction of
one, what grows with its square takes minutes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

N = 100_000
SECONDS = 10
CODE = """
import resource, sys
from pathlib import Path
resource.setrlimit(resource.RLIMIT_CPU, ({seconds}, {seconds}))
from studykit.annotate.claims.cues import wording
from studykit.errors import StudykitError
from studykit.formats import parse
from studykit.formats.study_notes import paired
text = sys.stdin.read()
try:
    {work}
except StudykitError:
    pass
"""
ASS = (
    "[Script Info]\nScriptType: v4.00+\n\n[Events]\n"
    "Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text\n"
    "Dialogue: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,"
)
CUE = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
CASES = {
    "a number in a claim": ("wording(text, chinese=False)", "1" * N),
    "its marks": ("wording(text, chinese=False)", "1..," * N),
    "a number in Chinese": ("wording(text, chinese=True)", "1" * N),
    "open braces": ("parse(text, Path('a.ass'))", ASS + "{\\" * N),
    "a tag without an end": ("parse(text, Path('a.vtt'))", CUE + "<i" + " " * N + "x"),
    "tags without ends": ("parse(text, Path('a.vtt'))", CUE + "<v " * N),
    "a cue's time": ("parse(text, Path('a.srt'))", "1\n00:00:01,000" + "0" * N + " --> "),
    "stamps": ("parse(text, Path('a.txt'))", "[" + "0:" * N),
    "asterisks of notes": ("paired._EXPLAINED.fullmatch(text)", "*" * N),
}


@pytest.mark.skipif(sys.platform == "win32", reason="no limit of CPU time")
@pytest.mark.parametrize(("work", "text"), CASES.values(), ids=CASES.keys())
def test_a_long_line_is_read_in_time_that_grows_with_it(work: str, text: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(seconds=SECONDS, work=work)],
        env={"PYTHONPATH": str(Path(__file__).parent.parent)},
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-500:] or f"more than {SECONDS} s of CPU"


def test_marks_that_are_never_closed_stay_in_the_text() -> None:
    from studykit.formats import parse

    (segment,) = parse(ASS + r"{\i1}so {a\N{b} and {c", Path("a.ass")).segments
    assert segment.text == r"so and {c"
