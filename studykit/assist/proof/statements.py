"""Statements with quotes: what is claimed stands in what is quoted."""

from __future__ import annotations

from studykit.assist.answer import QuestionAnswer, Statement
from studykit.assist.proof.bilingual import proven_pair
from studykit.assist.proof.brought import require_nothing_new
from studykit.assist.proof.failure import UnprovenError
from studykit.assist.proof.nearness import is_near
from studykit.assist.proof.quotes import proven_quote
from studykit.assist.said import Judged
from studykit.types import Backed, Question, Quote

__all__ = ["proven_question", "proven_statement"]

_MOST_QUOTES = 6


def proven_statement(statement: Statement, said: Judged, *, asked: str = "") -> Backed:
    """A statement whose quotes carry it; ``asked`` is the question that it answers, in the talk's language.

    Raises ``UnprovenError``.
    """
    if not 1 <= len(statement.evidence) <= _MOST_QUOTES:
        raise UnprovenError("form")
    quotes = tuple(dict.fromkeys(proven_quote(one, said) for one in statement.evidence))
    pair = proven_pair(statement, said)
    own = pair.chinese if said.language == "zh" else pair.english
    _carried(own, quotes, said, asked)
    return Backed(english=pair.english, chinese=pair.chinese, evidence=quotes)


def _carried(own: str, quotes: tuple[Quote, ...], said: Judged, asked: str) -> None:
    """Raise ``UnprovenError`` unless the quotes have what the statement says."""
    checker, language = said.judges.checker, said.language
    quoted = " … ".join(quote.quote for quote in quotes)
    whole = said.text_of(dict.fromkeys(quote.sentence + 1 for quote in quotes))
    if checker.unsaid_numbers(own, quoted, language):
        raise UnprovenError("number")
    if checker.unsaid_names(own, f"{quoted} {asked}", language):
        raise UnprovenError("name")
    if checker.is_turned(own, whole, language):
        raise UnprovenError("opposite")
    if not is_near(f"{asked} {own}".strip() if asked else own, quotes, said):
        raise UnprovenError("meaning")


def proven_question(written: QuestionAnswer, said: Judged) -> Question:
    """A question on a part whose answer is carried by quotes from one part. Raises ``UnprovenError``."""
    question = proven_pair(written.question, said)
    asked = question.chinese if said.language == "zh" else question.english
    answer = proven_statement(written.answer, said, asked=asked)
    parts = {said.part_of(quote.sentence + 1) for quote in answer.evidence}
    part = min(parts)
    text = said.text_of(said.sentences_of(i + 1 for one in parts for i in said.paragraphs_of_part(one)))
    require_nothing_new(asked, text, said)
    return Question(part=part - 1, question=question, answer=answer)
