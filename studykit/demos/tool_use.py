"""Tool use: the model writes a request, the program around it runs the tool and pastes the result.

A model can only write tokens. So a few special tokens get a meaning for the program that runs it: when
the model closes a search request, the program stops writing, looks the request up, puts what it found
into the text as if it had been there, and lets the model go on. From then on the fact stands in the
context, where the model can copy it instead of guessing.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="tool_use",
    title="Tool use: special tokens, a program that waits for them, and pasted results",
    layer="post-training",
    terms=("tool-use", "web-search"),
    claim="With a search tool a model answers rightly what it never learned and what has changed since; "
    "without it, it answers from memory or guesses.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:20:32",
            claim="The model emits a search start, a query and a search end; the program pauses, searches, "
            "and pastes the text into the context window, which is working memory.",
        ),
        Said(
            talk="Lex Fridman Podcast #490, State of AI in 2026",
            where="about 19 % in",
            claim="Tool use unlocks much; gpt-oss was the first open-weight model trained for it.",
        ),
    ),
    cannot_show="Here the model is a few rules. A real one learns from examples when to search and what "
    "for, and can be misled by what the search brings.",
    mechanism=Mechanism(
        keyword="pasted",
        off=False,
        without="Pasting: the program searches, but what it found does not get into the text.",
    ),
    knobs=(
        Knob(name="moved", low=0, high=10, help="of the ten people that it knows, how many have moved since"),
        Knob(name="wrong_pages", low=0, high=1, help="share of the pages that name a wrong city"),
        Knob(name="old_pages", low=0, high=10, help="people whose page of before they moved comes first"),
    ),
    tries=(
        Try(
            set={"wrong_pages": 0.3},
            then=(
                "Let three pages in ten be wrong: with the search it now errs about people whom it knew. "
                "It takes what stands in the context for true."
            ),
            shows=lambda _, now: now["right"]["with search"]["known"] < now["right"]["alone"]["known"],
        ),
        Try(
            set={"moved": 10},
            then=(
                "Let all ten people that it knew have moved: alone it is wrong about every one of them, "
                "and would do better by guessing. With the search it makes no difference."
            ),
            shows=lambda was, now: (
                now["right"]["alone"]["known, moved since"] == 0 < now["asked"]["known, moved since"] - 8
                and sum(now["right"]["with search"].values()) == sum(was["right"]["with search"].values())
            ),
        ),
        Try(
            set={"old_pages": 5},
            then=(
                "Let the old pages of those 5 who moved come first: with the search every one of them is "
                "wrong, just as from memory. A search confirms what was once true as readily as what is."
            ),
            shows=lambda was, now: (
                now["right"]["with search"]["known, moved since"] == 0
                and was["right"]["with search"]["known, moved since"] == 5
                and now["right"]["with search"]["never met"] == was["right"]["with search"]["never met"]
            ),
        ),
    ),
    seconds=0.1,
)

SEARCH, SEARCH_END, RESULT, RESULT_END, END = "<search>", "</search>", "<result>", "</result>", "<end>"
CITIES = "Rome Paris Lima Cairo Delhi Oslo Seoul Quito".split()
PEOPLE = [a + b for a in ("An", "Be", "Ca", "Do", "El") for b in ("ra", "lo", "mi", "ne", "su", "ta")]

Model = Callable[[list[str]], str]  # what stands written -> the next word
Tool = Callable[[list[str]], list[str]]  # the words of a request -> the words found


def generate(model: Model, prompt: str, tool: Tool) -> list[str]:
    """The whole loop: the model's words are appended one by one; a finished request is served."""
    text = prompt.split()
    while text[-1] != END and len(text) < 60:
        text.append(model(text))
        if text[-1] == SEARCH_END:
            start = len(text) - 1 - text[::-1].index(SEARCH)
            text += [RESULT, *tool(text[start + 1 : -1]), RESULT_END]  # none of it was written by the model
    return text


def search(documents: list[str], request: list[str]) -> list[str]:
    """The document that shares most words with the request, or nothing."""
    best = max(documents, key=lambda document: len({*document.split()} & {*request}))
    return best.split() if {*best.split()} & {*request} else []


