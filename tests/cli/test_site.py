"""``studykit site`` as scripts call it."""

from __future__ import annotations

from pathlib import Path

import pytest

from studykit.demos import NAMES, load
from studykit.demos.settings import settings, typed
from studykit.demos.told import told
from studykit.demos.turned import stops
from tests.cli.test_commands import LECTURE, URL, Command, computed, studykit

__all__ = ["computed", "studykit"]  # the fixtures


@pytest.mark.usefixtures("computed")
def test_the_site_has_terms_talks_and_demos_and_is_not_written_twice(
    studykit: Command, tmp_path: Path
) -> None:
    studykit("notes", *LECTURE, "--url", URL)
    done = studykit("site", "-o", "public", "--json")
    assert done.code == 0
    made = done.json
    assert made["index"] == str(Path("public/index.html"))
    assert (made["talks"], made["demos"]) == (1, len(NAMES))
    public = tmp_path / "public"
    assert len(list((public / "terms").iterdir())) == made["terms"]
    page = (public / "terms" / "kv-cache.html").read_text(encoding="utf-8")
    assert f"{URL.replace('&', '&amp;')}&amp;t=" in page
    assert "studykit demo run kv_cache" in page
    demo = load("kv_cache").demo
    shown = (public / "demos" / "kv_cache.html").read_text(encoding="utf-8")
    assert told(demo, "zh").cannot_show in shown
    assert demo.cannot_show not in shown
    assert shown.count('class="plot"') == 2
    shown = (public / "demos" / "ppo_clip.html").read_text(encoding="utf-8")
    knob = settings(load("ppo_clip"))["clip"]
    assert told(load("ppo_clip").demo, "zh").knobs["clip"] in shown
    values = "|".join(map(typed, stops(knob, load("ppo_clip").demo)))
    assert f'data-values="{values}"' in shown
    assert "<math" in shown
    assert "Proximal Policy Optimization Algorithms" in shown
    assert shown.count("<script") == 4
    assert shown.count('class="plot"') == 2, "what is recorded lies in a script, where < is no tag"
    assert made["written"] == len([path for path in public.rglob("[!.]*") if path.is_file()])
    again = studykit("site", "-o", "public", "--json").json
    assert (again["written"], again["unchanged"], again["removed"]) == (0, made["written"], 0)


def test_it_prints_the_path_of_its_first_page(studykit: Command, tmp_path: Path) -> None:
    done = studykit("site", "--labels", "en")
    assert done.out == f"{Path('site/index.html')}\n"
    assert "no talks" in done.err  # there is no database, but there is a glossary
    assert '<html lang="en">' in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    demo = load("kv_cache").demo
    shown = (tmp_path / "site" / "demos" / "kv_cache.html").read_text(encoding="utf-8")
    assert demo.cannot_show in shown
    assert told(demo, "zh").cannot_show not in shown
    assert not studykit("site", "--quiet").err


@pytest.mark.parametrize(
    ("args", "code"), [(["--db", "none.db"], 1), (["--labels", "fr"], 2), (["-o", "file"], 2)]
)
def test_what_cannot_be_done_is_an_error(
    studykit: Command, tmp_path: Path, args: list[str], code: int
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = studykit("site", *args)
    assert done.code == code
    assert not done.out
