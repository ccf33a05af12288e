"""A base model does what the examples show, if it has read such pages; and it does not stop.

A base model goes on as pages like this one went on. Given a word alone, all kinds of pages may be meant.
Each example rules out pages that do not look like that, and soon those are left on which the wanted
answer stands. Nothing has been learned: the examples have found what was there. Mixed-up answers
find it too. And after the answer the page goes on, for to the model it is a page.
"""

from __future__ import annotations

import random
from collections import defaultdict
from functools import cache

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="few_shot_base",
    title="Examples tell a base model which page it is on",
    layer="inference",
    terms=("few-shot-learning", "prompting", "stop-sequence"),
    claim="A few examples make a base model give the kind of answer that they show, a few more do so with "
    "mixed-up answers; it goes on to write the next question too; what it never read they cannot teach.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:42:52",
            claim="Ten English-Korean pairs, or a few turns between a human and an assistant, make a base "
            "model answer; then it goes on with the human's next turn.",
        ),
        Said(
            talk="a Chinese podcast on language models",
            where="between 64 and 66 % in",
            claim="Examples in a prompt need not be matched: it is enough that questions and answers come "
            "from the right sets.",
        ),
    ),
    cannot_show="The model here looks pages up and weighs them; a large one has their patterns in its "
    "weights, and can join several of them into one that stood on no page.",
    mechanism=Mechanism(
        keyword="alike",
        off=False,
        without="What the examples have in common: each comes from another kind of page, so they find no "
        "page.",
    ),
    knobs=(
        Knob(name="pages", low=20, high=500, help="how many the model has read"),
        Knob(name="odd", low=0, high=8, help="how many examples, from the first on, are French"),
        Knob(name="percent", low=1, high=50, help="of the pages that hold what is asked for"),
    ),
    tries=(
        Try(
            set={"odd": 1},
            then="Let the first example be French: of 2 examples that spoils everything, of 8 nothing. Pages "
            "are weighed by all lines of the prompt together.",
            shows=lambda before, after: (
                after["right"]["as they are"][2] < before["right"]["as they are"][2] - 0.2
                and after["right"]["as they are"][4] > 0.9
            ),
        ),
        Try(
            set={"pages": 60},
            then="A model that has read 60 pages instead of 400: now eight examples bring less than 2 did "
            "before. They cannot make up for what was not read.",
            shows=lambda before, after: (
                after["right"]["as they are"][4] < before["right"]["as they are"][2] - 0.1
            ),
        ),
        Try(
            set={"percent": 50},
            then="Half of all pages are German: now the answer is German without any example, and asked with "
            "nothing but words spelled backwards as well. What is common needs no prompt.",
            shows=lambda before, after: (
                after["right"]["as they are"][0] > 0.9 and before["right"]["as they are"][0] < 0.1
            ),
        ),
    ),
    seconds=0.2,
)

WORDS = "dog cat house tree water bread book hand night sun moon fish milk hat door garden".split()
KINDS = {
    "plural": [word + ("es" if word == "fish" else "s") for word in WORDS],
    "French": "chien chat maison arbre eau pain livre main nuit soleil lune poisson lait chapeau porte "
    "jardin".split(),
    "Spanish": "perro gato casa árbol agua pan libro mano noche sol luna pez leche sombrero puerta "
    "jardín".split(),
    "German": "Hund Katze Haus Baum Wasser Brot Buch Hand Nacht Sonne Mond Fisch Milch Hut Tür "
    "Garten".split(),
}
ASKED, NEVER_READ = "German", [word[::-1] for word in WORDS]
LINES, SHOTS, PROMPTS = 6, (0, 1, 2, 4, 8), 50
PAIR, PAGE = 0.6, 0.3  # how much a page goes by its own line for a word, and by all its answers

Page = dict[str, str]  # word: answer


class BaseModel:
    """Has read pages, and goes on as those went on that are like the prompt."""

    def __init__(self, pages: list[Page]) -> None:
        self.pages = pages
        self.likely = cache(self._likely)

    def _likely(self, word: str, answer: str) -> list[float]:
        """For each page, how likely the line is on one like it; nothing is quite impossible."""
        return [
            PAIR * (page.get(word) == answer)
            + PAGE * (answer in page.values()) / len(page)
            + (1 - PAIR - PAGE) / (len(KINDS) * len(WORDS))
            for page in self.pages
        ]

    def weigh(self, prompt: list[tuple[str, str]]) -> list[float]:
        """How much each page counts, after the lines of the prompt: as much as it makes them likely."""
        weights = [1.0] * len(self.pages)
        for line in prompt:
            weights = [w * one for w, one in zip(weights, self.likely(*line), strict=True)]
        return weights

    def predict(self, prompt: list[tuple[str, str]], word: str) -> str:
        """The likeliest answer, over all pages that hold the word."""
        votes = defaultdict[str, float](float)
        for page, weight in zip(self.pages, self.weigh(prompt), strict=True):
            if word in page:
                votes[page[word]] += weight
        return max(sorted(votes), key=votes.__getitem__)

    def go_on(self, prompt: list[tuple[str, str]], word: str, chance: random.Random) -> str:
        """What the model writes: the answer, and what comes next on such a page."""
        answer = self.predict(prompt, word)
        page = chance.choices(self.pages, self.weigh([*prompt, (word, answer)]))[0]
        used = {word, *(one for one, _ in prompt)}
        rest = [f"{one} : {other}" for one, other in page.items() if one not in used]
        return " / ".join([answer, *rest[:2]])


