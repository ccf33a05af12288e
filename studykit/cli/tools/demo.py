"""``studykit demo``: small programs, each of which shows one idea."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from studykit.cli.common import echo_json, json_option, write_output
from studykit.cli.tools.demo_view import WORDS, about, echo_run, problem_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.demos import Numbers, Runnable

__all__ = ["demo"]

_language_option = click.option(
    "--language",
    type=click.Choice(list(WORDS)),
    default="en",
    show_default=True,
    help="Language of what is said about demos; programs and the lines that they print are English.",
)


@click.group()
def demo() -> None:
    """Run the mini-demos: one idea each, in a few seconds.

    \b
    studykit demo list
    studykit demo run bpe
    studykit demo run "KV cache" --control
    """


def _load(name: str) -> Runnable:
    """The demo of that name, or the one that explains the term of that name."""
    from studykit.demos import NAMES, load

    return load(name if name in NAMES else _demo_of(name))


def _demo_of(term: str) -> str:
    """The name of the demo of the nearest term; raises ``BadParameter`` when no term is near."""
    from studykit.demos import NAMES
    from studykit.glossary import load_glossary, near

    terms = load_glossary()
    entry = terms.get(term) or terms.look_up(term)
    for found in [entry] if entry else near(terms, term, limit=10):
        if found.demo in NAMES:
            click.echo(f"{found.english}: the demo {found.demo}", err=True)
            return found.demo
    what = f"no demo explains {entry.english!r} yet" if entry else f"{term!r} is neither a demo nor a term"
    raise click.BadParameter(f"{what}; `studykit demo list` lists all demos", param_hint="NAME")


@demo.command("list")
@_language_option
@json_option
def list_(language: str, as_json: bool) -> None:
    """List the demos by layer of the stack, with the terms they explain.

    \b
    studykit demo list
    studykit demo list --language zh
    """
    from itertools import groupby

    from studykit.demos import NAMES
    from studykit.demos.told import told

    demos = [(found, told(found, language)) for found in (_load(name).demo for name in NAMES)]
    if as_json:
        echo_json(
            [
                {
                    "name": found.name,
                    "title": texts.title,
                    "terms": found.terms,
                    "layer": texts.layer,
                    "seconds": found.seconds,
                    "claim": texts.claim,
                }
                for found, texts in demos
            ]
        )
        return
    for layer, mine in groupby(demos, key=lambda each: each[1].layer):
        click.echo(click.style(layer, bold=True))
        for found, texts in mine:
            click.echo(f"  {found.name:<22} {texts.title}")
            click.echo(click.style(f"  {'':<22} {', '.join(found.terms)}", dim=True))


@demo.command()
@_language_option
@json_option
def path(language: str, as_json: bool) -> None:
    """List twelve demos that build on each other, and what is new in each.

    \b
    studykit demo path
    studykit demo path --language zh

    JSON: name, title, new, seconds of each.
    """
    from studykit.demos.path import path as steps_of_path
    from studykit.demos.told import told

    steps = []
    for step in steps_of_path():
        found = _load(step.demo).demo
        title = told(found, language).title
        steps.append(
            {"name": found.name, "title": title, "new": step.new(language), "seconds": found.seconds}
        )
    if as_json:
        echo_json(steps)
        return
    for number, shown in enumerate(steps, 1):
        click.echo(click.style(f"{number:>2}. {shown['title']}", bold=True))
        click.echo(f"    {shown['new']}")
        click.echo(click.style(f"    studykit demo run {shown['name']}", dim=True))


@demo.command()
@click.argument("name")
@_language_option
def show(name: str, language: str) -> None:
    """Print a demo's program, to read before running it, what --set takes, and what to try.

    NAME is a demo or a term. What can be set stands in comments above the program; with --language zh,
    so does what the demo says about itself, in Chinese.

    \b
    studykit demo show bpe
    studykit demo show bpe --language zh
    """
    from studykit.demos.settings import command, settings
    from studykit.demos.told import told

    chosen = _load(name)
    notes = [] if language == "en" else [*about(chosen, language), "#"]  # the program has the English
    notes += [f"# studykit demo run {chosen.demo.name} --set NAME=VALUE takes:"]
    for setting in settings(chosen).values():
        notes.append(f"#   {setting.name}: {setting.allowed} [{setting.shown_default}]. {setting.help}")
    tries = zip(chosen.demo.tries, told(chosen.demo, language).tries, strict=True)
    for i, (one, then) in enumerate(tries):
        notes += [] if i else ["#", f"# {WORDS[language].try_this}"]
        notes += [f"#   {command(chosen.demo.name, one)}", f"#     {then}"]
    click.echo_via_pager("\n".join(notes) + f"\n\n{chosen.source}")


@demo.command()
@click.argument("name")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the random numbers.")
@click.option("--text", help="Your own text, for demos that take one.")
@click.option(
    "--set",
    "assignments",
    multiple=True,
    metavar="NAME=VALUE",
    help="Set an option of the demo; `studykit demo show NAME` lists them. May be repeated.",
)
@click.option(
    "--control", is_flag=True, help="Run it with its mechanism switched off too, and mark what differs."
)
@click.option(
    "--plot",
    "plot_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a chart (SVG) to FILE.",
)
@_language_option
@json_option
def run(
    name: str,
    seed: int,
    text: str | None,
    assignments: tuple[str, ...],
    control: bool,
    plot_path: Path | None,
    language: str,
    as_json: bool,
) -> None:
    """Run a demo, and report whether its claim holds.

    NAME is a demo or a term that one explains. With --json, prints the numbers of the run.

    \b
    studykit demo run bpe
    studykit demo run bpe --text "low lower lowest" --plot bpe.svg
    studykit demo run "KV cache" --control
    studykit demo run KV缓存 --language zh
    studykit demo run ppo_clip --set clip=0.05

    JSON with --control: switched_off, run{numbers, lines, problem}, control{numbers, lines, problem}.
    """
    from studykit.demos.told import told

    chosen = _load(name)
    options = _options(chosen, text, assignments)
    mechanism = chosen.demo.mechanism
    if control and mechanism.keyword in options:
        raise click.UsageError(f"--control sets {mechanism.keyword} itself: leave it out of --set")
    if plot_path and chosen.plot is None:
        raise click.UsageError(f"{chosen.demo.name} has no chart")
    numbers = _computed(chosen, seed, options)
    if plot_path and chosen.plot:
        write_output(plot_path, chosen.plot(numbers))
    without = _computed(chosen, seed, {**options, mechanism.keyword: mechanism.off}) if control else None
    if as_json:
        sides = {"run": numbers, "control": without}
        made = {side: _made(chosen, result) for side, result in sides.items() if result is not None}
        switched_off = told(chosen.demo, language).switched_off
        echo_json({"switched_off": switched_off, **made} if control else numbers)
        return
    echo_run(chosen, numbers, without, language=language, own_text=text is not None, turned=bool(assignments))
    if chosen.demo.tries and not options:
        from studykit.demos.settings import command

        words = WORDS[language]
        click.echo(words.try_next.format(command(chosen.demo.name, chosen.demo.tries[0])))


def _options(chosen: Runnable, text: str | None, assignments: Sequence[str]) -> dict[str, Any]:
    """Options of the demo's ``run``; raises ``UsageError``, which says what may be given instead."""
    from studykit.demos.settings import settings

    name, known = chosen.demo.name, settings(chosen)
    if text is not None and not chosen.takes_text:
        raise click.UsageError(f"{name} takes no --text")
    if text is not None and not text.strip():
        raise click.UsageError("--text is empty")
    options: dict[str, Any] = {} if text is None else {"text": text}
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        key = key.strip()
        if not equals:
            raise click.UsageError(f"--set takes NAME=VALUE, not {assignment!r}: {_listed(name)}")
        if key not in known:
            raise click.UsageError(f"{name} can set {', '.join(known)}, not {key!r}: {_listed(name)}")
        try:
            options[key] = known[key].read(value)
        except ValueError as error:
            raise click.UsageError(f"{error}: {_listed(name)}") from error
    return options


def _listed(name: str) -> str:
    return f"`studykit demo show {name}` lists what can be set"


def _computed(chosen: Runnable, seed: int, options: dict[str, Any]) -> Numbers:
    """The numbers of a run; what a demo says against the reader's text is an error of usage."""
    try:
        return chosen.run(seed, **options)
    except ValueError as error:
        if "text" not in options:
            raise
        raise click.UsageError(f"--text: {error}") from error


def _made(chosen: Runnable, numbers: Numbers) -> dict[str, Any]:
    return {"numbers": numbers, "lines": chosen.lines(numbers), "problem": problem_of(chosen, numbers)}


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
    broken = problem_of(chosen, chosen.run(seed))
    if broken:
        return f"seed {seed}: {broken}"
    if problem_of(chosen, chosen.control(seed)):
        return None
    return f"seed {seed}: the claim holds without its mechanism too"
