"""The talk as a JSON document for a model: numbered paragraphs and sentences, and what belongs to them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from studykit.assist.said import Said
from studykit.types import AssistFeature, VocabularyItem

__all__ = ["MOST_TERMS", "document", "listed_items", "paragraph_document"]

_WITH_TRANSLATION: frozenset[AssistFeature] = frozenset({"items", "misread"})
MOST_TERMS = 40


def document(feature: AssistFeature, paragraphs: Sequence[int], said: Said) -> str:
    """The paragraphs of those numbers, by part, with the terms and items in them."""
    parts: list[dict[str, Any]] = []
    for number in paragraphs:
        shown = paragraph_document(feature, number, said)
        if not shown["sentences"]:
            continue
        part = said.part_of_paragraph(number)
        if not parts or parts[-1]["part"] != part:
            parts.append({"part": part, "paragraphs": []})
        parts[-1]["paragraphs"].append(shown)
    made: dict[str, Any] = {"title": said.title, "parts": parts}
    if terms := _terms(paragraphs, said):
        made["terms"] = terms
    if feature == "items":
        made["items"] = [
            {"head": item.head, "sentence": at, **_gloss(item)} for at, item in listed_items(paragraphs, said)
        ]
    return json.dumps(made, ensure_ascii=False)


def paragraph_document(feature: AssistFeature, number: int, said: Said) -> dict[str, Any]:
    """One paragraph: its sentences by number and, where English words are explained, their translation."""
    numbers = said.sentences_of([number])
    sentences = {str(i): said.text_of([i]) for i in numbers}
    made: dict[str, Any] = {"paragraph": number, "sentences": sentences}
    if feature in _WITH_TRANSLATION:
        key = "chinese" if said.language == "en" else "english"
        texts: dict[str, str] = {}
        last = ""
        for i in numbers:  # sentences that share a translation have it once
            text = said.text_of([i], said.other)
            if text and text != last:
                texts[str(i)] = text
            last = text
        if texts:
            made[key] = texts
    return made


def listed_items(paragraphs: Sequence[int], said: Said) -> list[tuple[int, VocabularyItem]]:
    """The study items that are first said in these paragraphs, with the number of the sentence."""
    return [(number, item) for number in said.sentences_of(paragraphs) for item in said.items.get(number, ())]


def _gloss(item: VocabularyItem) -> dict[str, str]:
    return {"gloss": item.glosses[0].text} if item.glosses else {}


def _terms(paragraphs: Sequence[int], said: Said) -> list[dict[str, str]]:
    inside = {number - 1 for number in said.sentences_of(paragraphs)}
    found = [
        term
        for term in said.notes.terms
        if any(at.language == said.language and at.sentence in inside for at in term.occurrences)
    ]
    return [{"en": term.english, "zh": term.chinese} for term in found[:MOST_TERMS]]
