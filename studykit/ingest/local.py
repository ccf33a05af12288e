"""Caption, transcript and text files on this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from studykit import formats
from studykit.errors import EmptyInputError, FormatError, InputError
from studykit.faces import late
from studykit.fingerprint import digest_bytes
from studykit.ingest.texts import read_text
from studykit.languages import detect_language, is_chinese, primary
from studykit.options import IngestOptions
from studykit.types import Chapter, Segment, Source, SourceKind, Transcript

__all__ = ["Ingested", "file_title", "ingest_file", "local_file", "read_chapters"]

_NAMES = {"en": "English", "zh": "Chinese"}
_LANGUAGE_SUFFIX = late(r"\.((?:en|zh|cmn|yue)(?:[-_][A-Za-z0-9]+)*)$", re.IGNORECASE)


class Ingested(Struct, frozen=True, kw_only=True):
    """A source and its transcript; ``warnings`` say what had to be repaired."""

    source: Source
    transcript: Transcript
    other: Transcript | None = None
    """The other language of a file that is in both."""
    warnings: tuple[str, ...] = ()


def local_file(source: str) -> Path:
    """The path that ``source`` names; raises ``InputError`` if it is an address such as ``ftp://…``."""
    if re.match(r"[a-z][a-z0-9+.-]+://", source, re.IGNORECASE):
        raise InputError(
            source,
            "this address cannot be downloaded; links begin with http:// or https://",
            hint="Download the file first; with --url, times still link to the video.",
        )
    return Path(source)


def file_title(path: Path) -> str:
    """A file's name without its format and language: ``talk.en.vtt`` gives ``talk``."""
    return _LANGUAGE_SUFFIX.sub("", path.stem) or path.stem


def read_chapters(path: Path) -> tuple[Chapter, ...]:
    """The chapters listed in a file, one a line: ``12:30 Title``. Raises ``InputError``."""
    chapters = formats.parse_chapters(formats.decode(formats.read_bytes(path), path))
    if not chapters:
        raise FormatError(path, "contains no chapters", hint='Write one per line: "12:30 Title".')
    return chapters


def ingest_file(path: Path, data: bytes, options: IngestOptions) -> Ingested:
    """Read a file whose bytes are ``data``.

    Of a file in both languages, English is the talk's own unless the options say that Chinese is.
    Raises ``InputError`` if it contains no words or is neither English nor Chinese.
    """
    read = read_text(path, data)
    parsed = formats.parse(read.text, path)
    text = "\n".join(seg.text for seg in parsed.segments)
    if not re.search(r"\w", text):
        raise EmptyInputError(path, "contains no words")
    source_id = digest_bytes(data)
    if parsed.chinese:
        texts = {"en": parsed.segments, "zh": parsed.chinese}
        language = "zh" if is_chinese(options.language or "") else "en"
    else:
        language = _language(path, options.language or parsed.language, text)
        texts = {language: parsed.segments}
    transcripts = {
        tag: Transcript(
            source_id=source_id,
            language=tag,
            segments=segments,
            engine=parsed.format,
            timing=parsed.timing,
        )
        for tag, segments in texts.items()
    }
    transcript = transcripts.pop(language)
    source = Source(
        id=source_id,
        kind=_kind(parsed.timing != "none", parsed.format),
        language=language,
        title=options.title or parsed.title or file_title(path),
        url=options.url or parsed.url,
        duration_s=parsed.duration_s or _last_end_s(parsed.segments),
        chapters=options.chapters or parsed.chapters,
    )
    return Ingested(
        source=source,
        transcript=transcript,
        other=next(iter(transcripts.values()), None),
        warnings=(*read.warnings, *parsed.warnings, *_doubts(options.language, texts)),
    )


def _language(path: Path, stated: str | None, text: str) -> str:
    """``en`` or ``zh``: as stated, or else from the file name, or else from the script."""
    in_name = _LANGUAGE_SUFFIX.search(path.stem)
    tag = stated or (in_name.group(1) if in_name else detect_language(text))
    if is_chinese(tag):
        return "zh"
    if primary(tag) == "en":
        return "en"
    raise InputError(
        path,
        f"its language is {tag!r}; studykit supports English and Chinese only",
        hint="If that is wrong, set it: --language en or --language zh.",
    )


def _doubts(stated: str | None, texts: Mapping[str, Sequence[Segment]]) -> Iterator[str]:
    """A warning if the user's word on a text's language does not fit its script."""
    for language, segments in texts.items() if stated else ():
        looks = detect_language("\n".join(seg.text for seg in segments))
        if looks != language:
            seems, said = (_NAMES[tag] for tag in (looks, language))
            yield f"the text looks {seems}, but is taken for {said} (--language {stated})"


def _kind(timed: bool, format: str) -> SourceKind:
    if format.startswith("whisper"):
        return "transcript"
    return "captions" if timed else "text"


def _last_end_s(segments: tuple[Segment, ...]) -> float | None:
    ends = [time for seg in segments for time in (seg.start_s, seg.end_s) if time is not None]
    return max(ends, default=None)
