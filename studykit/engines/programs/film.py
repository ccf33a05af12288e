"""Subtitle tracks inside films (Matroska, MP4 and others), read by PyAV or else by the program ffmpeg.

Tracks of pictures (DVD, Blu-ray) hold no text and are passed over.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from studykit.engines.programs.ffmpeg import run_ffmpeg
from studykit.ingest import FilmTracks, SubtitleTrack
from studykit.timecode import to_srt

__all__ = ["film_tracks"]

_TEXT_CODECS = {"subrip", "srt", "ass", "ssa", "mov_text", "webvtt", "text"}
_FORCED = 0x0040  # FFmpeg's AV_DISPOSITION_FORCED


def film_tracks(path: Path) -> FilmTracks:
    """The text tracks of a film and the language of its sound; empty without PyAV and ffmpeg.

    A file that cannot be read has no tracks: whoever reads its sound tells what is wrong.
    """
    try:
        import av
    except ImportError:
        return _by_program(path)
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            return _by_pyav(container)
    except (av.error.FFmpegError, OSError, ValueError):
        return FilmTracks()


def _by_pyav(container: Any) -> FilmTracks:
    texts = {
        stream.index: stream
        for stream in container.streams.subtitles
        if stream.codec_context.name in _TEXT_CODECS and not int(stream.disposition) & _FORCED
    }
    spoken = next((stream.language for stream in container.streams.audio), None)
    cues: dict[int, list[str]] = {index: [] for index in texts}
    for packet in container.demux(list(texts.values())) if texts else ():
        text = _packet_text(bytes(packet), packet.stream.codec_context.name)
        if text and packet.pts is not None:
            start_s = max(0.0, float(packet.pts * packet.time_base))
            length_s = float((packet.duration or 0) * packet.time_base)
            cues[packet.stream.index].append(f"{to_srt(start_s)} --> {to_srt(start_s + length_s)}\n{text}\n")
    return FilmTracks(
        spoken=spoken,
        tracks=tuple(
            SubtitleTrack(number=number, language=texts[index].language, srt="\n".join(cues[index]))
            for number, index in enumerate(texts, 1)
            if cues[index]
        ),
    )


def _packet_text(data: bytes, codec: str) -> str:
    """The text of one packet, as it stands in the container."""
    if codec == "mov_text":
        data = data[2 : 2 + int.from_bytes(data[:2], "big")]
    text = data.decode("utf-8", "replace").strip("\0\r\n ")
    if codec in {"ass", "ssa"}:  # ReadOrder, Layer, Style, Name, three margins, Effect, Text
        text = text.split(",", 8)[-1].replace(r"\N", "\n").replace(r"\n", "\n").replace(r"\h", " ")
        text = re.sub(r"\{\\[^{}]*\}", "", text)
    return "\n".join(line for line in text.splitlines() if line.strip())


def _by_program(path: Path) -> FilmTracks:
    probe = shutil.which("ffprobe")
    if probe is None or shutil.which("ffmpeg") is None:
        return FilmTracks()
    command = [probe, "-v", "error", "-show_streams", "-of", "json", f"file:{path}"]
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    try:
        streams = json.loads(done.stdout).get("streams", [])
    except ValueError:
        return FilmTracks()
    spoken = next((_language(stream) for stream in streams if stream.get("codec_type") == "audio"), None)
    return FilmTracks(spoken=spoken, tracks=tuple(_extracted(path, streams)))


def _language(stream: dict[str, Any]) -> str | None:
    language = stream.get("tags", {}).get("language")
    return language if isinstance(language, str) else None


def _extracted(path: Path, streams: list[dict[str, Any]]) -> Iterator[SubtitleTrack]:
    number = 0
    for stream in streams:
        forced = stream.get("disposition", {}).get("forced")
        if stream.get("codec_name") not in _TEXT_CODECS or forced:
            continue
        number += 1
        done = run_ffmpeg(
            ["-i", f"file:{path}"], ["-map", f"0:{stream['index']}", "-c:s", "srt", "-f", "srt"]
        )
        if done.returncode == 0 and done.stdout.strip():
            yield SubtitleTrack(
                number=number, language=_language(stream), srt=done.stdout.decode("utf-8", "replace")
            )
