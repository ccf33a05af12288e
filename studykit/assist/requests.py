"""The requests for a talk, in batches of paragraphs that fit the model's window together with the answer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby

from msgspec import Struct

from studykit.assist.document import MOST_TERMS, document, listed_items, paragraph_document
from studykit.assist.prompts import FEATURES, instruction
from studykit.assist.said import Said
from studykit.chat import Message, count_tokens
from studykit.fingerprint import digest
from studykit.types import AssistFeature, Notes, Usage

__all__ = ["Request", "requests_for"]

_SLACK = 1.15
"""Tokenizers differ, and terms and markup take room."""
_SMALLEST = 300
"""Tokens of the talk that a request shows at least, however small the window."""
_PER_MESSAGE = 4
_PER_ITEM = 40
"""Tokens of a study item in the document."""
_PER_TERM = 18


class Request(Struct, frozen=True, kw_only=True):
    """One question to the model."""

    feature: AssistFeature
    paragraphs: tuple[int, ...]
    """The numbers of the paragraphs that it shows."""
    conversation: tuple[Message, ...]
    expected: Usage

    def key(self, model: str) -> str:
        """What its answer is kept under: everything that is sent, and to whom."""
        return digest("assist", self.conversation, model)


def requests_for(notes: Notes, wanted: Collection[str], window: int) -> list[Request]:
    """All requests for a talk, the most useful features first. ``window``: the model's, in tokens.

    Of a talk that is too long for the window, "overview" is shown every second or third paragraph.
    """
    said = Said(notes)
    made: list[Request] = []
    for name, feature in FEATURES.items():
        if name not in wanted or (feature.needs_english and not notes.english):
            continue
        sizes = _Sizes(name, said)
        terms = _PER_TERM * min(MOST_TERMS, len(notes.terms))
        room = window - _SLACK * (count_tokens(instruction(feature, said.language, 0)) + terms)
        batches = [_gist(said, sizes, room - feature.fixed)] if feature.whole else _batches(said, sizes, room)
        made += (_request(name, batch, said, sizes) for batch in batches if said.sentences_of(batch))
    return made


class _Sizes:
    """Tokens of each paragraph, counted once."""

    def __init__(self, name: AssistFeature, said: Said) -> None:
        self._name, self._feature, self._said = name, FEATURES[name], said
        self._counted: dict[int, tuple[int, int, int]] = {}

    def spoken(self, paragraphs: Sequence[int]) -> int:
        """What is said there."""
        return sum(self._of(number)[0] for number in paragraphs)

    def shown(self, paragraphs: Sequence[int]) -> int:
        """What the document has of it."""
        return sum(self._of(number)[1] for number in paragraphs)

    def answer(self, paragraphs: Sequence[int]) -> int:
        """An answer that writes everything that is asked for."""
        feature = self._feature
        listed = sum(self._of(number)[2] for number in paragraphs)
        parts = len({self._said.part_of_paragraph(number) for number in paragraphs})
        wanted = feature.wanted(self.spoken(paragraphs))
        return (
            feature.fixed
            + feature.per_part * parts
            + feature.per_wanted * wanted
            + feature.per_listed * listed
        )

    def _of(self, number: int) -> tuple[int, int, int]:
        if number not in self._counted:
            said = self._said
            spoken = sum(count_tokens(said.text_of([i])) for i in said.sentences_of([number]))
            shown = count_tokens(str(paragraph_document(self._name, number, said)))
            listed = len(listed_items([number], said)) if self._feature.per_listed else 0
            self._counted[number] = spoken, shown + _PER_ITEM * listed, listed
        return self._counted[number]


def _request(name: AssistFeature, paragraphs: Sequence[int], said: Said, sizes: _Sizes) -> Request:
    count = FEATURES[name].wanted(sizes.spoken(paragraphs))
    system = instruction(FEATURES[name], said.language, count)
    shown = document(name, paragraphs, said)
    conversation = (Message(role="system", content=system), Message(role="user", content=shown))
    prompt = sum(count_tokens(message["content"]) + _PER_MESSAGE for message in conversation)
    return Request(
        feature=name,
        paragraphs=tuple(paragraphs),
        conversation=conversation,
        expected=Usage(prompt=prompt, completion=sizes.answer(paragraphs)),
    )


def _batches(said: Said, sizes: _Sizes, room: float) -> Iterator[list[int]]:
    """Runs of whole parts that fit; a part that is too long alone is cut between paragraphs."""

    def fits(paragraphs: Sequence[int]) -> bool:
        if sizes.spoken(paragraphs) <= _SMALLEST:
            return True
        return _SLACK * sizes.shown(paragraphs) + sizes.answer(paragraphs) <= room

    batch: list[int] = []
    numbers = range(1, len(said.notes.paragraphs) + 1)
    for _, group in groupby(numbers, key=said.part_of_paragraph):
        part = list(group)
        if batch and not fits(batch + part):
            yield batch
            batch = []
        for number in part:
            if batch and not fits([*batch, number]):
                yield batch
                batch = []
            batch.append(number)
    if batch:
        yield batch


def _gist(said: Said, sizes: _Sizes, room: float) -> list[int]:
    """All paragraphs or, of a talk that is too long, every second, every third and so on."""
    numbers = list(range(1, len(said.notes.paragraphs) + 1))
    step = 1
    while step < len(numbers) and _SLACK * sizes.shown(numbers[::step]) > max(room, _SMALLEST):
        step += 1
    return numbers[::step]
