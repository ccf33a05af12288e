"""The stage that turns a recording into a transcript."""

from __future__ import annotations

from pathlib import Path

from studykit.errors import MissingExtraError
from studykit.glossary import Glossary
from studykit.ingest import Ingested
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.stages import StageResult, Stages

__all__ = ["transcribed"]


def transcribed(
    stages: Stages,  # noqa: ARG001
    audio: Path,  # noqa: ARG001
    data_digest: str,  # noqa: ARG001
    glossary: Glossary,  # noqa: ARG001
    options: PipelineOptions,  # noqa: ARG001
) -> StageResult[Ingested]:
    """What is said in the file ``audio``, whose content has the digest ``data_digest``."""
    raise MissingExtraError("faster-whisper", "asr")
