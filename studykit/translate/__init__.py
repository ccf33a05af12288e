"""Translation of a talk, paragraph by paragraph.

``translate_paragraphs`` asks a ``Translator`` for whole paragraphs, checks every sentence of the answer
and stores what is finished; ``TermBook`` finds the glossary terms in a text, checks whether a translation
has them, and corrects what can be corrected safely. Engines are either models that chat
(``ChatTranslator``) or sequence-to-sequence models (``SequenceTranslator``). See docs/translate.md.

This package knows nothing of models, networks, databases or aligners.
"""

from studykit.translate.chat import ChatTranslator
from studykit.translate.engine import (
    Answer,
    SourceParagraph,
    TermRow,
    Translator,
)
from studykit.translate.paragraphs import (
    Shifted,
    Strays,
    Translated,
    TranslationCache,
    TranslationProgress,
    kept_texts,
    paragraph_key,
    translate_paragraphs,
)
from studykit.translate.sequence import SequenceModel, SequenceTranslator
from studykit.translate.terms import TermBook, TermStatus, TermUse

__all__ = [
    "Answer",
    "ChatTranslator",
    "SequenceModel",
    "SequenceTranslator",
    "Shifted",
    "SourceParagraph",
    "Strays",
    "TermBook",
    "TermRow",
    "TermStatus",
    "TermUse",
    "Translated",
    "TranslationCache",
    "TranslationProgress",
    "Translator",
    "kept_texts",
    "paragraph_key",
    "translate_paragraphs",
]
