"""The study database: all SQL of studykit is here."""

from studykit.store.database import ExportRecord, Store, TalkRow
from studykit.store.search import Hit, search

__all__ = ["ExportRecord", "Hit", "Store", "TalkRow", "search"]
