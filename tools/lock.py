"""Compile requirements.txt, requirements-dev.txt and requirements-simulate.txt: `make lock`.

One file serves every supported Python and system (markers say where a package is needed).
uv does the resolving; it is fetched into .venv, with pip, where it is not there yet. Only
names, versions and hashes are written, never where they came from.
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--universal --python-version=3.11 --fork-strategy=fewest --generate-hashes"
    " --no-annotate --no-header --no-emit-index-url --no-emit-find-links --quiet"
).split()
HEADER = "# Compiled from pyproject.toml for Python 3.11 and newer; change it with `make lock`.\n"


def compile_to(name: str, *options: str, also: list[str]) -> None:
    """Write one requirements file: the project's dependencies and `also`."""
    target = ROOT / name
    command = [sys.executable, "-m", "uv", "pip", "compile", *OPTIONS, *options]
    command += ["pyproject.toml", "-", "--output-file", name]
    subprocess.run(
        command, cwd=ROOT, check=True, input="\n".join(also), text=True, stdout=subprocess.DEVNULL
    )
    target.write_text(HEADER + target.read_text())


def main() -> None:
    """Compile the files, the others with the versions of the first.

    `--upgrade` takes the newest versions; without it, pins stay where they still fit.
    """
    if importlib.util.find_spec("uv") is None:
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "uv"], check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    # detente is built without isolation, and editably, for which hatchling needs editables.
    build = [*project["build-system"]["requires"], "editables>=0.5"]
    more = sys.argv[1:]
    compile_to("requirements.txt", "--no-build", *more, also=build)
    same = "-c=requirements.txt"
    compile_to("requirements-dev.txt", "--no-build", "--extra=dev", same, *more, also=build)
    # NegMAS needs a package that comes only as source.
    compile_to("requirements-simulate.txt", "--extra=simulate", same, *more, also=build)
    print("lock: wrote requirements.txt, requirements-dev.txt and requirements-simulate.txt")


if __name__ == "__main__":
    main()
