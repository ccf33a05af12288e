"""What a language model writes about a talk, held against the talk.

``requests_for`` makes the requests, in batches that fit the model's window; ``ask`` sends them, keeps the
answers and minds the budget; ``written`` reads the answers strictly and keeps what can be proven. See
docs/assist.md.

This package knows nothing of models, networks, databases, aligners or encoders: what the proof needs of
them, the caller passes in as ``Judges``.
"""

from studykit.assist.asking import Asked, AskingProgress, KeptAnswers, ask
from studykit.assist.judges import Judges
from studykit.assist.requests import Request, requests_for
from studykit.assist.said import Judged
from studykit.assist.writing import written

__all__ = [
    "Asked",
    "AskingProgress",
    "Judged",
    "Judges",
    "KeptAnswers",
    "Request",
    "ask",
    "requests_for",
    "written",
]
