r"""A verifier decides whether a final answer is right, however it is written.

Take the answer out of the text, from \boxed{…} or the last number; bring it into one form, a fraction;
compare. Comparing letters would turn away 0.5 where 1/2 is wanted, and looking for the number anywhere
would let through whoever mentions it. For a joke there is nothing to compare: no verifier.
"""

from __future__ import annotations

import random
import re
from fractions import Fraction

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="verifier",
    title="A verifier: is the final answer right?",
    layer="reinforcement learning",
    terms=("verifier", "verifiable-domain", "unverifiable-domain"),
    claim="A few lines tell right final answers from wrong ones in whatever way they are written; comparing "
    "strings turns right ones away, and searching for the number lets wrong ones through.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="2:48:26",
            claim="Where there is one right answer, a reward is easy: compare what stands in the box, or ask "
            "a model whether it agrees. Jokes and poems cannot be scored like that.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 58 % in",
            claim="Rewards can be checked in mathematics and code; rubrics try to extend that to the rest.",
        ),
    ),
    cannot_show="Real checkers also compare formulas, sets and units, run code, and still err in some of a "
    "hundred cases; a model in training finds such gaps.",
    mechanism=Mechanism(
        keyword="normal",
        off=False,
        without="One form for all: answers are compared as they are spelled.",
    ),
    knobs=(
        Knob(name="ways", low=1, high=6, help="ways in which an answer may be written"),
        Knob(name="doubts", low=0, high=1, help="share of problems whose answers name another number first"),
        Knob(name="remarks", low=0, high=1, help="share of answers with a remark on the work at the end"),
    ),
    tries=(
        Try(
            set={"doubts": 0},
            then=(
                "Let nobody name another number before the answer: the careless search now lets hardly "
                "any wrong answer through. A bad check looks good until a model learns to hedge."
            ),
            shows=lambda was, now: (
                now["accepted"]["number occurs"]["wrong"]
                < 0.2
                < was["accepted"]["number occurs"]["wrong"] - 0.5
            ),
        ),
        Try(
            set={"ways": 1},
            then=(
                "Let everybody write fractions alike: letter by letter, most right answers pass. The lazy "
                "check fails on freedom, not on mistakes."
            ),
            shows=lambda was, now: (
                now["accepted"]["same letters"]["right"]
                > 0.7
                > was["accepted"]["same letters"]["right"] + 0.3
            ),
        ),
        Try(
            set={"remarks": 1},
            then=(
                "End every answer with a remark on how many steps it took: all right answers without a "
                "box are turned away, since the last number is now another. Whoever is checked had better "
                "write the answer where the verifier looks."
            ),
            shows=lambda was, now: (
                now["accepted"]["verifier"]["right"] < 0.9 < was["accepted"]["verifier"]["right"] - 0.05
                and now["accepted"]["verifier"]["wrong"] < 0.02
            ),
        ),
    ),
    seconds=0.05,
)

NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?(?:\s*/\s*\d+)?\s*%?"
BOX = re.compile(r"\\boxed\{((?:[^{}]|\{[^{}]*\})*)\}")


def final_answer(text: str) -> str | None:
    """What stands in the last box; without a box, the last number."""
    found = BOX.findall(text) or re.findall(NUMBER, text)
    return found[-1] if found else None


def value(answer: str) -> Fraction | None:
    """The number that an answer stands for; None when it is none."""
    plain = re.sub(r"\\d?frac\{([^{}]+)\}\{([^{}]+)\}", r"\1/\2", answer)
    plain = re.sub(r"\\text\{.*?\}|\\[,;! ]|[$,\s]|\\(?=%)", "", plain)
    percent = plain.endswith("%")
    try:
        number = Fraction(plain.rstrip("%").rstrip("."))
    except (ValueError, ZeroDivisionError):
        return None
    return number / 100 if percent else number


def verified(text: str, wanted: Fraction) -> bool:
    """Whether the final answer of ``text`` is ``wanted``."""
    answer = final_answer(text)
    return answer is not None and value(answer) == wanted


def same_letters(text: str, wanted: Fraction) -> bool:
    """The lazy way: letter by letter."""
    return final_answer(text) == str(wanted)


def occurs(text: str, wanted: Fraction) -> bool:
    """The careless way: does the number stand anywhere?"""
    return str(wanted) in text


