"""The study database: all SQL of studykit is here."""

from studykit.store.database import ExportRecord, Store, TalkRow
from studykit.store.decisions import decide, decisions_of
from studykit.store.embeddings import Embeddings
from studykit.store.locks import (
    Lock,
    LockSide,
    ReviewAction,
    add_action,
    add_origin,
    last_action,
    lineage_of,
    locks_of,
    take_back,
)
from studykit.store.search import Hit, search

__all__ = [
    "Embeddings",
    "ExportRecord",
    "Hit",
    "Lock",
    "LockSide",
    "ReviewAction",
    "Store",
    "TalkRow",
    "add_action",
    "add_origin",
    "decide",
    "decisions_of",
    "last_action",
    "lineage_of",
    "locks_of",
    "search",
    "take_back",
]
