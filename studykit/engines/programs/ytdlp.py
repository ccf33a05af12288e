"""Talks from YouTube and every other site that yt-dlp knows, with yt-dlp as a library.

Sessions, downloads and errors; what yt-dlp tells about a talk is read in ``ytdlp_info.py``.
"""

from __future__ import annotations

import optparse
import shlex
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from studykit.engines.programs.ytdlp_info import FORMATS, entries, has_talk, is_list, one_line, talk_of
from studykit.errors import (
    ConfigError,
    EngineError,
    InputError,
    MissingExtraError,
    MissingNetworkError,
    TalkListError,
)
from studykit.ingest.remote import CaptionFile, CaptionTrack, RemoteTalk
from studykit.options import FetchOptions

__all__ = ["YtDlpFetcher"]

_RETRIES = 3
_WAYS_OUT = """Ways out:
  a newer yt-dlp, as sites change:  pip install -U 'yt-dlp[default]'
  your login, if the site asks:     --cookies-from-browser firefox, or --cookies FILE
  the audio instead of captions:    --transcribe always
  captions that you have:           studykit notes captions.vtt --url {url}
  a recording that you have:        studykit notes talk.mp3 --url {url}"""


class _Log:
    """yt-dlp's messages: its warnings are kept, as they often tell why something failed."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Progress, of which there is our own."""

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def error(self, message: str) -> None:
        """Errors are raised, too."""


