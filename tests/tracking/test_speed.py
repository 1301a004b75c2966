"""10,000 moves are tracked in about a second; the bound leaves room for a slow machine."""

import random
import time

from tracking_builders import move, record

from detente.record.plover import Aspect, MoveType
from detente.tracking import track

BOUND = 5.0
THINGS = "prisoner office fund embassy reward airport envoy border dam visa trade school".split()


def _moves(issues):
    drawn = random.Random(7)
    kinds, aspects = list(MoveType), [*Aspect, Aspect.ACTUAL, Aspect.ACTUAL]
    for i in range(10_000):
        by, to = drawn.sample(["usa", "taliban", "qatar", "china", "uae"], 2)
        what = (
            f"{drawn.choice(THINGS)} of the {drawn.choice(THINGS)} in place{drawn.randrange(400)}"
        )
        date = f"{drawn.randrange(2019, 2026)}-{drawn.randrange(1, 13):02d}"
        issue = drawn.choice(issues)
        yield move(
            f"m{i}",
            drawn.choice(kinds),
            by,
            to,
            what,
            date=date,
            issue=issue,
            aspect=drawn.choice(aspects),
        )


def test_ten_thousand_moves():
    for issues in ([None], ["one", "two", None]):
        made = record(*_moves(issues))
        started = time.perf_counter()
        found = track(made)
        spent = time.perf_counter() - started
        assert len(found.timeline) == 10_000
        assert spent < BOUND
