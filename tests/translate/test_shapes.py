"""What comes of each form in which services and models answer."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit import engines
from studykit.align import CachedEncoder
from studykit.chat import Budget
from studykit.chat.reply import is_refusal
from studykit.engines.chat import OpenAIChat, client
from studykit.options import AlignOptions, TranslateOptions
from studykit.talk.stages.translation import shifted, strays
from studykit.translate import ChatTranslator, SourceParagraph, translate_paragraphs
from tests.chat_server import Handler, Service, serving_chat
from tests.chat_shapes import SHAPES, Shape
from tests.translate.test_paragraphs import CHINESE, ENGLISH, TABLE, Memory, paragraph, run


@pytest.fixture
def service() -> Iterator[Service]:
    with serving_chat(table=TABLE) as service:
        yield service


@pytest.fixture(autouse=True)
def _without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "pause", lambda *_: None)


def answering(handler: Handler, shape: Shape, sentences: dict[str, str]) -> bool:
    shape.send(handler, {key: TABLE[text] for key, text in sentences.items()})
    return True


def translator(service: Service) -> ChatTranslator:
    return ChatTranslator(OpenAIChat("m", TranslateOptions(base_url=service.url, parallel=1)))


def test_there_are_forty_shapes_and_more() -> None:
    assert len({shape.name for shape in SHAPES}) == len(SHAPES) >= 40


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_the_first_answer(service: Service, shape: Shape) -> None:
    service.faults = [lambda handler, sentences: answering(handler, shape, sentences)]
    (answer,) = translator(service).translate([paragraph(*ENGLISH)], most_tokens=500, cancelled=lambda: False)
    assert len(service.asked) == shape.requests
    found = {i: text for i, text in answer.sentences.items() if text.replace('"', "") == CHINESE[i]}
    outcome = (
        "all"
        if len(found) == len(ENGLISH)
        else "refused"
        if is_refusal(answer.said)
        else "part"
        if answer.sentences
        else "none"
    )
    assert outcome == shape.outcome
    assert answer.cut == shape.cut


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.name)
def test_no_shape_gives_a_sentence_another_ones_translation(service: Service, shape: Shape) -> None:
    service.faults = [lambda handler, sentences: answering(handler, shape, sentences)] * 2
    (made,) = run(translator(service), paragraph(*ENGLISH))
    assert all(text in {None, right} for text, right in zip(made.texts, CHINESE, strict=True))
    assert made.texts == CHINESE


DATA = Path(__file__).parents[2] / "benchmarks" / "data"


def gold(name: str) -> list[tuple[str, str]]:
    """Sentences that were translated one to one."""
    english, chinese = (
        (DATA / f"{name}.{language}.txt").read_text(encoding="utf-8").splitlines()
        for language in ("en", "zh")
    )
    beads = (DATA / f"{name}.beads.txt").read_text(encoding="utf-8")
    return [(english[int(i)], chinese[int(j)]) for i, j in re.findall(r"(?m)^\[(\d+)\]:\[(\d+)\]$", beads)]


def without_spaces_and_quotes(text: str) -> str:
    return re.sub(r"[\s\"“”]", "", text)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", ["lecture", "story1"])
def test_shapes_mixed_at_random_give_right_translations_or_none(name: str, seed: int) -> None:
    """A talk of true sentences, each request answered in a shape of its own, with the true encoder."""
    draw, known, encoder = random.Random(seed), gold(name), CachedEncoder(engines.encoder(), {})
    table = dict(known)
    english = [sentence for sentence, _ in known]
    paragraphs = [
        SourceParagraph(
            source="en",
            target="zh",
            sentences=tuple(english[start : start + 5]),
            wanted=tuple(range(len(english[start : start + 5]))),
            before=tuple(english[max(0, start - 2) : start]),
            after=tuple(english[start + 5 : start + 6]),
        )
        for start in range(0, len(english), 5)
    ]

    def answering(handler: Handler, sentences: dict[str, str]) -> bool:
        shape = draw.choice(SHAPES)
        shape.send(handler, {key: table[text] for key, text in sentences.items()})
        return True

    with serving_chat(table=table) as service:
        service.faults = [answering] * 5000
        made = translate_paragraphs(
            paragraphs,
            engine=translator(service),
            cache=Memory(),
            shifted=shifted(encoder, AlignOptions()),
            strays=strays(encoder),
            budget=Budget(None, None),
            progress=lambda _: None,
        )
    texts = [text for part in made for text in part.texts]
    pairs = [(text, table[said]) for said, text in zip(english, texts, strict=True) if text is not None]
    wrong = [pair for pair in pairs if len({without_spaces_and_quotes(text) for text in pair}) > 1]
    assert wrong == []
    assert len(pairs) >= 0.8 * len(english)
