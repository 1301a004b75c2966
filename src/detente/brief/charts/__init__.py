"""Six pictures of the brief, as SVG text drawn by matplotlib when the page is made.

Those of the solvers' results are `detente.charts`': `frontier`, `outcomes` and `staircase`. The
brief adds `wants` (which way each party would move an issue), `gains` (what knowing a number
would settle) and `balance` (give and take of a pair), on the same sheet and by the same rules.

No module here is called like a picture: it would hide the function of that name.
"""

from detente.brief.charts.give_and_take import Stroke, balance
from detente.brief.charts.knowing import Gain, gains
from detente.brief.charts.wishes import Want, wants
from detente.charts import Arrow, Node, Point, Stair, frontier, outcomes, staircase

__all__ = [
    "Arrow", "Gain", "Node", "Point", "Stair", "Stroke", "Want",
    "balance", "frontier", "gains", "outcomes", "staircase", "wants",
]  # fmt: skip
