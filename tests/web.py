"""A video site on this machine: real YouTube links, everything behind them served from 127.0.0.1."""

from __future__ import annotations

import json
import re
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

from yt_dlp.extractor.common import InfoExtractor
from yt_dlp.utils import ExtractorError

from studykit.engines.programs.ytdlp import YtDlpFetcher
from studykit.options import FetchOptions

__all__ = ["Site", "json3", "serving"]


@dataclass
class Site:
    """What is served, and what was asked for. A talk's ``warnings`` are those of its extractor."""

    base: str = ""
    files: dict[str, bytes] = field(default_factory=dict)
    """By path; what is not here is 404."""
    cut: dict[str, int] = field(default_factory=dict)
    """Paths whose connection breaks after so many bytes."""
    statuses: dict[str, int] = field(default_factory=dict)
    """Paths that are refused, and the status of the refusal."""
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    cookies: list[str] = field(default_factory=list)

    def fetcher(self, options: FetchOptions) -> YtDlpFetcher:
        """Our fetcher, which asks this site about YouTube's links."""
        return YtDlpFetcher(options, extractors=[lambda: SiteIE(self)])

    def talk(self, video: str, **info: Any) -> None:
        """Publish a talk; ``info`` is what its extractor tells."""
        known = {"id": video, "title": "A talk about models", "formats": [], **info}
        self.files[f"/info/{video}"] = json.dumps(known).encode()

    def captions(self, path: str, data: bytes) -> list[dict[str, str]]:
        """Publish captions; returns what an extractor tells about them."""
        self.files[path] = data
        return [{"ext": path.rpartition(".")[2].partition("?")[0], "url": self.base + path}]

    def audio(self, path: str, data: bytes) -> dict[str, str]:
        """Publish audio; returns what an extractor tells about it."""
        self.files[path] = data
        return {
            "format_id": "140", "url": self.base + path, "ext": path.rpartition(".")[2],
            "vcodec": "none", "acodec": "opus", "protocol": "http",
        }  # fmt: skip


class SiteIE(InfoExtractor):
    """Reads YouTube's links from a ``Site``."""

    _VALID_URL = r"https://(?:www\.youtube\.com/(?:watch\?v=|playlist\?list=)|youtu\.be/)(?P<id>[\w-]+)"

    def __init__(self, site: Site) -> None:
        super().__init__()
        self._site = site

    def _real_extract(self, url: str) -> Any:
        video = self._match_id(url)
        if f"/info/{video}" not in self._site.files:
            reason = "Video unavailable. This video has been removed by the uploader"
            self.raise_no_formats(ExtractorError(reason, expected=True), expected=True, video_id=video)
            return {"id": video, "title": f"video #{video}", "formats": []}
        info = self._download_json(f"{self._site.base}/info/{video}", video)
        for warning in info.pop("warnings", []):
            self.report_warning(warning)
        if "talks" in info:
            entries = [self.url_result(link, title=title) for link, title in info["talks"]]
            return self.playlist_result(entries, video, info["title"])
        return info


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        site = self.site
        site.asked.append(self.path)
        site.cookies += self.headers.get_all("Cookie", [])
        data = site.files.get(self.path)
        if data is None:
            self.send_error(site.statuses.get(self.path, 404))
            return
        start = 0
        if match := re.fullmatch(r"bytes=(\d+)-\d*", self.headers.get("Range", "")):
            site.ranges.append(self.headers["Range"])
            start = int(match[1])
        self.send_response(206 if match else 200)
        self.send_header("Content-Length", str(len(data) - start))
        if match:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.end_headers()
        if self.path in site.cut:
            self.wfile.write(data[start : start + site.cut[self.path]])
            self.wfile.flush()
            # Closing without lingering breaks the connection, as a network that fails does.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()
            return
        self.wfile.write(data[start:])


@contextmanager
def serving() -> Iterator[Site]:
    """A site, as long as the block runs."""
    site = Site()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def json3(lines: list[tuple[float, str]], *, word_s: float = 0.3) -> bytes:
    """Automatic captions: lines with their starts in seconds, a word every ``word_s``."""
    events = []
    for start_s, line in lines:
        pieces = [
            {"utf8": word if i == 0 else f" {word}", "tOffsetMs": round(i * word_s * 1000)}
            for i, word in enumerate(line.split(" "))
        ]
        events.append({"tStartMs": round(start_s * 1000), "dDurationMs": 5000, "segs": pieces})
    return json.dumps({"events": events}).encode()
