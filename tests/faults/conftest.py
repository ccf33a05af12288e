from __future__ import annotations

import pytest


@pytest.fixture
def times(request: pytest.FixtureRequest) -> int:
    """How many times as much to try, from ``--faults N``."""
    return int(request.config.getoption("--faults"))
