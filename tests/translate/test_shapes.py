"""What comes of each form in which services and models answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studykit.chat.reply import is_refusal
from studykit.engines.chat import OpenAIChat, client
from studykit.options import TranslateOptions
from studykit.translate import ChatTranslator
from tests.chat_server import Handler, Service, serving_chat
from tests.chat_shapes import SHAPES, Shape
from tests.translate.test_paragraphs import CHINESE, ENGLISH, TABLE, paragraph, run


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
