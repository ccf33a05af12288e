from __future__ import annotations

import json

from studykit.export.data.beads import beads_json, beads_text, beads_tsv
from studykit.types import Bead
from tests.talks import span

SOURCE = ["First.", "Second,\nwith a\ttab.", "Third."]
TARGET = ["第一。第二。", "没有对应。"]
BEADS = (
    Bead(source=span(0, 2), target=span(0, 1), score=0.98765),
    Bead(source=span(2, 3), target=span(1, 1), score=0.5, locked=True),
    Bead(source=span(3, 3), target=span(1, 2), score=0.25),
)


def test_bead_lines() -> None:
    assert beads_text(BEADS) == "[0,1]:[0]\n[2]:[]\n[]:[1]\n"
    assert beads_text(()) == ""


def test_json_holds_indices_scores_and_texts() -> None:
    document = json.loads(beads_json(BEADS, SOURCE, TARGET, encoder="bags-1"))
    assert document["encoder"] == "bags-1"
    assert [(bead["source"], bead["target"]) for bead in document["beads"]] == [
        ([0, 1], [0]),
        ([2], []),
        ([], [1]),
    ]
    assert document["beads"][0]["score"] == 0.9877
    assert document["beads"][1]["locked"] is True
    assert document["beads"][0]["source_text"] == SOURCE[:2]
    assert document["beads"][2]["target_text"] == ["没有对应。"]


def test_a_row_of_the_table_stays_a_row() -> None:
    rows = [line.split("\t") for line in beads_tsv(BEADS, SOURCE, TARGET).splitlines()]
    assert rows == [
        ["source", "target", "score", "source_text", "target_text"],
        ["[0,1]", "[0]", "0.9877", "First. Second, with a tab.", "第一。第二。"],
        ["[2]", "[]", "0.5000", "Third.", ""],
        ["[]", "[1]", "0.2500", "", "没有对应。"],
    ]
