"""A language filter: three letters at a time tell languages apart, and what goes is not learned.

Count which runs of three letters a language has. A new sentence is in the language in which its runs are
most usual; most of its words may be new. So keep the pages that are mostly English, and train a
model on them. It gets a little better at English, and cannot spell the language that was taken away.
"""

from __future__ import annotations

import math
import random
from collections import Counter

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="language_filter",
    title="A language filter: what goes is not learned",
    layer="data and tokens",
    terms=("language-identification", "language-filtering"),
    claim="Runs of three letters tell four languages apart, also by words that are new; a model trained on "
    "the pages that pass an English filter is far worse at Spanish than one trained on all.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:01:00",
            claim="A classifier guesses the language, and FineWeb keeps pages with more than 65 % English. "
            "Whoever filters out all Spanish gets a model that is not good at Spanish.",
        ),
    ),
    cannot_show="FineWeb's .65 is how sure its classifier is of a whole page, not the share of English in "
    "it. Real pages mix languages within a sentence, and related languages are harder to tell apart.",
    mechanism=Mechanism(
        keyword="filters",
        off=False,
        without="The filter: pages in all languages are kept, so the model learns them all.",
    ),
    knobs=(
        Knob(name="letters", low=1, high=5, help="letters in a run by which languages are told apart"),
        Knob(name="taught", low=1, high=100, help="sentences of each language shown to the classifier"),
        Knob(name="threshold", low=0, high=1, help="share of a page's sentences that must be English"),
    ),
    tries=(
        Try(
            set={"threshold": 0.4},
            then="Keep pages that are more than 40 % English: no page in Spanish comes back, only those "
            "that are half English. They are enough to learn most of the Spanish.",
            shows=lambda as_it_is, turned: (
                turned["loss"]["kept"]["Spanish"]
                < (as_it_is["loss"]["kept"]["Spanish"] + as_it_is["loss"]["all"]["Spanish"]) / 2
                and turned["kept"]["Spanish"] == 0
            ),
        ),
        Try(
            set={"letters": 1},
            then="Look at single letters, without their neighbours: even that tells the language of over "
            "80 % of the sentences. How often each letter comes is a fingerprint.",
            shows=lambda as_it_is, turned: 0.8 < turned["told"] < as_it_is["told"] - 0.05,
        ),
        Try(
            set={"taught": 3},
            then="Show the classifier three sentences of each language instead of 60: it still tells more "
            "than 90 % apart. Languages give themselves away in a few words.",
            shows=lambda as_it_is, turned: 0.9 < turned["told"] < as_it_is["told"] - 0.005,
        ),
    ),
    equation=r"\hat{L} = \operatorname{argmax}_L \sum_i \log P(c_i \mid c_{i-2}\, c_{i-1},\, L)",
    letters="L: a language; c: the letters of the sentence.",
    seconds=0.7,
)

LANGUAGES = {  # articles, nouns, verbs, prepositions
    "English": "the a this our|house street bread water child winter letter bridge flower window market "
    "teacher friend kitchen shoulder morning|sees finds wants takes brings knows carries keeps|"
    "with from under behind near without",
    "Spanish": "el la un esta|casa calle pan agua niño invierno carta puente flor ventana mercado "
    "maestro amigo cocina hombro mañana|mira encuentra quiere toma trae conoce lleva guarda|"
    "con desde bajo detrás cerca sin",
    "German": "der die ein unser|Haus Straße Brot Wasser Kind Winter Brief Brücke Blume Fenster Markt "
    "Lehrer Freund Küche Schulter Morgen|sieht findet will nimmt bringt kennt trägt behält|"
    "mit von unter hinter neben ohne",
    "French": "le la une notre|maison rue pain eau enfant hiver lettre pont fleur fenêtre marché "
    "maître ami cuisine épaule matin|voit trouve veut prend apporte connaît porte garde|"
    "avec depuis sous derrière près sans",
}
CRAWL = {"English": 60, "Spanish": 20, "German": 10, "French": 10, "half Spanish": 15}  # pages
SENTENCES, TESTED = 10, 100
END = "\n"


def write(language: str, chance: random.Random, half: int) -> str:
    """A sentence; the classifier is taught with one half of the nouns and verbs, pages have the other."""
    articles, nouns, verbs, links = (part.split() for part in LANGUAGES[language].split("|"))
    noun, verb = nouns[half::2], verbs[half::2]
    parts = (articles, noun, verb, articles, noun, links, articles, noun)
    return " ".join(chance.choice(part) for part in parts).lower()


