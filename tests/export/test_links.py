from __future__ import annotations

import pytest

from studykit.export.page.links import link_at, safe_url


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.youtube.com/watch?v=abc", "https://www.youtube.com/watch?v=abc&t=61s"),
        (
            "https://www.youtube.com/watch?v=abc&t=5s&list=x",
            "https://www.youtube.com/watch?v=abc&list=x&t=61s",
        ),
        ("https://youtu.be/abc?t=9", "https://youtu.be/abc?t=61s"),
        ("https://youtu.be/abc#notes", "https://youtu.be/abc?t=61s#notes"),
        ("https://example.org/talk.mp4?a=1#x", "https://example.org/talk.mp4?a=1#t=61"),
        ("https://www.bilibili.com/video/BV1?p=2", "https://www.bilibili.com/video/BV1?p=2&t=61"),
        ("https://example.org/talk.mp4", "https://example.org/talk.mp4#t=61"),
        ("https://notyoutube.com.evil.org/x", "https://notyoutube.com.evil.org/x#t=61"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("https://", None),
        ("http://[::1", None),
        ("", None),
        (None, None),
    ],
)
def test_link_at_a_second(url: str | None, link: str | None) -> None:
    assert link_at(url, 61.9) == link
    assert link_at(url, 5) == (None if link is None else link.replace("61", "5"))


def test_no_link_without_a_time() -> None:
    assert link_at("https://example.org/talk.mp4", None) is None
    assert safe_url("https://example.org/talk.mp4") == "https://example.org/talk.mp4"
