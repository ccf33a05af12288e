"""Imitation ends at the teacher's strength; self-play goes beyond it.

The game is Nim: three heaps of coins, whoever takes the last coin wins. The teacher sees a win in one
move and otherwise plays by a rule of thumb. One learner copies the teacher's games. The other plays
against itself, knows nothing but the rules, and keeps what led to wins; of a move that it never tried
it hopes for the best, so it comes to try them all.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations_with_replacement, pairwise
from math import log10

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="alphago_nim",
    title="Self-play passes the teacher, imitation does not",
    layer="reinforcement learning",
    terms=("self-play", "imitation-learning", "move-37", "alphago"),
    claim="A learner that copies a teacher ends at the teacher's strength, however many games it sees; one "
    "that plays against itself beats both, with moves that the teacher would hardly ever play.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:42:07",
            claim="Imitating expert games levels off below the best player; reinforcement learning goes "
            "beyond. AlphaGo's move 37 was one that a person would play once in 10,000 times.",
        ),
    ),
    cannot_show="Nim has few positions, so a table holds them all; Go needs a network and a search. "
    "And who has won is beyond doubt in a game, as it is not in most writing.",
    mechanism=Mechanism(
        keyword="blind",
        off=True,
        without="Who has won: a coin decides what the player is told after a game with itself.",
    ),
    knobs=(
        Knob(
            name="hope",
            low=0,
            high=1,
            help="how often the player expects to win after a move that it has never tried",
        ),
        Knob(name="whim", low=0, high=1, help="how often the teacher makes any move at all"),
        Knob(name="lies", low=0, high=1, help="share of its own games after which the player is told a lie"),
    ),
    tries=(
        Try(
            set={"hope": 0},
            then=(
                "Let it expect nothing of moves that it has never tried: after 100 games it is hardly "
                "better than the teacher, whom it beats almost always as a rule. Whoever only repeats "
                "what once worked finds no move 37."
            ),
            shows=lambda was, now: now["rows"][3]["own"] < 0.75 < was["rows"][3]["own"] - 0.1,
        ),
        Try(
            set={"whim": 1},
            then=(
                "Let the teacher move at random: copying it gives a player as poor as that, while the "
                "other comes out as strong as ever. It never looked at the teacher."
            ),
            shows=lambda was, now: (
                now["rows"][-1]["own"] > 0.9
                and now["after"] - now["usual"] < 0.15 < was["after"] - was["usual"]
            ),
        ),
        Try(
            set={"lies": 0.3},
            then=(
                "Lie to it about who has won after 3 games in 10: after 100 games it is still far from "
                "its usual strength, and after 300 it beats the teacher as clearly as ever. Lies that go "
                "both ways cancel."
            ),
            shows=lambda was, now: (
                now["rows"][3]["own"] < 0.8 < now["rows"][4]["own"] - 0.06 and was["rows"][3]["own"] > 0.9
            ),
        ),
    ),
    seconds=0.5,
)

Heaps = tuple[int, ...]
Player = Callable[[Heaps], Heaps]  # from the heaps that it finds to those it leaves
Game = list[tuple[Heaps, Heaps]]  # what was found and left, move by move; who moved last has won

MOST = 6  # coins in a heap
LESSONS = (3, 10, 30, 100, 300, 1000)  # games to learn from
MATCH = 500  # games to compare two players
WHIM, HOPE, RATE = 0.02, 1.0, 0.1


def self_play(value: dict[Heaps, float], chance: random.Random, *, blind: bool, lies: float = 0.0) -> None:
    """One game against itself. ``value``: how often one wins after leaving such heaps."""
    played = game(start(chance), best(value), best(value))
    won = chance.random() < 0.5 if blind else not (lies and chance.random() < lies)
    for _, left in reversed(played):
        value[left] += RATE * (won - value[left])
        won = not won  # the move before was the other side's


def best(value: dict[Heaps, float]) -> Player:
    """Leaves the heaps after which one wins most often."""
    return lambda heaps: max(moves(heaps), key=lambda left: value[left])


def copying(games: list[Game], chance: random.Random) -> Player:
    """Plays what the teacher played in the same position, as often; anything where it saw none."""
    seen: dict[Heaps, list[Heaps]] = defaultdict(list)
    for found, left in (move for played in games for move in played):
        seen[found].append(left)
    return lambda heaps: chance.choice(seen.get(heaps) or moves(heaps))


def habits(heaps: Heaps, whim: float = WHIM) -> dict[Heaps, float]:
    """How likely the teacher is to leave what: it takes off the largest heap, and leaves no single one."""
    *others, largest = heaps
    usual = [tuple(sorted((*others, left))) for left in range(largest)]
    usual = [left for left in usual if sum(left) > max(left)] if any(others) else [(0, 0, 0)]
    every = moves(heaps)
    usual = usual or every
    return {left: whim / len(every) + (left in usual) * (1 - whim) / len(usual) for left in every}


def moves(heaps: Heaps) -> list[Heaps]:
    """All that one may leave: any number of coins is taken off one heap."""
    found = [(*heaps[:i], left, *heaps[i + 1 :]) for i, heap in enumerate(heaps) for left in range(heap)]
    return sorted({tuple(sorted(left)) for left in found})


def start(chance: random.Random) -> Heaps:
    return tuple(sorted(chance.randint(1, MOST) for _ in range(3)))


def game(heaps: Heaps, first: Player, second: Player) -> Game:
    played: Game = []
    while any(heaps):
        left = (first, second)[len(played) % 2](heaps)
        played.append((heaps, left))
        heaps = left
    return played


def wins(player: Player, other: Player, chance: random.Random) -> float:
    """The share of games that ``player`` wins, beginning every other one."""
    first = sum(len(game(start(chance), player, other)) % 2 for _ in range(MATCH // 2))
    second = sum(1 - len(game(start(chance), other, player)) % 2 for _ in range(MATCH // 2))
    return (first + second) / MATCH


def run(
    seed: int = 0, *, blind: bool = False, hope: float = HOPE, whim: float = WHIM, lies: float = 0.0
) -> Numbers:
    """One learner copies more and more games of the teacher, the other plays as many with itself."""
    chance = random.Random(seed)

    def teacher(heaps: Heaps) -> Heaps:
        likely = habits(heaps, whim)
        return chance.choices(list(likely), list(likely.values()))[0]

    games = [game(start(chance), teacher, teacher) for _ in range(LESSONS[-1])]
    value: dict[Heaps, float] = defaultdict(lambda: hope)  # what it never tried is sure to win: so it tries
    own, rows = best(value), []
    for before, lessons in pairwise((0, *LESSONS)):
        for _ in range(before, lessons):
            self_play(value, chance, blind=blind, lies=lies)
        copy = copying(games[:lessons], chance)
        rows.append(
            {"games": lessons, "copy": wins(copy, teacher, chance), "own": wins(own, teacher, chance)}
        )

    # the smallest position in which its move would surprise the teacher
    positions = sorted(combinations_with_replacement(range(1, MOST + 1), 3), key=sum)
    heaps = min(positions, key=lambda heaps: habits(heaps)[own(heaps)] > 0.01)
    usual = sum(len(game(heaps, teacher, teacher)) % 2 for _ in range(MATCH)) / MATCH
    after = sum(1 - len(game(own(heaps), teacher, teacher)) % 2 for _ in range(MATCH)) / MATCH
    move = {"heaps": list(heaps), "left": list(own(heaps)), "likely": habits(heaps)[own(heaps)]}
    return {"rows": rows, "move": move, "usual": usual, "after": after}


def check(numbers: Numbers) -> None:
    copy, own = ([row[name] for row in numbers["rows"]] for name in ("copy", "own"))
    expect(sum(copy[-3:]) / 3 < 0.56, "copying ends at the teacher's strength")
    expect(sum(own[-3:]) / 3 > 0.9, "playing against itself it comes to beat the teacher")
    expect(numbers["move"]["likely"] < 0.01, "it makes a move that the teacher hardly ever makes")
    expect(numbers["after"] > numbers["usual"] + 0.3, "and that move is good")


def lines(numbers: Numbers) -> list[str]:
    def strength(share: float) -> str:
        """And how far above the teacher on the Elo scale, where 400 points are ten to one."""
        return f"{share:>14.0%} {400 * log10(share / (1 - share)):>+7.0f}"

    heaps, left = (", ".join(map(str, numbers["move"][name])) for name in ("heaps", "left"))
    return [
        f"Nim: three heaps of up to {MOST} coins; take any number off one heap; the last coin wins.",
        "Games won against the teacher, and Elo points above it:",
        "  games     copying the teacher  against itself",
        *(f"{row['games']:>7}{strength(row['copy'])}{strength(row['own'])}" for row in numbers["rows"]),
        "The copy becomes as good as the teacher and no better: it copies the mistakes too.",
        "The other never saw the teacher. It knows the rules, and who has won.",
        f"Its move 37: it finds heaps of {heaps} and leaves {left}.",
        f"The teacher would do so once in {1 / numbers['move']['likely']:.0f} times. "
        f"But from there even the teacher wins {numbers['after']:.0%},",
        f"and with its usual moves {numbers['usual']:.0%}.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        name: [(log10(row["games"]), row[way]) for row in numbers["rows"]]
        for name, way in (("against itself", "own"), ("copying the teacher", "copy"))
    }
    return svg.lines("Games won against the teacher", series, x="games", x_base=10, y="share won")
