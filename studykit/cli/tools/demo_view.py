"""What ``studykit demo`` prints around a demo's output, in English or Chinese."""

from __future__ import annotations

import shutil
import unicodedata
from typing import TYPE_CHECKING

import click
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studykit.demos import Numbers, Runnable

__all__ = ["WORDS", "about", "echo_run", "problem_of"]


class Words(Struct, frozen=True, kw_only=True):
    """One language's wording; ``{}`` and names in braces stand for what a run fills in."""

    claim: str
    printed: str
    cannot_show: str
    switched_off: str
    star: str
    as_it_is: str
    off: str
    holds: str
    as_set: str
    fails: str
    with_off: str
    holds_all_the_same: str
    said: str
    try_this: str
    try_next: str


WORDS = {
    "en": Words(
        claim="Claim: {}",
        printed="How to read the output: {}",
        cannot_show="What this cannot show: {}",
        switched_off="Switched off: {}",
        star="A star marks lines that differ; comments in both describe the normal run.",
        as_it_is="as it is",
        off="switched off",
        holds="Holds: {}",
        as_set="As set, {}.",
        fails="the claim fails at: {}",
        with_off="With it switched off, {}",
        holds_all_the_same="the claim holds all the same",
        said="Said in {talk}, {where}: {claim}",
        try_this="Try this:",
        try_next="Try this: {}",
    ),
    "zh": Words(
        claim="说法：{}",
        printed="怎么看输出：{}",
        cannot_show="演示不了的：{}",
        switched_off="关掉关键机制：{}",
        star="标星号的行两边不同；其中的解说都是针对原样运行写的。",
        as_it_is="原样运行",
        off="关掉关键机制",
        holds="成立：{}",
        as_set="按这样的设置，{}。",
        fails="说法不成立，错在：{}",
        with_off="关掉之后，{}",
        holds_all_the_same="说法照样成立",
        said="出自 {talk}，{where}：{claim}",
        try_this="可以试试：",
        try_next="可以试试：{}",
    ),
}


def about(chosen: Runnable, language: str) -> list[str]:
    """What a demo says about itself, as comments of a program."""
    from studykit.demos.told import told

    texts, words = told(chosen.demo, language), WORDS[language]
    lines = [texts.title, words.claim.format(texts.claim)]
    lines += [words.printed.format(texts.printed)] if texts.printed else []
    lines += [words.switched_off.format(texts.switched_off), words.cannot_show.format(texts.cannot_show)]
    return [f"# {line}" for line in lines]


def echo_run(
    chosen: Runnable,
    numbers: Numbers,
    without: Numbers | None,
    *,
    language: str,
    own_text: bool,
    turned: bool,
) -> None:
    """Output and control, whether the claim holds, who says so, and what the demo cannot show.

    Nothing is claimed of a reader's own text, and what a reader turned may fail.
    """
    from studykit.demos.told import told

    texts, words = told(chosen.demo, language), WORDS[language]
    click.echo(click.style(texts.title, bold=True) + "\n")
    if texts.printed:
        click.echo(words.printed.format(texts.printed) + "\n")
    if without is None:
        click.echo("\n".join(chosen.lines(numbers)) + "\n")
    else:
        click.echo(words.switched_off.format(texts.switched_off))
        _echo_both(chosen.lines(numbers), chosen.lines(without), words)
    if not own_text:
        _echo_verdict(chosen, numbers, texts.claim, words, turned=turned)
    if without is not None:
        broken = chosen.problem(without)
        click.echo(words.with_off.format(words.fails.format(broken) if broken else words.holds_all_the_same))
    for said in chosen.demo.said:
        where = words.said.format(talk=said.talk, where=said.where, claim=said.claim)
        click.echo(click.style(where, dim=True))
    click.echo(click.style(words.cannot_show.format(texts.cannot_show), dim=True))


def problem_of(chosen: Runnable, numbers: Numbers) -> str | None:
    """That these numbers do not bear out the claim, and which part of it, in English; or None."""
    broken = chosen.problem(numbers)
    return broken and WORDS["en"].fails.format(broken)


def _echo_verdict(chosen: Runnable, numbers: Numbers, claim: str, words: Words, *, turned: bool) -> None:
    """Whether the claim holds; that it should is an error only where the reader turned nothing."""
    broken = chosen.problem(numbers)
    if broken and not turned:
        raise click.ClickException(f"with this seed, {problem_of(chosen, numbers)}")
    click.echo(words.as_set.format(words.fails.format(broken)) if broken else words.holds.format(claim))


def _echo_both(run: Sequence[str], control: Sequence[str], words: Words) -> None:
    """Both outputs, side by side where the terminal has room, with a star at lines that differ."""
    from studykit.demos.sides import side_by_side

    rows = side_by_side(run, control)
    click.echo(f"{words.star}\n")
    width = max(map(len, run))
    if shutil.get_terminal_size().columns >= width + max(map(len, control)) + 5:
        head = words.as_it_is + " " * (width - _columns(words.as_it_is))
        click.echo(click.style(f"  {head}   {words.off}", bold=True))
        for row in rows:
            line = f"{'*' if row.differs else ' '} {row.run or '':<{width}}   {row.control or ''}"
            click.echo(click.style(line.rstrip(), bold=row.differs))
        click.echo()
        return
    for title, lines in (
        (words.as_it_is, [(row.run, row.differs) for row in rows]),
        (words.off, [(row.control, row.differs) for row in rows]),
    ):
        click.echo(click.style(f"  {title}", bold=True))
        for text, differs in lines:
            if text is not None:
                click.echo(click.style(f"{'*' if differs else ' '} {text}".rstrip(), bold=differs))
        click.echo()


def _columns(text: str) -> int:
    """How wide a terminal shows it: Chinese characters take two columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
