"""The study database; all SQL of studykit is in this room."""

from studykit.store.database import IN_MEMORY, ExportRecord, Store, TalkRow
from studykit.store.decided.corrections import decide, decisions_of, lost_decisions
from studykit.store.decided.known import (
    KnownItem,
    add_known,
    known_items,
    known_keys,
    met_before,
    remove_known,
)
from studykit.store.decided.locks import (
    Lock,
    LockSide,
    ReviewAction,
    add_action,
    last_action,
    locks_of,
    take_back,
)
from studykit.store.embeddings import Embeddings
from studykit.store.search import Hit, said, search
from studykit.store.talks.identity import TalkSource, add_source, sources_of, talk_of
from studykit.store.talks.maintenance import Merged, Pruned, merge_talks, prune, remove_talk
from studykit.store.translations import Translations

__all__ = [
    "IN_MEMORY",
    "Embeddings",
    "ExportRecord",
    "Hit",
    "KnownItem",
    "Lock",
    "LockSide",
    "Merged",
    "Pruned",
    "ReviewAction",
    "Store",
    "TalkRow",
    "TalkSource",
    "Translations",
    "add_action",
    "add_known",
    "add_source",
    "decide",
    "decisions_of",
    "known_items",
    "known_keys",
    "last_action",
    "locks_of",
    "lost_decisions",
    "merge_talks",
    "met_before",
    "prune",
    "remove_known",
    "remove_talk",
    "said",
    "search",
    "sources_of",
    "take_back",
    "talk_of",
]
