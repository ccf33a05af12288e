"""``studykit glossary``: terms on the command line."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from studykit.cli.common import config_option, echo_json, json_option, load_glossary, settings

__all__ = ["glossary"]


@click.group()
def glossary() -> None:
    """Look terms up and check glossary files.

    \b
    studykit glossary show RAG
    studykit glossary validate my-terms.toml
    """


@glossary.command("list")
@click.option("--category", metavar="NAME", help="Only this part of the stack.")
@config_option
@json_option
def list_(category: str | None, config: Path | None, as_json: bool) -> None:
    """List all terms, the built-in ones and your own.

    \b
    studykit glossary list --category inference
    """
    from studykit.glossary import CATEGORIES

    if category is not None and category not in CATEGORIES:
        raise click.BadParameter(
            f"{category!r} is not one of {', '.join(CATEGORIES)}", param_hint="--category"
        )
    entries = [e for e in load_glossary(settings(config)).entries if category in {None, e.category}]
    if as_json:
        echo_json([asdict(entry) for entry in entries])
        return
    for entry in entries:
        abbreviation = f" ({entry.abbreviation})" if entry.abbreviation else ""
        click.echo(f"{entry.id:<28} {entry.english}{abbreviation} · {entry.chinese}")


@glossary.command()
@click.argument("term")
@config_option
@json_option
def show(term: str, config: Path | None, as_json: bool) -> None:
    """Explain a term, given by its id or any of its English or Chinese forms.

    \b
    studykit glossary show "KV cache"
    studykit glossary show 微调
    """
    terms = load_glossary(settings(config))
    entry = terms.get(term) or terms.look_up(term)
    if entry is None:
        raise click.ClickException(f"no term {term!r}; `studykit glossary list` shows all")
    if as_json:
        echo_json(asdict(entry))
        return
    abbreviation = f" ({entry.abbreviation})" if entry.abbreviation else ""
    click.echo(click.style(f"{entry.english}{abbreviation} · {entry.chinese}", bold=True))
    click.echo(f"{entry.definition_en}\n{entry.definition_zh}")
    for label, values in (
        ("also", (*entry.aliases, *entry.chinese_accepted)),
        ("often mis-heard as", entry.misheard),
        ("see", entry.see_also),
    ):
        if values:
            click.echo(click.style(f"{label}: ", dim=True) + ", ".join(values))
    if entry.reference:
        click.echo(click.style("read: ", dim=True) + entry.reference)


@glossary.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@config_option
def validate(paths: tuple[Path, ...], config: Path | None) -> None:
    """Check glossary files: with PATHS those beside the built-in ones, else all that are in use.

    Lists every problem with its file and term; exit code 1 when there are any.

    \b
    studykit glossary validate
    studykit glossary validate my-terms.toml
    """
    from studykit.demos import NAMES
    from studykit.glossary import unfinished
    from studykit.glossary import validate as broken_rules
    from studykit.resources import data_dir

    chosen = settings(config)
    used = [data_dir("glossaries"), *(paths or chosen.glossaries)]
    problems = [*broken_rules(used), *unfinished(used, NAMES)]
    for problem in problems:
        click.echo(problem)
    if problems:
        raise click.ClickException(f"{len(problems)} problems")
    click.echo(f"{len(load_glossary(chosen).entries)} terms, no problems")