def make_model(memory: dict[str, str], *, knows_tool: bool, chance: random.Random) -> Model:
    """A stand-in for a trained model; ``memory`` is what its weights recall: person -> city."""

    def next_word(text: list[str]) -> str:
        person, written = text[text.index("does") + 1], text[text.index("?") + 1 :]
        if RESULT in written:  # the fact is in the context: copy what stands after "lives in"
            found, since = (written[: written.index(RESULT_END)], written[written.index(RESULT_END) + 1 :])
            city = found[found.index("in") + 1] if "in" in found else chance.choice(CITIES)
            return ["in", city, END][len(since)]
        if knows_tool:
            return [SEARCH, person, "home", SEARCH_END][len(written)]
        return ["in", memory.get(person) or chance.choice(CITIES), END][len(written)]

    return next_word


def run(
    seed: int = 0, *, pasted: bool = True, moved: int = 5, wrong_pages: float = 0.0, old_pages: int = 0
) -> Numbers:
    """Ask for the homes of 30 people of whom the model knew 10, 5 of whom have moved since."""
    chance = random.Random(seed)
    people = chance.sample(PEOPLE, len(PEOPLE))
    memory = {person: chance.choice(CITIES) for person in people[:10]}
    home = {person: memory.get(person) or chance.choice(CITIES) for person in people}
    for person in people[:moved]:  # moved after the training
        home[person] = chance.choice([city for city in CITIES if city != memory[person]])
    told = (
        {
            who: CITIES[CITIES.index(city) - 1] if chance.random() < wrong_pages else city
            for who, city in home.items()
        }
        if wrong_pages
        else home
    )
    pages = [*list(memory.items())[:old_pages], *told.items()]
    documents = [f"{person} lives in {city} ." for person, city in pages]

    def tool(request: list[str]) -> list[str]:
        return search(documents, request) if pasted else []

    groups = {"known, moved since": people[:moved], "known": people[moved:10], "never met": people[10:]}
    right: dict[str, dict[str, int]] = {}
    texts: dict[str, str] = {}
    for way, knows_tool in (("alone", False), ("with search", True)):
        model = make_model(memory, knows_tool=knows_tool, chance=chance)
        said = {person: generate(model, f"where does {person} live ?", tool) for person in people}
        right[way] = {
            group: sum(said[person][-2] == home[person] for person in whom) for group, whom in groups.items()
        }
        texts[way] = " ".join(said[people[0]])
    return {
        "asked": {group: len(whom) for group, whom in groups.items()},
        "right": right,
        "texts": texts,
        "document": documents[-len(told)],  # the newest of the first person
        "pasted": documents[0] in texts["with search"],
    }


def check(numbers: Numbers) -> None:
    alone, searching = (sum(numbers["right"][way].values()) for way in ("alone", "with search"))
    asked = sum(numbers["asked"].values())
    expect(numbers["pasted"], "what was found stands in the text")
    expect(searching == asked, "with search every answer is right")
    expect(alone < 0.6 * asked, "alone less than 60 %")
    expect(numbers["right"]["alone"]["known, moved since"] == 0, "memory holds what was true in training")


def lines(numbers: Numbers) -> list[str]:
    right = numbers["right"]
    before, _, after = numbers["texts"]["with search"].partition(f" {SEARCH_END} ")
    return [
        f"A page on the web says: {numbers['document']} It is newer than the model. Alone, the model writes",
        f"   {numbers['texts']['alone']}",
        "With a search tool it writes a request, and stops:",
        f"   {before} {SEARCH_END}",
        "Now the program around it searches, pastes what it found, and lets the model go on:",
        f"   {after}",
        f"{'right answers':<24}{'asked':>7}{'alone':>9}{'with search':>14}",
        *(
            f"   {group:<21}{asked:>7}{right['alone'][group]:>9}{right['with search'][group]:>14}"
            for group, asked in numbers["asked"].items()
        ),
        "The weights are as they were. The fact was put where the model can read it: into the context.",
    ]
