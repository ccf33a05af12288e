"""What a reader may set in a demo's run, read from what was typed: ``--set clip=0.05``."""

from __future__ import annotations

import inspect
import math
from dataclasses import dataclass

from studykit.demos.form import Knob, Runnable, Try

__all__ = ["Setting", "command", "settings", "typed"]

YES, NO, NONE = ("yes", "true", "on", "1"), ("no", "false", "off", "0"), ("none", "no")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One option of a demo's ``run``."""

    name: str
    kind: str
    """``bool``, ``int``, ``float`` or ``float | None``."""
    default: object
    help: str
    knob: Knob | None = None
    """The range; a switch has none."""

    @property
    def allowed(self) -> str:
        """What may be given, in words."""
        if self.knob is None:
            return "yes or no"
        number = "a whole number" if self.kind == "int" else "a number"
        none = ", or none" if self.kind.endswith("None") else ""
        return f"{number} from {self.knob.low:g} to {self.knob.high:g}{none}"

    @property
    def shown_default(self) -> str:
        """The default as it would be typed."""
        return typed(self.default)

    def read(self, text: str) -> bool | int | float | None:
        """The value that ``text`` stands for; raises ``ValueError``, which names what is allowed."""
        typed = text.strip().lower()
        if self.knob is None:
            if typed in (*YES, *NO):
                return typed in YES
        elif typed in NONE and self.kind.endswith("None"):
            return None
        else:
            try:
                value = int(typed) if self.kind == "int" else float(typed)
            except ValueError:
                value = math.nan
            if self.knob.low <= value <= self.knob.high:
                return value
        raise ValueError(f"{self.name} is {self.allowed}, not {text!r}")


def command(name: str, turned: Try) -> str:
    """What to type to run the demo of that name so turned."""
    return " ".join(
        [f"studykit demo run {name}", *(f"--set {key}={typed(to)}" for key, to in turned.set.items())]
    )


def typed(value: object) -> str:
    """A value as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value:g}"


def settings(demo: Runnable) -> dict[str, Setting]:
    """What may be set in this demo, by name; the reader's own text is an option by itself."""
    about = demo.demo
    knobs = {knob.name: knob for knob in about.knobs}
    found = {}
    for name, parameter in inspect.signature(demo.run).parameters.items():
        if parameter.kind != parameter.KEYWORD_ONLY or name == "text":
            continue
        knob = knobs.get(name)
        help_ = knob.help if knob else ""
        if name == about.mechanism.keyword:
            help_ = "; ".join(
                filter(None, (help_, f"{typed(about.mechanism.off)} switches off {about.mechanism.sentence}"))
            )
        found[name] = Setting(
            name=name, kind=str(parameter.annotation), default=parameter.default, help=help_, knob=knob
        )
    return found
