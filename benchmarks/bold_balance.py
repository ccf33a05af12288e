"""Whether what is bold in notes is bold in both languages: counted over the paragraphs of talks.

    bold_balance.py NAME [NAME[,TRANSLATION] ...]

Each NAME is anything that ``studykit notes`` takes. Prints for each talk, of the paragraphs in both
languages: bold places in English and in Chinese; English items without Chinese in their paragraph;
``alone``: Chinese ones without English; ``unmarked``: English ones whose Chinese stands there in whole
words and is not bold; ``cut``: places that begin or end inside a word; ``odd``: paragraphs of the Markdown
with an odd number of ``**``. The last four should be 0, but for terms of the glossary that cut a word.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from studykit.export import FORMATS, LABELS, ExportOptions
from studykit.export.page.notes_context import notes_context
from studykit.export.page.runs import Run
from studykit.lexicon.pinyin import word_edges
from studykit.talk import open_talk
from studykit.types import Notes

OPTIONS = ExportOptions(labels=LABELS["zh"])
HINT = re.compile(r"[（(][^）)]*[）)]")


def places(runs: tuple[Run, ...]) -> Iterator[tuple[int, int, str]]:
    at = 0
    for run in runs:
        if id_ := run.term or run.item:
            yield at, at + len(run.text), id_
        at += len(run.text)


def whole(text: str, start: int, end: int, *, chinese: bool) -> bool:
    if chinese:
        return {start, end} <= word_edges(text)
    inside = text[start].isalnum() and re.search(r"\w['’]?$", text[max(0, start - 2) : start]) is not None
    return not inside and not (text[end - 1].isalnum() and text[end : end + 1].isalnum())


def count(notes: Notes) -> str:
    context = notes_context(notes, OPTIONS.labels)
    glosses = {
        item.id: [word for word in re.split("[；，、]", HINT.sub("", item.gloss)) if len(word) > 1]
        for _, items in context.vocabulary
        for item in items
    }
    glosses |= {term.id: [term.chinese] for term in context.terms}
    english = chinese = without = alone = unmarked = cut = 0
    for part in context.parts:
        for para in part.paragraphs:
            if not para.english or not para.chinese:
                continue
            texts = ["".join(run.text for run in runs) for runs in (para.english, para.chinese)]
            said, translated = list(places(para.english)), list(places(para.chinese))
            english, chinese = english + len(said), chinese + len(translated)
            ours, theirs = ({id_ for *_, id_ in found} for found in (said, translated))
            without += len(ours - theirs)
            alone += len(theirs - ours)
            bold = {i for start, end, _ in translated for i in range(start, end)}
            edges = word_edges(texts[1])
            for id_ in ours - theirs:
                stands = [
                    (at, at + len(word)) for word in glosses.get(id_, ()) if (at := texts[1].find(word)) >= 0
                ]
                unmarked += any({a, b} <= edges and not bold & set(range(a, b)) for a, b in stands)
            for found, text in zip((said, translated), texts, strict=True):
                torn = [(a, b) for a, b, _ in found if not whole(text, a, b, chinese=found is translated)]
                cut += len(torn)
                for a, b in torn:
                    print("cut", f"{text[max(0, a - 8) : a]}[{text[a:b]}]{text[b : b + 8]}", sep="\t")
    page = str(FORMATS["md"].make(notes, OPTIONS))
    odd = sum(line.count("**") % 2 for line in page.splitlines() if re.match(r"\(\d+\)", line))
    return (
        f"English {english}, Chinese {chinese}, items without Chinese {without}; "
        f"alone {alone}, unmarked {unmarked}, cut {cut}, odd {odd}"
    )


def main() -> None:
    for argument in sys.argv[1:]:
        name, _, translation = argument.partition(",")
        talk = open_talk(name, translation=Path(translation) if translation else None)
        print(f"{Path(name).name[:30]}: {count(talk.notes)}", flush=True)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    main()
