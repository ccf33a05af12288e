"""Renders Jinja2 templates: unknown fields are errors, HTML is escaped, the user's templates come first.

Values are never treated as templates: ``{{ }}`` in a title stays as it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path

import jinja2.exceptions
import jinja2.sandbox
from markupsafe import Markup, escape

from studykit.errors import TemplateError
from studykit.export.bytecode import Bytecode
from studykit.export.page.runs import Run
from studykit.faces import late
from studykit.languages import detect_language
from studykit.lexicon.pinyin import Reading, read_aloud
from studykit.resources import cache_dir, compiled_dirs, data_dir

__all__ = [
    "Renderer",
    "bold_markdown",
    "brief",
    "by_word",
    "compile_into",
    "escape_css",
    "escape_markdown",
    "highlighted",
    "linked",
    "render",
]

_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")
_MARKDOWN_START = re.compile(r"^([^\S\n]*)(?:([-+=>])|(\d+)([.)]))(?=\s|$|=|-)", re.MULTILINE)
_CSS_SPECIAL = late(r"""[^\w .,:;!?()—–…·，。：；！？、（）-]""")
_ENTITY = re.compile(r"&(?=#?\w+;)")


def escape_markdown(text: str) -> str:
    """Text that Markdown shows literally: no markup, HTML or table cells, on one line."""
    text = _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(text.split()) if "\n" in text or "\r" in text else text)
    text = _ENTITY.sub("&amp;", text)
    return _MARKDOWN_START.sub(lambda m: f"{m[1]}\\{m[2]}" if m[2] else f"{m[1]}{m[3]}\\{m[4]}", text)


def bold_markdown(runs: Iterable[Run]) -> str:
    """Runs as Markdown, terms and items in bold.

    Neighbours share one pair of asterisks: four in a row would be printed. So would a pair next to a letter
    with a mark on its inner side, as around C++ in Chinese (CommonMark 0.31, 6.2); there nothing is bold.
    """
    pieces = [
        (marked, list(group)) for marked, group in groupby(runs, key=lambda run: bool(run.term or run.item))
    ]
    texts = ["".join(run.text for run in group) for _, group in pieces]
    made = []
    for i, (marked, group) in enumerate(pieces):
        before, after = "".join(texts[:i])[-1:], "".join(texts[i + 1 :])[:1]
        shown = "".join(escape_markdown(run.text) for run in group)
        is_bold = marked and _may_flank(before, texts[i][:1]) and _may_flank(after, texts[i][-1:])
        made.append(f"**{shown}**" if is_bold else shown)
    return "".join(made)


def _may_flank(outside: str, inside: str) -> bool:
    """Whether asterisks between two characters begin or end what is bold; outside may be nothing."""
    if not inside.strip():
        return False
    return not _is_mark(inside) or not outside.strip() or _is_mark(outside)


def _is_mark(char: str) -> bool:
    return unicodedata.category(char)[0] in "PS"


def escape_css(text: str) -> Markup:
    """Text as the inside of a CSS string, also within an HTML ``style`` element."""
    return Markup(_CSS_SPECIAL.sub(lambda m: f"\\{ord(m[0]):x} ", " ".join(text.split())))


def brief(text: str, width: int) -> str:
    """``text`` cut to at most ``width`` columns; a Chinese character takes two."""
    columns = [2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text]
    if sum(columns) <= width:
        return text
    fits = [end for end in range(len(text)) if sum(columns[:end]) < width]
    return f"{text[: fits[-1]].rstrip()}…"


def linked(runs: Iterable[Run], links: Mapping[str, str], ids: str = "") -> Markup:
    """Runs as HTML, items in bold and terms as links: to where ``links`` leads, else within the page, where
    ids begin with ``ids``.

    A template would call a macro for each run, which takes most of the time of a long page.
    """
    made = []
    for run in runs:
        text = str(escape(run.text))
        if run.term:
            address = escape(links.get(run.term, f"#{ids}term-{run.term}"))
            text = f'<a class="term" href="{address}">{text}</a>'
        elif run.item:
            text = f'<b class="item">{text}</b>'
        made.append(text)
    return Markup("".join(made))


def highlighted(runs: Iterable[Run]) -> Markup:
    """Runs as HTML, terms in ``mark``."""
    texts = ((run.term, str(escape(run.text))) for run in runs)
    return Markup("".join(f"<mark>{text}</mark>" if term else text for term, text in texts))


def by_word(runs: Sequence[Run]) -> list[tuple[Run, list[Reading]]]:
    """Runs of Chinese, each with its words and their pinyin, for ruby."""
    words = iter(read_aloud("".join(run.text for run in runs)))
    made: list[tuple[Run, list[Reading]]] = []
    word = Reading("", ())
    for run in runs:
        left, pieces = run.text, []
        while left:
            word = word if word.text else next(words)
            # A word that continues in the next run is cut there, with its syllables.
            size = min(len(left), len(word.text))
            pieces.append(Reading(word.text[:size], word.syllables[:size]))
            word, left = Reading(word.text[size:], word.syllables[size:]), left[size:]
        made.append((run, pieces))
    return made


def tongue(text: str) -> str:
    """The language that a text is mostly in, as HTML declares it: ``en`` or ``zh-Hans``."""
    return "zh-Hans" if detect_language(text) == "zh" else "en"


def _environment(user_templates: Path | None) -> jinja2.Environment:
    folders = ([user_templates] if user_templates else []) + [data_dir("templates")]
    # Templates of the user's may come from somebody else: the sandbox keeps them to what they are given.
    kind = jinja2.sandbox.ImmutableSandboxedEnvironment if user_templates else jinja2.Environment
    environment = kind(
        loader=jinja2.FileSystemLoader(folders),
        autoescape=lambda name: bool(name and name.endswith((".html.j2", ".xhtml.j2", ".xml.j2"))),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    if not user_templates:  # in the sandbox the same text is other code
        environment.bytecode_cache = Bytecode([*compiled_dirs(), cache_dir() / "templates"])
    environment.filters["md"] = escape_markdown
    environment.filters["bold"] = bold_markdown
    environment.filters["css"] = escape_css
    environment.filters["brief"] = brief
    environment.filters["by_word"] = by_word
    environment.filters["linked"] = linked
    environment.filters["highlighted"] = highlighted
    environment.filters["tongue"] = tongue
    return environment


def compile_into(folder: Path) -> None:
    """Write all templates' bytecode into a folder, and delete other that is there."""
    for old in folder.glob("*.template"):
        old.unlink(missing_ok=True)  # another process does so, too
    environment = _environment(None)
    environment.bytecode_cache = Bytecode([folder])
    for name in environment.list_templates(extensions=["j2"]):
        environment.get_template(name)


class Renderer:
    """Renders templates, the user's before the built-in ones; each is read once."""

    def __init__(self, user_templates: Path | None = None) -> None:
        self._environment = _environment(user_templates)

    def render(self, name: str, context: Mapping[str, object]) -> str:
        """The template ``name`` filled with ``context``.

        Raises ``TemplateError`` if the template is missing or broken, or uses a field that does not exist,
        which the message names.
        """
        try:
            return self._environment.get_template(name).render(context)
        except jinja2.TemplateNotFound as error:
            raise TemplateError(name, f"no such template: {error}") from error
        except jinja2.TemplateSyntaxError as error:
            raise TemplateError(error.name or name, f"line {error.lineno}: {error.message}") from error
        except jinja2.exceptions.SecurityError as error:
            raise TemplateError(name, f"it uses what templates may not: {error}") from error
        except jinja2.UndefinedError as error:
            raise TemplateError(name, f"it uses an unknown field: {error.message}") from error


def render(name: str, context: Mapping[str, object], *, user_templates: Path | None = None) -> str:
    """One template filled with ``context``; raises ``TemplateError`` as ``Renderer.render`` does."""
    return Renderer(user_templates).render(name, context)
