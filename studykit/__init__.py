"""studykit turns a talk into bilingual study notes."""

__version__ = "0.1.0"
