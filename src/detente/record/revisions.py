"""A case as a git revision has it, read without git.

A repository can name programs: its configuration, attributes and hooks tell git what to start.
A case may come from anybody, with its repository, so none of that is looked at and git is not
started. dulwich reads references and objects, nothing else; every object is compared with its
hash; of the tree only plain files are taken, and only those that a case has.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha1
from pathlib import Path
from typing import TYPE_CHECKING

from detente.errors import BadInput, Problem
from detente.record.store import CASE, REPORTS

if TYPE_CHECKING:
    from dulwich.object_store import BaseObjectStore
    from dulwich.objects import Commit, ObjectID, RawObjectID, ShaFile, Tree
    from dulwich.repo import BaseRepo

LARGEST_OBJECT = 64_000_000
"""Bytes a loose object may have unpacked; a report may have a third of that."""
_HEX = 40
"""Characters of a hash."""

_DO = (
    "Name an earlier copy's folder, or a git revision of the case: HEAD~1, a tag, a branch, "
    "the beginning of a hash."
)


class _Unusable(Exception):
    """Why a revision can't be read, in words."""


@dataclass(frozen=True, slots=True)
class _Place:
    """A repository: the folder it is of, its HEAD's folder, and that of all else."""

    root: Path
    own: Path
    common: Path


def check_out(folder: Path, revision: str, target: Path) -> None:
    """Put the files of the case in `folder`, as a git revision has them, into `target`.

    revision : a branch, a tag, a hash or its beginning, HEAD; with ~N and ^N behind it
    Raises BadInput where there is no such revision of the case.
    """
    try:
        found = dict(_files(Path(os.path.realpath(folder)), revision))
        if CASE not in found:
            raise _Unusable("the case was not there yet in that revision")
    except _Unusable as why:
        what = f"no folder and no git revision of {folder}: {why}"
        raise BadInput(Problem(Path(revision[:80]), 0, what, _DO)) from None
    (target / REPORTS).mkdir()
    for name, data in found.items():
        (target / name).write_bytes(data)


def _files(folder: Path, revision: str) -> Iterator[tuple[str, bytes]]:
    """The case's files by their path in it: YAML files, and what stands in reports/."""
    place = _place(folder)
    for each in {place.own, place.common}:
        _refuse_links(each)
    try:
        repository = _repository(place)
        case = _tree(repository, _commit(repository, revision), folder.relative_to(place.root))
        for name, sha in _plain_files(case):
            if name.endswith(".yaml"):
                yield name, _content(repository, sha)
        for name, sha in _plain_files(_inner(repository, case, REPORTS)):
            yield f"{REPORTS}/{name}", _content(repository, sha)
    except _Unusable:
        raise
    except Exception as fault:  # whatever bytes somebody has put in a repository
        said = " ".join(str(fault).split())[:100]
        raise _Unusable(f"its repository can't be read ({said or type(fault).__name__})") from None


# --- where the repository is -----------------------------------------------------------------


def _place(folder: Path) -> _Place:
    """The repository a folder lies in: its own, or one of a folder above it."""
    for root in (folder, *folder.parents):
        marker = root / ".git"
        if marker.is_symlink():
            raise _Unusable(f"{marker} is a link, which is not followed")
        if marker.is_dir():
            return _Place(root, marker, marker)
        if marker.is_file():
            return _of_worktree(root, marker)
    raise _Unusable("it lies in no git repository")


def _of_worktree(root: Path, marker: Path) -> _Place:
    """The repository that a `.git` file names, where that names the file back.

    Otherwise a case could name any repository on this machine as its own.
    """
    own = Path(os.path.realpath(root / _line(marker).removeprefix("gitdir:").strip()))
    back = own / "gitdir"
    if own.parent.name == "worktrees" and back.is_file():
        if os.path.realpath(own / _line(back)) == str(marker):
            return _Place(root, own, own.parent.parent)
    raise _Unusable(f"{marker} names a repository elsewhere that does not name it back")


def _line(file: Path) -> str:
    with file.open("rb") as opened:
        return os.fsdecode(opened.read(4096)).replace("\0", "").strip()


