"""Names of models that are made of letters and a number: GPT-4o, o3-mini, DeepSeek-R1, Claude Opus.

Recognisers write their letters by ear and their number in any form. A pattern stands for all members of a
family, also those that no glossary has yet. The most telling forms are corrected, the others proposed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from studykit.correct.candidate import Candidate
from studykit.correct.context import Context
from studykit.faces import late

__all__ = ["model_names"]

_Match = re.Match[str]
_SURE, _LIKELY, _POSSIBLE = 0.92, 0.8, 0.62


def _gpt(match: _Match) -> str:
    omni = "o" if match["omni"] else ""
    return f"GPT-{match['number']}{omni}"


def _o_series(match: _Match) -> str:
    return f"o{match['number']}" + (f"-{match['size'].lower()}" if match["size"] else "")


_START, _END = r"(?<![A-Za-z0-9.,$-])", r"(?![A-Za-z0-9]|[.,]\d)"
_PATTERNS: tuple[tuple[re.Pattern[str], Callable[[_Match], str], float], ...] = (
    (
        late(
            _START + r"[gj] ?[pb] ?[tdbgpc][ -]?(?P<number>[1-9](?:\.\d)?)(?:(?<=4)[ -]?(?P<omni>[o0]|oh))?"
            r"(?![A-Za-z0-9]|[.,]\d| ?[bm]illion)",
            re.IGNORECASE,
        ),
        _gpt,
        _SURE,
    ),
    (
        late(_START + r"g[pt][ -]?(?P<number>[2-5](?:\.5)?)(?P<omni>)" + _END, re.IGNORECASE),
        _gpt,
        _LIKELY,
    ),
    (
        late(_START + r"[o0]-?0?(?P<number>[1-4])[ -](?P<size>mini|preview|pro)\b", re.IGNORECASE),
        _o_series,
        _SURE,
    ),
    (late(r"(?<=\bOpenAI )[oO0]-?(?P<number>[1-4])(?P<size>)" + _END), _o_series, _SURE),
    (late(_START + r"[0O](?P<number>[134])(?P<size>)(?= model|'s reasoning)"), _o_series, _POSSIBLE),
    (
        late(_START + r"deep ?(?:seek|sea|seq)s?[ -](?:our|are|r)[ -]?(?:1|one)\b", re.IGNORECASE),
        lambda _: "DeepSeek-R1",
        _SURE,
    ),
    (
        late(_START + r"(?:clod|claud|cloud|clawed|clode)[ -](?P<name>opus|sonnet|haiku)\b", re.IGNORECASE),
        lambda match: f"Claude {match['name'].capitalize()}",
        _SURE,
    ),
)


def model_names(text: str, sentence: int, context: Context) -> Iterator[Candidate]:
    """Names of models in a sentence's raw ``text`` that are not written as their makers write them."""
    for pattern, shape, usual in _PATTERNS:
        for match in pattern.finditer(text):
            sure = usual
            right = shape(match)
            if right == "GPT-4.0":  # said "four oh", and either may be meant
                right, sure = "GPT-4o", _POSSIBLE
            if right == match[0]:
                continue
            near = context.terms_near(sentence, match.start(), match.end())
            yield Candidate(
                start=match.start(),
                end=match.end(),
                right=right,
                rule="pattern",
                confidence=sure if near or context.is_of_the_field else _POSSIBLE - 0.05,
            )
