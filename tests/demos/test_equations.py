"""Formulas: what was recorded is what the demo says, and an element that a page can take in."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from studykit.demos import NAMES, load
from studykit.demos.equations import FOLDER, equation_of, mathml, record_equation, tex_of


@pytest.mark.parametrize("name", NAMES)
def test_the_recorded_formula_is_the_demos(name: str) -> None:
    tex, element = load(name).demo.equation, equation_of(name)
    assert tex_of(element) == tex, f"python -m studykit.demos.record {name} records it anew"
    assert tex or not load(name).demo.letters
    if tex:
        root = ET.fromstring(element)
        assert (root.tag, root.get("display")) == ("math", "block")
        assert "\\" not in "".join(root.find("semantics/mrow").itertext())  # type: ignore[union-attr]


def test_a_third_of_the_demos_teach_one_and_no_other_is_recorded() -> None:
    found = {name for name in NAMES if load(name).demo.equation}
    assert len(found) >= 20
    assert {path.stem for path in FOLDER.glob("*")} == found


def test_an_unchanged_formula_needs_no_converter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("studykit.demos.equations.mathml", pytest.fail)
    record_equation(load("grpo").demo)


def test_tex_becomes_mathml_that_carries_it_along() -> None:
    pytest.importorskip("latex2mathml")
    element = mathml(r"a < \frac{b}{c}")
    assert "<mfrac>" in element
    assert tex_of(element) == r"a < \frac{b}{c}"
    assert "xmlns" not in element
