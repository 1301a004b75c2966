"""What all tests share."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent

# How many examples hypothesis tries where a test does not say it itself. `make test-all` asks
# for the second.
settings.register_profile("quick", max_examples=50, deadline=None)
settings.register_profile("thorough", max_examples=500, deadline=None)
settings.load_profile("quick")


@pytest.fixture
def few_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    """Shares from forty draws: where a test is about what is said, and of what form it is."""
    for name in ("DEAL", "CONFLICT", "STEPS", "MIDDLE"):
        monkeypatch.setattr(f"detente.judgment.outlook.{name}_SAMPLES", 40)


@pytest.fixture(autouse=True, scope="session")
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Generator[None]:
    """Readings are kept in a folder of the tests' own."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("DETENTE_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With DETENTE_REQUIRE_BROWSER set, a test marked `browser` may not be skipped."""
    report = yield
    required = os.environ.get("DETENTE_REQUIRE_BROWSER") and item.get_closest_marker("browser")
    if required and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"a browser is required here, but {item.name} was skipped: {call.excinfo}"
    return report
