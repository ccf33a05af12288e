from __future__ import annotations

from studykit.demos.agentic_search import agent, single

TEXT = "The boss of Ana is Bo. The boss of Bo is Cy. Ana works in Oulu. Bo works in Kobe. Cy works in Porto."


def test_with_everything_before_them_both_are_right() -> None:
    for answer in (agent, single):
        assert [answer("Ana", hops, lambda _: TEXT) for hops in (1, 2, 3)] == ["Oulu", "Kobe", "Porto"]


def test_the_agent_asks_with_the_names_that_it_read() -> None:
    asked = []

    def search(query: str) -> str:
        asked.append(query)
        return TEXT

    agent("Ana", 3, search)
    assert asked == ["the boss of Ana", "the boss of Bo", "Cy works in"]


def test_where_nothing_is_found_nothing_is_said() -> None:
    assert agent("Dora", 3, lambda _: TEXT) == single("Dora", 1, lambda _: "") == ""
