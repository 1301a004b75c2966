"""What has been read so far, kept on disk: a reading that was interrupted goes on from there.

One line of JSON for each report, added as soon as it is read. It also keeps memory flat: only
where each line begins is held, and readings are taken from the file when they are wanted.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from pydantic import TypeAdapter, ValidationError

from detente.reading.found import Reading
from detente.record.models import Party
from detente.record.record import Report

if TYPE_CHECKING:
    from filelock import FileLock

FILE = ".detente.reading.jsonl"
LOCK = ".detente.reading.lock"


@dataclass(frozen=True)
class _Line:
    """One reading; of: the fingerprint of the report it was made from."""

    of: str
    reading: Reading


@lru_cache(maxsize=1)
def _line() -> TypeAdapter[_Line]:
    return TypeAdapter(_Line)


class Journal:
    """The readings of a case's reports, so far.

    folder : the case; None to keep them for this run only. They are also kept for this run
             only where the folder can't be written or another process is reading the case.
    reader : the fingerprint of what reads; readings that another made are dropped

    A context: leaving it closes the file and leaves it there, unless `forget` was called.
    """

    def __init__(self, folder: Path | None, reader: str) -> None:
        self._path: Path | None = None
        self._lock: FileLock | None = None
        self._places: dict[str, tuple[str, int]] = {}  # by report: its fingerprint, the line
        self._file = self._opened(folder)
        self._take_up(reader)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._lock is not None:
            self._lock.release()

    def __contains__(self, report: Report) -> bool:
        """Whether the report has been read as it stands now."""
        known = self._places.get(report.id)
        return known is not None and known[0] == _fingerprint(report)

    def add(self, report: Report, reading: Reading) -> None:
        """Keep the reading of a report; it is on disk when this returns."""
        of = _fingerprint(report)
        at = self._file.seek(0, 2)
        try:
            line = _line().dump_json(_Line(of, replace(reading, text="")))
        except ValueError as error:
            # An interruption while pydantic writes comes out as its error that says so.
            if "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from None
            raise
        self._file.write(line + b"\n")
        self._file.flush()
        self._places[report.id] = of, at

    def readings(self, reports: Iterable[Report]) -> Iterator[Reading]:
        """Their readings, in this order. Each of the reports must have been added."""
        for report in reports:
            self._file.seek(self._places[report.id][1])
            made = _line().validate_json(self._file.readline()).reading
            yield replace(made, text=report.text)

    def forget(self) -> None:
        """Remove the file: what was read has gone where it belongs."""
        self._file.close()
        if self._path is not None:
            self._path.unlink(missing_ok=True)
            with suppress(OSError):
                self._path.with_name(LOCK).unlink(missing_ok=True)

    # --- the file -----------------------------------------------------------------------

    def _opened(self, folder: Path | None) -> IO[bytes]:
        from filelock import FileLock, Timeout

        if folder is not None:
            with suppress(OSError, Timeout, NotImplementedError):
                lock = FileLock(folder / LOCK)
                lock.acquire(blocking=False)
                self._lock = lock
                file = (folder / FILE).open("a+b")
                self._path = folder / FILE
                return file
        return tempfile.TemporaryFile()

    def _take_up(self, reader: str) -> None:
        """Find the lines that are there; drop what another reader, or a crash, left."""
        self._file.seek(0)
        whole = 0
        header = json.dumps({"reader": reader}).encode() + b"\n"
        if self._file.readline() == header:
            whole = len(header)
            while line := self._file.readline():
                try:
                    made = _line().validate_json(line)
                except ValidationError:
                    break  # half a line is where a crash came
                self._places[made.reading.report] = made.of, whole
                whole += len(line)
                if not line.endswith(b"\n"):
                    whole -= len(line)
                    del self._places[made.reading.report]
                    break
        self._file.truncate(whole)
        if not whole:
            self._file.seek(0)
            self._file.write(header)
            self._file.flush()


def left(folder: Path) -> bool:
    """Whether an interrupted reading of the case has left something to go on from."""
    try:
        with (folder / FILE).open("rb") as file:
            return bool(file.readline() and file.readline().endswith(b"\n"))
    except OSError:
        return False


def _fingerprint(report: Report) -> str:
    return sha256(f"{report.front.date}\n{report.text}".encode()).hexdigest()


def reader(*, case_parties: Iterable[Party], pipeline: str) -> str:
    """A fingerprint of all that what is found depends on, besides the report."""
    from detente import reading, record

    digest = sha256()
    for room in (record, reading):
        for folder in room.__path__:
            for path in sorted(Path(folder).rglob("*")):
                if path.suffix in (".py", ".tsv", ".csv"):
                    digest.update(path.read_bytes())
    for package in ("spacy", "thinc", "numpy", "countryinfo", "pycountry", pipeline):
        digest.update(_version(package).encode())
    digest.update(pipeline.encode())
    for party in case_parties:
        digest.update(party.model_dump_json().encode())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except (metadata.PackageNotFoundError, ValueError):
        return ""
