"""A video's description and chapter list, then for each chapter its captions and a Chinese note.

Only the chapter list has times, so captions are spread evenly over their chapter, with ``slack_s`` as the
possible error. The notes were often written by a chatbot: headings, lists and tables become sentences,
and offers to continue are dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from msgspec import Struct

from studykit.errors import EmptyInputError
from studykit.faces import late
from studykit.formats.chapters import parse_chapters
from studykit.formats.study_notes.lines import RULE, Line, cells, heading_of, is_table_rule, plain, read_lines
from studykit.formats.study_notes.model import ImportedParagraph, ImportedPart, StudyNotes
from studykit.languages import HAN, counted
from studykit.types import Chapter, Segment

__all__ = ["is_chaptered", "read_chaptered"]

_UNEVEN = 0.05
"""Deviation of speech from an even pace, as a share of the chapter."""
_FEWEST = 2
_HAN = late(f"[{HAN}]")
_LATIN = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")
_MARKER = late(r"^\s*(?:[*•+-]|\d+[.、])\s+|^\s*>\s?")
_PICTURES = late("[\u2600-\u27bf\ufe0f\u200d\U0001f000-\U0001faff]+\\s*")
# What chatbots say to the user, not about the talk.
_OFFER = late(
    r"(?:如果|若)(?:你|您)(?:还|也)?(?:想|愿意|需要|希望|感兴趣|有).{0,200}(?:告诉我|我可以|我们可以|随时|继续|帮你|为你)"
    r"|(?:需要|要不要|是否需要|想不想|要)(?:我|继续).{0,200}[吗？?]"
    r"|(?:我可以|我能)(?:继续|帮你|为你).{0,200}[。！？?]?$"
)


class _Block(Struct, frozen=True):
    """The lines under one chapter's heading."""

    title: str
    lines: list[Line]


def is_chaptered(text: str) -> bool:
    """Whether at least two listed chapters recur as headings with Chinese text in between."""
    return len(_blocks(text, _listed(text))) >= _FEWEST and _HAN.search(text) is not None


def read_chaptered(text: str, path: Path) -> StudyNotes:
    """Read the document. Raises ``EmptyInputError`` if no chapter has English text."""
    listed = _listed(text)
    known = {_key(chapter.title): chapter for chapter in listed}
    warnings: list[str] = []
    parts: list[ImportedPart] = []
    offers = 0
    for block in _blocks(text, listed):
        english, chinese, stripped = _languages(block.lines)
        offers += stripped
        chapter = known[_key(block.title)]
        if not english:
            warnings.append(f"chapter {block.title!r} has no English text and is left out")
            continue
        if not chinese:
            warnings.append(f"chapter {block.title!r} has no Chinese note")
        paragraph = ImportedParagraph(
            english=tuple(_spread(english, chapter.start_s, _next_s(chapter, listed))),
            chinese="\n".join(chinese),
            line=block.lines[0].number if block.lines else 0,
        )
        parts.append(ImportedPart(title=chapter.title, paragraphs=(paragraph,), start_s=chapter.start_s))
    if not parts:
        raise EmptyInputError(path, "study notes by chapter, but no chapter has English text")
    titles = {part.title for part in parts}
    missing = [chapter.title for chapter in listed if chapter.title not in titles]
    if missing:
        warnings.append(
            f"missing: {len(missing)} of {counted(len(listed), 'listed chapter')}: {', '.join(missing)}"
        )
    if offers:
        warnings.append(f"left out {counted(offers, 'line')} in which a chatbot offers to continue")
    return StudyNotes(
        format="notes-chapters",
        title=None,
        parts=tuple(parts),
        timing="restored",
        chapters=tuple(Chapter(title=part.title or "", start_s=part.start_s or 0.0) for part in parts),
        paragraphs_given=False,
        warnings=tuple(warnings),
    )


def _listed(text: str) -> list[Chapter]:
    """The listed chapters whose titles recur as headings; there may also be a translated list."""
    headings = {_key(found[1]) for line in read_lines(text) if (found := heading_of(line.text))}
    lists = [parse_chapters(block) for block in re.split(r"\n\s*\n", text)]
    return list(max(lists, key=lambda found: sum(_key(chapter.title) in headings for chapter in found)))


def _key(title: str) -> str:
    return " ".join(plain(title).casefold().split())


def _blocks(text: str, listed: Sequence[Chapter]) -> list[_Block]:
    titles = {_key(chapter.title) for chapter in listed}
    blocks: list[_Block] = []
    for line in read_lines(text):
        heading = heading_of(line.text)
        if heading and _key(heading[1]) in titles:
            blocks.append(_Block(plain(heading[1]), []))
        elif blocks:
            blocks[-1].lines.append(line)
    return blocks


def _next_s(chapter: Chapter, listed: Sequence[Chapter]) -> float | None:
    return next((other.start_s for other in listed if other.start_s > chapter.start_s), None)


def _languages(lines: Sequence[Line]) -> tuple[list[str], list[str], int]:
    """The English lines, the Chinese note as plain lines, and the number of dropped offers.

    Everything from the first Chinese block on is the note, which may quote English and show code.
    """
    blocks = [
        list(group) for filled, group in groupby(lines, key=lambda line: bool(line.text.strip())) if filled
    ]
    first = next((i for i, block in enumerate(blocks) if _is_chinese(block)), len(blocks))
    english = [
        line.text.strip() for block in blocks[:first] for line in block if not RULE.fullmatch(line.text)
    ]
    note = list(_note([line for block in blocks[first:] for line in block]))
    kept = [line for line in note if not _OFFER.search(line)]
    return english, kept, len(note) - len(kept)


def _is_chinese(block: Sequence[Line]) -> bool:
    text = " ".join(line.text for line in block)
    return len(_HAN.findall(text)) > len(_LATIN.findall(text))


def _note(lines: Sequence[Line]) -> Iterator[str]:
    """The note's lines without Markdown; each table row becomes a line."""
    for line in lines:
        row = cells(line.text)
        if RULE.fullmatch(line.text) or (row is not None and is_table_rule(row)):
            continue
        if row is not None:
            text = "；".join(filled for cell in row if (filled := plain(cell)))
        else:
            heading = heading_of(line.text)
            text = plain(_MARKER.sub("", heading[1] if heading else line.text))
        text = _PICTURES.sub("", text).strip()
        if re.search(r"\w", text):
            yield text


def _spread(lines: Sequence[str], start_s: float, end_s: float | None) -> Iterator[Segment]:
    """Captions spread evenly over their chapter; without times if its end is unknown."""
    if end_s is None:
        yield from (Segment(text=line) for line in lines)
        return
    total = sum(len(line) + 1 for line in lines)
    length_s = (end_s - start_s) * (1 - _UNEVEN)
    slack_s = round((end_s - start_s) * 2 * _UNEVEN, 3)
    before = 0
    for line in lines:
        after = before + len(line) + 1
        yield Segment(
            text=line,
            start_s=round(start_s + length_s * before / total, 3),
            end_s=round(start_s + length_s * after / total, 3),
            slack_s=slack_s,
        )
        before = after
