"""No regular expression of the product is quadratic: each is timed on short texts and on longer ones.

What counts is processor time of this thread and how it grows, so that a busy machine changes nothing: four
times the length may take four times as long; what tries every start or every end takes sixteen times.
"""

from __future__ import annotations

import re
import signal
import time
from collections.abc import Iterable, Iterator

import pytest

from tests.faults.patterns import Found, patterns, texts

pytestmark = [pytest.mark.slow, pytest.mark.faults]

SHORT, LONG = 1_000, 4_000
GROWS_TOO_FAST = 9
"""Between 4, linear, and 16, quadratic."""
NOTICED_S, GIVEN_UP_S = 0.002, 2.0
TRIES = 4
ROOMS_WITHOUT = ("demos",)
"""Their texts are their own."""

USED_AS = {
    "studykit.chat.loose._KEY_ENDS": "match",
    "studykit.chat.loose._VALUE_ENDS": "match",
    "studykit.chat.loose._ITEM_ENDS": "match",
    "studykit.annotate.claims.statement._LINK": "match",
    "studykit.annotate.claims.statement._LINK_ZH": "match",
    "studykit.segment.markers._TOPIC": "match",
    "studykit.segment.markers._TOPIC_ZH": "match",
    "studykit.segment.unmarked.restore._QUESTION": "match",
    "studykit.segment.unmarked.restore._LATE": "match",
    "studykit.formats.plain._GLUED": "fullmatch",
    "studykit.formats.study_notes.paired._REMARK": "fullmatch",
    "studykit.formats.captions.youtube.srv3._SNIFF": "match",
    "studykit.formats.captions.ttml._SNIFF": "match",
    "studykit.formats.captions.whisper_json._SNIFF": "match",
}
"""Patterns that are handed on, or share their name with another: what is called on them."""
OWN_TEXT = {
    "studykit.lexicon.dictionary._ASIDE": "definitions of CC-CEDICT, checked by hash",
    "studykit.talk.codekey._FOR_TYPES": "our own source",
    "studykit.talk.codekey._LATE": "our own source",
}
"""Patterns that read nothing from outside."""


class _OverTimeError(Exception):
    pass


def _time_s(pattern: re.Pattern[str], methods: Iterable[str], text: str) -> float:
    """Processor time of the methods on a text; ``GIVEN_UP_S`` if they take longer."""

    def over(*_: object) -> None:
        raise _OverTimeError

    before = signal.signal(signal.SIGPROF, over)
    start_s = time.thread_time()
    signal.setitimer(signal.ITIMER_PROF, GIVEN_UP_S)
    try:
        for method in methods:
            if method in {"sub", "subn"}:
                getattr(pattern, method)("", text)
            else:
                made = getattr(pattern, method)(text)
                list(made) if method == "finditer" else None
    except _OverTimeError:
        return GIVEN_UP_S
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    return time.thread_time() - start_s


def _too_fast(pattern: re.Pattern[str], methods: Iterable[str]) -> Iterator[str]:
    """What is wrong with a pattern: the first text on which its time grows like a square."""
    for short, long in zip(texts(pattern, SHORT), texts(pattern, LONG), strict=True):
        least_s = _time_s(pattern, methods, long)
        for _ in range(TRIES):
            short_s = min(_time_s(pattern, methods, short) for _ in range(3))
            grows = least_s / max(short_s, 1e-6)
            if least_s <= NOTICED_S or (grows <= GROWS_TOO_FAST and least_s < GIVEN_UP_S):
                break
            least_s = min(least_s, _time_s(pattern, methods, long))
        else:
            yield f"{least_s:.3f} s for {LONG} characters like {long[:30]!r}"
            return


def _methods(found: Found) -> set[str]:
    told = {USED_AS[place] for place in found.places if place in USED_AS}
    return told or found.methods or {"search"}


@pytest.mark.parametrize(
    ("pattern", "method", "quadratic"),
    [
        (r"\d+x", "search", True),
        (r"(?<!\d)\d+x", "search", False),
        (r"\d+x", "match", False),
        (r"a.*?\s*", "fullmatch", True),
        (r"(?:a|aa)+b", "match", True),
        (r"<[^>]*>", "sub", True),
        (r"<[^<>]*>", "sub", False),
    ],
)
def test_the_probe_tells_them_apart(pattern: str, method: str, quadratic: bool) -> None:
    assert bool(list(_too_fast(re.compile(pattern), {method}))) == quadratic


def test_no_pattern_takes_time_that_grows_like_a_square() -> None:
    found = patterns(ROOMS_WITHOUT)
    places = {place for one in found for place in one.places}
    assert {*USED_AS, *OWN_TEXT} <= places, "patterns that are no more"
    assert len(found) > 300
    tried, wrong = 0, []
    for one in found:
        if all(place in OWN_TEXT for place in one.places):
            continue
        tried += 1
        wrong += [f"{', '.join(one.places)}: {problem}" for problem in _too_fast(one.pattern, _methods(one))]
    print(f"{tried} patterns timed")
    assert not wrong, "\n".join(wrong)
