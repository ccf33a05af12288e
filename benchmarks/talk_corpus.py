"""Transcripts that people punctuated, as captions without marks would have given them.

Two sources. A corpus of conversations, one JSON object a line, gzipped: ``{"id", "show", "turns":
[{"speaker", "paragraphs": ["text", ...]}]}``; the shipped weights were trained on transcripts of Changelog
Media's shows (CC BY-SA 4.0). And plain files, ``# title`` and then one sentence a line, such as
``data/talks.en.txt``.

An ellipsis, a dash, a colon and a semicolon count as commas: they are pauses, not ends. So does a mark
before a word in small letters. A turn always ends with an end.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "COMMA",
    "NONE",
    "QUESTION",
    "STOP",
    "Talk",
    "dev",
    "held_out",
    "read_corpus",
    "read_lines",
    "spoken",
]

NONE, COMMA, STOP, QUESTION = range(4)
UNKNOWN = -1

HELD_OUT = 12
"""One episode in twelve is never trained on."""

FILLERS = ("uh", "um", "you know", "like", "i mean")
FILLER_SHARES = (0.35, 0.35, 0.12, 0.12, 0.06)
FILLED, REPEATED, RESTARTED = 0.02, 0.006, 0.004
"""Of the gaps, how many get a filler, the last word once more, or the last two."""
MISHEARD, LOST = 0.02, 0.004
"""Of the words, how many are another word or missing."""
UNHYPHENED, BARE = 0.5, 0.05
"""Of the talks, how many lose their hyphens ("open source") or apostrophes ("dont")."""

_STAGE = re.compile(r"\[[^\]]*\]")
_DASHES = re.compile(r"[-–—]+")
_GLUED = re.compile(r"(?:\.\.\.+|…)(?=\w)|(?<=\w)(?:--+|—)(?=\w)")
_TRAIL = re.compile(r"[^\w%'’+#]*$")
_LEAD = re.compile(r"^[^\w'’.$]*")
_ABBREVIATION = re.compile(r"(?:Mr|Mrs|Ms|Dr|St|Jr|Sr|Prof|vs|No|Inc|Ltd|e\.g|i\.e|(?:[A-Z]\.)+[A-Z])\.$")


@dataclass(slots=True)
class Talk:
    """A talk's words, as captions show them, and what a person set around each."""

    id: str
    show: str
    words: list[str] = field(default_factory=list)
    """Lower case, no marks around them."""
    marks: list[int] = field(default_factory=list)
    """What follows each word."""
    capitals: list[int] = field(default_factory=list)
    """Whether a word inside a sentence is written with a capital: 1, 0, or -1 where that cannot be known."""
    forms: list[str] = field(default_factory=list)
    """The words as written."""
    ellipses: set[int] = field(default_factory=set)
    """Words that an ellipsis follows."""
    turns: list[int] = field(default_factory=list)
    """Words that begin a turn; the first is 0."""
    paragraphs: list[int] = field(default_factory=list)
    """Words that begin a paragraph, turns included."""

    def add(self, text: str, *, opens_turn: bool) -> None:
        """A paragraph as written."""
        start = len(self.words)
        for token in _GLUED.sub(r"\g<0> ", _STAGE.sub(" ", text)).split():
            self._add_token(token, start)
        if len(self.words) > start:
            self.paragraphs.append(start)
            if opens_turn:
                self.turns.append(start)

    def _add_token(self, token: str, start: int) -> None:
        if not any(char.isalnum() for char in token):
            if _DASHES.fullmatch(token) and len(self.words) > start and self.marks[-1] == NONE:
                self.marks[-1] = COMMA
            return
        body = _LEAD.sub("", token)
        trail = _TRAIL.search(body)
        marks = trail.group() if trail else ""
        form = body[: len(body) - len(marks)].strip("'’") or body
        if len(self.words) > start and form[:1].islower() and self.marks[-1] in (STOP, QUESTION):
            self.marks[-1] = COMMA if self.marks[-1] == QUESTION else NONE  # "etc. and", "'Why?' he said"
        opens = len(self.words) == start or self.marks[-1] in (STOP, QUESTION)
        if opens or len(self.words) - 1 in self.ellipses or form == "I" or form.startswith(("I'", "I’")):
            capital = UNKNOWN
        else:
            capital = int(form != form.lower())
        if "..." in marks or "…" in marks:
            self.ellipses.add(len(self.words))
        self.words.append(form.lower().replace("’", "'"))
        self.forms.append(form)
        self.capitals.append(capital)
        self.marks.append(_mark(marks, body))


