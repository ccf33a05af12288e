"""Single stages, for those who want one step: ``segment`` and ``align``."""

from __future__ import annotations

from pathlib import Path

import click

from studykit.cli.common import boundaries_option, config_option, echo_json, json_option, settings
from studykit.types import LANGUAGES

__all__ = ["align", "segment"]


def _sentences(path: Path) -> list[str]:
    """The lines of a file, each a sentence; empty lines count, but not at the end."""
    from studykit.formats import decode, read_bytes

    return decode(read_bytes(path), path).rstrip().split("\n")


@click.command()
@click.argument("source", type=click.Path(path_type=Path))
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--encoder", metavar="NAME", help="usem, or sentence-transformers:MODEL_OR_FOLDER.  [default: usem]"
)
@click.option(
    "--format",
    "format_name",
    type=click.Choice(["beads", "json", "tsv", "tmx"]),
    default="beads",
    show_default=True,
)
@config_option
def align(source: Path, target: Path, encoder: str | None, format_name: str, config: Path | None) -> None:
    """Align the sentences of two texts.

    SOURCE and TARGET hold one sentence a line. Prints beads, one a line, with line numbers from 0:
    `[0,1]:[0]` joins two source lines to one target line, `[2]:[]` leaves one alone. `json` adds
    scores from 0 (surely wrong) to 1 (surely right); `tmx` is for translation memories.

    \b
    studykit align talk.en.txt talk.zh.txt
    studykit align talk.en.txt talk.zh.txt --format tmx > talk.tmx
    """
    from studykit import engines
    from studykit.align import align_sentences
    from studykit.export import beads_json, beads_text, beads_tsv, tmx
    from studykit.languages import detect_language

    chosen = settings(config)
    texts = _sentences(source), _sentences(target)
    engine = engines.encoder(encoder or chosen.encoder)
    beads = align_sentences(*texts, encoder=engine, options=chosen.align)
    if format_name == "json":
        text = beads_json(beads, *texts, encoder=engine.name)
    elif format_name == "tsv":
        text = beads_tsv(beads, *texts)
    elif format_name == "tmx":
        source_language, target_language = (detect_language("\n".join(sentences)) for sentences in texts)
        text = tmx(beads, *texts, source_language=source_language, target_language=target_language)
    else:
        text = beads_text(beads)
    click.echo(text, nl=False)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--language", type=click.Choice(LANGUAGES), help="Language of FILE.  [default: detected]")
@boundaries_option
@config_option
@json_option
def segment(
    file: Path, language: str | None, boundaries: str | None, config: Path | None, as_json: bool
) -> None:
    """Cut a text into sentences and paragraphs.

    FILE may be captions, a transcript or plain text. Prints one paragraph a line with its time, or
    with --json all sentences (`raw`: as read, `text`: edited) and paragraphs. English without marks
    is given capitals and stops.

    \b
    studykit segment talk.en.vtt
    studykit segment talk.txt --json
    """
    from studykit import engines
    from studykit.edit import edit
    from studykit.formats import read_bytes
    from studykit.ingest import IngestOptions, ingest_file
    from studykit.languages import join_sentences
    from studykit.segment import segment as segment_transcript
    from studykit.timecode import to_clock

    chosen = settings(config)
    ingested = ingest_file(file, read_bytes(file), IngestOptions(language=language))
    doc = segment_transcript(
        ingested.transcript,
        chapters=ingested.source.chapters,
        options=chosen.segment,
        boundaries=engines.boundary_model(boundaries or chosen.boundaries),
    )
    if chosen.edited:
        doc = edit(doc, simplified=engines.simplified)
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
