"""``studykit glossary``: look terms up and check glossary files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import to_builtins

from studykit.cli.common import counted, echo_json, json_option, takes
from studykit.cli.tools.glossary_exchange import export, import_

if TYPE_CHECKING:
    from studykit.glossary import Glossary
    from studykit.options import Options
    from studykit.store import Hit

__all__ = ["glossary"]

_PLACES = 5
"""How many places `show` prints."""


@click.group()
def glossary() -> None:
    """Look terms up and check glossary files.

    \b
    studykit glossary show RAG
    studykit glossary search jiansuo
    studykit glossary export -o terms.csv
    studykit glossary validate my-terms.toml
    """


@glossary.command("list")
@click.option("--category", metavar="NAME", help="List only this category.")
@takes("glossary.paths")
@json_option
def list_(category: str | None, options: Options, as_json: bool) -> None:
    """List all terms, built-in and your own.

    \b
    studykit glossary list --category inference
    """
    from studykit.glossary import CATEGORIES, load_glossary

    if category is not None and category not in CATEGORIES:
        raise click.BadParameter(
            f"{category!r} is not one of {', '.join(CATEGORIES)}", param_hint="--category"
        )
    entries = [e for e in load_glossary(options.glossary.paths).entries if category in {None, e.category}]
    if as_json:
        echo_json([to_builtins(entry) for entry in entries])
        return
    for entry in entries:
        abbreviation = f" ({entry.abbreviation})" if entry.abbreviation else ""
        click.echo(f"{entry.id:<28} {entry.english}{abbreviation} · {entry.chinese}")


@glossary.command()
@click.argument("term")
@takes("glossary.paths", "store.db")
@json_option
def show(term: str, options: Options, as_json: bool) -> None:
    """Explain a term, given by its id or any of its English or Chinese forms.

    With the misunderstanding to avoid, the demo that shows it, and where the talks of your database
    say it.

    \b
    studykit glossary show "KV cache"
    studykit glossary show 微调

    JSON: the fields of the term, and said[{talk_id, title, url, paragraph, language, start_s, text,
    english, chinese}].
    """
    from studykit.glossary import load_glossary
    from studykit.timecode import to_clock

    terms = load_glossary(options.glossary.paths)
    entry = terms.get(term) or terms.look_up(term)
    if entry is None:
        raise click.ClickException(f"no term {term!r}; {_suggestion(terms, term)}")
    places = _said(entry.id, options.store.db)
    if as_json:
        echo_json({**to_builtins(entry), "said": [to_builtins(hit) for hit in places]})
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
        click.echo(click.style("see: ", dim=True) + entry.reference)
    if entry.note_en:
        click.echo(click.style("note: ", dim=True) + f"{entry.note_en}\n{entry.note_zh}")
    if entry.demo:
        click.echo(click.style("demo: ", dim=True) + f"studykit demo run {entry.demo}")
    for hit in places[:_PLACES]:
        at = f", {to_clock(hit.start_s)}" if hit.start_s is not None else ""
        click.echo(click.style("said: ", dim=True) + f"{hit.title}{at}: {hit.text}")
    if len(places) > _PLACES:
        click.echo(f"… and {len(places) - _PLACES} more; --json lists all")


def _said(entry_id: str, path: Path) -> list[Hit]:
    """The places where talks in the database say a term; none without a database."""
    if not path.is_file():
        return []
    from studykit.store import Store, said

    with Store.reading(path) as store:
        return said(store, entry_id)


def _suggestion(terms: Glossary, term: str) -> str:
    from studykit.glossary import near

    alike = [entry.abbreviation or entry.english for entry in near(terms, term)]
    if not alike:
        return "`studykit glossary list` lists all terms"
    return f"did you mean {' or '.join(map(repr, alike))}?"


@glossary.command()
@click.argument("query")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=20,
    show_default=True,
    metavar="N",
    help="Maximum number of terms.",
)
@takes("glossary.paths")
@json_option
def search(query: str, limit: int, options: Options, as_json: bool) -> None:
    """Find terms by part of a form, pinyin, pinyin initials, or a misspelt form.

    Searches English, Chinese, abbreviations, other forms and known mis-hearings; best match first.

    \b
    studykit glossary search cache
    studykit glossary search 检索
    studykit glossary search "jiansuo zengqiang"
    studykit glossary search jszq
    studykit glossary search atention --json

    JSON: [{score (0-1), kind (exact, prefix, inside, pinyin, typo), field, form, entry}]; field and form
    say what matched, entry is as in `glossary show --json`.
    """
    from studykit.glossary import load_glossary
    from studykit.glossary import search as search_terms

    hits = search_terms(load_glossary(options.glossary.paths), query, limit=limit)
    if as_json:
        echo_json([to_builtins(found) for found in hits])
        return
    if not hits:
        click.echo(f"Nothing found for {query!r}.", err=True)
    for found in hits:
        entry = found.entry
        abbreviation = f" ({entry.abbreviation})" if entry.abbreviation else ""
        met = "" if found.form in {entry.english, entry.abbreviation, entry.chinese} else f"  [{found.form}]"
        click.echo(f"{entry.id:<28} {entry.english}{abbreviation} · {entry.chinese}{met}")


@glossary.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@takes("glossary.paths")
def validate(paths: tuple[Path, ...], options: Options) -> None:
    """Check glossary files: PATHS, or else your own files in use, together with the built-in ones.

    Lists every problem with its file and term, and the built-in terms and forms that yours replace. The
    exit code is 1 if there are problems.

    \b
    studykit glossary validate
    studykit glossary validate my-terms.toml
    """
    from studykit.demos import NAMES
    from studykit.glossary import load, replacements, unfinished
    from studykit.glossary import validate as broken_rules
    from studykit.resources import data_dir

    built_in, own = [data_dir("glossaries")], paths or options.glossary.paths
    problems = [*broken_rules(built_in, own), *unfinished(built_in, NAMES, own)]
    for line in (*problems, *replacements(built_in, own)):
        click.echo(line)
    if problems:
        raise click.ClickException(counted(len(problems), "problem"))
    click.echo(f"{counted(len(load(built_in, own).entries), 'term')}, no problems")


glossary.add_command(export)
glossary.add_command(import_)
