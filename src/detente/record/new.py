"""A new case folder that passes its own check and explains itself."""

from __future__ import annotations

import json
import secrets
import shutil
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from detente.errors import BadInput, Problem

SCHEMAS = ".schemas"
"""Where a case keeps the schemas that its files name in their first line."""

_GITIGNORE = ".detente.lock\n.*.tmp\n"


def create(folder: Path, *, title: str | None = None) -> list[Path]:
    """Write a new case into `folder` and give the paths of its files.

    title : one line; made from the folder's name when it is None

    The case is built beside its place and moved there when it is whole, so that a crash
    leaves nothing half done. Nothing that exists is overwritten.

    Raises BadInput when `folder` is a file or holds anything, when the folder above it
    does not exist or can't be written, or the title is not a line of text.
    """
    folder = Path(folder).absolute()
    _refuse_taken(folder)
    contents = _contents(_title(folder, title))
    beside = folder.with_name(f".{folder.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        _write(beside, contents)
        _move(beside, folder)
    except OSError as error:
        do = "Choose a place where you may write, or make room."
        what = f"can't be made: {error.strerror or error}"
        raise BadInput(Problem(folder, 0, what, do)) from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return [folder / name for name in contents]


def _refuse_taken(folder: Path) -> None:
    if folder.is_symlink() and not folder.exists():
        raise BadInput(Problem(folder, 0, "a broken link stands there", "Choose another name."))
    if folder.exists() and not folder.is_dir():
        raise BadInput(Problem(folder, 0, "a file of that name exists", "Choose another name."))
    if not folder.exists() and not folder.parent.is_dir():
        what = "the folder it should go into does not exist"
        raise BadInput(Problem(folder.parent, 0, what, "Make that first, or choose another."))
    if folder.exists() and any(folder.iterdir()):
        what = "the folder exists and is not empty; nothing was written"
        raise BadInput(Problem(folder, 0, what, "Choose a new name, or an empty folder."))


def _title(folder: Path, title: str | None) -> str:
    if title is None:
        words = "".join(c if c.isprintable() else " " for c in folder.resolve().name)
        words = " ".join(words.replace("-", " ").replace("_", " ").split())
        return words[:1].upper() + words[1:] or "Untitled"
    if not title.strip() or not title.isprintable():
        raise BadInput(Problem(folder, 0, f"{title!r} can't be a title", "Give one line of text."))
    return title.strip()


def _contents(title: str) -> dict[str, str]:
    """The text of each file, by its path inside the case."""
    room = files("detente.record")
    contents = {".gitignore": _GITIGNORE}
    for schema in sorted(_files(room / "schemas")):
        contents[f"{SCHEMAS}/{schema}"] = _text(room / "schemas" / schema)
    for report in sorted(_files(room / "template" / "reports")):
        contents[f"reports/{report}"] = _text(room / "template" / "reports" / report)
    for name in ("judgments.yaml", "record.yaml", "case.yaml"):
        text = _text(room / "template" / name)
        # A JSON string is a double-quoted YAML scalar.
        contents[name] = text.replace("{{title}}", json.dumps(title, ensure_ascii=False))
    return contents


def _files(folder: Traversable) -> list[str]:
    return [each.name for each in folder.iterdir() if each.is_file()]


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")


def _write(folder: Path, contents: dict[str, str]) -> None:
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8"))


def _move(beside: Path, folder: Path) -> None:
    """Put the finished case in its place.

    An existing empty folder is kept, as somebody may stand in it: its new content comes
    in piece by piece, and case.yaml, which makes it a case, last of all.
    """
    if not folder.exists():
        beside.rename(folder)
        return
    pieces = sorted(beside.iterdir(), key=lambda path: path.name == "case.yaml")
    moved: list[Path] = []
    try:
        for piece in pieces:
            moved.append(piece.rename(folder / piece.name))
    except BaseException:
        for piece in moved:
            shutil.rmtree(piece) if piece.is_dir() else piece.unlink()
        raise
