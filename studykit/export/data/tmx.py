"""An alignment as a translation memory: TMX 1.4b (LISA OSCAR, 2005).

One translation unit per bead; sentences without a counterpart are left out, and so are those whose Chinese
has restored characters in doubt: translation tools reuse a unit without its notes. The file
validates against the standard's document type, ``tmx14.dtd``.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Collection, Sequence

from studykit import __version__
from studykit.errors import OutputError
from studykit.export.data.beads import joined
from studykit.export.page.runs import doubts_of
from studykit.safexml import xml_text
from studykit.types import Bead, Notes

__all__ = ["notes_tmx", "tmx"]

_LEFT_OUT = "left out: {count}, whose translation was damaged and holds restored characters in doubt"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def notes_tmx(notes: Notes) -> str:
    """A talk and its translation; raises ``OutputError`` if it has none."""
    if notes.alignment is None:
        raise OutputError(
            notes.source.title, "a translation memory needs a translation, which this talk lacks"
        )
    texts = [[sent.text for sent in side] for side in (notes.english, notes.chinese)]
    return tmx(notes.alignment.beads, *texts, unsure=doubts_of(notes))


def tmx(
    beads: Sequence[Bead],
    source: Sequence[str],
    target: Sequence[str],
    *,
    source_language: str = "en",
    target_language: str = "zh",
    unsure: Collection[int] = (),
) -> str:
    """The TMX document; languages are BCP 47 tags. Scores are in ``prop`` elements.

    Beads with a sentence of ``target`` that is ``unsure`` are left out, and the header counts them.
    """
    wanted = [(at, bead) for at, bead in enumerate(beads) if len(bead.source) and len(bead.target)]
    sure = [(at, bead) for at, bead in wanted if not any(i in unsure for i in bead.target)]
    root = ET.Element("tmx", version="1.4")
    header = ET.SubElement(
        root,
        "header",
        {
            "creationtool": "studykit",
            "creationtoolversion": __version__,
            "segtype": "sentence",
            "o-tmf": "studykit",
            "adminlang": "en",
            "srclang": source_language,
            "datatype": "plaintext",
        },
    )
    if len(sure) < len(wanted):
        ET.SubElement(header, "note").text = _LEFT_OUT.format(count=len(wanted) - len(sure))
    body = ET.SubElement(root, "body")
    for number, bead in sure:
        segtype = "sentence" if bead.kind == "1-1" else "block"
        unit = ET.SubElement(body, "tu", tuid=str(number), segtype=segtype)
        ET.SubElement(unit, "prop", type="x-score").text = f"{bead.score:.4f}"
        ET.SubElement(unit, "prop", type="x-locked").text = "yes" if bead.locked else "no"
        for language, text in (
            (source_language, joined(source, bead.source, source_language)),
            (target_language, joined(target, bead.target, target_language)),
        ):
            variant = ET.SubElement(unit, "tuv", {_XML_LANG: language})
            ET.SubElement(variant, "seg").text = xml_text(text)
    ET.indent(root)
    text = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n{text}\n'
