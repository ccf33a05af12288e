from __future__ import annotations

import inspect
import pickle

import pytest

from studykit import errors
from studykit.errors import StudykitError

EXAMPLES = [
    errors.InputError("talk.vtt", "is odd"),
    errors.FormatError("talk.vtt", "not a time", line=7, hint="Look there."),
    errors.UnreadableError("talk.vtt", "no permission"),
    errors.NoSuchTalkError("talk.vtt", "study.db"),
    errors.EmptyInputError("talk.vtt", "nothing in it"),
    errors.TalkListError("https://youtu.be/x", "All talks", [("https://youtu.be/y", "One")]),
    errors.GlossaryError(["a.toml: one", "b.toml: two"]),
    errors.TemplateError("notes.md.j2", "unknown field"),
    errors.ConfigError("studykit.toml", "unknown setting"),
    errors.UntrustedError("studykit.toml", {"fetch.proxy": "an address"}),
    errors.OutputError("A talk", "no times"),
    errors.StoreError("study.db", "locked"),
    errors.TalkNotFoundError("study.db", "x", ["a", "b"]),
    errors.CourseNotFoundError("study.db", "x", ["a", "b"]),
    errors.EngineError("usem", "broke"),
    errors.RefusedError("yt-dlp", "HTTP Error 429", hint="Wait."),
    errors.BudgetError(0.0123, 0.02, hint="hint"),
    errors.MissingServiceError("host", "unknown", "--base-url URL"),
    errors.MissingError("x", "get x"),
    errors.MissingExtraError("sentence-transformers", "embed"),
    errors.MissingModelError("LaBSE", "get it", ["here", "there"]),
    errors.MissingProgramError("ffmpeg", "apt-get install ffmpeg"),
    errors.MissingNetworkError("youtu.be", "no name", "https://youtu.be/x"),
]


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_errors_survive_pickling(error: StudykitError) -> None:
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert again.__dict__ == error.__dict__


def test_every_error_has_an_example_and_stands_in_the_tree() -> None:
    classes = {
        cls for _, cls in inspect.getmembers(errors, inspect.isclass) if issubclass(cls, StudykitError)
    }
    assert {type(error) for error in EXAMPLES} == classes - {StudykitError}
    assert all(cls.__name__ in (errors.__doc__ or "") for cls in classes)
    assert {cls.__name__ for cls in classes} == set(errors.__all__)


def test_messages_name_the_file_and_the_line() -> None:
    assert str(errors.FormatError("talk.vtt", "not a time", line=7)) == "talk.vtt:7: not a time"
