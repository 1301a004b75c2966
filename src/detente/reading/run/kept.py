"""Readings kept from one run to the next, so that what has not changed is not read again.

They stand in the reader's own cache folder and not in the case: what a case brings along may
come from anybody, and a reading that was made up would put entries on record. A reading is
found by a hash of all it depends on and by nothing else. It can be thrown away at any time.
"""

from __future__ import annotations

import os
import sqlite3
import time
import zlib
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self, TypeVar

VARIABLE = "DETENTE_CACHE"
FILE = "readings.sqlite3"
LARGEST = 256_000_000
"""Bytes of readings that are kept; beyond, those not used for the longest time go."""

T = TypeVar("T")

_DAY = 86_400
_TABLE = "CREATE TABLE IF NOT EXISTS readings (key TEXT PRIMARY KEY, used INTEGER, reading BLOB)"


def folder() -> Path:
    """Where readings are kept: what DETENTE_CACHE names, else the user's cache folder."""
    from platformdirs import user_cache_path

    given = os.environ.get(VARIABLE)
    return Path(given) if given else user_cache_path("detente", appauthor=False)


class Kept:
    """The readings of earlier runs, by their key; a context.

    Whatever is wrong with the folder or the file, reading goes on without it: then nothing is
    found and nothing kept. Several processes may use it at once.

    largest : bytes of readings to keep at most, packed
    """

    def __init__(self, place: Path, *, largest: int = LARGEST) -> None:
        self._file = place / FILE
        self._largest = largest
        self._used: list[str] = []
        self._size = 0
        self._db: sqlite3.Connection | None = None
        for _ in range(2):  # once more where the first found no database, which has gone then
            if self._db is None and self._opened():
                self._size = self._try(_size) or 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        rows = [(_today(), key, _today()) for key in self._used]
        if rows:
            self._try(
                lambda db: _all(db, "UPDATE readings SET used=? WHERE key=? AND used<>?", rows)
            )
        self._close()

    @property
    def works(self) -> bool:
        """Whether readings are kept."""
        return self._db is not None

    def get(self, key: str) -> bytes | None:
        """What was kept under a key; None where nothing was, or it is damaged."""
        one = "SELECT reading FROM readings WHERE key=?"
        row = self._try(lambda db: db.execute(one, (key,)).fetchone())
        if row is None:
            return None
        with suppress(zlib.error, TypeError):
            found = zlib.decompress(row[0])
            self._used.append(key)
            return found
        return None

    def add(self, key: str, reading: bytes) -> None:
        """Keep a reading; other processes find it when this returns."""
        packed = zlib.compress(reading, 1)
        one = "INSERT OR REPLACE INTO readings VALUES (?, ?, ?)"
        self._try(lambda db: db.execute(one, (key, _today(), packed)))
        self._size += len(packed)
        if self._size > self._largest:
            self._size = self._try(lambda db: _make_room(db, self._largest * 3 // 4)) or 0

    def _opened(self) -> bool:
        try:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600))  # nobody else's to read
            self._db = sqlite3.connect(self._file, timeout=5, isolation_level=None)
        except (OSError, sqlite3.Error):
            return False
        return self._try(_prepared) is not None

    def _try(self, act: Callable[[sqlite3.Connection], T]) -> T | None:
        """Do something with the database; where that fails, it is done without from here on."""
        if self._db is None:
            return None
        try:
            return act(self._db)
        except sqlite3.OperationalError:  # held by another process, a full disk, read-only
            self._close()
        except sqlite3.DatabaseError:  # no database, or a damaged one
            self._close()
            with suppress(OSError):
                self._file.unlink()
        return None

    def _close(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None


def _today() -> int:
    return int(time.time() // _DAY)


def _prepared(db: sqlite3.Connection) -> sqlite3.Connection:
    db.execute("PRAGMA auto_vacuum = FULL")
    db.execute("PRAGMA synchronous = OFF")  # a power cut costs readings, never a record
    db.execute(_TABLE)
    return db


def _size(db: sqlite3.Connection) -> int:
    (size,) = db.execute("SELECT total(length(reading)) FROM readings").fetchone()
    return int(size)


def _make_room(db: sqlite3.Connection, most: int) -> int:
    """Drop what was not used for the longest time, down to `most` bytes; what is left."""
    size, drop = _size(db), []
    for key, length in db.execute("SELECT key, length(reading) FROM readings ORDER BY used, rowid"):
        if size <= most:
            break
        size -= length
        drop.append((key,))
    _all(db, "DELETE FROM readings WHERE key=?", drop)
    return size


def _all(db: sqlite3.Connection, one: str, rows: Sequence[tuple[object, ...]]) -> None:
    """A statement for each of the rows, all of them or none."""
    with db:
        db.execute("BEGIN")
        db.executemany(one, rows)
