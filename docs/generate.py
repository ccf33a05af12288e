"""Writes what repeats what the code says: cli.md, configuration.md, demos.md and CONTRIBUTING's floors.

Run ``python docs/generate.py``; a test fails when a page is out of date.
"""

from __future__ import annotations

import ast
import runpy
from pathlib import Path

import click

from studykit.cli.main import cli
from studykit.demos import LAYERS, NAMES, load
from studykit.demos.record import recorded
from studykit.options import CONFIG_NAME, SETTINGS

DOCS = Path(__file__).parent
ROOT = DOCS.parent
_FLOORS_BEGIN = "<!-- floors: generated from tests/test_layers.py -->"
_FLOORS_END = "<!-- end of floors -->"


def cli_page() -> str:
    """The help of every command."""
    lines = [
        "# Commands",
        "",
        "Generated from `studykit … --help`. Progress goes to stderr, results to stdout; `--json` prints",
        "exactly one JSON document. Exit codes: 0 done, 1 input or engine failed, 2 usage, 3 something is",
        "not installed (the message has the command that gets it), 130 interrupted, finished work kept.",
        "",
    ]

    def add(command: click.Command, path: list[str], parent: click.Context | None) -> None:
        context = click.Context(
            command,
            info_name=path[-1],
            parent=parent,
            max_content_width=90,
            terminal_width=90,
            help_option_names=cli.context_settings["help_option_names"],
        )
        lines.extend([f"## {' '.join(path)}", "", "```", command.get_help(context), "```", ""])
        if isinstance(command, click.Group):
            for name in command.list_commands(context):
                child = command.get_command(context, name)
                assert child
                add(child, [*path, name], context)

    add(cli, ["studykit"], None)
    return "\n".join(lines).rstrip() + "\n"


def configuration_page() -> str:
    """Every setting with its variable and default."""
    lines = [
        "# Configuration",
        "",
        f"Settings stand in `{CONFIG_NAME}` in the current folder, or in the file that `--config` or the",
        "variable `STUDYKIT_CONFIG` names. What is given on the command line outranks environment variables,",
        "which outrank the file, which outranks your own file for all folders, which outranks the defaults.",
        "Paths in a file count from the file's own folder. Lists are written with commas in a variable.",
        "",
        f"Your own file for all folders is `{CONFIG_NAME}` in `~/.config/studykit` (Linux),",
        "`~/Library/Application Support/studykit` (macOS) or `%APPDATA%\\studykit` (Windows).",
        "",
        "Settings marked † could do harm in a folder that came from somebody else: they name addresses",
        "that text and keys are sent to, templates, cookies, or a folder with a model. A file found in the",
        "current folder may state them only once you trust it: on a terminal studykit asks, elsewhere",
        "`studykit trust` says so. You are asked again when one of them changes. A file named with",
        "`--config` is trusted.",
        "",
        "```toml",
        "[notes]",
        'labels = "en"',
        'formats = ["md", "html", "srt"]',
        "",
        "[glossary]",
        'paths = ["my-terms.toml"]',
        "```",
        "",
        "| setting | variable | default | what |",
        "|---|---|---|---|",
    ]
    for setting in SETTINGS.values():
        if not setting.in_file:
            continue
        default = setting.default
        value = ", ".join(map(str, default)) if isinstance(default, tuple) else default
        choices = f": {', '.join(setting.choices)}" if setting.choices else ""
        shown = "" if value in (None, "", {}) else f"`{value}`"
        mark = " †" if setting.risk else ""
        lines.append(f"| `{setting.key}`{mark} | `{setting.env}` | {shown} | {setting.help}{choices} |")
    return "\n".join(lines) + "\n"


def demos_page() -> str:
    """The map of the demos: layer, demo, claim, and what it printed last."""
    lines = [
        "# Mini-demos",
        "",
        "`studykit demo run NAME` runs one, `studykit demo show NAME` prints its program, `--plot FILE`",
        "draws a chart where there is something to see. Each prints what stands below, and fails when its",
        "claim does not hold. With `--control` its mechanism is switched off beside it, and the claim must",
        "fail; `--set NAME=VALUE` turns one thing, and `show` says what to try. NAME may be a term.",
        "`--language zh` says in Chinese what a demo says about itself. `studykit demo path` lists twelve",
        "demos that build on each other. [Writing a demo](writing-a-demo.md)",
        "",
    ]
    demos = [load(name).demo for name in NAMES]
    for layer in LAYERS:
        lines += [f"## {layer[0].upper()}{layer[1:]}", "", "| demo | claim | seconds |", "|---|---|---|"]
        mine = [demo for demo in demos if demo.layer == layer]
        lines += [f"| [{demo.name}](#{demo.name}) | {demo.claim} | {demo.seconds:g} |" for demo in mine]
        for demo in mine:
            said = "; ".join(f"{said.talk}, {said.where}" for said in demo.said)
            lines += [
                "",
                f"### {demo.name}",
                "",
                f"**{demo.title}.**" + (f" Said in {said}." if said else ""),
                "",
            ]
            lines += [
                "```",
                recorded(demo.name).rstrip(),
                "```",
                "",
                f"*`--control` switches off* {demo.mechanism.sentence}",
                "",
                f"*What it cannot show:* {demo.cannot_show}",
            ]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def contributing_page() -> str:
    """CONTRIBUTING.md with the floors that the layer test holds, each room in its own words."""
    floors: dict[str, int] = runpy.run_path(str(ROOT / "tests" / "test_layers.py"))["FLOORS"]
    lines = ["| floor | room | what it is |", "|---|---|---|"]
    for floor in sorted(set(floors.values()), reverse=True):
        for room in sorted(name for name, height in floors.items() if height == floor):
            lines.append(f"| {floor} | `{_path(room)}` | {_purpose(room)} |")
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    before, _, rest = text.partition(_FLOORS_BEGIN)
    _, _, after = rest.partition(_FLOORS_END)
    return before + "\n".join([_FLOORS_BEGIN, *lines, _FLOORS_END]) + after


def _path(room: str) -> str:
    return f"{room}/" if (ROOT / "studykit" / room).is_dir() else f"{room}.py"


def _purpose(room: str) -> str:
    """The first sentence that a room says about itself."""
    file = ROOT / "studykit" / _path(room)
    source = (file / "__init__.py" if file.is_dir() else file).read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(source)) or ""
    return " ".join(docstring.split("\n\n")[0].split()).rstrip(".").replace("|", "\\|")


PAGES = {
    "cli.md": cli_page,
    "configuration.md": configuration_page,
    "demos.md": demos_page,
    "../CONTRIBUTING.md": contributing_page,
}

if __name__ == "__main__":
    for name, make in PAGES.items():
        (DOCS / name).write_text(make(), encoding="utf-8", newline="\n")
