"""Does a statement about a talk say only what the talk says, and does its translation say the same?"""

from studykit.check.statements.checker import StatementChecker

__all__ = ["StatementChecker"]
