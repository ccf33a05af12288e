"""What a demo says about itself, in the reader's language; chinese.toml has the Chinese."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from studykit.demos.form import Demo

__all__ = ["LANGUAGES", "Told", "chinese_layers", "told"]

LANGUAGES = ("en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A demo's texts in one language."""

    title: str
    layer: str
    claim: str
    letters: str = ""
    """What the letters of its formula stand for; empty where it has none."""
    printed: str = ""
    """How to read the lines that a run prints, for who does not read them in English; else empty."""
    cannot_show: str
    switched_off: str
    """What the control does without, a dash, and what happens instead."""
    knobs: Mapping[str, str] = field(default_factory=dict)
    """What each knob is, by name, where the language is not English: knobs say that themselves."""
    tries: tuple[str, ...] = ()
    """What is seen when the demo is turned, in the order of its tries."""


def told(demo: Demo, language: str) -> Told:
    """The demo's texts in ``language``, one of ``LANGUAGES``.

    Raises ``KeyError`` for a demo that chinese.toml lacks.
    """
    if language != "zh":
        return Told(
            title=demo.title,
            layer=demo.layer,
            claim=demo.claim,
            letters=demo.letters,
            cannot_show=demo.cannot_show,
            switched_off=demo.mechanism.sentence,
            tries=tuple(one.then for one in demo.tries),
        )
    texts = _texts()["demos"][demo.name]
    tries = tuple(texts.get("tries", ()))
    return Told(layer=chinese_layers()[demo.layer], **{**texts, "tries": tries})


def chinese_layers() -> dict[str, str]:
    """The Chinese name of each layer of the stack."""
    layers: dict[str, str] = _texts()["layers"]
    return layers


@cache
def _texts() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "chinese.toml").read_text(encoding="utf-8"))
