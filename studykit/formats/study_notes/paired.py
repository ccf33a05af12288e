"""Reads study notes that pair English with Chinese: numbered paragraphs, or captions in parts.

A paragraph is ``(1) [20:00-20:06] **English**`` with the Chinese below it, or a run of captions
``**[20:00]** English`` with the Chinese below ``**翻译：**``. Both may be followed by ``解析：`` with
one explanation per line. Tables, numbered claims and remarks are under headings without paragraphs. The
wording of a heading only decides which kind of words a table explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from studykit.errors import EmptyInputError
from studykit.faces import late
from studykit.formats.base import clock
from studykit.formats.study_notes.lines import (
    RULE,
    Line,
    cells,
    heading_of,
    is_table_rule,
    plain,
    plain_at,
    read_lines,
    without_emoji,
)
from studykit.formats.study_notes.model import (
    ImportedClaim,
    ImportedEntry,
    ImportedParagraph,
    ImportedPart,
    StudyNotes,
)
from studykit.formats.study_notes.times import Caption, timed
from studykit.languages import counted
from studykit.types.kinds import kind_in

__all__ = ["CAPTION", "NUMBERED", "read_paired"]

_CLOCK = r"\d{1,3}:[0-5]\d(?::[0-5]\d)?"
NUMBERED = late(
    rf"\s*(?=[(（\[])(?:[(（](?P<number>\d+)[)）]\s*)?"
    rf"(?:\[(?P<start>{_CLOCK})\s*[-–—~～]\s*(?P<end>{_CLOCK})\]\s*)?(?P<text>\*\*.+)"
)
_WITHOUT_ENGLISH = late(
    rf"\s*[(（]\d+[)）]\s*+(?:\[(?P<start>{_CLOCK})\s*[-–—~～]\s*(?P<end>{_CLOCK})\]\s*)?"
)
CAPTION = re.compile(rf"\s*\*\*\[(?P<start>{_CLOCK})\]\*\*\s*(?P<text>.*)")
_TRANSLATION = late(r"\s*\*{0,2}(?:翻译|译文|中文翻译|中文)\s*[：:]\s*\*{0,2}\s*(?P<text>.*)")
_EXPLANATIONS = re.compile(r"\s*\*{0,2}(?:解析|讲解|注释|注解)\s*[：:]\s*+(?:\*{1,2}\s*)?")
_BULLET = late(r"(?P<indent>\s*)[*•+-]\s+(?P<text>.+)")
_ITEM = re.compile(r"\s{0,2}(?P<number>\d+)[.、]\s*(?P<text>.+)")
_REMARK = re.compile(r"\s*\*\*\d+[.、]\s*+(?P<title>.+)\*\*\s*")
_QUOTE = re.compile(r"\s*>\s?(?P<text>.*)")
_FIELD = re.compile(r"(?P<key>主题|标题|链接|来源|topic|title|url)\s*[：:]\s*(?P<value>.+)", re.IGNORECASE)
_EXPLAINED = re.compile(r"\*\*(?>(?P<head>.+?)\*\*)(?P<more>[^：:]*+)[：:]\s*(?P<gloss>.+)")
_QUOTED = late(r"[\"“](?P<words>[^\"”A-Za-z]{0,200}[A-Za-z][^\"”]{0,1000})[\"”]")
_ORDINAL = late(r"第\s*[0-9一二三四五六七八九十百]+\s*部分\s*(?:[：:]\s*|$)")
_HEAD_COLUMN = 0


class _Paragraph(Struct, kw_only=True):
    line: Line
    captions: list[Caption] = field(default_factory=list)
    chinese: list[Line] = field(default_factory=list)


class _Part(Struct, kw_only=True):
    title: str | None
    paragraphs: list[_Paragraph] = field(default_factory=list)


class _Reader:
    """Reads line by line; ``parts`` and the other fields hold what was found so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.title: str | None = None
        self.url: str | None = None
        self.parts: list[_Part] = []
        self.entries: list[ImportedEntry] = []
        self.claims: list[ImportedClaim] = []
        self.left_out: list[int] = []
        self.numbered = False
        self._heading: str | None = None
        """Text of the last heading, until a paragraph makes it a part's title."""
        self._topic: str | None = None
        self._section = ""
        self._columns: list[str] | None = None
        self._mode = "head"
        self._remark: str | None = None
        self._whole_talk = False

    def read(self, line: Line) -> None:
        text = line.text
        if not text.strip() or RULE.fullmatch(text):
            if not text.strip() and self._mode == "english":
                self._mode = "captions"
            self._columns = None if not cells(text) else self._columns
            return
        if match := NUMBERED.fullmatch(text):
            self._begin_paragraph(line)
            self._add_caption(line, match["start"], match["text"], match["end"])
            self.numbered = True
            self._mode = "chinese"
        elif (self.numbered or not self.parts) and (match := _WITHOUT_ENGLISH.fullmatch(text)):
            self._begin_paragraph(line)
            self._add_caption(line, match["start"], "", match["end"])
            self._mode = "chinese"
        elif match := CAPTION.fullmatch(text):
            if self._mode not in {"english", "captions"}:
                self._begin_paragraph(line)
            self._add_caption(line, match["start"], match["text"])
            self._mode = "english"
        elif heading := heading_of(text):
            level, words = heading
            self._begin_section(level, plain(words))
        else:
            self._read_inside(line)

    def _read_inside(self, line: Line) -> None:
        """Read a line that belongs to what came before it."""
        text = line.text
        if match := _TRANSLATION.fullmatch(text):
            self._mode = "chinese"
            if match["text"] and self._begun:
                self._paragraph.chinese.append(
                    Line(match["text"], line.number, line.start + match.start("text"))
                )
        elif _EXPLANATIONS.fullmatch(text) and self.parts:
            self._mode = "explanations"
        elif self._mode == "english" and self._begun:
            last = self._paragraph.captions[-1]
            last.text = f"{last.text} {plain(text)}"
        elif self._mode == "chinese" and self._begun:
            self._paragraph.chinese.append(line)
        elif self._mode == "explanations" and (match := _BULLET.fullmatch(text)):
            self._explain(match["text"])
        elif self._mode == "head" and (match := _QUOTE.fullmatch(text)):
            if found := _FIELD.fullmatch(plain(match["text"])):
                self._field(found["key"].lower(), found["value"].strip())
        elif self._mode == "section":
            self._read_section(line)
        else:
            self.left_out.append(line.number)

    @property
    def _begun(self) -> bool:
        """Whether the part has a paragraph; a translation may stand before any text."""
        return bool(self.parts and self.parts[-1].paragraphs)

    @property
    def _paragraph(self) -> _Paragraph:
        return self.parts[-1].paragraphs[-1]

    @property
    def _part(self) -> int | None:
        return None if self._whole_talk or not self.parts else len(self.parts) - 1

    def _field(self, key: str, value: str) -> None:
        if key in {"链接", "来源", "url"}:
            self.url = value.strip("<>")
        else:
            self._topic = value

    def _begin_paragraph(self, line: Line) -> None:
        title = self._topic or self._heading
        if self._heading is not None or not self.parts:
            self.parts.append(_Part(title=_ORDINAL.sub("", title) if title else None))
        self._heading = self._topic = None
        self._whole_talk = False
        self.parts[-1].paragraphs.append(_Paragraph(line=line))

    def _add_caption(self, line: Line, start: str | None, text: str, end: str | None = None) -> None:
        self._paragraph.captions.append(
            Caption(
                text=plain(text),
                start_s=clock(start, self.path, line.number) if start else None,
                end_s=clock(end, self.path, line.number) if end else None,
            )
        )

    def _begin_section(self, level: int, words: str) -> None:
        if self.title is None and level == 1:
            self.title = words
            self._heading = "" if not self.parts else None
            self._mode = "head"
            return
        self._section = without_emoji(words)
        # A first-level heading that is followed by no paragraph is about the whole talk.
        self._whole_talk = self._whole_talk or level == 1 or (level == 2 and self._captioned)
        self._heading = self._section
        self._topic = None
        self._mode = "section"
        self._columns = self._remark = None

    @property
    def _captioned(self) -> bool:
        """Whether parts have second-level headings, so that other such headings are about the whole talk."""
        return not self.numbered and bool(self.parts)

    def _explain(self, text: str) -> None:
        paragraph = sum(len(part.paragraphs) for part in self.parts) - 1
        if match := _EXPLAINED.fullmatch(text):
            gloss = f"{match['more'].strip()}：{match['gloss']}" if match["more"].strip() else match["gloss"]
            head, meaning = plain(match["head"]), plain(gloss)
            kind = kind_in(meaning) or ("expression" if " " in head else "word")
        else:
            meaning = plain(text)
            quoted = _QUOTED.search(meaning)
            head, kind = (quoted["words"] if quoted else meaning[:40]), "grammar"
        self.entries.append(
            ImportedEntry(
                head=head,
                kind=kind,
                table="解析",
                cells=(("含义", meaning),),
                paragraph=paragraph,
                part=self._part,
            )
        )

    def _read_section(self, line: Line) -> None:
        text = line.text
        if (row := cells(text)) is not None:
            self._read_row([plain(cell) for cell in row], row)
        elif match := _REMARK.fullmatch(text):
            self._remark = plain(match["title"])
            self.entries.append(self._remark_entry(self._remark, ()))
        elif self._remark is not None:
            match = _QUOTE.fullmatch(text)
            cell = ("例句", plain(match["text"]).strip('"“”')) if match else ("说明", plain(text))
            self.entries[-1] = self._remark_entry(self._remark, (*self.entries[-1].cells, cell))
        elif match := _ITEM.fullmatch(text):
            self.claims.append(ImportedClaim(statement=plain(match["text"]), part=self._part))
        elif (match := _BULLET.fullmatch(text)) and match["indent"] and self.claims:
            last = self.claims[-1]
            self.claims[-1] = ImportedClaim(
                statement=f"{last.statement}\n{plain(match['text'])}", part=last.part
            )
        elif match := _QUOTE.fullmatch(text):
            if found := _FIELD.fullmatch(plain(match["text"])):
                self._field(found["key"].lower(), found["value"].strip())
        elif self._section:
            statement = plain(match["text"]) if (match := _BULLET.fullmatch(text)) else plain(text)
            self.claims.append(ImportedClaim(statement=statement, part=self._part))

    def _remark_entry(self, title: str, found: tuple[tuple[str, str], ...]) -> ImportedEntry:
        return ImportedEntry(head=title, kind="grammar", table=self._section, cells=found, part=self._part)

    def _read_row(self, row: list[str], marked: list[str]) -> None:
        if self._columns is None:
            self._columns = row
        elif not is_table_rule(marked) and row[_HEAD_COLUMN]:
            head = row[_HEAD_COLUMN]
            kind = kind_in(f"{self._section} {self._columns[_HEAD_COLUMN]}")
            self.entries.append(
                ImportedEntry(
                    head=head,
                    kind=kind or ("expression" if " " in head else "word"),
                    table=self._section,
                    cells=tuple(
                        (column, cell)
                        for column, cell in zip(self._columns[1:], row[1:], strict=False)
                        if cell
                    ),
                    part=self._part,
                )
            )


