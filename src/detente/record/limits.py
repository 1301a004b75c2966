"""A limit to the time a piece of work may take: the last resort where its shape sets none."""

from __future__ import annotations

import ctypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_AGAIN = 0.5  # seconds after which a work that goes on is stopped once more


class TooLong(BaseException):
    """The work was stopped. No Exception: what is stopped must not take it for one of its own."""


@contextmanager
def seconds(limit: float) -> Iterator[None]:
    """Stop what is done inside, with TooLong, once it has taken so many seconds.

    limit : seconds of the processor, so that a busy machine stops nothing sooner
    Python code is stopped at its next step; a call into C first has to return. Where nothing
    may be raised (a finaliser, a callback) it goes on, and is stopped again.
    """
    thread, begun = threading.get_ident(), time.process_time()
    ended, lock = threading.Event(), threading.Lock()
    over = False

    def watch() -> None:
        pause = limit
        while not over and not ended.wait(max(pause, 0.05)):
            pause = limit - (time.process_time() - begun)
            if pause <= 0:
                with lock:
                    if not over:
                        _send(thread, ctypes.py_object(TooLong))
                pause = _AGAIN

    def settle() -> None:
        with lock:
            _send(thread, None)  # what has been sent and not arrived yet would come too late
        ended.set()

    watcher = threading.Thread(target=watch, name="detente-limit", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over = True  # from here on nothing is sent; what was sent before may still arrive
        try:
            settle()
        except TooLong:
            settle()
        watcher.join()


def _send(thread: int, exception: ctypes.py_object[type[BaseException]] | None) -> None:
    """Have an exception raised in a thread, or none of those sent to it."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread), exception)
