"""Writes notes in two hand-made Markdown styles, which ``formats/study_notes/paired.py`` reads back.

``numbered``: paragraphs ``(1) [20:00-20:06] **English**`` with the Chinese below and explanations under
``解析：``. ``captions``: parts with stamped sentences and one Chinese text each. What was imported
from such notes goes back under its old headings, together with what studykit found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from studykit.export.assist.merged import assisted
from studykit.export.page.render import bold_markdown
from studykit.export.page.render import escape_markdown as md
from studykit.export.page.runs import runs, term_marks
from studykit.formats.study_notes.provenance import EXPLANATIONS, Provenance
from studykit.languages import join_sentences
from studykit.timecode import to_clock
from studykit.types import Claim, Notes, NotesParagraph, Part, Term, VocabularyItem
from studykit.types.kinds import ITEM_KINDS

__all__ = ["captioned_notes", "numbered_notes"]

_TITLE = "双语学习笔记"
_DIGITS = "零一二三四五六七八九"
_REMARK_COLUMNS = {"例句", "说明", ""}


class _Entry(Struct, frozen=True, kw_only=True):
    """One row of a table, one explanation or one remark."""

    item: VocabularyItem
    cells: tuple[tuple[str, str], ...]
    is_first: bool
    """Whether the item occurs here first, so that this table determines its kind."""

    @property
    def _is_wording(self) -> bool:
        return ITEM_KINDS[self.item.kind].is_wording

    @property
    def is_free(self) -> bool:
        """Whether it is an explanation without a head of its own."""
        return not self._is_wording and any(self.item.head in text for _, text in self.cells)

    @property
    def is_remark(self) -> bool:
        return (
            not ITEM_KINDS[self.item.kind].is_wording
            and {column for column, _ in self.cells} <= _REMARK_COLUMNS
        )


Place = tuple[int | None, int | None, str]
"""Paragraph, part and table."""


def numbered_notes(notes: Notes) -> str:
    """The notes in numbered paragraphs."""
    notes = assisted(notes)
    entries = _entries(notes)
    marks = {language: term_marks(notes.terms, language) for language in ("en", "zh")}
    lines = [f"# {md(notes.source.title or _TITLE)}", ""]
    for part in notes.parts:
        lines += _part_head(part)
        for para in notes.paragraphs[part.paragraphs.start : part.paragraphs.end]:
            english = join_sentences((notes.english[i].text for i in para.english), "en")
            bold = f"**{md(english)}**" if english else ""
            lines += ["---", "", f"({para.index + 1}) {_span(para)}{bold}".rstrip(), ""]
            if len(para.chinese):
                lines += [bold_markdown(runs(notes.chinese, para.chinese, marks["zh"], "zh")), ""]
            lines += _explanations(notes, para, entries)
        lines += _section("## 段落小结", notes, part.index, entries)
    lines += _section("# 全文总结", notes, None, entries)
    return "\n".join(lines).rstrip() + "\n"


def captioned_notes(notes: Notes) -> str:
    """The notes as sentences with time stamps in parts, with one Chinese text per part."""
    notes = assisted(notes)
    entries = _entries(notes)
    lines = [f"# {md(notes.source.title or _TITLE)}", ""]
    for part in notes.parts:
        title = f"：{md(part.title)}" if part.title else ""
        lines += ["---", "", f"## 第 {part.index + 1} 部分{title}", ""]
        paragraphs = notes.paragraphs[part.paragraphs.start : part.paragraphs.end]
        for para in paragraphs:
            for i in para.english:
                sent = notes.english[i]
                stamp = f"**[{to_clock(sent.start_s or 0.0)}]** " if sent.start_s is not None else ""
                lines += [f"{stamp}{md(sent.text)}", ""]
        chinese = join_sentences((notes.chinese[i].text for para in paragraphs for i in para.chinese), "zh")
        if chinese:
            lines += ["**翻译：**", md(chinese), ""]
        for para in paragraphs:
            lines += _explanations(notes, para, entries)
        lines += _section("### 小结", notes, part.index, entries)
    lines += _section("## 语言点与核心观点", notes, None, entries)
    return "\n".join(lines).rstrip() + "\n"


def _part_head(part: Part) -> Iterator[str]:
    if part.index == 0:
        if part.title:
            yield from (f"> 主题：{md(part.title)}", "")
        return
    title = part.title or ""
    yield "---"
    yield ""
    if title.startswith("Q&A："):
        yield f"## {md(title)}"
    else:
        yield f"# 第{_numeral(part.index + 1)}部分" + (f"：{md(title)}" if title else "")
    yield ""


def _numeral(number: int) -> str:
    """A number in Chinese, as in headings; from 100 on in digits."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _span(para: NotesParagraph) -> str:
    if para.start_s is None or para.end_s is None:
        return ""
    return f"[{to_clock(para.start_s)}-{to_clock(para.end_s)}] "


