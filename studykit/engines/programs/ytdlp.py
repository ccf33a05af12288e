"""Downloads talks from YouTube and every other site that yt-dlp supports, with yt-dlp as a library.

Sessions, downloads and errors; ``ytdlp_info.py`` reads what yt-dlp returns about a talk.
"""

from __future__ import annotations

import re
import shlex
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from msgspec.structs import replace

from studykit.engines.programs.ytdlp_info import FORMATS, entries, has_talk, is_list, one_line, talk_of
from studykit.engines.programs.ytdlp_options import passed_through
from studykit.errors import (
    EngineError,
    InputError,
    MissingExtraError,
    MissingNetworkError,
    RefusedError,
    TalkListError,
)
from studykit.ingest.remote import CaptionFile, CaptionTrack, RemoteTalk
from studykit.options import FetchOptions

__all__ = ["YtDlpFetcher"]

_RETRIES = 3
_LOGIN = re.compile(r"sign in|log ?in|cookies|private|members|confirm your age|not a bot", re.IGNORECASE)
_TOO_MANY = re.compile(r"\b429\b|too many requests|rate.?limit", re.IGNORECASE)
_ROBOT = re.compile(r"not a (?:ro)?bot", re.IGNORECASE)
_NO_FORMATS = re.compile(r"no video formats found|requested format is not available", re.IGNORECASE)


class _Log:
    """Collects yt-dlp's warnings, which often say why something failed."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def debug(self, message: str) -> None:
        """Ignored: studykit shows its own progress."""

    def warning(self, message: str) -> None:
        self.warnings.append(message)

    def error(self, message: str) -> None:
        """Ignored: errors are also raised."""


class YtDlpFetcher:
    """Fetches with yt-dlp.

    ``extractors`` create additional ``yt_dlp.extractor.common.InfoExtractor`` objects, which are tried
    before those of yt-dlp.
    """

    def __init__(self, options: FetchOptions, *, extractors: Sequence[Callable[[], Any]] = ()) -> None:
        self._options = options
        self._extractors = extractors
        self._infos: dict[str, dict[str, Any]] = {}
        self._warnings: dict[str, tuple[str, ...]] = {}

    def look(self, url: str) -> RemoteTalk:
        """See ``Fetcher``."""
        info = self._info(url)
        if is_list(info):
            raise TalkListError(url, one_line(info.get("title") or url), list(self._listed(info)))
        return replace(talk_of(info, url), warnings=self._warnings[url])

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
            raise _failed(url, f"the captions {key!r} are empty")
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
        info, _ = self._extracted(url, params, download=True)
        return Path(info["requested_downloads"][0]["filepath"])

    def _info(self, url: str) -> dict[str, Any]:
        """What yt-dlp returns about the link; requested once."""
        if url not in self._infos:
            # There may be captions without audio, and then audio may not be needed.
            params = {
                "extract_flat": "in_playlist",
                "ignore_no_formats_error": True,
                "writeautomaticsub": True,  # lists translations of captions made by people, too
            }
            info, warnings = self._extracted(url, params)
            if info.get("is_live"):
                raise InputError(url, "is still live", hint="Run this again after it has ended.")
            if not is_list(info) and not has_talk(info):
                self._why_not(url)
            self._infos[url] = info
            self._warnings[url] = warnings
        return self._infos[url]

    def _why_not(self, url: str) -> NoReturn:
        """Raise the reason why there is neither audio nor captions: yt-dlp says it if audio is required."""
        try:
            self._extracted(url, {})
        except EngineError as error:
            if not _NO_FORMATS.search(error.problem):
                raise
        raise _failed(url, "it has no captions and no audio")

    def _listed(self, info: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Link and title of each talk in a list; nested lists, such as a channel's tabs, are opened."""
        for link, title, leads_to_list in entries(info):
            if leads_to_list:
                yield from ((link, title) for link, title, _ in entries(self._info(link)))
            else:
                yield link, title

    def _extracted(
        self, url: str, params: Mapping[str, Any], *, download: bool = False
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The info dictionary, as plain data, and yt-dlp's warnings, each once."""
        with self._session(url, params) as ydl:
            for extractor in self._extractors:
                ydl.add_info_extractor(extractor())
            ydl.add_default_info_extractors()
            info: dict[str, Any] = ydl.sanitize_info(ydl.extract_info(url, download=download))
            return info, tuple(dict.fromkeys(map(one_line, ydl.params["logger"].warnings)))

    @contextmanager
    def _session(self, url: str, params: Mapping[str, Any]) -> Iterator[Any]:
        """A ``YoutubeDL`` without extractors; its errors are converted to ours."""
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
            **passed_through(self._options),
            **params,
        }
        try:
            with yt_dlp.YoutubeDL(settings, auto_init=False) as ydl:
                yield ydl
        except Exception as error:  # an outdated extractor may fail in any way
            raise _explained(url, error, log.warnings) from error


def _failed(url: str, problem: str) -> EngineError:
    refused = _TOO_MANY.search(problem) or _ROBOT.search(problem)
    kind = RefusedError if refused else EngineError
    return kind("yt-dlp", problem, hint=_ways_out(url, problem))


def _ways_out(url: str, problem: str) -> str:
    """What the user can do, the likeliest first."""
    link = shlex.quote(url)
    login = ("log in, if the site requires it:", "--cookies-from-browser firefox, or --cookies FILE")
    update = ("update yt-dlp, as sites change:", "pip install -U 'yt-dlp[default]'")
    audio = ("use the audio, not captions:", "--transcribe always")
    ways = [update, login, audio]
    if _LOGIN.search(problem):
        ways = [login, update]
    elif _TOO_MANY.search(problem):
        ways = [
            ("wait an hour; the site refuses so many requests", ""),
            ("then ask more slowly:", "--sleep-requests 5"),
            login,
        ]
    ways += [
        ("use captions that you have:", f"studykit notes captions.vtt --url {link}"),
        ("use a recording that you have:", f"studykit notes talk.mp3 --url {link}"),
    ]
    return "\n".join(["What you can do:", *(f"  {what:34}{how}".rstrip() for what, how in ways)])


def _explained(url: str, error: Exception, warnings: Sequence[str]) -> EngineError | MissingNetworkError:
    """yt-dlp's error as one of ours, with its message."""
    from yt_dlp.networking.exceptions import IncompleteRead, SSLError, TransportError
    from yt_dlp.utils import YoutubeDLError

    # A DownloadError holds its cause, which may be an ExtractorError that holds another.
    cause = (getattr(error, "exc_info", None) or (None, error))[1]
    if not isinstance(cause, TransportError):
        cause = getattr(cause, "cause", None)
    if isinstance(cause, TransportError) and not isinstance(cause, (IncompleteRead, SSLError)):
        return MissingNetworkError(urlsplit(url).hostname or url, str(cause), url)
    message = str(error).removeprefix("ERROR: ").partition("; please report this issue on")[0]
    if not isinstance(error, YoutubeDLError):
        message = f"{type(error).__name__}: {message}"
    # Warnings are repeated for every attempt; each is shown once.
    return _failed(url, "\n".join([message, *(f"(before that: {line})" for line in dict.fromkeys(warnings))]))
