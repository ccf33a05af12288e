"""One talk: opened from any source, computed on demand and cached, reviewed, written to files."""

from studykit.talk.cache import SILENT, Progress, StageReport
from studykit.talk.notes import NotesResult, make_notes
from studykit.talk.open import open_talk
from studykit.talk.talk import Talk

__all__ = [
    "SILENT",
    "NotesResult",
    "Progress",
    "StageReport",
    "Talk",
    "make_notes",
    "open_talk",
]
