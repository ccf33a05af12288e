"""What stands where a file is to be written: the user's work, an older version, what a killed run left."""

from __future__ import annotations

import errno
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from studykit.errors import InputError
from studykit.files import scratch_folder, set_aside, write_whole
from studykit.talk.write import output
from studykit.talk.write.output import put, put_named


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))


def test_a_file_of_the_users_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "talk.zh.txt"
    path.write_text("我手工写的。\n", encoding="utf-8")
    assert put_named(path, "made\n") == tmp_path / "talk.zh.txt.1"
    assert (tmp_path / "talk.zh.txt.1").read_text(encoding="utf-8") == "我手工写的。\n"
    assert path.read_text(encoding="utf-8") == "made\n"


def test_our_own_file_is_replaced_and_an_edited_one_kept(tmp_path: Path) -> None:
    path = tmp_path / "talk.zh.txt"
    assert put_named(path, "first\n") is None
    assert put_named(path, "second\n") is None
    path.write_text("second, edited\n", encoding="utf-8")
    assert put_named(path, "third\n") == tmp_path / "talk.zh.txt.1"
    assert put_named(path, "fourth\n") is None


def test_a_file_that_a_killed_run_wrote_but_did_not_record_is_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "talk.zh.txt"
    remember = output._remember

    def until_it_is_written(record: Path, digests: list[str]) -> None:
        if path.is_file() and path.read_text(encoding="utf-8") == "second\n":
            raise SystemExit("killed")
        remember(record, digests)

    assert put_named(path, "first\n") is None
    with monkeypatch.context() as patch:
        patch.setattr(output, "_remember", until_it_is_written)
        with pytest.raises(SystemExit):
            put_named(path, "second\n")
    assert put_named(path, "third\n") is None


def test_without_a_cache_folder_everything_is_kept(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    path = tmp_path / "a.txt"
    assert put_named(path, "first\n") is None
    assert put_named(path, "second\n") == tmp_path / "a.txt.1"


def test_a_folder_in_the_way_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        put_named(tmp_path, "made\n")


def test_a_link_is_kept_and_its_target_untouched(tmp_path: Path) -> None:
    target = tmp_path / "target.txt"
    target.write_text("the target", encoding="utf-8")
    (tmp_path / "link.txt").symlink_to(target)
    assert put(tmp_path / "link.txt", "made") == tmp_path / "link.txt.1"
    assert target.read_text(encoding="utf-8") == "the target"
    assert not (tmp_path / "link.txt").is_symlink()


@pytest.fixture(params=["renameat2", "reserved"])
def _renaming(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to rename: in one step, and where the system has no call for that."""
    if request.param == "reserved":
        monkeypatch.setattr("studykit.files._renameat2", lambda *_: errno.ENOSYS)


@pytest.mark.usefixtures("_renaming")
def test_what_is_set_aside_gets_the_first_free_name(tmp_path: Path) -> None:
    path, folder = tmp_path / "a.md", tmp_path / "site"
    folder.mkdir()
    for name in ("a.md.1", "site.1"):
        (tmp_path / name).symlink_to("nowhere")
    path.write_text("mine", encoding="utf-8")
    (folder / "page.html").write_text("mine", encoding="utf-8")
    assert set_aside(path) == tmp_path / "a.md.2"
    assert (tmp_path / "a.md.2").read_text(encoding="utf-8") == "mine"
    assert (set_aside(folder) / "page.html").is_file()
    assert sorted(left.name for left in tmp_path.iterdir()) == ["a.md.1", "a.md.2", "site.1", "site.2"]
    with pytest.raises(FileNotFoundError):
        set_aside(path)
    assert len(list(tmp_path.iterdir())) == 4


@pytest.mark.usefixtures("_renaming")
def test_files_set_aside_at_once_never_replace_each_other(tmp_path: Path) -> None:
    def one(number: int) -> None:
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "mine.txt").write_text(str(number), encoding="utf-8")
        (folder / "mine.txt").replace(tmp_path / "shared.txt")
        try:
            set_aside(tmp_path / "shared.txt")
        except FileNotFoundError:  # another was quicker with this very file
            return

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(one, range(60)))
    kept = [path.read_text(encoding="utf-8") for path in tmp_path.glob("shared.txt.*")]
    assert len(set(kept)) == len(kept)
    assert all(kept)


_HALF_WRITTEN = """
import os, sys
from pathlib import Path
from studykit import files
os.fsync = lambda _: os.kill(os.getpid(), 9)
files.write_whole(Path(sys.argv[1]), "half")
"""


def test_what_a_killed_run_left_is_removed_by_the_next(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    subprocess.run([sys.executable, "-c", _HALF_WRITTEN, folder / "a.md"], check=False)
    (left,) = folder.iterdir()
    assert left.suffix == ".studykit-part"
    (folder / ".another.part").write_text("another program's", encoding="utf-8")
    write_whole(folder / "b.md", "whole")
    assert sorted(path.name for path in folder.iterdir()) == [".another.part", "b.md"]


_BEING_WRITTEN = """
import os, sys
from pathlib import Path
from studykit import files
os.fsync = lambda _: (print("ready", flush=True), sys.stdin.readline())
files.write_whole(Path(sys.argv[1]), "from elsewhere")
"""


_HALF_MADE = """
import os, sys, tempfile
from pathlib import Path
from studykit import files
tempfile.tempdir = sys.argv[1]
os.open = lambda *_: os.kill(os.getpid(), 9)
with files.scratch_folder():
    pass
"""


def test_a_folder_whose_process_was_killed_before_it_locked_it_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    subprocess.run([sys.executable, "-c", _HALF_MADE, scratch], check=False)
    (left,) = scratch.iterdir()
    assert not list(left.iterdir())
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    with scratch_folder() as folder:
        assert list(scratch.iterdir()) == [folder]


def test_what_another_process_is_writing_stays(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    command = [sys.executable, "-c", _BEING_WRITTEN, str(folder / "a.md")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        other.stdout.readline()
        write_whole(folder / "b.md", "whole")
        other.communicate("\n")
    assert (folder / "a.md").read_text(encoding="utf-8") == "from elsewhere"
    assert sorted(path.name for path in folder.iterdir()) == ["a.md", "b.md"]


@pytest.mark.parametrize("to_file", [False, True])
def test_a_pipe_or_device_is_written_to_not_replaced(tmp_path: Path, to_file: bool) -> None:
    program = (
        "from pathlib import Path; from studykit.talk.write.output import put_named; "
        "print(put_named(Path('/dev/stdout'), 'made'))"
    )
    with (tmp_path / "out.txt").open("w+") as out:
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, stdout=out if to_file else subprocess.PIPE, check=True, text=True)
    printed = (tmp_path / "out.txt").read_text() if to_file else done.stdout
    assert "None" in printed
    assert Path("/dev/stdout").is_symlink()
    assert not Path("/dev/stdout.1").exists()
