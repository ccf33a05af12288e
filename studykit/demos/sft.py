"""Supervised fine-tuning: the same training step goes on, only with other texts.

Pre-training has read where everybody lives, but after a question its pages bring more questions. A few
dozen conversations, written by labelers, show how an assistant answers. They teach the manner, not the
facts: asked about people who are in none of the conversations, the model answers in the labelers' manner
with what it knows from its pages. Other labelers make another assistant out of the same model.
"""

from __future__ import annotations

import numpy as np

from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect
from studykit.demos.three_stages import WINDOW, Floats, Tokens, learn, say

DEMO = Demo(
    name="sft",
    title="Supervised fine-tuning: same step, other texts",
    layer="post-training",
    terms=("instruction-tuning", "conversation-dataset", "instruct-model", "labeler-simulation"),
    claim="A few conversations turn a model that continues pages into one that answers, in the manner of "
    "those who wrote them, with facts from pre-training.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="01:01:06",
            claim="The algorithm stays, the data set is swapped for conversations: three months of "
            "pre-training, three hours of this. What answers is a simulation of a labeler.",
        ),
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="02:07:28",
            claim="Pre-training is reading the textbook, supervised fine-tuning is studying worked examples.",
        ),
    ),
    cannot_show="Real conversations teach facts too, for better and worse; here they repeat only what the "
    "pages already said.",
    mechanism=Mechanism(
        keyword="pretrained",
        off=False,
        without="Pre-training: the same conversations, from weights that know nothing.",
    ),
    knobs=(
        Knob(name="conversations", low=1, high=12, help="conversations that it is fine-tuned on"),
        Knob(name="lessons", low=1, high=100, help="times that they are read"),
    ),
    tries=(
        Try(
            set={"conversations": 1},
            then=(
                "Show it 1 conversation instead of 12: it answers all others rightly, in that one's "
                "manner. Nothing had to be learned but that questions get answers."
            ),
            shows=lambda _, now: now["conversations"] == 1 and _right(now, "curt") > 0.9,
        ),
        Try(
            set={"lessons": 1},
            then=(
                "Let it read them once: answers are right at once, long before the words of a new "
                "conversation stop surprising it. The loss goes on falling after the behaviour has "
                "changed."
            ),
            shows=lambda was, now: (
                _right(now, "curt") > 0.9 and now["losses"]["curt"][1] > 2 * was["losses"]["curt"][1]
            ),
        ),
        Try(
            set={"lessons": 100},
            then=(
                "Let it read them 100 times: new conversations surprise it more than after 8 times. It "
                "has begun to learn the 12 people by heart."
            ),
            shows=lambda was, now: now["losses"]["curt"][1] > was["losses"]["curt"][1] + 0.1,
        ),
    ),
    seconds=0.5,
)

READINGS, LESSONS = 120, 8
PEOPLE = [
    a + b for a in ("An", "Be", "Ca", "Do", "El", "Fi", "Gi", "Ha") for b in ("ra", "lo", "mi", "ne", "su")
]
CITIES = "Rome Paris Lima Cairo Delhi Oslo Seoul Quito".split()
MANNERS = {
    "warm": "gladly ! lives in {} . more questions ? <end>",
    "curt": "in {} . <end>",
}
KNOWN = ["_", *PEOPLE, *CITIES]
KNOWN += "where does live ? lives in . <user> <assistant> <end> gladly ! more questions".split()


def windows(texts: list[str]) -> tuple[Tokens, Tokens]:
    """Every word of the texts, (places,), and the words before it, (places, WINDOW)."""
    contexts, following = [], []
    for text in texts:
        words = [0] * WINDOW + [KNOWN.index(word) for word in text.split()]
        for i in range(WINDOW, len(words)):
            contexts.append(words[i - WINDOW : i])
            following.append(words[i])
    return np.array(contexts), np.array(following)


def train(model: Floats, texts: list[str], times: int) -> Floats:
    """Pre-training and fine-tuning are this one loop; ``learn`` makes the next word more probable."""
    model = model.copy()
    contexts, following = windows(texts)
    for _ in range(times):
        learn(model, contexts, following, np.ones(len(following)))
    return model


def loss(model: Floats, texts: list[str]) -> float:
    """Mean surprise at the next word, in nats."""
    contexts, following = windows(texts)
    return float(-np.log(say(model, contexts)[np.arange(len(following)), following]).mean())


