"""Chinese in tokens: the same sentence, and a bill that depends on what the tokenizer has read.

A Chinese character is three bytes. To a tokenizer that read English only, it is three tokens, some of which
are a third of a character. Let it read some Chinese, and the commonest characters become one token each,
then words of two characters. What a page costs, and how much of it a model can look at, is settled
there, before any training of the model.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from studykit.demos import svg
from studykit.demos.form import Demo, Knob, Mechanism, Numbers, Said, Try, expect

DEMO = Demo(
    name="chinese_tokens",
    title="Chinese in tokens: what a page costs",
    layer="data and tokens",
    terms=("tokenizer-fertility", "unicode", "vocabulary-size"),
    claim="In bytes a Chinese text is no longer than its English; in tokens it costs several times as much "
    "if the tokenizer was trained on English alone, and about as much if half of its text was Chinese.",
    said=(
        Said(
            talk="Deep Dive into LLMs like ChatGPT",
            where="00:07:47",
            claim="Text is bytes in UTF-8, of which frequent runs become tokens; the length of the sequence "
            "is a scarce resource, and the number of symbols is chosen.",
        ),
    ),
    cannot_show="Real tokenizers have 100,000 symbols and more, room for many languages; newer ones spend "
    "about one token on a Chinese character. These sentences use few words, so few symbols go far.",
    mechanism=Mechanism(
        keyword="reads_chinese",
        off=False,
        without="Chinese in the tokenizer's training text: English stands in its place, so every character "
        "stays three tokens.",
    ),
    knobs=(
        Knob(name="merges", low=0, high=600, help="pairs that become a symbol, besides the 256 bytes"),
        Knob(name="most", low=0.3, high=1, help="share of Chinese in what the last tokenizer reads"),
    ),
    tries=(
        Try(
            set={"merges": 0},
            then="Merge nothing: now the Chinese is the cheaper of the two, whatever was read. It is not the "
            "characters that make Chinese dear, but the merges that English got.",
            shows=lambda as_it_is, turned: (
                all(row["price"] < 1 for row in turned["rows"]) and as_it_is["rows"][0]["price"] > 2
            ),
        ),
        Try(
            set={"most": 1.0},
            then="Let the last tokenizer read Chinese alone: an English word now falls apart into five "
            "bytes, and the Chinese page is the one that costs next to nothing.",
            shows=lambda as_it_is, turned: (
                turned["rows"][-1]["a_word"] > 5
                and turned["rows"][-1]["price"] < 0.2
                and as_it_is["rows"][-1]["a_word"] < 3
            ),
        ),
        Try(
            set={"merges": 100},
            then="Merge 100 pairs: 5 % of Chinese now gets not one of them. Symbols go to what is commonest, "
            "and the rare waits.",
            shows=lambda as_it_is, turned: (
                turned["rows"][1]["a_character"] > 2.95 and as_it_is["rows"][1]["a_character"] < 2.5
            ),
        ),
    ),
    seconds=0.5,
)

Symbols = NDArray[np.int64]
Merges = list[tuple[int, int]]

SHARES = (0.0, 0.05, 0.2)  # of Chinese in what tokenizers read, in bytes; and of the last, ``most``
SIZE, TESTED = 10_000, 100  # bytes read, sentences tested
WHO = (
    "my sister/我姐姐|our teacher/我们老师|the old man/那位老人|her friend/她的朋友|the doctor/医生|"
    "a neighbour/一个邻居|the children/孩子们|your uncle/你叔叔|the driver/司机|a student/一名学生"
)
DOES = (
    "bought/买了|forgot/忘了|brought/带来了|painted/画了|looked for/找过|sold/卖了|repaired/修好了|lost/丢了"
)
WHAT = (
    "hot tea/热茶|fresh fish/鲜鱼|a red umbrella/一把红伞|two apples/两个苹果|old clocks/旧钟|"
    "white flowers/白花|the long letter/那封长信|a small boat/一条小船|warm bread/热面包"
)
WHEN = (
    "today/今天|on Sunday/星期天|last night/昨天晚上|in spring/春天|after work/下班后|this morning/今天早上"
)


def sentences(chance: random.Random, count: int) -> list[tuple[str, str]]:
    """Made-up sentences, each in English and in Chinese."""
    made = []
    for _ in range(count):
        drawn = [chance.choice(part.split("|")).split("/") for part in (WHO, DOES, WHAT, WHEN)]
        english, (who, does, what, when) = [pair[0] for pair in drawn], [pair[1] for pair in drawn]
        made.append((f"{' '.join(english)}.", f"{when}{who}{does}{what}。"))
    return made


def lesson(chance: random.Random, share: float) -> str:
    """Text for the tokenizer, with so much Chinese after the English, in bytes."""
    english, chinese = map("\n".join, zip(*sentences(chance, SIZE // 25), strict=True))
    return english[: round((1 - share) * SIZE)] + chinese[: round(share * SIZE / 3)]


def merge(symbols: Symbols, pair: tuple[int, int], new: int) -> Symbols:
    """Byte pair encoding's one step: every ``pair``, from left to right, becomes ``new``."""
    at = np.flatnonzero((symbols[:-1] == pair[0]) & (symbols[1:] == pair[1]))
    if pair[0] == pair[1]:  # of three in a row the first two
        runs = np.split(at, np.flatnonzero(np.diff(at) != 1) + 1)
        at = np.concatenate([run[::2] for run in runs])
    merged = symbols.copy()
    merged[at] = new
    return np.delete(merged, at + 1)


