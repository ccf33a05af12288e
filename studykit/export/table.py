"""The table of all outputs.

To add one, write a function from ``Notes`` to text or bytes in a file of its own, and add a row to
``FORMATS``.
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from studykit.errors import ConfigError
from studykit.export.options import ExportOptions
from studykit.faces import Late
from studykit.types import Notes

__all__ = ["FORMATS", "ExportFormat", "format_named"]


notes_markdown = Late("studykit.export.page.markdown", "notes_markdown", str)
notes_html = Late("studykit.export.handout.page", "notes_html", str)
notes_pdf = Late("studykit.export.handout.page", "notes_pdf", bytes)
notes_json = Late("studykit.export.data.notes_json", "notes_json", str)
numbered_notes = Late("studykit.export.page.paired", "numbered_notes", str)
captioned_notes = Late("studykit.export.page.paired", "captioned_notes", str)
notes_srt = Late("studykit.export.subtitles.files", "notes_srt", str)
notes_vtt = Late("studykit.export.subtitles.files", "notes_vtt", str)
notes_ass = Late("studykit.export.subtitles.files", "notes_ass", str)
notes_tmx = Late("studykit.export.data.tmx", "notes_tmx", str)
notes_epub = Late("studykit.export.page.epub", "notes_epub", bytes)
notes_apkg = Late("studykit.export.anki.files", "notes_apkg", bytes)
notes_tsv = Late("studykit.export.anki.files", "notes_tsv", str)
vocabulary_csv = Late("studykit.export.data.vocabulary", "vocabulary_csv", str)


class ExportFormat(Struct, frozen=True, kw_only=True):
    """One output: its file suffix and the function that makes it, as text or, if binary, as bytes."""

    name: str
    suffix: str
    make: Callable[[Notes, ExportOptions], str | bytes]
    handout: bool = False
    """Whether it takes ``ExportOptions.handout``."""
    audio: bool = False
    """Whether it takes ``ExportOptions.audio``."""

    def file_name(self, stem: str, options: ExportOptions) -> str:
        """The file name; handouts other than the study notes include their variant."""
        if self.handout and options.handout.variant != "study":
            return f"{stem}{self.suffix.replace('notes', options.handout.variant)}"
        return f"{stem}{self.suffix}"


FORMATS = {
    format.name: format
    for format in (
        ExportFormat(name="md", suffix=".notes.md", make=notes_markdown),
        ExportFormat(name="html", suffix=".notes.html", make=notes_html, handout=True),
        ExportFormat(name="pdf", suffix=".notes.pdf", make=notes_pdf, handout=True),
        ExportFormat(name="json", suffix=".notes.json", make=lambda notes, _: notes_json(notes)),
        ExportFormat(name="md-numbered", suffix=".numbered.md", make=lambda notes, _: numbered_notes(notes)),
        ExportFormat(name="md-captions", suffix=".captions.md", make=lambda notes, _: captioned_notes(notes)),
        ExportFormat(name="srt", suffix=".srt", make=lambda notes, o: notes_srt(notes, o.languages)),
        ExportFormat(name="vtt", suffix=".vtt", make=lambda notes, o: notes_vtt(notes, o.languages)),
        ExportFormat(name="ass", suffix=".ass", make=lambda notes, o: notes_ass(notes, o.languages)),
        ExportFormat(name="tmx", suffix=".tmx", make=lambda notes, _: notes_tmx(notes)),
        ExportFormat(name="epub", suffix=".epub", make=notes_epub),
        ExportFormat(
            name="apkg", suffix=".apkg", make=lambda notes, o: notes_apkg(notes, o.audio), audio=True
        ),
        ExportFormat(name="anki-tsv", suffix=".anki.tsv", make=lambda notes, _: notes_tsv(notes)),
        ExportFormat(name="csv", suffix=".vocabulary.csv", make=lambda notes, _: vocabulary_csv(notes)),
    )
}


def format_named(name: str) -> ExportFormat:
    """The output called ``name``; raises ``ConfigError`` listing the known names."""
    try:
        return FORMATS[name]
    except KeyError:
        raise ConfigError("format", f"{name!r} is not one of {', '.join(FORMATS)}") from None
