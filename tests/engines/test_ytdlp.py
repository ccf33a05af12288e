"""What yt-dlp tells about a talk, as we read it; the fetching itself is in tests/cli/test_links.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from studykit.engines.programs.ytdlp_info import entries, has_talk, talk_of
from studykit.engines.programs.ytdlp_options import passed_through
from studykit.errors import ConfigError, TalkListError
from studykit.options import FetchOptions
from studykit.types import Chapter
from tests.web import json3, serving

URL = "https://www.youtube.com/watch?v=x"


def forms(query: str = "", ext: str = "json3") -> list[dict[str, str]]:
    return [{"ext": ext, "url": f"https://www.youtube.com/api/timedtext?v=x&lang=en{query}"}]


def info(**told: Any) -> dict[str, Any]:
    return {"id": "x", "title": "T", "webpage_url": URL, **told}


def test_youtubes_tracks_are_told_apart() -> None:
    """As yt-dlp lists them: originals twice, translations by their ``tlang``, the chat among them."""
    read = talk_of(
        info(
            language="de",
            subtitles={"en-GB": forms(), "live_chat": forms(ext="json")},
            automatic_captions={
                "en-orig": forms(),
                "en": forms(),
                "zh-Hans": forms("&tlang=zh-Hans"),
                "zh-Hans-en-GB": forms("&tlang=zh-Hans"),
                "de": forms(),
            },
        ),
        URL,
    )
    assert [(track.kind, track.language) for track in read.tracks] == [
        ("manual", "en-GB"),
        ("automatic", "en"),
        ("automatic", "en"),
        ("translated", "zh-Hans"),
        ("translated", "zh-Hans-en-GB"),
        ("translated", "de"),
    ]
    assert read.language == "en"


def test_other_sites_tags() -> None:
    read = talk_of(info(subtitles={"eng": forms(), "ai-zh": forms(), "en-x-autogen": forms()}), URL)
    assert [(track.kind, track.language) for track in read.tracks] == [
        ("manual", "en"),
        ("automatic", "zh"),
        ("automatic", "en"),
    ]


def test_facts() -> None:
    read = talk_of(
        info(
            title="Two\n \x1b[1mlines ", uploader="U", release_date="20200229", duration=12.5, thumbnail="t"
        ),
        URL,
    )
    assert (read.title, read.channel, read.published) == ("Two [1mlines", "U", "2020-02-29")
    assert (read.duration_s, read.thumbnail_url, read.chapters) == (12.5, "t", ())
    assert talk_of(info(upload_date="2020"), URL).published is None
    assert not has_talk(info())


@pytest.mark.parametrize(
    ("told", "chapters"),
    [
        (
            {
                "chapters": [
                    {"title": "<Untitled Chapter 1>", "start_time": 0},
                    {"title": "Two", "start_time": 61.5},
                ]
            },
            [("Two", 61.5)],
        ),
        (
            {"description": "Hi\n0:00 One\n1:01 - Two\n1:02:03 Three"},
            [("One", 0), ("Two", 61), ("Three", 3723)],
        ),
        ({"description": "1:00 One\n1:01 Two\n1:02 Three"}, []),
        ({"description": "0:00 One\n1:01 Two"}, []),
        ({"description": "0:00 A", "chapters": [{"title": "B", "start_time": 0}]}, [("B", 0)]),
    ],
)
def test_chapters_are_the_sites_or_a_list_in_the_description(
    told: dict[str, Any], chapters: list[tuple[str, float]]
) -> None:
    assert talk_of(info(**told), URL).chapters == tuple(Chapter(title=t, start_s=s) for t, s in chapters)


def test_entries_of_a_list() -> None:
    told = {
        "entries": [
            None,
            {"url": "https://youtu.be/a", "title": "A"},
            {"url": "https://www.youtube.com/@c/videos", "ie_key": "YoutubeTab"},
            {"title": "private"},
        ]
    }
    assert list(entries(told)) == [
        ("https://youtu.be/a", "A", False),
        ("https://www.youtube.com/@c/videos", "", True),
    ]


def test_the_best_format_of_captions_is_taken_also_inline() -> None:
    with serving() as site:
        data = json3([(0.0, "hello")]).decode()
        site.talk(
            "x",
            subtitles={
                "en": [*site.captions("/a.vtt", b"WEBVTT"), {"ext": "json3", "data": data}, {"ext": "foo"}]
            },
        )
        fetcher = site.fetcher(FetchOptions())
        read = fetcher.look(URL)
        file = fetcher.captions(URL, read.tracks[0])
    assert (file.format, file.data.decode()) == ("json3", data)


def test_a_channels_tabs_are_opened() -> None:
    with serving() as site:
        tab = {"_type": "url", "url": "https://youtu.be/tab", "ie_key": "SitePlaylist", "title": "Videos"}
        site.talk("UC1", title="Channel", _type="playlist", entries=[tab])
        site.talk("tab", title="Videos", talks=[("https://youtu.be/a", "A")])
        with pytest.raises(TalkListError) as caught:
            site.fetcher(FetchOptions()).look("https://www.youtube.com/playlist?list=UC1")
    assert caught.value.talks == [("https://youtu.be/a", "A")]


def test_cookies_and_rates_reach_yt_dlp(tmp_path: Path) -> None:
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(
        "# Netscape HTTP Cookie File\n127.0.0.1\tFALSE\t/\tFALSE\t2147483647\tlogin\tyes\n", encoding="utf-8"
    )
    with serving() as site:
        site.talk("x", subtitles={"en": site.captions("/a.vtt", b"WEBVTT\n\n00:00.000 --> 00:01.000\nhi\n")})
        site.fetcher(FetchOptions(cookies=cookies, limit_rate="1M", sleep_requests=0.0)).look(URL)
        assert site.cookies == ["login=yes"]


def test_more_options_reach_yt_dlp() -> None:
    arguments = "--js-runtimes node --extractor-args 'youtube:player_client=tv;po_token=web+x' --force-ipv4"
    read = passed_through(FetchOptions(yt_dlp_args=arguments, proxy="http://127.0.0.1:1"))
    assert read.pop("proxy") == "http://127.0.0.1:1"
    assert read["extractor_args"]["youtube"] == {"player_client": ["tv"], "po_token": ["web+x"]}
    assert "node" in read["js_runtimes"]
    assert read["source_address"] == "0.0.0.0"
    assert len(read) == 3
    assert passed_through(FetchOptions()) == {}


@pytest.mark.parametrize(
    "arguments",
    [
        *(
            "--exec 'touch x'",
            "--exe 'touch x'",
            "--netrc-cmd ./x",
            "--downloader ./x",
            "--ffmpeg-location ./x",
        ),
        *("--plugin-dirs .", "--config-locations x.conf", "--load-info-json x.json", "-a urls.txt"),
        *("-o x", "--paths /tmp", "-P /tmp", "--download-archive x", "--print-to-file id x", "--cache-dir x"),
        *("--write-info-json", "--write-pages", "--use-postprocessor Exec", "--enable-file-urls", "-U"),
        *("https://youtu.be/other", "--no-such-option", "--proxy 'x", "--simulate", "-j"),
    ],
)
def test_options_that_run_or_write_something_are_refused(arguments: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        passed_through(FetchOptions(yt_dlp_args=arguments))
