"""``studykit segment``: the sentences and paragraphs of a talk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import (
    FETCHING,
    RECOGNITION,
    echo_json,
    json_option,
    quiet_option,
    read_store,
    takes,
    warn,
)
from studykit.cli.progress import StageProgress

if TYPE_CHECKING:
    from studykit.options import Options
    from studykit.types import Document

__all__ = ["segment"]


@click.command()
@click.argument("source", metavar="FILE")
@takes("ingest.language", "segment.boundaries", "notes.edited", *FETCHING, *RECOGNITION, "store.db")
@quiet_option
@json_option
def segment(source: str, options: Options, quiet: bool, as_json: bool) -> None:
    """Cut a talk into sentences and paragraphs.

    FILE is anything that `studykit notes` takes, including links and talks in the database. Prints one
    paragraph per line with its time or, with --json, all sentences (`raw`: as read, `text`: corrected
    and edited, as in the notes) and paragraphs. Unpunctuated text gets marks, and English its capitals.

    \b
    studykit segment talk.en.vtt
    studykit segment talk.txt --json
    """
    from studykit.talk import open_talk

    with read_store(options) as store, StageProgress(quiet=quiet) as progress:
        talk = open_talk(source, store=store, options=options, progress=progress)
        doc = talk.texts.lead
    warn(talk.warnings)
    paragraphs = _paragraphs(doc)
    if as_json:
        echo_json({"sentences": _sentences(doc), "paragraphs": paragraphs})
        return
    from studykit.timecode import to_clock

    for para in paragraphs:
        place = "" if para["start_s"] is None else f"[{to_clock(para['start_s'])}] "
        click.echo(f"{place}{para['text']}")


def _sentences(doc: Document) -> list[dict[str, Any]]:
    return [
        {
            "index": sent.index,
            "text": sent.text,
            "raw": sent.raw,
            "start_s": sent.start_s,
            "end_s": sent.end_s,
            "paragraph": doc.paragraph_of(sent.index),
        }
        for sent in doc.sentences
    ]


def _paragraphs(doc: Document) -> list[dict[str, Any]]:
    from studykit.languages import join_sentences

    made = []
    for para in doc.paragraphs:
        sentences = doc.sentences[para.sentences.start : para.sentences.end]
        made.append(
            {
                "index": para.index,
                "start_s": sentences[0].start_s,
                "end_s": sentences[-1].end_s,
                "text": join_sentences((sent.text for sent in sentences), doc.language),
            }
        )
    return made