def spellings(number: Fraction, used: int = 6) -> list[str]:
    """Ways to write a number."""
    n, d = number.numerator, number.denominator
    ways = [rf"\boxed{{{n}/{d}}}", rf"\boxed{{\frac{{{n}}}{{{d}}}}}", rf"\boxed{{{2 * n}/{2 * d}}}"]
    if 100 % d == 0:
        ways += [rf"\boxed{{{float(number)}}}", rf"so it is {float(number)}.", rf"\boxed{{{100 * n // d}\%}}"]
    return ways[:used]


CHECKS = {"same letters": same_letters, "number occurs": occurs, "verifier": verified}
GIVEN = (  # what a model may write where 1/2 is wanted, and whether that is right
    (r"The chance is \boxed{1/2}", True),
    (r"\boxed{\frac{2}{4}}", True),
    ("so it comes to 0.5.", True),
    (r"\boxed{50\%}", True),
    (r"Not 1/2, as one might think, but \boxed{1/3}", False),
    ("1/2 or 1/3 or 1/4", False),
    (r"\boxed{1/20}", False),
)


def run(
    seed: int = 0,
    *,
    text: str | None = None,
    normal: bool = True,
    ways: int = 6,
    doubts: float = 1.0,
    remarks: float = 0.0,
) -> Numbers:
    """Right and wrong answers to random fractions; ``text``, if given, is checked for 1/2."""
    chance = random.Random(seed)
    checks = CHECKS if normal else CHECKS | {"verifier": same_letters}
    hits = {name: {"right": 0, "wrong": 0} for name in checks}
    cases = {"right": 0, "wrong": 0}
    for _ in range(200):
        wanted = Fraction(chance.randint(1, 19), chance.choice((2, 4, 5, 10, 20)))
        doubtful = doubts == 1 or chance.random() < doubts
        wrong = wanted + Fraction(chance.choice((-1, 1)), chance.choice((3, 10)))
        texts = [
            ("right", f"I think {wrong}. No: {one}" if doubtful else one) for one in spellings(wanted, ways)
        ]
        texts += [
            ("wrong", f"It could be {wanted}, but: {one}" if doubtful else one)
            for one in spellings(wrong, ways)
        ]
        for kind, said in texts:
            remark = (
                f" That took {chance.randint(2, 9)} steps." if remarks and chance.random() < remarks else ""
            )
            written = said + remark
            cases[kind] += 1
            for name, accepts in checks.items():
                hits[name][kind] += accepts(written, wanted)
    accepted = {name: {kind: hits[name][kind] / cases[kind] for kind in cases} for name in checks}
    shown = [(text, None)] if text is not None else GIVEN
    half = Fraction(1, 2)
    table = [
        {"text": one, "right": right, **{name: accepts(one, half) for name, accepts in checks.items()}}
        for one, right in shown
    ]
    return {"cases": cases, "accepted": accepted, "table": table}


def check(numbers: Numbers) -> None:
    accepted = numbers["accepted"]
    expect(accepted["verifier"]["right"] > 0.99, "right answers pass, however written")
    expect(accepted["verifier"]["wrong"] < 0.01, "wrong ones do not")
    expect(accepted["same letters"]["right"] < 0.5, "letter by letter, most right ones are turned away")
    expect(accepted["number occurs"]["wrong"] > 0.5, "searched for, wrong ones get through")
    expect(all(row["right"] in (row["verifier"], None) for row in numbers["table"]), "so in the examples")


def lines(numbers: Numbers) -> list[str]:
    def mark(row: Numbers, name: str) -> str:
        return "passes" if row[name] else "-"

    return [
        f"{'Wanted: 1/2. The model ends with':<46}" + "".join(f"{name:>17}" for name in CHECKS),
        *(
            f"  {' '.join(row['text'].split())[:44]:<44}"
            + "".join(f"{mark(row, name):>17}" for name in CHECKS)
            for row in numbers["table"]
        ),
        *(
            f"{f'{count:,} {kind} answers: pass':<46}"
            + "".join(f"{numbers['accepted'][name][kind]:>17.0%}" for name in CHECKS)
            for kind, count in numbers["cases"].items()
        ),
        "Such a check is a reward that cannot be talked into anything. But ask for a joke: what is wanted?",
        "There is nothing to compare with, and no reward to be had this way.",
    ]
