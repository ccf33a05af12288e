"""studykit turns a talk into bilingual English-Chinese study notes.

>>> import studykit
>>> talk = studykit.open_talk("talk.en.vtt", translation="talk.zh.txt")
>>> talk.texts.english.sentences[0].text
>>> [item.item.head for item in talk.study_items[:10]]
>>> talk.notes.paragraphs[0]

Names are loaded on first use, so importing studykit is cheap. docs/library.md describes each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studykit.faces import lazy

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

__getattr__ = lazy(
    __name__,
    {
        "studykit.align": ("align_sentences",),
        "studykit.errors": ("StudykitError",),
        "studykit.export": (
            "ExportOptions",
            "FORMATS",
            "labels_named",
        ),
        "studykit.glossary": ("load_glossary",),
        "studykit.options": (
            "Options",
            "load_options",
        ),
        "studykit.store": ("Store",),
        "studykit.talk": (
            "NotesResult",
            "Progress",
            "Talk",
            "make_notes",
            "open_talk",
        ),
        "studykit.types": ("Notes",),
    },
)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
