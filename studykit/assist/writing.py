"""Answers become what notes show: each text proven, the rest counted by the test that it failed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

from msgspec.structs import replace

from studykit.assist.answer import (
    BothTexts,
    ItemAnswer,
    MisreadAnswer,
    PartAnswer,
    QuestionAnswer,
    Statement,
    SummarySentence,
    WrongAnswer,
    entries,
    entry,
    read_answer,
)
from studykit.assist.prompts import FEATURES
from studykit.assist.proof import (
    UnprovenError,
    proven_heading,
    proven_item,
    proven_misreading,
    proven_note,
    proven_question,
    proven_sentence,
    proven_statement,
    proven_title,
)
from studykit.assist.requests import Request
from studykit.assist.said import Judged
from studykit.types import (
    Assistance,
    AssistFeature,
    Backed,
    Bilingual,
    Dropped,
    Misreading,
    Question,
    Quote,
    Veto,
    VocabularyItem,
    WrittenClaim,
    WrittenItem,
    WrittenPart,
)

__all__ = ["written"]

P = ParamSpec("P")
T = TypeVar("T")
_SENTENCES, _SENTENCES_OF_PART, _POINTS, _QUESTIONS = 5, 2, 4, 4
_VETOED = 3
"""One listed item of so many may be wrong, and two in any case."""


def written(
    requests: Sequence[Request], answers: Sequence[str | None], said: Judged, *, model: str, written_on: str
) -> Assistance:
    """What can be proven of the answers to requests; None stands for an answer that could not be read."""
    writer = _Writer(said)
    for request, text in zip(requests, answers, strict=True):
        answer = None if text is None else read_answer(text, cut=True)
        if answer is None:
            writer.drop(request.feature, "form")
        else:
            writer.take(request, answer)
    return writer.made(model, written_on)


class _Writer:
    """Collects what is proven."""

    def __init__(self, said: Judged) -> None:
        self._said = said
        self._dropped: Counter[tuple[AssistFeature, str]] = Counter()
        self._seen: set[tuple[str, str]] = set()
        self._title: Bilingual | None = None
        self._line: Backed | None = None
        self._summary: list[Backed] = []
        self._headings: dict[int, Bilingual] = {}
        self._sentences: dict[int, list[Backed]] = {}
        self._claims: list[WrittenClaim] = []
        self._items: list[WrittenItem] = []
        self._vetoes: list[Veto] = []
        self._misread: list[Misreading] = []
        self._questions: list[Question] = []

    def drop(self, feature: AssistFeature, reason: str, count: int = 1) -> None:
        """Count what was dropped."""
        if count:
            self._dropped[feature, reason] += count

    def take(self, request: Request, answer: Mapping[str, Any]) -> None:
        """Take what can be proven of an answer."""
        takers: Mapping[AssistFeature, Callable[[Mapping[str, Any], Request], None]] = {
            "overview": self._take_overview,
            "parts": self._take_parts,
            "claims": self._take_claims,
            "items": self._take_items,
            "misread": self._take_misread,
            "questions": self._take_questions,
        }
        takers[request.feature](answer, request)

    def made(self, model: str, written_on: str) -> Assistance:
        """Everything that was taken, in the order of the talk."""
        parts = sorted({*self._headings, *(part for part, found in self._sentences.items() if found)})
        order = {name: at for at, name in enumerate(FEATURES)}
        return Assistance(
            model=model,
            written_on=written_on,
            title=self._title,
            line=self._line,
            summary=tuple(self._summary),
            parts=tuple(
                WrittenPart(
                    part=part - 1,
                    heading=self._headings.get(part),
                    summary=tuple(self._sentences.get(part, ())),
                )
                for part in parts
            ),
            claims=tuple(sorted(self._claims, key=lambda claim: _place(claim.statement.evidence))),
            items=tuple(sorted(self._items, key=_at)),
            vetoes=tuple(self._vetoes),
            misread=tuple(sorted(self._misread, key=_at)),
            questions=tuple(sorted(self._questions, key=lambda one: (one.part, _place(one.answer.evidence)))),
            dropped=tuple(
                Dropped(feature=feature, reason=reason, count=count)
                for (feature, reason), count in sorted(
                    self._dropped.items(), key=lambda one: (order[one[0][0]], one[0][1])
                )
            ),
        )

    def _proven(
        self, feature: AssistFeature, prove: Callable[P, T], *args: P.args, **more: P.kwargs
    ) -> T | None:
        try:
            return prove(*args, **more)
        except UnprovenError as error:
            self.drop(feature, error.reason)
            return None

    def _is_new(self, feature: AssistFeature, text: str) -> bool:
        """Whether nothing of this feature has said so before."""
        key = (feature, "".join(char for char in text.casefold() if char.isalnum()))
        if key in self._seen:
            self.drop(feature, "twice")
            return False
        self._seen.add(key)
        return True

    def _listed(self, feature: AssistFeature, answer: Mapping[str, Any], key: str, kind: type[T]) -> list[T]:
        found, bad = entries(answer, key, kind)
        self.drop(feature, "form", bad)
        return found

    # Features

    def _take_overview(self, answer: Mapping[str, Any], request: Request) -> None:
        said, feature = self._said, request.feature
        title = entry(answer.get("title"), BothTexts)
        if title and self._title is None:
            self._title = self._proven(feature, proven_title, title, said)
        line = entry(answer.get("line"), SummarySentence)
        if line and self._line is None:
            self._line = self._proven(feature, proven_sentence, line, said)
        self.drop(feature, "form", (title is None) + (line is None))
        for sentence in self._listed(feature, answer, "summary", SummarySentence):
            made = self._proven(feature, proven_sentence, sentence, said)
            if made and self._is_new(feature, made.english) and len(self._summary) < _SENTENCES:
                self._summary.append(made)

    def _take_parts(self, answer: Mapping[str, Any], request: Request) -> None:
        said, feature = self._said, request.feature
        shown = {said.part_of_paragraph(number) for number in request.paragraphs}
        for part in self._listed(feature, answer, "parts", PartAnswer):
            if part.part not in shown:
                self.drop(feature, "sentence")
                continue
            span = said.paragraphs_of_part(part.part)
            heading = entry(part.heading, BothTexts)
            if heading is None:
                self.drop(feature, "form")
            elif part.part not in self._headings:
                numbers = said.sentences_of(i + 1 for i in span)
                made = self._proven(feature, proven_heading, heading, numbers, said)
                if made:
                    self._headings[part.part] = made
            for raw in part.summary:
                sentence = entry(raw, SummarySentence)
                if sentence is None:
                    self.drop(feature, "form")
                    continue
                backed = self._proven(feature, proven_sentence, sentence, said, within=span)
                kept = self._sentences.setdefault(part.part, [])
                if backed and self._is_new(feature, backed.english) and len(kept) < _SENTENCES_OF_PART:
                    kept.append(backed)

    def _take_claims(self, answer: Mapping[str, Any], request: Request) -> None:
        for claim in self._listed(request.feature, answer, "claims", Statement):
            statement = self._statement(claim)
            if statement is None:
                continue
            points = []
            for raw in claim.points[:_POINTS]:
                point = entry(raw, Statement)
                if point is None:
                    self.drop("claims", "form")
                elif made := self._statement(point):
                    points.append(made)
            self._claims.append(WrittenClaim(statement=statement, points=tuple(points)))

    def _statement(self, claim: Statement) -> Backed | None:
        made = self._proven("claims", proven_statement, claim, self._said)
        return made if made and self._is_new("claims", made.english) else None

    def _take_items(self, answer: Mapping[str, Any], request: Request) -> None:
        for one in self._listed("items", answer, "items", ItemAnswer):
            item = self._item_of(one.head, one.sentence)
            if item is None:
                self.drop("items", "listed")
            else:
                self._take_item(one, item)
        for one in self._listed("items", answer, "missed", ItemAnswer):
            self._take_item(one, self._item_of(one.head, one.sentence))
        self._take_vetoes(self._listed("items", answer, "wrong", WrongAnswer), request)

    def _take_item(self, one: ItemAnswer, item: VocabularyItem | None) -> None:
        made = self._proven("items", proven_item, one, self._said, item)
        if not made or not self._is_new("items", made.head):
            return
        if one.note:
            note = self._proven("items", proven_note, one.note, one.head, one.sentence, self._said)
            made = replace(made, note=note)
        self._items.append(made)

    def _item_of(self, head: str, sentence: int) -> VocabularyItem | None:
        """The listed item that is said in that sentence under this head."""
        return next(
            (item for item in self._said.items_in(sentence) if item.head.casefold() == head.casefold()),
            None,
        )

    def _take_vetoes(self, vetoes: Sequence[WrongAnswer], request: Request) -> None:
        listed = sum(
            len(self._said.items.get(number, ())) for number in self._said.sentences_of(request.paragraphs)
        )
        if len(vetoes) > max(2, listed // _VETOED):
            self.drop("items", "vetoes", len(vetoes))
            return
        explained = {item.head for item in self._items}
        for one in vetoes:
            item = self._item_of(one.head, one.sentence)
            if item is None:
                self.drop("items", "listed")
            elif item.head in explained:
                self.drop("items", "twice")
            elif why := self._proven("items", proven_note, one.why, one.head, one.sentence, self._said):
                self._vetoes.append(Veto(head=item.head, kind=item.kind, why=why))

    def _take_misread(self, answer: Mapping[str, Any], request: Request) -> None:
        for one in self._listed(request.feature, answer, "misread", MisreadAnswer):
            made = self._proven("misread", proven_misreading, one, self._said)
            if made and self._is_new("misread", made.head):
                self._misread.append(made)

    def _take_questions(self, answer: Mapping[str, Any], request: Request) -> None:
        for one in self._listed(request.feature, answer, "questions", QuestionAnswer):
            made = self._proven("questions", proven_question, one, self._said)
            if (
                made
                and self._is_new("questions", made.question.english)
                and sum(other.part == made.part for other in self._questions) < _QUESTIONS
            ):
                self._questions.append(made)


def _place(evidence: Sequence[Quote]) -> tuple[int, int]:
    return min((quote.sentence, quote.span.start) for quote in evidence)


def _at(one: WrittenItem | Misreading) -> tuple[int, int]:
    return one.occurrence.sentence, one.occurrence.span.start
