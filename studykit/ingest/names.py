"""Whether a file's name tells what a talk is about."""

from __future__ import annotations

import re

from studykit.types import Source

__all__ = ["is_untitled", "tells_nothing"]

_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_VIDEO_ID = re.compile(r"(?=.*(?:\d|[a-z][A-Z]))[\w-]{11}")
"""YouTube's; a name of eleven letters has neither digits nor capitals inside."""
_WORD = re.compile(r"[^\W\d_]+")
_HEX = re.compile(r"(?=.*\d)[0-9a-f]{6,}", re.IGNORECASE)
_OF_FILES = frozenset(
    "captions caption subtitles subtitle subs sub transcript transcription audio video recording record talk "
    "lecture untitled output download file text en eng zh chs cht chi english chinese auto "
    "generated asr part first second half new final copy episode ep srt vtt whisper rec voice memo mov "
    "mp img dsc zoom meeting "
    "test tmp temp youtube "
    "字幕 文稿 音频 视频 录音 新录音 下载 未命名".split()
)


def tells_nothing(name: str) -> bool:
    """Whether a file's name, without format and language, is a number, an id or words that fit any file."""
    name = name.strip()
    if _UUID.fullmatch(name) or _HEX.fullmatch(name) or (" " not in name and _VIDEO_ID.fullmatch(name)):
        return True
    parts = (part for part in re.split(r"[\W_]+", _UUID.sub(" ", name)) if not _HEX.fullmatch(part))
    words = [word for part in parts for word in _WORD.findall(part)]
    return all(word.lower() in _OF_FILES or len(word) < 2 for word in words)


def is_untitled(source: Source, *, stated: str | None) -> bool:
    """Whether a talk's only title is a file name that tells nothing; ``stated`` is the user's title."""
    has_title = stated or source.made_title or source.kind == "url"
    return not has_title and tells_nothing(source.title)