def _mark(marks: str, body: str) -> int:
    if "..." in marks or "…" in marks:
        return COMMA
    if "?" in marks:
        return QUESTION
    if "!" in marks:
        return STOP
    if "." in marks:
        return NONE if _ABBREVIATION.search(body) else STOP
    return COMMA if any(mark in marks for mark in ",;:–—") or "--" in marks else NONE


def _closed(talk: Talk) -> Talk:
    """With an end at every turn's end."""
    for start in [*talk.turns[1:], len(talk.words)]:
        if start and talk.marks[start - 1] not in (STOP, QUESTION):
            talk.marks[start - 1] = STOP
            talk.ellipses.discard(start - 1)
        if start < len(talk.words):
            talk.capitals[start] = UNKNOWN
    return talk


def read_corpus(path: Path) -> Iterator[Talk]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            found = json.loads(line)
            talk = Talk(found["id"], found["show"])
            for turn in found["turns"]:
                for number, text in enumerate(turn["paragraphs"]):
                    talk.add(text, opens_turn=not number)
            yield _closed(talk)


def read_lines(path: Path, show: str) -> Iterator[Talk]:
    parts = re.split(r"^# (.*)\n", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    titled = zip(parts[1::2], parts[2::2], strict=True) if len(parts) > 1 else [(path.stem, parts[0])]
    for title, text in titled:
        talk = Talk(title, show)
        talk.add(text, opens_turn=True)
        yield _closed(talk)


def held_out(talk: Talk) -> bool:
    return crc32(talk.id.encode()) % HELD_OUT == 0


def dev(talk: Talk) -> bool:
    """Neither trained on nor reported on: thresholds are set here."""
    return crc32(talk.id.encode()) % (2 * HELD_OUT) == 1


@dataclass(frozen=True, slots=True)
class Stream:
    """Talks one after another as a recogniser might have given them."""

    words: NDArray[np.int32]
    """Index of each word in the list of all words."""
    marks: NDArray[np.int8]
    capitals: NDArray[np.int8]


def spoken(talks: Iterable[Talk], index: dict[str, int], rng: np.random.Generator) -> Stream:
    """With what edited transcripts leave out and recognisers get wrong: fillers, restarts, slips.

    A filler at a sentence's start opens it; elsewhere commas set it off, as an editor would. A restart
    is not marked, since it is trimmed later. Some talks lose their hyphens or apostrophes. ``index`` grows
    by what is new.
    """
    words: list[str] = []
    marks: list[int] = []
    capitals: list[int] = []
    for talk in talks:
        unhyphened, bare = rng.random() < UNHYPHENED, rng.random() < BARE
        count = len(talk.words)
        others = rng.integers(count, size=count).tolist()
        for at, roll in enumerate(rng.random(count).tolist()):
            word, mark, capital = talk.words[at], talk.marks[at], talk.capitals[at]
            if LOST <= roll < LOST + MISHEARD:
                word, capital = talk.words[others[at]], UNKNOWN
            elif roll < LOST and mark == NONE:
                continue
            if bare:
                word = word.replace("'", "") or word
            pieces = [piece for piece in word.split("-") if piece] if unhyphened and "-" in word else [word]
            words += pieces
            marks += [NONE] * (len(pieces) - 1) + [mark]
            capitals += [capital] * len(pieces)
            if roll > 1 - FILLED:
                filler = FILLERS[int(rng.choice(len(FILLERS), p=FILLER_SHARES))].split()
                marks[-1] = max(mark, COMMA)
                words += filler
                marks += [NONE] * (len(filler) - 1) + [COMMA]
                capitals += [UNKNOWN] * len(filler)
            elif mark == NONE and roll > 1 - FILLED - REPEATED:
                words.append(words[-1])
                marks.append(NONE)
                capitals.append(capital)
            elif (
                mark == NONE
                and at
                and talk.marks[at - 1] == NONE
                and roll > 1 - FILLED - REPEATED - RESTARTED
            ):
                words += words[-2:]
                marks += [NONE, NONE]
                capitals += capitals[-2:]
    rows = [index.setdefault(word, len(index)) for word in words]
    return Stream(np.array(rows, np.int32), np.array(marks, np.int8), np.array(capitals, np.int8))
