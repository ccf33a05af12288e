"""An alignment as text: Vecalign's bead lines, JSON, or tab-separated sentences."""

from __future__ import annotations

import json
from collections.abc import Sequence

from studykit.languages import detect_language, join_sentences
from studykit.types import Bead, Span

__all__ = ["beads_json", "beads_text", "beads_tsv"]


def beads_text(beads: Sequence[Bead]) -> str:
    """One bead per line, sentences counted from 0: ``[0,1]:[0]``, ``[2]:[]``."""
    return "".join(f"{_indices(bead.source)}:{_indices(bead.target)}\n" for bead in beads)


def beads_json(beads: Sequence[Bead], source: Sequence[str], target: Sequence[str], *, encoder: str) -> str:
    """One JSON document: ``encoder`` and ``beads``, each with indices, score and texts."""
    document = {
        "encoder": encoder,
        "beads": [
            {
                "source": list(bead.source),
                "target": list(bead.target),
                "score": round(bead.score, 4),
                "locked": bead.locked,
                "source_text": [source[i] for i in bead.source],
                "target_text": [target[j] for j in bead.target],
            }
            for bead in beads
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def beads_tsv(beads: Sequence[Bead], source: Sequence[str], target: Sequence[str]) -> str:
    """A header, then one bead per line: indices, score and the joined sentences of both sides.

    White space inside a sentence becomes one space, so that each bead stays on one line.
    """
    rows = [("source", "target", "score", "source_text", "target_text")]
    languages = detect_language(" ".join(source)), detect_language(" ".join(target))
    for bead in beads:
        rows.append(
            (
                _indices(bead.source),
                _indices(bead.target),
                f"{bead.score:.4f}",
                joined(source, bead.source, languages[0]),
                joined(target, bead.target, languages[1]),
            )
        )
    return "".join("\t".join(row) + "\n" for row in rows)


def joined(sentences: Sequence[str], span: Span, language: str) -> str:
    """The sentences of ``span`` as one line."""
    return " ".join(join_sentences((sentences[i] for i in span), language).split())


def _indices(span: Span) -> str:
    return f"[{','.join(map(str, span))}]"
