from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from studykit.demos.knowledge_graph import enter, within

FIRMS = ["Ada", "Bo", "Cy", "Di", "Ed", "Flo"]
PAIRS = st.lists(st.tuples(st.sampled_from(FIRMS), st.sampled_from(FIRMS)).filter(lambda p: p[0] != p[1]))


@given(PAIRS, st.sampled_from(FIRMS), st.integers(1, 4))
def test_against_shortest_ways_by_floyd_and_warshall(
    pairs: list[tuple[str, str]], firm: str, steps: int
) -> None:
    graph = enter(f"{a} competes with {b} in hats." for a, b in pairs)
    far = {(a, b): 0 if a == b else 1 if b in graph.get(a, ()) else 99 for a in FIRMS for b in FIRMS}
    for via in FIRMS:
        for a in FIRMS:
            for b in FIRMS:
                far[a, b] = min(far[a, b], far[a, via] + far[via, b])
    assert within(graph, firm, steps) == {other for other in FIRMS if far[firm, other] == steps}


def test_a_rivalry_holds_both_ways() -> None:
    assert enter(["Ada competes with Bo in hats."]) == {"Ada": {"Bo"}, "Bo": {"Ada"}}
