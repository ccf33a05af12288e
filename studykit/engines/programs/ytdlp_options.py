"""The user's options for yt-dlp, read by yt-dlp's own parser.

``--yt-dlp-args`` passes on everything but what runs programs of the user's choice, reads settings or
talks from elsewhere, or writes elsewhere: studykit alone decides what is written and where.
"""

from __future__ import annotations

import optparse
import shlex
from typing import Any

from studykit.errors import ConfigError
from studykit.options import FetchOptions

__all__ = ["passed_through"]

_REFUSED = {
    "runs a program": (
        *("exec_cmd", "exec_before_dl_cmd", "netrc_cmd", "external_downloader", "external_downloader_args"),
        *("ffmpeg_location", "add_postprocessors", "postprocessor_args", "update_self"),
    ),
    "loads code": ("plugin_dirs",),
    "reads other settings or talks": (
        "config_locations",
        "load_info_filename",
        "batchfile",
        "enable_file_urls",
    ),
    "writes elsewhere": (
        *("outtmpl", "paths", "cachedir", "rm_cachedir", "download_archive", "print_to_file", "write_pages"),
        *("writeinfojson", "writedescription", "writethumbnail", "writelink", "writeurllink"),
        *("writewebloclink", "writedesktoplink", "split_chapters", "mark_watched"),
    ),
    "prints or stops instead of fetching": (
        *("simulate", "skip_download", "print_help", "dumpjson", "dump_single_json", "forceprint"),
        *("list_extractors", "list_extractor_descriptions", "listformats", "listsubtitles"),
        *("list_thumbnails", "list_impersonate_targets", "verbose", "debug_printtraffic"),
    ),
}
"""By what they do, the options that are refused, under the names of yt-dlp's parser: abbreviations and
aliases lead to the same names."""


def passed_through(options: FetchOptions) -> dict[str, Any]:
    """The user's options as parameters of ``YoutubeDL``.

    Raises ``ConfigError`` for one that yt-dlp does not know or that is refused.
    """
    cookies = options.cookies
    if cookies and not cookies.is_file():  # yt-dlp would silently continue without
        raise ConfigError("cookies", f"no such file: {cookies}")
    given = {
        "--cookies": cookies,
        "--cookies-from-browser": options.cookies_from_browser,
        "--proxy": options.proxy,
        "--limit-rate": options.limit_rate,
        "--sleep-requests": options.sleep_requests,
    }
    own = [f"{name}={value}" for name, value in given.items() if value is not None]
    return {**_parameters(_words(options.yt_dlp_args), "yt-dlp-args"), **_parameters(own, "yt-dlp")}


def _words(arguments: str | None) -> list[str]:
    try:
        return shlex.split(arguments or "")
    except ValueError as error:
        raise ConfigError("yt-dlp-args", f"{error}: {arguments}") from error


def _parameters(arguments: list[str], where: str) -> dict[str, Any]:
    """What the arguments change in yt-dlp's parameters."""
    from yt_dlp import parse_options

    if not arguments:
        return {}
    try:
        read, usual = parse_options(["--ignore-config", *arguments]), parse_options(["--ignore-config"])
    except (optparse.OptParseError, SystemExit) as error:  # it exits after --help
        raise ConfigError(
            where, str(error).strip().rpartition("error: ")[2] or "not an option here"
        ) from error
    if read.urls:
        raise ConfigError(where, f"not an option: {read.urls[0]}")
    chosen, default = vars(read.options), vars(usual.options)
    for what, names in _REFUSED.items():
        for name in names:
            if chosen.get(name) != default.get(name):
                raise ConfigError(where, f"yt-dlp's option for {name!r} is not passed on: it {what}")
    return {name: value for name, value in read.ydl_opts.items() if value != usual.ydl_opts.get(name)}
