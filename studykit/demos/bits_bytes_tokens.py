"""Bits, bytes, tokens: the more symbols you know, the shorter the text becomes.

A computer keeps text as bits: two symbols, and a very long sequence. Take the bits by eights and you
have bytes: 256 symbols, an eighth of the length. Give frequent runs of bytes numbers of their own and
you have tokens: a few hundred symbols, shorter still. A model pays for every place in the sequence,
so it trades a larger vocabulary for a shorter text. Nothing is lost on the way.
"""

from __future__ import annotations

import random

from studykit.demos import svg
from studykit.demos.bpe import encode, train, vocabulary
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="bits_bytes_tokens",
    title="Bits, bytes, tokens: more symbols, shorter text",
    layer="data and tokens",
    terms=("token", "vocabulary", "byte", "utf-8"),
    claim="The same page gets shorter with every step from 2 symbols to 256 to several hundred.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:07:47",
            claim="Bits: two symbols, a very long sequence. Bytes: 256 symbols, eight times shorter. The "
            "length of the sequence is a scarce resource; GPT-4 uses 100,277 symbols.",
        ),
    ),
    cannot_show="The page repeats itself, so few merges shorten it much. Real tokenizers need about "
    "100,000 symbols for some four letters a token, and languages rare in their text get fewer symbols.",
    mechanism=Mechanism(
        keyword="merging",
        off=False,
        without="Merging: the vocabulary may not grow beyond the bytes, so the text gets no shorter than "
        "they are.",
    ),
    knobs=(
        Knob(
            name="merges",
            low=4,
            high=600,
            help="pairs that become a symbol of their own; a quarter of them in the row before",
        ),
        Knob(
            name="written",
            low=20,
            high=300,
            help="sentences, each in English and Chinese, from which the merges are learned",
        ),
    ),
    tries=(
        Try(
            set={"merges": 600},
            then=(
                "Ask for 600 merges: they run out before that, since no pair comes twice any more, and by "
                "then whole phrases are tokens, with the spaces between the words."
            ),
            shows=lambda was, now: (
                now["rows"][-1][1] < 256 + 550 and now["rows"][-1][2] < 0.4 * was["rows"][-1][2]
            ),
        ),
        Try(
            set={"written": 20},
            then=(
                "Learn the 200 merges from 20 sentences: another page then takes up to a third more "
                "tokens. A vocabulary suits the text that it was made from."
            ),
            shows=lambda was, now: (
                now["rows"][-1][2] / now["rows"][1][2] > 1.1 * was["rows"][-1][2] / was["rows"][1][2]
            ),
        ),
        Try(
            set={"merges": 60},
            then=(
                'Stop at 60 merges: a Chinese character still takes more than two tokens, while "the" '
                "with its space is one. The first merges go to what is frequent."
            ),
            shows=lambda was, now: (
                now["chinese_tokens"] > 2 * now["chinese_characters"]
                and was["chinese_tokens"] < 1.6 * was["chinese_characters"]
            ),
        ),
    ),
    seconds=0.3,
)

CONTEXT = 1024  # places in the sequence that a model can look at
MERGES = (50, 200)
WHO = (
    "my sister/我妹妹, our teacher/我们老师, the old man/那位老人, her friend/她朋友, the cook/厨师, "
    "a neighbour/一个邻居, the children/孩子们, your uncle/你叔叔"
)
DOES = "buys/买, likes/喜欢, forgets/忘记, brings/带来, wants/想要, paints/画, looks for/寻找, sells/卖"
WHAT = (
    "hot tea/热茶, fresh fish/鲜鱼, a red book/一本红书, two apples/两个苹果, old clocks/旧钟, "
    "white flowers/白花, the long letter/那封长信, a small boat/一条小船"
)
WHEN = "today/今天, on Sunday/星期天, every day/每天, in spring/春天, at night/夜里, after work/下班后"


def to_bits(data: bytes) -> str:
    """Eight symbols, each 0 or 1, for every byte."""
    return "".join(f"{byte:08b}" for byte in data)


