"""The study database: all SQL of studykit is here."""

from studykit.store.database import ExportRecord, Store, TalkRow
from studykit.store.decisions import decide, decisions_of
from studykit.store.embeddings import Embeddings
from studykit.store.known import (
    KnownItem,
    add_known,
    known_items,
    known_keys,
    met_before,
    remove_known,
)
from studykit.store.locks import (
    Lock,
    LockSide,
    ReviewAction,
    add_action,
    add_origin,
    last_action,
    lineage_of,
    locks_of,
    origins_of,
    take_back,
)
from studykit.store.search import Hit, search
from studykit.store.translations import Translations

__all__ = [
    "Embeddings",
    "ExportRecord",
    "Hit",
    "KnownItem",
    "Lock",
    "LockSide",
    "ReviewAction",
    "Store",
    "TalkRow",
    "Translations",
    "add_action",
    "add_known",
    "add_origin",
    "decide",
    "decisions_of",
    "known_items",
    "known_keys",
    "last_action",
    "lineage_of",
    "locks_of",
    "met_before",
    "origins_of",
    "remove_known",
    "search",
    "take_back",
]