def run(seed: int = 0, *, pages: int = 400, percent: int = 3, odd: int = 0, alike: bool = True) -> Numbers:
    """Ask for the German word, with 0 to 8 examples; nothing in a prompt says what is wanted."""
    chance = random.Random(seed)
    others = [kind for kind in KINDS if kind != ASKED]
    read = []
    for i in range(pages):
        kind = ASKED if i < max(1, pages * percent // 100) else chance.choices(others, (3, 2, 1))[0]
        read.append({WORDS[at]: KINDS[kind][at] for at in chance.sample(range(len(WORDS)), LINES)})
    model = BaseModel(read)
    right: dict[str, list[float]] = {"as they are": [], "mixed up": [], "never read": []}
    text, cut = "", ""
    for shots in SHOTS:
        hits = dict.fromkeys(right, 0)
        for _ in range(PROMPTS):
            at, *shown = chance.sample(range(len(WORDS)), shots + 1)
            kinds = [KINDS[ASKED if alike else chance.choice([*KINDS])] for _ in shown]
            kinds[:odd] = [KINDS["French"]] * min(odd, shots)
            mixed = shown[1:] + shown[:1] if shots > 1 else [chance.randrange(len(WORDS)) for _ in shown]
            prompts = {
                "as they are": [(WORDS[i], kind[i]) for i, kind in zip(shown, kinds, strict=True)],
                "mixed up": [(WORDS[i], kind[j]) for i, j, kind in zip(shown, mixed, kinds, strict=True)],
                "never read": [(WORDS[i], NEVER_READ[i]) for i in shown],
            }
            for way, prompt in prompts.items():
                wanted = NEVER_READ if way == "never read" else KINDS[ASKED]
                hits[way] += model.predict(prompt, WORDS[at]) == wanted[at]
        for way, count in hits.items():
            right[way].append(count / PROMPTS)
        if shots == 2:
            shown_prompt = prompts["as they are"]
            text = " / ".join([*(f"{a} : {b}" for a, b in shown_prompt), f"{WORDS[at]} :"])
            cut = model.go_on(shown_prompt, WORDS[at], chance)
    return {"right": right, "prompt": text, "written": cut, "percent": percent}


def check(numbers: Numbers) -> None:
    shown, mixed, never = (numbers["right"][way] for way in ("as they are", "mixed up", "never read"))
    expect(shown[0] < 0.1, "without examples the answer is not the wanted one")
    expect(shown[2] > 0.8, "with two examples it mostly is")
    expect(mixed[4] > 0.9, "with eight mixed-up ones too")
    expect(mixed[2] < shown[2] - 0.1, "of these it takes more")
    expect(max(never) < 0.05, "what it never read, examples do not teach it")
    expect(numbers["written"].count("/") == 2, "after the answer it goes on with other questions")


def lines(numbers: Numbers) -> list[str]:
    return [
        f"A base model has read pages of word lists; on {numbers['percent']} % of them answers are German.",
        "It gets a few lines and a word, and no word about what is wanted. German answers:",
        "   examples in the prompt                   " + "".join(f"{shots:>8}" for shots in SHOTS),
        *(
            f"   {name:<41}" + "".join(f"{share:>8.0%}" for share in numbers["right"][way])
            for way, name in (
                ("as they are", "German words, as they are"),
                ("mixed up", "German words, each beside a wrong one"),
                ("never read", "words spelled backwards, never read"),
            )
        ),
        "Examples find the pages that are like them. Mixed-up answers find them too, for they stand on the",
        "same pages; it takes more. But what stands on no page, no example can bring out.",
        f"Prompt:   {numbers['prompt']}",
        f"   …      {numbers['written']}",
        "The answer, and then the next questions with their answers: to the model it is a page. Whoever",
        "wants an answer alone cuts the text off at a line's end: a stop sequence.",
    ]


def plot(numbers: Numbers) -> str:
    series = {
        way: [(float(shots), share) for shots, share in zip(SHOTS, found, strict=True)]
        for way, found in numbers["right"].items()
    }
    return svg.lines("Examples in the prompt", series, x="examples", y="right")