def from_bits(bits: str) -> bytes:
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def sentences(chance: random.Random, count: int) -> str:
    """``count`` made-up sentences, each in English and in Chinese."""
    written = []
    for _ in range(count):
        drawn = [chance.choice(words.split(", ")).split("/") for words in (WHO, DOES, WHAT, WHEN)]
        english, (who, does, what, when) = [pair[0] for pair in drawn], [pair[1] for pair in drawn]
        written.append(f"{' '.join(english)}. {when}{who}{does}{what}。")
    return "\n".join(written)


def run(
    seed: int = 0,
    *,
    text: str | None = None,
    merging: bool = True,
    merges: int = MERGES[-1],
    written: int = 120,
) -> Numbers:
    """Learn tokens on one text and write another page with them; or both on your ``text``."""
    chance = random.Random(seed)
    lesson, page = (sentences(chance, written), sentences(chance, 20)) if text is None else (text, text)
    data = page.encode()
    bits = to_bits(data)
    rows: list[list[str | int]] = [  # how the page is written, symbols known, length, how it begins
        ["bits", 2, len(bits), bits[:24]],
        ["bytes (UTF-8)", 256, len(data), " ".join(map(str, data[:6]))],
    ]
    lossless = from_bits(bits) == data
    counts = (merges // 4, merges) if merging else (0, 0)
    learned = list(train(lesson.encode(), max(counts))[1].items())
    for count in counts:
        vocabulary_now = dict(learned[:count])
        tokens, spelled = encode(data, vocabulary_now), vocabulary(vocabulary_now)
        begins = "|".join(spelled[token].decode("utf-8", "backslashreplace") for token in tokens[:6])
        rows.append([f"tokens, {len(vocabulary_now)} merges", len(spelled), len(tokens), begins])
        lossless = lossless and b"".join(spelled[token] for token in tokens) == data
    chinese = "".join(c for c in page if "\u3000" <= c <= "\uffef")  # ideographs and their punctuation
    return {
        "rows": rows,
        "lossless": lossless,
        "characters": len(page),
        "chinese_characters": len(chinese),
        "chinese_bytes": len(chinese.encode()),
        "chinese_tokens": len(encode(chinese.encode(), dict(learned))),
    }


def check(numbers: Numbers) -> None:
    (_, _, bits, _), (_, _, shorter, _), *tokens = numbers["rows"]
    expect(numbers["lossless"], "every way of writing gives back the same text")
    expect(bits == 8 * shorter, "bytes are eight times shorter than bits")
    for name, _, length, _ in tokens:
        expect(length < 0.8 * shorter, f"{name}: shorter again by a fifth")
        shorter = length
    expect(numbers["chinese_bytes"] == 3 * numbers["chinese_characters"], "a Chinese character is 3 bytes")


def lines(numbers: Numbers) -> list[str]:
    rows = numbers["rows"]
    told = [
        f"One page of {numbers['characters']:,} characters, written in four ways:",
        f"{'':<20}{'symbols':>8}{'length':>8}  pages that fit in",
        f"{'':<20}{'known':>8}{'':>8}  {CONTEXT:,} places      the page begins",
    ]
    for name, known, length, begins in rows:
        told.append(f"{name:<20}{known:>8,}{length:>8,}{CONTEXT / length:>12.2f}           {begins[:32]}")
    if count := numbers["chinese_characters"]:
        told.append(
            f"The {count} Chinese characters on it take {numbers['chinese_bytes']} bytes, three each, "
            f"and {numbers['chinese_tokens']} tokens in the end."
        )
    told.append(f"From bits to tokens: {rows[0][2] / rows[-1][2]:.0f} times shorter, and not a bit is lost.")
    told.append("That is the trade: the model must know more symbols, and sees more text at once.")
    return told


def plot(numbers: Numbers) -> str:
    size = numbers["characters"]
    values = {f"{name} ({known})": round(length / size, 2) for name, known, length, _ in numbers["rows"]}
    return svg.bars("Places in the sequence for one character, by the symbols known", values)