def train(text: str, merges: int) -> Merges:
    """The commonest pair again and again, as in the demo ``bpe``."""
    symbols, learned = np.array(list(text.encode())), Merges()
    for new in range(256, 256 + merges):
        pairs, counts = np.unique(symbols[:-1] * 1000 + symbols[1:], return_counts=True)
        best = int(pairs[counts == counts.max()][-1])
        learned.append((best // 1000, best % 1000))
        symbols = merge(symbols, learned[-1], new)
    return learned


def pieces(text: str, learned: Merges) -> list[bytes]:
    """The tokens of a text, as the bytes that they stand for."""
    symbols, spelled = np.array(list(text.encode())), [bytes([i]) for i in range(256)]
    for new, (left, right) in enumerate(learned, 256):
        symbols = merge(symbols, (left, right), new)
        spelled.append(spelled[left] + spelled[right])
    return [spelled[symbol] for symbol in symbols]


def show(piece: bytes) -> str:
    """A token as text, or as hexadecimal bytes where it is a part of a character."""
    try:
        return piece.decode()
    except UnicodeDecodeError:
        return piece.hex(" ").upper()


def run(seed: int = 0, *, merges: int = 300, most: float = 0.5, reads_chinese: bool = True) -> Numbers:
    """Train four tokenizers on more and more Chinese, and write the same sentences with each."""
    chance = random.Random(seed)
    english, chinese = map("".join, zip(*sentences(chance, TESTED), strict=True))
    example = sentences(chance, 1)[0]
    rows = []
    for share in (*SHARES, most):
        learned = train(lesson(chance, share if reads_chinese else 0.0), merges)
        ours, theirs = pieces(chinese, learned), pieces(english, learned)
        rows.append(
            {
                "share": share,
                "a_character": len(ours) / len(chinese),
                "a_word": len(theirs) / (english.count(" ") + TESTED),
                "price": len(ours) / len(theirs),
                "example": "|".join(show(piece) for piece in pieces(example[1], learned)),
            }
        )
    return {
        "merges": merges,
        "example": list(example),
        "bytes": [len(chinese.encode()), len(english.encode())],
        "characters": [len(chinese), len(english)],
        "rows": rows,
    }


def check(numbers: Numbers) -> None:
    none, *_, half = numbers["rows"]
    expect(numbers["bytes"][0] < numbers["bytes"][1], "in bytes the Chinese is no longer")
    expect(none["a_character"] > 2.9, "to an English tokenizer a character is three tokens")
    expect(none["price"] > 4, "and the text several times as dear as the English")
    expect(half["a_character"] < 1.4, "with half of the text in Chinese a token is about a character")
    expect(half["price"] < 1.7, "and the text about as dear as the English")
    expect(half["a_word"] > 1.2 * none["a_word"], "and English pays for it")


def lines(numbers: Numbers) -> list[str]:
    (ours, theirs), (short, long) = numbers["bytes"], numbers["characters"]
    return [
        f"{TESTED} sentences in both languages, such as {numbers['example'][0]}",
        f"Chinese has {short:,} characters to {long:,} in English, and {ours:,} bytes to {theirs:,}.",
        f"A tokenizer reads {SIZE:,} bytes and gives {numbers['merges']} pairs a symbol. Then:",
        "Chinese in       tokens a          tokens an      tokens for the Chinese,",
        "what it read     Chinese character English word   for 1 in English",
        *(
            f"{row['share']:>10.0%}{row['a_character']:>15.2f}{row['a_word']:>18.2f}{row['price']:>18.2f}"
            for row in numbers["rows"]
        ),
        "The same sentence with the first and with the last:",
        f"   {numbers['rows'][0]['example'][:94]} …",
        f"   {numbers['rows'][-1]['example'][:60]}",
        "Whoever is charged by the token pays that price for every page, and sees so much less at once.",
    ]


def plot(numbers: Numbers) -> str:
    points = [(100 * row["share"], row["price"]) for row in numbers["rows"]]
    title = "Tokens for Chinese, to 1 for English"
    return svg.lines(title, {"price": points}, x="% Chinese read", y="tokens")
