"""Notes as one JSON document; the fields are described in docs/json.md."""

from __future__ import annotations

import json
from typing import Any

import msgspec

from studykit.export.doubts import doubtful_paragraphs
from studykit.types import Claim, Notes, Sentence

__all__ = ["FORMAT_VERSION", "notes_json"]

FORMAT_VERSION = 1
_OF_DEMOS = {"demo", "verdict", "verdict_zh"}


def notes_json(notes: Notes) -> str:
    """The notes, indented, ending with a newline; the same notes always give the same bytes."""
    source, doubtful = notes.source, doubtful_paragraphs(notes)
    document: dict[str, Any] = {
        "studykit": FORMAT_VERSION,
        "source": msgspec.to_builtins(source),
        "timing": notes.timing,
        "parts": [
            {
                "index": part.index,
                "title": part.title,
                "translation": part.translation,
                "paragraphs": list(part.paragraphs),
            }
            for part in notes.parts
        ],
        "paragraphs": [
            {
                "index": para.index,
                "start_s": para.start_s,
                "end_s": para.end_s,
                "slack_s": para.slack_s,
                "speaker": para.speaker,
                "guessed_turn": para.guessed_turn,
                "score": para.score,
                "doubtful": para.index in doubtful,
                "english": [_sentence(notes.english[i]) for i in para.english],
                "chinese": [_sentence(notes.chinese[i]) for i in para.chinese],
                "introduces": list(para.introduces),
            }
            for para in notes.paragraphs
        ],
        "beads": [
            {
                "source": list(bead.source),
                "target": list(bead.target),
                "score": bead.score,
                "locked": bead.locked,
            }
            for bead in (notes.alignment.beads if notes.alignment else ())
        ],
        "terms": msgspec.to_builtins(notes.terms),
        "vocabulary": msgspec.to_builtins(notes.vocabulary),
        "claims": [_claim(claim) for claim in notes.claims],
        "findings": msgspec.to_builtins(notes.findings),
        "corrections": msgspec.to_builtins(notes.corrections),
        **({"assistance": msgspec.to_builtins(notes.assistance)} if notes.assistance else {}),
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def _claim(claim: Claim) -> dict[str, Any]:
    """Without what it says of a demo, if there is none."""
    made: dict[str, Any] = msgspec.to_builtins(claim)
    return {name: value for name, value in made.items() if value or name not in _OF_DEMOS}


def _sentence(sent: Sentence) -> dict[str, Any]:
    return {
        "index": sent.index,
        "text": sent.text,
        "raw": sent.raw,
        "start_s": sent.start_s,
        "end_s": sent.end_s,
        **({"doubtful": True} if sent.doubtful else {}),
    }
