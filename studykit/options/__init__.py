"""All settings, each declared once, and the option classes of the stages. Imports nothing heavy."""

from studykit.options.load import CONFIG_NAME, SETTINGS, Options, load_options
from studykit.options.setting import Setting
from studykit.options.stages import (
    AlignOptions,
    AnkiOptions,
    AudioUse,
    FetchOptions,
    GlossaryOptions,
    IngestOptions,
    NotesOptions,
    Prices,
    SegmentOptions,
    StoreOptions,
    TranscribeOptions,
    TranslateOptions,
    VocabularyOptions,
)

__all__ = [
    "CONFIG_NAME",
    "SETTINGS",
    "AlignOptions",
    "AnkiOptions",
    "AudioUse",
    "FetchOptions",
    "GlossaryOptions",
    "IngestOptions",
    "NotesOptions",
    "Options",
    "Prices",
    "SegmentOptions",
    "Setting",
    "StoreOptions",
    "TranscribeOptions",
    "TranslateOptions",
    "VocabularyOptions",
    "load_options",
]
