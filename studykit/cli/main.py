"""The command group, and the one place where errors become messages and exit codes.

0 done · 1 the input or an engine failed · 2 usage · 3 something is not installed · 130 interrupted.

Commands are loaded when they are used, so that ``studykit --help`` stays fast: ``COMMANDS`` holds
each command's line of the overview, and a test compares it with the command's own help.
"""

from __future__ import annotations

import atexit
import difflib
import gc
import importlib
import keyword
import os
import sys
from collections.abc import Sequence

import click

from studykit import __version__
from studykit.errors import ConfigError, MissingError, StudykitError

__all__ = ["COMMANDS", "cli", "main"]

COMMANDS = {
    "notes": ("studykit.cli.talk.notes", "Make bilingual study notes of a talk."),
    "batch": (
        "studykit.cli.library.batch",
        "Make notes of many talks: those of a list, a playlist or channel, or a folder.",
    ),
    "import": ("studykit.cli.talk.import_", "Put study notes or a transcript into the database."),
    "fetch": ("studykit.cli.talk.fetch", "Download a talk's captions, metadata and audio."),
    "transcribe": ("studykit.cli.talk.transcribe", "Turn speech into timed words."),
    "talks": ("studykit.cli.library.talks", "List the talks in the database; remove, merge or tidy them up."),
    "show": ("studykit.cli.library.talks", "Show a talk's notes in the terminal."),
    "search": ("studykit.cli.library.talks", "Search all talks, in English and Chinese."),
    "review": ("studykit.cli.library.review", "Look at doubtful places of an alignment and correct them."),
    "course": (
        "studykit.cli.library.course",
        "Make one course of many talks: pages, one book, one deck, one glossary.",
    ),
    "export": ("studykit.cli.library.export", "Write a talk's notes to a file, and print its path."),
    "translate": (
        "studykit.cli.talk.translate",
        "Translate a talk into Chinese, or a Chinese one into English.",
    ),
    "align": ("studykit.cli.talk.align", "Align the sentences of two texts."),
    "correct": ("studykit.cli.talk.correct", "List mis-heard and mistranslated terms, and correct them."),
    "claims": ("studykit.cli.talk.claims", "List what a talk claims, with quotes."),
    "check": ("studykit.cli.talk.check", "Check that the Chinese says what the English says."),
    "segment": ("studykit.cli.talk.segment", "Cut a talk into sentences and paragraphs."),
    "vocab": ("studykit.cli.talk.vocab", "List what a learner should study in a talk, best first."),
    "db": ("studykit.cli.library.db", "Check, back up, join, repair and prune databases."),
    "known": (
        "studykit.cli.library.known",
        "Keep a list of words that you know; vocabulary leaves them out.",
    ),
    "glossary": ("studykit.cli.tools.glossary", "Look terms up and check glossary files."),
    "site": (
        "studykit.cli.tools.site",
        "Write the glossary, your talks and the demos as a static site.",
    ),
    "demo": ("studykit.cli.tools.demo", "Run the mini-demos: one idea each, in a few seconds."),
    "models": ("studykit.cli.tools.models", "List and download speech models."),
    "trust": ("studykit.cli.trust", "Trust the settings file of a folder, the current one if not given."),
    "doctor": ("studykit.cli.tools.doctor", "Report what works on this machine."),
}

_NEW_OBJECTS = 50_000


class LazyGroup(click.Group):
    """A group that imports a command's module only when the command is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        name = f"{cmd_name}_" if keyword.iskeyword(cmd_name) else cmd_name
        command = getattr(importlib.import_module(COMMANDS[cmd_name][0]), name)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0] if args else ""
        near = difflib.get_close_matches(name, COMMANDS, n=3)
        if near and name not in COMMANDS:
            ctx.fail(f"No such command {name!r}. Did you mean {' or '.join(near)}?")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="studykit")
def cli() -> None:
    """Turn a talk into bilingual English-Chinese study notes.

    \b
    studykit notes talk.en.vtt --translation talk.zh.txt
    """
    if "numpy" not in sys.modules:  # arrays this small are slower on many threads, which wait by spinning
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line, that of this process if ``args`` are not given, and exit."""
    if args is None:
        # A run keeps most of what it makes, so Python's search for cycles every 700 objects is in vain.
        gc.set_threshold(_NEW_OBJECTS)
    code = _run(args)
    if args is None and not sys.getprofile():  # a profiler reports when main has returned
        _leave(code)
    sys.exit(code)


def _leave(code: int) -> None:
    """End the process at once. To free all that a talk has loaded would take a third of a second.

    Returns if the output cannot be flushed: an ordinary exit reports that.
    """
    atexit._run_exitfuncs()
    try:
        for stream in filter(None, (sys.stdout, sys.stderr)):
            stream.flush()
    except OSError:
        return
    os._exit(code)


def _run(args: Sequence[str] | None) -> int:
    try:
        result = cli.main(args=args, prog_name="studykit", standalone_mode=False)
    except click.exceptions.Abort:
        return _fail("interrupted; finished work is kept", 130)
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except StudykitError as error:
        return _fail(str(error), _exit_code(error))
    except BrokenPipeError:
        # The reader is gone, as with `| head`. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (OSError, UnicodeEncodeError) as error:
        return _fail(_described(error), 1)
    return result if isinstance(result, int) else 0


def _described(error: OSError | UnicodeEncodeError) -> str:
    if isinstance(error, UnicodeEncodeError):
        text = ascii(error.object)
        if any("\udc80" <= char <= "\udcff" for char in error.object):  # bytes that Python could not decode
            return f"{text} is no text in the encoding of the locale; set PYTHONUTF8=1"
        return f"the locale's encoding {error.encoding} cannot express {text}; set PYTHONUTF8=1"
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _exit_code(error: StudykitError) -> int:
    if isinstance(error, ConfigError):
        return 2
    return 3 if isinstance(error, MissingError) else 1


def _fail(message: str, code: int) -> int:
    click.echo(f"studykit: {message}", err=True)
    return code
