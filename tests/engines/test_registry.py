"""One table of engines: every row can be loaded, says what it needs, and its choices are named."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import get_args

import pytest

from studykit import engines
from studykit.engines import ENGINES, EngineKind
from studykit.engines.registry import Task, chosen, one_of
from studykit.errors import ConfigError, MissingError
from studykit.options import FetchOptions, TranslateOptions
from tests.test_layers import HEAVY, LATE

ROOT = Path(__file__).parent.parent.parent
FUNCTIONS: dict[str, Callable[..., object]] = {
    "encoder": engines.encoder,
    "boundaries": engines.boundary_model,
    "recogniser": engines.recogniser,
    "translation engine": engines.translator,
    "chat engine": engines.chat_model,
    "tagger": engines.tagger,
    "fetcher": engines.fetcher,
    "speaker diarizer": engines.diarizer,
}


def named(kind: EngineKind) -> str:
    return f"{kind.task} {kind.name}"


def test_every_task_has_a_function_and_an_engine_and_no_name_stands_twice() -> None:
    assert {kind.task for kind in ENGINES} == set(get_args(Task)) == set(FUNCTIONS)
    assert len({(kind.task, kind.name) for kind in ENGINES}) == len(ENGINES)


@pytest.mark.parametrize("kind", ENGINES, ids=named)
def test_every_row_names_what_makes_the_engine(kind: EngineKind) -> None:
    assert callable(kind.load())


@pytest.mark.parametrize("kind", ENGINES, ids=named)
def test_every_extra_is_one_of_the_package_and_doctor_can_see_it(kind: EngineKind) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert kind.extra is None or kind.extra in project["optional-dependencies"]
    if kind.extra:
        assert [row for row in ENGINES if row.extra == kind.extra and row.package and row.purpose]
    else:
        assert not kind.package


def make(kind: EngineKind, name: str) -> object:
    """The engine by the public function of its task, which may find that an extra or model is missing."""
    if kind.task == "recogniser":
        return engines.recogniser(name, model="base", device="cpu")
    if kind.task == "translation engine":
        return engines.translator(TranslateOptions(engine=name, base_url="http://x/v1"), "zh")
    if kind.task == "chat engine":
        return engines.chat_model(name, TranslateOptions(base_url="http://x/v1"))
    if kind.task == "fetcher":
        return engines.fetcher(FetchOptions())
    if kind.task == "speaker diarizer":
        return engines.diarizer("cpu")
    return FUNCTIONS[kind.task](name)


@pytest.mark.parametrize("kind", ENGINES, ids=named)
def test_every_engine_is_made_or_says_what_is_missing(kind: EngineKind) -> None:
    made = kind.load()
    try:
        engine = make(kind, f"{kind.name}:no-such-model" if kind.needs_model else kind.name)
    except MissingError:
        assert kind.extra
    else:
        assert not inspect.isclass(made) or isinstance(engine, made)


@pytest.mark.parametrize("task", sorted({"encoder", "boundaries", "recogniser", "translation engine"}))
def test_a_wrong_name_is_answered_with_all_choices(task: Task) -> None:
    (first, *_) = [kind for kind in ENGINES if kind.task == task]
    with pytest.raises(ConfigError) as error:
        make(first, "no-such-engine")
    choices = re.split(", | or ", str(error.value).partition("choose ")[2])
    assert set(choices) - {"captions", "auto"} == {kind.usage for kind in ENGINES if kind.task == task}


@pytest.mark.parametrize("kind", ENGINES, ids=named)
def test_a_model_is_taken_by_those_engines_alone_that_take_one(kind: EngineKind) -> None:
    if kind.model is None:
        with pytest.raises(ConfigError, match="is unknown; choose"):
            chosen(kind.task, f"{kind.name}:model")
    else:
        assert chosen(kind.task, f"{kind.name}:a:b") == (kind, "a:b")
    with pytest.raises(ConfigError):
        chosen(kind.task, f"{kind.name}:")
    if kind.needs_model:
        with pytest.raises(ConfigError, match=f"needs a model: {kind.name}:"):
            chosen(kind.task, kind.name)
    else:
        assert chosen(kind.task, kind.name) == (kind, "")


@pytest.mark.parametrize(
    ("task", "setting"),
    [
        ("encoder", "align.encoder"),
        ("boundaries", "segment.boundaries"),
        ("recogniser", "transcribe.engine"),
        ("translation engine", "translate.engine"),
    ],
)
def test_the_documentation_of_a_setting_names_every_choice(task: Task, setting: str) -> None:
    text = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith(f"| `{setting}`")]
    assert [name for name in engines.engine_names(task) if name not in row] == []


def test_choices_read_as_a_sentence() -> None:
    assert [one_of(names) for names in ("a", "ab", "abc")] == ["a", "a or b", "a, b or c"]


def test_importing_the_table_loads_no_engine_and_no_stage() -> None:
    code = "import sys, studykit.engines; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    ours = {name for name in loaded if name.startswith("studykit.")}
    assert ours <= {"studykit.errors", "studykit.faces", "studykit.engines", "studykit.engines.registry"} | {
        name for name in ours if name.startswith("studykit.types")
    }
    assert not (HEAVY | LATE) & loaded


def test_traditional_characters_become_simplified() -> None:
    assert engines.simplified("機器學習 RAG") == "机器学习 RAG"
