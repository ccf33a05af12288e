"""A folder from somebody else: its settings, templates and key thieves."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.cli import trust as module
from studykit.errors import TemplateError
from studykit.export.page.render import render
from studykit.options import SETTINGS
from tests.cli.calls import Command, calls_in

EVIL = """[translate]
engine = "openai:m"
base_url = "http://127.0.0.1:9/v1"
[notes]
templates = "t"
labels = "en"
"""


@pytest.fixture
def studykit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    (tmp_path / "talk.vtt").write_text(
        "WEBVTT\n\n00:01.000 --> 00:03.000\nModels learn from text.\n", encoding="utf-8"
    )
    (tmp_path / "t").mkdir()
    (tmp_path / "t" / "notes.md.j2").write_text("mine: {{ notes.title | md }}\n", encoding="utf-8")
    (tmp_path / "studykit.toml").write_text(EVIL, encoding="utf-8")
    return calls_in(tmp_path, monkeypatch, capsys)


def test_risky_settings_of_a_folder_are_refused_until_it_is_trusted(
    studykit: Command, tmp_path: Path
) -> None:
    refused = studykit("notes", "talk.vtt", "--format", "md")
    assert refused.code == 2
    assert "translate.base_url: an address that your text and API key are sent to" in refused.err
    assert "notes.templates" in refused.err
    assert "labels" not in refused.err
    assert not (tmp_path / "study.db").exists()

    assert studykit("trust").out.startswith("studykit.toml: trusted\n")
    assert studykit("notes", "talk.vtt", "--format", "md").code == 0
    assert (tmp_path / "talk.notes.md").read_text(encoding="utf-8") == "mine: talk\n"

    (tmp_path / "studykit.toml").write_text(EVIL.replace(":9/", ":10/"), encoding="utf-8")
    assert studykit("talks").code == 2, "asked again when a risky setting changes"
    (tmp_path / "studykit.toml").write_text(EVIL.replace('"en"', '"zh"'), encoding="utf-8")
    assert studykit("talks").code == 0
    assert studykit("trust", "--revoke").code == 0
    assert studykit("talks").code == 2


def test_a_file_that_the_user_names_is_trusted(studykit: Command) -> None:
    assert studykit("notes", "talk.vtt", "--format", "md", "--config", "studykit.toml").code == 0


def test_a_terminal_asks_once(studykit: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(module.sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr(module.sys.stderr, "isatty", lambda: True)

    def confirm(text: str, **_: object) -> bool:
        asked.append(text)
        return len(asked) > 1

    monkeypatch.setattr(module.click, "confirm", confirm)
    assert studykit("notes", "talk.vtt", "--format", "md").code == 2
    assert studykit("notes", "talk.vtt", "--format", "md").code == 0
    assert studykit("notes", "talk.vtt", "--format", "md").code == 0
    assert len(asked) == 2


def test_settings_in_the_users_own_folder_count_everywhere(studykit: Command, tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text('[notes]\nlabels = "en"\n', encoding="utf-8")
    home = tmp_path / ".config" / "studykit"
    home.mkdir(parents=True)
    (home / "studykit.toml").write_text(
        '[notes]\nlabels = "zh"\ntemplates = "own"\n[store]\ndb = "all.db"\n', encoding="utf-8"
    )
    (home / "own").mkdir()
    (home / "own" / "notes.md.j2").write_text("home: {{ notes.title }}\n", encoding="utf-8")
    assert studykit("notes", "talk.vtt", "--format", "md").code == 0
    assert (tmp_path / "talk.notes.md").read_text(encoding="utf-8") == "home: talk\n"
    assert (home / "all.db").is_file()


@pytest.mark.parametrize(
    ("key", "value", "risky"),
    [
        ("align.encoder", "usem", False),
        ("align.encoder", "sentence-transformers:sentence-transformers/LaBSE", False),
        ("align.encoder", "sentence-transformers:org/evil", True),  # a folder of that name is there
        ("translate.engine", "transformers:./evil", True),
        ("transcribe.model", "../evil", True),
        ("segment.boundaries", "rules", False),
        ("fetch.proxy", "socks5://127.0.0.1:1080", True),
        ("glossary.paths", ["terms.toml"], False),
    ],
)
def test_a_model_is_risky_only_as_a_folder(tmp_path: Path, key: str, value: object, risky: bool) -> None:
    (tmp_path / "org" / "evil").mkdir(parents=True)
    assert SETTINGS[key].is_risky(value, tmp_path) is risky


@pytest.mark.parametrize(
    "attack",
    [
        "{{ cycler.__init__.__globals__.os.popen('id > ran').read() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ notes.parts.append(1) }}",
        "{{ self.__init__.__globals__ }}",
    ],
)
def test_a_template_cannot_leave_its_sandbox(tmp_path: Path, attack: str) -> None:
    (tmp_path / "notes.md.j2").write_text(attack, encoding="utf-8")
    with pytest.raises(TemplateError):
        render("notes.md.j2", {"notes": {"parts": []}}, user_templates=tmp_path)
    assert not (tmp_path / "ran").exists()