def reply(model: Floats, prompt: str) -> str:
    """The likeliest next word, again and again, up to the end token or 10 words."""
    text, written = [0] * WINDOW + [KNOWN.index(word) for word in prompt.split()], list[str]()
    while len(written) < 10 and written[-1:] != ["<end>"]:
        chances = say(model, np.array([text[-WINDOW:]]))[0].round(9)  # alike on every processor
        text.append(int(chances.argmax()))
        written.append(KNOWN[text[-1]])
    return " ".join(written)


def run(
    seed: int = 0, *, pretrained: bool = True, conversations: int = 12, lessons: int = LESSONS
) -> Numbers:
    """Pre-train on pages, then fine-tune on 12 conversations of warm labelers, and on 12 of curt ones."""
    chance = np.random.default_rng(seed)
    people = chance.permutation(PEOPLE).tolist()
    home = {person: str(chance.choice(CITIES)) for person in people}
    pages = [f"{person} lives in {home[person]} ." for person in people]
    pages += [
        " ".join(f"where does {person} live ?" for person in chance.choice(people, 3)) for _ in range(40)
    ]
    shown, asked = people[:conversations], people[12:]

    base = np.zeros((len(KNOWN),) * 3)
    if pretrained:
        base = train(base, pages, READINGS)
    prompt = "<user> where does {} live ? <assistant>"
    replies = {"(none)": [reply(base, f"where does {person} live ?") for person in asked]}
    losses = {}
    for manner, answer in MANNERS.items():
        talks = {person: f"{prompt.format(person)} {answer.format(home[person])}" for person in people}
        tuned = train(base, [talks[person] for person in shown], lessons)
        held_out = [talks[person] for person in asked]
        losses[manner] = [loss(base, held_out), loss(tuned, held_out)]
        replies[manner] = [reply(tuned, prompt.format(person)) for person in asked]
    return {
        "words_read": READINGS * len(windows(pages)[1]),
        "words_shown": lessons * len(windows([talks[person] for person in shown])[1]),
        "conversations": conversations,
        "asked": asked,
        "homes": [home[person] for person in asked],
        "replies": replies,
        "losses": losses,
    }


def _answered(numbers: Numbers, who: str) -> float:
    """Share of the replies that are an answer, and end."""
    return float(np.mean([" in " in f" {said}" and "<end>" in said for said in numbers["replies"][who]]))


def _right(numbers: Numbers, who: str) -> float:
    pairs = zip(numbers["homes"], numbers["replies"][who], strict=True)
    return float(np.mean([f" in {home} " in f" {said}" for home, said in pairs]))


def check(numbers: Numbers) -> None:
    expect(_answered(numbers, "(none)") == 0, "before, no question is answered")
    for manner in MANNERS:
        before, after = numbers["losses"][manner]
        expect(_answered(numbers, manner) > 0.95, "after, every question is answered")
        expect(_right(numbers, manner) > 0.85, "rightly, about people of whom no conversation told")
        expect(after < 0.3 * before, "and new conversations surprise less")
    expect("gladly" in numbers["replies"]["warm"][0], "warm labelers make a warm assistant")
    expect("gladly" not in numbers["replies"]["curt"][0], "curt labelers a curt one")
    expect(numbers["words_shown"] < 0.05 * numbers["words_read"], "with a fraction of the training")


def lines(numbers: Numbers) -> list[str]:
    talks, read, person = numbers["conversations"], numbers["words_read"], numbers["asked"][0]
    shown = round(numbers["words_shown"], -2)
    return [
        f"Pre-training: {read:,} words, on who lives where. {person} lives in {numbers['homes'][0]}.",
        f"Fine-tuning, the same step: about {shown:,} words, {talks} conversations about other people.",
        f"Where does {person} live? And {len(numbers['asked']) - 1} more such questions:",
        "labelers    answered   right   the reply",
        *(
            f"{who:<10}{_answered(numbers, who):>10.0%}{_right(numbers, who):>8.0%}   {said[0]}"
            for who, said in numbers["replies"].items()
        ),
        *(
            f"New {manner} conversations: surprise per word {before:.1f} before, {after:.1f} after."
            for manner, (before, after) in numbers["losses"].items()
        ),
        f"The facts come from the pages. The manner is that of the {talks} conversations: "
        "whom you talk to is",
        "an imitation of the people who wrote them.",
    ]
