"""Where things go in a picture: scales, boxes, and the room that is left for words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from detente.charts.lettering import SMALL, number, text_width

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scale:
    """Values from `low` to `high` on pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        # Halves, because the whole extent of huge numbers is no longer a number.
        share = (value / 2 - self.low / 2) / (self.high / 2 - self.low / 2)
        return self.start + share * (self.end - self.start)

    def ticks(self, most: int) -> list[float]:
        """Round values inside the scale."""
        from matplotlib.ticker import MaxNLocator

        if max(abs(self.low), abs(self.high)) > 1e100:
            return [self.low, self.high]
        values = MaxNLocator(most, steps=[1, 2, 2.5, 5, 10]).tick_values(self.low, self.high)
        return [float(value) for value in values if self.low <= value <= self.high]


def scale_over(values: Iterable[float], start: float, end: float, *, pad: float = 0.06) -> Scale:
    known = list(values)
    if not all(map(math.isfinite, known)):
        raise ValueError("a picture cannot show a value that is not a finite number")
    low, high = min(known), max(known)
    half = high / 2 - low / 2
    if half <= 1e-9 * max(abs(low), abs(high), 1e-9):
        half = max(abs(high), 1.0) / 2
        low, high = low - half, high + half
    most = 1.7e308
    return Scale(max(low - 2 * half * pad, -most), min(high + 2 * half * pad, most), start, end)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the drawing."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, gap: float = 0.0) -> bool:
        """Whether both cover a common spot, or come nearer than `gap`."""
        return (
            self.left < other.right + gap
            and other.left < self.right + gap
            and self.top < other.bottom + gap
            and other.top < self.bottom + gap
        )

    def holds(self, x: float, y: float, gap: float = 0.0) -> bool:
        """Whether a spot is inside, or nearer than `gap`."""
        return self.left - gap < x < self.right + gap and self.top - gap < y < self.bottom + gap

    def nearest(self, x: float, y: float) -> tuple[float, float]:
        """The spot in it that is nearest to (x, y)."""
        return min(max(x, self.left), self.right), min(max(y, self.top), self.bottom)


def around(x: float, y: float, reach: float) -> Box:
    return Box(x - reach, y - reach, x + reach, y + reach)


def on_line(
    x1: float, y1: float, x2: float, y2: float, step: float = 9.0
) -> list[tuple[float, float]]:
    """Spots along a line, `step` apart."""
    parts = max(1, min(400, round(math.hypot(x2 - x1, y2 - y1) / step)))
    return [(x1 + (x2 - x1) * n / parts, y1 + (y2 - y1) * n / parts) for n in range(parts + 1)]


@dataclass(slots=True)
class Room:
    """Where words can still go: in the frame, off what is taken, preferably off the spots.

    taken : boxes no words may touch
    spots : (x, y, cost) of what words had better not cover
    """

    frame: Box
    taken: list[Box] = field(default_factory=list)
    spots: list[tuple[float, float, float]] = field(default_factory=list)
    _cost_of: NDArray[np.float64] | None = None

    def avoid(self, spots: Iterable[tuple[float, float]], cost: float) -> None:
        """Make words keep off these spots."""
        self.spots.extend((x, y, cost) for x, y in spots)

    def free(self, box: Box) -> bool:
        """Whether nothing taken is touched and the frame is kept."""
        frame = self.frame
        return (
            frame.left <= box.left
            and box.right <= frame.right
            and frame.top <= box.top
            and box.bottom <= frame.bottom
            and not any(box.meets(other, 2) for other in self.taken)
        )

    def cost(self, box: Box) -> float:
        """What it would cover."""
        import numpy as np

        if self._cost_of is None or len(self._cost_of) != len(self.spots):
            self._cost_of = np.array(self.spots, dtype=float).reshape(-1, 3)
        x, y, cost = self._cost_of.T
        inside = (x > box.left - 2) & (x < box.right + 2)
        inside &= (y > box.top - 2) & (y < box.bottom + 2)
        return float(cost[inside].sum())

    def best(self, candidates: Iterable[tuple[float, Box]]) -> Box | None:
        """The free box of least cost, taken at once; None where none is free."""
        free = [(cost + self.cost(box), n, box) for n, (cost, box) in enumerate(candidates)
                if self.free(box)]  # fmt: skip
        if not free:
            return None
        box = min(free)[2]
        self.taken.append(box)
        return box

    def beside(self, x: float, y: float, width: float, height: float, gap: float) -> Box | None:
        """Room next to a mark, or further off where a line can lead to it."""
        found = []
        for ring, far in enumerate((0, 8, 18, 30, 45, 62, 82, 106, 134, 168, 210, 260)):
            for box in _ring(x, y, width, height, gap + far):
                way = on_line(x, y, *box.nearest(x, y)) if ring else []
                crossed = any(
                    other.holds(*spot) and not other.holds(x, y)
                    for spot in way
                    for other in self.taken
                )
                if not crossed:
                    found.append((far * 0.9 + (box.left + box.right < 2 * x) * 3.0, box))
        return self.best(found)


def _ring(x: float, y: float, width: float, height: float, far: float) -> Iterator[Box]:
    """Boxes of one size around a spot, `far` from it."""
    low, high = -far - height, far
    for top in (-height / 2, -height, 0.0, low * 0.7, far * 0.7):
        yield Box(x + far, y + top, x + far + width, y + top + height)
        yield Box(x - far - width, y + top, x - far, y + top + height)
    for left in (-width / 2, -width * 0.9, -width * 0.1):
        for top in (low, high):
            yield Box(x + left, y + top, x + left + width, y + top + height)


def spread(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> list[float]:
    """Middles as near to the wanted ones as can be without touching, kept in [low, high]."""
    order = sorted(range(len(wanted)), key=lambda n: wanted[n])
    at = list(wanted)
    edge = low
    for n in order:
        at[n] = max(at[n], edge + heights[n] / 2)
        edge = at[n] + heights[n] / 2
    edge = high
    for n in reversed(order):
        at[n] = min(at[n], edge - heights[n] / 2)
        edge = at[n] - heights[n] / 2
    return at


def margin(values: Iterable[float]) -> float:
    """The room to the left of a scale for the numbers on it."""
    return max([58.0, *(text_width(number(value), SMALL) + 10 for value in values)])