def _refuse_links(folder: Path) -> None:
    """References and objects are files in their own folder, not links to somewhere else."""
    waiting = [folder / name for name in ("HEAD", "packed-refs", "refs", "objects")]
    while waiting:
        here = waiting.pop()
        try:
            mode = here.lstat().st_mode
            if stat.S_ISDIR(mode):
                with os.scandir(here) as inside:
                    other = (each for each in inside if not each.is_file(follow_symlinks=False))
                    waiting += (Path(each.path) for each in other)
            elif not stat.S_ISREG(mode):
                raise _Unusable(f"{here} is no plain file")
        except FileNotFoundError:
            continue
        except OSError as error:
            raise _Unusable(f"{here} can't be read: {error.strerror}") from None


# --- what stands in it -----------------------------------------------------------------------


def _repository(place: _Place) -> BaseRepo:
    """References and objects of a repository, without its configuration.

    `dulwich.repo.Repo` would read that, and a DiskObjectStore by itself the objects of other
    repositories that `objects/info/alternates` names.
    """
    from dulwich.object_store import DiskObjectStore
    from dulwich.objects import ObjectID, RawObjectID, ShaFile, object_class, sha_to_hex
    from dulwich.refs import DiskRefsContainer
    from dulwich.repo import BaseRepo

    class Objects(DiskObjectStore):
        @property
        def alternates(self) -> list[BaseObjectStore]:
            return []

        def __getitem__(self, name: ObjectID | RawObjectID) -> ShaFile:
            kind, data = self.get_raw(name)
            known = object_class(kind)
            id = ObjectID(name) if len(name) == _HEX else sha_to_hex(RawObjectID(name))
            if known is None or _hash(known.type_name, data) != id.decode():
                raise ValueError(f"object {id.decode()} is not what its name says")
            return ShaFile.from_raw_string(kind, data, id)

    objects = Objects(place.common / "objects", loose_object_size_limit=LARGEST_OBJECT)
    return BaseRepo(objects, DiskRefsContainer(place.common, place.own))


def _hash(kind: bytes, data: bytes) -> str:
    return sha1(b"%s %d\0" % (kind, len(data)) + data, usedforsecurity=False).hexdigest()


def _commit(repository: BaseRepo, revision: str) -> Commit:
    """The commit that a revision names. Raises _Unusable where there is none."""
    from dulwich.objects import Commit, Tag
    from dulwich.objectspec import AmbiguousShortId, parse_commit, parse_object

    if "@{" in revision or ":" in revision:
        raise _Unusable("what git calls @{...} and :... is not understood here")
    try:
        # It asks the repository for its references and objects, as parse_commit does.
        apart = "~" in revision or "^" in revision
        found: ShaFile = (parse_object if apart else parse_commit)(repository, revision)  # type: ignore[arg-type]
        while isinstance(found, Tag):
            found = repository[found.object[1]]
    except AmbiguousShortId:
        raise _Unusable("several commits begin like that") from None
    except (KeyError, UnicodeEncodeError):
        raise _Unusable("there is no such revision in its repository") from None
    if not isinstance(found, Commit):
        raise _Unusable("that is no commit")
    return found


def _tree(repository: BaseRepo, commit: Commit, inside: Path) -> Tree:
    """The folder of the case, deep as it may lie in the repository."""
    from dulwich.objects import Tree

    tree = repository[commit.tree]
    for name in inside.parts:
        if isinstance(tree, Tree):
            tree = _inner(repository, tree, name)
    if not isinstance(tree, Tree):
        raise _Unusable("its files are no tree")
    return tree


def _inner(repository: BaseRepo, tree: Tree, name: str) -> Tree:
    """A folder inside a tree; an empty one where there is none of that name."""
    from dulwich.objects import Tree

    for entry in tree.iteritems():
        if entry.path == os.fsencode(name) and stat.S_ISDIR(entry.mode):
            found = repository[entry.sha]
            if isinstance(found, Tree):
                return found
    return Tree()


def _plain_files(tree: Tree) -> Iterator[tuple[str, ObjectID]]:
    """Names and hashes of the plain files of a tree: no links, no folders, no other paths."""
    for entry in tree.iteritems():
        name = os.fsdecode(entry.path)
        if stat.S_ISREG(entry.mode) and name not in ("", ".", "..") and Path(name).name == name:
            yield name, entry.sha


def _content(repository: BaseRepo, sha: ObjectID) -> bytes:
    from dulwich.objects import Blob

    found = repository[sha]
    if not isinstance(found, Blob):
        raise _Unusable(f"object {sha.decode()} is no file")
    return found.data
