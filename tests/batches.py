"""Many random cases in batches, of which `make test` runs the first."""

from __future__ import annotations

from typing import Any

import pytest


def batches(count: int) -> list[Any]:
    """Their numbers, to parametrize a test by; all but the first are marked slow."""
    return [0, *(pytest.param(n, marks=pytest.mark.slow) for n in range(1, count))]
