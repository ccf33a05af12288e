"""The list of known words, and where items were met before."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from studykit.store import Store, add_known, known_items, known_keys, met_before, remove_known
from tests.talks import SMALL_TALK


def test_words_are_added_once_and_removed_however_spelt(tmp_path: Path) -> None:
    with Store(tmp_path / "study.db") as store:
        assert add_known(store, ["Trade-off", "trade off", "throw out", " "]) == 2
        assert add_known(store, ["TRADE-OFF"]) == 0
        assert known_keys(store) == {"trade off", "throw out"}
    with Store(tmp_path / "study.db") as store:
        assert [item.head for item in known_items(store)] == ["throw out", "trade off"]
        assert remove_known(store, ["trade-OFF", "absent"]) == ["trade-OFF"]
        assert known_keys(store) == {"throw out"}


def test_items_and_terms_of_other_talks_were_met(tmp_path: Path) -> None:
    other = replace(SMALL_TALK, source=replace(SMALL_TALK.source, id="f" * 64, title="Another"))
    with Store(tmp_path / "study.db") as store:
        store.save(SMALL_TALK, key="k1")
        store.save(other, key="k2")
        heads = ["A different story", "kv-cache", "unheard of"]
        assert met_before(store, heads, besides=other.source.id) == {
            "A different story": ["Caches & costs"],
            "kv-cache": ["Caches & costs"],
        }
