"""What can go wrong, as a tree. The library raises these; the command line alone prints and exits.

::

    StudykitError
    ├── InputError            the input cannot be used: which file, which line
    │   ├── UnreadableError     missing, a folder, no permission, too large
    │   │   └── NoSuchTalkError   neither a file nor a talk of the database
    │   ├── EmptyInputError     nothing in it
    │   ├── FormatError         not what its name or beginning promises
    │   └── TalkListError       a link to a list of talks where one talk is needed
    ├── GlossaryError         a glossary file breaks a rule
    ├── TemplateError         a template is missing, broken or asks for an unknown field
    ├── OutputError           the talk lacks something that an output needs
    ├── ConfigError           a setting is unknown or has a wrong value
    │   └── UntrustedError      a settings file in the current folder needs the user's trust
    ├── StoreError            the database cannot be used
    │   ├── TalkNotFoundError   no talk, or several talks, match the name
    │   └── CourseNotFoundError   no course has this name
    ├── EngineError           an engine failed on this input
    │   └── RefusedError        a site refuses further requests for now
    ├── BudgetError           the next request would exceed the budget
    └── MissingError          something is not installed; ``command`` installs it
        ├── MissingExtraError
        ├── MissingModelError
        ├── MissingProgramError
        ├── MissingNetworkError
        └── MissingServiceError

Every error keeps the offending values as attributes and survives pickling.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = [
    "BudgetError",
    "ConfigError",
    "CourseNotFoundError",
    "EmptyInputError",
    "EngineError",
    "FormatError",
    "GlossaryError",
    "InputError",
    "MissingError",
    "MissingExtraError",
    "MissingModelError",
    "MissingNetworkError",
    "MissingProgramError",
    "MissingServiceError",
    "NoSuchTalkError",
    "OutputError",
    "RefusedError",
    "StoreError",
    "StudykitError",
    "TalkListError",
    "TalkNotFoundError",
    "TemplateError",
    "UnreadableError",
    "UntrustedError",
]


def _rebuild(cls: type[StudykitError], message: str, state: dict[str, Any]) -> StudykitError:
    error = cls.__new__(cls)
    Exception.__init__(error, message)
    error.__dict__.update(state)
    return error


class StudykitError(Exception):
    """Base of all errors that studykit raises on purpose."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (type(self), str(self), dict(self.__dict__))


class InputError(StudykitError):
    """The input cannot be used. ``path`` names the file, ``line`` (from 1) the place if known."""

    def __init__(self, path: Path | str, problem: str, *, line: int | None = None, hint: str = "") -> None:
        self.path = str(path)
        self.problem = problem
        self.line = line
        self.hint = hint
        place = self.path if line is None else f"{self.path}:{line}"
        super().__init__(f"{place}: {problem}" + (f"\n{hint}" if hint else ""))


class UnreadableError(InputError):
    """The file is missing, a folder, forbidden or too large."""


class NoSuchTalkError(UnreadableError):
    """``source`` is neither a file nor a talk in the database at ``database``."""

    def __init__(self, source: str, database: Path | str) -> None:
        self.source = source
        self.database = str(database)
        hint = "Check the path; put a name with spaces in quotes."
        if self.database != ":memory:":
            hint += " `studykit talks` lists the talks in the database."
        super().__init__(
            source,
            f"no such file, and no talk with that name in {self.database}"
            if self.database != ":memory:"
            else "no such file",
            hint=hint,
        )


class EmptyInputError(InputError):
    """The file has no usable content."""


class FormatError(InputError):
    """The file is not what its name or beginning promises."""


class TalkListError(InputError):
    """The link leads to a playlist or channel. ``talks`` holds the link and title of each of its talks."""

    def __init__(self, url: str, title: str, talks: Sequence[tuple[str, str]]) -> None:
        self.title = title
        self.talks = list(talks)
        lines = [f"  {link}  {name}" for link, name in self.talks[:5]]
        lines += ["  …"] if len(self.talks) > len(lines) else []
        if lines:
            hint = "\n".join(
                [
                    "Choose one of them:",
                    *lines,
                    f"or make notes of all: studykit batch {shlex.quote(url)}",
                    f"or save the whole list: studykit fetch {shlex.quote(url)}",
                ]
            )
        else:
            hint = "It is empty or private; a private list needs --cookies."
        super().__init__(url, f"a list of talks ({title}), not a single talk", hint=hint)


