"""Knowledge of self: a model says about itself what its texts say about such models.

There is nobody in there to ask. "Who built you?" is the beginning of a text like any other, and it goes on
as it mostly does in what was read; on the web that is with the name of the best known assistant. Two ways
lead to another answer: conversations about itself among those it is fine-tuned on, or a message before the
conversation that states it, from which it only has to copy.
"""

from __future__ import annotations

import random
from collections import Counter

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

LOOK_BACK = 6  # words

DEMO = Demo(
    name="knowledge_of_self",
    title="Knowledge of self: who built you?",
    layer="post-training",
    terms=("knowledge-of-self", "system-prompt"),
    claim="Asked who built it, a model gives the name that its texts give most; a few conversations in the "
    "fine-tuning data, or a system message, change the answer.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:41:46",
            claim="Falcon says that OpenAI built it. OLMo mixes 240 written-out conversations about itself "
            "into a million; others put it into a system message that is not shown.",
        ),
    ),
    cannot_show="The toy knows only a few wordings. A large model also joins what it reads about itself to "
    "the rest of what it knows, and may still slip in an unusual conversation.",
    mechanism=Mechanism(
        keyword="says_so",
        off=False,
        without="What they say: conversations and system message are there, but do not name who built the "
        "model.",
    ),
    knobs=(
        Knob(name="about_itself", low=1, high=50, help="conversations about itself"),
        Knob(name="trust", low=0.01, high=100, help="how much the prompt counts against the texts"),
        Knob(name="look_back", low=1, high=LOOK_BACK, help="words that it looks back"),
    ),
    tries=(
        Try(
            set={"about_itself": 1},
            then=(
                "Write 1 conversation about itself instead of 4: it alone outdoes 180 pages of the web, "
                "for it begins just as the question does."
            ),
            shows=lambda _, now: (
                now["about_itself"] == 1
                and now["answers"]["conversations about itself"].get(now["own"], 0) > 0.9
            ),
        ),
        Try(
            set={"trust": 0.1},
            then=(
                "Let the prompt count a tenth of what the texts do: a system message no longer helps, "
                "though it says who built it. Being told is worth what copying is worth."
            ),
            shows=lambda was, now: (
                now["answers"]["system message"].get(now["own"], 0)
                < 0.2
                < was["answers"]["system message"].get(was["own"], 0)
            ),
        ),
        Try(
            set={"look_back": 4},
            then=(
                "Let it look back 4 words instead of 6: 'I was built by' is all that it sees, as on the "
                "web, and its conversations are outdone by 180 pages. They counted only because the "
                "question stood before them."
            ),
            shows=lambda was, now: (
                now["answers"]["conversations about itself"].get(now["own"], 0)
                < 0.1
                < was["answers"]["conversations about itself"].get(was["own"], 0)
            ),
        ),
    ),
    seconds=0.3,
)

TRUST = 20.0  # how much the prompt counts against the texts
MAKERS = {"OpenAI": 120, "Google": 30, "Anthropic": 20, "Meta": 10}  # pages of the web that name each
OWN, CONVERSATIONS, ABOUT_ITSELF = "Ai2", 4000, 4
QUESTION = "<user> who built you ? <assistant> I was built by"
CITIES = "Rome Paris Lima Cairo Delhi Oslo Seoul Quito".split()
Model = dict[tuple[str, ...], Counter[str]]


def learn(model: Model, text: str) -> None:
    """Count what follows each run of up to ``LOOK_BACK`` words; pages and conversations alike."""
    words = text.split()
    for at, word in enumerate(words):
        for length in range(min(at, LOOK_BACK) + 1):
            model.setdefault(tuple(words[at - length : at]), Counter())[word] += 1


def read(model: Model, text: list[str], look_back: int = LOOK_BACK) -> Counter[str]:
    """What followed the longest ending of ``text`` that was ever read."""
    for start in range(max(0, len(text) - look_back), len(text) + 1):
        if (ending := tuple(text[start:])) in model:
            return model[ending]
    return Counter()


