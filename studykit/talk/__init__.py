"""One talk: opened by one door, read by its kind, computed when asked for, reviewed, written."""

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