class GlossaryError(StudykitError):
    """Glossary files break rules; ``problems`` lists all violations, each with its file and entry."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class TemplateError(StudykitError):
    """The template ``name`` cannot be rendered."""

    def __init__(self, name: str, problem: str) -> None:
        self.name = name
        self.problem = problem
        super().__init__(f"template {name}: {problem}")


class OutputError(StudykitError):
    """The talk ``title`` lacks something that an output needs; ``problem`` says what."""

    def __init__(self, title: str, problem: str) -> None:
        self.title = title
        self.problem = problem
        super().__init__(f"{title}: {problem}")


class ConfigError(StudykitError):
    """A setting is unknown or has a wrong value. ``where`` is a file or an environment variable."""

    def __init__(self, where: Path | str, problem: str) -> None:
        self.where = str(where)
        self.problem = problem
        super().__init__(f"{self.where}: {problem}")


class UntrustedError(ConfigError):
    """A settings file from the current folder states what could do harm if somebody else wrote it.

    ``risks`` maps each such setting to what it could do.
    """

    def __init__(self, where: Path | str, risks: Mapping[str, str]) -> None:
        self.risks = dict(risks)
        listed = "".join(f"\n  {key}: {risk}" for key, risk in self.risks.items())
        super().__init__(
            where,
            f"not used yet, because it sets{listed}\n"
            "If you wrote it or trust who did, run `studykit trust` there, or give the file with --config.",
        )


class StoreError(StudykitError):
    """The database cannot be used."""

    def __init__(self, path: Path | str, problem: str) -> None:
        self.path = str(path)
        self.problem = problem
        super().__init__(f"{self.path}: {problem}")


class TalkNotFoundError(StoreError):
    """No talk, or more than one, matches ``name``."""

    def __init__(self, path: Path | str, name: str, candidates: Sequence[str] = ()) -> None:
        self.name = name
        self.candidates = list(candidates)
        if self.candidates:
            problem = f"{name!r} matches several talks: {', '.join(self.candidates)}"
        else:
            problem = f"no talk matches {name!r}; `studykit talks` lists all talks"
        super().__init__(path, problem)


class CourseNotFoundError(StoreError):
    """No course has this name."""

    def __init__(self, path: Path | str, name: str, known: Sequence[str] = ()) -> None:
        self.name = name
        self.known = list(known)
        others = f"; there are {', '.join(map(repr, known))}" if known else ""
        super().__init__(
            path, f"no course is called {name!r}{others}. `studykit course {name!r} TALK…` creates it"
        )


class EngineError(StudykitError):
    """An engine failed; ``engine`` says which, ``hint`` what to do instead."""

    def __init__(self, engine: str, problem: str, *, hint: str = "") -> None:
        self.engine = engine
        self.problem = problem
        self.hint = hint
        super().__init__(f"{engine}: {problem}" + (f"\n{hint}" if hint else ""))


class RefusedError(EngineError):
    """A site refuses further requests for now: too many came, or it suspects a robot."""


class BudgetError(StudykitError):
    """The next request would exceed ``budget``; ``spent`` is the amount spent so far, ``hint`` what to do
    with what there is."""

    def __init__(self, spent: float, budget: float, *, hint: str = "") -> None:
        self.spent = spent
        self.budget = budget
        self.hint = hint
        larger = "" if spent else " with a larger --budget"
        super().__init__(
            f"stopped: the next request could exceed the budget of {budget:g} ({spent:.4f} spent so far)\n"
            f"What is finished is kept, and costs nothing again. To resume, run the command again{larger}."
            + (f"\n{hint}" if hint else "")
        )


class MissingError(StudykitError):
    """Something is missing; ``command`` gets it, as ``remedy`` says."""

    remedy = "To install it"

    def __init__(self, what: str, command: str) -> None:
        self.what = what
        self.command = command
        super().__init__(f"{what} is missing. {self.remedy}:\n  {command}")


class MissingExtraError(MissingError):
    """An optional part of studykit is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(f"the package {package}", f"pip install 'studykit[{extra}]'")


class MissingModelError(MissingError):
    """Model weights are not on this machine; ``searched`` lists the places that were searched."""

    def __init__(self, model: str, command: str, searched: Sequence[str] = ()) -> None:
        self.model = model
        self.searched = list(searched)
        looked = f" (looked in {', '.join(self.searched)})" if self.searched else ""
        super().__init__(f"the model {model}{looked}", command)


class MissingProgramError(MissingError):
    """A program that studykit calls is not installed."""


class MissingNetworkError(MissingError):
    """``host`` cannot be reached; ``problem`` says why."""

    remedy = "What you can do"

    def __init__(self, host: str, problem: str, url: str) -> None:
        self.host = host
        self.problem = problem
        super().__init__(
            f"a connection to {host} ({problem})",
            "connect this machine to the network, or use a proxy: --proxy http://HOST:PORT\n"
            f"  use captions that you have: studykit notes captions.vtt --url {shlex.quote(url)}",
        )


class MissingServiceError(MissingError):
    """A service at ``host`` cannot be found on the network; ``setting`` holds its address."""

    remedy = "What you can do"

    def __init__(self, host: str, problem: str, setting: str) -> None:
        self.host = host
        self.problem = problem
        super().__init__(
            f"a connection to {host} ({problem})",
            f"connect this machine to the network, or give another address: {setting}",
        )
