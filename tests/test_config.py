from __future__ import annotations

from pathlib import Path

import pytest

from studykit.errors import ConfigError
from studykit.options import SETTINGS, load_options
from studykit.resources import cache_dir, config_dir


def test_defaults(tmp_path: Path) -> None:
    options = load_options(None, {}, tmp_path)
    assert options.store.db == tmp_path / "study.db"
    assert (options.notes.labels, options.notes.formats, options.align.encoder) == (
        "zh",
        ("md", "html"),
        "usem",
    )


def test_the_environment_outranks_the_file_which_outranks_defaults(tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text(
        '[notes]\nlabels = "en"\nformats = ["md"]\n[segment]\ntarget_s = 25\n[store]\ndb = "mine.db"\n'
    )
    options = load_options(None, {"STUDYKIT_FORMATS": "html, json", "STUDYKIT_MAX_BEAD": "6"}, tmp_path)
    assert (options.notes.labels, options.notes.formats) == ("en", ("html", "json"))
    assert (options.segment.target_s, options.align.max_bead) == (25, 6)
    assert options.store.db == tmp_path / "mine.db"


def test_paths_count_from_the_files_own_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "settings"
    elsewhere.mkdir()
    file = elsewhere / "my.toml"
    file.write_text('[glossary]\npaths = ["terms.toml"]\n[notes]\ntemplates = "t"\n')
    options = load_options(file, {}, tmp_path)
    assert options.glossary.paths == (elsewhere / "terms.toml",)
    assert options.notes.templates == elsewhere / "t"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[notes]\nlabel = 'zh'", "unknown setting 'notes.label'; choose one of .*notes.labels"),
        ("[notes]\nlabels = 3", "notes.labels = 3: expected text"),
        ("[notes]\nlabels = 'fr'", "notes.labels = 'fr': choose one of en, zh"),
        ("[vocabulary]\nlevel = 'D1'", "choose one of A1, A2, B1, B2, C1, C2"),
        ("[ingest]\ntitle = 'x'", "unknown setting 'ingest.title'"),
        ("[notes]\nformats = 3", "notes.formats = 3: expected a list"),
        ("[segment]\ntarget_s = 'soon'", "segment.target_s = 'soon'"),
        ("[segment]\ntarget_s = true", "expected a number"),
        ("[segment]\ntarget_s = 50\nmax_s = 20", "target_s <= max_s"),
        ("[align]\nmax_bead = 2.5", "expected a whole number"),
        ("[translate.prices]\nm = 3", "'m' needs two prices"),
        ("[translate.prices]\nm = [1, -2]", "'m' has a price that is negative"),
        ("[translate]\nprices = 'm=1'", "'m' needs two prices"),
        ("[translate]\nparallel = 0", "translate.parallel must be above 0"),
        ("labels = 'zh'", "is outside of any"),
        ("[notes", "cannot be read"),
    ],
)
def test_wrong_settings_are_named_with_their_file(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text(text)
    with pytest.raises(ConfigError, match=message) as caught:
        load_options(None, {}, tmp_path)
    assert caught.value.where == str(tmp_path / "studykit.toml")


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^STUDYKIT_TARGET_S: segment.target_s = 'x'"):
        load_options(None, {"STUDYKIT_TARGET_S": "x"}, tmp_path)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no such file"):
        load_options(tmp_path / "gone.toml", {}, tmp_path)


@pytest.mark.parametrize(
    ("name", "value"),
    [("STUDYKIT_MAX_BEAD", "inf"), ("STUDYKIT_MAX_BEAD", "nan"), ("STUDYKIT_DB", "~nobody9/x")],
)
def test_strange_values_are_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        load_options(None, {name: value}, tmp_path)


def test_every_setting_has_a_variable_of_its_own() -> None:
    assert len({setting.env for setting in SETTINGS.values()}) == len(SETTINGS)
    assert all(setting.env.startswith("STUDYKIT_") for setting in SETTINGS.values())


def test_prices_stand_in_a_table_or_a_variable(tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text('[translate.prices]\n"org/model:1" = [0.15, 0.6]\n')
    assert load_options(None, {}, tmp_path).translate.prices == {"org/model:1": (0.15, 0.6)}
    stated = {"STUDYKIT_PRICES": "org/model:1=1/2, other=0/0"}
    assert load_options(None, stated, tmp_path).translate.prices == {"org/model:1": (1, 2), "other": (0, 0)}


def test_the_key_for_openai_goes_to_nobody_else(tmp_path: Path) -> None:
    mine = {"OPENAI_API_KEY": "secret"}
    assert load_options(None, mine, tmp_path).translate.api_key == "secret"
    elsewhere = {**mine, "STUDYKIT_BASE_URL": "http://127.0.0.1:11434/v1"}
    assert load_options(None, elsewhere, tmp_path).translate.api_key is None
    stated = {**elsewhere, "STUDYKIT_API_KEY": "another"}
    assert load_options(None, stated, tmp_path).translate.api_key == "another"


def test_the_command_line_outranks_all_and_adds_to_lists_of_files(tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text('[glossary]\npaths = ["a.toml"]\n[align]\nmax_bead = 4\n')
    given = {"align.max_bead": 6, "glossary.paths": (Path("b.toml"),)}
    options = load_options(None, {"STUDYKIT_MAX_BEAD": "5"}, tmp_path, overrides=given)
    assert options.align.max_bead == 6
    assert options.glossary.paths == (tmp_path / "a.toml", Path("b.toml"))


def test_a_key_is_never_printed(tmp_path: Path) -> None:
    options = load_options(None, {"STUDYKIT_API_KEY": "secret"}, tmp_path)
    assert options.translate.api_key == "secret"
    assert "secret" not in repr(options)


def test_a_user_without_a_home_has_folders_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless(self: Path) -> Path:
        if str(self).startswith("~"):
            raise RuntimeError("Could not determine home directory.")
        return self

    monkeypatch.setattr(Path, "expanduser", homeless)
    for name in ("STUDYKIT_CACHE", "XDG_CACHE_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.delenv(name, raising=False)
    for folder in (cache_dir(), config_dir()):
        assert folder.is_absolute()
        assert folder.name == "studykit"
