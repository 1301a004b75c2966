"""What the benchmark compares with: a plain search over orders, and two models for CP-SAT."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from detente.solve.exchange import from_plain, safest

FILE = Path(__file__).resolve().parent.parent.parent / "benchmarks" / "exchange.py"


@pytest.fixture(scope="module")
def benchmark() -> ModuleType:
    spec = importlib.util.spec_from_file_location("exchange_benchmark", FILE)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


KINDS = ["random", "tight", "split", "ties", "close"]  # the rivals know nothing of recovery


@pytest.mark.parametrize("kind", KINDS)
def test_all_agree_on_what_is_measured(benchmark: ModuleType, kind: str) -> None:
    assert set(KINDS) == set(benchmark.KINDS) - {"recover"}
    for parties in benchmark.PARTIES:
        for seed in range(2):
            plain = benchmark.model(7, parties, kind, seed)
            value = safest(from_plain(plain)).value
            assert benchmark.plain_search(plain) == value
            for form in ("sets", "places"):
                found = benchmark.cp_sat(plain, form=form, workers=1, seconds=60)
                assert found == [value, value, True]


def test_what_is_measured_is_an_exchange(benchmark: ModuleType) -> None:
    for kind in benchmark.KINDS:
        for parties in benchmark.PARTIES:
            assert len(from_plain(benchmark.model(60, parties, kind, 0)).deliverables) == 60