class YtDlpFetcher:
    """Fetches with yt-dlp.

    ``extractors`` make ``yt_dlp.extractor.common.InfoExtractor`` objects of your own, which are asked
    before yt-dlp's.
    """

    def __init__(self, options: FetchOptions, *, extractors: Sequence[Callable[[], Any]] = ()) -> None:
        self._options = options
        self._extractors = extractors
        self._infos: dict[str, dict[str, Any]] = {}

    def look(self, url: str) -> RemoteTalk:
        """See ``Fetcher``."""
        info = self._info(url)
        if is_list(info):
            raise TalkListError(url, one_line(info.get("title") or url), list(self._listed(info)))
        return talk_of(info, url)

    def captions(self, url: str, track: CaptionTrack) -> CaptionFile:
        """See ``Fetcher``."""
        info = self._info(url)
        name, _, key = track.name.partition(":")
        form = min(
            (form for form in info[name][key] if form.get("ext") in FORMATS),
            key=lambda form: FORMATS.index(form["ext"]),
        )
        ext = form["ext"]
        if form.get("data") is not None:
            data = str(form["data"]).encode()
        else:
            with tempfile.TemporaryDirectory() as folder, self._session(url, {}) as ydl:
                path = Path(folder, f"captions.{ext}")
                ydl.dl(str(path), {"http_headers": info.get("http_headers"), **form}, subtitle=True)
                data = path.read_bytes()
        if not data.strip():
            raise _failed(url, f"the captions {key!r} came empty")
        return CaptionFile(track=track, format=ext, data=data)

    def audio(self, url: str, folder: Path, progress: Callable[[str], None]) -> Path:
        """See ``Fetcher``."""

        def hook(status: dict[str, Any]) -> None:
            done = status.get("downloaded_bytes")
            whole = status.get("total_bytes") or status.get("total_bytes_estimate")
            if status.get("status") == "downloading" and done and whole:
                progress(f"{done / 1e6:.0f} of {whole / 1e6:.0f} MB")

        folder.mkdir(parents=True, exist_ok=True)
        # yt-dlp writes to a .part file, which it continues and renames when it is whole.
        params = {
            "format": "bestaudio/bestaudio*",
            "paths": {"home": str(folder)},
            "outtmpl": "audio.%(ext)s",
            "overwrites": self._options.refresh,
            "fixup": "never",
            "progress_hooks": [hook],
        }
        info = self._extracted(url, params, download=True)
        return Path(info["requested_downloads"][0]["filepath"])

    def _info(self, url: str) -> dict[str, Any]:
        """What yt-dlp knows about the link; asked for once."""
        if url not in self._infos:
            # Captions may be there where no audio can be had, and then no audio may be needed.
            params = {
                "extract_flat": "in_playlist",
                "ignore_no_formats_error": True,
                "writeautomaticsub": True,  # lists translations of captions made by people, too
            }
            info = self._extracted(url, params)
            if info.get("is_live"):
                raise InputError(url, "still live", hint="Run this again when it has ended.")
            if not is_list(info) and not has_talk(info):
                self._extracted(url, {})  # where audio must be had, yt-dlp says why it is not
                raise _failed(url, "neither audio nor captions there")
            self._infos[url] = info
        return self._infos[url]

    def _listed(self, info: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Link and title of each talk of a list; a channel's lists, such as its tabs, are opened."""
        for link, title, leads_to_list in entries(info):
            if leads_to_list:
                yield from ((link, title) for link, title, _ in entries(self._info(link)))
            else:
                yield link, title

    def _extracted(self, url: str, params: Mapping[str, Any], *, download: bool = False) -> dict[str, Any]:
        """The info dictionary, as plain data."""
        with self._session(url, params) as ydl:
            for extractor in self._extractors:
                ydl.add_info_extractor(extractor())
            ydl.add_default_info_extractors()
            info: dict[str, Any] = ydl.sanitize_info(ydl.extract_info(url, download=download))
            return info

    @contextmanager
    def _session(self, url: str, params: Mapping[str, Any]) -> Iterator[Any]:
        """A ``YoutubeDL`` that knows no site yet; whatever goes wrong with it is raised as our errors."""
        try:
            import yt_dlp
        except ImportError as error:
            raise MissingExtraError("yt-dlp", "youtube") from error
        log = _Log()
        settings = {
            "logger": log,
            "quiet": True,
            "noprogress": True,
            "color": "no_color",
            "noplaylist": True,
            "retries": _RETRIES,
            "fragment_retries": _RETRIES,
            **self._passed_through(),
            **params,
        }
        try:
            with yt_dlp.YoutubeDL(settings, auto_init=False) as ydl:
                yield ydl
        except Exception as error:  # an extractor that its site has outgrown fails in any way
            raise _explained(url, error, log.warnings) from error

    def _passed_through(self) -> dict[str, Any]:
        """What the user set for yt-dlp, read by its own parser of options."""
        from yt_dlp import parse_options

        cookies = self._options.cookies
        if cookies and not cookies.is_file():  # yt-dlp would go without
            raise ConfigError("cookies", f"there is no file {cookies}")
        given = {
            "--cookies": cookies,
            "--cookies-from-browser": self._options.cookies_from_browser,
            "--proxy": self._options.proxy,
            "--limit-rate": self._options.limit_rate,
            "--sleep-requests": self._options.sleep_requests,
        }
        arguments = [f"{name}={value}" for name, value in given.items() if value is not None]
        try:
            read = parse_options(arguments).ydl_opts
        except optparse.OptParseError as error:
            raise ConfigError("yt-dlp", str(error).strip().rpartition("error: ")[2]) from error
        names = ("cookiefile", "cookiesfrombrowser", "proxy", "ratelimit", "sleep_interval_requests")
        return {name: read[name] for name in names}


def _failed(url: str, problem: str) -> EngineError:
    return EngineError("yt-dlp", problem, hint=_WAYS_OUT.format(url=shlex.quote(url)))


def _explained(url: str, error: Exception, warnings: Sequence[str]) -> EngineError | MissingNetworkError:
    """yt-dlp's error as ours, with its own message."""
    from yt_dlp.networking.exceptions import IncompleteRead, SSLError, TransportError
    from yt_dlp.utils import YoutubeDLError

    # A DownloadError knows what led to it, which may again be an ExtractorError with a cause.
    cause = (getattr(error, "exc_info", None) or (None, error))[1]
    if not isinstance(cause, TransportError):
        cause = getattr(cause, "cause", None)
    if isinstance(cause, TransportError) and not isinstance(cause, (IncompleteRead, SSLError)):
        return MissingNetworkError(urlsplit(url).hostname or url, str(cause), url)
    message = str(error).removeprefix("ERROR: ").partition("; please report this issue on")[0]
    if not isinstance(error, YoutubeDLError):
        message = f"{type(error).__name__}: {message}"
    # Warnings are repeated for every try; each is told once.
    return _failed(url, "\n".join([message, *(f"(before that: {line})" for line in dict.fromkeys(warnings))]))
