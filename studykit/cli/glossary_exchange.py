"""``studykit glossary export`` and ``import``: terms go out and come in, as CSV, TBX or TOML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import config_option, echo_json, json_option, load_glossary, settings

if TYPE_CHECKING:
    from studykit.glossary import Entry
    from studykit.glossary.exchange.merge import Conflict

__all__ = ["export", "import_"]

_FORMATS = ("csv", "tbx", "toml")


@click.command()
@click.option(
    "--format",
    "format_",
    type=click.Choice(_FORMATS),
    help="The format.  [default: by the name of FILE, else csv]",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Not to stdout.")
@config_option
def export(format_: str | None, output: Path | None, config: Path | None) -> None:
    """Write all terms, the built-in ones and your own, and print the path of FILE.

    CSV is for spreadsheets, TBX-Basic (ISO 30042:2019) for translation tools, TOML for studykit. Each
    holds every field; `studykit glossary import` reads it back. A CSV file begins with a byte order
    mark, without which Excel misreads Chinese; on stdout there is none.

    \b
    studykit glossary export -o terms.csv
    studykit glossary export --format tbx > terms.tbx
    """
    from studykit.files import write_whole
    from studykit.glossary.exchange.csv_exchange import to_csv
    from studykit.glossary.exchange.tbx_writer import to_tbx
    from studykit.glossary.exchange.toml_writer import to_toml

    by_name = output.suffix.lower().removeprefix(".") if output else "csv"
    if format_ is None and by_name not in _FORMATS:
        raise click.UsageError(f"Say --format {'|'.join(_FORMATS)}: {output} does not tell.")
    chosen = format_ or by_name
    write = {"csv": to_csv, "tbx": to_tbx, "toml": to_toml}[chosen]
    text = write(load_glossary(settings(config)).entries)
    if output is None:
        click.echo(text.encode(), nl=False)
        return
    write_whole(output, f"\ufeff{text}" if chosen == "csv" else text)
    click.echo(output)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--into", type=click.Path(path_type=Path), metavar="MY.toml", help="Your file to add to.")
@click.option(
    "--take",
    type=click.Choice(["mine", "theirs"]),
    help="Where an id has other content: leave yours, or put theirs in its place in MY.toml.",
)
@config_option
@json_option
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    into: Path | None,
    take: str | None,
    config: Path | None,
    as_json: bool,
) -> None:
    """Compare the terms of a CSV, TBX or TOML file with yours, and add new ones to MY.toml.

    Without --into nothing is written. New terms are added; terms that are the same are left alone;
    conflicts are told field by field and left alone, unless --take decides them: an id that has other
    content, a form that belongs to another term, a link to a term that neither side has. Theirs can
    take the place of a term in MY.toml only. MY.toml keeps its remarks, and is written whole or not
    at all.

    Exit code 1 when conflicts are left undecided.

    \b
    studykit glossary import terms.csv
    studykit glossary import terms.tbx --into my-terms.toml
    studykit glossary import terms.csv --into my-terms.toml --take theirs

    JSON: written (the path or null), added, identical, replaced, kept (lists of ids; kept: decided for
    yours), conflicts[{id, kind (content, form, link), differences[{field, mine, theirs}], form, other,
    decided (mine, theirs or null)}], left_out (what the file has and a glossary does not, with counts).
    """
    from studykit.files import write_whole
    from studykit.glossary import load
    from studykit.glossary.exchange.incoming import read_incoming
    from studykit.glossary.exchange.merge import compare
    from studykit.glossary.exchange.revise import revised
    from studykit.resources import data_dir

    if take and not into:
        raise click.UsageError("--take needs --into.")
    if into and into.suffix != ".toml":
        raise click.BadParameter(f"{into} must end in .toml", param_hint="--into")
    incoming = read_incoming(file)
    used = [data_dir("glossaries"), *settings(config).glossaries]
    in_use = into is not None and _is_among(into, used)
    own: set[str] = set()
    if into and into.exists():
        own = {entry.id for entry in read_incoming(into).entries}
        used += [] if in_use else [into]
    found = compare(load(used), incoming.entries)
    replaced = found.replaceable(own) if take == "theirs" else ()
    kept = found.disputed if take == "mine" else ()
    if into and (found.added or replaced):
        before = into.read_text(encoding="utf-8") if into.exists() else ""
        write_whole(into, revised(before, replaced=replaced, added=found.added, path=into))
    written = into if into and (found.added or replaced) else None
    decided = {entry.id: choice for choice, ids in (("theirs", replaced), ("mine", kept)) for entry in ids}
    undecided = [conflict for conflict in found.conflicts if conflict.entry_id not in decided]
    if as_json:
        echo_json(
            {
                "written": str(written) if written else None,
                "added": _ids(found.added),
                "identical": _ids(found.identical),
                "replaced": _ids(replaced),
                "kept": _ids(kept),
                "conflicts": [_conflict(conflict, decided) for conflict in found.conflicts],
                "left_out": dict(incoming.left_out),
            }
        )
    else:
        for label, entries in (
            ("new", found.added),
            ("the same", found.identical),
            ("replaced", replaced),
            ("kept as they are", kept),
        ):
            if entries:
                click.echo(f"{label}: {len(entries)}  {_shortened(_ids(entries))}")
        for conflict in undecided:
            _tell(conflict)
        for name, count in incoming.left_out.items():
            click.echo(f"left out: {count} x {name}, which a glossary has no place for")
        click.echo(f"written: {written}" if written else "nothing written")
        if written and not in_use:
            click.echo(f'To use it, name it in studykit.toml: [glossary] paths = ["{written}"]')
    if undecided:
        ctx.exit(1)


def _ids(entries: Sequence[Entry]) -> list[str]:
    return [entry.id for entry in entries]


def _is_among(path: Path, used: Sequence[Path]) -> bool:
    """Whether ``path`` is one of the files, or stands in one of the folders."""
    places = {place.resolve() for place in used}
    return path.resolve() in places or path.resolve().parent in places


def _conflict(conflict: Conflict, decided: dict[str, str]) -> dict[str, Any]:
    fields = asdict(conflict)
    return {"id": fields.pop("entry_id"), **fields, "decided": decided.get(conflict.entry_id)}


def _tell(conflict: Conflict) -> None:
    name = click.style(f"conflict: {conflict.entry_id}: ", bold=True)
    if conflict.kind == "form":
        click.echo(f"{name}{conflict.form!r} belongs to {conflict.other!r}")
    elif conflict.kind == "link":
        click.echo(f"{name}'see_also' leads to {conflict.other!r}, which is not there")
    for difference in conflict.differences:
        click.echo(f"{name}{difference.field}")
        click.echo(f"  mine:   {_shown(difference.mine)}\n  theirs: {_shown(difference.theirs)}")


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return " | ".join(map(str, value))
    return "-" if value is None else str(value)


def _shortened(ids: Sequence[str]) -> str:
    return ", ".join(ids[:10]) + (" …" if len(ids) > 10 else "")
