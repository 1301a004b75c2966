"""A new case passes its own check, and nothing that exists is overwritten."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.errors import BadInput
from detente.record import new
from detente.record.checks import check
from detente.record.new import create
from detente.record.store import open_record
from detente.record.yamltext import parse, plain


def test_a_new_case_passes_its_own_check(tmp_path: Path) -> None:
    written = create(tmp_path / "kabul-talks")
    assert check(tmp_path / "kabul-talks") == []
    assert all(path.is_file() for path in written)
    on_disk = {p for p in (tmp_path / "kabul-talks").rglob("*") if p.is_file()}
    assert on_disk == set(written)
    assert [p.name for p in tmp_path.iterdir()] == ["kabul-talks"]
    record = open_record(tmp_path / "kabul-talks").record
    assert record.case.title == "Kabul talks"
    assert len(record.moves) == 3 and record.reports and record.commitments


def test_its_files_name_schemas_that_are_there(tmp_path: Path) -> None:
    create(tmp_path / "a")
    for name in ("case", "record", "judgments"):
        first = (tmp_path / "a" / f"{name}.yaml").read_text(encoding="utf-8").splitlines()[0]
        schema = first.removeprefix("# yaml-language-server: $schema=")
        assert schema != first
        json.loads((tmp_path / "a" / schema).read_text(encoding="utf-8"))


def test_an_empty_folder_is_filled_and_stays_itself(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    inode = folder.stat().st_ino
    create(folder)
    assert folder.stat().st_ino == inode
    assert check(folder) == []
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


def test_in_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    create(Path())
    assert Path("case.yaml").exists()
    assert open_record(Path()).record.case.title == "Here"


def taken(folder: Path) -> str:
    with pytest.raises(BadInput) as caught:
        create(folder)
    return str(caught.value)


def test_nothing_that_exists_is_touched(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "notes.txt").write_text("mine")
    (tmp_path / "b").write_text("mine")
    (tmp_path / "c").symlink_to(tmp_path / "nowhere")
    assert "not empty; nothing was written" in taken(tmp_path / "a")
    assert "a file of that name exists" in taken(tmp_path / "b")
    assert "broken link" in taken(tmp_path / "c")
    assert "does not exist" in taken(tmp_path / "d" / "e")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b", "c", "notes.txt"]
    create(tmp_path / "f")
    assert "not empty" in taken(tmp_path / "f")


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("at", range(1, 9))
def test_a_failure_midway_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exists: bool, at: int
) -> None:
    folder = tmp_path / "a"
    if exists:
        folder.mkdir()
    writes = 0
    real = Path.write_bytes

    def full(path: Path, data: bytes) -> int:
        nonlocal writes
        writes += 1
        if writes == at:
            raise OSError(28, "No space left on device")
        return real(path, data)

    monkeypatch.setattr(Path, "write_bytes", full)
    assert "No space left" in taken(folder)
    assert [p.name for p in tmp_path.iterdir()] == (["a"] if exists else [])
    assert not exists or list(folder.iterdir()) == []


def test_an_interrupted_move_into_an_empty_folder_is_undone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    real = Path.rename

    def interrupted(path: Path, target: Path) -> Path:
        if path.name == "record.yaml":
            raise KeyboardInterrupt
        return real(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        create(folder)
    assert list(tmp_path.rglob("*")) == [folder]


@pytest.mark.parametrize("title", ["", "  ", "a\nb", "\x00", "\ud800"])
def test_titles_that_are_none(tmp_path: Path, title: str) -> None:
    with pytest.raises(BadInput, match="can't be a title"):
        create(tmp_path / "a", title=title)
    assert list(tmp_path.iterdir()) == []


@given(st.text(min_size=1).filter(lambda t: t.isprintable() and t.strip()))
def test_any_line_can_be_a_title(title: str) -> None:
    assert plain(parse(new._contents(title)["case.yaml"], Path("x")))["title"] == title


@pytest.mark.parametrize("name", ["شاهد", "a: b # c", "--", "x" * 200, "{[&*!|>'\"%@`"])
def test_any_name_can_be_a_folder(tmp_path: Path, name: str) -> None:
    create(tmp_path / name)
    assert check(tmp_path / name) == []


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_place_where_one_may_not_write(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert "can't be made" in taken(tmp_path / "a")
