"""The stage that reads captions, transcripts and texts."""

from __future__ import annotations

from pathlib import Path

import msgspec

from studykit.fingerprint import digest_bytes
from studykit.ingest import Ingested, IngestOptions, ingest_file
from studykit.pipeline.stages import StageResult, Stages

__all__ = ["ingested"]


def ingested(
    stages: Stages, stage: str, path: Path, data: bytes, options: IngestOptions
) -> StageResult[Ingested]:
    """What the file ``path``, whose bytes are ``data``, says. Raises ``InputError``."""
    return stages.run(
        stage,
        Ingested,
        inputs=[digest_bytes(data), path.name, msgspec.to_builtins(options)],
        code=("formats", "ingest", "languages", "safexml", "timecode"),
        compute=lambda: ingest_file(path, data, options),
    )
