"""Composes the stages, skips what is done, resumes; writes what comes out."""

from studykit.pipeline.notes import STAGES, TRANSLATION_STAGES, NotesResult, PipelineOptions, make_notes
from studykit.pipeline.outputs import Written, write_notes
from studykit.pipeline.stages import Progress, StageReport

__all__ = [
    "STAGES",
    "TRANSLATION_STAGES",
    "NotesResult",
    "PipelineOptions",
    "Progress",
    "StageReport",
    "Written",
    "make_notes",
    "write_notes",
]
