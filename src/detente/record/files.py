"""Writing a case's files so that nothing is ever half written or lost to another process."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from detente.errors import BadInput, Problem

LOCK = ".detente.lock"
"""The file in a case folder that a process holds while it changes the case."""


def in_case(folder: Path, name: str) -> Path:
    """The path of one of a case's files, to be read or written.

    A case may come from anybody: a link in it could have a file of the reader's own read into
    a brief, or written over. One that leads to another place in the case is followed.

    Raises BadInput where a link there leads out of the case, or there is neither a file nor
    nothing.
    """
    if (problem := unfit(folder, folder / name)) is not None:
        raise BadInput(problem)
    return folder / name


def unfit(folder: Path, path: Path) -> Problem | None:
    """Why what stands at `path` is not to be opened as a file of the case in `folder`, if so."""
    if path.is_symlink() and not _real(path).is_relative_to(_real(folder)):
        what = "a link that leads out of the case, which is not followed"
        return Problem(path, 0, what, "Put what it leads to in its place; a case is one folder.")
    if path.exists() and not (path.is_file() or path.is_dir()):
        return Problem(path, 0, "this is no file: it is a pipe, a socket or a device", "Remove it.")
    return None


def _real(path: Path) -> Path:
    """Links followed; unlike Path.resolve it bears links that run in a circle."""
    return Path(os.path.realpath(path))


def write_atomically(path: Path, text: str) -> None:
    """Replace the file's content with `text` (UTF-8, newlines as they are) in one step.

    After a crash or a full disk either the old file stands there or the new one. A link is
    followed to the file it names; an existing file keeps its permissions.

    Raises BadInput when the folder is missing, read-only or full.
    """
    target = _real(path)
    data = text.encode("utf-8")
    try:
        _replace(target, data)
    except OSError as error:
        raise BadInput(_unwritable(path, error)) from error


def _replace(target: Path, data: bytes) -> None:
    # Beside the target: only within one file system is a replacement a single step.
    beside = target.with_name(f".{target.name[:100]}.{secrets.token_hex(6)}.tmp")
    try:
        with beside.open("xb") as temporary:
            temporary.write(data)
            temporary.flush()
            with suppress(FileNotFoundError):
                beside.chmod(target.stat().st_mode & 0o7777)
            os.fsync(temporary.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a replacement last through a power cut; not every system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unwritable(path: Path, error: OSError) -> Problem:
    match error.errno:
        case errno.ENOENT | errno.ENOTDIR:
            return Problem(path, 0, "its folder does not exist", "Make the folder first.")
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Problem(
                path,
                0,
                "it can't be written: you may not change this folder",
                "Change the folder's permissions, or copy the case to a folder of your own.",
            )
        case errno.ENOSPC | errno.EDQUOT:
            return Problem(path, 0, "it can't be written: the disk is full", "Make room on it.")
        case errno.EISDIR:
            return Problem(path, 0, "a folder stands where this file should be", "Rename it.")
        case _:
            return Problem(path, 0, f"it can't be written: {error.strerror or error}")


@contextmanager
def locked(folder: Path, *, timeout: float = 10.0) -> Iterator[None]:
    """Keep other processes and threads from changing the case in `folder` meanwhile.

    Whoever comes second waits up to `timeout` seconds. The lock goes away with its holder,
    even when that crashes; the file .detente.lock itself means nothing. A thread that holds
    the lock may take it again.

    Raises BadInput when it is still held then, or the folder is missing or read-only.
    """
    from filelock import FileLock, Timeout

    file = _real(folder) / LOCK
    if not file.parent.is_dir():
        raise BadInput(Problem(folder, 0, "there is no such folder", "Check the case's name."))
    if file.is_symlink() or (file.exists() and not file.is_file()):
        raise BadInput(Problem(folder / LOCK, 0, "a link, or no file, stands there", "Remove it."))
    lock = FileLock(file, is_singleton=True)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        raise BadInput(
            Problem(
                folder / LOCK,
                0,
                f"another process is changing this case and has not finished in {timeout:g} s",
                "Nothing was written. Wait for it to finish (or close it), then try again.",
            )
        ) from None
    except NotImplementedError:
        raise BadInput(
            Problem(
                folder / LOCK,
                0,
                "this file system can't lock files, so two writers could lose each other's work",
                "Keep the case on a local disk.",
            )
        ) from None
    except OSError as error:
        raise BadInput(_unwritable(folder / LOCK, error)) from error
    try:
        yield
    finally:
        lock.release()