class Letters:
    """Which letter follows each run of letters, counted; what was never seen gets a little."""

    def __init__(self, texts: list[str], letters: int) -> None:
        self.letters = letters
        self.runs, self.begun = Counter[str](), Counter[str]()
        for text in texts:
            for run in self.cut(text):
                self.runs[run] += 1
                self.begun[run[:-1]] += 1

    def cut(self, text: str) -> list[str]:
        padded = END * (self.letters - 1) + text + END
        return [padded[i : i + self.letters] for i in range(len(text) + 1)]

    def bits(self, text: str) -> float:
        """What one letter of the text costs, on average."""
        chances = [(self.runs[run] + 0.02) / (self.begun[run[:-1]] + 0.02 * 40) for run in self.cut(text)]
        return -sum(map(math.log2, chances)) / len(chances)


def guess(known: dict[str, Letters], sentence: str) -> str:
    """The language in which the sentence is least surprising."""
    return min(known, key=lambda language: known[language].bits(sentence))


def crawl(chance: random.Random) -> list[tuple[str, list[str]]]:
    """Pages of ten sentences, with their kind, which no filter looks at."""
    pages = []
    for kind in (kind for kind, count in CRAWL.items() for _ in range(count)):
        spoken = ["English", "Spanish"] if kind == "half Spanish" else [kind]
        pages.append((kind, [write(spoken[i % len(spoken)], chance, 1) for i in range(SENTENCES)]))
    return pages


def run(
    seed: int = 0, *, letters: int = 3, taught: int = 60, threshold: float = 0.65, filters: bool = True
) -> Numbers:
    """Teach the classifier, filter a crawl with it, and train a model on all pages and on the kept ones."""
    chance = random.Random(seed)
    known = {name: Letters([write(name, chance, 0) for _ in range(taught)], letters) for name in LANGUAGES}
    tests = {name: [write(name, chance, 1) for _ in range(TESTED)] for name in LANGUAGES}
    right = sum(guess(known, one) == name for name, new in tests.items() for one in new)
    pages = crawl(chance)
    english = [sum(guess(known, one) == "English" for one in page) / SENTENCES for _, page in pages]
    passed = [page for page, share in zip(pages, english, strict=True) if not filters or share > threshold]
    models = {
        name: Letters([sentence for _, page in read for sentence in page], 3)
        for name, read in (("all", pages), ("kept", passed))
    }
    return {
        "letters": letters,
        "taught": taught,
        "threshold": threshold,
        "example": tests["Spanish"][0],
        "told": right / (TESTED * len(tests)),
        "kept": {kind: sum(one == kind for one, _ in passed) for kind in CRAWL},
        "loss": {
            name: {language: sum(map(model.bits, new)) / TESTED for language, new in tests.items()}
            for name, model in models.items()
        },
    }


def check(numbers: Numbers) -> None:
    everything, kept = numbers["loss"]["all"], numbers["loss"]["kept"]
    expect(numbers["told"] > 0.95, "three letters at a time tell the language of new sentences")
    expect(numbers["kept"]["English"] > 0.95 * CRAWL["English"], "English pages pass")
    expect(numbers["kept"]["Spanish"] == 0, "Spanish pages do not")
    expect(kept["English"] < everything["English"], "without the others English gets better")
    expect(everything["English"] - kept["English"] < 0.5, "but only a little")
    expect(kept["Spanish"] > everything["Spanish"] + 2, "and Spanish far worse")


def lines(numbers: Numbers) -> list[str]:
    loss = numbers["loss"]
    return [
        f"Four languages, told apart by runs of {numbers['letters']}, "
        f"from {numbers['taught']} sentences of each.",
        f"New sentences with new nouns and verbs, as “{numbers['example']}”:",
        f"   {numbers['told']:.1%} are told right.",
        f"Pages of {SENTENCES} sentences; kept are those "
        f"with more than {numbers['threshold']:.0%} English ones:",
        f"   {'':<12}" + "".join(f"{kind:>14}" for kind in CRAWL),
        f"   {'crawled':<12}" + "".join(f"{count:>14}" for count in CRAWL.values()),
        f"   {'kept':<12}" + "".join(f"{count:>14}" for count in numbers["kept"].values()),
        "A model learns to spell from the pages. Bits a letter on new sentences:",
        f"   {'':<12}" + "".join(f"{language:>14}" for language in LANGUAGES),
        *(
            f"   {'on ' + name:<12}" + "".join(f"{bits:>14.2f}" for bits in row.values())
            for name, row in loss.items()
        ),
        f"English gains {loss['all']['English'] - loss['kept']['English']:.2f} bits, "
        f"Spanish loses {loss['kept']['Spanish'] - loss['all']['Spanish']:.1f}: it was never asked for.",
    ]


def plot(numbers: Numbers) -> str:
    values = {
        f"{language}, {name}": round(bits, 2)
        for language in LANGUAGES
        for name, bits in ((name, row[language]) for name, row in numbers["loss"].items())
    }
    return svg.bars("Bits a letter: trained on all pages, and on those kept", values)
