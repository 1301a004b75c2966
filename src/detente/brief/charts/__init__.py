"""Six pictures of the brief, as SVG text drawn by matplotlib when the page is made.

`wants` (which way each party would move an issue), `frontier` (packages and solutions),
`outcomes` (stable outcomes and the moves between them), `staircase` (how exposed each party
is after each step), `gains` (what knowing a number would settle) and `balance` (give and
take of a pair). Several stand on one page, inline: every id begins with the picture's `key`,
nothing is loaded, nothing runs, the same input gives the same bytes.

Sizes are in the drawing's own units, a CSS pixel at full width, y downwards. Nothing is told
by colour alone: kinds differ in shape, line, hatch or filling, and are named where they stand.

No module here is called like a picture: it would hide the function of that name.
"""

from detente.brief.charts.exposure import Stair, staircase
from detente.brief.charts.give_and_take import Stroke, balance
from detente.brief.charts.knowing import Gain, gains
from detente.brief.charts.packages import Point, frontier
from detente.brief.charts.stable import Arrow, Node, outcomes
from detente.brief.charts.wishes import Want, wants

__all__ = [
    "Arrow", "Gain", "Node", "Point", "Stair", "Stroke", "Want",
    "balance", "frontier", "gains", "outcomes", "staircase", "wants",
]  # fmt: skip
