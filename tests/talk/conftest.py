"""Fixtures for the pipeline's tests."""

from __future__ import annotations

import pytest

from studykit import engines
from tests.align.bags import BagEncoder


@pytest.fixture
def bags(monkeypatch: pytest.MonkeyPatch) -> BagEncoder:
    """The encoder for tests, in place of every other."""
    encoder = BagEncoder()
    monkeypatch.setattr(engines, "encoder", lambda name: encoder)
    return encoder
