"""A limit to the time a piece of work may take: the last resort where its shape sets none."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager


class TooLong(BaseException):
    """The work was stopped. No Exception: what is stopped must not take it for one of its own."""


@contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Stop what is done inside, with TooLong, once it has taken so many seconds.

    limit : seconds of the processor, so that a busy machine stops nothing sooner
    Python code is stopped at its next step; a call into C first has to return.
    """
    thread, begun = threading.get_ident(), time.process_time()
    over, lock = threading.Event(), threading.Lock()

    def watch() -> None:
        left = limit
        while not over.wait(max(left, 0.05)):
            left = limit - (time.process_time() - begun)
            if left <= 0:
                with lock:
                    if not over.is_set():
                        _send(thread, ctypes.py_object(TooLong))
                return

    watcher = threading.Thread(target=watch, name="detente-limit", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        with lock:
            over.set()
            _send(thread, None)  # what has been sent and not arrived yet would come too late
        watcher.join()


def _send(thread: int, exception: ctypes.py_object[type[BaseException]] | None) -> None:
    """Have an exception raised in a thread, or none of those sent to it."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception)
