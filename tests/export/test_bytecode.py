from __future__ import annotations

from pathlib import Path

import jinja2
import pytest

from studykit.export.bytecode import Bytecode
from studykit.export.page import render as rendering


def _environment(templates: dict[str, str], *folders: Path) -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.DictLoader(templates), bytecode_cache=Bytecode(folders))


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the templates that were compiled from their text."""
    names: list[str] = []
    compile_text = jinja2.Environment.compile

    def counted(self: jinja2.Environment, source: str, name: str, *args: object) -> object:
        names.append(name)
        return compile_text(self, source, name, *args)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", counted)
    return names


def test_a_template_is_compiled_once_for_all_processes(tmp_path: Path, compiled: list[str]) -> None:
    for _ in range(3):
        environment = _environment({"a": "{{ x }}!"}, tmp_path / "wheel", tmp_path / "cache")
        assert environment.get_template("a").render(x=1) == "1!"
    assert compiled == ["a"]
    assert [path.parent.name for path in tmp_path.rglob("*.template")] == ["cache"]


def test_an_edited_template_is_compiled_anew(tmp_path: Path, compiled: list[str]) -> None:
    assert _environment({"a": "old"}, tmp_path).get_template("a").render() == "old"
    assert _environment({"a": "new"}, tmp_path).get_template("a").render() == "new"
    assert compiled == ["a", "a"]


@pytest.mark.parametrize("damage", [b"", b"x" * 10, b"0" * 500])
def test_damaged_code_is_compiled_anew(damage: bytes, tmp_path: Path, compiled: list[str]) -> None:
    environment = _environment({"a": "text"}, tmp_path)
    environment.get_template("a")
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage + file.read_bytes()[len(damage) + 1 :])
    assert _environment({"a": "text"}, tmp_path).get_template("a").render() == "text"
    assert compiled == ["a", "a"]


def test_code_is_used_where_it_cannot_be_kept(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert _environment({"a": "text"}, tmp_path / "file").get_template("a").render() == "text"


def test_the_wheel_brings_all_templates_compiled(
    tmp_path: Path, compiled: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    rendering.compile_into(tmp_path)
    assert len(set(compiled)) == len(compiled) == len(list(tmp_path.iterdir()))
    compiled.clear()
    monkeypatch.setattr(rendering, "compiled_dirs", lambda: (tmp_path,))
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    environment = rendering._environment(None)
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)
    assert not compiled


def test_the_users_templates_run_in_the_sandbox_without_kept_code(tmp_path: Path) -> None:
    assert rendering._environment(tmp_path).bytecode_cache is None
