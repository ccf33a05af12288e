"""Grammar that only the parse shows, in sentences of our own."""

from __future__ import annotations

import pytest

from studykit import engines
from studykit.annotate.vocabulary.constructions import constructions


def found(text: str) -> dict[str, str]:
    """The heads that are seen with their notes."""
    (tokens,) = engines.tagger().tag([text])
    return {point.head: point.note for point, _ in constructions(tokens)}


@pytest.mark.parametrize(
    ("text", "head", "named"),
    [
        ("When given a ticket, the guard opens the gate.", "when + past participle", "given"),
        ("Cleaning the filter takes an hour.", "gerund as subject", "Cleaning"),
        ("Never have we seen such a flood.", "inversion", "Never"),
        ("And then came a new road.", "inversion", "road"),
        ("With the valve closed, we repair the pump.", "with + noun + participle", "valve"),
        ("The pump does work in winter.", "emphatic do", "work"),
        ("That is the valve we talked about.", "preposition at the end of a clause", "about"),
        ("Built in 1900, the bridge still carries trains.", "participle clause", "Built"),
        ("Whether the bridge holds depends on the load.", "clause as subject", "depends"),
        ("Had I known this, I would have left.", "inverted condition", "if I had"),
        ("Having finished her work, she went home.", "having done", "she"),
        ("Each merchant taking his cut, the price rose.", "absolute construction", "Each merchant"),
        ("If the fever lasts, have it checked.", "have sth done", "宾语"),
    ],
)
def test_a_construction_is_seen_and_its_note_names_the_words(text: str, head: str, named: str) -> None:
    points = found(text)
    assert head in points
    assert named in points[head]


@pytest.mark.parametrize(
    "text",
    [
        "Does the pump work in winter?",
        "Have they checked it?",
        "With the bridge and what we are building, we can cross.",
        "With this sequence of snake eating its tail, it collapses.",
        "There were guards, porters, people carrying bags.",
        "So it was a great experience, our first experience releasing something.",
        "The pump does not work.",
        "When the guard came, he opened the gate.",
        "Where is the bridge?",
        "We talked about the valve.",
        "There is a bridge.",
        "So tell me what are the mistakes you made.",
        "They stop us when breaking changes are made.",
        "We met the people with the problem of doing it.",
        "Going back to the bridge, you said that it is old.",
        "Working in finance, it is hard to relax.",
        "What matters is the load.",
        "Which part did you repair?",
        "This is the part we repaired.",
        "Should we call the guard?",
        "We had the crew stop.",
        "What's up?",
        "It stops by the time you type the command in.",
        "They sang, and where opening the gate let them in, they danced.",
    ],
)
def test_plain_order_is_none(text: str) -> None:
    assert not found(text)
