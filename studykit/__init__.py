"""studykit turns a talk into bilingual English-Chinese study notes.

>>> import studykit
>>> talk = studykit.open_talk("talk.en.vtt", translation="talk.zh.txt")
>>> talk.texts.english.sentences[0].text
>>> [item.item.head for item in talk.study_items[:10]]
>>> talk.notes.paragraphs[0]

Names are loaded when they are used, so that importing studykit costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from studykit.align import align_sentences
    from studykit.errors import StudykitError
    from studykit.export import FORMATS, ExportOptions, labels_named
    from studykit.glossary import load_glossary
    from studykit.options import Options, load_options
    from studykit.store import Store
    from studykit.talk import NotesResult, Progress, Talk, make_notes, open_talk
    from studykit.types import Notes

__version__ = "0.1.0"

_HOME = {
    "align_sentences": "studykit.align",
    "StudykitError": "studykit.errors",
    "FORMATS": "studykit.export",
    "ExportOptions": "studykit.export",
    "labels_named": "studykit.export",
    "Options": "studykit.options",
    "load_options": "studykit.options",
    "Store": "studykit.store",
    "NotesResult": "studykit.talk",
    "Progress": "studykit.talk",
    "Talk": "studykit.talk",
    "load_glossary": "studykit.glossary",
    "make_notes": "studykit.talk",
    "open_talk": "studykit.talk",
    "Notes": "studykit.types",
}

__all__ = [
    "FORMATS",
    "ExportOptions",
    "Notes",
    "NotesResult",
    "Options",
    "Progress",
    "Store",
    "StudykitError",
    "Talk",
    "align_sentences",
    "labels_named",
    "load_glossary",
    "load_options",
    "make_notes",
    "open_talk",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'studykit' has no attribute {name!r}")


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
