"""The captions of a recording or film: files beside it and tracks inside it, preferred to hearing it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from studykit import engines
from studykit.errors import EmptyInputError, FormatError
from studykit.formats import read_bytes
from studykit.ingest import Ingested, captions_beside, file_title, language_of_tag
from studykit.options import IngestOptions
from studykit.talk.read.base import ReadRequest, ingested
from studykit.types import Language, Transcript

__all__ = ["FilmText", "film_text"]


class FilmText(Struct, frozen=True, kw_only=True):
    """What a film's captions say: the talk's own text, unless it must be heard, and the other language."""

    lead: Ingested | None = None
    other: Transcript | None = None
    told: str = ""
    """Which captions were taken, for display; empty if there are none."""
    warnings: tuple[str, ...] = ()


class _Candidate(Struct, frozen=True, kw_only=True):
    path: Path
    data: bytes
    language: Language | None
    name: str


def film_text(request: ReadRequest, film: Path) -> FilmText:
    """The captions of ``film`` in each language, files before tracks.

    The talk's own language is the one in the options, or that of the film's sound, or else English if
    there are English captions.
    """
    tracks = engines.film_tracks(film)
    candidates = [*_beside(request, film)]
    for track in tracks.tracks:
        language = language_of_tag(track.language)
        path = Path(f"{film.stem}.{language or 'track'}.srt")
        name = f"its subtitle track {track.number}" + (f" ({track.language})" if track.language else "")
        candidates.append(_Candidate(path=path, data=track.srt.encode(), language=language, name=name))
    texts: dict[str, tuple[Ingested, Transcript, str]] = {}
    warnings: list[str] = []
    for candidate in candidates:
        if candidate.language in texts:
            continue
        options = IngestOptions(language=candidate.language)
        try:
            read = ingested(request.cache, "ingest captions", candidate.path, candidate.data, options).value
        except (EmptyInputError, FormatError) as error:
            warnings.append(f"{candidate.name}: {error.problem}; not used")
            continue
        for transcript in (read.transcript, read.other):
            if transcript is not None:
                texts.setdefault(transcript.language, (read, transcript, candidate.name))
        warnings += [f"{candidate.name}: {warning}" for warning in read.warnings]
    spoken = language_of_tag(request.options.ingest.language) or language_of_tag(tracks.spoken)
    return _chosen(request, film, texts, spoken, warnings)


def _beside(request: ReadRequest, film: Path) -> Iterator[_Candidate]:
    for path in captions_beside(film):
        if request.translation is not None and path.resolve() == request.translation.resolve():
            continue
        if request.cache.store.exported(str(path.resolve())):  # written by studykit from this very talk
            continue
        language = language_of_tag(path.stem.removeprefix(film.stem).lstrip("."))
        yield _Candidate(path=path, data=read_bytes(path), language=language, name=path.name)


def _chosen(
    request: ReadRequest,
    film: Path,
    texts: dict[str, tuple[Ingested, Transcript, str]],
    spoken: Language | None,
    warnings: list[str],
) -> FilmText:
    own = spoken or ("en" if "en" in texts else None)
    names = list(dict.fromkeys(name for _, _, name in texts.values()))
    told = f"{film}: read {' and '.join(names)}; --transcribe always hears it instead" if names else ""
    others = [transcript for language, (_, transcript, _) in texts.items() if language != own]
    other = others[0] if others else None
    if own is None or own not in texts:
        return FilmText(other=other, told=told, warnings=tuple(warnings))
    read, transcript, _ = texts[own]
    given = request.options.ingest
    source = replace(
        read.source,
        kind="captions",
        language=own,
        title=given.title or file_title(film),
        url=given.url or read.source.url,
        chapters=given.chapters or read.source.chapters,
    )
    lead = Ingested(source=source, transcript=transcript, other=other)
    return FilmText(lead=lead, other=other, told=told, warnings=tuple(warnings))
