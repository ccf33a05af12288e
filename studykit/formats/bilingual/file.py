"""Whether a file is in both languages, judged by proportions over the whole of it, and its two texts.

It is if English and Chinese are on the screen together for most of the time that either is, whether
as rows of a caption, in one row, in two styles, or in two captions of the same or nearly the same
times; and if what looks English is running English, not terms in Chinese.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from statistics import median

from msgspec import Struct
from msgspec.structs import replace

from studykit.formats.base import Draft
from studykit.formats.bilingual.one_line import cut_line
from studykit.formats.bilingual.rows import Habit, is_row_chinese
from studykit.formats.bilingual.script import english_share, has_han, leaning, words_of
from studykit.formats.markup import join_lines
from studykit.languages import spoken_length_s

__all__ = ["Halves", "take_apart"]

_SHARED = 0.6
"""The least share of the time with any text in which both languages are shown."""
_ENGLISH = 0.25
"""The least share of small words in the English of a file; see ``script.english_share``."""
_FEW_WORDS = 8
_FEW_CAPTIONS = 6
_FEW_HAN = 4
_LONGEST = 2.5
"""How many times as long as the other a text may be, both as spoken; translations are within 1.2."""
_ONE_STYLE = 0.8
"""The least share of a style's rows that make it a style of one language."""
_APART_S = 0.1
_STYLE = 4.0


class Halves(Struct, frozen=True, kw_only=True):
    """The two texts of a file in both languages; both lists are in order of time."""

    english: list[Draft]
    chinese: list[Draft]


class _Row(Struct, frozen=True):
    text: str
    draft: Draft


def take_apart(drafts: Sequence[Draft]) -> Halves | None:
    """The English and the Chinese of a file's captions; None if it is in one language.

    A file with captions without times is never taken apart, nor one with word times, which was heard.
    """
    if any(draft.start_s is None or draft.words for draft in drafts):
        return None
    if not any(has_han(draft.text) for draft in drafts):
        return None
    captions = list(_captions(sorted(drafts, key=_start)))
    if not _is_bilingual(captions):
        captions = _cut_lines(captions)
        if len(captions) < _FEW_CAPTIONS or not _is_bilingual(captions):
            return None
    english: list[Draft] = []
    chinese: list[Draft] = []
    for draft, is_chinese, rows in _labelled(captions):
        whole = rows == _rows_of(draft)
        text = join_lines(" ".join(row.split()) for row in rows)
        part = replace(draft, text=text, rows=rows, words=draft.words if whole else [])
        (chinese if is_chinese else english).append(part)
    return Halves(english=english, chinese=chinese)


def _start(draft: Draft) -> float:
    return draft.start_s or 0.0


def _end(draft: Draft) -> float:
    return max(_start(draft), draft.end_s or 0.0)


def _rows_of(draft: Draft) -> list[str]:
    return [row for row in draft.rows or [draft.text] if row.strip()]


def _captions(drafts: Sequence[Draft]) -> Iterator[list[_Row]]:
    """The rows that are shown together: those of one draft, or of several with the same times."""
    rows: list[_Row] = []
    for draft in drafts:
        same = rows and all(
            abs(a - b) <= _APART_S
            for a, b in ((_start(rows[0].draft), _start(draft)), (_end(rows[0].draft), _end(draft)))
        )
        if rows and not same:
            yield rows
            rows = []
        rows += [_Row(text, draft) for text in _rows_of(draft)]
    yield rows


def _is_bilingual(captions: Sequence[Sequence[_Row]]) -> bool:
    rows = [row for caption in captions for row in caption]
    leans = [leaning(row.text) for row in rows]
    english, chinese = (
        " ".join({row.text: None for row, lean in zip(rows, leans, strict=True) if lean * sign > 0})
        for sign in (-1, 1)
    )
    words = words_of(english)
    if len(words) < _FEW_WORDS or english_share(words) < _ENGLISH:
        return False
    # A Chinese word in an English sentence is no translation.
    han = [sum(map(has_han, row.text)) for row, lean in zip(rows, leans, strict=True) if lean > 0]
    if not han or median(han) < _FEW_HAN:
        return False
    lengths_s = sorted(map(spoken_length_s, (english, chinese)))
    if lengths_s[1] > _LONGEST * lengths_s[0]:
        return False
    times: list[tuple[float, int, int]] = []
    for row, lean in zip(rows, leans, strict=True):
        if lean:
            language = int(lean > 0)
            times += [(_start(row.draft), language, 1), (_end(row.draft), language, -1)]
    shown, either_s, both_s, last_s = [0, 0], 0.0, 0.0, 0.0
    for time_s, language, change in sorted(times):
        either_s += (time_s - last_s) * any(shown)
        both_s += (time_s - last_s) * all(shown)
        last_s = time_s
        shown[language] += change
    return both_s >= _SHARED * either_s > 0


def _cut_lines(captions: Sequence[Sequence[_Row]]) -> list[list[_Row]]:
    """Captions with each row cut into its two languages, in the order in which most rows have them."""
    rows = [row.text for caption in captions for row in caption]
    orders = {first: [cut_line(row, chinese_first=first) for row in rows] for first in (True, False)}
    first = max(
        orders, key=lambda first: sum(english_share(words_of(cut[1])) > 0 for cut in orders[first] if cut)
    )
    cuts = iter(orders[first])
    made = []
    for caption in captions:
        pieces: list[_Row] = []
        for row in caption:
            cut = next(cuts)
            halves = (cut if first else cut[::-1]) if cut else (row.text,)
            pieces += [_Row(half, row.draft) for half in halves]
        made.append(pieces)
    return made


def _styles(captions: Sequence[Sequence[_Row]]) -> dict[str, float]:
    """How much a style says that its rows are Chinese, or English (below 0)."""
    looks: dict[str, Counter[bool]] = defaultdict(Counter)
    for caption in captions:
        for row in caption:
            if row.draft.style and (lean := leaning(row.text)):
                looks[row.draft.style][lean > 0] += 1
    sure = {
        style: _STYLE if count[True] > count[False] else -_STYLE
        for style, count in looks.items()
        if max(count.values()) >= _ONE_STYLE * count.total()
    }
    return sure if len(set(sure.values())) == 2 else {}


def _labelled(captions: Sequence[Sequence[_Row]]) -> Iterator[tuple[Draft, bool, list[str]]]:
    """Each draft's rows of each language; a row that is neither is in both."""
    styles = _styles(captions)
    texts = [[row.text for row in caption] for caption in captions]
    leans = [
        [max(-5.0, min(5.0, leaning(row.text) + styles.get(row.draft.style or "", 0.0))) for row in caption]
        for caption in captions
    ]
    habit = Habit.of(texts, leans)
    for caption, rows, lean in zip(captions, texts, leans, strict=True):
        labels = is_row_chinese(rows, lean, habit)
        for draft in {id(row.draft): row.draft for row in caption}.values():
            for is_chinese in (False, True):
                mine = [
                    row.text
                    for row, label in zip(caption, labels, strict=True)
                    if row.draft is draft and label in (None, is_chinese)
                ]
                if mine:
                    yield draft, is_chinese, mine
