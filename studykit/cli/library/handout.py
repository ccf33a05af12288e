"""The options of handouts, for the commands that write them."""

from __future__ import annotations

from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast

import click

from studykit.types import CEFR_LEVELS, PAPERS, VARIANTS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studykit.export import ExportFormat, HandoutOptions
    from studykit.store import Store

__all__ = ["handout_option", "handout_options"]

F = TypeVar("F", bound="Callable[..., Any]")

_OPTIONS = {
    "variant": click.option(
        "--variant",
        type=click.Choice(VARIANTS),
        help="What to print; exercises have their answers on separate pages.  [default: study]",
    ),
    "paper": click.option("--paper", type=click.Choice(PAPERS), help="Paper size.  [default: a4]"),
    "pinyin": click.option("--pinyin", is_flag=True, help="Print pinyin above the Chinese, word by word."),
    "ipa": click.option("--ipa", is_flag=True, help="Print pronunciation in the word list."),
    "large": click.option("--large", is_flag=True, help="Use large print, 16 points."),
    "notes_margin": click.option("--notes-margin", is_flag=True, help="Leave a wide margin to write in."),
    "level": click.option(
        "--level",
        type=click.Choice(CEFR_LEVELS, case_sensitive=False),
        help="Leave out words below this level.",
    ),
    "known": click.option(
        "--known",
        type=click.Path(path_type=Path),
        multiple=True,
        metavar="FILE",
        help="Words to leave out, in addition to your list: CSV, Anki text export or .apkg. May be repeated.",
    ),
}


def handout_option(command: F) -> F:
    """Add the handout options; the command gets them as ``sheet``, to pass to ``handout_options``."""

    @wraps(command)
    def collected(**given: Any) -> Any:
        sheet = {name: value for name in _OPTIONS if (value := given.pop(name))}
        return command(sheet=sheet, **given)

    for option in reversed(_OPTIONS.values()):
        option(collected)
    return cast(F, collected)


def handout_options(sheet: dict[str, Any], formats: Iterable[ExportFormat], store: Store) -> HandoutOptions:
    """The handout options. Raises ``click.UsageError`` if set while none of ``formats`` is a handout."""
    from studykit.export import FORMATS, HandoutOptions
    from studykit.formats import read_known_words
    from studykit.lexicon import known_key
    from studykit.store import known_keys

    if not any(format.handout for format in formats):
        if sheet:
            handouts = " or ".join(format.name for format in FORMATS.values() if format.handout)
            option = next(iter(sheet)).replace("_", "-")
            raise click.UsageError(f"--{option} is only for handouts: --format {handouts}")
        return HandoutOptions()
    words = {known_key(word) for path in sheet.get("known", ()) for word in read_known_words(path)}
    return HandoutOptions(**{**sheet, "known": tuple(sorted(words | known_keys(store)))})
