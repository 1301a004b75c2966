"""Atomic writes and the lock on a case."""

import errno
import multiprocessing
import os
import stat
import threading
import time
from pathlib import Path

import pytest

from detente.errors import BadInput
from detente.record.files import LOCK, locked, write_atomically

SPAWN = multiprocessing.get_context("spawn")


def test_writes_and_replaces_with_the_text_unchanged(tmp_path):
    file = tmp_path / "record.yaml"
    write_atomically(file, "a\r\nb\n“é”")
    assert file.read_bytes() == "a\r\nb\n“é”".encode()
    write_atomically(file, "new")
    assert file.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["record.yaml"]


def test_permissions_stay(tmp_path):
    file = tmp_path / "record.yaml"
    file.write_text("old")
    file.chmod(0o640)
    write_atomically(file, "new")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_new_file_has_the_usual_permissions(tmp_path):
    (tmp_path / "other").write_text("")
    write_atomically(tmp_path / "record.yaml", "new")
    usual = (tmp_path / "other").stat().st_mode
    assert (tmp_path / "record.yaml").stat().st_mode == usual


def test_a_link_is_followed(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    real = tmp_path / "elsewhere" / "record.yaml"
    real.write_text("old")
    link = tmp_path / "record.yaml"
    link.symlink_to(real)
    write_atomically(link, "new")
    assert link.is_symlink()
    assert real.read_text() == "new"


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    file = tmp_path / "record.yaml"
    file.write_text("old")

    def full(handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(BadInput, match="the disk is full"):
        write_atomically(file, "new")
    assert file.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["record.yaml"]


def _write_and_die(file: Path) -> None:
    Path.replace = lambda self, target: os._exit(7)
    write_atomically(file, "new")


def test_a_crash_before_the_replacement_leaves_the_old_file(tmp_path):
    file = tmp_path / "record.yaml"
    file.write_text("old")
    process = SPAWN.Process(target=_write_and_die, args=(file,))
    process.start()
    process.join(60)
    assert process.exitcode == 7
    assert file.read_text() == "old"


def test_text_that_is_no_unicode_is_refused_before_anything_is_written(tmp_path):
    with pytest.raises(UnicodeEncodeError):
        write_atomically(tmp_path / "record.yaml", "\ud800")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.EROFS, "may not change"),
        (errno.EACCES, "may not change"),
        (errno.EIO, "Input.output error"),
    ],
)
def test_a_folder_that_cannot_be_written_is_explained(tmp_path, monkeypatch, code, said):
    def refuse(*args, **options):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", refuse)
        with pytest.raises(BadInput, match=said):
            write_atomically(tmp_path / "record.yaml", "new")


def test_a_missing_folder_is_explained(tmp_path):
    with pytest.raises(BadInput, match="folder does not exist"):
        write_atomically(tmp_path / "no" / "record.yaml", "new")
    with pytest.raises(BadInput, match="no such folder"), locked(tmp_path / "no"):
        pass


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder_is_explained(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(BadInput, match="may not change"), locked(tmp_path):
            pass
        with pytest.raises(BadInput, match="may not change"):
            write_atomically(tmp_path / "record.yaml", "new")
    finally:
        tmp_path.chmod(0o700)


def test_a_lock_that_cannot_be_made_is_explained(tmp_path, monkeypatch):
    from filelock import FileLock

    def refuse(self, *args, **options):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(FileLock, "acquire", refuse)
    with pytest.raises(BadInput, match="may not change"), locked(tmp_path):
        pass


# --- the lock ----------------------------------------------------------------------------


def _hold(folder: Path, holding, release) -> None:
    with locked(folder):
        holding.set()
        release.wait(60)


def test_the_second_process_waits_then_says_so(tmp_path):
    holding, release = SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=_hold, args=(tmp_path, holding, release))
    process.start()
    assert holding.wait(60)
    with pytest.raises(BadInput) as caught, locked(tmp_path, timeout=0.2):
        pass
    problem = caught.value.problems[0]
    assert problem.file == tmp_path / LOCK
    assert "another process" in problem.what
    assert "Nothing was written" in problem.do
    release.set()
    with locked(tmp_path, timeout=30):
        pass
    process.join(60)
    assert process.exitcode == 0


def test_a_dead_holder_holds_nothing(tmp_path):
    holding, release = SPAWN.Event(), SPAWN.Event()
    process = SPAWN.Process(target=_hold, args=(tmp_path, holding, release))
    process.start()
    assert holding.wait(60)
    process.kill()
    process.join(60)
    with locked(tmp_path, timeout=5):
        pass


def test_threads_take_turns_and_one_may_take_it_twice(tmp_path):
    inside: list[str] = []

    def work(name: str) -> None:
        with locked(tmp_path), locked(tmp_path):
            inside.append(name)
            time.sleep(0.05)
            inside.append(name)

    threads = [threading.Thread(target=work, args=(name,)) for name in "abc"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(inside) == 6
    assert all(inside[i] == inside[i + 1] for i in (0, 2, 4))


def test_the_lock_is_released_after_an_error(tmp_path):
    with pytest.raises(ZeroDivisionError), locked(tmp_path):
        raise ZeroDivisionError
    with locked(tmp_path, timeout=0.5):
        pass
