"""The readings of one run: each is kept as soon as it is made, and taken when it is wanted.

One line of JSON for each report in a file that goes with the run, so that memory stays flat:
only where each line begins is held. Beside it `kept` remembers them for later runs, also for
one that goes on where this was interrupted.
"""

from __future__ import annotations

import platform
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter, ValidationError

from detente.reading.found import Reading
from detente.reading.run.kept import Kept
from detente.record.models import Party
from detente.record.record import Report


@lru_cache(maxsize=1)
def _line() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


class Journal:
    """The readings of a case's reports, so far.

    reader : the fingerprint of what reads; with the report's text, its front matter and the
             line it begins on, which doubts name, it makes the key
    kept   : where they are looked for and kept for later runs; None to do neither
    anew   : look for none, but keep what is read

    A context: leaving it closes the files.
    """

    def __init__(self, reader: str, kept: Kept | None = None, *, anew: bool = False) -> None:
        self._reader = reader
        self._kept = kept
        self._anew = anew
        self._places: dict[str, int] = {}  # by key: where the line begins
        self._given_up: set[str] = set()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._kept is not None:
            self._kept.__exit__()

    def __contains__(self, report: Report) -> bool:
        """Whether the report has been read as it stands now, in this run or an earlier one."""
        key = self._key(report)
        if key in self._places:
            return True
        line = self._kept.get(key) if self._kept is not None and not self._anew else None
        if line is None:
            return False
        with suppress(ValidationError):
            _line().validate_json(line)
            self._put(key, line)
            return True
        return False

    @property
    def keeps(self) -> bool:
        """Whether a later run will find what was read."""
        return self._kept is not None and self._kept.works and bool(self._places)

    def add(self, report: Report, reading: Reading) -> None:
        """Keep the reading of a report; a later run finds it when this returns."""
        try:
            line = _line().dump_json(replace(reading, report="", text=""))
        except ValueError as error:
            # An interruption while pydantic writes comes out as its error that says so.
            if "KeyboardInterrupt" in str(error):
                raise KeyboardInterrupt from None
            raise
        key = self._key(report)
        self._put(key, line)
        if reading.given_up:
            self._given_up.add(key)
        elif self._kept is not None:
            self._kept.add(key, line)

    def readings(self, reports: Iterable[Report]) -> Iterator[Reading]:
        """Their readings, in this order. Each of the reports must have been added."""
        for report in reports:
            self._file.seek(self._places[self._key(report)])
            made = _line().validate_json(self._file.readline())
            yield replace(made, report=report.id, text=report.text)

    def settled(self, reports: Iterable[Report], rest: str) -> int | None:
        """How many entries these reports' readings came to, where they are all on record.

        rest : all else that the record they were put on depends on, itself included
        """
        found = None
        if self._kept is not None and not self._anew:
            found = self._kept.get(self._all(reports, rest))
        return int(found) if found is not None and found.isdigit() else None

    def settle(self, reports: Iterable[Report], rest: str, count: int) -> None:
        """Remember that the readings of these reports are on record, all of them."""
        if self._kept is not None and not self._given_up:
            self._kept.add(self._all(reports, rest), b"%d" % count)

    def _all(self, reports: Iterable[Report], rest: str) -> str:
        digest = sha256(b"on record\n")
        for report in reports:
            digest.update(f"{report.id}\n{self._key(report)}\n".encode())
        digest.update(rest.encode(errors="surrogatepass"))
        return digest.hexdigest()

    def _put(self, key: str, line: bytes) -> None:
        self._places[key] = self._file.seek(0, 2)
        self._file.write(line + b"\n")

    def _key(self, report: Report) -> str:
        front = report.front.model_dump_json()
        told = f"{self._reader}\n{front}\n{report.line}\n{report.text}"
        return sha256(told.encode(errors="surrogatepass")).hexdigest()


def reader(*, case_parties: Iterable[Party], pipeline: str) -> str:
    """A fingerprint of all that what is found depends on, besides the report."""
    from detente import reading, record

    digest = sha256(platform.python_version().encode())
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
