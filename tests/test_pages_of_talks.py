"""The HTML notes of talks of several kinds, before a validator and axe-core."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from selenium.webdriver import Chrome

from studykit.cli.main import main
from tests.conftest import program
from tests.test_site_browser import (
    NODE,
    browser,  # noqa: F401
    chrome,  # noqa: F401
    violations,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ENGLISH = (
    "Large models need a lot of memory & time.",
    "C++ and <b> tags are *not* the same_thing_.",
    "If you quantise the weights, the model gets 4x smaller.",
    'She said "tokens" cost money; see https://example.org/a?b=1&c=2.',
    "The key-value cache grows with every token that the decoder reads.",
    "Does it fit? I think so, but you should always measure first.",
)
CHINESE = (
    "大模型需要大量的内存和时间。",
    "C++ 和 <b> 标签*不是*一回事_。",
    "量化权重之后，模型会小 4 倍。",
    "她说“词元”要花钱；见 https://example.org/a?b=1&c=2。",
    "解码器每读一个词元，键值缓存就变大。",
    "放得下吗？我想可以，但你应该先量一量。",
)


def captions(lines: tuple[str, ...]) -> str:
    cues = (
        f"{i + 1}\n00:00:{6 * i:02d},000 --> 00:00:{6 * i + 5:02d},500\n{line}\n"
        for i, line in enumerate(lines)
    )
    return "\n".join(cues)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Notes of a translated talk whose name needs escaping, of one in bare captions, and of a Chinese one."""
    folder = tmp_path_factory.mktemp("talks")
    bare = tuple(line.lower().translate(str.maketrans("", "", ".,;?\"'*<>&_")) for line in ENGLISH)
    talks = {
        "Q&A <1>.en.srt": ENGLISH,
        "Q&A <1>.zh.srt": CHINESE,
        "bare.en.srt": bare,
        "chinese.zh.srt": CHINESE,
    }
    for name, lines in talks.items():
        (folder / name).write_text(captions(lines), encoding="utf-8")
    translation = ["--translation", str(folder / "Q&A <1>.zh.srt")]
    for name, extra in (("Q&A <1>.en.srt", translation), ("bare.en.srt", []), ("chinese.zh.srt", [])):
        command = ["notes", str(folder / name), "--out", str(folder), "--db", str(folder / "db"), "-q"]
        with pytest.raises(SystemExit) as caught:
            main([*command, *extra])
        assert not caught.value.code
    return sorted(folder.glob("*.html"))


def test_they_are_valid_html(pages: list[Path]) -> None:
    assert len(pages) == 3
    jar = program("vnu.jar", NODE / "vnu-jar" / "build" / "dist" / "vnu.jar")
    command = [program("java"), "-jar", jar, "--exit-zero-always", "--format", "json", *map(str, pages)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(done.stderr)["messages"] == []


@pytest.mark.parametrize("number", range(3))
def test_axe_finds_nothing(browser: Chrome, pages: list[Path], number: int) -> None:  # noqa: F811
    browser.get(pages[number].as_uri())
    assert violations(browser) == []
