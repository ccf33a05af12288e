"""Single stages, for those who want one step: ``segment`` and ``align``."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.common import config_option, echo_json, json_option, settings

__all__ = ["segment"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(["en", "zh"]), help="Language of FILE.  [default: detected]")
@config_option
@json_option
def segment(file: Path, language: str | None, config: Path | None, as_json: bool) -> None:
    """Cut a text into sentences and paragraphs.

    FILE may be captions, a transcript or plain text. Prints one paragraph a line with its time, or
    with --json all sentences (`raw`: as read, `text`: as shown) and paragraphs.

    \b
    studykit segment talk.en.vtt
    studykit segment talk.txt --json
    """
    from studykit.formats import read_bytes
    from studykit.ingest import IngestOptions, ingest_file
    from studykit.languages import join_sentences
    from studykit.segment import segment as segment_transcript
    from studykit.timecode import to_clock

    chosen = settings(config)
    ingested = ingest_file(file, read_bytes(file), IngestOptions(language=language))
    doc = segment_transcript(ingested.transcript, chapters=ingested.source.chapters, options=chosen.segment)
    paragraphs = []
    for para in doc.paragraphs:
        sentences = doc.sentences[para.sentences.start : para.sentences.end]
        paragraphs.append(
            {
                "index": para.index,
                "start_s": sentences[0].start_s,
                "end_s": sentences[-1].end_s,
                "text": join_sentences((sent.text for sent in sentences), doc.language),
            }
        )
    if as_json:
        paragraph_of = [para.index for para in doc.paragraphs for _ in para.sentences]
        echo_json(
            {
                "sentences": [
                    {
                        "index": sent.index,
                        "text": sent.text,
                        "raw": sent.raw,
                        "start_s": sent.start_s,
                        "end_s": sent.end_s,
                        "paragraph": paragraph_of[sent.index],
                    }
                    for sent in doc.sentences
                ],
                "paragraphs": paragraphs,
            }
        )
        return
    for entry in paragraphs:
        place = f"[{to_clock(entry['start_s'])}] " if isinstance(entry["start_s"], float) else ""
        click.echo(f"{place}{entry['text']}")
