"""Inner loops that run as plain Python where little is to be done, and compiled where much is.

Loading numba takes longer than solving a small model does in plain Python; solving a large one
does not. So an inner loop is written once, and both ways run the same source:

    @kernel(lambda points, by: len(points) + len(by))
    def dominated_2(points, by): ...

The function given says about how many steps a call takes. Calls run plainly until, all in all,
they have taken BEFORE_COMPILING steps, about as long as loading numba takes; from then on they
are compiled. So nobody waits more than about twice as long as if it had been known beforehand
how much is to be done.

What is compiled is kept for the next process, beside the source or where NUMBA_CACHE_DIR says;
where nothing can be written each process compiles anew.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import Any, Literal

import numpy as np

Way = Literal["plain", "compiled"]
Steps = Callable[..., Any]

BEFORE_COMPILING = 1_000_000
"""Steps taken plainly, at about a third of a microsecond each, before anything is compiled."""

_taken = 0
_only: Way | None = None
_compiling = Lock()


class Kernel:
    """A function of arrays and numbers that runs plainly or compiled, with the same result.

    plain : the function as it is written
    steps : from its arguments, about how many steps a call takes; None for what only other
            kernels call, which runs as its caller does
    """

    def __init__(self, plain: Callable[..., Any], steps: Steps | None) -> None:
        functools.update_wrapper(self, plain)
        self.plain, self.steps = plain, steps

    def __call__(self, *arguments: Any) -> Any:
        if self.steps is None:
            return self.plain(*arguments)
        if _compiled_now(self, arguments):
            return self.compiled(*arguments)
        # Whole numbers wrap around in compiled code without a word; hashing counts on it.
        with np.errstate(over="ignore"):
            return self.plain(*arguments)

    @functools.cached_property
    def compiled(self) -> Any:
        """The same for numba: compiled at its first call, without Python's lock, and kept."""
        from numba import njit

        with _compiling:
            try:
                return njit(nogil=True, cache=True)(self.plain)
            except RuntimeError:  # there is nowhere to keep it
                return njit(nogil=True)(self.plain)

    @property
    def _numba_type_(self) -> Any:
        """What numba takes this for where a compiled kernel calls it: its compiled form."""
        return self.compiled._numba_type_


def kernel(steps: Steps) -> Callable[[Callable[..., Any]], Kernel]:
    """A kernel whose calls take about `steps(*arguments)` steps."""
    return lambda plain: Kernel(plain, steps)


def part(plain: Callable[..., Any]) -> Kernel:
    """A part of kernels, called by nothing else."""
    return Kernel(plain, None)


@contextmanager
def only(way: Way) -> Iterator[None]:
    """Every kernel runs one way, whatever its size: to compile all beforehand, or to compare."""
    global _only
    before, _only = _only, way
    try:
        yield
    finally:
        _only = before


def _compiled_now(called: Kernel, arguments: tuple[Any, ...]) -> bool:
    """Is a call to be compiled? If not, its steps are counted as taken."""
    global _taken
    if _only is not None:
        return _only == "compiled"
    if "compiled" in vars(called):  # it has been loaded
        return True
    if called.steps is not None and _taken <= BEFORE_COMPILING:
        _taken += int(called.steps(*arguments))
    return _taken > BEFORE_COMPILING
