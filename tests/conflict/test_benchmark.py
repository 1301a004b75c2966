"""The matrix form that the benchmark compares with: a third, independent computation."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from conflict.models import random_model
from conflict.oracle import Oracle
from detente.solve.conflict import analyse, from_plain

FILE = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "conflict.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("conflict_benchmark", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("kind", ["cube", "mixed"])
@pytest.mark.parametrize("bits", [10])
def test_matrices_agree_on_what_is_measured(benchmark: ModuleType, bits: int, kind: str) -> None:
    found = analyse(benchmark.model(bits, kind))
    expected = found.stable_[:, found.space.feasible]
    assert np.array_equal(benchmark.matrix_form(found), expected)
    assert 0 < found.count("gmr") < found.space.count


def test_matrices_agree_on_random_models(benchmark: ModuleType) -> None:
    done = 0
    for seed in range(60):
        plain = random_model(50_000 + seed)
        if Oracle(plain).states:
            found = analyse(from_plain(plain))
            expected = found.stable_[:, found.space.feasible]
            assert np.array_equal(benchmark.matrix_form(found), expected)
            done += 1
    assert done > 40