def _part_paragraphs(part: _Part) -> Iterator[ImportedParagraph]:
    for paragraph in part.paragraphs:
        chinese: list[str] = []
        offsets: list[int] = []
        for line in paragraph.chinese:
            words, kept = plain_at(line.text)
            chinese.append(words)
            offsets += [line.start + at for at in kept]
        yield ImportedParagraph(
            english=tuple(caption.segment() for caption in paragraph.captions),
            chinese="".join(chinese),
            chinese_offsets=tuple(offsets),
            line=paragraph.line.number,
        )


def read_paired(text: str, path: Path) -> StudyNotes:
    """Read notes of either style.

    Raises ``EmptyInputError`` if there is no paragraph, ``FormatError`` for an invalid time.
    """
    reader = _Reader(path)
    for line in read_lines(text):
        reader.read(line)
    if not reader.parts:
        raise EmptyInputError(path, "these study notes contain no paragraph")
    warnings = timed(
        [caption for part in reader.parts for para in part.paragraphs for caption in para.captions]
    )
    if reader.left_out:
        lines = ", ".join(map(str, reader.left_out[:5])) + (" …" if len(reader.left_out) > 5 else "")
        warnings.append(
            f"left out {counted(len(reader.left_out), 'line')} outside of paragraphs (line numbers: {lines})"
        )
    parts = [
        ImportedPart(
            title=part.title or None,
            paragraphs=tuple(_part_paragraphs(part)),
            start_s=part.paragraphs[0].captions[0].start_s,
        )
        for part in reader.parts
    ]
    return StudyNotes(
        format="notes-numbered" if reader.numbered else "notes-captions",
        title=reader.title,
        url=reader.url,
        parts=tuple(parts),
        timing="captions",
        entries=tuple(reader.entries),
        claims=tuple(reader.claims),
        warnings=tuple(warnings),
    )