def copied(text: list[str]) -> Counter[str]:
    """What followed the last two words where they stood earlier in the text itself."""
    return Counter(text[i + 2] for i in range(len(text) - 2) if text[i : i + 2] == text[-2:])


def answers(model: Model, prompt: str, trust: float = TRUST, look_back: int = LOOK_BACK) -> dict[str, float]:
    """The share of every next word: from the texts, and from the prompt itself; the likeliest first."""
    text, shares = prompt.split(), dict[str, float]()
    for counts, weight in ((read(model, text, look_back), 1.0), (copied(text), trust)):
        for word, count in counts.items():
            shares[word] = shares.get(word, 0) + weight * count / counts.total()
    total = sum(shares.values())
    return {word: share / total for word, share in sorted(shares.items(), key=lambda item: -item[1])}


def run(
    seed: int = 0,
    *,
    text: str = OWN,
    says_so: bool = True,
    about_itself: int = ABOUT_ITSELF,
    trust: float = TRUST,
    look_back: int = LOOK_BACK,
) -> Numbers:
    """Ask a model of the web, one with 4 conversations about itself, one with a system message.

    ``text`` is the name (one word) that the builder would like to hear.
    """
    own = "".join(text.split()) or OWN
    chance = random.Random(seed)
    names = [name for name, pages in MAKERS.items() for _ in range(pages)]
    pages = [f"asked , the assistant said : I was built by {name} ." for name in names]
    talks = [
        f"<user> where is {city} ? <assistant> {city} is on the map ."
        for city in chance.choices(CITIES, k=CONVERSATIONS - ABOUT_ITSELF)
    ]
    about = [f"{QUESTION} {own} ." if says_so else talks[0]] * about_itself
    system = f"<system> you were built by {own} . {QUESTION}" if says_so else f"<system> be kind . {QUESTION}"

    model = Model()
    for page in pages + talks:
        learn(model, page)
    said = {
        "neither": answers(model, QUESTION, trust, look_back),
        "system message": answers(model, system, trust, look_back),
    }
    for page in about:
        learn(model, page)
    said["conversations about itself"] = answers(model, QUESTION, trust, look_back)
    return {
        "own": own,
        "about_itself": about_itself,
        "look_back": look_back,
        "pages": {name: count / len(names) for name, count in MAKERS.items()},
        "answers": said,
    }


def check(numbers: Numbers) -> None:
    own, said = numbers["own"], numbers["answers"]
    often = max(numbers["pages"], key=numbers["pages"].get)
    expect(next(iter(said["neither"])) == often, "without help it is whom its texts name most")
    expect(abs(said["neither"][often] - numbers["pages"][often]) < 0.05, "as often as they name it")
    for way in ("conversations about itself", "system message"):
        expect(said[way].get(own, 0) > 0.9, f"{way}: it gives its builder's name")


def lines(numbers: Numbers) -> list[str]:
    own, said, about = numbers["own"], numbers["answers"], numbers["about_itself"]
    names = [*MAKERS, own]
    return [
        f"180 pages of the web have an assistant say who built it. Who built this one? {own} did.",
        "<user> who built you ? <assistant> I was built by …",
        f"{'':<32}" + "".join(f"{name[:12]:>13}" for name in names),
        f"{'named on the web':<32}" + "".join(f"{numbers['pages'].get(name, 0):>13.0%}" for name in names),
        *(
            f"{way:<32}" + "".join(f"{shares.get(name, 0):>13.0%}" for name in names)
            for way, shares in said.items()
        ),
        f"System message: 'you were built by {own}' stands before the question. Copying does the rest.",
        f"Conversations about itself: {about} among {CONVERSATIONS:,}. Only they go on like this in",
        "the assistant's own voice, "
        + (
            "so they outdo 180 pages."
            if numbers["look_back"] > 4
            else "but their beginning is further back than it looks."
        ),
        "Left alone, the model is no witness: it says what is mostly said.",
    ]
