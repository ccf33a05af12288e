"""All settings, each declared once, and the option classes of the stages. Imports nothing heavy."""

from studykit.options.load import CONFIG_NAME, SETTINGS, Options, load_options, risky_settings
from studykit.options.setting import Setting
from studykit.options.sources import AudioUse, FetchOptions, IngestOptions, TranscribeOptions
from studykit.options.stages import (
    AlignOptions,
    AssistOptions,
    Prices,
    SegmentOptions,
    TranslateOptions,
    VocabularyOptions,
)
from studykit.options.uses import AnkiOptions, BatchOptions, GlossaryOptions, NotesOptions, StoreOptions

__all__ = [
    "CONFIG_NAME",
    "SETTINGS",
    "AlignOptions",
    "AnkiOptions",
    "AssistOptions",
    "AudioUse",
    "BatchOptions",
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
    "risky_settings",
]
