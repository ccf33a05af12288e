"""The options of where a talk comes from: files, links and recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from studykit.options.setting import LOADS_CODE, Table, setting
from studykit.types import Chapter, ComputeType, Language, is_device

__all__ = ["AudioUse", "FetchOptions", "IngestOptions", "TranscribeOptions"]

AudioUse = Literal["auto", "always", "never"]


class IngestOptions(Table, frozen=True, kw_only=True):
    """What the user states about a talk; it outranks what the file says."""

    language: Annotated[
        Language | None, setting("language of the talk; detected if not given", in_file=False)
    ] = None
    title: Annotated[
        str | None,
        setting("the talk's title; from the file or its name if not given", in_file=False, metavar="TEXT"),
    ] = None
    url: Annotated[
        str | None,
        setting("address of the talk's video; times in the notes link to it", in_file=False, metavar="URL"),
    ] = None
    chapters: tuple[Chapter, ...] = ()


class FetchOptions(Table, frozen=True, kw_only=True):
    """How to fetch a talk behind a link. The values of cookies, proxy and rate are yt-dlp's own."""

    transcribe: Annotated[
        AudioUse,
        setting("when to transcribe the audio of a link or film; auto: if it has no captions", in_file=False),
    ] = "auto"
    refresh: Annotated[bool, setting("download again what was downloaded before", in_file=False)] = False
    cookies: Annotated[
        Path | None,
        setting(
            "file of cookies exported from a browser, for sites that need a login",
            metavar="FILE",
            risk="a file whose content is sent to sites",
        ),
    ] = None
    cookies_from_browser: Annotated[
        str | None,
        setting(
            "browser to read cookies from, as in yt-dlp: `firefox`, `chrome:Profile 1`",
            metavar="BROWSER",
            risk="reads the cookies of your browser",
        ),
    ] = None
    proxy: Annotated[
        str | None,
        setting(
            "proxy, such as `socks5://127.0.0.1:1080`",
            metavar="URL",
            risk="an address that all downloads go through",
        ),
    ] = None
    limit_rate: Annotated[
        str | None, setting("maximum download rate in bytes per second, such as `2M`", metavar="RATE")
    ] = None
    sleep_requests: Annotated[
        float | None, setting("seconds to wait between two requests to a site", metavar="SECONDS")
    ] = None
    yt_dlp_args: Annotated[
        str | None,
        setting(
            "more options for yt-dlp in quotes, such as `'--js-runtimes node'`",
            metavar="OPTIONS",
            risk="options for yt-dlp, which may read cookies and log in",
        ),
    ] = None


def _device(value: Any) -> str:
    name = "".join(value.split()).lower() if isinstance(value, str) else ""
    if not is_device(name):
        raise ValueError("choose auto, cpu, cuda or cuda:N; several as cuda:0,cuda:1")
    return name


class TranscribeOptions(Table, frozen=True, kw_only=True):
    """How to transcribe; device and batch size do not affect the result, a stated compute type may."""

    engine: Annotated[
        Literal["auto", "faster-whisper", "whisperx"],
        setting("speech recogniser; auto: whisperx on a GPU if it is installed, otherwise faster-whisper"),
    ] = "auto"
    model: Annotated[
        str,
        setting(
            "speech model: auto (by the machine), a name in `studykit models list`, OWNER/NAME on the hub, "
            "or a folder",
            metavar="NAME_OR_PATH",
            risk=LOADS_CODE,
        ),
    ] = "auto"
    device: Annotated[
        str,
        setting(
            "device for speech recognition: auto, cpu, cuda or cuda:N, as CUDA counts GPUs; several GPUs, "
            "for several recordings, as cuda:0,cuda:1",
            metavar="DEVICE",
            read=_device,
        ),
    ] = "auto"
    compute_type: Annotated[
        ComputeType,
        setting("numbers to compute with; auto: the best that the device has and its memory holds"),
    ] = "auto"
    batch_size: Annotated[
        int | None, setting("windows of 30 s recognised at a time; by memory if not given", metavar="N")
    ] = None
    language: str | None = None
    """ISO 639-1; detected if None."""
    hot_words: Annotated[bool, setting("give the recogniser glossary terms that are often mis-heard")] = True
    diarize: Annotated[bool, setting("label speakers (pyannote; needs HF_TOKEN)", in_file=False)] = False
    min_speakers: Annotated[int | None, setting("at least so many speakers", in_file=False, metavar="N")] = (
        None
    )
    max_speakers: Annotated[int | None, setting("at most so many speakers", in_file=False, metavar="N")] = (
        None
    )
    hear_again: Annotated[
        bool,
        setting(
            "transcribe again what was transcribed before, as after changes in the glossary", in_file=False
        ),
    ] = False

    def __post_init__(self) -> None:
        for name in ("batch_size", "min_speakers", "max_speakers"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise ValueError(f"transcribe.{name} must be at least 1, not {value}")
        if not self.diarize and (self.min_speakers or self.max_speakers):
            raise ValueError("a number of speakers needs --diarize")
        if self.min_speakers and self.max_speakers and self.min_speakers > self.max_speakers:
            raise ValueError(
                f"min_speakers {self.min_speakers} is more than max_speakers {self.max_speakers}"
            )
