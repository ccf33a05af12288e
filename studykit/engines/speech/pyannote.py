"""Speaker diarization with pyannote (extra ``whisperx``).

Bredin (2023), "pyannote.audio 2.1 speaker diarization pipeline". Users must accept the conditions
of the model's authors, so the hub requires a token.
"""

from __future__ import annotations

from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from studykit.engines.models import hub_folder
from studykit.errors import EngineError, MissingExtraError, MissingModelError
from studykit.transcribe import SAMPLE_RATE, Audio, SpeakerTurn
from studykit.types import cards_named

__all__ = ["Pyannote"]

_MODEL = "pyannote/speaker-diarization-community-1"


class Pyannote:
    """Loads its model when first used.

    Raises ``MissingExtraError`` without the package, ``MissingModelError`` without a token.
    """

    def __init__(self, device: str, min_speakers: int | None = None, max_speakers: int | None = None) -> None:
        try:
            self.name = f"pyannote-{version('pyannote.audio')}:{_MODEL.split('/')[1]}"
        except PackageNotFoundError:
            raise MissingExtraError("pyannote.audio", "whisperx") from None
        from huggingface_hub import get_token

        self._device = device
        bounds = {"min_speakers": min_speakers, "max_speakers": max_speakers}
        self._bounds = {name: bound for name, bound in bounds.items() if bound is not None}
        self._token = get_token()  # HF_TOKEN, or stored by `hf auth login`
        if self._token is None and not hub_folder(_MODEL).is_dir():
            raise _missing()  # fail now, not after hours of recognition

    def turns(self, audio: Audio) -> list[SpeakerTurn]:
        """All turns of the recording, by start; the whole recording is loaded into memory.

        Raises ``MissingModelError`` if the token has no access to the model.
        """
        import torch

        samples = torch.from_numpy(np.concatenate(list(audio.blocks())))[None, :]
        try:
            found = self._pipeline({"waveform": samples, "sample_rate": SAMPLE_RATE}, **self._bounds)
        except RuntimeError as error:
            raise EngineError("pyannote", str(error)) from error
        tracks = found.speaker_diarization.itertracks(yield_label=True)
        return sorted(SpeakerTurn(turn.start, turn.end, str(who)) for turn, _, who in tracks)

    @cached_property
    def _pipeline(self) -> Any:
        import torch
        from pyannote.audio import Pipeline

        try:
            pipeline = Pipeline.from_pretrained(_MODEL, token=self._token)
        except (OSError, ValueError) as error:
            raise _missing() from error
        if pipeline is None:
            raise _missing()
        cuda = self._device != "cpu" and torch.cuda.is_available()
        named = cards_named(self._device)
        card = f"cuda:{named[0]}" if named else "cuda"
        return pipeline.to(torch.device(card if cuda else "cpu"))


def _missing() -> MissingModelError:
    return MissingModelError(
        _MODEL,
        f"accept the conditions on https://huggingface.co/{_MODEL}\n"
        "  create a token on https://huggingface.co/settings/tokens\n"
        "  export HF_TOKEN=…    and run the command again",
        ["the Hugging Face cache", "the Hugging Face hub"],
    )
