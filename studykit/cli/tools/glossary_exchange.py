"""``studykit glossary export`` and ``import``: terms as CSV, TBX or TOML."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from msgspec import Struct, to_builtins

from studykit.cli.common import echo_json, json_option, takes, write_output

if TYPE_CHECKING:
    from studykit.glossary import Entry
    from studykit.glossary.exchange.merge import Comparison, Conflict
    from studykit.options import Options

__all__ = ["export", "import_"]

_FORMATS = ("csv", "tbx", "tbx-2008", "toml")
_SUFFIXES = {"csv", "tbx", "toml"}


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="Output format.  [default: from the suffix of FILE, else csv]",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write to FILE instead of stdout."
)
@takes("glossary.paths")
def export(format_: str | None, output: Path | None, options: Options) -> None:
    """Write all terms, built-in and your own, and print the path of FILE.

    CSV is for spreadsheets, TBX-Basic (ISO 30042:2019) for translation tools, TBX-Basic of 2008
    (`--format tbx-2008`) for Weblate and others that know no newer one, TOML for studykit. Each contains
    every field, and `studykit glossary import` reads it back. A CSV file begins with a byte order mark,
    without which Excel misreads Chinese; on stdout there is none.

    \b
    studykit glossary export -o terms.csv
    studykit glossary export --format tbx > terms.tbx
    studykit glossary export --format tbx-2008 -o terms.tbx
    """
    from functools import partial

    from studykit.glossary.exchange.csv_exchange import to_csv
    from studykit.glossary.exchange.tbx import TBX_2008
    from studykit.glossary.exchange.tbx_writer import to_tbx
    from studykit.glossary.exchange.toml_writer import to_toml

    by_name = output.suffix.lower().removeprefix(".") if output else "csv"
    if format_ is None and by_name not in _SUFFIXES:
        raise click.UsageError(f"the suffix of {output} is no format; add --format {'|'.join(_FORMATS)}")
    from studykit.glossary import load_glossary

    chosen = format_ or by_name
    writers: dict[str, Callable[[Sequence[Entry]], str]] = {
        "csv": to_csv,
        "tbx": to_tbx,
        "tbx-2008": partial(to_tbx, edition=TBX_2008),
        "toml": to_toml,
    }
    text = writers[chosen](load_glossary(options.glossary.paths).entries)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    write_output(output, f"\ufeff{text}" if chosen == "csv" else text)
    click.echo(output)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--into",
    type=click.Path(path_type=Path),
    metavar="MY.toml",
    help="Your glossary file, to which terms are added.",
)
@click.option(
    "--take",
    type=click.Choice(["mine", "theirs"]),
    help="How to resolve conflicts: keep your terms, or replace them in MY.toml.",
)
@takes("glossary.paths")
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    into: Path | None,
    take: str | None,
    options: Options,
    as_json: bool,
) -> None:
    """Compare the terms of a CSV, TBX or TOML file with yours, and add new ones to MY.toml.

    Without --into, nothing is written. New terms are added; identical terms are skipped. A conflict is
    an id with different content, a form that belongs to another term, or a link to a term that neither
    side has: conflicts are listed field by field and left unresolved, unless --take resolves them.
    Theirs can replace only terms in MY.toml. MY.toml keeps its comments, and is never left half-written.

    The exit code is 1 if conflicts are left unresolved.

    \b
    studykit glossary import terms.csv
    studykit glossary import terms.tbx --into my-terms.toml
    studykit glossary import terms.csv --into my-terms.toml --take theirs

    JSON: written (the path or null), added, identical, replaced, kept (lists of ids; kept: conflicts
    resolved in favour of yours), conflicts[{id, kind (content, form, link), differences[{field, mine,
    theirs}], form, other, decided (mine, theirs or null)}], left_out (what a glossary cannot hold, with
    counts).
    """
    from studykit.glossary.exchange.incoming import read_incoming

    if take and not into:
        raise click.UsageError("--take needs --into")
    if into and into.suffix != ".toml":
        raise click.BadParameter(f"{into} must end in .toml", param_hint="--into")
    incoming = read_incoming(file)
    outcome = _merged(incoming.entries, into, take, options)
    if as_json:
        echo_json(
            {
                "written": str(outcome.written) if outcome.written else None,
                "added": _ids(outcome.found.added),
                "identical": _ids(outcome.found.identical),
                "replaced": _ids(outcome.replaced),
                "kept": _ids(outcome.kept),
                "conflicts": [_conflict(conflict, outcome.decided) for conflict in outcome.found.conflicts],
                "left_out": dict(incoming.left_out),
            }
        )
    else:
        _print_outcome(outcome, incoming.left_out)
    if outcome.undecided:
        ctx.exit(1)


class _Outcome(Struct, frozen=True, kw_only=True):
    """The result of an import; ``in_use``: the settings name the file that was written."""

    found: Comparison
    replaced: Sequence[Entry]
    kept: Sequence[Entry]
    written: Path | None
    in_use: bool

    @property
    def decided(self) -> dict[str, str]:
        """The choice for each resolved conflict, by id."""
        choices = (("theirs", self.replaced), ("mine", self.kept))
        return {entry.id: choice for choice, entries in choices for entry in entries}

    @property
    def undecided(self) -> list[Conflict]:
        """The unresolved conflicts."""
        return [conflict for conflict in self.found.conflicts if conflict.entry_id not in self.decided]


def _merged(entries: Sequence[Entry], into: Path | None, take: str | None, options: Options) -> _Outcome:
    """Compare terms with those in use, and write new and chosen ones to ``into``."""
    from studykit.files import write_whole
    from studykit.glossary import load
    from studykit.glossary.exchange.incoming import read_incoming
    from studykit.glossary.exchange.merge import compare
    from studykit.glossary.exchange.revise import revised
    from studykit.resources import data_dir

    used = list(options.glossary.paths)
    in_use = into is not None and _is_among(into, [data_dir("glossaries"), *used])
    own: set[str] = set()
    if into and into.exists():
        own = {entry.id for entry in read_incoming(into).entries}
        used += [] if in_use else [into]
    found = compare(load([data_dir("glossaries")], own=used), entries)
    replaced = found.replaceable(own) if take == "theirs" else ()
    written = into if into and (found.added or replaced) else None
    if written:
        before = written.read_text(encoding="utf-8") if written.exists() else ""
        write_whole(written, revised(before, replaced=replaced, added=found.added, path=written))
    return _Outcome(
        found=found,
        replaced=replaced,
        kept=found.disputed if take == "mine" else (),
        written=written,
        in_use=in_use,
    )


def _print_outcome(outcome: _Outcome, left_out: Mapping[str, int]) -> None:
    for label, entries in (
        ("new", outcome.found.added),
        ("identical", outcome.found.identical),
        ("replaced", outcome.replaced),
        ("kept", outcome.kept),
    ):
        if entries:
            click.echo(f"{label}: {len(entries)}  {_shortened(_ids(entries))}")
    for conflict in outcome.undecided:
        _print_conflict(conflict)
    for name, count in left_out.items():
        click.echo(f"left out: {count} x {name}, which a glossary cannot hold")
    click.echo(f"written: {outcome.written}" if outcome.written else "nothing written")
    if outcome.written and not outcome.in_use:
        click.echo(f'To use it, add it to studykit.toml: [glossary] paths = ["{outcome.written}"]')


def _ids(entries: Sequence[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def _is_among(path: Path, used: Sequence[Path]) -> bool:
    """Whether ``path`` is one of the files, or lies in one of the folders."""
    places = {place.resolve() for place in used}
    return path.resolve() in places or path.resolve().parent in places


def _conflict(conflict: Conflict, decided: dict[str, str]) -> dict[str, Any]:
    fields = to_builtins(conflict)
    return {"id": fields.pop("entry_id"), **fields, "decided": decided.get(conflict.entry_id)}


def _print_conflict(conflict: Conflict) -> None:
    name = click.style(f"conflict: {conflict.entry_id}: ", bold=True)
    if conflict.kind == "form":
        click.echo(f"{name}{conflict.form!r} belongs to {conflict.other!r}")
    elif conflict.kind == "link":
        click.echo(f"{name}'see_also' names {conflict.other!r}, which does not exist")
    for difference in conflict.differences:
        click.echo(f"{name}{difference.field}")
        click.echo(f"  mine:   {_shown(difference.mine)}\n  theirs: {_shown(difference.theirs)}")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return "-" if value is None else str(value)


def _shortened(ids: Sequence[str]) -> str:
    return ", ".join(ids[:10]) + (" …" if len(ids) > 10 else "")
