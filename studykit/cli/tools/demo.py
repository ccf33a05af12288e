"""``studykit demo``: small programs, each of which shows one idea."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import echo_json, json_option, write_output

if TYPE_CHECKING:
    from studykit.demos import Runnable

__all__ = ["demo"]


@click.group()
def demo() -> None:
    """Run the mini-demos: one idea each, in a few seconds.

    \b
    studykit demo list
    studykit demo run bpe
    """


def _load(name: str) -> Runnable:
    from studykit.demos import NAMES, load

    try:
        return load(name)
    except KeyError:
        raise click.BadParameter(f"{name!r} is not one of {', '.join(NAMES)}", param_hint="NAME") from None


@demo.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the demos by layer of the stack, with the terms they explain.

    \b
    studykit demo list
    """
    from studykit.demos import LAYERS, NAMES

    demos = [_load(name).demo for name in NAMES]
    if as_json:
        fields = ("name", "title", "terms", "layer", "seconds", "claim")
        echo_json([{field: getattr(found, field) for field in fields} for found in demos])
        return
    for layer in LAYERS:
        mine = [found for found in demos if found.layer == layer]
        if mine:
            click.echo(click.style(layer, bold=True))
        for found in mine:
            click.echo(f"  {found.name:<22} {found.title}")
            click.echo(click.style(f"  {'':<22} {', '.join(found.terms)}", dim=True))


@demo.command()
@click.argument("name")
def show(name: str) -> None:
    """Print a demo's program, to read before running it.

    \b
    studykit demo show bpe
    """
    click.echo_via_pager(_load(name).source)


@demo.command()
@click.argument("name")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random numbers.")
@click.option("--text", help="Your own text, for demos that take one.")
@click.option(
    "--plot",
    "plot_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a chart (SVG) to FILE.",
)
@json_option
def run(name: str, seed: int, text: str | None, plot_path: Path | None, as_json: bool) -> None:
    """Run a demo, and report whether its claim holds.

    With --json, prints the numbers of the run.

    \b
    studykit demo run bpe
    studykit demo run bpe --text "low lower lowest" --plot bpe.svg
    """
    from studykit.demos import ClaimError

    chosen = _load(name)
    if text is not None and not chosen.takes_text:
        raise click.UsageError(f"{name} takes no --text")
    if text is not None and not text.strip():
        raise click.UsageError("--text is empty")
    if plot_path and chosen.plot is None:
        raise click.UsageError(f"{name} has no chart")
    options: dict[str, Any] = {} if text is None else {"text": text}
    numbers = chosen.run(seed, **options)
    if plot_path and chosen.plot:
        write_output(plot_path, chosen.plot(numbers))
    if as_json:
        echo_json(numbers)
        return
    about = chosen.demo
    click.echo(click.style(about.title, bold=True) + "\n")
    click.echo("\n".join(chosen.lines(numbers)) + "\n")
    if text is None:
        try:
            chosen.check(numbers)
        except ClaimError as error:
            raise click.ClickException(f"the claim does not hold with this seed: {error}") from error
        click.echo(f"Holds: {about.claim}")
    for said in about.said:
        click.echo(click.style(f"Said in {said.talk}, {said.where}: {said.claim}", dim=True))
    click.echo(click.style(f"What this cannot show: {about.cannot_show}", dim=True))


@demo.command()
@click.argument("names", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Check all demos.")
@click.option(
    "--seeds", type=click.IntRange(min=1), default=1, show_default=True, help="Number of seeds to try."
)
@json_option
def check(names: tuple[str, ...], everything: bool, seeds: int, as_json: bool) -> None:
    """Check that claims hold, and that each fails when its mechanism is removed.

    The exit code is 1 if a check fails.

    \b
    studykit demo check bpe
    studykit demo check --all --seeds 3
    """
    from studykit.demos import NAMES

    if not names and not everything:
        raise click.UsageError("name at least one demo, or use --all")
    results = []
    for name in NAMES if everything else names:
        chosen = _load(name)
        start = time.perf_counter()
        problem = next((found for seed in range(seeds) if (found := _problem(chosen, seed))), None)
        seconds = round((time.perf_counter() - start) / seeds, 2)
        results.append({"name": name, "holds": problem is None, "problem": problem, "seconds": seconds})
        if not as_json:
            verdict = "ok" if problem is None else f"FAILS: {problem}"
            click.echo(f"{name:<22} {seconds:5.2f} s  {verdict}")
    if as_json:
        echo_json(results)
    if not all(result["holds"] for result in results):
        raise click.exceptions.Exit(1)


def _problem(chosen: Runnable, seed: int) -> str | None:
    """Why the check of a demo fails with this seed, or None."""
    from studykit.demos import ClaimError

    try:
        chosen.check(chosen.run(seed))
    except ClaimError as error:
        return f"seed {seed}: {error}"
    try:
        chosen.check(chosen.control(seed))
    except ClaimError:
        return None
    return f"seed {seed}: the claim holds without its mechanism too"