def _entries(notes: Notes) -> dict[Place, list[_Entry]]:
    """The explanations by place; items that studykit found go under their first paragraph.

    Tables are ordered by their first new item, so that reading them back gives the items in the same
    order.
    """
    placed: dict[Place, list[_Entry]] = {}
    order: dict[Place, int] = {}
    for item in notes.vocabulary:
        found: dict[Place, list[tuple[str, str]]] = {}
        for gloss in item.glosses:
            where = Provenance.of(gloss.source)
            if where is not None:
                place = (where.paragraph, where.part, where.table)
                found.setdefault(place, []).append((where.column, gloss.text))
        if not found and (meaning := next((g.marked for g in item.glosses if g.language == "zh"), "")):
            found[_home(notes, item)] = [("含义", meaning)]
        for i, (place, cells) in enumerate(found.items()):
            placed.setdefault(place, []).append(_Entry(item=item, cells=tuple(cells), is_first=i == 0))
            if i == 0:
                order.setdefault(place, len(order))
    return dict(sorted(placed.items(), key=lambda row: order.get(row[0], len(order))))


def _home(notes: Notes, item: VocabularyItem) -> Place:
    if item.occurrences:
        at = item.occurrences[0]
        return (notes.paragraph_of(at.language, at.sentence), None, EXPLANATIONS)
    return (None, None, ITEM_KINDS[item.kind].handmade_heading)


def _explanations(notes: Notes, para: NotesParagraph, entries: dict[Place, list[_Entry]]) -> Iterator[str]:
    terms = {term.entry_id: term for term in notes.terms}
    mine = entries.get((para.index, None, EXPLANATIONS), [])
    explained = {entry.item.head.casefold() for entry in mine}
    new = [terms[entry] for entry in para.introduces if terms[entry].english.casefold() not in explained]
    own = notes.source.kind != "notes"
    if not mine and not (new and own):
        return
    yield f"{EXPLANATIONS}："
    for term in new if own else ():
        yield f"* **{md(term.english)}**：{md(_meaning(term))}（术语）"
    for entry in mine:
        meaning = "；".join(text for _, text in entry.cells)
        yield f"* {md(meaning)}" if entry.is_free else f"* **{md(entry.item.head)}**：{md(meaning)}"
    yield ""


def _meaning(term: Term) -> str:
    definition = next((gloss.text for gloss in term.glosses if gloss.language == "zh"), "")
    return f"{term.chinese}，{definition}" if definition else term.chinese


def _section(
    heading: str, notes: Notes, part: int | None, entries: dict[Place, list[_Entry]]
) -> Iterator[str]:
    """Claims and tables of a part, or of the whole talk."""
    claims = [(i, claim) for i, claim in enumerate(notes.claims, 1) if _part_of(notes, claim) == part]
    tables = {place[2]: rows for place, rows in entries.items() if place[:2] == (None, part)}
    if not claims and not tables:
        return
    yield from ("---", "", heading, "")
    below = "##" if heading.startswith("# ") else "###"
    if claims:
        yield from (f"{below} 核心观点", "")
        for number, claim in claims:
            yield from _claim(number, claim)
    for table, rows in tables.items():
        yield from (f"{below} {md(table)}", "")
        yield from _remarks(rows) if all(row.is_remark for row in rows) else _table(rows)
        yield ""


def _part_of(notes: Notes, claim: Claim) -> int | None:
    if not claim.evidence:
        return claim.part
    paragraph = notes.paragraph_of(notes.source.language, claim.evidence[0].sentence)
    return next(part.index for part in notes.parts if paragraph in part.paragraphs)


def _claim(number: int, claim: Claim) -> Iterator[str]:
    first, *points = (claim.statement_zh or claim.statement).split("\n")
    title, colon, rest = first.partition("：")
    yield f"{number}. **{md(title)}**：{md(rest)}" if colon and title else f"{number}. {md(first)}"
    indent = " " * (len(str(number)) + 2)
    yield from (f"{indent}- {md(point)}" for point in points)
    yield from (f'{indent}> "{md(evidence.quote)}"' for evidence in claim.evidence)
    yield ""


def _table(rows: Sequence[_Entry]) -> Iterator[str]:
    columns = list(dict.fromkeys(column for row in rows for column, _ in row.cells))
    kinds = [row.item.kind for row in rows if row.is_first] or ["word"]
    kind = "word" if "word" in kinds else kinds[0]
    yield _row([ITEM_KINDS[kind].handmade_column, *columns])
    yield _row(["---"] * (len(columns) + 1))
    for row in rows:
        cells = dict(row.cells)
        yield _row([f"**{md(row.item.head)}**", *(md(cells.get(column, "")) for column in columns)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _remarks(rows: Sequence[_Entry]) -> Iterator[str]:
    for number, row in enumerate(rows, 1):
        yield f"**{number}. {md(row.item.head)}**"
        for column, text in row.cells:
            if text:
                yield f'> "{md(text)}"' if column == "例句" else f"\n{md(text)}"
        yield ""
