"""``studykit translate``: from a file or a link to its sentences with their translations."""

from __future__ import annotations

import time
from dataclasses import dataclass

from studykit import engines, formats
from studykit.align import CachedEncoder, align
from studykit.errors import InputError
from studykit.fingerprint import digest_bytes
from studykit.glossary import Glossary
from studykit.ingest import is_link, local_file
from studykit.languages import join_sentences
from studykit.pipeline.media import media_digest, transcribed
from studykit.pipeline.options import PipelineOptions
from studykit.pipeline.proofread import proofread, segmented
from studykit.pipeline.reading import ingested
from studykit.pipeline.remote import read_link
from studykit.pipeline.stages import Progress, Stages
from studykit.pipeline.translated import TranslatedSentence, Translation
from studykit.pipeline.translation import Estimate, estimate_translation, translate_document
from studykit.store import Embeddings, Store, decisions_of, lineage_of
from studykit.translate import Language, TermBook, Usage
from studykit.types import Document, Source, Texts

__all__ = ["TalkToTranslate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkToTranslate:
    """A talk in its sentences, and its captions in the other language where it has any."""

    stages: Stages
    source: Source
    document: Document
    captions: Document | None
    warnings: tuple[str, ...]
    glossary: Glossary
    options: PipelineOptions

    @classmethod
    def read(
        cls,
        file: str,
        *,
        store: Store,
        glossary: Glossary,
        options: PipelineOptions,
        progress: Progress,
    ) -> TalkToTranslate:
        """The talk in ``file``, a path or a link. Raises ``InputError``, and what fetching raises."""
        if is_link(file):
            link = read_link(
                file,
                translated=options.translate.engine != "captions",
                store=store,
                glossary=glossary,
                options=options,
                progress=progress,
            )
            stages, lead, captions, warnings = link.stages, link.lead, link.other, link.warnings
        else:
            path, captions = local_file(file), None
            recording = media_digest(path)
            data = b"" if recording else formats.read_bytes(path)
            stages = Stages(store=store, source_id=recording or digest_bytes(data), progress=progress)
            if recording:
                lead = transcribed(stages, path, recording, glossary, options)
            else:
                lead = ingested(stages, "ingest", path, data, options.ingest)
            warnings = tuple(f"{path}: {warning}" for warning in lead.value.warnings)
        if options.translate.engine == "captions" and captions is None:
            raise InputError(
                file,
                "no captions in the other language" if is_link(file) else "only a link has captions to take",
                hint="Another engine translates: --engine openai --model NAME, or --engine transformers.",
            )
        texts = [segmented(stages, "segment", lead, options)]
        if captions:
            texts.append(segmented(stages, "segment translation", captions, options))
        decisions = decisions_of(store, lineage_of(store, stages.source_id))
        docs, _ = proofread(stages, texts, decisions, glossary, options)
        both = Texts.of(doc.value for doc in docs.values())
        return cls(
            stages=stages,
            source=lead.value.source,
            document=both.lead,
            captions=both.other,
            warnings=warnings,
            glossary=glossary,
            options=options,
        )

    def estimate(self) -> Estimate:
        """What ``translate`` would about take; asks nobody."""
        if self.captions:
            count = len(self.document.sentences)
            return Estimate(
                engine="captions", sentences=count, missing=0, usage=Usage(), cost=0.0, seconds=0.0
            )
        return estimate_translation(
            self.document,
            source=self.source,
            store=self.stages.store,
            glossary=self.glossary,
            options=self.options,
        )

    def translate(self) -> Translation:
        """The translation; raises as ``translate_document`` does."""
        stages = self.stages
        stages.progress.started("translate")
        start = time.perf_counter()
        if self.captions:
            made = self._from_captions(self.captions)
        else:
            made = translate_document(
                self.document,
                source=self.source,
                store=stages.store,
                glossary=self.glossary,
                options=self.options,
                tell=lambda how_far: stages.progress.started(f"translate {how_far}"),
            )
        stages.report("translate", made.cached, start)
        return made

    def _from_captions(self, other: Document) -> Translation:
        """The talk's own captions, aligned; a sentence beside which nothing stands has no translation."""
        doc = self.document
        source: Language = "zh" if doc.language == "zh" else "en"
        target: Language = "en" if source == "zh" else "zh"
        encoder = CachedEncoder(engines.encoder(self.options.encoder), Embeddings(self.stages.store))
        both = Texts(lead=doc, other=other)
        assert both.english
        assert both.chinese
        beads = align(both.english, both.chinese, encoder=encoder, options=self.options.align).beads
        book = TermBook(self.glossary, source, target)
        sentences: list[TranslatedSentence] = []
        beside: list[str] = []
        for bead in beads:
            mine, theirs = bead.side(source), bead.side(target)
            text = join_sentences((other.sentences[j].text for j in theirs), target) or None
            if text and not len(mine):
                beside.append(text)
            for i in mine:
                said = doc.sentences[i].text
                first = i == mine.start
                sentences.append(
                    TranslatedSentence(
                        index=i,
                        source=said,
                        text=text if first else None,
                        cached=False,
                        terms=book.check(said, text),
                        joined=None if first or text is None else mine.start,
                    )
                )
        return Translation(
            source=source,
            target=target,
            engine=f"captions ({self.source.translation})",
            sentences=tuple(sentences),
            paragraphs=doc.paragraphs,
            beside=tuple(beside),
        )
