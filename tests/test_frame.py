"""`make` on a fresh checkout: what tools/setup.py says when something is in the way."""

from __future__ import annotations

import importlib.util
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parent.parent
pytestmark = pytest.mark.skipif(os.name == "nt", reason="uses shell scripts and make")


@pytest.fixture
def setup() -> ModuleType:
    spec = importlib.util.spec_from_file_location("detente_setup", ROOT / "tools" / "setup.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fake_python(folder: Path, name: str, version: str, *, venv: bool = True) -> str:
    """A program that answers the probe like that Python."""
    script = folder / name
    script.write_text(f"#!/bin/sh\necho {version}\nexit {0 if venv else 1}\n")
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def test_a_python_that_is_new_enough_is_chosen(setup: ModuleType, tmp_path: Path) -> None:
    old = fake_python(tmp_path, "python3", "3 9")
    new = fake_python(tmp_path, "python3.12", "3 12")
    assert setup.choose_python([old, str(tmp_path / "not-there"), new]) == new


def test_pythons_too_old_are_named(setup: ModuleType, tmp_path: Path) -> None:
    old = [fake_python(tmp_path, "python3", "3 9"), fake_python(tmp_path, "python", "2 7")]
    with pytest.raises(setup.SetupError, match=r"3\.11 or newer.*python3 is 3\.9, python is 2\.7"):
        setup.choose_python(old)


def test_a_python_without_venv_is_told_how_to_get_it(setup: ModuleType, tmp_path: Path) -> None:
    bare = fake_python(tmp_path, "python3", "3 11", venv=False)
    with pytest.raises(setup.SetupError, match=r"apt install python3\.11-venv"):
        setup.choose_python([bare])
    whole = fake_python(tmp_path, "python3.12", "3 12")
    assert setup.choose_python([bare, whole]) == whole


def test_no_python_at_all(setup: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(setup.SetupError, match="no Python was found"):
        setup.choose_python([str(tmp_path / "python3")])


PIP_SAYS = {
    "refused": (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError("
        "Failed to establish a new connection: [Errno 111] Connection refused')': /simple/x/\n"
        "ERROR: Could not find a version that satisfies the requirement x==1 (from versions: "
        "none)\nERROR: No matching distribution found for x==1",
        "could not reach the package registry: connection refused",
    ),
    "no name": (
        "WARNING: ... NameResolutionError: Failed to resolve 'registry' ([Errno -3] Temporary "
        "failure in name resolution)\nERROR: No matching distribution found for x==1",
        "could not reach the package registry: its name could not be resolved",
    ),
    "certificate": (
        "SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]')))\n"
        "ERROR: No matching distribution found for x==1",
        "could not reach the package registry: its certificate could not be verified",
    ),
    "hash": (
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If ...",
        "other contents than its pinned hash",
    ),
    "missing": (
        "ERROR: Could not find a version that satisfies the requirement x==1 (from versions: 2)\n"
        "ERROR: No matching distribution found for x==1",
        "has no ready-made file of a pinned package",
    ),
    "disk": ("ERROR: [Errno 28] No space left on device", "the disk is full"),
    "other": ("noise\nERROR: strange things", "pip said:\n    ERROR: strange things"),
}


@pytest.mark.parametrize("said, meant", PIP_SAYS.values(), ids=PIP_SAYS)
def test_pips_failures_become_a_sentence(setup: ModuleType, said: str, meant: str) -> None:
    assert meant in setup.explain(said)


def test_pip_is_not_sent_elsewhere(setup: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_TARGET", "/somewhere")
    monkeypatch.setenv("PIP_INDEX_URL", "kept")
    env = setup.pip_environment()
    assert "PIP_TARGET" not in env
    assert env["PIP_INDEX_URL"] == "kept"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """What `make setup` needs, in a folder with an odd name."""
    folder = tmp_path / "o'dd $na\"me é (1)"
    (folder / "tools").mkdir(parents=True)
    for name in ("Makefile", "tools/setup.py", "requirements.txt", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def make(folder: Path, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments],
        cwd=folder,
        env={**os.environ, "DETENTE_PYTHON": "", "MAKEFLAGS": "", **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


@pytest.mark.slow
def test_make_without_the_registry(checkout: Path) -> None:
    done = make(
        checkout,
        "setup",
        f"PYTHON={sys.executable}",
        PIP_INDEX_URL="http://127.0.0.1:9/simple",
        PIP_CONFIG_FILE=os.devnull,
        PIP_NO_CACHE_DIR="1",
        PIP_RETRIES="0",
        PIP_FIND_LINKS="",
        PIP_EXTRA_INDEX_URL="",
    )
    assert done.returncode == 2
    assert "setup: making the virtual environment .venv" in done.stdout
    assert "setup: could not reach the package registry: connection refused." in done.stderr
    assert "Traceback" not in done.stderr
    again = make(checkout, "setup", "PYTHON=/nonexistent/python")
    assert "none was found at /nonexistent/python" in again.stderr


def test_make_leaves_a_foreign_venv_alone(checkout: Path) -> None:
    (checkout / ".venv").mkdir()
    (checkout / ".venv" / "mine").write_text("precious")
    done = make(checkout, "setup", f"PYTHON={sys.executable}")
    assert done.returncode == 2
    assert "this setup did not make" in done.stderr
    assert (checkout / ".venv" / "mine").read_text() == "precious"


def test_an_incomplete_copy_is_told_so(checkout: Path) -> None:
    (checkout / "requirements.txt").unlink()
    done = make(checkout, "setup", f"PYTHON={sys.executable}")
    assert "setup: requirements.txt is missing" in done.stderr


def test_help_names_every_target(checkout: Path) -> None:
    done = make(checkout, "help")
    for target in ("demo", "test", "test-all", "check", "docs", "lock", "clean"):
        assert f"make {target}" in done.stdout
