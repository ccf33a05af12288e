from __future__ import annotations

from pathlib import Path

import pytest

from studykit.config import SETTINGS, load_config
from studykit.errors import ConfigError


def test_defaults(tmp_path: Path) -> None:
    config = load_config(None, {}, tmp_path)
    assert config.db == tmp_path / "study.db"
    assert (config.labels, config.formats, config.encoder) == ("zh", ("md", "html"), "usem")


def test_the_environment_outranks_the_file_which_outranks_defaults(tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text(
        '[notes]\nlabels = "en"\nformats = ["md"]\n[segment]\ntarget_s = 25\n[store]\ndb = "mine.db"\n'
    )
    config = load_config(None, {"STUDYKIT_FORMATS": "html, json", "STUDYKIT_MAX_BEAD": "6"}, tmp_path)
    assert (config.labels, config.formats) == ("en", ("html", "json"))
    assert (config.segment.target_s, config.align.max_bead) == (25, 6)
    assert config.db == tmp_path / "mine.db"


def test_paths_count_from_the_files_own_folder(tmp_path: Path) -> None:
    elsewhere = tmp_path / "settings"
    elsewhere.mkdir()
    file = elsewhere / "my.toml"
    file.write_text('[glossary]\npaths = ["terms.toml"]\n[notes]\ntemplates = "t"\n')
    config = load_config(file, {}, tmp_path)
    assert config.glossaries == (elsewhere / "terms.toml",)
    assert config.templates == elsewhere / "t"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[notes]\nlabel = 'zh'", "unknown setting 'notes.label'; there are .*notes.labels"),
        ("[notes]\nlabels = 3", "notes.labels = 3: a text is needed"),
        ("[notes]\nformats = 3", "notes.formats = 3: a list is needed"),
        ("[segment]\ntarget_s = 'soon'", "segment.target_s = 'soon'"),
        ("[segment]\ntarget_s = true", "a number is needed"),
        ("[segment]\ntarget_s = 50\nmax_s = 20", "target_s <= max_s"),
        ("[align]\nmax_bead = 2.5", "a whole number is needed"),
        ("[translate.prices]\nm = 3", "'m' needs two prices"),
        ("[translate.prices]\nm = [1, -2]", "'m' has a price below 0"),
        ("[translate]\nprices = 'm=1'", "'m' needs two prices"),
        ("[translate]\nparallel = 0", "translate.parallel has to be above 0"),
        ("labels = 'zh'", "stands outside a"),
        ("[notes", "cannot be read"),
    ],
)
def test_wrong_settings_are_named_with_their_file(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text(text)
    with pytest.raises(ConfigError, match=message) as caught:
        load_config(None, {}, tmp_path)
    assert caught.value.where == str(tmp_path / "studykit.toml")


def test_a_wrong_variable_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"^STUDYKIT_TARGET_S: segment.target_s = 'x'"):
        load_config(None, {"STUDYKIT_TARGET_S": "x"}, tmp_path)


def test_a_file_that_was_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="there is no such file"):
        load_config(tmp_path / "gone.toml", {}, tmp_path)


def test_every_setting_has_a_variable_of_its_own() -> None:
    assert len({setting.env for setting in SETTINGS}) == len(SETTINGS)
    assert all(setting.env.startswith("STUDYKIT_") for setting in SETTINGS)


def test_prices_stand_in_a_table_or_a_variable(tmp_path: Path) -> None:
    (tmp_path / "studykit.toml").write_text('[translate.prices]\n"org/model:1" = [0.15, 0.6]\n')
    assert load_config(None, {}, tmp_path).translate.prices == {"org/model:1": (0.15, 0.6)}
    stated = {"STUDYKIT_PRICES": "org/model:1=1/2, other=0/0"}
    assert load_config(None, stated, tmp_path).translate.prices == {"org/model:1": (1, 2), "other": (0, 0)}


def test_the_key_for_openai_goes_to_nobody_else(tmp_path: Path) -> None:
    mine = {"OPENAI_API_KEY": "secret"}
    assert load_config(None, mine, tmp_path).translate.api_key == "secret"
    elsewhere = {**mine, "STUDYKIT_BASE_URL": "http://127.0.0.1:11434/v1"}
    assert load_config(None, elsewhere, tmp_path).translate.api_key is None
    stated = {**elsewhere, "STUDYKIT_API_KEY": "another"}
    assert load_config(None, stated, tmp_path).translate.api_key == "another"
