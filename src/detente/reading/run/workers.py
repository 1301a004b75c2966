"""Reading in several processes: each loads the pipeline once, results come in order.

Processes are spawned, which is safe wherever threads run, and talk through pipes of their
own, so that one that dies, or whose parent dies, is noticed at once.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from traceback import format_exc
from typing import Any

from detente.errors import BadInput, Problem
from detente.reading.found import Reading
from detente.record.models import Party
from detente.record.record import Report

_SAFE = "PYTHONSAFEPATH"
_AHEAD = 4  # groups for each process that may wait for one before them


@dataclass(slots=True)
class _Worker:
    """A process and our end of its pipe; group: the number of what it reads now."""

    process: BaseProcess
    pipe: Connection[Any, Any]
    group: int = -1


def read_groups(
    groups: Sequence[Sequence[Report]],
    *,
    jobs: int,
    case_parties: tuple[Party, ...] = (),
    pipeline: str | None = None,
) -> Generator[list[Reading], None, None]:
    """The readings of each group of reports, in order.

    Raises BadInput where a process does (no such pipeline) or comes to a sudden end.
    """
    workers: list[_Worker] = []
    try:
        with _deaf_to_interruption(), _own_modules():
            for _ in range(jobs):
                workers.append(_started(case_parties, pipeline))
        free, waiting = list(workers), dict[int, list[Reading]]()
        sent = given = 0
        while given < len(groups):
            while free and sent < min(len(groups), given + _AHEAD * jobs):
                worker = free.pop()
                worker.group = sent
                _send(worker, groups[sent])
                sent += 1
            busy = {worker.pipe: worker for worker in workers if worker.group >= 0}
            for pipe in wait(list(busy)):
                worker = busy[pipe]  # type: ignore[index]
                waiting[worker.group] = _received(worker)
                worker.group = -1
                free.append(worker)
            while given in waiting:
                yield waiting.pop(given)
                given += 1
    finally:
        for worker in workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in workers:
            worker.process.join()


def _started(case_parties: tuple[Party, ...], pipeline: str | None) -> _Worker:
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs, case_parties, pipeline), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours)


def _send(worker: _Worker, group: Sequence[Report]) -> None:
    try:
        worker.pipe.send(group)
    except OSError:
        raise _ended(worker) from None


def _received(worker: _Worker) -> list[Reading]:
    try:
        readings, problems, fault = worker.pipe.recv()
    except (EOFError, OSError):
        raise _ended(worker) from None
    if problems:
        raise BadInput(problems)
    if fault:
        raise RuntimeError(f"reading failed in another process:\n{fault}")
    done: list[Reading] = readings
    return done


def _ended(worker: _Worker) -> BadInput:
    worker.process.join(5)
    code = worker.process.exitcode
    return BadInput(
        Problem(
            Path("--jobs"),
            0,
            f"a process that was reading came to a sudden end (exit code {code})",
            "It may have run out of memory. Try again with fewer --jobs.",
        )
    )


@contextmanager
def _deaf_to_interruption() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal; it is the parent's to deal with.

    What a process ignores when it starts another, that one ignores from its first moment.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def _own_modules() -> Iterator[None]:
    """A new process looks for modules where this one does.

    By itself Python would begin with the current folder, and that may be a case of somebody
    else's which holds a multiprocessing.py.
    """
    before = os.environ.get(_SAFE)
    os.environ[_SAFE] = "1"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_SAFE]
        else:
            os.environ[_SAFE] = before


def _work(
    pipe: Connection[Any, Any], case_parties: tuple[Party, ...], pipeline: str | None
) -> None:
    """What a process does: read groups of reports until there are no more."""
    from detente.reading.run.group import read_group

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):  # the parent has gone, or wants no more
        while True:
            group = pipe.recv()
            try:
                readings = read_group(group, case_parties=case_parties, pipeline=pipeline)
            except BadInput as bad:
                pipe.send((None, bad.problems, ""))
            except Exception:
                pipe.send((None, (), format_exc()))
            else:
                pipe.send((readings, (), ""))
