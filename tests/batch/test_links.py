"""Batches of links, with yt-dlp itself, against a site on this machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from studykit import engines
from studykit.batch import Job, list_talks
from studykit.batch.fetching import host_of
from studykit.errors import TalkListError
from studykit.options import FetchOptions, Options
from studykit.store import Store
from tests.batch.conftest import Desk, Seen, statuses, write_talk
from tests.web import Site, json3, serving

LIST = "https://www.youtube.com/playlist?list=PL1"
LINES = [(1.0, "A language model predicts the next token."), (4.0, "It learns its weights from text.")]

pytestmark = pytest.mark.filterwarnings(
    "ignore:unclosed <socket:ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(autouse=True)
def _leftovers() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture
def site(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STUDYKIT_CACHE", str(desk.root / "cache"))
    with serving() as site:
        monkeypatch.setattr(engines, "fetcher", site.fetcher)
        yield site


def publish(site: Site, *videos: str) -> list[Job]:
    """Talks with captions in a playlist; the batch's talks."""
    for number, video in enumerate(videos):
        lines = [*LINES, (8.0, f"This is lecture {number} of the course, and it is short.")]
        captions = site.captions(f"/{video}.json3", json3(lines))
        site.talk(video, title=f"Lecture {video}", language="en", automatic_captions={"en-orig": captions})
    talks = [(f"https://youtu.be/{video}", f"Listed {video}") for video in videos]
    site.talk("PL1", title="All: talks", talks=talks)
    with Store(":memory:") as store:
        listed, name = list_talks(LIST, store=store, options=FetchOptions())
    assert name == "All: talks"
    return list(listed.jobs)


def test_a_playlist_is_done_and_a_second_run_asks_for_nothing(site: Site, desk: Desk) -> None:
    jobs = publish(site, "one", "two", "three")
    assert [job.name for job in jobs] == ["Listed one", "Listed two", "Listed three"]
    batch = desk.batch(jobs)
    assert statuses(batch) == ["done"] * 3
    names = [Path(file).name for record in batch.records.values() for file in record.files]
    assert names == [f"Lecture {video}.notes.md" for video in ("one", "two", "three")]
    assert all("fetch" in record.stages for record in batch.records.values())
    asked = len(site.asked)
    assert statuses(desk.batch(jobs)) == ["done"] * 3
    assert statuses(desk.batch(jobs, retry="all")) == ["done"] * 3
    assert len(site.asked) == asked, "what was fetched is kept"
    assert statuses(desk.batch(jobs, settings={"fetch.refresh": True})) == ["done"] * 3
    assert len(site.asked) == asked + 6
    assert statuses(desk.batch(jobs)) == ["done"] * 3
    assert desk.did == [], "done, however it was fetched"


def test_a_site_is_asked_for_one_talk_at_a_time_with_sleeps(site: Site, desk: Desk) -> None:
    jobs = publish(site, "one", "two", "three")
    begin = time.monotonic()
    assert statuses(desk.batch(jobs, settings={"batch.sleep_s": 0.4})) == ["done"] * 3
    assert time.monotonic() - begin >= 0.8
    wanted = [f"/{kind}" for video in ("one", "two", "three") for kind in (f"info/{video}", f"{video}.json3")]
    assert site.asked[1:] == wanted


def test_a_refusal_pauses_and_is_tried_again(site: Site, desk: Desk) -> None:
    jobs = publish(site, "one", "two")
    captions = site.files.pop("/one.json3")
    site.statuses["/one.json3"] = 429

    class View(Seen):
        def noted(self, text: str) -> None:
            super().noted(text)
            site.files["/one.json3"] = captions  # the site has calmed down

    desk.make_view = View
    assert statuses(desk.batch(jobs, settings={"batch.pause_s": 0.01})) == ["done", "done"]
    assert desk.view.notes == ["youtube.com refuses further requests for now; asking again in 0 s"]


def test_a_site_that_goes_on_refusing_is_left_for_the_next_run(
    site: Site, desk: Desk, tmp_path: Path
) -> None:
    jobs = publish(site, "one", "two", "three")
    captions = {name: site.files.pop(name) for name in ("/two.json3", "/three.json3")}
    site.statuses |= dict.fromkeys(captions, 429)
    own = Job(source=str(write_talk(tmp_path / "in", 1)))
    batch = desk.batch([*jobs, own], settings={"batch.pause_s": 0.01})
    assert statuses(batch) == ["done", "waiting", "waiting", "done"]
    assert "429" in (list(batch.records.values())[2].error or "")
    assert site.asked.count("/two.json3") >= 3
    assert "/three.json3" not in site.asked, "the site is not bothered any more"
    assert len(desk.view.notes) == 2
    site.files |= captions
    assert statuses(desk.batch([*jobs, own])) == ["done"] * 4


def test_a_talk_that_is_gone_fails_alone(site: Site, desk: Desk) -> None:
    jobs = publish(site, "one", "two")
    del site.files["/info/one"]
    batch = desk.batch(jobs)
    assert statuses(batch) == ["failed", "done"]
    (record, _) = batch.records.values()
    assert record.stage == "fetch"
    assert "removed by the uploader" in (record.error or "")


def test_an_empty_list_says_so(site: Site, desk: Desk) -> None:
    site.talk("PL1", title="None", talks=[])
    with Store(":memory:") as store, pytest.raises(TalkListError, match="empty or private"):
        list_talks(LIST, store=store, options=Options().fetch)


def test_addresses_of_one_site_are_one_host() -> None:
    assert {host_of(f"https://{host}/x") for host in ("youtu.be", "www.youtube.com", "m.youtube.com")} == {
        "youtube.com"
    }
    assert host_of("https://vimeo.com/1") == "vimeo.com"
